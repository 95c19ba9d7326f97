//! Sockets that do not keep up.

use crate::stage::{Node, Stage, eventually_within};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// Events of more bytes than a connection holds; a socket in the inbox that does not read is stuck after this.
pub async fn stuff(stage: &Stage, node: &Node) -> i64 {
    let text = "x".repeat(64 * 1024);
    let mut last = 0;
    for _ in 0..30 {
        let data: Vec<_> = (0..8).map(|_| json!({"n": 0, "text": text})).collect();
        last = crate::stage::emit_all(&node.log, stage.tenant, &["inbox"], &data).await;
    }
    last
}

pub async fn who_does_not_read_is_4008_and_hurts_nobody(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut stuck = node.socket(&stage.ada, &["inbox"]).await;
    let mut quick = node.socket(&stage.bob, &["inbox"]).await;
    let last = stuff(&stage, &node).await;
    quick.follow(last).await;
    let mut n = 0;
    eventually_within(Duration::from_secs(30), "it is given up", async || {
        let seq = node.emit(stage.tenant, &["inbox"], n).await;
        assert_eq!(quick.follow(seq).await, [n], "the others go on meanwhile");
        n += 1;
        node.hub.sockets() == 1
    })
    .await;
    // It reads again before its goodbye is given up: is told, and what it was sent has no hole.
    assert_eq!(stuck.closed().await, 4008);
    assert!(stuck.seq > 0 && stuck.seq < quick.seq);
    let mut back = node.hello(&stage.ada, crate::client::resume(&["inbox"], stuck.seq)).await;
    assert_eq!(back.welcome["resumed"], true);
    assert_eq!(back.follow(quick.seq).await.len(), usize::try_from(quick.seq - stuck.seq).expect("small"));
}

pub async fn who_never_reads_is_hung_up_on(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut stone = node.socket(&stage.ada, &["inbox"]).await;
    stuff(&stage, &node).await;
    eventually_within(Duration::from_secs(25), "it is given up", async || node.hub.sockets() == 0).await;
    // Its goodbye finds no room either. Writing to a connection that was ended fails.
    eventually_within(Duration::from_secs(28), "it is hung up on", async || {
        stone.raw(&[0x8a, 0x80, 0, 0, 0, 0]).await.is_err()
    })
    .await;
    assert_eq!(stone.closed().await, 1006);
}

pub async fn who_reads_slowly_gets_everything(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut client = node.socket(&stage.ada, &["inbox"]).await;
    stuff(&stage, &node).await;
    // Far behind the tail, so that it is not abreast for a while.
    let last = stuff(&stage, &node).await;
    let mut events = 0;
    while client.seq < last {
        if client.next().await["type"] == "event" {
            events += 1;
        }
        tokio::time::sleep(Duration::from_millis(4 + stage.random.below(8))).await;
    }
    assert_eq!(events, 480);
    let last = node.emit(stage.tenant, &["inbox"], 7).await;
    assert_eq!(client.follow(last).await, [7], "it lives on");
}

pub async fn missed_presence_is_4008(stage: Arc<Stage>) {
    let node = stage.node().await;
    let rooms = stage.rooms(40).await;
    let mut all: Vec<&str> = rooms.iter().map(String::as_str).collect();
    let bob = all.clone();
    all.push("inbox");
    let mut stuck = node.socket(&stage.ada, &all).await;
    stuff(&stage, &node).await;
    // Each coming and going is forty frames.
    for _ in 0..5 {
        drop(node.socket(&stage.bob, &bob).await);
        eventually_within(Duration::from_secs(8), "Bob is gone", async || {
            node.hub.local_users().iter().all(|user| user.user_id != stage.bob.id)
        })
        .await;
    }
    // At once, not after the ten seconds of patience.
    eventually_within(Duration::from_secs(5), "it is given up", async || node.hub.sockets() == 0).await;
    assert_eq!(stuck.closed().await, 4008);
}
