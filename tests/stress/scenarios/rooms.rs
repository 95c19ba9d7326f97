//! What comes to whom: rooms, their names, their limits.

use crate::stage::{Stage, emit_all};
use serde_json::{Value, json};
use std::sync::Arc;
use switchboard::ids;

pub async fn an_event_comes_once_with_ones_own_rooms(stage: Arc<Stage>) {
    let node = stage.node().await;
    let rooms = stage.rooms(2).await;
    let [one, two] = [&rooms[0], &rooms[1]];
    let mut both = node.socket(&stage.ada, &["inbox", one]).await;
    let mut single = node.socket(&stage.bob, &[two]).await;
    node.emit(stage.tenant, &["inbox", one, two], 1).await;
    node.emit(stage.tenant, &[two], 2).await;
    node.emit(stage.tenant, &["inbox", one, two], 3).await;
    for n in [1, 3] {
        let event = both.next_of("event").await;
        assert_eq!((&event["data"]["n"], &event["rooms"]), (&json!(n), &json!(["inbox", one])));
    }
    for n in 1..=3 {
        let event = single.next_of("event").await;
        assert_eq!((&event["data"]["n"], &event["rooms"]), (&json!(n), &json!([two])));
    }
}

pub async fn the_own_room_is_always_in(stage: Arc<Stage>) {
    let node = stage.node().await;
    let own = format!("user:{}", stage.ada.id);
    let mut plain = node.socket(&stage.ada, &[]).await;
    let mut named = node.socket(&stage.ada, &[&own, "inbox"]).await;
    let mut bob = node.socket(&stage.bob, &["inbox"]).await;
    assert_eq!(plain.welcome["rooms"], json!([own]));
    assert_eq!(named.welcome["rooms"], json!(["inbox", own]));
    // It can't be left.
    assert_eq!(plain.leave(&own).await["type"], "left");
    node.emit(stage.tenant, &[&own], 1).await;
    node.emit(stage.tenant, &["inbox", &own], 2).await;
    assert_eq!((plain.number().await, plain.number().await), (1, 2));
    assert_eq!((named.number().await, named.number().await), (1, 2));
    assert_eq!(bob.number().await, 2);
}

pub async fn rooms_of_others_are_refused(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut client = node.socket(&stage.ada, &["inbox"]).await;
    for user in [&stage.bob, &stage.eve] {
        let room = format!("user:{}", user.id);
        assert_eq!(client.join(&room).await["code"], "forbidden");
        node.emit(stage.tenant, &[&room], -1).await;
        let denied = node.socket(&stage.ada, &[&room]).await;
        assert_eq!(denied.welcome["denied"], json!([room]));
    }
    node.emit(stage.tenant, &["inbox"], 1).await;
    assert_eq!(client.number().await, 1);
}

pub async fn what_is_not_there_is_refused(stage: Arc<Stage>) {
    let node = stage.node().await;
    let theirs = stage.conversation(stage.foreign, ids::new()).await;
    let ours = stage.conversation(stage.tenant, ids::new()).await;
    let customer = ours.replace("conversation", "customer");
    let denied: Vec<String> = vec![
        theirs.clone(),
        theirs.replace("conversation", "customer"),
        theirs.replace("conversation", "board"),
        format!("conversation:{}", ids::new()),
        ours.replace("conversation", "board"),
    ];
    let asked: Vec<&str> = denied.iter().chain([&ours, &customer]).map(String::as_str).collect();
    let mut client = node.socket(&stage.ada, &asked).await;
    assert_eq!(client.welcome["denied"], json!(denied));
    for room in &denied {
        let answer = client.join(room).await;
        // The same words for what there is not and for what is not one's own.
        assert_eq!(answer["detail"], "There is no such room, or it is not yours to read.");
        node.emit(stage.tenant, &[room], -1).await;
        node.emit(stage.foreign, &[room], -1).await;
    }
    node.emit(stage.tenant, &[&customer], 1).await;
    assert_eq!(client.number().await, 1);
}

pub async fn only_one_spelling_is_a_name(stage: Arc<Stage>) {
    let node = stage.node().await;
    let room = stage.rooms(1).await.remove(0);
    let id = room.strip_prefix("conversation:").expect("a conversation").to_owned();
    let mut client = node.socket(&stage.ada, &[]).await;
    for name in [
        format!("conversation:{}", id.to_uppercase()),
        format!("conversation:{{{id}}}"),
        format!("conversation:{}", id.replace('-', "")),
        format!("conversation:urn:uuid:{id}"),
        format!(" {room}"),
        format!("{room} "),
        "conversation:*".to_owned(),
        "*".to_owned(),
        String::new(),
        "Inbox".to_owned(),
        "inbox:*".to_owned(),
    ] {
        assert_eq!(client.join(&name).await["code"], "forbidden", "{name}");
    }
    assert_eq!(client.join(&room).await["type"], "joined");
}

/// Rooms of so many new customers.
async fn customers(stage: &Stage, count: usize) -> Vec<String> {
    let ids: Vec<_> = (0..count).map(|_| ids::new()).collect();
    let tenant = stage.tenant.id();
    let rows: Vec<String> = ids.iter().map(|id| format!("('{tenant}', '{id}', 'C')")).collect();
    stage.sql(&format!("insert into customer (tenant_id, id, name) values {}", rows.join(","))).await;
    ids.iter().map(|id| format!("customer:{id}")).collect()
}

pub async fn hello_takes_128_rooms(stage: Arc<Stage>) {
    let node = stage.node().await;
    let rooms = customers(&stage, 130).await;
    let asked: Vec<&str> = rooms.iter().map(String::as_str).collect();
    let mut client = node.socket(&stage.ada, &asked).await;
    assert_eq!(client.welcome["rooms"].as_array().map(Vec::len), Some(129), "128 and the own one");
    assert_eq!(client.welcome["denied"], json!(rooms[128..]));
    assert_eq!(client.next().await["code"], "too_many_rooms");
    let mut fits = node.socket(&stage.ada, &asked[..128]).await;
    assert_eq!(fits.welcome["denied"], json!([]));
    for room in [&rooms[128], &rooms[0]] {
        node.emit(stage.tenant, &[room], 1).await;
    }
    assert_eq!(client.next_of("event").await["rooms"], json!([rooms[0]]));
    assert_eq!(fits.next_of("event").await["rooms"], json!([rooms[0]]));
}

pub async fn join_takes_128_rooms(stage: Arc<Stage>) {
    let node = stage.node().await;
    let rooms = customers(&stage, 129).await;
    let asked: Vec<&str> = rooms.iter().map(String::as_str).collect();
    let mut client = node.socket(&stage.ada, &asked[..127]).await;
    assert_eq!(client.join(asked[127]).await["type"], "joined", "the 128th");
    assert_eq!(client.join(asked[128]).await["code"], "too_many_rooms", "the 129th");
    assert_eq!(client.join(asked[5]).await["type"], "joined", "it is in already");
    assert_eq!(client.leave(asked[5]).await["type"], "left");
    assert_eq!(client.join(asked[128]).await["type"], "joined", "one was given back");
    assert_eq!(client.join(asked[5]).await["code"], "too_many_rooms");
}

pub async fn what_is_left_is_silent(stage: Arc<Stage>) {
    let node = stage.node().await;
    let room = stage.rooms(1).await.remove(0);
    let mut client = node.socket(&stage.ada, &["inbox", &room]).await;
    let mut other = node.socket(&stage.bob, &[&room]).await;
    for n in 0..6 {
        node.emit(stage.tenant, &[&room], n).await;
        assert_eq!(client.number().await, n);
        client.leave(&room).await;
        node.emit(stage.tenant, &[&room], -1).await;
        other.signal(&room, json!(-1)).await;
        // The socket has passed it, so the next join begins above it.
        node.emit(stage.tenant, &["inbox"], n).await;
        assert_eq!(client.number().await, n);
        assert_eq!(client.join(&room).await["type"], "joined");
    }
    node.emit(stage.tenant, &["inbox"], 100).await;
    assert_eq!(client.number().await, 100);
}

pub async fn a_join_tells_where_it_begins(stage: Arc<Stage>) {
    let node = stage.node().await;
    let rooms = stage.rooms(3).await;
    let mut client = node.socket(&stage.ada, &["inbox"]).await;
    let writing = super::order::write(&stage, &node, &rooms, 240);
    let joining = async {
        let (mut joined, mut seen) = (vec![0; rooms.len()], Vec::new());
        for (index, room) in rooms.iter().enumerate() {
            for _ in 0..stage.random.below(30) {
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            }
            client.send(json!({"type": "join", "room": room, "ref": 1})).await;
            loop {
                let frame = client.next().await;
                match frame["type"].as_str() {
                    Some("joined") => {
                        joined[index] = frame["seq"].as_i64().expect("a place");
                        break;
                    }
                    Some("event") => seen.push(client.seq),
                    _ => {}
                }
            }
        }
        (client, joined, seen)
    };
    let (written, (mut client, joined, mut seen)) = tokio::join!(writing, joining);
    let last = node.emit(stage.tenant, &["inbox"], 0).await;
    while client.seq < last {
        let frame = client.next().await;
        if frame["type"] == "event" && client.seq < last {
            seen.push(client.seq);
        }
    }
    let expected: Vec<i64> =
        written.iter().filter(|(seq, room)| *seq > joined[*room]).map(|(seq, _)| *seq).collect();
    assert_eq!(seen, expected, "joined at {joined:?}");
}

pub async fn a_ref_comes_back_as_it_was(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut client = node.socket(&stage.ada, &[]).await;
    let longest = "é".repeat(32);
    for reference in [json!(null), json!(0), json!(-7), json!(1.5), json!("a\"b\\"), json!(longest)] {
        let answer = client.ask(json!({"type": "join", "room": "inbox"}), reference.clone()).await;
        assert_eq!((&answer["type"], &answer["ref"]), (&json!("joined"), &reference));
    }
    let longer = format!("{longest}x");
    for reference in [json!(longer), json!([]), json!({}), json!(true)] {
        client.send(json!({"type": "join", "room": "inbox", "ref": reference})).await;
        let answer = client.next().await;
        assert_eq!((&answer["code"], &answer["ref"]), (&json!("bad_frame"), &Value::Null));
    }
}

pub async fn leaving_a_room_one_is_not_in_is_no_error(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut client = node.socket(&stage.ada, &["inbox"]).await;
    for room in ["customer:x", "", "inbox ", "\"}", "user:*"] {
        assert_eq!(client.leave(room).await, json!({"type": "left", "room": room, "ref": 8}));
    }
    emit_all(&node.log, stage.tenant, &["inbox"], &[json!({"n": 1})]).await;
    assert_eq!(client.number().await, 1);
}
