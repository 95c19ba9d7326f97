//! Signs of life, which are places in the log.

use crate::client::resume;
use crate::stage::Stage;
use futures_util::StreamExt;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message;

/// A little more than a beat or a ping is due.
const DUE: Duration = Duration::from_secs(32);

pub async fn a_quiet_socket_hears_a_beat(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut client = node.socket(&stage.ada, &[]).await;
    let seq = node.emit(stage.tenant, &["inbox"], 1).await;
    let beat = loop {
        let message = tokio::time::timeout(DUE, client.ws.next()).await.expect("a beat");
        if let Some(Ok(Message::Text(text))) = message {
            break serde_json::from_str::<serde_json::Value>(&text).expect("JSON");
        }
    };
    assert_eq!(beat, json!({"type": "beat", "seq": seq, "prev": 0}));
}

pub async fn a_quiet_peer_is_pinged(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut client = node.socket(&stage.ada, &[]).await;
    let pinged = async { while !matches!(client.ws.next().await, Some(Ok(Message::Ping(_)))) {} };
    tokio::time::timeout(DUE, pinged).await.expect("a ping");
}

pub async fn what_is_passed_over_is_told_by_a_beat(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut client = node.socket(&stage.ada, &[]).await;
    node.emit_many(stage.tenant, &["inbox"], 0..300).await;
    let beat = client.next().await;
    assert_eq!(beat["type"], "beat");
    assert!((256..=300).contains(&client.seq), "{beat}");
}

pub async fn a_beat_is_a_place_to_resume_from(stage: Arc<Stage>) {
    let node = stage.node().await;
    let rooms = stage.rooms(1).await;
    let mut client = node.socket(&stage.ada, &["inbox"]).await;
    let mut n = 0;
    for _ in 0..4 {
        node.emit_many(stage.tenant, &[&rooms[0]], 0..280).await;
        assert_eq!(client.next_of("beat").await["seq"], client.seq);
        n += 1;
        node.emit(stage.tenant, &["inbox"], n).await;
        if n % 2 == 0 {
            assert_eq!(client.number().await, n, "the chain goes on after a beat");
            continue;
        }
        let from = client.seq;
        drop(client);
        client = node.hello(&stage.ada, resume(&["inbox"], from)).await;
        assert_eq!(client.welcome["resumed"], true);
        assert_eq!(client.number().await, n);
    }
}
