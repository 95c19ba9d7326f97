//! Coming back: what was missed follows, or it is said that it can't.

use crate::bus::Faults;
use crate::client::resume;
use crate::stage::{Stage, eventually};
use serde_json::{Value, json};
use std::sync::Arc;

pub async fn what_was_missed_follows_once(stage: Arc<Stage>) {
    let node = stage.node().await;
    let rooms = ["inbox".to_owned(), stage.rooms(1).await.remove(0)];
    let writing = super::order::write(&stage, &node, &rooms, 400);
    let coming_back = async {
        let (mut from, mut seen) = (0, Vec::new());
        for _ in 0..25 {
            let mut client = node.hello(&stage.ada, resume(&["inbox"], from)).await;
            assert_eq!(client.welcome["resumed"], true);
            let until = client.welcome["seq"].as_i64().expect("a place");
            while client.seq < until && !stage.random.percent(4) {
                let Ok(Ok(frame)) =
                    tokio::time::timeout(std::time::Duration::from_millis(200), client.try_next()).await
                else {
                    break;
                };
                if frame["type"] == "event" {
                    seen.push(client.seq);
                }
            }
            from = client.seq;
            tokio::time::sleep(std::time::Duration::from_millis(stage.random.below(20))).await;
        }
        (from, seen)
    };
    let (written, (from, mut seen)) = tokio::join!(writing, coming_back);
    let last = node.emit(stage.tenant, &["inbox"], 0).await;
    let mut client = node.hello(&stage.ada, resume(&["inbox"], from)).await;
    while client.seq < last {
        if client.next().await["type"] == "event" {
            seen.push(client.seq);
        }
    }
    let mut expected: Vec<i64> = written.iter().filter(|(_, room)| *room == 0).map(|(seq, _)| *seq).collect();
    expected.push(last);
    assert_eq!(seen, expected);
}

pub async fn beyond_retention_it_begins_anew(stage: Arc<Stage>) {
    let node = stage.node().await;
    node.emit_many(stage.tenant, &["inbox"], 1..11).await;
    stage.forget(1, 5).await;
    for (from, resumed) in [(0, false), (4, false), (5, true), (9, true)] {
        let mut client = node.hello(&stage.ada, resume(&["inbox"], from)).await;
        assert_eq!(client.welcome["resumed"], resumed, "from {from}");
        let next = node.emit(stage.tenant, &["inbox"], 99).await;
        let numbers = client.follow(next).await;
        let first = if resumed { from + 1 } else { next };
        assert_eq!(
            numbers.len(),
            usize::try_from(next - first + 1).expect("small"),
            "from {from}: {numbers:?}"
        );
    }
}

pub async fn ahead_of_the_log_it_begins_anew(stage: Arc<Stage>) {
    let node = stage.node().await;
    node.emit_many(stage.tenant, &["inbox"], 1..6).await;
    for (from, resumed) in [(5, true), (6, false), (i64::MAX, false)] {
        let client = node.hello(&stage.ada, resume(&["inbox"], from)).await;
        assert_eq!(
            (&client.welcome["resumed"], &client.welcome["seq"]),
            (&json!(resumed), &json!(5)),
            "{from}"
        );
    }
    let mut lost = node.hello(&stage.ada, resume(&["inbox"], 1_000)).await;
    node.emit(stage.tenant, &["inbox"], 6).await;
    assert_eq!(lost.number().await, 6, "it is live from where the log stands");
}

pub async fn in_another_life_it_begins_anew(stage: Arc<Stage>) {
    let node = stage.node().await;
    node.emit_many(stage.tenant, &["inbox"], 1..6).await;
    let epoch = switchboard::log::epoch(&stage.db).await.expect("epoch");
    for (told, resumed) in [(json!(epoch), true), (json!(epoch + 1), false), (Value::Null, true)] {
        let hello = json!({"type": "hello", "rooms": ["inbox"], "resume_from": 3, "epoch": told});
        let client = node.hello(&stage.ada, hello).await;
        assert_eq!((&client.welcome["resumed"], &client.welcome["epoch"]), (&json!(resumed), &json!(epoch)));
    }
}

pub async fn the_other_node_goes_on(stage: Arc<Stage>) {
    let (bus, nodes) = stage.nodes::<2>().await;
    bus.set(Faults { lose: 50, delay: 20, ..Faults::default() });
    let mut client = nodes[0].socket(&stage.ada, &["inbox"]).await;
    let mut seen = Vec::new();
    for round in 0..20 {
        let node = &nodes[stage.random.index(2)];
        let last = node.emit_many(stage.tenant, &["inbox"], round * 10..round * 10 + 10).await;
        if stage.random.percent(50) {
            seen.extend(client.follow(last - 4).await);
        }
        let from = client.seq;
        drop(client);
        client = nodes[stage.random.index(2)].hello(&stage.ada, resume(&["inbox"], from)).await;
        assert_eq!(client.welcome["resumed"], true);
    }
    let last = nodes[0].emit(stage.tenant, &["inbox"], 200).await;
    seen.extend(client.follow(last).await);
    assert_eq!(seen, (0..=200).collect::<Vec<_>>());
}

pub async fn what_was_deleted_since_has_no_text(stage: Arc<Stage>) {
    let node = stage.node().await;
    let room = stage.rooms(1).await.remove(0);
    let (conversation, message) = (room.replace("conversation:", ""), switchboard::ids::new());
    // Keeps the tail in memory, where the text still is.
    let mut live = node.socket(&stage.ada, &["inbox"]).await;
    let data = json!({"n": 1, "message": {"id": message, "text": "secret", "attachments": []}});
    node.emit_data(stage.tenant, &["inbox"], data).await;
    assert_eq!(live.next_of("event").await["data"]["message"]["text"], "secret");
    stage
        .sql(&format!(
            "insert into message (tenant_id, id, conversation_id, channel_id, direction, kind, sent_at, deleted_at)
             select tenant_id, '{message}', id, channel_id, 'in', 'text', now(), now()
             from conversation where id = '{conversation}'"
        ))
        .await;
    for _ in 0..3 {
        let mut client = node.hello(&stage.ada, resume(&["inbox"], 0)).await;
        assert_eq!(client.next_of("event").await["data"]["message"]["text"], Value::Null);
    }
}

pub async fn the_first_socket_of_a_node_misses_nothing(stage: Arc<Stage>) {
    let (bus, [writer]) = stage.nodes::<1>().await;
    writer.emit_many(stage.tenant, &["inbox"], 0..10).await;
    for round in 0..6 {
        // A node that has never heard of the tenant.
        let (broker, notices) = bus.connect();
        let node = stage.node_on(broker, notices).await;
        let from = 10 + round * 20;
        let writing = async {
            let mut last = 0;
            for n in from..from + 20 {
                last = writer.emit(stage.tenant, &["inbox"], n).await;
            }
            last
        };
        let (last, mut client) = tokio::join!(writing, node.hello(&stage.ada, resume(&["inbox"], from)));
        assert_eq!(client.follow(last).await, (from..from + 20).collect::<Vec<_>>());
    }
}

pub async fn a_hole_in_the_log_is_never_passed_over(stage: Arc<Stage>) {
    let node = stage.node().await;
    node.emit_many(stage.tenant, &["inbox"], 1..21).await;
    stage.forget(8, 12).await;
    let mut client = node.hello(&stage.ada, resume(&["inbox"], 3)).await;
    assert_eq!(client.closed().await, 4008);
    assert!(client.seq <= 7, "nothing from behind the hole");
    // Now it is known: nobody is promised what can't be kept.
    eventually("a new beginning", async || {
        node.hello(&stage.ada, resume(&["inbox"], 3)).await.welcome["resumed"] == false
    })
    .await;
    let mut client = node.hello(&stage.ada, resume(&["inbox"], 12)).await;
    assert_eq!(client.follow(20).await, (13..21).collect::<Vec<_>>());
}
