//! No gap and no repeat: resuming, joining, and what can't be resumed.

use super::setup::{Client, Node, User, World, emit};
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;
use switchboard::clock;
use switchboard::db::Tenant;
use switchboard::log::Log;
use tokio::task::JoinSet;

/// Writers that append at the same time, until told to stop.
struct Writers {
    tasks: JoinSet<Vec<(i64, String)>>,
    stop: Arc<AtomicBool>,
}

impl Writers {
    fn start(log: &Log, tenant: Tenant, rooms: &[String], each: Duration) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let mut tasks = JoinSet::new();
        let count = Arc::new(AtomicI64::new(0));
        for writer in 0..4 {
            let (log, rooms, stop, count) =
                (log.clone(), rooms.to_vec(), Arc::clone(&stop), Arc::clone(&count));
            tasks.spawn(async move {
                let mut written = Vec::new();
                let mut turn: usize = writer;
                while !stop.load(Ordering::Relaxed) {
                    let room = &rooms[turn % rooms.len()];
                    turn += 1;
                    let n = count.fetch_add(1, Ordering::Relaxed);
                    written.push((emit(&log, tenant, &[room], json!({"n": n})).await, room.clone()));
                    tokio::time::sleep(each).await;
                }
                written
            });
        }
        Self { tasks, stop }
    }

    /// What was written, in order.
    async fn stop(mut self) -> Vec<(i64, String)> {
        self.stop.store(true, Ordering::Relaxed);
        let mut all = Vec::new();
        while let Some(written) = self.tasks.join_next().await {
            all.extend(written.expect("a writer ends well"));
        }
        all.sort_unstable();
        all
    }
}

/// Follows until `until`, noting every event.
async fn follow(client: &mut Client, until: i64, seen: &mut Vec<i64>) {
    while client.seq < until {
        let frame = client.next().await;
        if frame["type"] == "event" {
            seen.push(client.seq);
        }
    }
}

async fn resume(node: &Node, user: &User, room: &str, from: i64) -> Client {
    let mut client = node.connect(user).await.expect("connects");
    client.hello(json!({"type": "hello", "rooms": [room], "resume_from": from})).await;
    client
}

#[tokio::test(flavor = "multi_thread")]
async fn resuming_while_others_write_misses_and_repeats_nothing() {
    let world = World::new().await;
    let node = world.node().await;
    let rooms = ["inbox".to_owned(), "elsewhere".to_owned()];
    let writers = Writers::start(&node.log, world.tenant, &rooms, Duration::from_millis(1));
    let mut seen = Vec::new();
    let mut from = 0;
    let end = clock::monotonic() + Duration::from_secs(4);
    let mut rounds = 0;
    while clock::monotonic() < end {
        let mut client = resume(&node, &world.ada, "inbox", from).await;
        assert_eq!(client.welcome["resumed"], true);
        let until = client.welcome["seq"].as_i64().expect("a place") + rounds % 7;
        follow(&mut client, until, &mut seen).await;
        from = client.seq;
        rounds += 1;
        // Cut, not closed.
        drop(client);
        tokio::time::sleep(Duration::from_millis(rounds.unsigned_abs() % 60)).await;
    }
    let written = writers.stop().await;
    let last = emit(&node.log, world.tenant, &["inbox"], json!({"n": -1})).await;
    let mut client = resume(&node, &world.ada, "inbox", from).await;
    follow(&mut client, last, &mut seen).await;
    let mut expected: Vec<i64> =
        written.iter().filter(|(_, room)| room == "inbox").map(|(seq, _)| *seq).collect();
    expected.push(last);
    assert!(rounds > 10 && expected.len() > 300, "{rounds} rounds, {} events", expected.len());
    assert_eq!(seen, expected);
    node.stop().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_join_between_events_is_gapless() {
    let world = World::new().await;
    let node = world.node().await;
    let mut names = vec!["inbox".to_owned()];
    for _ in 0..4 {
        names.push(format!("conversation:{}", world.conversation(world.tenant).await.1));
    }
    let mut client = node.socket(&world.ada, &["inbox"]).await;
    let writers = Writers::start(&node.log, world.tenant, &names, Duration::from_millis(2));
    let mut seen: Vec<(i64, String)> = Vec::new();
    let mut joined: HashMap<String, i64> = HashMap::from([("inbox".to_owned(), 0)]);
    for room in names.iter().skip(1) {
        client.send(json!({"type": "join", "room": room, "ref": 1})).await;
        for _ in 0..150 {
            let frame = client.next().await;
            if frame["type"] == "event" {
                seen.push((client.seq, frame["rooms"][0].as_str().expect("a room").to_owned()));
            }
            if frame["type"] == "joined" {
                joined.insert(room.clone(), frame["seq"].as_i64().expect("a place"));
            }
        }
    }
    let written = writers.stop().await;
    let last = emit(&node.log, world.tenant, &["inbox"], json!({"n": -1})).await;
    while client.seq < last {
        let frame = client.next().await;
        if frame["type"] == "event" && client.seq < last {
            seen.push((client.seq, frame["rooms"][0].as_str().expect("a room").to_owned()));
        }
    }
    assert_eq!(joined.len(), 5);
    let expected: Vec<(i64, String)> =
        written.into_iter().filter(|(seq, room)| joined.get(room).is_some_and(|from| seq > from)).collect();
    assert_eq!(seen, expected);
    node.stop().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_resumed_starts_at_the_head() {
    let world = World::new().await;
    let node = world.node().await;
    for n in 1..=5 {
        node.emit(world.tenant, &["inbox"], json!({"n": n})).await;
    }
    let epoch = switchboard::log::epoch(&world.db).await.expect("epoch");
    for (resume_from, other, resumed) in [
        (json!(null), 0, false),
        (json!(5), 0, true),
        (json!(6), 0, false),
        (json!(3), 1, false),
        (json!(3), 0, true),
        (json!(0), 0, true),
    ] {
        let mut client = node.connect(&world.ada).await.expect("connects");
        let hello =
            json!({"type": "hello", "rooms": ["inbox"], "resume_from": resume_from, "epoch": epoch + other});
        client.hello(hello).await;
        assert_eq!(client.welcome["resumed"], resumed, "{resume_from} {other}");
        assert_eq!((&client.welcome["seq"], &client.welcome["epoch"]), (&json!(5), &json!(epoch)));
        if resumed {
            let from = resume_from.as_i64().expect("a place");
            for n in from + 1..=5 {
                assert_eq!(client.number().await, n);
            }
        }
        client.silent().await;
    }
    // The three oldest are no longer kept.
    world.sql("delete from event where seq <= 3").await;
    for (from, resumed) in [(2, false), (3, true)] {
        assert_eq!(resume(&node, &world.ada, "inbox", from).await.welcome["resumed"], resumed);
    }
    let mut live = resume(&node, &world.ada, "inbox", 5).await;
    for n in [6, 7] {
        node.emit(world.tenant, &["inbox"], json!({"n": n})).await;
        // Until it arrives the node may not have heard of it: who resumes then gets it live.
        assert_eq!(live.number().await, n);
    }
    world.sql("delete from event where seq = 6").await;
    assert_eq!(
        resume(&node, &world.ada, "inbox", 4).await.closed().await,
        4008,
        "a hole is never passed over"
    );
    assert_eq!(resume(&node, &world.ada, "inbox", 4).await.welcome["resumed"], false);
    assert_eq!(resume(&node, &world.ada, "inbox", 6).await.number().await, 7);
    world.sql("delete from event").await;
    assert_eq!(resume(&node, &world.ada, "inbox", 6).await.welcome["resumed"], false);
    assert_eq!(resume(&node, &world.ada, "inbox", 7).await.welcome["resumed"], true);
    node.stop().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_absence_is_read_in_pages_and_without_deleted_texts() {
    let world = World::new().await;
    let node = world.node().await;
    let (_, conversation) = world.conversation(world.tenant).await;
    let message = switchboard::ids::new();
    // Keeps the tail in memory, where the text still is.
    let mut live = node.socket(&world.ada, &["inbox"]).await;
    let data = json!({"message": {"id": message, "text": "secret", "attachments": []}});
    node.emit(world.tenant, &["inbox"], data).await;
    assert_eq!(live.next().await["data"]["message"]["text"], "secret");
    let delete = format!(
        "insert into message (tenant_id, id, conversation_id, channel_id, direction, kind, sent_at, deleted_at)
         select tenant_id, '{message}', id, channel_id, 'in', 'text', now(), now()
         from conversation where id = '{conversation}'"
    );
    world.sql(&delete).await;
    let mut soon = resume(&node, &world.ada, "inbox", 0).await;
    assert_eq!(soon.next().await["data"]["message"]["text"], json!(null));
    let mut write = node.log.begin(world.tenant, None::<String>).await.expect("begins");
    for n in 0..2_600 {
        write.emit("message.created", &["inbox".to_owned()], &json!({"n": n})).expect("emits");
    }
    write.commit().await.expect("commits");
    let mut client = resume(&node, &world.ada, "inbox", 0).await;
    let first = client.next().await;
    assert_eq!(first["data"]["message"]["text"], json!(null));
    for n in 0..2_600 {
        assert_eq!(client.number().await, n);
    }
    client.silent().await;
    for n in 0..2_600 {
        assert_eq!((live.number().await, soon.number().await), (n, n));
    }
    node.stop().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_come_back_at_once() {
    let world = World::new().await;
    let node = world.node().await;
    for n in 1..=50 {
        node.emit(world.tenant, &["inbox"], json!({"n": n})).await;
    }
    let mut users = Vec::new();
    for n in 0..15 {
        users.push(world.user(&format!("U{n}")).await);
    }
    let (node, users) = (Arc::new(node), Arc::new(users));
    let mut clients = JoinSet::new();
    for n in 0..300 {
        let (node, users) = (Arc::clone(&node), Arc::clone(&users));
        clients.spawn(async move {
            let mut client = resume(&node, &users[n % users.len()], "inbox", 0).await;
            for expected in 1..=50 {
                assert_eq!(client.number().await, expected);
            }
            client
        });
    }
    let mut clients = clients.join_all().await;
    assert_eq!(node.hub.sockets(), 300);
    node.emit(world.tenant, &["inbox"], json!({"n": 51})).await;
    for client in &mut clients {
        assert_eq!(client.number().await, 51);
    }
    drop(clients);
    Arc::into_inner(node).expect("the last").stop().await;
    world.end().await;
}
