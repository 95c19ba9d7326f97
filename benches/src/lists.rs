//! What agents open all day, over ten thousand conversations and over a million.

use crate::fanout::first_conversation;
use crate::http::Connection;
use crate::machine::quantile;
use crate::report::{self, Table, ms};
use crate::seed;
use crate::server::{Place, Server};
use anyhow::{Context, Result, ensure};
use clap::Args;
use std::time::{Duration, Instant};

const TURNS: usize = 60;

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    place: Place,
    /// How many conversations, ten messages each; the ratio is to the first.
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 100_000, 1_000_000])]
    conversations: Vec<i64>,
}

pub async fn run(options: Options) -> Result<()> {
    let folder = options.place.folder()?;
    report::machine(folder.path())?;
    let server = Server::start(&options.place, folder.path()).await?;
    let postgres = server.postgres().await?;
    let conversation = first_conversation(&server).await?;
    let mut table = Table::new(&["conversations", "what", "median", "slowest of 20", "against the first"]);
    let mut first: Vec<Duration> = Vec::new();
    for total in &options.conversations {
        let begun = Instant::now();
        seed::conversations(&postgres, *total).await?;
        println!("{total} conversations with {} messages after {:.0?}", total * seed::EACH, begun.elapsed());
        let mut connection = server.connection().await?;
        for (number, (name, path)) in
            questions(&mut connection, &server, &conversation, *total).await?.into_iter().enumerate()
        {
            let took = ask(&mut connection, &server.token, &path).await?;
            let median = quantile(&took, 0.5);
            let ratio = match first.get(number) {
                Some(first) => format!("{:.2} ×", median.as_secs_f64() / first.as_secs_f64()),
                None => {
                    first.push(median);
                    String::new()
                }
            };
            table.row(vec![total.to_string(), name.to_owned(), ms(median), ms(quantile(&took, 0.95)), ratio]);
        }
        let took = moves(&mut connection, &server, &postgres).await?;
        table.row(vec![
            total.to_string(),
            "card moved".to_owned(),
            ms(quantile(&took, 0.5)),
            ms(quantile(&took, 0.95)),
            "1 row of the board".to_owned(),
        ]);
    }
    table.print();
    server.program.stop().await
}

async fn questions(
    connection: &mut Connection,
    server: &Server,
    conversation: &str,
    total: i64,
) -> Result<Vec<(&'static str, String)>> {
    let middle = total / 2;
    let found =
        get(connection, &server.token, &format!("/api/v1/conversations?status=all&q=Person%20{middle}"))
            .await?;
    let thread = found.pointer("/items/0/id").and_then(|id| id.as_str()).unwrap_or(conversation).to_owned();
    let boards = get(connection, &server.token, "/api/v1/boards").await?;
    let board = boards.pointer("/items/0/id").and_then(|id| id.as_str()).context("no board")?.to_owned();
    let page = get(connection, &server.token, "/api/v1/conversations?limit=200").await?;
    let cursor =
        page.pointer("/next_cursor").and_then(|cursor| cursor.as_str()).unwrap_or_default().to_owned();
    Ok(vec![
        ("inbox, first page", "/api/v1/conversations".to_owned()),
        ("inbox, fifth page", format!("/api/v1/conversations?cursor={cursor}")),
        ("inbox, unassigned and unread", "/api/v1/conversations?assignee=none&unread=true".to_owned()),
        ("inbox, counts", "/api/v1/conversations/counts".to_owned()),
        ("thread, first page", format!("/api/v1/conversations/{thread}/messages")),
        ("board (at most 100,000 cards)", format!("/api/v1/boards/{board}")),
        ("customers, first page", "/api/v1/customers".to_owned()),
        ("search of a name", format!("/api/v1/conversations?status=all&q=Person%20{middle}")),
        ("search of a number", format!("/api/v1/customers?q=9053{middle:08}")),
        ("search of what nobody has", "/api/v1/customers?q=zzzzqqqq".to_owned()),
        ("search of what all have", "/api/v1/customers?q=person".to_owned()),
    ])
}

async fn get(connection: &mut Connection, token: &str, path: &str) -> Result<serde_json::Value> {
    let answer = connection.get(path, token).await?;
    ensure!(answer.status == 200, "{path} got {}: {}", answer.status, String::from_utf8_lossy(&answer.body));
    Ok(serde_json::from_slice(&answer.body)?)
}

async fn ask(connection: &mut Connection, token: &str, path: &str) -> Result<Vec<Duration>> {
    let mut took = Vec::with_capacity(TURNS);
    for turn in 0..TURNS + 5 {
        let begun = Instant::now();
        let answer = connection.get(path, token).await?;
        ensure!(
            answer.status == 200,
            "{path} got {}: {}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
        if turn >= 5 {
            took.push(begun.elapsed());
        }
    }
    took.sort();
    Ok(took)
}

/// The last card of a column to its top and the next one, and so on; each move must write one card.
async fn moves(
    connection: &mut Connection,
    server: &Server,
    postgres: &tokio_postgres::Client,
) -> Result<Vec<Duration>> {
    let written = "select coalesce(n_tup_upd, 0) from pg_stat_user_tables where relname = 'card'";
    let mut took = Vec::with_capacity(TURNS);
    let cards = postgres
        .query("select id, column_id, version from card order by rank desc limit $1", &[&(TURNS as i64)])
        .await?;
    let before: i64 = postgres.query_one(written, &[]).await?.get(0);
    for card in &cards {
        let (id, column, version): (uuid::Uuid, uuid::Uuid, i32) = (card.get(0), card.get(1), card.get(2));
        let top: uuid::Uuid = postgres
            .query_one("select id from card where column_id = $1 order by rank limit 1", &[&column])
            .await?
            .get(0);
        let body = serde_json::json!({ "column_id": column.to_string(), "before_card_id": top.to_string(), "version": version }).to_string();
        let begun = Instant::now();
        let answer =
            connection.json("PATCH", &format!("/api/v1/cards/{id}"), Some(&server.token), &body).await?;
        ensure!(
            answer.status == 200,
            "a move got {}: {}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
        took.push(begun.elapsed());
    }
    // The statistics are told at the end of a session's idle second.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let after: i64 = postgres.query_one(written, &[]).await?.get(0);
    ensure!(after - before <= cards.len() as i64, "{} moves wrote {} cards", cards.len(), after - before);
    took.sort();
    Ok(took)
}
