//! One run of a row: nodes on a database, the platform that sends to both tenants, a client of each, and the judgement.

use crate::api::{Api, PASSWORD, USERS};
use crate::graph::FakeGraph;
use crate::judge;
use crate::leaks::Calm;
use crate::platform::{CHANNELS, Channel, Doors, WORDS};
use crate::random::Random;
use crate::sender::{self, FIRST_AT, Sender};
use crate::server::{Server, Setup};
use crate::service::{Postgres, Redis};
use crate::viewer::Viewer;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use switchboard::auth::{self, Role};
use switchboard::db::{Db, migrate};
use switchboard::log::Log;
use switchboard::{channels, tenants};
use tokio::task::JoinHandle;

/// Messages that must be acked between two faults: there is load.
pub const LOAD: usize = 30;

pub struct Scene {
    // In the order in which they end.
    pub sender: Sender,
    pub viewers: Vec<Viewer>,
    pub nodes: Vec<Server>,
    pub redis: Option<Redis>,
    /// None: the node runs a private one.
    pub postgres: Option<Postgres>,
    /// Of the clients, by tenant.
    pub apis: Vec<Api>,
    pub doors: Doors,
    pub random: Random,
    /// Jobs of dead workers are waited for until their lease ends by itself.
    pub leases: bool,
    reads: BTreeMap<u16, u32>,
    graph: FakeGraph,
    /// What the nodes held before anything was broken.
    calm: Calm,
}

impl Scene {
    /// One node on its private PostgreSQL.
    pub async fn alone(random: &Random) -> Self {
        let graph = graph().await;
        let node = Server::start(setup(&graph)).await;
        Self::of(vec![node], None, None, graph, random).await
    }

    /// One node on a PostgreSQL of ours.
    pub async fn on(postgres: Postgres, random: &Random) -> Self {
        let graph = graph().await;
        let mut setup = setup(&graph);
        setup.settings.push(("DATABASE_URL", postgres.url()));
        let node = Server::start(setup).await;
        Self::of(vec![node], Some(postgres), None, graph, random).await
    }

    /// Two nodes on one PostgreSQL and one Redis.
    pub async fn pair(random: &Random) -> Self {
        let (postgres, redis) = tokio::join!(Postgres::start(None), Redis::start(None));
        let graph = graph().await;
        let mut nodes = Vec::new();
        for _ in 0..2 {
            let mut setup = setup(&graph);
            setup.settings.extend([("DATABASE_URL", postgres.url()), ("REDIS_URL", redis.url())]);
            nodes.push(Server::start(setup).await);
        }
        Self::of(nodes, Some(postgres), Some(redis), graph, random).await
    }

    /// On what is running. The first node has the clients; webhooks go to all of them.
    pub async fn of(
        nodes: Vec<Server>,
        postgres: Option<Postgres>,
        redis: Option<Redis>,
        graph: FakeGraph,
        random: &Random,
    ) -> Self {
        let mut random = random.clone();
        let database = nodes[0].database_url().expect("the node has a database");
        populate(&database).await;
        let mut apis = Vec::new();
        for tenant in 0..USERS.len() {
            apis.push(Api::sign_in(&nodes[0].url, tenant).await);
        }
        let calm = Calm::at_first(&nodes, &nodes[0].database().await).await;
        let viewers = apis.iter().map(Viewer::open).collect();
        let urls: Vec<&str> = nodes.iter().map(|node| node.url.as_str()).collect();
        let doors = Doors::new(&urls);
        let sender = Sender::start(&doors, &mut random);
        Self {
            sender,
            viewers,
            nodes,
            redis,
            postgres,
            apis,
            doors,
            random,
            leases: false,
            reads: BTreeMap::new(),
            graph,
            calm,
        }
    }

    pub fn node(&mut self) -> &mut Server {
        &mut self.nodes[0]
    }

    /// What the processes said, for a failure's text.
    pub fn said(&self) -> String {
        let nodes: Vec<String> = self.nodes.iter().map(Server::said).collect();
        nodes.join("\n") + &self.postgres.as_ref().map(Postgres::said).unwrap_or_default()
    }

    pub async fn flows(&self, more: usize) {
        self.sender.flows(more, || self.said()).await;
    }

    pub async fn clients_are_back(&self) {
        for viewer in &self.viewers {
            viewer.comes_back(|| self.said()).await;
        }
    }

    /// Lets a random time of load pass, with agents that read.
    pub async fn under_load(&mut self) {
        self.clients_are_back().await;
        self.flows(LOAD).await;
        for _ in 0..self.random.below(8) {
            let status =
                self.apis[0].read_some(&self.viewers[0].course, &mut self.random).await.unwrap_or_default();
            *self.reads.entry(status).or_default() += 1;
            tokio::time::sleep(Duration::from_millis(u64::try_from(self.random.below(120)).unwrap())).await;
        }
    }

    /// Everything is acked, worked off, there once, and on the screens of both tenants.
    pub async fn end(mut self) -> String {
        self.flows(LOAD).await;
        self.ends().await
    }

    /// As [`Self::end`], without asking for load before.
    pub async fn ends(&mut self) -> String {
        let said = || {
            let nodes: Vec<String> = self.nodes.iter().map(Server::said).collect();
            nodes.join("\n") + &self.postgres.as_ref().map(Postgres::said).unwrap_or_default()
        };
        self.sender.finish(said).await;
        let (ledger, database) = (&self.sender.ledger, self.nodes[0].database().await);
        if self.postgres.is_some() {
            // Only a node on its private database takes up at once what its former life has left.
            judge::bring_forward(&database).await;
        }
        let settled = judge::settle(&database, ledger, self.leases, &said).await;
        for (viewer, api) in self.viewers.iter().zip(&self.apis) {
            viewer.converges(api, said).await;
        }
        judge::judge(&database, ledger, true, &said).await;
        let sent = ledger.sent().len();
        let (answers, slowest) = ledger.answers();
        let prompt = ledger.promptness();
        let mut text = format!(
            "{sent} messages, answers {answers:?}, slowest {slowest:.1?}, 99 of 100 acks in {prompt:.1?}; {settled}"
        );
        for viewer in &self.viewers {
            let course = viewer.course.lock().unwrap();
            text +=
                &format!("; a client saw {} events over {} connections", course.events, course.connections);
            assert!(course.faults.is_empty(), "a client saw {:#?}\n{}", course.faults, said());
            assert_eq!(course.loads, 1, "a client resumed and never loaded again");
            assert_eq!(course.resumed, course.connections, "each connection resumed");
        }
        let held = self.calm.returns(&self.nodes, &self.apis[0], &database, &said).await;
        text += &format!("; {held}");
        let odd: Vec<_> = self.reads.keys().filter(|status| !matches!(status, 0 | 204 | 503)).collect();
        assert!(odd.is_empty(), "reads answered {odd:?}");
        text
    }

    /// Sends a body once, signed; the answer.
    pub async fn post(&self, channel: &Channel, items: &[Value]) -> String {
        let body = serde_json::to_vec(&channel.body(items)).unwrap();
        self.doors.post(&self.doors.any(&mut self.random.clone()), channel.address(), &body).await.0
    }

    /// Somebody whom Graph knows writes for the first time: a job will ask for the name. Sent until it is acked, by
    /// whichever life takes it.
    pub fn newcomer(&self, n: usize) -> JoinHandle<()> {
        let (person, id) = (format!("7720183645599{n:03}"), format!("m_newcomer{n}"));
        let text = format!("newcomer {n} {}", WORDS[0]);
        self.graph.answer(
            &format!("GET /{person}"),
            &json!({ "id": person, "first_name": "New", "last_name": format!("Person {n}") }),
        );
        let channel = &CHANNELS[1];
        let body = channel.body(&[channel.text(&id, &person, FIRST_AT, &text)]).to_string();
        let (doors, url) = (self.doors.clone(), self.nodes[0].url.clone());
        let ledger = Arc::clone(&self.sender.ledger);
        tokio::spawn(async move {
            while doors.post(&url, channel.address(), body.as_bytes()).await.0 != "200" {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            ledger.acked_elsewhere(1, &person, &id, &text);
        })
    }

    /// The place in the first tenant's log of the last event that everybody with the inbox open is sent.
    pub async fn last_told(&self) -> i64 {
        let database = self.nodes[0].database().await;
        let last = "select max(seq) from event where 'inbox' = any(rooms)
                    and tenant_id = (select id from tenant where slug = 'default')";
        database.query_one(last, &[]).await.unwrap().get(0)
    }

    /// Webhooks were answered 200 or 503, whatever happened: the nodes never went.
    pub fn honest(&self) {
        let (answers, slowest) = self.sender.ledger.answers();
        let odd: Vec<_> = answers.keys().filter(|answer| !matches!(answer.as_str(), "200" | "503")).collect();
        assert!(
            odd.is_empty(),
            "a webhook is answered 200 or 503, not {odd:?}: {answers:?}\n{}",
            self.said()
        );
        assert!(slowest < Duration::from_secs(4), "a 503 comes within 3 s, not after {slowest:?}");
    }

    /// As [`Self::honest`], and what is broken has never delayed the acks: they need PostgreSQL alone (I14).
    pub fn prompt(&self) {
        self.honest();
        let prompt = self.sender.ledger.promptness();
        assert!(prompt < Duration::from_secs(1), "99 of 100 acks take {prompt:?}\n{}", self.said());
    }
}

/// A Graph that knows the Messenger people.
pub async fn graph() -> FakeGraph {
    let graph = FakeGraph::new().await;
    for n in 0..sender::MESSENGER_PEOPLE {
        let psid = sender::psid(n);
        graph.answer(
            &format!("GET /{psid}"),
            &json!({ "id": psid, "first_name": "Page", "last_name": format!("Person {n}") }),
        );
    }
    graph
}

/// Settings that every node has.
pub fn setup(graph: &FakeGraph) -> Setup {
    Setup {
        settings: vec![("GRAPH_API_URL", graph.url.clone()), ("INSTAGRAM_API_URL", graph.url.clone())],
        ..Setup::default()
    }
}

/// So many more colleagues of the first tenant, signed in: a user may have 20 sockets on a node.
pub async fn crew(scene: &Scene, url: &str, count: usize) -> Vec<Api> {
    let database = scene.nodes[0].database_url().expect("the node has a database");
    let db = Db::new(&database, migrate::prepare(&database, false).await.unwrap()).unwrap();
    let mut apis = Vec::new();
    for n in 0..count {
        let (email, password) = (format!("crew{n}@example.test"), secrecy::SecretString::from(PASSWORD));
        auth::service::create_admin(&db, &email, password, Some("default"), Role::Agent).await.unwrap();
        apis.push(Api::sign_in_as(url, 0, &email).await);
    }
    apis
}

/// The second tenant, its administrator, and all channels.
pub async fn populate(url: &str) {
    let set_role = migrate::prepare(url, false).await.expect("the database is open");
    let db = Db::new(url, set_role).unwrap();
    let second = tenants::create(&db, "second", "Second").await.unwrap();
    let first = tenants::by_slug(&db, "default").await.unwrap().expect("the first tenant");
    let password = secrecy::SecretString::from(PASSWORD);
    auth::service::create_admin(&db, USERS[1], password, Some("second"), Role::Administrator).await.unwrap();
    let (log, _relay) = Log::new(db);
    for channel in &CHANNELS {
        let tenant = if channel.tenant == 0 { first } else { second };
        channels::connect(&log, tenant, channel.account()).await.unwrap();
    }
}
