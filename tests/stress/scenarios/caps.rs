//! Twenty sockets of a user on a node.

use crate::stage::{Stage, eventually};
use std::sync::Arc;
use tokio::task::JoinSet;

pub async fn a_user_has_twenty_sockets(stage: Arc<Stage>) {
    let (_bus, [node, other]) = stage.nodes::<2>().await;
    let second = stage.session(&stage.ada).await;
    let mut clients = Vec::new();
    for n in 0..20 {
        let user = if n % 2 == 0 { &stage.ada } else { &second };
        clients.push(node.connect(user).await.expect("one of twenty"));
    }
    assert_eq!(node.connect(&stage.ada).await.err(), Some(429), "the 21st");
    assert_eq!(node.connect(&second).await.err(), Some(429), "by another sign-in too");
    assert!(node.connect(&stage.bob).await.is_ok(), "another user");
    assert!(other.connect(&stage.ada).await.is_ok(), "another node");
    clients.pop();
    eventually("a place becomes free", async || node.connect(&stage.ada).await.is_ok()).await;
}

pub async fn a_race_for_the_last_place_has_one_winner(stage: Arc<Stage>) {
    let node = stage.node().await;
    for _ in 0..3 {
        let mut racers = JoinSet::new();
        for _ in 0..50 {
            let (node, user) = (Arc::clone(&node), stage.ada.clone());
            racers.spawn(async move { node.connect(&user).await });
        }
        let results = racers.join_all().await;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 20);
        assert_eq!(results.iter().filter(|result| result.as_ref().err() == Some(&429)).count(), 30);
        drop(results);
        eventually("all places are free", async || node.hub.sockets() == 0).await;
    }
}
