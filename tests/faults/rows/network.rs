//! F-20, F-21, F-23, F-33: a node in a network of its own, whose lines are cut, reset, lossy or slow.

use super::Outcome;
use crate::leaks;
use crate::net::Net;
use crate::probe::Probe;
use crate::proxy::{Proxy, Toxics};
use crate::random::Random;
use crate::scene::{LOAD, Scene, graph, setup};
use crate::server::Server;
use crate::service::{Address, Postgres, Redis};
use crate::viewer::Viewer;
use crate::watcher::{Reading, Watchers};
use std::time::Duration;
use switchboard::clock;

/// The first node is here, the second one in a network of its own; PostgreSQL and Redis are reached over it.
struct Apart {
    scene: Scene,
    /// A client of the node there, and how it is loaded anew.
    far: Viewer,
    postgres: u16,
    redis: u16,
    // Ends after the node in it.
    net: Net,
}

impl Apart {
    async fn new(random: &Random) -> Result<Self, String> {
        let net = Net::new()?;
        let (at_postgres, at_redis) = (Address::on(net.here), Address::on(net.here));
        let (postgres, redis) =
            tokio::join!(Postgres::start(Some(at_postgres)), Redis::start(Some(at_redis)));
        let graph = graph().await;
        let mut near = setup(&graph);
        near.settings.extend([("DATABASE_URL", postgres.url()), ("REDIS_URL", redis.url())]);
        let near = Server::start(near).await;
        let mut far = setup(&graph);
        far.settings.extend([("DATABASE_URL", postgres.network_url()), ("REDIS_URL", redis.network_url())]);
        (far.before, far.address) = (net.before(), Some(net.there));
        let far = Server::start(far).await;
        let scene = Scene::of(vec![near, far], Some(postgres), Some(redis), graph, random).await;
        let far = Viewer::open(&scene.apis[0].at(&scene.nodes[1].url));
        far.comes_back(|| scene.said()).await;
        Ok(Self { scene, far, postgres: at_postgres.port, redis: at_redis.port, net })
    }

    /// Until the client there has what the log has now.
    async fn far_is_abreast(&self, limit: Duration) -> Duration {
        let begin = clock::monotonic();
        let seq = self.scene.last_told().await;
        while self.far.course.lock().unwrap().cursor < seq {
            assert!(begin.elapsed() < limit, "the far node's client lags\n{}", self.scene.said());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        begin.elapsed()
    }

    async fn end(mut self, figures: String) -> Outcome {
        self.scene.flows(LOAD).await;
        let ended = self.scene.ends().await;
        let api = self.scene.apis[0].at(&self.scene.nodes[1].url);
        self.far.converges(&api, || self.scene.said()).await;
        let course = self.far.course.lock().unwrap();
        assert!(course.faults.is_empty(), "the far node's client saw {:#?}", course.faults);
        assert_eq!(course.loads, 1, "it never loaded again");
        drop(course);
        Outcome::Held(format!("{figures}; {ended}"))
    }
}

/// Packets to and from a port of the services.
fn port(number: u16, what: &str) -> Vec<String> {
    ["dport", "sport"].map(|side| format!("tcp {side} {number} {what}")).into()
}

/// F-20: the other node goes on by the log, and by the bus when it is back.
pub async fn without_redis(random: Random) -> Outcome {
    let apart = match Apart::new(&random).await {
        Ok(apart) => apart,
        Err(problem) => return Outcome::NotRun(problem),
    };
    apart.scene.flows(LOAD).await;
    port(apart.redis, "drop").iter().for_each(|rule| apart.net.breaks(rule));
    let (begin, mut slowest) = (clock::monotonic(), Duration::ZERO);
    while begin.elapsed() < Duration::from_secs(30) {
        apart.scene.flows(10).await;
        slowest = slowest.max(apart.far_is_abreast(Duration::from_secs(5)).await);
    }
    apart.net.heal();
    let healed = apart.far_is_abreast(Duration::from_secs(10)).await;
    apart.scene.prompt();
    apart
        .end(format!("30 s cut off, {slowest:.1?} behind at the most, abreast {healed:.1?} after healing"))
        .await
}

/// F-21: silently at first, then by resets. The node says so, and comes back without a restart.
pub async fn without_postgres(random: Random) -> Outcome {
    let apart = match Apart::new(&random).await {
        Ok(apart) => apart,
        Err(problem) => return Outcome::NotRun(problem),
    };
    let far = apart.scene.apis[0].at(&apart.scene.nodes[1].url);
    let mut figures = Vec::new();
    for how in ["drop", "reject with tcp reset"] {
        apart.scene.flows(LOAD).await;
        port(apart.postgres, how).iter().for_each(|rule| apart.net.breaks(rule));
        // A balancer looks at readiness.
        let begin = clock::monotonic();
        while far.get("/health/ready").await.map(|answer| answer.0) != Ok(503) {
            assert!(
                begin.elapsed() < Duration::from_secs(5),
                "readiness is not told\n{}",
                apart.scene.said()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let told = begin.elapsed();
        apart.scene.doors.set(&[&apart.scene.nodes[0].url]);
        let near = Probe::start(&apart.scene.apis[0]);
        while begin.elapsed() < Duration::from_secs(15) {
            apart.scene.flows(10).await;
            assert_eq!(far.get("/health/live").await.map(|answer| answer.0), Ok(200), "it lives");
        }
        let near = near.end(false, &apart.scene.said());
        assert!(!near.contains("503"), "the near node noticed: {near}");
        apart.net.heal();
        let begin = clock::monotonic();
        while far.get("/health/ready").await.map(|answer| answer.0) != Ok(200) {
            assert!(
                begin.elapsed() < Duration::from_secs(5),
                "the pool does not recover\n{}",
                apart.scene.said()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let ready = begin.elapsed();
        apart.scene.doors.set(&[&apart.scene.nodes[0].url, &apart.scene.nodes[1].url]);
        let abreast = apart.far_is_abreast(Duration::from_secs(10)).await;
        figures.push(format!(
            "{how}: told after {told:.1?}, ready {ready:.1?} after healing, abreast after {abreast:.1?}"
        ));
    }
    apart.end(figures.join(", ")).await
}

/// F-23: all clients of the far node vanish without a word; the server frees their seats.
pub async fn half_open(random: Random) -> Outcome {
    const SOCKETS: usize = 15;
    /// The server gives up a peer that was silent for a minute, and a write that found no room in ten seconds.
    const FREED: Duration = Duration::from_secs(90);
    let apart = match Apart::new(&random).await {
        Ok(apart) => apart,
        Err(problem) => return Outcome::NotRun(problem),
    };
    let far = apart.scene.apis[1].at(&apart.scene.nodes[1].url);
    let watchers = Watchers::open(std::slice::from_ref(&far), &[Reading::AsItComes; SOCKETS]).await;
    watchers.live(SOCKETS, Duration::from_secs(20), || apart.scene.said()).await;
    apart.scene.doors.set(&[&apart.scene.nodes[0].url]);
    let http = apart.scene.nodes[1].url.rsplit(':').next().unwrap().parse().unwrap();
    port(http, "drop").iter().for_each(|rule| apart.net.breaks(rule));
    // Asked from inside, where nothing is cut: the rules are about the pair of interfaces' port, so by the database.
    drop(watchers);
    let begin = clock::monotonic();
    while leaks::served(apart.scene.nodes[1].pid(), http) > 0 {
        assert!(
            begin.elapsed() < FREED,
            "{} connections are not freed\n{}",
            leaks::served(apart.scene.nodes[1].pid(), http),
            apart.scene.said()
        );
        apart.scene.flows(1).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let freed = begin.elapsed();
    apart.net.heal();
    apart.end(format!("{SOCKETS} sockets freed after {freed:.1?}")).await
}

/// F-33: the far node behind lost packets and a narrow line, clients of the near one behind a proxy that delays, slices
/// and stalls.
pub async fn bad_lines(random: Random) -> Outcome {
    let apart = match Apart::new(&random).await {
        Ok(apart) => apart,
        Err(problem) => return Outcome::NotRun(problem),
    };
    let proxy = Proxy::start(&[&apart.scene.nodes[0].url]).await;
    let behind = apart.scene.apis[0].at(&proxy.url);
    let client = Viewer::open(&behind);
    client.comes_back(|| apart.scene.said()).await;
    apart.scene.flows(LOAD).await;
    // Webhooks go to both all the time; those of the far one take long.
    apart.net.breaks("numgen random mod 100 < 20 drop");
    if let Err(problem) = apart.net.narrow(1_000) {
        return Outcome::NotRun(problem);
    }
    for toxics in [
        Toxics { latency: Duration::from_millis(300), ..Toxics::default() },
        Toxics { slice: 7, latency: Duration::from_millis(1), ..Toxics::default() },
        Toxics { stalled: true, ..Toxics::default() },
        Toxics::default(),
    ] {
        proxy.poison(toxics);
        let begin = clock::monotonic();
        while begin.elapsed() < Duration::from_secs(5) {
            apart.scene.flows(1).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    apart.net.heal();
    proxy.cut();
    let abreast = apart.far_is_abreast(Duration::from_secs(10)).await;
    client.comes_back(|| apart.scene.said()).await;
    let faults = client.course.lock().unwrap().faults.clone();
    assert!(faults.is_empty(), "the client behind the proxy saw {faults:#?}");
    apart.end(format!("20 % lost, 1 Mbit/s, 300 ms, slices of 7 bytes, stalls of 5 s; abreast {abreast:.1?} after healing")).await
}
