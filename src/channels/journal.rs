//! The journal: raw bodies, committed before anybody is told that they arrived.
//!
//! One task with a connection of its own takes everything that waits, writes it with one statement, and wakes all the
//! requests at once (group commit). No timer: the next batch forms while the last one commits.

use crate::db::{Db, Tenant, sql};
use crate::error::{Error, Result};
use crate::secrets::Platform;
use crate::{clock, ids};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, Binary, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use uuid::Uuid;

/// Deliveries of one commit at the most.
const BATCH: usize = 512;
/// Deliveries that may wait for a commit; one more is a 503.
const QUEUE: usize = 4096;
/// Bytes that may wait for a commit, in KiB; beyond it is a 503.
const QUEUE_KIB: usize = 128 * 1024;
/// Wait before the next try to reach the database.
const RECONNECT: Duration = Duration::from_millis(200);
/// A commit that takes longer has failed as far as the platform is concerned.
const COMMIT_LIMIT: Duration = Duration::from_secs(10);

/// A committed delivery, as it is handed on.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub id: Uuid,
    /// Of an address with a slug.
    pub tenant: Option<Tenant>,
    pub received_at: DateTime<Utc>,
    pub body: Bytes,
    /// Only what concerns these accounts (`kind:id`); empty: all.
    pub accounts: Vec<String>,
}

/// The entrance. Cheap to clone.
#[derive(Clone)]
pub struct Journal {
    queue: mpsc::Sender<Entry>,
    room: Arc<Semaphore>,
}

struct Entry {
    platform: Platform,
    delivery: Delivery,
    committed: oneshot::Sender<bool>,
    _room: OwnedSemaphorePermit,
}

impl Journal {
    /// Starts the writer. `hand` gets every batch after its commit.
    pub fn start(db: Db, hand: impl Fn(Vec<Delivery>) + Send + 'static) -> Self {
        let (queue, entries) = mpsc::channel(QUEUE);
        tokio::spawn(write(db, entries, hand));
        Self { queue, room: Arc::new(Semaphore::new(QUEUE_KIB)) }
    }

    /// Returns when the body is durable. 503 when it can't be made so soon.
    pub async fn append(&self, platform: Platform, tenant: Option<Tenant>, body: Bytes) -> Result<Uuid> {
        let full = || {
            metrics::counter!("switchboard_journal_deliveries_total", "outcome" => "full").increment(1);
            Error::Unavailable("the journal's queue is full".to_owned())
        };
        let kib = u32::try_from(body.len() / 1024 + 1).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room).try_acquire_many_owned(kib).map_err(|_| full())?;
        let (committed, answer) = oneshot::channel();
        let delivery =
            Delivery { id: ids::new(), tenant, received_at: clock::now(), body, accounts: Vec::new() };
        let id = delivery.id;
        let entry = Entry { platform, delivery, committed, _room: room };
        self.queue.try_send(entry).map_err(|_| full())?;
        fail_point!("journal.queued");
        match answer.await {
            Ok(true) => Ok(id),
            _ => Err(Error::Unavailable("the journal could not commit".to_owned())),
        }
    }
}

async fn write(db: Db, mut entries: mpsc::Receiver<Entry>, hand: impl Fn(Vec<Delivery>)) {
    let mut connection: Option<AsyncPgConnection> = None;
    let mut batch = Vec::with_capacity(BATCH);
    while entries.recv_many(&mut batch, BATCH).await > 0 {
        fail_point!("journal.taken");
        let started = clock::monotonic();
        let done = match commit(&db, &mut connection, &batch).await {
            Ok(()) => true,
            Err(error) => {
                connection = None;
                tracing::warn!(%error, deliveries = batch.len(), "the journal could not commit");
                false
            }
        };
        fail_point!("journal.committed");
        metrics::histogram!("switchboard_journal_commit_seconds").record(started.elapsed().as_secs_f64());
        metrics::counter!("switchboard_journal_deliveries_total", "outcome" => if done { "committed" } else { "refused" })
            .increment(batch.len() as u64);
        let mut handed = Vec::with_capacity(batch.len());
        for entry in batch.drain(..) {
            let _ = entry.committed.send(done);
            handed.push(entry.delivery);
        }
        fail_point!("journal.answered");
        if done {
            hand(handed);
        } else {
            tokio::time::sleep(RECONNECT).await;
        }
    }
}

/// One statement, one commit. An error leaves it unknown whether the rows are there: the platform will repeat, and
/// what is there twice has one effect.
async fn commit(db: &Db, connection: &mut Option<AsyncPgConnection>, batch: &[Entry]) -> Result<()> {
    let conn = match connection {
        Some(conn) => conn,
        None => connection.insert(db.dedicated().await?),
    };
    let insert = sql(
        "insert into webhook_delivery (id, platform, tenant_id, size, body, received_at)
         select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::int[], $5::bytea[], $6::timestamptz[])",
    )
    .bind::<Array<SqlUuid>, _>(batch.iter().map(|entry| entry.delivery.id).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(batch.iter().map(|entry| entry.platform.as_str()).collect::<Vec<_>>())
    .bind::<Array<Nullable<SqlUuid>>, _>(
        batch.iter().map(|entry| entry.delivery.tenant.map(Tenant::id)).collect::<Vec<_>>(),
    )
    .bind::<Array<Int4>, _>(
        batch
            .iter()
            .map(|entry| i32::try_from(entry.delivery.body.len()).unwrap_or(i32::MAX))
            .collect::<Vec<_>>(),
    )
    .bind::<Array<Binary>, _>(batch.iter().map(|entry| entry.delivery.body.as_ref()).collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(batch.iter().map(|entry| entry.delivery.received_at).collect::<Vec<_>>());
    fail_point!("journal.statement");
    tokio::time::timeout(COMMIT_LIMIT, insert.execute(conn))
        .await
        .map_err(|_| Error::Unavailable("the journal's commit took too long".to_owned()))??;
    Ok(())
}
