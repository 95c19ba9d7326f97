//! Giving files out, and asking for them again.

use super::store::{self, Shown};
use crate::auth::Actor;
use crate::db::{Db, Tenant};
use crate::error::{Error, Result};
use crate::inbox;
use crate::jobs::{self, NewJob};
use crate::log::{Log, Write};
use serde_json::json;
use uuid::Uuid;

/// The kind of the job.
pub const FETCH: &str = "fetch_attachment";

/// The job that fetches a file. Some of a channel run at a time.
pub fn fetching(channel: Uuid, attachment: Uuid) -> NewJob {
    NewJob {
        kind: FETCH,
        payload: json!({ "attachment_id": attachment }),
        unique_key: Some(attachment.to_string()),
        run_at: None,
        resource: Some(channel),
    }
}

/// An attachment that the user may see, and the place in the log that it shows; 404 when there is none.
pub(super) async fn visible(db: &Db, actor: &Actor, id: Uuid) -> Result<(i64, Shown)> {
    let tx = db.read(actor.tenant).await?;
    let shown = store::shown(&tx, id).await?.ok_or(Error::NotFound)?;
    inbox::visible(&tx, actor, shown.conversation_id).await?;
    Ok((tx.seq(), shown))
}

/// Has one fetched again that failed, or whose job gave up; any other one stays as it is.
pub(super) async fn fetch_again(write: &mut Write, actor: &Actor, id: Uuid) -> Result<()> {
    let shown = store::shown(write, id).await?.ok_or(Error::NotFound)?;
    inbox::lock_visible(write, actor, shown.conversation_id).await?;
    if !store::lead(write, id, &["failed", "pending"], "pending").await? {
        return Ok(());
    }
    jobs::enqueue(write, &[fetching(shown.channel_id, id)]).await?;
    inbox::tell(write, &[shown.message_id], false).await.map(drop)
}

/// The store has lost a file: everybody is told that it can't be had. Asked for again, it is looked for there first.
pub(super) async fn lost(log: &Log, tenant: Tenant, shown: &Shown) -> Result<()> {
    tracing::error!(attachment = %shown.id, "the store of files has lost a file");
    let mut write = log.begin(tenant, Some("files".to_owned())).await?;
    inbox::lock_conversation_of(&write, shown.message_id).await?;
    if store::lead(&write, shown.id, &["ready"], "failed").await? {
        inbox::tell(&mut write, &[shown.message_id], false).await?;
    }
    write.commit().await.map(drop)
}
