//! What every test starts from: a database of its own, a running server, actors, a fake Graph.
//!
//! A test database is a clone of a template that is migrated once a process (`create database … strategy file_copy`,
//! a few milliseconds on a memory file system). In it are two tenants: the one under test, and *noise*, which holds the
//! same phone numbers and ids and must never show.

pub mod database;
pub mod graph;
pub mod noise;
pub mod view;

use database::Template;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::Duration;
use switchboard::app::App;
use switchboard::channels::{Account, ChannelKind};
use switchboard::config::Config;
use switchboard::db::Tenant;
use switchboard::{ids, jobs, tenants};

pub const SECRET: &str = "switchboard-sample-app-secret-0001";
pub const VERIFY_TOKEN: &str = "switchboard-sample-verify-token";
pub const EMAIL: &str = "admin@example.test";
pub const PASSWORD: &str = "correct-horse-battery";
/// Access token of the administrator's session that every template has.
pub const TOKEN: &str = "test-token-of-the-administrator-0123456789a";

/// A running server with its database.
pub struct TestApp {
    pub app: App,
    pub database: database::TestDatabase,
    pub graph: graph::FakeGraph,
    pub tenant: Tenant,
    pub http: reqwest::Client,
    pub base: String,
    pub token: String,
    /// `DATA_DIR`; goes with the test.
    pub data: tempfile::TempDir,
}

/// How a server under test differs from the usual one.
#[derive(Default)]
pub struct Setup {
    /// Settings on top of the usual ones.
    pub settings: Vec<(&'static str, String)>,
    /// No second tenant: accounts become channels on the spot.
    pub alone: bool,
}

impl TestApp {
    /// The usual one: two tenants, the samples' channels connected, an administrator signed in.
    pub async fn start() -> Self {
        Self::with(Setup::default()).await
    }

    pub async fn with(setup: Setup) -> Self {
        let template = if setup.alone { Template::Alone } else { Template::Beside };
        let database = database::TestDatabase::create(template).await;
        // The template may be older than what counts as a fresh sign-in.
        database.owner().batch_execute("update session set signed_in_at = now()").await.unwrap();
        let graph = graph::FakeGraph::new().await;
        let data = tempfile::tempdir().unwrap();
        let mut settings = setup.settings;
        settings.push(("DATA_DIR", data.path().display().to_string()));
        let config = config(&database, &graph, &settings);
        let app = App::start(config).await.expect("the server starts");
        let tenant = tenants::by_slug(&app.db, "default").await.unwrap().expect("the tenant under test");
        let base = format!("http://{}", app.address);
        let http = reqwest::Client::new();
        Self { app, database, graph, tenant, http, base, token: TOKEN.to_owned(), data }
    }

    /// Goes on with a new, empty tenant that has the samples' accounts now; what was before stays where it was, as
    /// one tenant more that must not show.
    pub async fn turn_over(&mut self) {
        let owner = self.database.owner();
        self.graph.reset();
        owner
            .batch_execute(&format!(
                "delete from channel_account where tenant_id = '{}';
                 delete from webhook_delivery where tenant_id is null",
                self.tenant.id()
            ))
            .await
            .unwrap();
        let (slug, user) = (ids::new().to_string(), ids::new());
        self.tenant = tenants::create(&self.app.db, &slug, "Next").await.unwrap();
        self.token = ids::token();
        owner
            .batch_execute(&format!(
                "insert into app_user (tenant_id, id, email, name, role)
                 values ('{}', '{user}', '{user}@example.com', 'Ada', 'administrator')",
                self.tenant.id()
            ))
            .await
            .unwrap();
        database::sign_in(owner, self.tenant, user, &self.token).await;
        database::connect_samples(&self.app.log, self.tenant).await;
    }

    /// A bearer token of a user.
    pub async fn sign_in(&self, email: &str, password: &str) -> String {
        let answer = self
            .http
            .post(format!("{}/api/v1/auth/login", self.base))
            .json(&serde_json::json!({ "email": email, "password": password }))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200, "sign-in");
        answer.json::<Value>().await.unwrap()["access_token"].as_str().unwrap().to_owned()
    }

    /// `GET` below `/api/v1` as the administrator: status and body.
    pub async fn get(&self, path: &str) -> (u16, Value) {
        self.call(reqwest::Method::GET, path, None).await
    }

    /// `GET` that must be 200.
    pub async fn fetch(&self, path: &str) -> Value {
        let (status, body) = self.get(path).await;
        assert_eq!(status, 200, "GET {path}: {body}");
        body
    }

    pub async fn call(&self, method: reqwest::Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let mut request =
            self.http.request(method, format!("{}/api/v1{path}", self.base)).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    /// Posts a signed webhook body; the status.
    pub async fn deliver(&self, platform: &str, body: &[u8]) -> u16 {
        self.deliver_signed(platform, body, &webhooks::signature::sign(body, SECRET.as_bytes())).await
    }

    pub async fn deliver_signed(&self, platform: &str, body: &[u8], signature: &str) -> u16 {
        self.http
            .post(format!("{}/api/{platform}/webhook", self.base))
            .header("content-type", "application/json")
            .header("x-hub-signature-256", signature)
            .body(body.to_vec())
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    }

    /// Waits until nothing is left to do: every delivery has its state, no job is due.
    pub async fn settle(&self) {
        for _ in 0..6000 {
            let waiting = self.number("select count(*) from webhook_delivery where state = 'received'").await;
            if waiting == 0 && jobs::waiting(&self.app.db, true).await.unwrap() == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the background work does not end");
    }

    /// One number of the database, seen by its owner (no row-level security).
    pub async fn number(&self, statement: &str) -> i64 {
        self.database.owner().query_one(statement, &[]).await.unwrap().get(0)
    }

    /// As [`Self::number`], with the tenant under test as `$1`.
    pub async fn count(&self, statement: &str) -> i64 {
        self.database.owner().query_one(statement, &[&self.tenant.id()]).await.unwrap().get(0)
    }

    pub async fn end(self) {
        self.app.kill().await;
        self.database.drop().await;
    }
}

/// Settings of a server under test.
pub fn config(
    database: &database::TestDatabase,
    graph: &graph::FakeGraph,
    more: &[(&'static str, String)],
) -> Config {
    let mut settings: HashMap<String, String> = [
        ("BIND_ADDR", "127.0.0.1:0"),
        ("DATABASE_URL", &database.url),
        ("META_APP_SECRET", SECRET),
        ("META_VERIFY_TOKEN", VERIFY_TOKEN),
        ("META_ACCESS_TOKEN", "test-access-token"),
        ("GRAPH_API_URL", &graph.url),
        ("INSTAGRAM_API_URL", &graph.url),
        ("ADMIN_EMAIL", EMAIL),
        ("ADMIN_PASSWORD", PASSWORD),
        ("DEFAULT_REGION", "TR"),
        ("RATE_LIMITS", "off"),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .collect();
    settings.extend(more.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
    Config::from_parts("", settings).expect("valid settings")
}

/// An account of the samples' tenant.
pub struct SampleChannel {
    pub kind: ChannelKind,
    pub account_id: String,
    waba_id: Option<String>,
}

impl SampleChannel {
    pub fn account(&self) -> Account<'_> {
        let (account_id, waba_id) = (self.account_id.as_str(), self.waba_id.as_deref());
        Account { kind: self.kind, account_id, waba_id, name: account_id }
    }
}

pub fn sample_channels() -> Vec<SampleChannel> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let channel = |channel: &Value| SampleChannel {
        kind: ChannelKind::parse(channel["platform"].as_str().unwrap()).unwrap(),
        account_id: text(&channel["account_id"]).unwrap(),
        waba_id: text(&channel["waba_id"]),
    };
    sample_index()["channels"].as_array().unwrap().iter().map(channel).collect()
}

pub fn sample_index() -> &'static Value {
    static INDEX: LazyLock<Value> = LazyLock::new(|| {
        serde_json::from_str(include_str!("../../../webhooks/fixtures/index.json")).unwrap()
    });
    &INDEX
}

/// The bytes of a sample.
pub fn sample(path: &str) -> Vec<u8> {
    std::fs::read(format!("{}/webhooks/fixtures/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The address that a sample is posted to.
pub fn address_of(path: &str) -> &'static str {
    match path.split('/').next().unwrap() {
        "whatsapp" => "whatsapp",
        "instagram" => "instagram",
        _ => "meta",
    }
}
