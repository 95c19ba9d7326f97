//! Sessions that end take their sockets along, on every node.

use crate::client::Client;
use crate::stage::{Node, Stage, User, eventually};
use reqwest::Method;
use serde_json::json;
use std::sync::Arc;

/// Sockets of a user on each of the nodes.
async fn everywhere(nodes: &[Arc<Node>], user: &User) -> Vec<Client> {
    let mut clients = Vec::new();
    for node in nodes {
        clients.push(node.socket(user, &["inbox"]).await);
    }
    clients
}

async fn all_closed(clients: &mut [Client]) {
    for client in clients {
        assert_eq!(client.closed().await, 4001);
    }
}

/// Those who stay get the next event.
async fn lives(node: &Node, stage: &Stage, clients: &mut [Client]) {
    node.emit(stage.tenant, &["inbox"], 99).await;
    for client in clients {
        assert_eq!(client.number().await, 99);
    }
}

pub async fn a_revoked_session_takes_just_its_own_sockets(stage: Arc<Stage>) {
    let node = stage.node().await;
    let second = stage.session(&stage.ada).await;
    let mut ended = Vec::new();
    for _ in 0..3 {
        ended.push(node.socket(&stage.ada, &["inbox"]).await);
    }
    let mut stay = [node.socket(&second, &["inbox"]).await, node.socket(&stage.bob, &["inbox"]).await];
    // The database has the session as valid: nothing but this order closes them.
    node.hub.revoke(stage.ada.session);
    all_closed(&mut ended).await;
    lives(&node, &stage, &mut stay).await;
}

pub async fn a_session_ended_elsewhere_ends_on_every_node(stage: Arc<Stage>) {
    let (_bus, nodes) = stage.nodes::<3>().await;
    let mut ended = everywhere(&nodes, &stage.ada).await;
    let mut stay = everywhere(&nodes, &stage.bob).await;
    // As a node does that shares nothing with these but the database.
    stage.sql(&format!("update session set revoked_at = now() where id = '{}'", stage.ada.session)).await;
    all_closed(&mut ended).await;
    lives(&nodes[0], &stage, &mut stay).await;
}

pub async fn another_role_ends_the_sockets_everywhere(stage: Arc<Stage>) {
    let (_bus, nodes) = stage.nodes::<2>().await;
    let mut ended = everywhere(&nodes, &stage.ada).await;
    let mut stay = everywhere(&nodes, &stage.bob).await;
    let path = format!("/users/{}", stage.ada.id);
    let (status, body) =
        nodes[0].call(&stage.bob, Method::PATCH, &path, Some(json!({"role": "manager"}))).await;
    assert_eq!(status, 200, "{body}");
    all_closed(&mut ended).await;
    for node in &nodes {
        assert_eq!(node.connect(&stage.ada).await.err(), Some(401), "the old sign-in is over");
    }
    lives(&nodes[1], &stage, &mut stay).await;
}

pub async fn a_disabled_user_is_out_everywhere(stage: Arc<Stage>) {
    let (_bus, nodes) = stage.nodes::<2>().await;
    let mut ended = everywhere(&nodes, &stage.ada).await;
    let mut stay = everywhere(&nodes, &stage.bob).await;
    let path = format!("/users/{}", stage.ada.id);
    let (status, body) =
        nodes[0].call(&stage.bob, Method::PATCH, &path, Some(json!({"disabled": true}))).await;
    assert_eq!(status, 200, "{body}");
    all_closed(&mut ended).await;
    lives(&nodes[1], &stage, &mut stay).await;
}

pub async fn an_idle_session_ends(stage: Arc<Stage>) {
    let node = stage.node().await;
    let (idle, expired) = (stage.user("I").await, stage.user("E").await);
    let mut ended = [node.socket(&idle, &["inbox"]).await, node.socket(&expired, &["inbox"]).await];
    let mut stay = [node.socket(&stage.bob, &["inbox"]).await];
    stage
        .sql(&format!(
            "update session set last_seen_at = now() - interval '11 hours 59 minutes' where id = '{}';
             update session set last_seen_at = now() - interval '12 hours 1 minute' where id = '{}';
             update session set expires_at = now() - interval '1 second' where id = '{}'",
            stage.bob.session, idle.session, expired.session
        ))
        .await;
    all_closed(&mut ended).await;
    lives(&node, &stage, &mut stay).await;
}

pub async fn the_end_of_a_session_reaches_who_said_no_hello(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut silent = node.connect(&stage.ada).await.expect("connects");
    eventually("it has its place", async || node.hub.sockets() == 1).await;
    node.hub.revoke(stage.ada.session);
    // Long before the ten seconds for a hello are over.
    assert_eq!(silent.closed().await, 4001);
}

pub async fn who_is_dismissed_gets_nothing_more(stage: Arc<Stage>) {
    let node = stage.node().await;
    let mut stuck = node.socket(&stage.ada, &["inbox"]).await;
    let mut quick = node.socket(&stage.bob, &["inbox"]).await;
    let last = super::slow::stuff(&stage, &node).await;
    quick.follow(last).await;
    node.hub.revoke(stage.ada.session);
    let canary = node.emit(stage.tenant, &["inbox"], 999).await;
    assert_eq!(quick.follow(canary).await, [999]);
    // Its task waits for room; the order reaches it there. Ten seconds later it would be given up as slow.
    crate::stage::eventually_within(std::time::Duration::from_secs(6), "it is out", async || {
        node.hub.sockets() == 1
    })
    .await;
    while let Ok(frame) = stuck.try_next().await {
        assert_ne!(frame["data"]["n"], 999, "what came after the end of the session");
        assert!(stuck.seq < last);
    }
}
