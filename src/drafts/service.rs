//! Reading and writing drafts.

use super::events;
use super::model::{Draft, DraftChange, DraftKind, NewDraft};
use super::store::{self, Key};
use crate::auth::Actor;
use crate::clock;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::inbox;
use crate::log::Write;
use crate::page::List;
use uuid::Uuid;

/// The user's drafts in a conversation, and the place in the log that the answer shows.
pub(super) async fn list(db: &Db, actor: &Actor, conversation: Uuid) -> Result<(i64, List<Draft>)> {
    let tx = db.read(actor.tenant).await?;
    let conversation = inbox::visible(&tx, actor, conversation).await?;
    let items = store::all(&tx, Key { user: actor.user_id, conversation }).await?;
    Ok((tx.seq(), List { items, next_cursor: None }))
}

/// Keeps what is written. 409 when another device has written something newer than `version`.
pub(super) async fn put(
    write: &mut Write,
    actor: &Actor,
    conversation: Uuid,
    kind: DraftKind,
    new: &NewDraft,
) -> Result<Draft> {
    new.check()?;
    let conversation = inbox::visible(write, actor, conversation).await?;
    if let Some(quoted) = new.reply_to
        && !inbox::has_message(write, conversation, quoted).await?
    {
        return Err(Error::invalid("reply_to", "unknown", "The conversation has no such message."));
    }
    let key = Key { user: actor.user_id, conversation };
    let Some(draft) = store::put(write, key, kind, new).await? else {
        let current = store::all(write, key).await?.into_iter().find(|draft| draft.kind == kind);
        return Err(Error::VersionConflict { current: serde_json::to_value(current)? });
    };
    let change = DraftChange {
        conversation_id: conversation,
        kind,
        text: Some(draft.text.clone()),
        reply_to: draft.reply_to,
        updated_at: draft.updated_at,
        version: draft.version,
    };
    events::updated(write, actor.user_id, &change)?;
    Ok(draft)
}

/// Forgets a draft; one that is not there, too.
pub(super) async fn delete(
    write: &mut Write,
    actor: &Actor,
    conversation: Uuid,
    kind: DraftKind,
) -> Result<()> {
    let conversation = inbox::visible(write, actor, conversation).await?;
    let Some(gone) = store::delete(write, Key { user: actor.user_id, conversation }, kind).await? else {
        return Ok(());
    };
    let change = DraftChange {
        conversation_id: conversation,
        kind,
        text: None,
        reply_to: None,
        updated_at: clock::now(),
        version: gone.version.saturating_add(1),
    };
    events::updated(write, actor.user_id, &change)
}
