//! Runs jobs: claims, dispatches, renews, retries.

use super::store::{self, Claimed, Wait};
use super::{LEASE, Resources};
use crate::db::{Db, Tenant};
use crate::error::Error;
use diesel::QueryableByName;
use diesel::sql_types::{Int4, Jsonb, Nullable, Text, Uuid as SqlUuid};
use futures_util::future::BoxFuture;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How often the table is looked at when nothing wakes the runner and nothing is due before.
const POLL: Duration = Duration::from_secs(1);
/// Tries before a job is set aside: at the longest waits, more than a day and a half, as long as the platforms repeat.
const MAX_ATTEMPTS: i32 = 200;

/// A claimed job.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
pub struct Job {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: Uuid,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Jsonb)]
    pub payload: Value,
    /// Counts this one.
    #[diesel(sql_type = Int4)]
    pub attempts: i32,
    /// How often it had been asked for when it was claimed.
    #[diesel(sql_type = Int4)]
    pub asked: i32,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub resource: Option<Uuid>,
    #[diesel(sql_type = SqlUuid)]
    pub token: Uuid,
}

impl Job {
    /// The tenant that enqueued it.
    pub fn tenant(&self) -> Tenant {
        Tenant::proven(self.tenant_id)
    }
}

/// Why a job did not end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Again later; with the wait that the other side asked for, if it did.
    Retry { error: String, after: Option<Duration> },
    /// Again after this wait, as often as it takes: nothing has failed, it was too early.
    Early { cause: String, after: Duration },
    /// Never again.
    Dead(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Retry { error: error.to_string(), after: None }
    }
}

/// Does one job and completes it (`jobs::complete`) in the transaction of its effect.
pub type Handler = Arc<dyn Fn(Job) -> BoxFuture<'static, Result<(), Failure>> + Send + Sync>;

/// Runs jobs of some kinds on one node.
pub struct Runner {
    db: Db,
    handlers: HashMap<&'static str, Handler>,
    wake: Arc<Notify>,
    /// Jobs at a time.
    parallel: usize,
    resources: Option<Arc<Resources>>,
}

impl Runner {
    /// `wake` is rung by whoever has enqueued something and wants it done at once.
    pub fn new(
        db: Db,
        handlers: HashMap<&'static str, Handler>,
        wake: Arc<Notify>,
        parallel: usize,
        resources: Option<Arc<Resources>>,
    ) -> Self {
        Self { db, handlers, wake, parallel, resources }
    }

    /// With resources one by one: the next may find its resource full.
    async fn claim(&self, free: usize) -> Claimed {
        let kinds: Vec<&str> = self.handlers.keys().copied().collect();
        let busy = self.resources.as_ref().map(|resources| resources.busy());
        let limit = if busy.is_some() { 1 } else { i64::try_from(free).unwrap_or(1) };
        let claimed = store::claim(&self.db, limit, &kinds, &busy.unwrap_or_default()).await;
        claimed.unwrap_or_else(|error| {
            tracing::warn!(%error, "jobs can't be claimed");
            Claimed::default()
        })
    }

    /// Runs until stopped; jobs that are under way then end or lose their lease.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        let places = Arc::new(Semaphore::new(self.parallel));
        while !stop.is_cancelled() {
            // A claimed job that waits for a place would lose its lease.
            if places.acquire().await.is_err() {
                return;
            }
            let Claimed { jobs, next_in } = self.claim(places.available_permits().max(1)).await;
            let idle = jobs.is_empty();
            for job in jobs {
                let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
                let runner = Arc::clone(&self);
                let used = self.resources.clone().zip(job.resource);
                if let Some((resources, id)) = &used {
                    resources.begin(*id);
                }
                tokio::spawn(async move {
                    runner.one(job).await;
                    if let Some((resources, id)) = used {
                        resources.end(id);
                        runner.wake.notify_one();
                    }
                    drop(place);
                });
            }
            if idle {
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = self.wake.notified() => {}
                    () = tokio::time::sleep(next_in.map_or(POLL, |next| next.min(POLL))) => {}
                }
            }
        }
    }

    async fn one(&self, job: Job) {
        // Only kinds that have one are claimed: another version of the server may know the others.
        let Some(handler) = self.handlers.get(job.kind.as_str()) else { return };
        fail_point!("job.claimed");
        let renewing = async {
            let mut renewal = tokio::time::interval(LEASE / 3);
            renewal.tick().await;
            loop {
                renewal.tick().await;
                if let Err(error) = store::renew(&self.db, &job).await {
                    tracing::warn!(job = %job.id, %error, "a lease could not be renewed");
                }
            }
        };
        // Side by side: a renewal waits for the job's own transaction, when that is just about to complete it.
        let outcome = tokio::select! {
            outcome = handler(job.clone()) => outcome,
            () = renewing => return,
        };
        fail_point!("job.done");
        let (word, put_back) = match outcome {
            Ok(()) => ("done", None),
            Err(Failure::Dead(error)) => ("dead", Some((error, None))),
            Err(Failure::Early { cause, after }) => {
                let spread = 1.0 + rand::random::<f64>() / 10.0;
                ("early", Some((cause, Some(Wait { seconds: after.as_secs_f64() * spread, counts: false }))))
            }
            Err(Failure::Retry { error, .. }) if job.attempts >= MAX_ATTEMPTS => {
                ("dead", Some((error, None)))
            }
            Err(Failure::Retry { error, after }) => {
                let seconds = wait(job.attempts, after);
                ("retried", Some((error, Some(Wait { seconds, counts: true }))))
            }
        };
        metrics::counter!("switchboard_jobs_total", "kind" => job.kind.clone(), "outcome" => word)
            .increment(1);
        if let Some((error, wait)) = put_back {
            tracing::info!(job = %job.id, kind = job.kind, attempts = job.attempts, error, word, "job failed");
            if let Err(error) = store::put_back(&self.db, &job, &error, wait).await {
                tracing::warn!(job = %job.id, %error, "a failed job keeps its lease until it ends");
            }
        }
    }
}

/// Seconds before the next try: exponential with jitter, not less than what was asked for.
fn wait(attempts: i32, asked: Option<Duration>) -> f64 {
    let exponent = attempts.clamp(1, 12) - 1;
    let backoff = 2_f64.powi(exponent).min(900.0);
    let jittered = backoff * (0.5 + rand::random::<f64>());
    asked.map_or(jittered, |asked| asked.as_secs_f64().max(jittered))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_have_an_end_and_honour_the_other_side() {
        assert!((0.5..=1.5).contains(&wait(1, None)));
        assert!(wait(5, None) >= 8.0);
        assert!(wait(1000, None) <= 1350.0);
        assert!(wait(1, Some(Duration::from_secs(60))) >= 60.0);
    }
}
