//! Every event of one's rooms, once, in order, with an unbroken chain, whatever the bus does.

use crate::bus::Faults;
use crate::stage::{Node, Stage};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use switchboard::log::Log;
use tokio::task::JoinSet;

/// So many events in random rooms, by four writers at the same time: places and rooms' indices, in order.
pub async fn write(stage: &Stage, node: &Node, rooms: &[String], count: usize) -> Vec<(i64, usize)> {
    write_by(stage, &[&node.log], rooms, count).await
}

/// The same, by the logs of several nodes.
pub async fn write_by(stage: &Stage, logs: &[&Log], rooms: &[String], count: usize) -> Vec<(i64, usize)> {
    let mut writers = JoinSet::new();
    for writer in 0..4 {
        let (log, tenant) = (logs[writer % logs.len()].clone(), stage.tenant);
        let plan: Vec<usize> = (0..count / 4).map(|_| stage.random.index(rooms.len())).collect();
        let (rooms, pause) = (rooms.to_vec(), Duration::from_millis(stage.random.below(4)));
        writers.spawn(async move {
            let mut written = Vec::new();
            for room in plan {
                let data = [json!({"n": room})];
                written.push((crate::stage::emit_all(&log, tenant, &[&rooms[room]], &data).await, room));
                tokio::time::sleep(pause).await;
            }
            written
        });
    }
    let mut all: Vec<_> = writers.join_all().await.into_iter().flatten().collect();
    all.sort_unstable();
    all
}

pub async fn filters_leave_no_gap(stage: Arc<Stage>) {
    let (_bus, [one, two]) = stage.nodes::<2>().await;
    let rooms = stage.rooms(6).await;
    let mut sockets = Vec::new();
    for n in 0..10 {
        let wanted: Vec<usize> = (0..rooms.len()).filter(|_| stage.random.percent(40)).collect();
        let mut names: Vec<&str> = wanted.iter().map(|room| rooms[*room].as_str()).collect();
        names.push("inbox");
        let node = if n % 2 == 0 { &one } else { &two };
        let user = if n < 5 { &stage.ada } else { &stage.bob };
        sockets.push((node.socket(user, &names).await, wanted));
    }
    let written = write_by(&stage, &[&one.log, &two.log], &rooms, 320).await;
    let last = one.emit(stage.tenant, &["inbox"], -1).await;
    for (client, wanted) in &mut sockets {
        let mut expected: Vec<i64> = Vec::new();
        let theirs = written.iter().filter(|(_, room)| wanted.contains(room));
        expected.extend(theirs.map(|(_, room)| i64::try_from(*room).expect("small")));
        expected.push(-1);
        assert_eq!(client.follow(last).await, expected);
    }
}

/// `count` numbered events from node one, heard in full by a socket on node two.
async fn heard(stage: &Stage, faults: Faults, count: i64) {
    let (bus, [one, two]) = stage.nodes::<2>().await;
    let mut client = two.socket(&stage.ada, &["inbox"]).await;
    bus.set(faults);
    let mut last = 0;
    for n in 0..count {
        last = one.emit(stage.tenant, &["inbox"], n).await;
    }
    assert_eq!(client.follow(last).await, (0..count).collect::<Vec<_>>());
}

pub async fn what_comes_early_waits_for_its_turn(stage: Arc<Stage>) {
    heard(&stage, Faults { delay: 60, ..Faults::default() }, 300).await;
}

pub async fn what_comes_twice_is_told_once(stage: Arc<Stage>) {
    heard(&stage, Faults { double: 70, delay: 30, ..Faults::default() }, 300).await;
}

pub async fn what_the_bus_never_brings_comes_from_the_log(stage: Arc<Stage>) {
    heard(&stage, Faults { lose: 100, ..Faults::default() }, 200).await;
}

pub async fn a_hole_is_filled_before_the_next(stage: Arc<Stage>) {
    heard(&stage, Faults { lose: 30, double: 20, delay: 30, ..Faults::default() }, 300).await;
}

pub async fn large_events_stay_off_the_bus(stage: Arc<Stage>) {
    let (bus, [one, two]) = stage.nodes::<2>().await;
    let mut client = two.socket(&stage.ada, &["inbox"]).await;
    for n in 0..6 {
        let text = "x".repeat(if n % 2 == 0 { 300 * 1024 } else { 10 });
        one.emit_data(stage.tenant, &["inbox"], json!({"n": n, "text": text})).await;
    }
    for n in 0..6 {
        assert_eq!(client.number().await, n);
    }
    let largest = bus.said().iter().map(|(_, frame)| frame.len()).max();
    assert!(largest.is_some_and(|size| size < 260 * 1024), "{largest:?}");
}

pub async fn who_fell_out_of_the_tail_misses_nothing(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut sleeper = node.socket(&stage.ada, &["inbox"]).await;
    let mut quick = node.socket(&stage.bob, &["inbox"]).await;
    let text = "x".repeat(8 * 1024);
    let mut last = 0;
    for round in 0..30_i64 {
        let data: Vec<_> = (0..50).map(|n| json!({"n": round * 50 + n, "text": text})).collect();
        last = crate::stage::emit_all(&node.log, stage.tenant, &["inbox"], &data).await;
        quick.follow(last).await;
    }
    // Twelve megabytes: the connection, the tail's 1,024 events and its 4 MiB are long full.
    assert_eq!(sleeper.follow(last).await, (0..1_500).collect::<Vec<_>>());
}

pub async fn one_great_commit_comes_whole(stage: Arc<Stage>) {
    let (_bus, [one, two]) = stage.nodes::<2>().await;
    let (mut near, mut far) =
        (one.socket(&stage.ada, &["inbox"]).await, two.socket(&stage.bob, &["inbox"]).await);
    // Between the sizes of a turn and of the tail, so that it is read from memory; and beyond.
    for count in [65, 700, 2_600] {
        let last = one.emit_many(stage.tenant, &["inbox"], 0..count).await;
        assert_eq!(near.follow(last).await, (0..count).collect::<Vec<_>>());
        assert_eq!(far.follow(last).await, (0..count).collect::<Vec<_>>());
    }
}

pub async fn counts_share_the_chain(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut client = node.socket(&stage.ada, &["inbox"]).await;
    let rooms = stage.rooms(1).await;
    let (mut events, mut counts) = (Vec::new(), Vec::new());
    for n in 0..20 {
        node.emit(stage.tenant, &[&rooms[0]], -1).await;
        node.hub.send_counts(stage.tenant, stage.ada.id, &json!({"all": n}));
        node.emit(stage.tenant, &["inbox"], n).await;
        while events.last() != Some(&n) {
            // The client checks the chain.
            let frame = client.next_of("event").await;
            match frame["name"].as_str() {
                Some("inbox.counted") => counts.push(frame["data"]["all"].as_i64().expect("a count")),
                _ => events.push(frame["data"]["n"].as_i64().expect("a number")),
            }
        }
    }
    while counts.last() != Some(&19) {
        let frame = client.next_of("event").await;
        counts.push(frame["data"]["all"].as_i64().expect("a count"));
    }
    assert_eq!(events, (0..20).collect::<Vec<_>>());
    assert!(counts.is_sorted_by(|a, b| a < b), "{counts:?}");
}
