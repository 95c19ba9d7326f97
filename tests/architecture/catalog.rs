//! Databases for the rules about the database: each test makes one of its own name and drops it.

use std::future::Future;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

/// The server of the tests, from the environment.
pub fn server() -> Option<String> {
    let url = std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty());
    if url.is_none() {
        eprintln!("TEST_DATABASE_URL is not set: the rules about the database are not checked");
    }
    url
}

/// Runs a test on an empty database, which is dropped afterwards, also when the test fails.
pub async fn with_database<F, Fut>(name: &str, test: F)
where
    F: FnOnce(String) -> Fut,
    Fut: Future<Output = ()> + Send + 'static,
{
    let Some(server) = server() else { return };
    let name = format!("architecture_{}_{name}", std::process::id());
    let admin = connect(&server).await;
    admin.batch_execute(&format!("drop database if exists {name} with (force)")).await.expect("dropped");
    admin.batch_execute(&format!("create database {name}")).await.expect("made");
    let done = tokio::spawn(test(url_of(&server, &name))).await;
    admin.batch_execute(&format!("drop database if exists {name} with (force)")).await.expect("dropped");
    if let Err(failed) = done {
        std::panic::resume_unwind(failed.into_panic());
    }
}

/// The same server, another database.
fn url_of(server: &str, database: &str) -> String {
    match url::Url::parse(server) {
        Ok(mut url) => {
            url.set_path(database);
            url.to_string()
        }
        // The last word wins.
        Err(_) => format!("{server} dbname={database}"),
    }
}

pub async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("a connection");
    tokio::spawn(connection);
    client
}

/// The rows of a query, as text; null is `None`.
pub async fn rows(client: &Client, query: &str) -> Vec<Vec<Option<String>>> {
    let messages =
        client.simple_query(query).await.unwrap_or_else(|error| panic!("{query}: {}", told(&error)));
    messages
        .iter()
        .filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => {
                Some((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect())
            }
            _ => None,
        })
        .collect()
}

/// The first column of each row.
pub async fn words(client: &Client, query: &str) -> Vec<String> {
    rows(client, query)
        .await
        .into_iter()
        .map(|row| row.into_iter().next().flatten().unwrap_or_default())
        .collect()
}

/// The SQLSTATE of a statement that must be refused; `None`: it went through.
pub async fn refusal(client: &Client, statement: &str) -> Option<String> {
    let error = client.batch_execute(statement).await.err()?;
    Some(error.code().map_or_else(|| error.to_string(), |code| code.code().to_owned()))
}

fn told(error: &tokio_postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string)
}

#[test]
fn databases_have_urls() {
    assert_eq!(url_of("postgres://a:b@c:1/d?x=y", "e"), "postgres://a:b@c:1/e?x=y");
    assert_eq!(url_of("host=/tmp user=a dbname=b", "e"), "host=/tmp user=a dbname=b dbname=e");
}
