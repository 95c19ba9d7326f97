//! Work that recurs: once in its interval across all nodes.

use super::store;
use crate::db::Db;
use crate::error::Result;
use futures_util::future::BoxFuture;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// One recurring piece of work: its name, its interval, what to do.
pub type Schedule = (&'static str, Duration, Box<dyn Fn() -> BoxFuture<'static, Result<()>> + Send + Sync>);

/// How often the node asks whether something is due.
const TICK: Duration = Duration::from_secs(30);

/// Runs schedules until stopped. A failed run is tried again at the next tick.
pub async fn run_schedules(db: Db, schedules: Vec<Schedule>, stop: CancellationToken) {
    loop {
        for (name, every, work) in &schedules {
            let seconds = i32::try_from(every.as_secs()).unwrap_or(i32::MAX);
            match store::take_turn(&db, name, seconds).await {
                Ok(true) => {
                    if let Err(error) = work().await {
                        tracing::warn!(schedule = name, %error, "scheduled work failed");
                        let _ = store::give_turn_back(&db, name).await;
                    }
                }
                Ok(false) => {}
                Err(error) => tracing::warn!(schedule = name, %error, "schedule can't be read"),
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(TICK) => {}
        }
    }
}
