//! A client that shows only what it was told: a snapshot, then events, over every crash; and the fresh load that it is
//! compared with.

use super::random::Random;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use switchboard::clock;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use tokio_util::sync::CancellationToken;

use crate::support::{EMAIL, PASSWORD};

/// Between two tries to come back.
const RETRY: Duration = Duration::from_millis(100);
/// No frame for so long: the client reconnects (`heartbeat_s`).
const HEARTBEAT: Duration = Duration::from_secs(25);
/// Until the view is what a fresh one is, once nothing moves any more.
const CONVERGENCE: Duration = Duration::from_secs(10);
/// Until a request of the client is answered at all.
const PATIENCE: Duration = Duration::from_secs(8);

/// What is on the screen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct View {
    pub conversations: BTreeMap<String, Value>,
    pub messages: BTreeMap<String, Value>,
}

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

/// A signed-in way to the server.
#[derive(Clone)]
pub struct Api {
    http: reqwest::Client,
    pub url: String,
    pub token: String,
}

pub struct Viewer {
    pub course: Arc<Mutex<Course>>,
    stop: CancellationToken,
}

impl Api {
    pub async fn sign_in(url: &str) -> Self {
        let http = reqwest::Client::builder().timeout(PATIENCE).build().unwrap();
        let answer = http
            .post(format!("{url}/api/v1/auth/login"))
            .json(&json!({ "email": EMAIL, "password": PASSWORD }))
            .send()
            .await
            .expect("the sign-in is answered");
        assert_eq!(answer.status(), 200, "sign-in");
        let token = answer.json::<Value>().await.unwrap()["access_token"].as_str().unwrap().to_owned();
        Self { http, url: url.to_owned(), token }
    }

    /// Status, `Switchboard-Seq` and body of a `GET`; an error when there is no answer.
    pub async fn get(&self, path: &str) -> Result<(u16, i64, Value), String> {
        let sent = self.http.get(format!("{}{path}", self.url)).bearer_auth(&self.token).send().await;
        let answer = sent.map_err(|error| format!("GET {path}: {error}"))?;
        let status = answer.status().as_u16();
        let seq = answer.headers().get("switchboard-seq").and_then(|seq| seq.to_str().ok()?.parse().ok());
        let body = answer.json().await.unwrap_or(Value::Null);
        Ok((status, seq.unwrap_or(-1), body))
    }

    pub async fn post(&self, path: &str, body: &Value) -> Result<u16, String> {
        let request = self.http.post(format!("{}{path}", self.url)).bearer_auth(&self.token).json(body);
        Ok(request.send().await.map_err(|error| error.to_string())?.status().as_u16())
    }

    /// All pages of a list, and the lowest `seq` that one of them shows.
    async fn list(&self, path: &str) -> Result<(i64, Vec<Value>), String> {
        let (mut all, mut cursor, mut lowest) = (Vec::new(), String::new(), i64::MAX);
        for _ in 0..100 {
            let (status, seq, mut body) = self.get(&format!("/api/v1{path}&limit=200{cursor}")).await?;
            if status != 200 || seq < 0 {
                return Err(format!("GET {path}: {status}, seq {seq}: {body}"));
            }
            lowest = lowest.min(seq);
            all.append(body["items"].as_array_mut().ok_or("no items")?);
            match body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return Ok((lowest, all)),
            }
        }
        Err(format!("GET {path}: more than 100 pages"))
    }

    /// What a client that has just been opened shows, and the `seq` up to which that is complete.
    pub async fn load(&self) -> Result<(i64, View), String> {
        let (mut lowest, conversations) = self.list("/conversations?status=all").await?;
        let mut view = View::default();
        for conversation in conversations {
            let id = conversation["id"].as_str().unwrap().to_owned();
            let (seq, messages) = self.list(&format!("/conversations/{id}/messages?")).await?;
            lowest = lowest.min(seq);
            messages.iter().for_each(|message| put(&mut view.messages, message));
            view.conversations.insert(id, conversation);
        }
        Ok((lowest, view))
    }

    /// Reads a conversation up to its last message, as an agent does. The answer may be anything while there is a crash.
    pub async fn read_some(&self, course: &Mutex<Course>, random: &mut Random) -> Option<u16> {
        let path_and_body = {
            let course = course.lock().unwrap();
            let place = random.below(course.view.conversations.len());
            let (id, conversation) = course.view.conversations.iter().nth(place)?;
            let message = conversation["last_message"]["id"].as_str()?;
            (format!("/api/v1/conversations/{id}/read"), json!({ "message_id": message }))
        };
        self.post(&path_and_body.0, &path_and_body.1).await.ok()
    }
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

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

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
        let address = self.api.url.replacen("http", "ws", 1);
        let mut request = format!("{address}/api/v1/realtime").into_client_request().unwrap();
        let bearer = format!("Bearer {}", self.api.token);
        request.headers_mut().insert("authorization", bearer.parse().unwrap());
        let connecting = tokio::time::timeout(PATIENCE, tokio_tungstenite::connect_async(request));
        let (mut socket, _) = connecting.await.ok()?.ok()?;
        let (from, epoch) = {
            let course = self.course.lock().unwrap();
            (course.cursor, course.epoch)
        };
        let hello = json!({ "type": "hello", "rooms": ["inbox"], "resume_from": from, "epoch": epoch });
        socket.send(Message::text(hello.to_string())).await.ok()?;
        let welcome = next(&mut socket).await?;
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
        while let Some(frame) = next(&mut socket).await {
            let mut course = self.course.lock().unwrap();
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

/// The next text frame as JSON; none: the socket ended, or was silent too long.
async fn next(socket: &mut Socket) -> Option<Value> {
    loop {
        match tokio::time::timeout(HEARTBEAT, socket.next()).await.ok()??.ok()? {
            Message::Text(text) => return serde_json::from_str(&text).ok(),
            Message::Close(_) => return None,
            _ => {}
        }
    }
}

impl View {
    /// `message.*`, `conversation.*` and `customer.*` hold full shapes; an older one never replaces a newer one.
    fn apply(&mut self, data: &Value) {
        if data["conversation"].is_object() {
            put(&mut self.conversations, &data["conversation"]);
        }
        if data["message"].is_object() {
            put(&mut self.messages, &data["message"]);
        }
        let customer = &data["customer"];
        if customer.is_object() {
            for conversation in self.conversations.values_mut() {
                if conversation["customer"]["id"] == customer["id"] {
                    conversation["customer"]["name"] = customer["name"].clone();
                    conversation["customer"]["phone"] = customer["phone"].clone();
                }
            }
        }
    }
}

fn put(records: &mut BTreeMap<String, Value>, record: &Value) {
    let id = record["id"].as_str().unwrap_or_default().to_owned();
    let version = |record: &Value| record["version"].as_i64().unwrap_or(-1);
    if records.get(&id).is_none_or(|known| version(known) <= version(record)) {
        records.insert(id, record.clone());
    }
}

/// The first record in which two views differ.
fn difference(shown: &View, fresh: &View) -> Option<String> {
    for (what, shown, fresh) in [
        ("conversation", &shown.conversations, &fresh.conversations),
        ("message", &shown.messages, &fresh.messages),
    ] {
        for (id, record) in fresh {
            match shown.get(id) {
                None => return Some(format!("{what} {id} was never told: {record}")),
                Some(told) if told != record => return Some(format!("{what}: shown {told}, fresh {record}")),
                Some(_) => {}
            }
        }
        if let Some(id) = shown.keys().find(|id| !fresh.contains_key(*id)) {
            return Some(format!("{what} {id} is shown, but is not there"));
        }
    }
    None
}
