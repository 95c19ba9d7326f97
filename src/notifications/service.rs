//! Naming colleagues, and the list of what a user was told.

use super::events;
use super::model::{self, NotificationList, ReadNotifications};
use super::store::{self, New, View};
use crate::auth::{Actor, Permission, Scope};
use crate::clock;
use crate::customers::listing::Part;
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::ids;
use crate::log::Write;
use crate::page;
use uuid::Uuid;

/// In its cursors, so that those of other lists are told apart.
const LIST: &str = "notifications";
/// Ids of one event: a frame stays small however much is read at once.
const IDS_OF_AN_EVENT: usize = 500;

/// 422 unless all of them are colleagues who see the conversation that `assignee` has.
pub async fn check_mentions(tx: &Tx, named: &[Uuid], assignee: Option<Uuid>) -> Result<()> {
    model::check_named(named, &store::colleagues(tx, named).await?, assignee)
}

/// Tells those who are named in a new note, but for its writer.
pub async fn mention(write: &mut Write, actor: &Actor, message: Uuid, named: &[Uuid]) -> Result<()> {
    let others = named.iter().filter(|id| **id != actor.user_id);
    let new: Vec<New> = others.map(|user| New { id: ids::new(), user: *user }).collect();
    if new.is_empty() {
        return Ok(());
    }
    store::insert(write, actor.user_id, message, &new).await?;
    let ids: Vec<Uuid> = new.iter().map(|new| new.id).collect();
    let mut notifications = store::load(write, &ids).await?;
    for New { id, user } in new {
        if let Some(notification) = notifications.remove(&id) {
            events::created(write, user, &notification)?;
        }
    }
    Ok(())
}

/// The user's own, newest first, and the place in the log that the answer shows.
pub(super) async fn list(
    db: &Db,
    actor: &Actor,
    unread_only: bool,
    part: &Part,
) -> Result<(i64, NotificationList)> {
    let view = view(actor)?;
    let after = part.cursor(|(list, _): &(String, Uuid)| list == LIST)?.map(|(_, id)| id);
    let tx = db.read(actor.tenant).await?;
    let (items, unread_count) = futures_util::try_join!(
        store::page(&tx, view, unread_only, after, part.limit + 1),
        store::unread(&tx, view)
    )?;
    let list = page::list(items, part.limit, |notification| (LIST, notification.id))?;
    Ok((tx.seq(), NotificationList { items: list.items, next_cursor: list.next_cursor, unread_count }))
}

/// Marks as read. What was so before is not told again.
pub(super) async fn read(write: &mut Write, actor: &Actor, read: &ReadNotifications) -> Result<()> {
    let (view, now) = (view(actor)?, clock::now());
    let changed = store::mark_read(write, view, read.check()?, now).await?;
    for ids in changed.chunks(IDS_OF_AN_EVENT) {
        events::read(write, actor.user_id, ids, now)?;
    }
    Ok(())
}

fn view(actor: &Actor) -> Result<View> {
    let scope = actor.require(Permission::InboxRead)?;
    Ok(View { user: actor.user_id, all: scope == Scope::All })
}
