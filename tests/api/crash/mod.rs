//! Crash tests: real processes, killed with SIGKILL under load, judged by the ledger of a sender that repeats what was
//! not acked, and by a client that was there all the time.
//!
//! Invariants: what was acked is there once, whatever was killed when; `seq` has no hole; a client that was connected
//! resumes and shows what a fresh one shows; while a part is gone the answer is 503, and everything comes back by itself.

mod judge;
mod random;
mod sender;
mod server;
mod two_nodes;
mod viewer;

use crate::support::graph::FakeGraph;
use random::Random;
use sender::Sender;
use serde_json::json;
use server::Server;
use std::collections::BTreeMap;
use std::fs::DirBuilder;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use switchboard::clock;
use tokio_util::sync::CancellationToken;
use viewer::{Api, Viewer};

/// Kills of a test; `CRASH_KILLS` sets another number.
const KILLS: usize = 5;
/// Messages that must be acked between two kills: there is load.
const LOAD: usize = 30;
/// Least number of messages of a run that proves anything.
const ENOUGH: usize = 300;

/// One at a time: each of them wants the whole machine.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn server_killed_under_load_loses_and_doubles_nothing() {
    let _turn = TURN.lock().await;
    let mut scene = Scene::begin("server_killed").await;
    let mut restarts = Vec::new();
    for _ in 0..kills() {
        scene.under_load().await;
        scene.server.kill9();
        restarts.push(scene.server.again().await);
    }
    println!("listening again after {restarts:?}");
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_killed_under_load_loses_and_doubles_nothing() {
    let _turn = TURN.lock().await;
    let mut scene = Scene::begin("postgres_killed").await;
    let probe = Probe::start(&scene.api);
    let mut gaps = Vec::new();
    for kill in 0..kills() + 2 {
        scene.under_load().await;
        match kill % 7 {
            1 => scene.server.kill9_postgres(true).await,
            // No crash of the whole, so not counted: a backend alone, and an order to end.
            3 => scene.server.kill9_backend().await,
            5 => scene.server.shut_postgres_down().await,
            _ => scene.server.kill9_postgres(false).await,
        }
        let begin = clock::monotonic();
        scene.flows(1).await;
        gaps.push(begin.elapsed());
        assert!(scene.server.is_alive(), "the server ended with its PostgreSQL:\n{}", scene.server.said());
    }
    println!("acks again after {gaps:?}");
    probe.end(&scene.server);
    let (answers, slowest) = scene.sender.ledger.answers();
    let odd: Vec<_> = answers.keys().filter(|answer| !matches!(answer.as_str(), "200" | "503")).collect();
    assert!(
        odd.is_empty(),
        "a webhook is answered 200 or 503, not {odd:?}: {answers:?}\n{}",
        scene.server.said()
    );
    assert!(slowest < Duration::from_secs(4), "a 503 comes within 3 s, not after {slowest:?}");
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_killed_at_once_lose_and_double_nothing() {
    let _turn = TURN.lock().await;
    let mut scene = Scene::begin("both_killed").await;
    for server_first in [true, false] {
        scene.under_load().await;
        if server_first {
            scene.server.kill9();
            if scene.server.postmaster().is_some() {
                scene.server.kill9_postgres(true).await;
            }
        } else {
            scene.server.kill9_postgres(false).await;
            scene.server.kill9();
        }
        scene.server.again().await;
    }
    scene.under_load().await;
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_data_directory_stays_private_and_has_one_server() {
    let _turn = TURN.lock().await;
    let folder = tempfile::tempdir().unwrap();
    DirBuilder::new().mode(0o700).create(folder.path().join("data")).unwrap();
    let mut server = Server::start_in(folder, &[]).await;
    assert_private(&server);
    let mut second = server.command();
    second.env("BIND_ADDR", "127.0.0.1:0").stderr(Stdio::piped());
    let mut second = second.spawn().unwrap();
    let Some(status) = server::ended(&mut second, Duration::from_secs(15)).await else {
        second.kill().unwrap();
        panic!("a second server on the same DATA_DIR runs");
    };
    let refused = second.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!status.success(), "the second server ended with {status}");
    let data = server.data.display().to_string();
    for part in ["another Switchboard", data.as_str(), "DATA_DIR"] {
        assert!(text.contains(part), "the refusal does not name {part:?}: {text}");
    }
    assert!(!String::from_utf8_lossy(&refused.stdout).contains("listening"), "the second server listened");
    assert!(server.is_alive(), "the first server goes on");
    let (ready, ..) = Api::sign_in(&server.url).await.get("/health/ready").await.unwrap();
    assert_eq!(ready, 200, "the first server's PostgreSQL goes on");
    server.kill9();
    server.postgres_ends().await;
    server.again().await;
    assert_private(&server);
    let status = server.stop().await;
    assert!(status.success(), "an orderly end is {status}");
    assert_eq!(server.postmaster(), None, "PostgreSQL is down before the server ends");
    server.again().await;
    assert_private(&server);
}

fn kills() -> usize {
    std::env::var("CRASH_KILLS").map_or(KILLS, |kills| kills.parse().expect("CRASH_KILLS is a number"))
}

/// A server under load, with a client that watches.
struct Scene {
    server: Server,
    sender: Sender,
    viewer: Viewer,
    api: Api,
    random: Random,
    reads: BTreeMap<u16, u32>,
    _graph: FakeGraph,
}

impl Scene {
    async fn begin(name: &str) -> Self {
        let mut random = Random::of_test(name);
        let graph = FakeGraph::new().await;
        for n in 0..sender::MESSENGER_PEOPLE {
            let psid = sender::psid(n);
            graph.answer(
                &format!("GET /{psid}"),
                &json!({ "id": psid, "first_name": "Page", "last_name": format!("Person {n}") }),
            );
        }
        let server = Server::start(&[("GRAPH_API_URL", &graph.url), ("INSTAGRAM_API_URL", &graph.url)]).await;
        let api = Api::sign_in(&server.url).await;
        let viewer = Viewer::open(&api);
        let sender = Sender::start(&server.url, &mut random);
        Self { server, sender, viewer, api, random, reads: BTreeMap::new(), _graph: graph }
    }

    async fn flows(&self, more: usize) {
        self.sender.flows(more, || self.server.said()).await;
    }

    /// Lets a random time of load pass, with agents that read.
    async fn under_load(&mut self) {
        self.viewer.comes_back(|| self.server.said()).await;
        self.flows(LOAD).await;
        for _ in 0..self.random.below(8) {
            let status = self.api.read_some(&self.viewer.course, &mut self.random).await.unwrap_or_default();
            *self.reads.entry(status).or_default() += 1;
            tokio::time::sleep(Duration::from_millis(u64::try_from(self.random.below(120)).unwrap())).await;
        }
    }

    /// Everything is acked, worked off, there once, and on the screen.
    async fn end(mut self) {
        self.flows(LOAD).await;
        self.sender.finish(|| self.server.said()).await;
        let ledger = &self.sender.ledger;
        judge::settle(&self.server, ledger).await;
        self.viewer.converges(&self.api, || self.server.said()).await;
        judge::judge(&self.server, ledger).await;
        let sent = ledger.sent().len();
        let (answers, slowest) = ledger.answers();
        let course = self.viewer.course.lock().unwrap();
        println!(
            "{sent} messages, answers {answers:?}, slowest {slowest:?}; the client saw {} events over {} connections ({} \
             resumed, {} loads); reads {:?}",
            course.events, course.connections, course.resumed, course.loads, self.reads
        );
        assert!(course.faults.is_empty(), "the client saw {:#?}\n{}", course.faults, self.server.said());
        assert_eq!(course.loads, 1, "the client resumed and never loaded again");
        assert!(course.connections >= self.server.lives, "a connection in each life of the server");
        assert_eq!(course.resumed, course.connections, "each connection resumed");
        assert!(sent >= ENOUGH, "only {sent} messages: that was no load");
        assert!(
            self.reads.keys().all(|status| matches!(status, 0 | 204 | 503)),
            "reads answered {:?}",
            self.reads
        );
    }
}

/// Asks all the time whether the server lives, is ready, and answers REST honestly.
struct Probe {
    seen: Arc<Mutex<BTreeMap<String, u32>>>,
    stop: CancellationToken,
}

impl Probe {
    fn start(api: &Api) -> Self {
        let (seen, stop) = (Arc::<Mutex<BTreeMap<String, u32>>>::default(), CancellationToken::new());
        let (api, book, ends) = (api.clone(), Arc::clone(&seen), stop.clone());
        let asking = async move {
            loop {
                for path in
                    ["/health/live", "/health/ready", "/api/v1/conversations?limit=1", "/api/v1/auth/me"]
                {
                    let answer =
                        api.get(path).await.map_or_else(|error| error, |(status, ..)| status.to_string());
                    *book.lock().unwrap().entry(format!("{path} {answer}")).or_default() += 1;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::spawn(async move { ends.run_until_cancelled(asking).await });
        Self { seen, stop }
    }

    fn end(self, server: &Server) {
        self.stop.cancel();
        let seen = self.seen.lock().unwrap().clone();
        println!("probes: {seen:?}");
        let honest = |answer: &String| match answer.rsplit_once(' ') {
            Some(("/health/live", status)) => status == "200",
            Some((_, status)) => matches!(status, "200" | "503"),
            None => false,
        };
        let odd: Vec<_> = seen.iter().filter(|(answer, _)| !honest(answer)).collect();
        assert!(odd.is_empty(), "dishonest answers: {odd:?}\n{}", server.said());
        assert!(
            seen.contains_key("/health/ready 503"),
            "readiness never told that PostgreSQL was away: {seen:?}"
        );
    }
}

/// The folder keeps its mode, and nothing in it is anybody else's to read.
fn assert_private(server: &Server) {
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode(&server.data), 0o700, "DATA_DIR");
    for entry in server.data.read_dir().unwrap().flatten() {
        let mode = mode(&entry.path());
        assert_eq!(mode & 0o077, 0, "{} has mode {mode:o}", entry.path().display());
    }
}
