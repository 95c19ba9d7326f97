//! Several nodes: over a bus that works, over one that fails, and without being told.

use super::setup::{Client, Node, World, emit, eventually};
use nix::sys::signal::{self, Signal};
use nix::unistd::Pid;
use serde_json::json;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use switchboard::clock;
use switchboard::log::Log;
use switchboard::realtime::broker::{Health, memory, redis::Redis};

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_are_one() {
    let world = World::new().await;
    let bus = memory::Bus::default();
    let node = async || {
        let (broker, notices) = bus.connect();
        world.node_on(Arc::new(broker), notices).await
    };
    let (one, two) = (node().await, node().await);
    check_both(&world, &one, &two).await;
    // A commit that no relay told of, as of a process that died just then.
    let mut ada = two.socket(&world.ada, &["inbox"]).await;
    let (silent, _nobody) = Log::new(world.db.clone());
    emit(&silent, world.tenant, &["inbox"], json!({"n": 7})).await;
    let begin = clock::monotonic();
    assert_eq!(ada.number().await, 7);
    assert!(begin.elapsed() < Duration::from_secs(2));
    one.stop().await;
    two.stop().await;
    world.end().await;
}

/// Events, signals and presence between two nodes.
async fn check_both(world: &World, one: &Node, two: &Node) {
    let mut ada = one.socket(&world.ada, &["inbox"]).await;
    let mut bob = two.socket(&world.bob, &["inbox"]).await;
    assert_eq!(ada.next_of("presence").await["joined"][0]["name"], "Bob");
    eventually("both know both", async || {
        let mut late = two.socket(&world.bob, &["inbox"]).await;
        let people = late.welcome["presence"]["inbox"].clone();
        late.ws.close(None).await.expect("closes");
        people.as_array().is_some_and(|people| people.len() == 2)
    })
    .await;
    for n in 0..40 {
        let node = if n % 2 == 0 { one } else { two };
        node.emit(world.tenant, &["inbox"], json!({"n": n})).await;
    }
    for n in 0..40 {
        assert_eq!(ada.number().await, n);
        assert_eq!(bob.number().await, n);
    }
    bob.send(json!({"type": "signal", "room": "inbox", "name": "viewing", "data": {"x": 1}})).await;
    let signal = ada.next_of("signal").await;
    assert_eq!((&signal["from"]["name"], &signal["data"]), (&json!("Bob"), &json!({"x": 1})));
    drop(bob);
    assert_eq!(ada.next_of("presence").await["left"][0]["name"], "Bob");
}

struct Server {
    child: Child,
    socket: std::path::PathBuf,
}

impl Server {
    fn start(folder: &std::path::Path) -> Option<Self> {
        let socket = folder.join("redis.sock");
        let child = Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"])
            .arg(&socket)
            .stdout(Stdio::null())
            .spawn()
            .ok()?;
        Some(Self { child, socket })
    }

    fn url(&self) -> String {
        format!("redis+unix://{}", self.socket.display())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Two nodes over Redis, with a socket on each.
struct Pair {
    world: World,
    one: Node,
    two: Node,
    ada: Client,
    bob: Client,
    /// Events so far.
    said: i64,
    heard: i64,
}

impl Pair {
    async fn over(url: &str) -> Self {
        let world = World::new().await;
        let node = async || {
            let (broker, notices) = Redis::connect(url, "1").expect("a URL");
            world.node_on(Arc::new(broker), notices).await
        };
        let (one, two) = (node().await, node().await);
        let up = async || one.hub.bus() == Health::Up && two.hub.bus() == Health::Up;
        eventually("the bus is up", up).await;
        check_both(&world, &one, &two).await;
        let ada = one.socket(&world.ada, &["inbox"]).await;
        let bob = two.socket(&world.bob, &["inbox"]).await;
        Self { world, one, two, ada, bob, said: 0, heard: 0 }
    }

    /// Appends by turns.
    async fn say(&mut self, times: i64, pause: u64) {
        for _ in 0..times {
            let node = if self.said % 2 == 0 { &self.one } else { &self.two };
            node.emit(self.world.tenant, &["inbox"], json!({"n": self.said})).await;
            self.said += 1;
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
    }

    /// Both sockets have got everything, once and in order.
    async fn hear(&mut self) {
        for expected in self.heard..self.said {
            assert_eq!(self.ada.number().await, expected);
            assert_eq!(self.bob.number().await, expected);
        }
        self.heard = self.said;
    }

    async fn until(&self, health: Health) {
        let both = async || self.one.hub.bus() == health && self.two.hub.bus() == health;
        eventually("the health of the bus is noticed", both).await;
    }

    /// Over the bus, not by looking each second.
    async fn is_fast(&mut self) {
        for _ in 0..10 {
            tokio::time::sleep(Duration::from_millis(130)).await;
            let begin = clock::monotonic();
            self.say(1, 0).await;
            self.hear().await;
            assert!(begin.elapsed() < Duration::from_millis(400), "{:?}", begin.elapsed());
        }
    }

    async fn end(self) {
        self.one.stop().await;
        self.two.stop().await;
        self.world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_may_die_and_come_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(mut server) = Server::start(folder.path()) else { return };
    let mut pair = Pair::over(&server.url()).await;
    for _ in 0..2 {
        pair.say(20, 0).await;
        drop(server);
        pair.say(20, 100).await;
        pair.until(Health::Down).await;
        // A socket that comes during the outage.
        let mut late = pair.two.socket(&pair.world.ada, &["inbox"]).await;
        pair.say(1, 0).await;
        assert_eq!(late.number().await, pair.said - 1);
        server = Server::start(folder.path()).expect("starts again");
        pair.say(20, 50).await;
        pair.until(Health::Up).await;
        pair.hear().await;
    }
    pair.is_fast().await;
    pair.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_may_cut_off_and_hang() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(server) = Server::start(folder.path()) else { return };
    let mut pair = Pair::over(&server.url()).await;
    let client = redis::Client::open(server.url()).expect("a URL");
    let mut admin = client.get_multiplexed_async_connection().await.expect("connects");
    let kill =
        redis::cmd("CLIENT").arg("KILL").arg("TYPE").arg("pubsub").query_async::<i64>(&mut admin).await;
    assert_eq!(kill.ok(), Some(2));
    pair.say(20, 20).await;
    pair.hear().await;

    let process = Pid::from_raw(i32::try_from(server.child.id()).expect("a pid"));
    signal::kill(process, Signal::SIGSTOP).expect("stops");
    for _ in 0..10 {
        let begin = clock::monotonic();
        pair.say(1, 0).await;
        pair.hear().await;
        assert!(begin.elapsed() < Duration::from_secs(2));
    }
    pair.until(Health::Down).await;
    signal::kill(process, Signal::SIGCONT).expect("goes on");
    pair.until(Health::Up).await;
    pair.is_fast().await;
    pair.end().await;
}
