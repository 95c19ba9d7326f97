//! Rooms, signals, presence, counts.

use super::setup::{World, eventually};
use futures_util::SinkExt;
use serde_json::{Value, json};
use std::time::Duration;
use switchboard::ids;
use tokio_tungstenite::tungstenite::Message;

#[tokio::test(flavor = "multi_thread")]
async fn each_socket_gets_the_events_of_its_rooms_once() {
    let world = World::new().await;
    let node = world.node().await;
    let (customer, conversation) = world.conversation(world.tenant).await;
    let (customer, conversation) = (format!("customer:{customer}"), format!("conversation:{conversation}"));
    let mut inbox = node.socket(&world.ada, &["inbox"]).await;
    let mut both = node.socket(&world.bob, &["inbox", &conversation, &customer]).await;
    let mut foreign = node.socket(&world.eve, &["inbox"]).await;
    assert_eq!(inbox.welcome["tenant_id"], json!(world.tenant.id()));
    assert_eq!(inbox.welcome["rooms"], json!(["inbox", format!("user:{}", world.ada.id)]));

    let seq = node.emit(world.tenant, &["inbox", &conversation], json!({"n": 1})).await;
    let event = inbox.next_of("event").await;
    assert_eq!((&event["seq"], &event["rooms"]), (&json!(seq), &json!(["inbox"])));
    let event = both.next_of("event").await;
    assert_eq!(event["rooms"], json!(["inbox", conversation]));
    node.emit(world.tenant, &[&conversation], json!({"n": 2})).await;
    node.emit(world.tenant, &[&format!("user:{}", world.ada.id)], json!({"n": 3})).await;
    node.emit(world.tenant, &["inbox"], json!({"n": 4})).await;
    assert_eq!((inbox.number().await, inbox.number().await), (3, 4));
    assert_eq!((both.number().await, both.number().await), (2, 4));
    foreign.silent().await;

    both.send(json!({"type": "leave", "room": "inbox", "ref": 8})).await;
    assert_eq!(both.next_of("left").await, json!({"type": "left", "room": "inbox", "ref": 8}));
    node.emit(world.tenant, &["inbox"], json!({"n": 5})).await;
    assert_eq!(inbox.number().await, 5);
    node.emit(world.tenant, &["inbox", &conversation], json!({"n": 6})).await;
    assert_eq!(both.next_of("event").await["rooms"], json!([conversation]));
    node.stop().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn much_that_is_filtered_out_moves_the_cursor() {
    let world = World::new().await;
    let node = world.node().await;
    let mut client = node.socket(&world.ada, &[]).await;
    for n in 0..300 {
        node.emit(world.tenant, &["inbox"], json!({"n": n})).await;
    }
    let beat = client.next().await;
    assert_eq!(beat["type"], "beat");
    assert!(client.seq >= 256);
    node.stop().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_read_is_denied() {
    let world = World::new().await;
    let node = world.node().await;
    let (_, theirs) = world.conversation(world.foreign).await;
    let (customer, ours) = world.conversation(world.tenant).await;
    world
        .sql(&format!(
            "insert into customer (tenant_id, id, name, merged_into) values
             ('{0}', '{1}', 'M', '{customer}')",
            world.tenant.id(),
            world.ada.id
        ))
        .await;
    let denied = [
        format!("conversation:{theirs}"),
        format!("conversation:{customer}"),
        format!("customer:{}", ids::new()),
        format!("board:{ours}"),
        format!("user:{}", world.bob.id),
        format!("conversation:{}", ours.to_string().to_uppercase()),
        "conversation:*".to_owned(),
        "*".to_owned(),
        String::new(),
        "inbox ".to_owned(),
    ];
    let allowed = ["inbox".to_owned(), format!("conversation:{ours}"), format!("customer:{}", world.ada.id)];
    let rooms: Vec<&String> = denied.iter().chain(&allowed).collect();
    let mut client = node.connect(&world.ada).await.expect("connects");
    client.hello(json!({"type": "hello", "rooms": rooms})).await;
    assert_eq!(client.welcome["denied"], json!(denied));
    let own = format!("user:{}", world.ada.id);
    assert_eq!(client.welcome["rooms"], json!([&allowed[..], std::slice::from_ref(&own)].concat()));
    for room in &denied {
        let error = client.join(room).await;
        assert_eq!((&error["type"], &error["code"]), (&json!("error"), &json!("forbidden")), "{room}");
    }
    assert_eq!(client.join(&own).await["type"], "joined");
    // The default board is there.
    let mut other = node.connect(&world.eve).await.expect("connects");
    other.hello(json!({"type": "hello", "rooms": [format!("conversation:{ours}")]})).await;
    assert_eq!(other.welcome["denied"], json!([format!("conversation:{ours}")]));
    node.stop().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_most_128_rooms() {
    let world = World::new().await;
    let node = world.node().await;
    let customers: Vec<_> = (0..129).map(|_| ids::new()).collect();
    for id in &customers {
        world
            .sql(&format!(
                "insert into customer (tenant_id, id, name) values ('{}', '{id}', 'C')",
                world.tenant.id()
            ))
            .await;
    }
    let rooms: Vec<String> = customers.iter().map(|id| format!("customer:{id}")).collect();
    let mut client = node.connect(&world.ada).await.expect("connects");
    client.hello(json!({"type": "hello", "rooms": rooms})).await;
    assert_eq!(client.welcome["rooms"].as_array().map(Vec::len), Some(129), "128 and the own one");
    assert_eq!(client.welcome["denied"], json!([rooms[128]]));
    assert_eq!(client.next().await["code"], "too_many_rooms");
    assert_eq!(client.join(&rooms[128]).await["code"], "too_many_rooms");
    assert_eq!(client.join(&rooms[0]).await["type"], "joined", "is in already");
    client.send(json!({"type": "leave", "room": rooms[0], "ref": 1})).await;
    client.next_of("left").await;
    assert_eq!(client.join(&rooms[128]).await["type"], "joined");
    node.stop().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_frames_leave_the_socket_open() {
    let world = World::new().await;
    let node = world.node().await;
    let mut client = node.connect(&world.ada).await.expect("connects");
    client.send(json!({"type": "join", "room": "inbox", "ref": 1})).await;
    assert_eq!(client.next().await["code"], "bad_frame", "hello comes first");
    client.hello(json!({"type": "hello", "rooms": ["inbox"]})).await;
    let deep = "[".repeat(50_000);
    for bad in
        ["", "{", "[]", "null", r#"{"type":"event"}"#, r#"{"type":"join"}"#, r#"{"type":"hello"}"#, &deep]
    {
        client.send_text(bad).await;
        assert_eq!(client.next().await["code"], "bad_frame", "{bad}");
    }
    client.ws.send(Message::binary(vec![1, 2])).await.expect("sends");
    assert_eq!(client.next().await["code"], "bad_frame");
    client.send_text(&format!(r#"{{"type":"join","room":"{}"}}"#, "x".repeat(65_536 - 26))).await;
    assert_eq!(client.next().await["code"], "forbidden", "a frame at the limit is read");
    node.emit(world.tenant, &["inbox"], json!({"n": 1})).await;
    assert_eq!(client.number().await, 1);
    node.stop().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signals_go_to_the_others_in_the_room() {
    let world = World::new().await;
    let node = world.node().await;
    let (_, conversation) = world.conversation(world.tenant).await;
    let room = format!("conversation:{conversation}");
    let mut ada = node.socket(&world.ada, &[&room]).await;
    let mut bob = node.socket(&world.bob, &[&room, "inbox"]).await;
    assert_eq!(ada.next().await["type"], "presence");
    let mut outside = node.socket(&world.bob, &["inbox"]).await;
    ada.send(json!({"type": "signal", "room": room, "name": "typing.started"})).await;
    let signal = bob.next().await;
    let from = json!({"user_id": world.ada.id, "name": "Ada"});
    assert_eq!(
        signal,
        json!({"type": "signal", "room": room, "name": "typing.started", "from": from, "data": null})
    );
    ada.send(json!({"type": "signal", "room": "inbox", "name": "viewing"})).await;
    assert_eq!(ada.next().await["code"], "forbidden", "not in that room");
    ada.send(json!({"type": "signal", "room": room, "name": "message.created", "data": {}})).await;
    assert_eq!(ada.next().await["code"], "bad_frame", "not for clients");
    ada.silent().await;
    bob.silent().await;
    outside.silent().await;
    node.stop().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn presence_is_per_user() {
    let world = World::new().await;
    let node = world.node().await;
    let person = |user: &super::setup::User, name: &str| json!({"user_id": user.id, "name": name});
    let (ada, bob) = (person(&world.ada, "Ada"), person(&world.bob, "Bob"));
    let mut watcher = node.socket(&world.ada, &["inbox"]).await;
    assert_eq!(watcher.welcome["presence"], json!({"inbox": [ada]}));
    let first = node.socket(&world.bob, &["inbox"]).await;
    let both: Value = first.welcome["presence"]["inbox"].clone();
    assert!(both.as_array().is_some_and(|people| people.len() == 2 && people.contains(&bob)));
    let came = json!({"type": "presence", "room": "inbox", "joined": [bob], "left": []});
    assert_eq!(watcher.next().await, came);
    let mut second = node.socket(&world.bob, &[]).await;
    assert!(second.join("inbox").await["presence"].as_array().is_some_and(|people| people.len() == 2));
    watcher.silent().await;
    drop(first);
    watcher.silent().await;
    second.send(json!({"type": "leave", "room": "inbox", "ref": 1})).await;
    let went = json!({"type": "presence", "room": "inbox", "joined": [], "left": [bob]});
    assert_eq!(watcher.next().await, went);
    node.stop().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_share_the_chain() {
    let world = World::new().await;
    let node = world.node().await;
    let mut moved = node.hub.moved();
    moved.mark_unchanged();
    let mut one = node.socket(&world.ada, &["inbox"]).await;
    let mut two = node.socket(&world.ada, &[]).await;
    let mut bob = node.socket(&world.bob, &[]).await;
    assert!(moved.has_changed().expect("lives"));
    let users = node.hub.local_users();
    assert_eq!(users.len(), 2);
    let newest = |id| users.iter().find(|user| user.user_id == id && user.seq == 0).map(|user| user.opened);
    assert!(newest(world.ada.id).is_some() && newest(world.ada.id) < newest(world.bob.id));
    assert_eq!(node.hub.sessions_of(world.tenant).len(), 2);

    // Nothing has happened in the log, or the last event was just sent: a place is made.
    let mut told = 0;
    for round in 0..3 {
        if round > 0 {
            node.emit(world.tenant, &["inbox"], json!({"n": round})).await;
            assert_eq!(one.number().await, round);
        }
        let counts = json!({"mine": 0, "unassigned": round, "all": round, "unread": 1});
        node.hub.send_counts(world.tenant, world.ada.id, &counts);
        node.hub.send_counts(world.tenant, world.ada.id, &counts);
        for client in [&mut one, &mut two] {
            let event = client.next_of("event").await;
            assert_eq!((&event["name"], &event["data"]), (&json!("inbox.counted"), &counts));
            assert_eq!(event["rooms"], json!([format!("user:{}", world.ada.id)]));
            told += 1;
        }
    }
    assert_eq!(told, 6);
    // The same counts again are not sent, and need no place.
    let seq = world.db.read(world.tenant).await.expect("reads").seq();
    node.hub.send_counts(
        world.tenant,
        world.ada.id,
        &json!({"mine": 0, "unassigned": 2, "all": 2, "unread": 1}),
    );
    tokio::time::sleep(Duration::from_millis(700)).await;
    one.silent().await;
    bob.silent().await;
    assert_eq!(world.db.read(world.tenant).await.expect("reads").seq(), seq);
    eventually("places are few", async || seq <= 5).await;
    node.stop().await;
    world.end().await;
}
