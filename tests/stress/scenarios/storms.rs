//! Hundreds at once.

use crate::client::{Client, resume};
use crate::stage::{Node, Stage, User, eventually};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// Sockets that are opened at the same time, by turns on the nodes.
async fn storm(nodes: &[Arc<Node>], users: &[User], count: usize, from: i64) -> Vec<Client> {
    let mut opening = JoinSet::new();
    for n in 0..count {
        let (node, user) = (Arc::clone(&nodes[n % nodes.len()]), users[n % users.len()].clone());
        opening.spawn(async move { node.hello(&user, resume(&["inbox"], from)).await });
    }
    opening.join_all().await
}

/// All follow at the same time; each must see exactly these.
async fn all_follow(clients: Vec<Client>, until: i64, expected: Vec<i64>) -> Vec<Client> {
    let expected = Arc::new(expected);
    let mut following = JoinSet::new();
    for mut client in clients {
        let expected = Arc::clone(&expected);
        following.spawn(async move {
            assert_eq!(client.follow(until).await, *expected);
            client
        });
    }
    following.join_all().await
}

pub async fn hundreds_come_back_at_once(stage: Arc<Stage>) {
    let (_bus, nodes) = stage.nodes::<2>().await;
    let users = stage.users(15).await;
    let last = nodes[0].emit_many(stage.tenant, &["inbox"], 0..60).await;
    let clients = storm(&nodes, &users, 300, 0).await;
    assert_eq!(nodes.iter().map(|node| node.hub.sockets()).sum::<usize>(), 300);
    let clients = all_follow(clients, last, (0..60).collect()).await;
    let last = nodes[1].emit_many(stage.tenant, &["inbox"], 60..90).await;
    // Cut while they are being served.
    drop(clients);
    let clients = storm(&nodes, &users, 300, last - 40).await;
    all_follow(clients, last, (50..90).collect()).await;
}

pub async fn a_node_goes_and_all_go_on_at_the_other(stage: Arc<Stage>) {
    let (_bus, nodes) = stage.nodes::<2>().await;
    let users = stage.users(8).await;
    let clients = storm(&nodes[..1], &users, 120, 0).await;
    let (going, hub) = (Arc::clone(&nodes[0]), Arc::clone(&nodes[0].hub));
    let drained = tokio::spawn(async move { hub.drain(Duration::from_millis(800)).await });
    let tenant = stage.tenant;
    let writing = tokio::spawn(async move {
        let mut last = 0;
        for n in 0..100 {
            // By the node that goes, too: what it commits until its end is heard.
            last = going.emit(tenant, &["inbox"], n).await;
        }
        last
    });
    let mut moving = JoinSet::new();
    for (n, mut client) in clients.into_iter().enumerate() {
        let (node, user) = (Arc::clone(&nodes[1]), users[n % users.len()].clone());
        moving.spawn(async move {
            let mut seen = Vec::new();
            loop {
                match client.try_next().await {
                    Ok(frame) if frame["type"] == "event" => {
                        seen.push(frame["data"]["n"].as_i64().expect("a number"))
                    }
                    Ok(_) => {}
                    Err(code) => {
                        assert_eq!(code, 1012);
                        let from = client.seq;
                        return (node.hello(&user, resume(&["inbox"], from)).await, seen);
                    }
                }
            }
        });
    }
    let moved = moving.join_all().await;
    drained.await.expect("drains");
    let last = writing.await.expect("writes");
    for (mut client, mut seen) in moved {
        assert_eq!(client.welcome["resumed"], true);
        seen.extend(client.follow(last).await);
        assert_eq!(seen, (0..100).collect::<Vec<_>>());
    }
}

pub async fn sockets_are_cut_again_and_again_while_others_write(stage: Arc<Stage>) {
    let (_bus, nodes) = stage.nodes::<2>().await;
    let users = stage.users(6).await;
    let mut clients = storm(&nodes, &users, 100, 0).await;
    let (mut from, mut n) = (0, 0);
    for round in 0..5 {
        let writing = async {
            let mut last = 0;
            for _ in 0..20 {
                last = nodes[round % 2].emit(stage.tenant, &["inbox"], n).await;
                n += 1;
            }
            last
        };
        drop(std::mem::take(&mut clients));
        let (last, back) = tokio::join!(writing, storm(&nodes, &users, 100, from));
        clients = all_follow(back, last, (from..last).collect()).await;
        from = last;
    }
    drop(clients);
    eventually("every place is free again", async || nodes.iter().all(|node| node.hub.sockets() == 0)).await;
}

pub async fn many_beyond_retention_are_told_so(stage: Arc<Stage>) {
    let node = stage.node().await;
    let users = stage.users(6).await;
    node.emit_many(stage.tenant, &["inbox"], 0..50).await;
    stage.forget(1, 30).await;
    let clients = storm(&[Arc::clone(&node)], &users, 100, 10).await;
    assert!(clients.iter().all(|client| client.welcome["resumed"] == json!(false)));
    let last = node.emit(stage.tenant, &["inbox"], 50).await;
    all_follow(clients, last, vec![50]).await;
}
