//! A user's counts: the newest only, and none twice.

use crate::stage::Stage;
use serde_json::{Value, json};
use std::sync::Arc;

async fn counted(client: &mut crate::client::Client) -> Value {
    loop {
        let frame = client.next_of("event").await;
        if frame["name"] == "inbox.counted" {
            return frame["data"]["all"].clone();
        }
    }
}

pub async fn only_the_newest_counts_are_told(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut clients = [node.socket(&stage.ada, &[]).await, node.socket(&stage.ada, &["inbox"]).await];
    let mut bob = node.socket(&stage.bob, &["inbox"]).await;
    for n in 0..500 {
        node.hub.send_counts(stage.tenant, stage.ada.id, &json!({"all": n}));
    }
    for client in &mut clients {
        let mut told = 0;
        while counted(client).await != json!(499) {
            told += 1;
        }
        assert!(told < 100, "{told} besides the last");
    }
    let last = node.emit(stage.tenant, &["inbox"], 1).await;
    assert_eq!(bob.follow(last).await, [1], "counts are a user's own");
}

pub async fn the_same_counts_are_not_told_again(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut client = node.socket(&stage.ada, &["inbox"]).await;
    for all in [1, 2, 3] {
        for _ in 0..5 {
            node.hub.send_counts(stage.tenant, stage.ada.id, &json!({"all": all}));
            // A place in the log for them, if they were to be told.
            node.emit(stage.tenant, &["elsewhere"], 0).await;
        }
        assert_eq!(counted(&mut client).await, all, "each once");
        node.hub.send_counts(stage.tenant, stage.ada.id, &json!({"all": all}));
        node.emit(stage.tenant, &["elsewhere"], 0).await;
        let seq = node.emit(stage.tenant, &["inbox"], 77).await;
        assert_eq!(client.follow(seq).await, [77]);
    }
}

pub async fn counts_need_no_event(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut client = node.socket(&stage.ada, &["inbox"]).await;
    for all in 0..3 {
        // Nothing else happens: a place is made.
        node.hub.send_counts(stage.tenant, stage.ada.id, &json!({"all": all}));
        assert_eq!(counted(&mut client).await, all);
    }
}
