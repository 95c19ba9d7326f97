//! What colleagues order: write, send again, take back.

use super::lane;
use super::model::{NewMessage, Part, Place};
use super::store::{self, Origin, Own, Row};
use crate::auth::{Actor, Permission};
use crate::clock;
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::files::{self, File};
use crate::http::Limits;
use crate::ids;
use crate::inbox::{self, Conversation, Message};
use crate::ingest::Recipient;
use crate::jobs;
use crate::log::Write;
use crate::notifications;
use crate::templates;
use futures_util::try_join;
use uuid::Uuid;

/// Writes a message or a note. False: it was written before, under the same `client_id`.
pub(super) async fn send(
    write: &mut Write,
    actor: &Actor,
    limits: &Limits,
    conversation: Uuid,
    new: &NewMessage,
) -> Result<(Message, bool)> {
    new.check_client_id()?;
    new.check_mentions()?;
    let (conversation, assignee) = inbox::lock_visible(write, actor, conversation).await?;
    actor.require_own(Permission::InboxReply, assignee)?;
    let (known, place) = try_join!(
        store::by_client_id(write, conversation, &new.client_id),
        store::place(write, conversation)
    )?;
    if let Some(known) = known {
        return Ok((message(write, known).await?, false));
    }
    if !new.mentions.is_empty() {
        notifications::check_mentions(write, &new.mentions, assignee).await?;
    }
    let now = clock::now();
    let parts = parts(write, actor, new, &place).await?;
    let quoted = match new.reply_to {
        None => None,
        Some(quoted) => Some(store::external_id(write, conversation, quoted).await?.ok_or_else(|| {
            Error::invalid("reply_to", "unknown", "The conversation has no such message at the platform.")
        })?),
    };
    if let (Some(seen), false) = (new.seen_message_id, new.internal) {
        refuse_unseen(write, actor, conversation, seen).await?;
    }
    if !new.mentions.is_empty() {
        limits.mentions(actor.user_id, new.mentions.len())?;
    }
    let origin = Origin { conversation, channel: place.channel_id, author: actor.user_id, at: now };
    let written = insert(write, new, &origin, &parts, quoted.as_deref()).await?;
    let (Some(first), Some(last)) = (written.first(), written.last()) else {
        return Err(Error::internal("a message without rows"));
    };
    if new.send_at.is_none() {
        store::note(write, conversation, *last, now, !new.internal).await?;
    }
    if !new.internal {
        jobs::ask(write, &lane::job(conversation, place.channel_id, new.send_at)).await?;
    }
    let mut told = inbox::tell(write, &written, true).await?;
    notifications::mention(write, actor, *first, &new.mentions).await?;
    Ok((told.remove(first).ok_or(Error::NotFound)?, true))
}

/// Whether a first message could be sent, before anything is made for it.
pub(super) async fn check_first(
    db: &Db,
    actor: &Actor,
    recipient: &Recipient,
    new: &NewMessage,
) -> Result<()> {
    new.check_client_id()?;
    new.check_mentions()?;
    if new.reply_to.is_some() || new.internal {
        return Err(Error::invalid("message", "invalid", "A first message answers nothing, and is no note."));
    }
    // Rolled back: files are locked against the sweep while they are looked at.
    let tx = db.write(actor.tenant).await?;
    let (last_inbound_at, opted_out) =
        store::last_inbound(&tx, recipient.channel_id, &recipient.key()).await?;
    let (channel_id, channel_kind) = (recipient.channel_id, recipient.channel_kind);
    let place = Place { channel_id, channel_kind, last_inbound_at, opted_out };
    parts(&tx, actor, new, &place).await.map(drop)
}

/// The rows of what was written, if it may be sent.
async fn parts(tx: &Tx, actor: &Actor, new: &NewMessage, place: &Place) -> Result<Vec<Part>> {
    let Some(used) = &new.template else {
        new.check_attachments()?;
        let found = files::of_upload(tx, actor.user_id, &new.attachments).await?;
        return new.parts(place, found, clock::now());
    };
    new.check_template(place)?;
    let template = templates::of_channel(tx, place.channel_id, used.id).await?;
    let unknown = || Error::invalid("template", "unknown", "This channel has no such template.");
    let template = template.ok_or_else(unknown)?;
    if place.opted_out && template.category == "marketing" {
        let detail = "This customer wants no marketing messages.";
        return Err(Error::invalid("template", "opted_out", detail));
    }
    let filled = templates::fill(&template, &used.parameters)?;
    let ids: Vec<Uuid> = filled.header_file.into_iter().collect();
    let file = files::of_upload(tx, actor.user_id, &ids).await?.into_iter().find(File::is_ready);
    if file.is_none() && filled.header_file.is_some() {
        return Err(Error::invalid("template", "unknown", "The header's file is no upload of yours."));
    }
    Ok(vec![new.template_part(&template, filled, file, clock::now())?])
}

pub(super) async fn conversation(tx: &Tx, id: Uuid) -> Result<Conversation> {
    inbox::load_conversations(tx, &[id]).await?.remove(&id).ok_or(Error::NotFound)
}

/// A row for each part: the first one has the client's id, the quotation and who is named.
async fn insert(
    tx: &Tx,
    new: &NewMessage,
    origin: &Origin,
    parts: &[Part],
    quoted: Option<&str>,
) -> Result<Vec<Uuid>> {
    let mut written = Vec::new();
    for part in parts {
        let number = written.len();
        let client_id =
            if number == 0 { new.client_id.clone() } else { format!("{}#{number}", new.client_id) };
        let quoted = quoted.filter(|_| number == 0);
        let mentions = Some(new.mentions.as_slice()).filter(|named| number == 0 && !named.is_empty());
        let row = Row { id: ids::new(), client_id: &client_id, part, quoted, mentions, new };
        store::insert(tx, origin, &row).await?;
        if let Some(file) = &part.file {
            store::attach(tx, &row, file).await?;
        }
        written.push(row.id);
    }
    Ok(written)
}

/// Sends a message again that failed, is held or was taken back; one of which it is not known whether it arrived, only if a person is
/// `sure`.
pub(super) async fn retry(write: &mut Write, actor: &Actor, id: Uuid, sure: bool) -> Result<Message> {
    let own = locked(write, actor, id).await?;
    if own.direction != "out" {
        return Err(Error::NotFound);
    }
    match own.status.as_deref() {
        // It was taken back, and shall go out after all.
        Some("queued") if own.deleted_at.is_some() => {}
        Some("failed" | "held") => {}
        Some("uncertain") if sure => {}
        Some("uncertain") => {
            return Err(Error::conflict(
                "uncertain",
                "It is not known whether this arrived. Sent again, the customer may get it twice; say `sure` if so.",
                &message(write, id).await?,
            )?);
        }
        // Asked for twice: the first one is under way.
        Some("queued" | "sending") => return message(write, id).await,
        _ => {
            let shown = message(write, id).await?;
            return Err(Error::conflict("already_sent", "The platform has this message.", &shown)?);
        }
    }
    store::queue_again(write, id).await?;
    jobs::ask(write, &lane::job(own.conversation_id, own.channel_id, None)).await?;
    let mut told = inbox::tell(write, &[id], false).await?;
    told.remove(&id).ok_or(Error::NotFound)
}

/// Takes back what the platform was not given, or a note of one's own.
pub(super) async fn take_back(write: &mut Write, actor: &Actor, id: Uuid) -> Result<()> {
    let own = locked(write, actor, id).await?;
    if own.deleted_at.is_some() {
        return Ok(());
    }
    if own.direction == "internal" && own.author_user_id != Some(actor.user_id) {
        return Err(Error::Forbidden("A note is deleted by who wrote it."));
    }
    let given = own.external_id.is_some() || own.status.as_deref() == Some("sending");
    if own.direction == "out" && given {
        let shown = message(write, id).await?;
        return Err(Error::conflict("already_sent", "The platform has this message.", &shown)?);
    }
    store::take_back(write, id, clock::now()).await?;
    store::show_the_one_before(write, own.conversation_id, id).await?;
    inbox::tell(write, &[id], false).await.map(drop)
}

/// The message, with its conversation locked. 404 when the user may not see it.
async fn locked(write: &Write, actor: &Actor, id: Uuid) -> Result<Own> {
    let before = store::own(write, id).await?.ok_or(Error::NotFound)?;
    let (conversation, assignee) = inbox::lock_visible(write, actor, before.conversation_id).await?;
    actor.require_own(Permission::InboxReply, assignee)?;
    // As it is now that nobody else changes it.
    let own = store::own(write, id).await?.ok_or(Error::NotFound)?;
    Ok(Own { conversation_id: conversation, ..own })
}

/// 409 when a colleague has answered what the writer has not seen.
async fn refuse_unseen(tx: &Tx, actor: &Actor, conversation: Uuid, seen: Uuid) -> Result<()> {
    if !inbox::has_message(tx, conversation, seen).await? {
        return Err(Error::invalid("seen_message_id", "unknown", "The conversation has no such message."));
    }
    match store::newer_reply(tx, conversation, seen, actor.user_id).await? {
        None => Ok(()),
        Some(newer) => Err(Error::conflict(
            "newer_reply",
            "Someone has answered meanwhile; `current` is that message.",
            &message(tx, newer).await?,
        )?),
    }
}

pub(super) async fn message(tx: &Tx, id: Uuid) -> Result<Message> {
    inbox::load_messages(tx, &[id]).await?.remove(&id).ok_or(Error::NotFound)
}
