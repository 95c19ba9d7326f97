//! Nothing is left: of a socket, of a node, of the whole run.

use crate::client::Client;
use crate::stage::{Stage, WAIT, eventually};
use parking_lot::Mutex;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use switchboard::clock;
use tokio::task::JoinSet;

/// Descriptors that may be more than before. Now and then two or three are, whose owner was not found; an `epoll` and an
/// `eventfd` are among them. A leak by the socket is seen all the same: there are hundreds.
const SLACK: usize = 6;

/// What the process was before the first scenario.
pub static BASE: Mutex<Option<Process>> = Mutex::new(None);

/// What a process holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Process {
    /// Of the runtime that runs the nodes.
    tasks: usize,
    descriptors: usize,
    threads: usize,
}

impl Process {
    pub fn look() -> Self {
        let count = |path: &str| std::fs::read_dir(path).map_or(0, Iterator::count);
        let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
        Self { tasks, descriptors: count("/proc/self/fd"), threads: count("/proc/self/task") }
    }
}

/// Ends a socket in one of the ways in which sockets end.
async fn end(mut client: Client, way: u64) {
    match way {
        0 => drop(client),
        1 => {
            client.ws.close(None).await.expect("closes");
            client.closed().await;
        }
        2 => {
            client.raw(&[0x81, 0x02, b'{', b'}']).await.expect("writes");
            client.closed().await;
        }
        3 => {
            client.raw(&[0x81, 0xfe, 0x01]).await.expect("writes");
        }
        4 => {
            client.raw(&[0x89, 0x80, 0, 0, 0, 0].repeat(100)).await.expect("writes");
            client.closed().await;
        }
        _ => {
            client.send(json!({"type": "join", "room": "inbox"})).await;
        }
    }
}

pub async fn every_sort_of_end_gives_its_place_back(stage: Arc<Stage>) {
    let (_bus, [node, other]) = stage.nodes::<2>().await;
    let mut watcher = other.socket(&stage.bob, &["inbox"]).await;
    let users = stage.users(5).await;
    let mut ending = JoinSet::new();
    for n in 0..90 {
        let (node, user, way) = (Arc::clone(&node), users[n % 5].clone(), stage.random.below(6));
        let hello = stage.random.percent(80);
        ending.spawn(async move {
            let mut client = node.connect(&user).await.expect("connects");
            if hello {
                client.hello(json!({"type": "hello", "rooms": ["inbox"]})).await;
            }
            end(client, way).await;
        });
    }
    ending.join_all().await;
    eventually("no socket is left", async || node.hub.sockets() == 0).await;
    assert!(node.hub.local_users().is_empty() && node.hub.sessions().is_empty());
    // The other node has seen them all go.
    let mut here = std::collections::BTreeSet::new();
    let mut people = other.socket(&stage.bob, &["inbox"]).await.welcome["presence"]["inbox"].clone();
    eventually("only Bob is left", async || {
        people = other.socket(&stage.bob, &["inbox"]).await.welcome["presence"]["inbox"].clone();
        people.as_array().is_some_and(|people| people.len() == 1)
    })
    .await;
    let seq = other.emit(stage.tenant, &["inbox"], 1).await;
    while watcher.seq < seq {
        let frame = watcher.next().await;
        for person in frame["joined"].as_array().into_iter().flatten() {
            assert!(here.insert(person["user_id"].to_string()), "came twice");
        }
        for person in frame["left"].as_array().into_iter().flatten() {
            assert!(here.remove(&person["user_id"].to_string()), "went twice");
        }
    }
    assert!(here.is_empty(), "{here:?}");
}

/// A little of everything, for a run of the last scenarios alone.
async fn traffic(stage: &Arc<Stage>) {
    let node = stage.node().await;
    for way in (0..6).cycle().take(24) {
        let mut client = node.socket(&stage.ada, &["inbox"]).await;
        node.emit(stage.tenant, &["inbox"], 1).await;
        client.number().await;
        end(client, way).await;
    }
    drop(node);
    Arc::clone(stage).end(true).await;
}

pub async fn the_gauge_is_back_at_zero(stage: Arc<Stage>) {
    traffic(&stage).await;
    let gauge = || {
        let text = switchboard::telemetry::metrics().expect("metrics").render();
        text.lines().find(|line| line.starts_with("switchboard_sockets ")).expect("the gauge").to_owned()
    };
    eventually("the gauge counts no socket", async || gauge() == "switchboard_sockets 0").await;
}

pub async fn no_task_and_no_descriptor_is_left(stage: Arc<Stage>) {
    traffic(&stage).await;
    let base = BASE.lock().expect("looked before the first scenario");
    // The pool of this stage's own is still open: its connections are counted off.
    let within = |now: Process| {
        let (_, open) = stage.db.usage();
        now.tasks <= base.tasks + open
            && now.descriptors <= base.descriptors + open + SLACK
            && now.threads <= base.threads + 2
    };
    let end = clock::monotonic() + WAIT + Duration::from_secs(8);
    let mut now = Process::look();
    while !within(now) && clock::monotonic() < end {
        tokio::time::sleep(Duration::from_millis(50)).await;
        now = Process::look();
    }
    assert!(
        within(now),
        "{base:?} before, {now:?} after, {:?} of the pool: {:?}",
        stage.db.usage(),
        descriptors()
    );
}

/// What is open, for the message.
fn descriptors() -> Vec<String> {
    let entries = std::fs::read_dir("/proc/self/fd").into_iter().flatten().flatten();
    entries.filter_map(|entry| Some(std::fs::read_link(entry.path()).ok()?.display().to_string())).collect()
}
