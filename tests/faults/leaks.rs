//! What a node holds that nothing needs any more (I9): files and threads, and seats of sockets whose client is gone.

use crate::api::Api;
use crate::server::Server;
use crate::viewer;
use std::collections::HashSet;
use std::fs::read_to_string;
use std::path::PathBuf;
use std::time::Duration;
use switchboard::clock;
use tokio_postgres::Client;

/// Until what a fault has left is given back.
const GIVEN_BACK: Duration = Duration::from_secs(60);
/// Files more than in the calm: connections to Graph and Redis that come and go.
const FILES: i64 = 4;
/// Threads more than in the calm: blocking work keeps its own for ten seconds.
const THREADS: usize = 2;
/// Sessions of a node at the most: those of its pools and the journal's own.
const SESSIONS: i64 = 29;

/// What the nodes hold in the calm, before anything was broken.
#[derive(Debug, Clone, Copy)]
pub struct Calm {
    /// Without those of sessions and of connections that are established.
    files: i64,
    threads: usize,
    sessions: i64,
}

impl Calm {
    /// At the beginning: sessions of the harness, which are counted with the nodes', may still be ending.
    pub async fn at_first(nodes: &[Server], database: &Client) -> Self {
        let mut calm = Self::of(nodes, database).await;
        for _ in 0..4 {
            tokio::time::sleep(Duration::from_millis(25)).await;
            let now = Self::of(nodes, database).await;
            calm.files = calm.files.max(now.files);
            calm.threads = calm.threads.max(now.threads);
        }
        calm
    }

    async fn of(nodes: &[Server], database: &Client) -> Self {
        let sessions = local_sessions(database).await;
        let files: i64 = nodes.iter().map(|node| unexplained(node.pid())).sum();
        let threads = nodes.iter().map(|node| threads(node.pid())).max().unwrap_or(0);
        Self { files: files - sessions, threads, sessions }
    }

    /// Waits until the nodes hold no more than then; what they hold.
    pub async fn returns(
        &self,
        nodes: &[Server],
        api: &Api,
        database: &Client,
        said: &(dyn Fn() -> String + Sync),
    ) -> String {
        let begin = clock::monotonic();
        loop {
            let now = Self::of(nodes, database).await;
            let (sockets, clients) = (seats(nodes, api).await, viewer::open_sockets());
            let deserted: usize = nodes.iter().map(deserted).sum();
            let held = now.files <= self.files + FILES
                && now.threads <= self.threads + THREADS
                && now.sessions <= SESSIONS * i64::try_from(nodes.len()).unwrap()
                && sockets == Some(clients)
                && deserted == 0;
            if held {
                return format!("held {now:?} of {self:?}, {clients} sockets");
            }
            assert!(
                begin.elapsed() < GIVEN_BACK,
                "after {GIVEN_BACK:?} the nodes hold {now:?}, in the calm {self:?}; {sockets:?} seats for {clients} \
                 sockets, {deserted} connections whose client is gone\n{}",
                said()
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// Sockets that the nodes count, as the administrator asks them; none: one did not answer.
async fn seats(nodes: &[Server], api: &Api) -> Option<usize> {
    let mut sum = 0;
    for node in nodes {
        sum += api.at(&node.url).figure("switchboard_sockets").await?;
    }
    Some(sum)
}

/// Sessions of the nodes that are no TCP connection.
async fn local_sessions(database: &Client) -> i64 {
    let sessions = "select count(*) from pg_stat_activity where application_name = 'switchboard' and client_addr is null";
    database.query_one(sessions, &[]).await.expect("the sessions are counted").get(0)
}

/// Open files but TCP connections that are established: those come and go with clients.
fn unexplained(pid: i32) -> i64 {
    let established: HashSet<String> =
        connections(pid).into_iter().filter(|it| it.state == "01").map(|it| it.file).collect();
    let files = files(pid).into_iter().filter(|file| !established.contains(file.to_string_lossy().as_ref()));
    i64::try_from(files.count()).unwrap()
}

fn threads(pid: i32) -> usize {
    PathBuf::from(format!("/proc/{pid}/task")).read_dir().map_or(0, Iterator::count)
}

/// Connections that the node still serves, though the client has closed its side.
fn deserted(node: &Server) -> usize {
    let port: u16 = node.url.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
    serving(node.pid(), port, "08")
}

/// Established connections that the process serves at its port.
pub fn served(pid: i32, port: u16) -> usize {
    serving(pid, port, "01")
}

fn serving(pid: i32, port: u16, state: &str) -> usize {
    let files: HashSet<PathBuf> = files(pid).into_iter().collect();
    let served = connections(pid).into_iter().filter(|it| it.port == port && it.state == state);
    served.filter(|it| files.contains(&PathBuf::from(&it.file))).count()
}

/// A line of the kernel's table of connections.
struct Connection {
    /// Of our side.
    port: u16,
    /// In hexadecimal digits: 01 established, 08 closed by the peer only.
    state: String,
    /// As a link of an open file shows it.
    file: String,
}

/// All of the process's network, its own and others'.
fn connections(pid: i32) -> Vec<Connection> {
    let table = read_to_string(format!("/proc/{pid}/net/tcp")).unwrap_or_default();
    let lines = table.lines().skip(1).filter_map(|line| {
        let mut fields = line.split_whitespace();
        let port = u16::from_str_radix(fields.nth(1)?.rsplit(':').next()?, 16).ok()?;
        let state = fields.nth(1)?.to_owned();
        let file = format!("socket:[{}]", fields.nth(5)?);
        Some(Connection { port, state, file })
    });
    lines.collect()
}

fn files(pid: i32) -> Vec<PathBuf> {
    let files = PathBuf::from(format!("/proc/{pid}/fd"));
    let files = files.read_dir().into_iter().flatten().flatten();
    files.filter_map(|file| std::fs::read_link(file.path()).ok()).collect()
}
