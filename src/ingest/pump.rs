//! From the journal into the tables: the queue in memory, and the sweep for what a crash left behind.

use super::batch::{self, Incoming};
use super::route::Sorter;
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
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinHandle;
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
/// A tenant whose batch takes longer is waited for no more by the others.
const HELD_UP: Duration = Duration::from_secs(1);
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
    room: OwnedSemaphorePermit,
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
    /// Starts the worker and the sweep. `jobs` is rung after each batch that made some. `alone`: no other node works on this
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
            Ok(room) => drop(self.queue.batches.send(Waiting { deliveries, room })),
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
        self.batches.send(Waiting { deliveries, room }).is_ok()
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
    let (routed, ready) = mpsc::channel(1);
    tokio::spawn(Lanes { log: log.clone(), jobs, late: HashMap::new() }.run(ready));
    let mut sorter = Sorter::new(log.db().clone());
    let (mut waiting, mut room) = (VecDeque::new(), Vec::new());
    loop {
        // What comes while nothing more may be ahead becomes part of the next batch.
        let Ok(place) = routed.reserve().await else { return };
        if waiting.is_empty() {
            let next = tokio::select! {
                next = queue.recv() => next,
                () = stop.cancelled() => None,
            };
            let Some(next) = next else { return };
            waiting.extend(next.deliveries);
            room.push(next.room);
        }
        while waiting.len() < BATCH
            && let Ok(more) = queue.try_recv()
        {
            waiting.extend(more.deliveries);
            room.push(more.room);
        }
        let batch: Vec<Delivery> = waiting.drain(..waiting.len().min(BATCH)).collect();
        fail_point!("pump.taken");
        if let Some(parts) = route(&mut sorter, batch).await {
            fail_point!("pump.routed");
            place.send(Routed { parts, room: Arc::new(std::mem::take(&mut room)) });
        }
    }
}

async fn route(sorter: &mut Sorter, batch: Vec<Delivery>) -> Option<BTreeMap<Tenant, Vec<Incoming>>> {
    for _ in 0..RETRIES {
        match sorter.sort(batch.clone()).await {
            Ok(parts) => return Some(parts),
            Err(error) => {
                tracing::warn!(%error, deliveries = batch.len(), "deliveries can't be routed yet");
                tokio::time::sleep(RETRY).await;
            }
        }
    }
    None
}

/// A batch by tenant. `room` is given back with its last part.
struct Routed {
    parts: BTreeMap<Tenant, Vec<Incoming>>,
    room: Arc<Vec<OwnedSemaphorePermit>>,
}

/// One lane a tenant: a lock that holds one of them up holds up no other.
struct Lanes {
    log: Log,
    jobs: Arc<Notify>,
    /// Batches that nobody waits for any more; the tenant's next one follows them.
    late: HashMap<Tenant, JoinHandle<()>>,
}

impl Lanes {
    async fn run(mut self, mut ready: mpsc::Receiver<Routed>) {
        while let Some(batch) = ready.recv().await {
            let started = clock::monotonic();
            self.apply(batch).await;
            metrics::histogram!("switchboard_ingest_batch_seconds").record(started.elapsed().as_secs_f64());
        }
    }

    /// Waits for the parts of tenants that are not late, [`HELD_UP`] at the most.
    async fn apply(&mut self, batch: Routed) {
        let mut punctual = Vec::new();
        for (tenant, incoming) in batch.parts {
            let former = self.late.remove(&tenant).filter(|former| !former.is_finished());
            let is_late = former.is_some();
            let (log, jobs, room) = (self.log.clone(), Arc::clone(&self.jobs), Arc::clone(&batch.room));
            let part = tokio::spawn(async move {
                if let Some(former) = former {
                    // Its end is all that matters here.
                    let _ = former.await;
                }
                if apply(&log, tenant, incoming).await {
                    jobs.notify_one();
                }
                drop(room);
            });
            if is_late {
                self.late.insert(tenant, part);
            } else {
                punctual.push((tenant, part));
            }
        }
        let all = futures_util::future::join_all(punctual.iter_mut().map(|(_, part)| part));
        // Too late is no error: the next batches follow it.
        let _ = tokio::time::timeout(HELD_UP, all).await;
        self.late.extend(punctual.into_iter().filter(|(_, part)| !part.is_finished()));
    }
}

/// Applies a batch; one that fails is halved until the delivery that makes it fail stands alone. Whether there are new
/// jobs.
async fn apply(log: &Log, tenant: Tenant, batch: Vec<Incoming>) -> bool {
    let mut jobs = false;
    let mut stack: Vec<(Vec<Incoming>, usize)> = vec![(batch, 0)];
    while let Some((mut batch, tries)) = stack.pop() {
        match batch::apply(log, tenant, &batch).await {
            Ok(enqueued) => jobs |= enqueued,
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
    jobs
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
