//! The usual way, done as well as one can: each request takes one of 32 connections, inserts its row by a prepared
//! statement, and answers when it is committed. The same row, the same PostgreSQL, the same durability.

use crate::bare::{is_signed, serve};
use crate::server::connect;
use crate::traffic::PATH;
use actix_web::{HttpRequest, HttpResponse, web};
use anyhow::Result;
use clap::Args;
use parking_lot::Mutex;
use std::sync::Arc;
use tokio::sync::{OnceCell, Semaphore};
use tokio_postgres::{Client, Statement};

const POOL: usize = 32;

#[derive(Args, Clone)]
pub struct Options {
    /// In libpq's words.
    #[arg(long)]
    database: String,
}

/// Idle connections, each with its statement.
struct Pool {
    room: Semaphore,
    idle: Mutex<Vec<(Client, Statement)>>,
}

pub fn run(options: Options) -> Result<()> {
    let pool = Arc::new(OnceCell::<Pool>::new());
    serve(move |config: &mut web::ServiceConfig| {
        config.app_data(web::Data::new(options)).app_data(web::Data::from(pool));
        config.route(PATH, web::post().to(take));
    })
}

async fn take(
    request: HttpRequest,
    body: web::Bytes,
    options: web::Data<Options>,
    pool: web::Data<OnceCell<Pool>>,
) -> HttpResponse {
    if !is_signed(&request, &body) {
        return HttpResponse::Unauthorized().finish();
    }
    let stored = async { insert(pool.get_or_try_init(|| open(&options.database)).await?, &body).await };
    match stored.await {
        Ok(()) => HttpResponse::Ok().finish(),
        Err(error) => HttpResponse::ServiceUnavailable().body(error.to_string()),
    }
}

async fn open(database: &str) -> Result<Pool> {
    let client = connect(database).await?;
    client
        .batch_execute("create table if not exists single_commit (like webhook_delivery including all)")
        .await?;
    let mut idle = Vec::with_capacity(POOL);
    for _ in 0..POOL {
        let client = connect(database).await?;
        let insert = client
            .prepare("insert into single_commit (id, platform, size, body, received_at) values ($1, 'whatsapp', $2, $3, now())")
            .await?;
        idle.push((client, insert));
    }
    Ok(Pool { room: Semaphore::new(POOL), idle: Mutex::new(idle) })
}

async fn insert(pool: &Pool, body: &[u8]) -> Result<()> {
    let _room = pool.room.acquire().await?;
    let Some((client, insert)) = pool.idle.lock().pop() else { anyhow::bail!("the pool is empty") };
    let size = i32::try_from(body.len())?;
    let done = client.execute(&insert, &[&uuid::Uuid::now_v7(), &size, &body]).await;
    pool.idle.lock().push((client, insert));
    done?;
    Ok(())
}
