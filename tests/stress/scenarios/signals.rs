//! What people tell each other without it being stored.

use crate::stage::Stage;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

pub async fn a_signal_reaches_the_others_once(stage: Arc<Stage>) {
    let node = stage.node().await;
    let room = stage.rooms(1).await.remove(0);
    let mut ada = node.socket(&stage.ada, &[&room]).await;
    let mut hers = node.socket(&stage.ada, &[&room]).await;
    let mut bob = node.socket(&stage.bob, &[&room, "inbox"]).await;
    let mut outside = node.socket(&stage.bob, &["inbox"]).await;
    for n in 0..10 {
        ada.signal(&room, json!(n)).await;
    }
    let from = json!({"user_id": stage.ada.id, "name": "Ada"});
    for client in [&mut hers, &mut bob] {
        for n in 0..10 {
            let signal = client.next_of("signal").await;
            assert_eq!((&signal["data"], &signal["from"], &signal["room"]), (&json!(n), &from, &json!(room)));
        }
    }
    // What comes after shows that nothing else came before.
    bob.signal(&room, json!("end")).await;
    assert_eq!(ada.next_of("signal").await["data"], "end", "nobody hears oneself");
    assert_eq!(hers.next_of("signal").await["data"], "end");
    ada.join("inbox").await;
    ada.signal("inbox", json!("outside")).await;
    assert_eq!(outside.next_of("signal").await["data"], "outside");
}

pub async fn a_signal_crosses_the_bus(stage: Arc<Stage>) {
    let (_bus, [one, two, three]) = stage.nodes::<3>().await;
    let mut ada = one.socket(&stage.ada, &["inbox"]).await;
    let mut far = [two.socket(&stage.bob, &["inbox"]).await, three.socket(&stage.bob, &["inbox"]).await];
    for n in 0..15 {
        ada.signal("inbox", json!({ "n": n })).await;
    }
    for client in &mut far {
        for n in 0..15 {
            assert_eq!(client.next_of("signal").await["data"]["n"], n);
        }
    }
}

pub async fn signals_need_membership(stage: Arc<Stage>) {
    let node = stage.node().await;
    let room = stage.rooms(1).await.remove(0);
    let mut ada = node.socket(&stage.ada, &["inbox"]).await;
    let mut bob = node.socket(&stage.bob, &[&room]).await;
    for name in [room.as_str(), "", "*", "user:x"] {
        ada.signal(name, json!(-1)).await;
        assert_eq!(ada.next_of("error").await["code"], "forbidden", "{name}");
    }
    ada.join(&room).await;
    ada.leave(&room).await;
    ada.signal(&room, json!(-2)).await;
    assert_eq!(ada.next_of("error").await["code"], "forbidden", "no longer in it");
    ada.join(&room).await;
    ada.signal(&room, json!(1)).await;
    assert_eq!(bob.next_of("signal").await["data"], 1);
}

pub async fn too_many_signals_are_dropped_not_punished(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut stuck = node.socket(&stage.ada, &["inbox"]).await;
    super::slow::stuff(&stage, &node).await;
    let mut writers = Vec::new();
    for user in stage.users(16).await {
        writers.push(node.socket(&user, &[]).await);
        writers.last_mut().expect("just put").join("inbox").await;
    }
    // 272 and the 16 who came: more than wait for a socket. With hello, join and leave these are a writer's 20 at once.
    for writer in &mut writers {
        for _ in 0..17 {
            writer.signal("inbox", Value::Null).await;
        }
    }
    for writer in &mut writers {
        // Heard, so the signals before it are delivered.
        writer.leave("customer:x").await;
    }
    let last = node.emit(stage.tenant, &["inbox"], -1).await;
    let mut signals = 0;
    while stuck.seq < last {
        if stuck.next().await["type"] == "signal" {
            signals += 1;
        }
    }
    // What is on the way may be more than what waits, but not everything.
    while let Ok(Ok(frame)) = tokio::time::timeout(Duration::from_millis(300), stuck.try_next()).await {
        signals += i32::from(frame["type"] == "signal");
    }
    assert!((200..=256).contains(&signals), "{signals} of 272");
}
