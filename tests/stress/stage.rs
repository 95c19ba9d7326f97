//! Where a scenario plays: two tenants and three users of its own in the run's database, and the nodes it starts.
//!
//! All scenarios share one database, as tenants of one installation do. A stage ends with a look for what was left:
//! sockets, users, hubs.

use crate::bus::Bus;
use crate::client::{Client, bearer};
use crate::random::Random;
use actix_web::App;
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use parking_lot::Mutex;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::{Arc, Weak};
use std::time::Duration;
use switchboard::auth::{self, Auth};
use switchboard::db::{Db, Tenant, migrate};
use switchboard::http::{self, Limits, Proxies};
use switchboard::log::Log;
use switchboard::realtime::broker::{Broker, Notice, memory};
use switchboard::realtime::{self, Hub, Parts};
use switchboard::{clock, ids, log, tenants};
use tokio::sync::mpsc;
use tokio_postgres::NoTls;
use utoipa_actix_web::{AppExt, scope};
use uuid::Uuid;

/// How long anything may take to happen. Not a measure of the machine: what does not happen at all shall end.
pub const WAIT: Duration = Duration::from_secs(12);

/// The run's database.
pub struct Ground {
    url: String,
    set_role: bool,
    owner: tokio_postgres::Client,
    http: reqwest::Client,
}

pub struct Stage {
    ground: Arc<Ground>,
    pub random: Random,
    pub db: Db,
    pub tenant: Tenant,
    pub foreign: Tenant,
    pub ada: User,
    pub bob: User,
    /// Of the foreign tenant.
    pub eve: User,
    nodes: Mutex<Vec<Arc<Node>>>,
}

/// Someone signed in.
#[derive(Clone)]
pub struct User {
    pub id: Uuid,
    pub session: Uuid,
    pub token: String,
    tenant: Tenant,
}

/// A server process, in this one.
pub struct Node {
    pub hub: Arc<Hub>,
    pub log: Log,
    pub address: SocketAddr,
    server: actix_web::dev::ServerHandle,
    http: reqwest::Client,
}

impl Ground {
    /// A database of its own: migrated, or a clone of the one that `STRESS_TEMPLATE` names.
    pub async fn create() -> Self {
        let base = std::env::var("TEST_DATABASE_URL")
            .expect("TEST_DATABASE_URL is not set: run `cargo xtask services -- cargo test --test stress`");
        let name = format!("stress{}", std::process::id());
        let template = std::env::var("STRESS_TEMPLATE");
        let from = template
            .as_ref()
            .map_or(String::new(), |template| format!(" template {template} strategy file_copy"));
        let owner = connect(&base).await;
        owner.batch_execute(&format!("create database {name}{from}")).await.expect("a database");
        let url = with_name(&base, &name);
        let migrating = url.clone();
        // It blocks its thread now and then, which the scenarios' own thread may not.
        let migrated = tokio::spawn(async move { migrate::prepare(&migrating, true).await });
        let set_role = migrated.await.expect("ends well").expect("migrates");
        // No idle connections, which would look like leaks.
        let http = reqwest::Client::builder().pool_max_idle_per_host(0).build().expect("a client");
        Self { owner: connect(&url).await, url, set_role, http }
    }

    /// Its name, to clone it.
    pub fn name() -> String {
        format!("stress{}", std::process::id())
    }

    /// Nobody may be connected to a database that is cloned.
    pub fn leave(self) {}

    async fn sql(&self, statements: &str) {
        self.owner.batch_execute(statements).await.unwrap_or_else(|error| panic!("{error:?}: {statements}"));
    }
}

async fn connect(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("the test database");
    tokio::spawn(connection);
    client
}

/// The server's URL with another database.
fn with_name(base: &str, name: &str) -> String {
    match base.parse::<reqwest::Url>() {
        Ok(mut url) if base.contains("://") => {
            url.set_path(name);
            url.to_string()
        }
        // In the keyword form the last one counts.
        _ => format!("{base} dbname={name}"),
    }
}

impl Stage {
    pub async fn new(ground: Arc<Ground>, random: Random) -> Self {
        let db = Db::new(&ground.url, ground.set_role).expect("pool");
        let tenant = tenants::create(&db, &ids::new().to_string(), "Ours").await.expect("tenant");
        let foreign = tenants::create(&db, &ids::new().to_string(), "Theirs").await.expect("tenant");
        let ada = user(&ground, tenant, "Ada", "agent").await;
        let bob = user(&ground, tenant, "Bob", "administrator").await;
        let eve = user(&ground, foreign, "Eve", "administrator").await;
        Self { ground, random, db, tenant, foreign, ada, bob, eve, nodes: Mutex::default() }
    }

    /// Runs statements as the owner of the database.
    pub async fn sql(&self, statements: &str) {
        self.ground.sql(statements).await;
    }

    /// One more agent.
    pub async fn user(&self, name: &str) -> User {
        user(&self.ground, self.tenant, name, "agent").await
    }

    pub async fn users(&self, count: usize) -> Vec<User> {
        let mut users = Vec::new();
        for n in 0..count {
            users.push(self.user(&format!("U{n}")).await);
        }
        users
    }

    /// One more sign-in of a user.
    pub async fn session(&self, user: &User) -> User {
        session(&self.ground, user.tenant, user.id).await
    }

    /// A customer with a conversation, both with this id, in a tenant; the conversation's room.
    pub async fn conversation(&self, tenant: Tenant, id: Uuid) -> String {
        let tenant = tenant.id();
        // The account belongs to the whole installation, the other ids to the tenant.
        let account = ids::new();
        self.sql(&format!(
            "insert into channel (tenant_id, id, kind, account_id, name)
                 values ('{tenant}', '{id}', 'whatsapp', '{account}', 'W');
             insert into customer (tenant_id, id, name) values ('{tenant}', '{id}', 'C');
             insert into conversation (tenant_id, id, channel_id, customer_id, last_activity_at)
                 values ('{tenant}', '{id}', '{id}', '{id}', now())"
        ))
        .await;
        format!("conversation:{id}")
    }

    /// Rooms of new conversations.
    pub async fn rooms(&self, count: usize) -> Vec<String> {
        let mut rooms = Vec::new();
        for _ in 0..count {
            rooms.push(self.conversation(self.tenant, ids::new()).await);
        }
        rooms
    }

    /// Forgets the log of the tenant up to a place, as retention does.
    pub async fn forget(&self, from: i64, to: i64) {
        let tenant = self.tenant.id();
        self.sql(&format!("delete from event where tenant_id = '{tenant}' and seq between {from} and {to}"))
            .await;
    }

    /// A node on its own.
    pub async fn node(&self) -> Arc<Node> {
        let (broker, notices) = memory::Bus::default().connect();
        self.node_on(Arc::new(broker), notices).await
    }

    /// So many nodes on a bus that works until it is told otherwise.
    pub async fn nodes<const N: usize>(&self) -> (Bus, [Arc<Node>; N]) {
        let bus = Bus::new(self.random.next());
        let mut nodes = Vec::new();
        for _ in 0..N {
            let (broker, notices) = bus.connect();
            nodes.push(self.node_on(broker, notices).await);
        }
        (bus, nodes.try_into().unwrap_or_else(|_| panic!("as many as asked for")))
    }

    pub async fn node_on(&self, broker: Arc<dyn Broker>, notices: mpsc::Receiver<Notice>) -> Arc<Node> {
        let node = Arc::new(Node::start(&self.db, broker, notices, self.ground.http.clone()).await);
        self.nodes.lock().push(Arc::clone(&node));
        node
    }

    /// Stops the nodes. After a scenario that went well nothing of them may be left.
    pub async fn end(self: Arc<Self>, well: bool) {
        let nodes = std::mem::take(&mut *self.nodes.lock());
        if well {
            eventually("no sockets are left", async || nodes.iter().all(|node| node.hub.sockets() == 0))
                .await;
            assert!(
                nodes.iter().all(|node| node.hub.local_users().is_empty() && node.hub.sessions().is_empty())
            );
        }
        let hubs: Vec<Weak<Hub>> = nodes.iter().map(|node| Arc::downgrade(&node.hub)).collect();
        for node in nodes {
            node.stop().await;
            drop(node);
        }
        if well {
            eventually("no hub is left", async || hubs.iter().all(|hub| hub.strong_count() == 0)).await;
        }
    }
}

async fn user(ground: &Ground, tenant: Tenant, name: &str, role: &str) -> User {
    let id = ids::new();
    ground
        .sql(&format!(
            "insert into app_user (tenant_id, id, email, name, role)
             values ('{}', '{id}', '{id}@x.test', '{name}', '{role}')",
            tenant.id()
        ))
        .await;
    session(ground, tenant, id).await
}

async fn session(ground: &Ground, tenant: Tenant, user: Uuid) -> User {
    let (session, token) = (ids::new(), ids::token());
    let hash = data_encoding::HEXLOWER.encode(&ids::token_hash(&token));
    ground
        .sql(&format!(
            "insert into session (id, tenant_id, user_id, token_hash, expires_at)
                 values ('{session}', '{}', '{user}', '{session}', now() + interval '1 hour');
             insert into access_token (hash, session_id, expires_at)
                 values ('\\x{hash}', '{session}', now() + interval '1 hour')",
            tenant.id()
        ))
        .await;
    User { id: user, session, token, tenant }
}

impl Node {
    async fn start(
        db: &Db,
        broker: Arc<dyn Broker>,
        notices: mpsc::Receiver<Notice>,
        http: reqwest::Client,
    ) -> Self {
        let (log, committed) = Log::new(db.clone());
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("binds");
        let address = listener.local_addr().expect("bound");
        let limits = Data::new(Limits::new(false, Proxies::default()));
        let auth = Data::new(Auth::new(log.clone(), limits.clone(), None, address));
        let epoch = log::epoch(db).await.expect("epoch");
        let revoked = auth.revocations.subscribe();
        let build = "test".to_owned();
        let hub = Hub::start(Parts { log: log.clone(), committed, broker, notices, revoked, epoch, build });
        let (app_log, app_hub) = (Data::new(log.clone()), Data::from(Arc::clone(&hub)));
        let server = http::server(listener, move || {
            App::new()
                .into_utoipa_app()
                .app_data(auth.clone())
                .app_data(limits.clone())
                .app_data(app_log.clone())
                .app_data(app_hub.clone())
                .service(scope::scope("/api/v1").configure(|config| {
                    auth::routes::routes(config);
                    realtime::routes::routes(config);
                }))
                .into_app()
                .wrap(from_fn(auth::guard))
                .wrap(from_fn(http::dress))
        })
        .expect("listens")
        .workers(1)
        .run();
        let handle = server.handle();
        tokio::spawn(server);
        Node { hub, log, address, server: handle, http }
    }

    /// Appends one event; its `seq`.
    pub async fn emit(&self, tenant: Tenant, rooms: &[&str], n: i64) -> i64 {
        self.emit_data(tenant, rooms, json!({"n": n})).await
    }

    pub async fn emit_data(&self, tenant: Tenant, rooms: &[&str], data: Value) -> i64 {
        emit_all(&self.log, tenant, rooms, &[data]).await
    }

    /// Appends events of these numbers in one transaction; the last `seq`.
    pub async fn emit_many(&self, tenant: Tenant, rooms: &[&str], numbers: std::ops::Range<i64>) -> i64 {
        let data: Vec<Value> = numbers.map(|n| json!({"n": n})).collect();
        emit_all(&self.log, tenant, rooms, &data).await
    }

    /// Tries to open a socket; the status when it is refused.
    pub async fn connect(&self, user: &User) -> Result<Client, u16> {
        self.connect_with("", &[("authorization", &bearer(user))]).await
    }

    pub async fn connect_with(&self, query: &str, headers: &[(&'static str, &str)]) -> Result<Client, u16> {
        Client::open(self.address, query, headers).await
    }

    /// A socket that has said hello.
    pub async fn socket(&self, user: &User, rooms: &[&str]) -> Client {
        self.hello(user, json!({"type": "hello", "rooms": rooms})).await
    }

    pub async fn hello(&self, user: &User, hello: Value) -> Client {
        let mut client = self.connect(user).await.expect("connects");
        client.hello(hello).await;
        client
    }

    /// A request below `/api/v1`: status and body.
    pub async fn call(
        &self,
        user: &User,
        method: reqwest::Method,
        path: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let url = format!("http://{}/api/v1{path}", self.address);
        let mut request = self.http.request(method, url).bearer_auth(&user.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    /// A ticket for one socket.
    pub async fn ticket(&self, user: &User) -> String {
        let (status, body) = self.call(user, reqwest::Method::POST, "/auth/ticket", None).await;
        assert_eq!(status, 200, "{body}");
        body["ticket"].as_str().expect("a ticket").to_owned()
    }

    /// Closes the sockets and ends the node.
    pub async fn stop(&self) {
        self.hub.drain(Duration::ZERO).await;
        self.kill().await;
    }

    /// Ends without a word, as far as a process can do that to itself.
    pub async fn kill(&self) {
        self.server.stop(false).await;
        self.hub.close().await;
    }
}

pub async fn emit_all(log: &Log, tenant: Tenant, rooms: &[&str], data: &[Value]) -> i64 {
    let mut write = log.begin(tenant, None::<String>).await.expect("begins");
    let rooms: Vec<String> = rooms.iter().map(|room| (*room).to_owned()).collect();
    for data in data {
        write.emit("message.created", &rooms, data).expect("emits");
    }
    write.commit().await.expect("commits")
}

/// Polls until it holds.
pub async fn eventually(what: &str, holds: impl AsyncFnMut() -> bool) {
    eventually_within(WAIT, what, holds).await;
}

pub async fn eventually_within(limit: Duration, what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let end = clock::monotonic() + limit;
    while !holds().await {
        assert!(clock::monotonic() < end, "never: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
