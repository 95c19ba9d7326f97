//! Databases of tests.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use switchboard::db::migrate;
use tokio_postgres::{Client, NoTls};

static TEMPLATE: OnceLock<String> = OnceLock::new();
static NEXT: AtomicU32 = AtomicU32::new(0);

/// A database of one test; dropped with the cluster after the run.
pub struct TestDatabase {
    pub url: String,
}

impl TestDatabase {
    pub async fn create() -> Self {
        let template = tokio::task::spawn_blocking(|| TEMPLATE.get_or_init(make_template)).await.unwrap();
        let name = format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let admin = connect(&base()).await;
        admin
            .batch_execute(&format!("create database {name} template {template} strategy file_copy"))
            .await
            .expect("clone the template");
        Self { url: with_name(&name) }
    }

    /// A connection as the owner: sees all tenants.
    pub async fn client(&self) -> Client {
        connect(&self.url).await
    }
}

fn base() -> String {
    std::env::var("TEST_DATABASE_URL").expect("TEST_DATABASE_URL is not set: run the tests with `cargo xtask test`")
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

fn make_template() -> String {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let name = format!("template{}", std::process::id());
        connect(&base()).await.batch_execute(&format!("create database {name}")).await.expect("make the template");
        migrate::prepare(&with_name(&name), true).await.expect("migrate the template");
        name
    })
}
