//! A client that shows only what it was told: a snapshot, then events, over every crash; and the fresh load that it is
//! compared with.

use crate::api::{Api, PATIENCE};
use crate::platform::WORDS;
use crate::view::{View, difference};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use switchboard::clock;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use tokio_util::sync::CancellationToken;

/// Between two tries to come back.
const RETRY: Duration = Duration::from_millis(100);
/// No frame for so long: the client reconnects (`heartbeat_s`).
const HEARTBEAT: Duration = Duration::from_secs(25);
/// Until the view is what a fresh one is, once nothing moves any more.
const CONVERGENCE: Duration = Duration::from_secs(10);

/// What happened to the client so far.
#[derive(Debug, Default)]
pub struct Course {
    pub view: View,
    /// The `seq` of the last event or beat; the snapshot's before the first.
    pub cursor: i64,
    pub epoch: Option<i64>,
    pub connections: u32,
    /// A socket is open and was welcomed.
    pub live: bool,
    pub resumed: u32,
    pub loads: u32,
    pub events: u64,
    /// What no client may ever see.
    pub faults: Vec<String>,
}

pub struct Viewer {
    pub course: Arc<Mutex<Course>>,
    stop: CancellationToken,
}

impl Viewer {
    /// Opens the client; it comes back after each crash until it is stopped.
    pub fn open(api: &Api) -> Self {
        let (course, stop) = (Arc::<Mutex<Course>>::default(), CancellationToken::new());
        let (client, ends) = (Client { api: api.clone(), course: Arc::clone(&course) }, stop.clone());
        tokio::spawn(async move { ends.run_until_cancelled(client.live()).await });
        Self { course, stop }
    }

    /// Waits until the client has a socket.
    pub async fn comes_back(&self, said: impl Fn() -> String) {
        let begin = clock::monotonic();
        while !self.course.lock().unwrap().live {
            assert!(begin.elapsed() < CONVERGENCE, "the client never got a socket again\n{}", said());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until the client shows exactly what a fresh one shows.
    pub async fn converges(&self, api: &Api, said: impl Fn() -> String) {
        let begin = clock::monotonic();
        loop {
            let fresh = api.load().await;
            let problem = match &fresh {
                Ok((seq, fresh)) => {
                    let course = self.course.lock().unwrap();
                    match difference(&course.view, fresh) {
                        None => return,
                        Some(difference) => format!("at {} of {seq}: {difference}", course.cursor),
                    }
                }
                Err(problem) => problem.clone(),
            };
            assert!(
                begin.elapsed() < CONVERGENCE,
                "the client never showed what a fresh one shows: {problem}\n{}",
                said()
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

impl Drop for Viewer {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

struct Client {
    api: Api,
    course: Arc<Mutex<Course>>,
}

/// Sockets of all clients that are open, as they see it.
static OPEN: AtomicUsize = AtomicUsize::new(0);

pub fn open_sockets() -> usize {
    OPEN.load(Ordering::SeqCst)
}

pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    pub async fn send(&mut self, frame: &Value) -> Option<()> {
        self.0.send(Message::text(frame.to_string())).await.ok()
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        OPEN.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Client {
    async fn live(self) {
        let mut loaded = false;
        loop {
            if !loaded {
                loaded = self.load().await;
            } else if let Some((socket, prev)) = self.connect().await {
                self.listen(socket, prev).await;
                self.course.lock().unwrap().live = false;
                continue;
            }
            tokio::time::sleep(RETRY).await;
        }
    }

    async fn load(&self) -> bool {
        let Ok((seq, view)) = self.api.load().await else { return false };
        let mut course = self.course.lock().unwrap();
        (course.view, course.cursor) = (view, seq);
        course.loads += 1;
        true
    }

    /// A socket that was welcomed where the client stands, and the `prev` of its first event.
    async fn connect(&self) -> Option<(Socket, i64)> {
        let mut socket = open(&self.api).await?;
        let (from, epoch) = {
            let course = self.course.lock().unwrap();
            (course.cursor, course.epoch)
        };
        let hello = json!({ "type": "hello", "rooms": ["inbox"], "resume_from": from, "epoch": epoch });
        socket.send(&hello).await?;
        let welcome: Value = serde_json::from_str(&next(&mut socket).await?).ok()?;
        let mut course = self.course.lock().unwrap();
        if welcome["type"] != "welcome" {
            course.faults.push(format!("not welcomed: {welcome}"));
            return None;
        }
        course.connections += 1;
        course.live = true;
        if welcome["resumed"] == true {
            course.resumed += 1;
        } else {
            // A client would load again and go on; but nothing was lost and the log is young, so there is no reason.
            course.faults.push(format!("not resumed from {from} of epoch {epoch:?}: {welcome}"));
            return None;
        }
        if !welcome["denied"].as_array().is_some_and(Vec::is_empty) {
            course.faults.push(format!("denied: {welcome}"));
        }
        course.epoch = welcome["epoch"].as_i64();
        Some((socket, from))
    }

    /// Applies events until the socket ends.
    async fn listen(&self, mut socket: Socket, mut prev: i64) {
        while let Some(text) = next(&mut socket).await {
            let Ok(frame) = serde_json::from_str::<Value>(&text) else { return };
            let mut course = self.course.lock().unwrap();
            if text.contains(WORDS[1 - self.api.tenant]) {
                course.faults.push(format!("the other tenant's: {frame}"));
            }
            let kind = frame["type"].as_str().unwrap_or_default();
            if !matches!(kind, "event" | "beat") {
                if kind == "error" {
                    course.faults.push(format!("refused: {frame}"));
                }
                continue;
            }
            let (seq, told) = (frame["seq"].as_i64().unwrap_or(-1), frame["prev"].as_i64().unwrap_or(-1));
            if told != prev || seq < prev || (kind == "event" && seq == prev) {
                course.faults.push(format!("the chain stood at {prev}: {frame}"));
            }
            (prev, course.cursor) = (seq, seq);
            if kind == "event" {
                course.events += 1;
                course.view.apply(&frame["data"]);
            }
        }
    }
}

/// A socket, before its `hello`.
pub async fn open(api: &Api) -> Option<Socket> {
    let address = api.url.replacen("http", "ws", 1);
    let mut request = format!("{address}/api/v1/realtime").into_client_request().unwrap();
    request.headers_mut().insert("authorization", format!("Bearer {}", api.token()).parse().unwrap());
    let connecting = tokio::time::timeout(PATIENCE, tokio_tungstenite::connect_async(request));
    match connecting.await.ok()? {
        Ok((socket, _)) => {
            OPEN.fetch_add(1, Ordering::SeqCst);
            Some(Socket(socket))
        }
        Err(Error::Http(answer)) if answer.status() == 401 => {
            api.renew().await;
            None
        }
        Err(_) => None,
    }
}

/// The next text frame; none: the socket ended, or was silent too long.
pub async fn next(socket: &mut Socket) -> Option<String> {
    loop {
        match tokio::time::timeout(HEARTBEAT, socket.0.next()).await.ok()??.ok()? {
            Message::Text(text) => return Some(text.to_string()),
            Message::Close(_) => return None,
            _ => {}
        }
    }
}
