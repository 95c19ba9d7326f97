//! A server without anybody in it, and browsers that keep cookies.

use crate::support::database::{Template, TestDatabase};
use crate::support::{config, graph::FakeGraph};
use futures_util::{SinkExt, StreamExt};
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;
use switchboard::db::Db;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

pub(super) const PASSWORD: &str = "correct horse battery";

type Socket = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

pub(super) struct App {
    pub(super) base: String,
    pub(super) db: Db,
    pub(super) setup_token: Option<String>,
    app: switchboard::app::App,
    database: TestDatabase,
    http: reqwest::Client,
}

impl App {
    pub(super) async fn start() -> Self {
        Self::with(&[("RATE_LIMITS", "off")]).await
    }

    /// With an administrator `ada@example.com`.
    pub(super) async fn with_admin() -> Self {
        Self::with(&[
            ("RATE_LIMITS", "off"),
            ("ADMIN_EMAIL", "Ada@Example.com"),
            ("ADMIN_PASSWORD", PASSWORD),
        ])
        .await
    }

    /// With limits and nobody, if not set otherwise.
    pub(super) async fn with(settings: &[(&'static str, &str)]) -> Self {
        let database = TestDatabase::create(Template::Empty).await;
        let graph = FakeGraph::new().await;
        let usual = [("RATE_LIMITS", "on"), ("ADMIN_EMAIL", ""), ("ADMIN_PASSWORD", "")];
        let settings =
            usual.iter().chain(settings).map(|(key, value)| (*key, (*value).to_owned())).collect::<Vec<_>>();
        let app = switchboard::app::App::start(config(&database, &graph, &settings))
            .await
            .expect("the server starts");
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        let setup_token = app.setup_token.as_ref().map(|token| token.expose_secret().to_owned());
        Self { base: format!("http://{}", app.address), db: app.db.clone(), setup_token, app, database, http }
    }

    pub(super) async fn end(self) {
        self.app.kill().await;
        self.database.drop().await;
    }

    /// A browser on the app's page.
    pub(super) fn browser(&self) -> Browser {
        let headers = vec![("sec-fetch-site".to_owned(), "same-origin".to_owned())];
        Browser { http: self.http.clone(), base: self.base.clone(), cookies: BTreeMap::new(), headers }
    }

    /// A program without cookies.
    pub(super) fn program(&self) -> Browser {
        Browser {
            http: self.http.clone(),
            base: self.base.clone(),
            cookies: BTreeMap::new(),
            headers: Vec::new(),
        }
    }

    pub(super) async fn signed_in(&self) -> Browser {
        let mut browser = self.browser();
        let answer = browser.login("ada@example.com", PASSWORD).await;
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        browser
    }

    /// Changes what only time changes.
    pub(super) async fn sql(&self, statement: &str) {
        self.database.owner().batch_execute(statement).await.expect("runs");
    }

    /// A socket that is welcome.
    pub(super) async fn socket(&self, token: &str) -> Socket {
        let address = self.base.replace("http://", "ws://") + "/api/v1/realtime";
        let mut request = address.into_client_request().expect("an address");
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().expect("a header"));
        let (mut socket, _) = tokio_tungstenite::connect_async(request).await.expect("a handshake");
        socket.send(Message::text(r#"{"type":"hello","rooms":["inbox"]}"#)).await.expect("sent");
        let welcome = socket.next().await.expect("a frame").expect("a frame");
        assert!(welcome.to_text().expect("text").contains("welcome"), "{welcome}");
        socket
    }

    /// The code that a socket is closed with, within two seconds.
    pub(super) async fn closed(&self, socket: &mut Socket) -> u16 {
        let close = async {
            loop {
                if let Message::Close(frame) =
                    socket.next().await.expect("open until it is closed").expect("a frame")
                {
                    return frame.expect("a code").code.into();
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(2), close).await.expect("closed within two seconds")
    }
}

#[derive(Clone)]
pub(super) struct Browser {
    http: reqwest::Client,
    base: String,
    pub(super) cookies: BTreeMap<String, String>,
    pub(super) headers: Vec<(String, String)>,
}

#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: reqwest::header::HeaderMap,
    pub(super) body: Value,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    pub(super) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or("")
    }

    /// Name and whole text of each cookie set.
    pub(super) fn set_cookies(&self) -> BTreeMap<String, String> {
        let all = self.headers.get_all("set-cookie").iter().map(|value| value.to_str().expect("text"));
        all.map(|text| (text.split('=').next().expect("a name").to_owned(), text.to_owned())).collect()
    }
}

impl Browser {
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(key, _)| key != name);
        if !value.is_empty() {
            self.headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    pub(super) fn without_cookies(mut self) -> Self {
        self.cookies.clear();
        self
    }

    pub(super) async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub(super) async fn post(&mut self, path: &str, body: Value) -> Answer {
        let body = if body.is_null() { None } else { Some(body.to_string()) };
        self.send(Method::POST, path, body).await
    }

    pub(super) async fn patch(&mut self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(body.to_string())).await
    }

    pub(super) async fn login(&mut self, email: &str, password: &str) -> Answer {
        self.post("/api/v1/auth/login", serde_json::json!({"email": email, "password": password})).await
    }

    pub(super) async fn send(&mut self, method: Method, path: &str, body: Option<String>) -> Answer {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if !self.cookies.is_empty() {
            let jar: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", jar.join("; "));
        }
        if let Some(body) = body {
            if !self.headers.iter().any(|(name, _)| name == "content-type") {
                request = request.header("content-type", "application/json");
            }
            request = request.body(body);
        }
        if path.starts_with("/api/v1/realtime") {
            request = request
                .header("connection", "upgrade")
                .header("upgrade", "websocket")
                .header("sec-websocket-version", "13")
                .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        }
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        // A socket's answer has no end.
        let text = if status == 101 { String::new() } else { response.text().await.expect("a body") };
        let answer = Answer { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::Null) };
        for (name, text) in answer.set_cookies() {
            let value = text.split(['=', ';']).nth(1).unwrap_or("").to_owned();
            if value.is_empty() {
                self.cookies.remove(&name);
            } else {
                self.cookies.insert(name, value);
            }
        }
        answer
    }
}
