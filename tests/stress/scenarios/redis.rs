//! Nodes over Redis: the run's own, and one that dies.

use crate::stage::{Node, Stage, eventually};
use serde_json::json;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use switchboard::ids;
use switchboard::realtime::broker::{Health, redis::Redis};

async fn node(stage: &Stage, url: &str, installation: &str) -> Arc<Node> {
    let (broker, notices) = Redis::connect(url, installation).expect("a URL");
    let node = stage.node_on(Arc::new(broker), notices).await;
    until(&[&node], Health::Up).await;
    node
}

async fn until(nodes: &[&Arc<Node>], health: Health) {
    eventually(&format!("{health:?}"), async || nodes.iter().all(|node| node.hub.bus() == health)).await;
}

/// The Redis of the tests, shared with all other scenarios.
fn shared() -> String {
    std::env::var("TEST_REDIS_URL").expect("TEST_REDIS_URL is not set: run with `cargo xtask services -- …`")
}

/// A Redis of one's own.
struct Server {
    child: Child,
    folder: tempfile::TempDir,
}

impl Server {
    fn run(folder: &tempfile::TempDir) -> Child {
        Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"])
            .arg(folder.path().join("redis.sock"))
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is in the path")
    }

    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { child: Self::run(&folder), folder }
    }

    fn url(&self) -> String {
        format!("redis+unix://{}", self.folder.path().join("redis.sock").display())
    }

    fn die(&mut self) {
        self.child.kill().expect("ends");
        self.child.wait().expect("ended");
    }

    fn again(&mut self) {
        self.child = Self::run(&self.folder);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub async fn two_nodes_are_one(stage: Arc<Stage>) {
    let installation = ids::new().to_string();
    let (one, two) =
        (node(&stage, &shared(), &installation).await, node(&stage, &shared(), &installation).await);
    let mut ada = one.socket(&stage.ada, &["inbox"]).await;
    let mut bob = two.socket(&stage.bob, &["inbox"]).await;
    assert_eq!(ada.next_of("presence").await["joined"][0]["name"], "Bob");
    for n in 0..10 {
        ada.signal("inbox", json!({ "a": n })).await;
        bob.signal("inbox", json!({ "b": n })).await;
    }
    for n in 0..10 {
        assert_eq!(bob.next_of("signal").await["data"]["a"], n);
        assert_eq!(ada.next_of("signal").await["data"]["b"], n);
    }
    let mut last = 0;
    for n in 0..200 {
        last = if n % 2 == 0 { &one } else { &two }.emit(stage.tenant, &["inbox"], n).await;
    }
    assert_eq!(ada.follow(last).await, (0..200).collect::<Vec<_>>());
    assert_eq!(bob.follow(last).await, (0..200).collect::<Vec<_>>());
}

pub async fn an_outage_is_noticed_and_bridged(stage: Arc<Stage>) {
    let mut server = Server::start();
    let (one, two) = (node(&stage, &server.url(), "1").await, node(&stage, &server.url(), "1").await);
    let mut ada = two.socket(&stage.ada, &["inbox"]).await;
    let mut last = 0;
    for n in 0..60 {
        if n == 20 {
            server.die();
        }
        last = one.emit(stage.tenant, &["inbox"], n).await;
    }
    assert_eq!(ada.follow(last).await, (0..60).collect::<Vec<_>>());
    until(&[&one, &two], Health::Down).await;
    // Who comes during the outage is served too.
    let mut late = two.socket(&stage.bob, &["inbox"]).await;
    let last = one.emit(stage.tenant, &["inbox"], 60).await;
    assert_eq!(late.follow(last).await, [60]);
    assert_eq!(ada.follow(last).await, [60]);
}

pub async fn after_an_outage_all_is_heard_again(stage: Arc<Stage>) {
    let mut server = Server::start();
    let (one, two) = (node(&stage, &server.url(), "1").await, node(&stage, &server.url(), "1").await);
    let mut ada = one.socket(&stage.ada, &["inbox"]).await;
    let mut bob = two.socket(&stage.bob, &["inbox"]).await;
    for round in 0..2 {
        server.die();
        until(&[&one, &two], Health::Down).await;
        server.again();
        until(&[&one, &two], Health::Up).await;
        let seq = one.emit(stage.tenant, &["inbox"], round).await;
        assert_eq!((ada.follow(seq).await, bob.follow(seq).await), (vec![round], vec![round]));
        // Signals have no log to come from.
        ada.signal("inbox", json!({ "a": round })).await;
        bob.signal("inbox", json!({ "b": round })).await;
        assert_eq!(bob.next_of("signal").await["data"]["a"], round);
        assert_eq!(ada.next_of("signal").await["data"]["b"], round);
    }
}

pub async fn installations_do_not_hear_each_other(stage: Arc<Stage>) {
    let (ours, theirs) = (ids::new().to_string(), ids::new().to_string());
    let one = node(&stage, &shared(), &ours).await;
    let two = node(&stage, &shared(), &ours).await;
    let other = node(&stage, &shared(), &theirs).await;
    let mut ada = one.socket(&stage.ada, &["inbox"]).await;
    let mut bob = two.socket(&stage.bob, &["inbox"]).await;
    let mut stranger = other.socket(&stage.bob, &["inbox"]).await;
    assert_eq!(stranger.welcome["presence"]["inbox"].as_array().map(Vec::len), Some(1));
    for n in 0..10 {
        ada.signal("inbox", json!(n)).await;
    }
    for n in 0..10 {
        assert_eq!(bob.next_of("signal").await["data"], n);
    }
    // The event comes from the log they share, after whatever the bus would have brought.
    let seq = other.emit(stage.tenant, &["inbox"], 1).await;
    while stranger.seq < seq {
        assert_eq!(stranger.next().await["type"], "event");
    }
}
