//! `inbox.counted`: what `GET /conversations/counts` says, told to whoever has a socket open.

use crate::realtime::setup::{Client, eventually};
use crate::support::{TestApp, sample};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use switchboard::clock;

/// Someone with a socket.
struct Watcher {
    id: String,
    token: String,
    socket: Client,
}

impl Watcher {
    async fn new(app: &TestApp, token: &str, rooms: &[&str]) -> Self {
        let me = as_user(app, token, Method::GET, "/auth/me", None).await;
        let id = me["id"].as_str().or(me["user"]["id"].as_str()).expect("an id").to_owned();
        Self { id, token: token.to_owned(), socket: connect(app, token, rooms).await }
    }

    /// The next counts; in between come only other events of the user's rooms. The socket checks the chain.
    async fn counted(&mut self) -> Value {
        loop {
            let event = self.socket.next_of("event").await;
            if event["name"] == "inbox.counted" {
                assert_eq!(event["rooms"], json!([format!("user:{}", self.id)]));
                return event["data"].clone();
            }
        }
    }

    /// The next counts are these, and REST says the same.
    async fn sees(&mut self, app: &TestApp, [mine, unassigned, all, unread]: [i64; 4]) {
        let expected = json!({"mine": mine, "unassigned": unassigned, "all": all, "unread": unread});
        assert_eq!(self.counted().await, expected);
        assert_eq!(as_user(app, &self.token, Method::GET, "/conversations/counts", None).await, expected);
    }
}

async fn connect(app: &TestApp, token: &str, rooms: &[&str]) -> Client {
    let header = format!("Bearer {token}");
    let mut client = Client::open(app.app.address, &[("authorization", &header)]).await.expect("connects");
    client.hello(json!({"type": "hello", "rooms": rooms})).await;
    client
}

async fn as_user(app: &TestApp, token: &str, method: Method, path: &str, body: Option<Value>) -> Value {
    let mut request = app.http.request(method, format!("{}/api/v1{path}", app.base)).bearer_auth(token);
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = request.send().await.expect("an answer");
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
    answer.json().await.expect("JSON")
}

/// A colleague's bearer token.
async fn agent(app: &TestApp) -> String {
    let form =
        json!({"email": "bo@example.test", "name": "Bo", "role": "agent", "password": "another long one"});
    let (status, body) = app.call(Method::POST, "/users", Some(form)).await;
    assert_eq!(status, 201, "{body}");
    app.sign_in("bo@example.test", "another long one").await
}

async fn conversation_of(app: &TestApp, name: &str) -> String {
    let list = app.fetch("/conversations?status=all").await;
    let items = list["items"].as_array().expect("items");
    let found = items.iter().find(|item| item["customer"]["name"].as_str().is_some_and(|n| n.contains(name)));
    format!("/conversations/{}", found.expect("a conversation")["id"].as_str().expect("an id"))
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_follow_every_change() {
    let app = TestApp::start().await;
    let agent = agent(&app).await;
    let mut ada = Watcher::new(&app, &app.token, &["inbox"]).await;
    let mut bo = Watcher::new(&app, &agent, &[]).await;
    for user in [&mut ada, &mut bo] {
        user.sees(&app, [0, 0, 0, 0]).await;
    }
    for (n, file) in [(1, "whatsapp/text_tr.json"), (2, "whatsapp/text_ar.json")] {
        assert_eq!(app.deliver("whatsapp", &sample(file)).await, 200);
        for user in [&mut ada, &mut bo] {
            user.sees(&app, [0, n, n, n]).await;
        }
    }
    let first = conversation_of(&app, "Ayşe").await;
    app.call(Method::PATCH, &first, Some(json!({"assignee_id": bo.id}))).await;
    ada.sees(&app, [0, 1, 2, 2]).await;
    bo.sees(&app, [1, 1, 2, 2]).await;
    let messages = app.fetch(&format!("{first}/messages")).await;
    let read = json!({"message_id": messages["items"][0]["id"]});
    assert_eq!(app.call(Method::POST, &format!("{first}/read"), Some(read)).await.0, 204);
    ada.sees(&app, [0, 1, 2, 1]).await;
    bo.sees(&app, [1, 1, 2, 1]).await;
    app.call(Method::PATCH, &first, Some(json!({"status": "resolved"}))).await;
    for user in [&mut ada, &mut bo] {
        user.sees(&app, [0, 1, 1, 1]).await;
    }
    // Whoever was away and comes back is told, though nothing has changed.
    drop((ada, bo));
    eventually("the sockets are gone", async || app.app.hub.sockets() == 0).await;
    Watcher::new(&app, &agent, &["inbox"]).await.sees(&app, [0, 1, 1, 1]).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_come_at_most_twice_a_second_and_end_right() {
    let app = TestApp::start().await;
    assert_eq!(app.deliver("whatsapp", &sample("whatsapp/text_tr.json")).await, 200);
    app.settle().await;
    let mut ada = Watcher::new(&app, &app.token, &["inbox"]).await;
    ada.sees(&app, [0, 1, 1, 1]).await;
    let path = conversation_of(&app, "Ayşe").await;
    let begin = clock::monotonic();
    for n in 0..61 {
        let assignee = if n % 2 == 0 { json!(ada.id) } else { Value::Null };
        app.call(Method::PATCH, &path, Some(json!({"assignee_id": assignee}))).await;
    }
    let mut told = Vec::new();
    while let Ok(counts) = tokio::time::timeout(Duration::from_millis(1500), ada.counted()).await {
        told.push(counts);
    }
    let seconds = begin.elapsed().as_secs_f64() - 1.5;
    assert!(!told.is_empty() && told.len() as f64 <= 2.0 * seconds + 2.0, "{} in {seconds} s", told.len());
    assert_eq!(told.last(), Some(&json!({"mine": 1, "unassigned": 0, "all": 1, "unread": 1})));
    assert!(told.windows(2).all(|two| two[0] != two[1]), "the same counts are not told again");
    app.end().await;
}
