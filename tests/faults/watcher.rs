//! Many sockets that keep no view: each checks the chain of its events (I5), comes back by its cursor, and ends where the
//! log ends. Some read slowly, some not at all.

use crate::api::Api;
use crate::viewer::{Socket, next, open};
use serde::Deserialize;
use serde_json::json;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use switchboard::clock;
use tokio_util::sync::CancellationToken;

/// The first wait before coming back; doubled each time, and jittered.
const RETRY: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(2);

/// How a watcher reads while [`Watchers::stall`] is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    AsItComes,
    /// Not at all.
    Never,
    /// A frame now and then.
    Slowly,
}

#[derive(Debug, Default, Clone)]
pub struct Watched {
    pub cursor: i64,
    pub events: u64,
    pub connections: u32,
    pub live: bool,
    pub faults: Vec<String>,
}

pub struct Watchers {
    all: Vec<Arc<Mutex<Watched>>>,
    stalled: Arc<Mutex<bool>>,
    stop: CancellationToken,
}

#[derive(Deserialize)]
struct Frame {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    seq: i64,
    #[serde(default)]
    prev: i64,
    resumed: Option<bool>,
}

impl Watchers {
    /// From where the log of the tenant stands now; shared among these users.
    pub async fn open(users: &[Api], readings: &[Reading]) -> Self {
        let (_, from, _) = users[0].get("/api/v1/conversations?limit=1").await.expect("the list is answered");
        let (stop, stalled) = (CancellationToken::new(), Arc::<Mutex<bool>>::default());
        let mut all = Vec::new();
        for (place, reading) in readings.iter().enumerate() {
            let watched = Arc::new(Mutex::new(Watched { cursor: from, ..Watched::default() }));
            all.push(Arc::clone(&watched));
            let watcher = Watcher {
                api: users[place % users.len()].clone(),
                watched,
                reading: *reading,
                stalled: Arc::clone(&stalled),
            };
            let ends = stop.clone();
            tokio::spawn(async move { ends.run_until_cancelled(watcher.live()).await });
        }
        Self { all, stalled, stop }
    }

    /// Whether slow ones are slow.
    pub fn stall(&self, on: bool) {
        *self.stalled.lock().unwrap() = on;
    }

    pub fn state(&self) -> Vec<Watched> {
        self.all.iter().map(|watched| watched.lock().unwrap().clone()).collect()
    }

    /// Waits until so many have a socket; how long that took.
    pub async fn live(&self, count: usize, patience: Duration, said: impl Fn() -> String) -> Duration {
        let begin = clock::monotonic();
        loop {
            let live = self.state().iter().filter(|watched| watched.live).count();
            if live >= count {
                return begin.elapsed();
            }
            assert!(
                begin.elapsed() < patience,
                "{live} of {count} sockets are open after {patience:?}\n{}",
                said()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until all stand at that place of the log; no chain was broken.
    pub async fn arrive(&self, seq: i64, patience: Duration, said: impl Fn() -> String) -> Duration {
        let begin = clock::monotonic();
        loop {
            let state = self.state();
            let faults: Vec<&String> = state.iter().flat_map(|watched| &watched.faults).take(5).collect();
            assert!(faults.is_empty(), "sockets saw {faults:#?}\n{}", said());
            let behind: Vec<(i64, u32, bool)> = state
                .iter()
                .filter(|watched| watched.cursor < seq)
                .map(|watched| (watched.cursor, watched.connections, watched.live))
                .collect();
            if behind.is_empty() {
                return begin.elapsed();
            }
            assert!(
                begin.elapsed() < patience,
                "{} sockets are behind {seq}: {:?}\n{}",
                behind.len(),
                &behind[..behind.len().min(10)],
                said()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Watchers {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

struct Watcher {
    api: Api,
    watched: Arc<Mutex<Watched>>,
    reading: Reading,
    stalled: Arc<Mutex<bool>>,
}

impl Watcher {
    async fn live(self) {
        let mut wait = RETRY;
        loop {
            if let Some(socket) = self.connect().await {
                wait = RETRY;
                self.listen(socket).await;
                self.watched.lock().unwrap().live = false;
            }
            tokio::time::sleep(wait.mul_f64(0.5 + rand::random::<f64>())).await;
            wait = (wait * 2).min(LONGEST);
        }
    }

    async fn connect(&self) -> Option<Socket> {
        let mut socket = open(&self.api).await?;
        let from = self.watched.lock().unwrap().cursor;
        let hello = json!({ "type": "hello", "rooms": ["inbox"], "resume_from": from });
        socket.send(&hello).await?;
        let welcome: Frame = serde_json::from_str(&next(&mut socket).await?).ok()?;
        let mut watched = self.watched.lock().unwrap();
        if welcome.resumed != Some(true) {
            watched.faults.push(format!("not resumed from {from}: {}", welcome.kind));
            return None;
        }
        watched.connections += 1;
        watched.live = true;
        Some(socket)
    }

    async fn listen(&self, mut socket: Socket) {
        loop {
            while self.reading == Reading::Never && *self.stalled.lock().unwrap() {
                tokio::time::sleep(RETRY).await;
            }
            if self.reading == Reading::Slowly && *self.stalled.lock().unwrap() {
                tokio::time::sleep(RETRY * 10).await;
            }
            let Some(text) = next(&mut socket).await else { return };
            let Ok(frame) = serde_json::from_str::<Frame>(&text) else { return };
            if !matches!(frame.kind.as_str(), "event" | "beat") {
                continue;
            }
            let mut watched = self.watched.lock().unwrap();
            let at = watched.cursor;
            if frame.prev != at || frame.seq < at || (frame.kind == "event" && frame.seq == at) {
                watched.faults.push(format!("the chain stood at {at}: {} to {}", frame.prev, frame.seq));
            }
            watched.cursor = frame.seq;
            watched.events += u64::from(frame.kind == "event");
        }
    }
}
