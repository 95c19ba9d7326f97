//! Reading and editing the inbox.

use super::edit::{ConversationPatch, Editable};
use super::jobs::{telling, waking};
use super::model::{Conversation, ConversationSort, Counts, Filter, Message, Place, Viewer};
use super::store::{self, Locked};
use super::{cursor, events};
use crate::auth::{Actor, Permission, Scope};
use crate::clock;
use crate::customers::listing::{From, Listed, Part, offset};
use crate::customers::{self, patch};
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::jobs;
use crate::log::Write;
use crate::page::{self, List, Table};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use uuid::Uuid;

/// How often an edit follows a conversation that is merged at that moment.
const MERGES_FOLLOWED: usize = 3;

/// A list as it was asked for.
pub(super) struct Query {
    pub(super) filter: Filter,
    pub(super) sort: ConversationSort,
    pub(super) descending: bool,
    pub(super) part: Part,
}

/// Conversations, and the place in the log that the answer shows.
pub(super) async fn list(db: &Db, actor: &Actor, mut query: Query) -> Result<(i64, Listed<Conversation>)> {
    query.filter.only_own_of = only_own_of(actor)?;
    let tx = db.read(actor.tenant).await?;
    query.filter.broad = customers::is_broad(&tx, query.filter.pattern.as_deref()).await?;
    let (filter, limit) = (&query.filter, query.part.limit);
    let listed = match query.part.from {
        From::Page(page) => {
            let order = (query.sort, query.descending);
            let (places, total) = futures_util::try_join!(
                store::conversations_table(&tx, filter, order, (limit, offset(page, limit))),
                store::conversations_total(&tx, filter)
            )?;
            Listed::Table(Table { items: conversations(&tx, &places).await?, page, total })
        }
        From::Start | From::Cursor(_) => {
            let list = if query.descending { cursor::NEWEST } else { cursor::OLDEST };
            let after = cursor::read(&query.part, list)?;
            let places = store::conversations(&tx, filter, query.descending, after, limit + 1).await?;
            let places = page::list(places, limit, |place| cursor::parts(list, *place))?;
            let items = conversations(&tx, &places.items).await?;
            Listed::List(List { items, next_cursor: places.next_cursor })
        }
    };
    Ok((tx.seq(), listed))
}

/// How many open conversations there are, as the user may see them.
pub async fn counts(tx: &Tx, actor: &Actor) -> Result<Counts> {
    let viewer = Viewer { user_id: actor.user_id, only_own: only_own_of(actor)?.is_some() };
    Ok(store::counts(tx, &[viewer]).await?.remove(&actor.user_id).unwrap_or_default())
}

/// The counts, and the place in the log that they show.
pub(super) async fn counts_of(db: &Db, actor: &Actor) -> Result<(i64, Counts)> {
    let tx = db.read(actor.tenant).await?;
    Ok((tx.seq(), counts(&tx, actor).await?))
}

/// One conversation; the id of a merged one gives the one that is left.
pub(super) async fn get(db: &Db, actor: &Actor, id: Uuid) -> Result<(i64, Conversation)> {
    let tx = db.read(actor.tenant).await?;
    let id = visible(&tx, actor, id).await?;
    Ok((tx.seq(), one(&tx, id).await?))
}

/// Messages of a conversation, newest first.
pub(super) async fn messages(
    db: &Db,
    actor: &Actor,
    conversation: Uuid,
    part: &Part,
) -> Result<(i64, List<Message>)> {
    let tx = db.read(actor.tenant).await?;
    let conversation = visible(&tx, actor, conversation).await?;
    let before = cursor::read(part, cursor::MESSAGES)?;
    let places = store::messages(&tx, conversation, before, part.limit + 1).await?;
    let places = page::list(places, part.limit, |place| cursor::parts(cursor::MESSAGES, *place))?;
    let ids: Vec<Uuid> = places.items.iter().map(|place| place.id).collect();
    let mut messages = store::load_messages(&tx, &ids).await?;
    let items = ids.iter().filter_map(|id| messages.remove(id)).collect();
    Ok((tx.seq(), List { items, next_cursor: places.next_cursor }))
}

/// Applies a colleague's edit. Writes nothing when it changes nothing.
pub(super) async fn edit(
    write: &mut Write,
    actor: &Actor,
    id: Uuid,
    edit: &ConversationPatch,
) -> Result<Conversation> {
    let (id, locked) = locked(write, actor, id).await?;
    actor.require_own(Permission::InboxManage, locked.editable.assignee_id)?;
    if patch::is_stale(edit.version, locked.version) {
        return Err(patch::conflict(&one(write, id).await?)?);
    }
    let new = locked.editable.with(edit, clock::now())?;
    if new == locked.editable {
        return one(write, id).await;
    }
    check_new_assignee(write, &locked.editable, &new).await?;
    store::update(write, id, &new).await?;
    if let Some(until) = new.snoozed_until.filter(|until| locked.editable.snoozed_until != Some(*until)) {
        jobs::enqueue(write, &[waking(id, until)]).await?;
    }
    let conversation = one(write, id).await?;
    events::conversation_updated(write, &conversation)?;
    Ok(conversation)
}

/// Opens a conversation whose snooze ends: only if it still sleeps until that very time. A merge may have moved the sleep
/// to the one that is left.
pub(super) async fn wake(write: &mut Write, id: Uuid, until: DateTime<Utc>) -> Result<()> {
    for _ in 0..MERGES_FOLLOWED {
        let Some((left, _)) = store::resolve(write, id).await? else { return Ok(()) };
        let Some(locked) = store::lock(write, left).await? else { continue };
        if let Some(awake) = locked.editable.awake(until) {
            store::update(write, left, &awake).await?;
            events::conversation_updated(write, &one(write, left).await?)?;
        }
        return Ok(());
    }
    Err(Error::Conflict("The conversation is being merged. Try again."))
}

/// Moves the read position forward to a message; an earlier one changes nothing.
pub(super) async fn read(write: &mut Write, actor: &Actor, id: Uuid, message: Uuid) -> Result<()> {
    let (id, locked) = locked(write, actor, id).await?;
    let Some(place) = store::place_of(write, id, message).await? else {
        return Err(Error::invalid("message_id", "unknown", "The conversation has no such message."));
    };
    if locked.read.is_some_and(|read| read >= place) {
        return Ok(());
    }
    let unread = store::unread_after(write, id, place).await?;
    store::set_read(write, id, place, unread).await?;
    jobs::ask(write, &telling(id, store::channel_of(write, id).await?)).await?;
    if unread != locked.unread_count {
        events::conversation_updated(write, &one(write, id).await?)?;
    }
    Ok(())
}

/// Whose id narrows what the user sees, if anything does.
fn only_own_of(actor: &Actor) -> Result<Option<Uuid>> {
    let scope = actor.require(Permission::InboxRead)?;
    Ok((scope != Scope::All).then_some(actor.user_id))
}

/// The conversation that an id stands for; 404 when there is none that the user may see.
pub async fn visible(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Uuid> {
    let scope = actor.require(Permission::InboxRead)?;
    match store::resolve(tx, id).await? {
        Some((id, assignee)) if scope.covers(actor.user_id, assignee) => Ok(id),
        _ => Err(Error::NotFound),
    }
}

/// Whether a message is one of the conversation's.
pub async fn has_message(tx: &Tx, conversation: Uuid, message: Uuid) -> Result<bool> {
    Ok(store::place_of(tx, conversation, message).await?.is_some())
}

/// The conversation that an id stands for, locked for a change, and whose it is. 404 when the user may not see it.
pub async fn lock_visible(write: &Write, actor: &Actor, id: Uuid) -> Result<(Uuid, Option<Uuid>)> {
    let (id, locked) = locked(write, actor, id).await?;
    Ok((id, locked.editable.assignee_id))
}

/// Finds and locks the conversation; a merge may end it in between.
async fn locked(write: &Write, actor: &Actor, id: Uuid) -> Result<(Uuid, Locked)> {
    for _ in 0..MERGES_FOLLOWED {
        let left = visible(write, actor, id).await?;
        if let Some(locked) = store::lock(write, left).await? {
            return Ok((left, locked));
        }
    }
    Err(Error::Conflict("The conversation is being merged. Try again."))
}

/// Who has it may stay there though disabled meanwhile.
async fn check_new_assignee(tx: &Tx, old: &Editable, new: &Editable) -> Result<()> {
    if new.assignee_id == old.assignee_id {
        return Ok(());
    }
    customers::check_assignee(tx, new.assignee_id).await
}

async fn one(tx: &Tx, id: Uuid) -> Result<Conversation> {
    store::load_conversations(tx, &[id]).await?.remove(&id).ok_or(Error::NotFound)
}

async fn conversations(tx: &Tx, places: &[Place]) -> Result<Vec<Conversation>> {
    let ids: Vec<Uuid> = places.iter().map(|place| place.id).collect();
    let mut conversations = store::load_conversations(tx, &ids).await?;
    Ok(ids.iter().filter_map(|id| conversations.remove(id)).collect())
}

/// Tells everybody of messages of one conversation as they are now; what was told.
pub async fn tell(write: &mut Write, ids: &[Uuid], new: bool) -> Result<HashMap<Uuid, Message>> {
    let messages = store::load_messages(write, ids).await?;
    let Some(conversation) = messages.values().next().map(|message| message.conversation_id) else {
        return Ok(messages);
    };
    let conversations = store::load_conversations(write, &[conversation]).await?;
    let conversation = conversations.get(&conversation).ok_or(Error::NotFound)?;
    let people = customers::load(write, &[conversation.customer.id]).await?;
    let customer = people.get(&conversation.customer.id).ok_or(Error::NotFound)?;
    for message in ids.iter().filter_map(|id| messages.get(id)) {
        if new {
            events::message_created(write, message, conversation, customer)?;
        } else {
            events::message_updated(write, message, conversation, customer)?;
        }
    }
    Ok(messages)
}
