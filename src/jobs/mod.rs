//! Durable background jobs on PostgreSQL.
//!
//! Owns: the `job` table, claiming, leases, retries, and schedules that run once across nodes.
//!
//! Invariants:
//! - A job is enqueued in the transaction of the change that needs it, and completed in the transaction of its effect;
//!   a crash in between repeats the job, never half of it.
//! - A lease lasts [`LEASE`] and is renewed while the job runs; completing is fenced by its token, so that a node that
//!   lost its lease can't finish over the one that took the job.
//! - A job that failed too often is kept as `dead`, with its last error.
//! - What is asked for again while it runs ([`ask`]) is not forgotten: it then runs once more ([`settle`]).
//! - Jobs of one resource (a channel) take only some of a node's places, so that others go on while it hangs.
//!
//! Absent on purpose: what the jobs do (features register handlers) and priorities.

mod resources;
mod runner;
mod schedule;
mod store;

pub use resources::Resources;
pub use runner::{Failure, Handler, Job, Runner};
pub use schedule::{Schedule, run_schedules};
pub use store::{Wait, ask, claim, complete, enqueue, hold, put_back, put_off, renew, settle, waiting};

use chrono::{DateTime, Utc};
use serde_json::Value;
use std::time::Duration;
use uuid::Uuid;

/// How long a claimed job belongs to its runner without renewal.
pub const LEASE: Duration = Duration::from_secs(30);

/// A job to be enqueued.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    pub kind: &'static str,
    pub payload: Value,
    /// Of the same kind and key there is at most one job at a time.
    pub unique_key: Option<String>,
    /// Not before; none: at once.
    pub run_at: Option<DateTime<Utc>>,
    /// What it uses that may be slow or broken for all who use it.
    pub resource: Option<Uuid>,
}
