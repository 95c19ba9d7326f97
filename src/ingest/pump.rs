//! From the journal into the tables: the queue in memory, and the sweep for what a crash left behind.

use super::batch::{self, Incoming};
use super::route;
use crate::channels::Delivery;
use crate::clock;
use crate::db::{Db, Tenant, scalar, sql};
use crate::error::{Error, Result};
use crate::log::Log;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Binary, Int4, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Deliveries of one transaction at the most.
const BATCH: usize = 256;
/// What may wait in memory, in KiB; what does not fit waits in the table. As much as the journal takes in: while the
/// database is away a moment longer for us than for the journal, many small batches pile up.
const QUEUE_KIB: usize = 128 * 1024;
/// How often the table is looked at for deliveries that nobody works on.
const SWEEP: Duration = Duration::from_secs(1);
/// Waits between tries while the database is away.
const RETRY: Duration = Duration::from_millis(500);
/// Tries while the database is away; then the sweep takes over.
const RETRIES: usize = 40;
/// Tries of a delivery that fails alone, before it is set aside: a deadlock, a time-out or a connection that was cut in
/// the middle is no fault of its own, and the driver does not tell them from poison.
const TRIES_ALONE: i32 = 5;

/// The working end of the queue.
#[derive(Clone)]
pub struct Pump {
    queue: Queue,
}

/// The way in, bounded by what waits, not by the number of batches.
#[derive(Clone)]
struct Queue {
    batches: mpsc::UnboundedSender<Waiting>,
    room: Arc<Semaphore>,
}

/// A batch with the room that it takes up.
struct Waiting {
    deliveries: Vec<Delivery>,
    _room: OwnedSemaphorePermit,
}

/// A batch that is read and waits to be applied.
struct Routed {
    tenants: BTreeMap<Tenant, Vec<Incoming>>,
    started: Instant,
}

#[derive(QueryableByName)]
struct Due {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    tenant_id: Option<Uuid>,
    #[diesel(sql_type = Timestamptz)]
    received_at: DateTime<Utc>,
    #[diesel(sql_type = Binary)]
    body: Vec<u8>,
    #[diesel(sql_type = Array<Text>)]
    accounts: Vec<String>,
}

impl Pump {
    /// Starts the worker and the sweep. `jobs` is rung after each batch. `alone`: no other node works on this
    /// database, so that what a former life left behind is taken at once.
    pub fn start(log: Log, jobs: Arc<Notify>, alone: bool, stop: CancellationToken) -> Self {
        let (batches, deliveries) = mpsc::unbounded_channel();
        let queue = Queue { batches, room: Arc::new(Semaphore::new(QUEUE_KIB)) };
        tokio::spawn(sweep(log.db().clone(), queue.clone(), alone, stop.clone()));
        tokio::spawn(work(log, jobs, deliveries, stop));
        Self { queue }
    }

    /// Hands committed deliveries on. When the queue is full they stay in the table, where the sweep finds them.
    pub fn hand(&self, deliveries: Vec<Delivery>) {
        match Arc::clone(&self.queue.room).try_acquire_many_owned(kib(&deliveries)) {
            // The worker is gone only while the process ends.
            Ok(room) => drop(self.queue.batches.send(Waiting { deliveries, _room: room })),
            Err(_) => metrics::counter!("switchboard_ingest_overflow_total").increment(1),
        }
    }
}

impl Queue {
    /// Waits for room. False: nobody works any more.
    async fn send(&self, deliveries: Vec<Delivery>) -> bool {
        let Ok(room) = Arc::clone(&self.room).acquire_many_owned(kib(&deliveries)).await else {
            return false;
        };
        self.batches.send(Waiting { deliveries, _room: room }).is_ok()
    }
}

/// The room that deliveries take up; never more than there is.
fn kib(deliveries: &[Delivery]) -> u32 {
    let all: usize = deliveries.iter().map(|delivery| delivery.body.len() / 1024 + 1).sum();
    u32::try_from(all.min(QUEUE_KIB)).unwrap_or(u32::MAX)
}

/// Reads and routes one batch while the one before is applied.
async fn work(
    log: Log,
    jobs: Arc<Notify>,
    mut queue: mpsc::UnboundedReceiver<Waiting>,
    stop: CancellationToken,
) {
    let (routed, mut ready) = mpsc::channel::<Routed>(1);
    let applier = log.clone();
    tokio::spawn(async move {
        while let Some(batch) = ready.recv().await {
            let tenants =
                batch.tenants.into_iter().map(|(tenant, incoming)| apply(&applier, tenant, incoming));
            futures_util::future::join_all(tenants).await;
            metrics::histogram!("switchboard_ingest_batch_seconds")
                .record(batch.started.elapsed().as_secs_f64());
            jobs.notify_one();
        }
    });
    let mut waiting: VecDeque<Delivery> = VecDeque::new();
    loop {
        // What comes while there is no room ahead becomes part of the next batch.
        let Ok(room) = routed.reserve().await else { return };
        if waiting.is_empty() {
            let next = tokio::select! {
                next = queue.recv() => next,
                () = stop.cancelled() => None,
            };
            let Some(next) = next else { return };
            waiting.extend(next.deliveries);
        }
        while waiting.len() < BATCH
            && let Ok(more) = queue.try_recv()
        {
            waiting.extend(more.deliveries);
        }
        let batch: Vec<Delivery> = waiting.drain(..waiting.len().min(BATCH)).collect();
        if let Some(batch) = route(&log, batch).await {
            room.send(batch);
        }
    }
}

async fn route(log: &Log, batch: Vec<Delivery>) -> Option<Routed> {
    let started = clock::monotonic();
    for _ in 0..RETRIES {
        match route::route(log.db(), batch.clone()).await {
            Ok(tenants) => return Some(Routed { tenants, started }),
            Err(error) => {
                tracing::warn!(%error, deliveries = batch.len(), "deliveries can't be routed yet");
                tokio::time::sleep(RETRY).await;
            }
        }
    }
    None
}

/// Applies a batch; one that fails is halved until the delivery that makes it fail stands alone.
async fn apply(log: &Log, tenant: Tenant, batch: Vec<Incoming>) {
    let mut stack: Vec<(Vec<Incoming>, usize)> = vec![(batch, 0)];
    while let Some((mut batch, tries)) = stack.pop() {
        match batch::apply(log, tenant, &batch).await {
            Ok(()) => {}
            Err(Error::Unavailable(cause)) if tries < RETRIES => {
                tracing::warn!(cause, deliveries = batch.len(), "ingest waits for the database");
                tokio::time::sleep(RETRY).await;
                stack.push((batch, tries + 1));
            }
            Err(Error::Unavailable(cause)) => tracing::error!(cause, "ingest leaves a batch to the sweep"),
            Err(error) => {
                if let [alone] = batch.as_slice() {
                    put_off(log.db(), tenant, alone.delivery_id, &error).await;
                    continue;
                }
                tracing::warn!(%error, deliveries = batch.len(), "a batch failed and is halved");
                let second = batch.split_off(batch.len() / 2);
                // The first half runs first: order is kept.
                stack.push((second, 0));
                stack.push((batch, 0));
            }
        }
    }
}

/// Leaves a delivery to the sweep, so that nobody waits for it; every [`TRIES_ALONE`]th time it is set aside.
async fn put_off(db: &Db, tenant: Tenant, delivery: Uuid, error: &Error) {
    let marked = async {
        let tx = db.system().await?;
        let state: Option<scalar::Word> = sql("update webhook_delivery set attempts = attempts + 1,
                    state = case when (attempts + 1) % $4 = 0 then 'failed' else state end,
                    reason = left($2, 500), tenant_id = coalesce(tenant_id, $3),
                    due_at = now() + interval '250 milliseconds'
             where id = $1 and state = 'received' returning state as value")
        .bind::<SqlUuid, _>(delivery)
        .bind::<Text, _>(error.to_string())
        .bind::<SqlUuid, _>(tenant.id())
        .bind::<Int4, _>(TRIES_ALONE)
        .load(&mut tx.conn())
        .await?
        .pop();
        tx.commit().await?;
        Ok::<_, Error>(state)
    };
    match marked.await {
        Ok(Some(state)) if state.value == "failed" => {
            tracing::error!(%delivery, %error, "a delivery is set aside");
            metrics::counter!("switchboard_deliveries_set_aside_total", "state" => "failed").increment(1);
        }
        Ok(_) => tracing::warn!(%delivery, %error, "a delivery is put off"),
        Err(error) => tracing::error!(%delivery, %error, "the failed delivery will be tried again"),
    }
}

async fn sweep(db: Db, queue: Queue, alone: bool, stop: CancellationToken) {
    if alone && let Err(error) = all_due(&db).await {
        tracing::warn!(%error, "deliveries of a former life wait for their time");
    }
    loop {
        match take_due(&db).await {
            Ok(due) if due.is_empty() => {}
            Ok(due) => {
                tracing::info!(deliveries = due.len(), "the sweep found deliveries that wait");
                if !queue.send(due).await {
                    return;
                }
                continue;
            }
            Err(error) => tracing::debug!(%error, "the sweep could not look"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(SWEEP) => {}
        }
    }
}

async fn all_due(db: &Db) -> Result<()> {
    let tx = db.system().await?;
    sql("update webhook_delivery set due_at = now() where state = 'received'")
        .execute(&mut tx.conn())
        .await?;
    tx.commit().await
}

async fn take_due(db: &Db) -> Result<Vec<Delivery>> {
    let tx = db.system().await?;
    let mut due: Vec<Due> = sql("update webhook_delivery set due_at = now() + interval '60 seconds'
         where id in (select id from webhook_delivery where state = 'received' and due_at <= now()
                      order by id limit $1 for update skip locked)
         returning id, tenant_id, received_at, body, accounts")
    .bind::<Int8, _>(i64::try_from(BATCH).unwrap_or(i64::MAX))
    .load(&mut tx.conn())
    .await?;
    tx.commit().await?;
    due.sort_by_key(|row| row.id);
    Ok(due
        .into_iter()
        .map(|row| Delivery {
            id: row.id,
            tenant: row.tenant_id.map(Tenant::proven),
            received_at: row.received_at,
            body: Bytes::from(row.body),
            accounts: row.accounts,
        })
        .collect())
}
