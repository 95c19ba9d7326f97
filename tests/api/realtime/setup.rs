//! Databases, nodes and clients of the scenarios.

use crate::support::database::{Template, TestDatabase};
use actix_web::App;
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use switchboard::auth::{self, Auth};
use switchboard::db::{Db, Tenant};
use switchboard::http::{self, Limits, Proxies};
use switchboard::log::Log;
use switchboard::realtime::broker::{Broker, Notice, memory};
use switchboard::realtime::{Hub, Parts, routes};
use switchboard::{clock, ids, log, tenants};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use utoipa_actix_web::{AppExt, scope};
use uuid::Uuid;

pub(super) const WAIT: Duration = Duration::from_secs(8);

/// A database with two tenants and three users.
pub(super) struct World {
    pub(super) db: Db,
    database: TestDatabase,
    pub(super) tenant: Tenant,
    pub(super) foreign: Tenant,
    pub(super) ada: User,
    pub(super) bob: User,
    pub(super) eve: User,
}

/// Someone signed in.
#[derive(Clone)]
pub(super) struct User {
    pub(super) id: Uuid,
    pub(super) session: Uuid,
    pub(super) token: String,
}

/// A server process, in this one.
pub(super) struct Node {
    pub(super) hub: Arc<Hub>,
    pub(super) log: Log,
    pub(super) auth: Data<Auth>,
    pub(super) address: SocketAddr,
    server: actix_web::dev::ServerHandle,
}

/// A socket that checks the chain of what it is sent.
pub(crate) struct Client {
    pub(super) ws: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// The last `seq` of an event or beat.
    pub(crate) seq: i64,
    pub(crate) welcome: Value,
}

impl World {
    pub(super) async fn new() -> Self {
        let database = TestDatabase::create(Template::Empty).await;
        let db = Db::new(&database.url, true).expect("pool");
        let tenant = tenants::create(&db, "ours", "Ours").await.expect("tenant");
        let foreign = tenants::create(&db, "theirs", "Theirs").await.expect("tenant");
        let ada = user(&database, tenant, "Ada", "agent").await;
        let bob = user(&database, tenant, "Bob", "manager").await;
        let eve = user(&database, foreign, "Eve", "administrator").await;
        Self { db, database, tenant, foreign, ada, bob, eve }
    }

    /// Runs statements as the owner of the database.
    pub(super) async fn sql(&self, statements: &str) {
        self.database.owner().batch_execute(statements).await.expect("statements run");
    }

    pub(super) async fn user(&self, name: &str) -> User {
        user(&self.database, self.tenant, name, "agent").await
    }

    /// A customer with a conversation; their ids.
    pub(super) async fn conversation(&self, tenant: Tenant) -> (Uuid, Uuid) {
        let (tenant, channel, customer, conversation) = (tenant.id(), ids::new(), ids::new(), ids::new());
        self.sql(&format!(
            "insert into channel (tenant_id, id, kind, account_id, name)
                 values ('{tenant}', '{channel}', 'whatsapp', '{channel}', 'W');
             insert into customer (tenant_id, id, name) values ('{tenant}', '{customer}', 'C');
             insert into conversation (tenant_id, id, channel_id, customer_id, last_activity_at)
                 values ('{tenant}', '{conversation}', '{channel}', '{customer}', now())"
        ))
        .await;
        (customer, conversation)
    }

    /// A node on its own.
    pub(super) async fn node(&self) -> Node {
        let (broker, notices) = memory::Bus::default().connect();
        self.node_on(Arc::new(broker), notices).await
    }

    /// A node on a bus. Replace this function to use another server.
    pub(super) async fn node_on(&self, broker: Arc<dyn Broker>, notices: mpsc::Receiver<Notice>) -> Node {
        let (log, committed) = Log::new(self.db.clone());
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("binds");
        let address = listener.local_addr().expect("bound");
        let limits = Data::new(Limits::new(false, Proxies::default()));
        let auth = Data::new(Auth::new(log.clone(), limits, None, address));
        let epoch = log::epoch(&self.db).await.expect("epoch");
        let revoked = auth.revocations.subscribe();
        let build = "test".to_owned();
        let hub = Hub::start(Parts { log: log.clone(), committed, broker, notices, revoked, epoch, build });
        let (app_auth, app_hub) = (auth.clone(), Data::from(Arc::clone(&hub)));
        let server = http::server(listener, move || {
            App::new()
                .into_utoipa_app()
                .app_data(app_auth.clone())
                .app_data(app_hub.clone())
                .service(scope::scope("/api/v1").configure(routes::routes))
                .into_app()
                .wrap(from_fn(auth::guard))
                .wrap(from_fn(http::dress))
        })
        .expect("listens")
        .workers(2)
        .run();
        let handle = server.handle();
        tokio::spawn(server);
        Node { hub, log, auth, address, server: handle }
    }

    /// Drops the database.
    pub(super) async fn end(self) {
        self.database.drop().await;
    }
}

async fn user(database: &TestDatabase, tenant: Tenant, name: &str, role: &str) -> User {
    let (tenant, id, session, token) = (tenant.id(), ids::new(), ids::new(), ids::token());
    let hash = data_encoding::HEXLOWER.encode(&ids::token_hash(&token));
    let statements = format!(
        "insert into app_user (tenant_id, id, email, name, role)
             values ('{tenant}', '{id}', '{id}@x.test', '{name}', '{role}');
         insert into session (id, tenant_id, user_id, token_hash, expires_at)
             values ('{session}', '{tenant}', '{id}', '{session}', now() + interval '1 hour');
         insert into access_token (hash, session_id, expires_at)
             values ('\\x{hash}', '{session}', now() + interval '1 hour')"
    );
    database.owner().batch_execute(&statements).await.expect("statements run");
    User { id, session, token }
}

impl Node {
    /// Appends one event; its `seq`.
    pub(super) async fn emit(&self, tenant: Tenant, rooms: &[&str], data: Value) -> i64 {
        emit(&self.log, tenant, rooms, data).await
    }

    /// Tries to open a socket; the status when it is refused.
    pub(super) async fn connect(&self, user: &User) -> Result<Client, u16> {
        self.connect_with(&[("authorization", &format!("Bearer {}", user.token))]).await
    }

    pub(super) async fn connect_with(&self, headers: &[(&'static str, &str)]) -> Result<Client, u16> {
        Client::open(self.address, headers).await
    }

    /// A socket that has said hello.
    pub(super) async fn socket(&self, user: &User, rooms: &[&str]) -> Client {
        let mut client = self.connect(user).await.expect("connects");
        client.hello(json!({"type": "hello", "rooms": rooms})).await;
        client
    }

    /// As a process ends that was asked to: what is on the way still goes out.
    pub(super) async fn stop_gracefully(self) {
        self.server.stop(true).await;
        self.hub.close().await;
    }

    pub(super) async fn stop(self) {
        self.hub.drain(Duration::ZERO).await;
        self.hub.close().await;
        self.server.stop(false).await;
    }
}

pub(super) async fn emit(log: &Log, tenant: Tenant, rooms: &[&str], data: Value) -> i64 {
    let mut write = log.begin(tenant, None::<String>).await.expect("begins");
    let rooms: Vec<String> = rooms.iter().map(|room| (*room).to_owned()).collect();
    write.emit("message.created", &rooms, &data).expect("emits");
    write.commit().await.expect("commits")
}

impl Client {
    /// Tries to open a socket; the status when it is refused.
    pub(crate) async fn open(address: SocketAddr, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let url = format!("ws://{address}/api/v1/realtime");
        let mut request = url.into_client_request().expect("a request");
        for (name, value) in headers {
            request.headers_mut().append(*name, value.parse().expect("a value"));
        }
        match tokio_tungstenite::connect_async(request).await {
            Ok((ws, _)) => Ok(Self { ws, seq: 0, welcome: Value::Null }),
            Err(WsError::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    pub(crate) async fn send(&mut self, frame: Value) {
        self.send_text(&frame.to_string()).await;
    }

    pub(crate) async fn send_text(&mut self, frame: &str) {
        self.ws.send(Message::text(frame)).await.expect("sends");
    }

    /// Says hello; the chain begins where the contract says.
    pub(crate) async fn hello(&mut self, hello: Value) {
        self.send(hello.clone()).await;
        self.welcome = self.next().await;
        assert_eq!(self.welcome["type"], "welcome", "{}", self.welcome);
        assert_eq!(self.welcome["heartbeat_s"], 25);
        let start =
            if self.welcome["resumed"] == true { &hello["resume_from"] } else { &self.welcome["seq"] };
        self.seq = start.as_i64().expect("a place");
    }

    /// The next frame; checks the chain.
    pub(crate) async fn next(&mut self) -> Value {
        self.try_next().await.unwrap_or_else(|code| panic!("closed with {code}"))
    }

    /// The next frame or the code of the close.
    pub(crate) async fn try_next(&mut self) -> Result<Value, u16> {
        loop {
            let message = tokio::time::timeout(WAIT, self.ws.next()).await.expect("a frame in time");
            match message {
                Some(Ok(Message::Text(text))) => {
                    let frame: Value = serde_json::from_str(&text).expect("JSON");
                    self.check(&frame);
                    return Ok(frame);
                }
                Some(Ok(Message::Close(close))) => {
                    return Err(close.map_or(1005, |close| close.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(1006),
            }
        }
    }

    fn check(&mut self, frame: &Value) {
        if frame["type"] == "event" || frame["type"] == "beat" {
            assert_eq!(frame["prev"], self.seq, "the chain is unbroken: {frame}");
            let seq = frame["seq"].as_i64().expect("seq");
            assert!(seq > self.seq || (frame["type"] == "beat" && seq == self.seq), "seq rises: {frame}");
            self.seq = seq;
        }
        if frame["type"] == "event" {
            assert!(
                frame["at"].is_string() && frame["rooms"].as_array().is_some_and(|rooms| !rooms.is_empty())
            );
        }
    }

    /// The next frame of a type; others are passed over.
    pub(crate) async fn next_of(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.next().await;
            if frame["type"] == kind {
                return frame;
            }
        }
    }

    /// `data.n` of the next event.
    pub(crate) async fn number(&mut self) -> i64 {
        self.next_of("event").await["data"]["n"].as_i64().expect("a number")
    }

    /// Waits for the close.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            if let Err(code) = self.try_next().await {
                return code;
            }
        }
    }

    /// Asserts that nothing comes for a moment.
    pub(crate) async fn silent(&mut self) {
        let next = tokio::time::timeout(Duration::from_millis(300), self.ws.next()).await;
        assert!(next.is_err(), "silence expected: {next:?}");
    }

    pub(crate) async fn join(&mut self, room: &str) -> Value {
        self.send(json!({"type": "join", "room": room, "ref": room})).await;
        loop {
            let frame = self.next().await;
            if frame["ref"] == room {
                return frame;
            }
        }
    }
}

/// Polls until it holds.
pub(crate) async fn eventually(what: &str, holds: impl AsyncFnMut() -> bool) {
    eventually_within(WAIT, what, holds).await;
}

pub(crate) async fn eventually_within(limit: Duration, what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let end = clock::monotonic() + limit;
    while !holds().await {
        assert!(clock::monotonic() < end, "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
