//! Reading and changing saved replies.

use super::model::{NewSavedReply, SavedReply, SavedReplyPatch};
use super::store;
use crate::customers::listing::{From, Part};
use crate::customers::patch;
use crate::db::{Db, Tenant};
use crate::error::{Error, Result};
use crate::log::Write;
use crate::page::{self, List};
use uuid::Uuid;

/// In its cursors, so that those of other lists are told apart.
const LIST: &str = "saved replies";

/// Replies by their shortcut, and the place in the log that the answer shows.
pub(super) async fn list(db: &Db, tenant: Tenant, part: &Part) -> Result<(i64, List<SavedReply>)> {
    let after = match &part.from {
        From::Cursor(cursor) => match page::decode::<(String, String)>(cursor)? {
            (list, after) if list == LIST && !after.contains('\0') => after,
            _ => return Err(page::foreign_cursor()),
        },
        _ => String::new(),
    };
    let tx = db.read(tenant).await?;
    let replies = store::page(&tx, &after, part.limit + 1).await?;
    let list = page::list(replies, part.limit, |reply| (LIST, reply.shortcut.to_lowercase()))?;
    Ok((tx.seq(), list))
}

pub(super) async fn create(write: &Write, new: &NewSavedReply) -> Result<SavedReply> {
    store::insert(write, &new.check()?).await?.ok_or_else(taken)
}

/// 404, 409 on a stale version, 422 when another reply has the shortcut.
pub(super) async fn change(write: &Write, id: Uuid, patch: &SavedReplyPatch) -> Result<SavedReply> {
    let reply = store::lock(write, id).await?.ok_or(Error::NotFound)?;
    if patch::is_stale(patch.version, reply.version) {
        return Err(patch::conflict(&reply)?);
    }
    let new = NewSavedReply {
        shortcut: patch.shortcut.clone().unwrap_or_else(|| reply.shortcut.clone()),
        text: patch.text.clone().unwrap_or_else(|| reply.text.clone()),
    }
    .check()?;
    if (&new.shortcut, &new.text) == (&reply.shortcut, &reply.text) {
        return Ok(reply);
    }
    if store::is_taken(write, &new.shortcut, id).await? {
        return Err(taken());
    }
    store::update(write, id, &new).await?;
    store::lock(write, id).await?.ok_or(Error::NotFound)
}

pub(super) async fn delete(write: &Write, id: Uuid) -> Result<()> {
    if store::delete(write, id).await? { Ok(()) } else { Err(Error::NotFound) }
}

fn taken() -> Error {
    Error::invalid("shortcut", "taken", "Another saved reply has this shortcut.")
}
