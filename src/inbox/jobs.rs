//! The end of a snooze: one job for each time that was set.

use super::service;
use crate::jobs::{self, Failure, Handler, Job, NewJob};
use crate::log::Log;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

const WAKE: &str = "wake_conversation";

#[derive(Deserialize)]
struct WakePayload {
    conversation_id: Uuid,
    /// The time that was set: another one has its own job.
    until: DateTime<Utc>,
}

/// Handlers of this feature's jobs, by kind.
pub fn handlers(log: &Log) -> HashMap<&'static str, Handler> {
    let log = log.clone();
    let wake: Handler = std::sync::Arc::new(move |job| {
        let log = log.clone();
        Box::pin(async move { wake(&log, job).await })
    });
    HashMap::from([(WAKE, wake)])
}

/// The job that wakes a conversation. The same time set again is the same job.
pub(super) fn waking(conversation_id: Uuid, until: DateTime<Utc>) -> NewJob {
    let time = until.to_rfc3339_opts(SecondsFormat::Micros, true);
    NewJob {
        kind: WAKE,
        payload: json!({ "conversation_id": conversation_id, "until": until }),
        unique_key: Some(format!("{conversation_id}:{time}")),
        run_at: Some(until),
        resource: None,
    }
}

/// The job that tells the customer how far the team has read (`outbox` has its handler).
pub(super) fn telling(conversation_id: Uuid, channel_id: Uuid) -> NewJob {
    NewJob {
        kind: "tell_read",
        payload: json!({ "conversation_id": conversation_id }),
        unique_key: Some(conversation_id.to_string()),
        run_at: None,
        resource: Some(channel_id),
    }
}

async fn wake(log: &Log, job: Job) -> Result<(), Failure> {
    let payload =
        WakePayload::deserialize(&job.payload).map_err(|error| Failure::Dead(format!("payload: {error}")))?;
    let mut write = log.begin(job.tenant(), Some("job".to_owned())).await?;
    // First the conversation, then the job, as an edit takes them: who sets the same time again at this moment waits,
    // and then gets a new job.
    service::wake(&mut write, payload.conversation_id, payload.until).await?;
    jobs::complete(&write, &job).await?;
    write.commit().await?;
    Ok(())
}
