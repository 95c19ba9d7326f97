//! F-35: a node with little memory, little processor, and few files.

use super::Outcome;
use crate::random::Random;
use crate::scene::{Scene, graph, setup};
use crate::server::Server;
use crate::service::Postgres;
use std::path::PathBuf;
use std::time::Duration;
use tokio::net::TcpStream;

/// Bytes of memory, and microseconds of processor in each 100,000.
const MEMORY: &str = "268435456";
const PROCESSOR: &str = "20000";
const FILES: usize = 512;

/// A control group in one hierarchy of version 1.
struct Group(PathBuf);

impl Group {
    fn new(kind: &str, file: &str, limit: &str) -> Result<Self, String> {
        let path = PathBuf::from(format!("/sys/fs/cgroup/{kind}/faults{}", std::process::id()));
        let made = std::fs::create_dir(&path).and_then(|()| std::fs::write(path.join(file), limit));
        made.map_err(|error| format!("cgroup v1 {kind}: {error}"))?;
        Ok(Self(path))
    }

    fn enter(&self, pid: i32) {
        std::fs::write(self.0.join("cgroup.procs"), pid.to_string()).unwrap();
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Empty only when its process has ended, a moment after it was killed.
        for _ in 0..50 {
            if std::fs::remove_dir(&self.0).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

pub async fn little(random: Random) -> Outcome {
    let groups = Group::new("memory", "memory.limit_in_bytes", MEMORY)
        .and_then(|memory| Ok([memory, Group::new("cpu", "cpu.cfs_quota_us", PROCESSOR)?]));
    let groups = match groups {
        Ok(groups) => groups,
        Err(problem) => return Outcome::NotRun(problem),
    };
    let (postgres, graph) = (Postgres::start(None).await, graph().await);
    let mut setup = setup(&graph);
    setup.settings.push(("DATABASE_URL", postgres.url()));
    setup.before = ["prlimit".to_owned(), format!("--nofile={FILES}")].into();
    let node = Server::start(setup).await;
    groups.iter().for_each(|group| group.enter(node.pid()));
    let mut scene = Scene::of(vec![node], Some(postgres), None, graph, &random).await;
    scene.flows(30).await;
    // More connections than files: those that are let in go on, and when the others leave, all is as before.
    let host = scene.nodes[0].url.trim_start_matches("http://").to_owned();
    for _ in 0..3 {
        let mut idle = Vec::new();
        for _ in 0..FILES + 200 {
            if let Ok(Ok(socket)) =
                tokio::time::timeout(Duration::from_secs(1), TcpStream::connect(&host)).await
            {
                idle.push(socket);
            }
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
        drop(idle);
        scene.flows(30).await;
        assert!(scene.node().is_alive(), "it ended without files\n{}", scene.said());
    }
    let mut random = scene.random.fork();
    scene.sender.faster(60, &mut random);
    scene.flows(200).await;
    assert!(scene.node().is_alive(), "it ended under load\n{}", scene.said());
    // The judgement is not about speed.
    for (group, (file, limit)) in
        groups.iter().zip([("memory.limit_in_bytes", MEMORY), ("cpu.cfs_quota_us", "-1")])
    {
        std::fs::write(group.0.join(file), limit).unwrap();
    }
    let figures = scene.end().await;
    Outcome::Held(figures)
}
