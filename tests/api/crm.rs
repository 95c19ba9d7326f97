//! Rows and requests for the tests of customers, inbox and kanban: two tenants with the same people, and rows made by
//! SQL so that nothing depends on ingest.

use crate::support::{Setup, TestApp};
use chrono::{DateTime, TimeDelta, Utc};
use diesel::sql_types::{Int8, Json, Text};
use diesel::{QueryableByName, sql_query};
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use switchboard::auth::Role;
use switchboard::db::{Db, Tenant};
use switchboard::{ids, tenants};
use uuid::Uuid;

/// A server and two tenants.
pub(crate) struct Crm {
    app: TestApp,
    pub(crate) db: Db,
    /// The tenant under test.
    pub(crate) a: Side,
    /// Another one, with people of the same names and numbers.
    pub(crate) b: Side,
}

/// One tenant.
pub(crate) struct Side {
    pub(crate) tenant: Tenant,
    pub(crate) admin: User,
    pub(crate) agent: User,
    pub(crate) board: Uuid,
    pub(crate) columns: Vec<Uuid>,
    pub(crate) whatsapp: Uuid,
}

pub(crate) struct User {
    pub(crate) id: Uuid,
    pub(crate) token: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) seq: Option<i64>,
    pub(crate) body: Value,
}

/// An event of the log.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) name: String,
    pub(crate) rooms: Vec<String>,
    pub(crate) data: Value,
}

#[derive(QueryableByName)]
struct TextRow {
    #[diesel(sql_type = Text)]
    value: String,
}

#[derive(QueryableByName)]
struct JsonRow {
    #[diesel(sql_type = Json)]
    value: Value,
}

#[derive(QueryableByName)]
struct NumberRow {
    #[diesel(sql_type = Int8)]
    value: i64,
}

impl Crm {
    pub(crate) async fn start() -> Self {
        let app = TestApp::with(Setup { alone: true, ..Setup::default() }).await;
        let db = app.app.db.clone();
        let (a, b) = (Side::make(&db).await, Side::make(&db).await);
        Self { app, db, a, b }
    }

    /// Ends the server and drops its database.
    pub(crate) async fn end(self) {
        drop(self.db);
        self.app.end().await;
    }

    pub(crate) async fn get(&self, user: &User, path: &str) -> Answer {
        self.send(reqwest::Method::GET, user, path, None, None).await
    }

    pub(crate) async fn patch(&self, user: &User, path: &str, body: Value) -> Answer {
        self.send(reqwest::Method::PATCH, user, path, Some(body), None).await
    }

    pub(crate) async fn post(&self, user: &User, path: &str, body: Value) -> Answer {
        self.send(reqwest::Method::POST, user, path, Some(body), None).await
    }

    pub(crate) async fn send(
        &self,
        method: reqwest::Method,
        user: &User,
        path: &str,
        body: Option<Value>,
        key: Option<&str>,
    ) -> Answer {
        let address = format!("{}/api/v1{path}", self.app.base);
        let mut request = self.app.http.request(method, address).bearer_auth(&user.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        let header = response.headers().get("switchboard-seq");
        let seq = header.and_then(|seq| seq.to_str().ok()?.parse().ok());
        let text = response.text().await.expect("a body");
        Answer { status, seq, body: serde_json::from_str(&text).unwrap_or(Value::Null) }
    }

    /// Every page of a list, by cursor.
    pub(crate) async fn pages(&self, user: &User, path: &str, limit: usize) -> Vec<Value> {
        let (mut items, mut cursor) = (Vec::new(), String::new());
        loop {
            let join = if path.contains('?') { '&' } else { '?' };
            let answer = self.get(user, &format!("{path}{join}limit={limit}{cursor}")).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.body);
            let page = answer.body["items"].as_array().expect("items").clone();
            assert!(page.len() <= limit);
            items.extend(page);
            let Some(next) = answer.body["next_cursor"].as_str() else { return items };
            cursor = format!("&cursor={next}");
        }
    }

    /// Events after a place.
    pub(crate) async fn events(&self, side: &Side, after: i64) -> Vec<Seen> {
        let events = switchboard::log::since(&self.db, side.tenant, after, 1000).await.expect("events").1;
        let seen = |event: &std::sync::Arc<switchboard::log::Event>| Seen {
            name: event.name.clone(),
            rooms: event.rooms.clone(),
            data: serde_json::from_str(&event.data).expect("JSON"),
        };
        events.iter().map(seen).collect()
    }

    pub(crate) async fn seq(&self, side: &Side) -> i64 {
        self.db.read(side.tenant).await.expect("a transaction").seq()
    }
}

impl Side {
    async fn make(db: &Db) -> Self {
        let slug = format!("t{}", ids::new().simple());
        let tenant = tenants::create(db, &slug, "Tenant").await.expect("a tenant");
        let admin = user(db, tenant, Role::Administrator, "Ada").await;
        let agent = user(db, tenant, Role::Agent, "Ali").await;
        let board = text(db, tenant, "select id::text as value from board where is_default").await;
        let columns =
            text(db, tenant, "select string_agg(id::text, ' ' order by position) as value from board_column")
                .await;
        let whatsapp = ids::new();
        let side = Self {
            tenant,
            admin,
            agent,
            board: board.parse().expect("an id"),
            columns: columns.split(' ').map(|id| id.parse().expect("an id")).collect(),
            whatsapp,
        };
        side.run(db, &format!("update tenant set default_region = 'TR' where id = '{}'", tenant.id())).await;
        side.insert(
            db,
            "channel",
            json!({"id": whatsapp, "kind": "whatsapp", "account_id": slug, "name": "Shop"}),
        )
        .await;
        side
    }

    /// One row; columns that are not given have their defaults.
    pub(crate) async fn insert(&self, db: &Db, table: &str, row: Value) {
        let mut row = row;
        row["tenant_id"] = json!(self.tenant.id());
        let columns: Vec<&str> = row.as_object().expect("an object").keys().map(String::as_str).collect();
        let columns = columns.join(", ");
        self.run(
            db,
            &format!(
                "insert into {table} ({columns}) select {columns} from jsonb_populate_record(null::{table}, $j${row}$j$)"
            ),
        )
        .await;
    }

    /// Any statement.
    pub(crate) async fn run(&self, db: &Db, statement: &str) {
        let tx = db.write(self.tenant).await.expect("a transaction");
        sql_query(statement).execute(&mut tx.conn()).await.expect(statement);
        tx.commit().await.expect("a commit");
    }

    pub(crate) async fn number(&self, db: &Db, query: &str) -> i64 {
        let tx = db.read(self.tenant).await.expect("a transaction");
        let row: NumberRow = sql_query(query).get_result(&mut tx.conn()).await.expect(query);
        row.value
    }

    pub(crate) async fn json(&self, db: &Db, query: &str) -> Value {
        let tx = db.read(self.tenant).await.expect("a transaction");
        let row: JsonRow = sql_query(query).get_result(&mut tx.conn()).await.expect(query);
        row.value
    }

    pub(crate) async fn customer(&self, db: &Db, name: &str, phone: Option<&str>) -> Uuid {
        let id = ids::new();
        let search = format!("{name}\n{}", phone.unwrap_or_default()).to_lowercase();
        let key = phone.map(|phone| phone.trim_start_matches('+').to_owned());
        let row = json!({"id": id, "name": name, "name_rank": 3, "phone": phone, "phone_key": key,
                         "search": search, "version": 1, "marketing_opt_out": false, "created_at": switchboard::clock::now()});
        self.insert(db, "customer", row).await;
        id
    }

    pub(crate) async fn conversation(&self, db: &Db, customer: Uuid, at: DateTime<Utc>) -> Uuid {
        let id = ids::new();
        let row =
            json!({"id": id, "channel_id": self.whatsapp, "customer_id": customer, "last_activity_at": at});
        self.insert(db, "conversation", row).await;
        id
    }

    /// A message, as the conversation's last one.
    pub(crate) async fn message(&self, db: &Db, conversation: Uuid, at: DateTime<Utc>, more: Value) -> Uuid {
        let id = ids::new();
        let mut row = json!({"id": id, "conversation_id": conversation, "channel_id": self.whatsapp,
            "direction": "in", "kind": "text", "text": "hello", "external_id": format!("wamid.{id}"), "sent_at": at});
        for (key, value) in more.as_object().expect("an object") {
            row[key] = value.clone();
        }
        self.insert(db, "message", row).await;
        self.run(
            db,
            &format!("update conversation set last_message_id = '{id}', last_message_at = '{at}' where id = '{conversation}'"),
        )
        .await;
        id
    }

    pub(crate) async fn card(&self, db: &Db, customer: Uuid, column: usize, rank: &str) -> Uuid {
        let id = ids::new();
        let row = json!({"id": id, "board_id": self.board, "column_id": self.columns[column], "rank": rank,
                         "customer_id": customer, "title": "", "source": "organic"});
        self.insert(db, "card", row).await;
        id
    }
}

/// A signed-in user.
async fn user(db: &Db, tenant: Tenant, role: Role, name: &str) -> User {
    let (id, session, token) = (ids::new(), ids::new(), ids::token());
    let (role, tenant_id) = (role.as_str(), tenant.id());
    let hash = |token: &str| data_encoding::HEXLOWER.encode(&ids::token_hash(token));
    let (cookie, access) = (hash(&ids::token()), hash(&token));
    let tx = db.write(tenant).await.expect("a transaction");
    for statement in [
        format!(
            "insert into app_user (tenant_id, id, email, name, role)
             values ('{tenant_id}', '{id}', '{id}@example.test', '{name}', '{role}')"
        ),
        format!(
            "insert into session (id, tenant_id, user_id, token_hash, expires_at)
             values ('{session}', '{tenant_id}', '{id}', '\\x{cookie}', now() + interval '1 hour')"
        ),
        format!(
            "insert into access_token (hash, session_id, expires_at)
             values ('\\x{access}', '{session}', now() + interval '1 hour')"
        ),
    ] {
        sql_query(&statement).execute(&mut tx.conn()).await.expect(&statement);
    }
    tx.commit().await.expect("a commit");
    User { id, token }
}

async fn text(db: &Db, tenant: Tenant, query: &str) -> String {
    let tx = db.read(tenant).await.expect("a transaction");
    let row: TextRow = sql_query(query).get_result(&mut tx.conn()).await.expect(query);
    row.value
}

/// So many minutes ago.
pub(crate) fn ago(minutes: i64) -> DateTime<Utc> {
    switchboard::clock::now() - TimeDelta::minutes(minutes)
}

/// The ids of items, in order.
pub(crate) fn ids_of(items: &[Value]) -> Vec<Uuid> {
    items.iter().map(|item| item["id"].as_str().expect("an id").parse().expect("an id")).collect()
}
