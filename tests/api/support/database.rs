//! Databases of tests: clones of templates that are made once a process.

use super::{EMAIL, PASSWORD, noise, sample_channels};
use secrecy::SecretString;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use switchboard::auth::{self, Role};
use switchboard::channels;
use switchboard::db::{Db, Tenant, migrate};
use switchboard::log::Log;
use switchboard::{ids, tenants};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// What a test's database has in it from the start.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Template {
    /// Only the tables.
    Empty,
    /// One tenant with an administrator.
    Alone,
    /// That, with the samples' channels connected, and the second tenant beside it.
    Beside,
}

/// A database of one test.
pub struct TestDatabase {
    pub url: String,
    name: String,
    owner: Client,
}

impl TestDatabase {
    pub async fn create(template: Template) -> Self {
        let template = tokio::task::spawn_blocking(move || template.name()).await.unwrap();
        let name = format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        connect(&base())
            .await
            .batch_execute(&format!("create database {name} template {template} strategy file_copy"))
            .await
            .expect("clone the template");
        let url = with_name(&name);
        Self { owner: connect(&url).await, url, name }
    }

    /// Gives its memory back. One that a failed test left goes with the cluster.
    pub async fn drop(self) {
        let statement = format!("drop database {} with (force)", self.name);
        connect(&base()).await.batch_execute(&statement).await.expect("drop the test database");
    }

    /// As the owner: sees all tenants.
    pub fn owner(&self) -> &Client {
        &self.owner
    }
}

impl Template {
    fn name(self) -> &'static str {
        static NAMES: [OnceLock<String>; 3] = [const { OnceLock::new() }; 3];
        NAMES[self as usize].get_or_init(|| {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
            runtime.block_on(self.make())
        })
    }

    async fn make(self) -> String {
        let name = format!("template{}_{}", std::process::id(), self as usize);
        connect(&base())
            .await
            .batch_execute(&format!("create database {name}"))
            .await
            .expect("make the template");
        let url = with_name(&name);
        let set_role = migrate::prepare(&url, true).await.expect("migrate the template");
        if self != Self::Empty {
            self.fill(&url, set_role).await;
        }
        name
    }

    async fn fill(self, url: &str, set_role: bool) {
        let db = Db::new(url, set_role).unwrap();
        let tenant = tenants::ensure(&db).await.unwrap();
        let password = SecretString::from(PASSWORD);
        let user =
            auth::service::create_admin(&db, EMAIL, password, None, Role::Administrator).await.unwrap();
        // A session that is signed in already: most tests are about something else.
        sign_in(&connect(url).await, tenant, user, super::TOKEN).await;
        if self == Self::Beside {
            let (log, _relay) = Log::new(db);
            noise::add(&log).await;
            connect_samples(&log, tenant).await;
        }
    }
}

/// A session of a user, with a token that is chosen by the test.
pub async fn sign_in(owner: &Client, tenant: Tenant, user: Uuid, token: &str) {
    let tenant = tenant.id();
    let hash = data_encoding::HEXLOWER.encode(&ids::token_hash(token));
    owner
        .batch_execute(&format!(
            "with s as (insert into session (id, tenant_id, user_id, token_hash, expires_at)
                 values (gen_random_uuid(), '{tenant}', '{user}', '{user}', now() + interval '1 day') returning id)
             insert into access_token (hash, session_id, expires_at)
                 select '\\x{hash}', id, now() + interval '1 day' from s"
        ))
        .await
        .unwrap();
}

/// Connects the samples' accounts, as an administrator would.
pub async fn connect_samples(log: &Log, tenant: Tenant) {
    for channel in sample_channels() {
        channels::connect(log, tenant, channel.account()).await.unwrap();
    }
}

fn base() -> String {
    std::env::var("TEST_DATABASE_URL")
        .expect("TEST_DATABASE_URL is not set: run the tests with `cargo xtask test`")
}

/// The server's URL with another database.
fn with_name(name: &str) -> String {
    let base = base();
    match base.parse::<reqwest::Url>() {
        Ok(mut url) if base.contains("://") => {
            url.set_path(name);
            url.to_string()
        }
        // In the keyword form the last one counts.
        _ => format!("{base} dbname={name}"),
    }
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("the test database");
    tokio::spawn(connection);
    client
}
