//! Messages, and what is done to them afterwards: edits, deletes, reactions.

use super::{MessageKey, World};
use crate::attachments::{FETCH, fetching};
use crate::ids;
use crate::ingest::rows::{AttachmentRow, ChannelRow, Kept, MessageRow};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;
use webhooks::{Attachment, Delete, Direction, Edit, Message, Reaction};

const EDIT: &str = "edit";
const DELETE: &str = "delete";
pub(super) const STATUS: &str = "status";
pub(super) const READ: &str = "read";
/// Before the actor's id.
const REACTION: &str = "reaction:";
/// The actor of the customer's reactions where there is one customer only: whatever id told them, and whoever that
/// customer is joined to later.
const CUSTOMER: &str = "customer";
/// What stays of a deleted message's extra keys: how it came, not what it said.
const KEPT_WHEN_DELETED: [&str; 3] = ["forwarded", "original_type", "tracking"];

/// One actor's reaction as the message keeps it. A removed one stays as `emoji: null`, so that an older addition that
/// comes late does not bring it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredReaction {
    emoji: Option<String>,
    /// `customer` or `agent`.
    by: String,
    /// The person's id, or the customer's; empty for the business.
    actor: String,
    at: DateTime<Utc>,
    /// Ours on its way out (`outbox`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ParkedEdit {
    text: Option<String>,
    rank: i64,
    at: DateTime<Utc>,
}

impl World {
    pub(super) fn message(&mut self, channel: &ChannelRow, message: &Message, at: DateTime<Utc>) {
        let key = (channel.id, message.external_id.clone());
        if self.messages.contains_key(&key) {
            // A repetition: the first one had every effect. Late ids of the person are still worth knowing.
            self.known(channel, &message.person, at);
            return;
        }
        let Some(customer) = self.ensure(channel, &message.person, at) else { return };
        let group = message.group_id.as_deref();
        let conversation = self.ensure_thread(channel, customer, group, at);
        if message.direction == Direction::Out && self.echo(channel, message, conversation) {
            return;
        }
        let row = self.message_row(channel, message, (conversation, customer), at);
        self.attach(channel, row.id, &message.attachments);
        let id = row.id;
        self.note_message(&row);
        self.messages.insert(key.clone(), Kept::new(row));
        self.unpark_onto(&key);
        if group.is_none() && !message.history {
            self.card_and_activity(channel, customer, message, at);
            return;
        }
        if group.is_none() {
            self.date_cards(customer);
        }
        if let Some(referral) = &message.referral {
            self.attribute(customer, &id.to_string(), at, referral);
        }
    }

    fn message_row(
        &mut self,
        channel: &ChannelRow,
        message: &Message,
        (conversation_id, customer): (Uuid, Uuid),
        at: DateTime<Utc>,
    ) -> MessageRow {
        let out = message.direction == Direction::Out;
        let mut extra = serde_json::to_value(&message.extra).unwrap_or_else(|_| json!({}));
        if let (Some(tracking), Value::Object(map)) = (&message.tracking, &mut extra) {
            map.insert("tracking".to_owned(), json!(tracking));
        }
        MessageRow {
            id: ids::new(),
            conversation_id,
            channel_id: channel.id,
            external_id: Some(message.external_id.clone()),
            direction: if out { "out" } else { "in" }.to_owned(),
            kind: message.kind.as_str().to_owned(),
            text: message.text.clone(),
            status: out.then(|| self.status_under_watermarks(conversation_id, at).to_owned()),
            error: None,
            reply_to_external_id: message.reply_to.clone(),
            attempts: 0,
            author_customer_id: (!out).then_some(customer),
            extra,
            reactions: json!([]),
            standby: message.standby,
            history: message.history,
            edit_rank: None,
            edited_at: None,
            deleted_at: None,
            sent_at: at,
            created_at: self.received_at,
            version: 1,
        }
    }

    fn attach(&mut self, channel: &ChannelRow, message_id: Uuid, attachments: &[Attachment]) {
        for (position, attachment) in (0_i16..).zip(attachments) {
            let id = ids::new();
            if is_file(&channel.kind, attachment) {
                self.jobs.push(fetching(channel.id, id));
            }
            self.attachments.push(AttachmentRow {
                id,
                message_id,
                position,
                kind: attachment.kind.clone(),
                external_id: attachment.external_id.clone(),
                file_name: attachment.file_name.clone(),
                mime_type: attachment.mime_type.clone(),
                source_url: attachment.url.clone(),
                sha256: attachment.sha256.clone(),
                title: attachment.title.clone(),
                state: "pending",
            });
        }
    }

    /// The newest edit wins: by the platform's count, else by time. Deleted stays deleted.
    pub(super) fn edit(&mut self, channel: &ChannelRow, edit: &Edit, at: DateTime<Utc>) {
        let edit_of = (channel.id, edit.target.clone());
        let rank = edit.revision.unwrap_or_else(|| at.timestamp_millis());
        let parked = ParkedEdit { text: edit.text.clone(), rank, at };
        if self.messages.contains_key(&edit_of) {
            self.apply_edit(&edit_of, &parked);
        } else {
            let place = |edit: &ParkedEdit| (edit.rank, edit.at, edit.text.clone());
            self.park(channel, &edit.target, EDIT, &parked, |old, new| place(old) < place(new));
        }
    }

    /// Two edits of one rank differ in time, then in text. Of a deleted message only that it was edited is kept, as if
    /// the edit had come first.
    fn apply_edit(&mut self, key: &MessageKey, edit: &ParkedEdit) {
        let Some(kept) = self.messages.get_mut(key) else { return };
        let text = if kept.row.deleted_at.is_some() { &None } else { &edit.text };
        let current = (kept.row.edit_rank, kept.row.edited_at, &kept.row.text);
        if current.0.is_some() && current >= (Some(edit.rank), Some(edit.at), text) {
            return;
        }
        let row = kept.change();
        row.text.clone_from(text);
        row.edit_rank = Some(edit.rank);
        row.edited_at = Some(edit.at);
    }

    /// A platform rule: what the person took back, goes.
    pub(super) fn delete(&mut self, channel: &ChannelRow, delete: &Delete, at: DateTime<Utc>) {
        let key = (channel.id, delete.target.clone());
        if self.messages.contains_key(&key) {
            self.apply_delete(&key, at);
        } else {
            self.park(channel, &delete.target, DELETE, &at, |old: &DateTime<Utc>, new| new < old);
        }
    }

    fn apply_delete(&mut self, key: &MessageKey, at: DateTime<Utc>) {
        let Some(kept) = self.messages.get_mut(key) else { return };
        if kept.row.deleted_at.is_some_and(|deleted| deleted <= at) {
            return;
        }
        let row = kept.change();
        row.deleted_at = Some(at);
        row.text = None;
        if let Some(extra) = row.extra.as_object_mut() {
            extra.retain(|key, _| KEPT_WHEN_DELETED.contains(&key.as_str()));
        }
        let id = row.id;
        self.stripped.insert(id);
        let gone = |attachment: &AttachmentRow| attachment.message_id == id;
        let files: Vec<String> =
            self.attachments.iter().filter(|it| gone(it)).map(|it| it.id.to_string()).collect();
        self.jobs.retain(|job| {
            !(job.kind == FETCH && job.unique_key.as_ref().is_some_and(|key| files.contains(key)))
        });
        self.attachments.retain(|attachment| !gone(attachment));
    }

    pub(super) fn reaction(&mut self, channel: &ChannelRow, reaction: &Reaction, at: DateTime<Utc>) {
        let key = (channel.id, reaction.target.clone());
        let customers = reaction.direction == Direction::In;
        if customers {
            // May teach a new id of someone known; never makes anybody.
            self.known(channel, &reaction.person, at);
        }
        let actor = reaction.person.ids.first().filter(|_| customers).map(|id| id.value.clone());
        let stored = StoredReaction {
            emoji: reaction.emoji.clone(),
            by: if customers { CUSTOMER } else { "agent" }.to_owned(),
            actor: actor.unwrap_or_default(),
            at,
            state: None,
        };
        if self.messages.contains_key(&key) {
            self.apply_reaction(&key, stored);
        } else {
            let slot = format!("{REACTION}{}", stored.actor);
            self.park(channel, &reaction.target, &slot, &stored, newer);
        }
    }

    fn apply_reaction(&mut self, key: &MessageKey, mut new: StoredReaction) {
        new.actor = self.actor(key, &new);
        let Some(row) = self.messages.get(key).map(|kept| &kept.row) else { return };
        let mut all: Vec<StoredReaction> = serde_json::from_value(row.reactions.clone()).unwrap_or_default();
        match all.iter_mut().find(|old| self.actor(key, old) == new.actor) {
            Some(old) if newer(old, &new) => *old = new,
            Some(_) => return,
            None => all.push(new),
        }
        if let Some(kept) = self.messages.get_mut(key) {
            kept.change().reactions = json!(all);
        }
    }

    /// Who reacted. In a group the customer where known by now, so that two ids of one person are one actor.
    fn actor(&self, key: &MessageKey, reaction: &StoredReaction) -> String {
        if reaction.by != CUSTOMER {
            return reaction.actor.clone();
        }
        if !self.is_group_message(key) {
            return CUSTOMER.to_owned();
        }
        let mut rows = self.identities.values().map(|kept| &kept.row);
        let known = rows.find(|row| row.value == reaction.actor).map(|row| row.customer_id.to_string());
        known.unwrap_or_else(|| reaction.actor.clone())
    }

    /// What came before the message does its work now.
    pub(super) fn unpark_onto(&mut self, key: &MessageKey) {
        let slots: Vec<String> = self
            .parked
            .keys()
            .filter(|(at, target, _)| (at, target) == (&key.0, &key.1))
            .map(|k| k.2.clone())
            .collect();
        for slot in slots {
            let Some(data) = self.unpark(&(key.0, key.1.clone(), slot.clone())) else { continue };
            match slot.as_str() {
                EDIT => {
                    if let Ok(edit) = serde_json::from_value(data) {
                        self.apply_edit(key, &edit);
                    }
                }
                DELETE => {
                    if let Ok(at) = serde_json::from_value(data) {
                        self.apply_delete(key, at);
                    }
                }
                STATUS => self.apply_parked_status(key, data),
                READ => self.apply_parked_read(key),
                _ => {
                    if let Ok(reaction) = serde_json::from_value(data) {
                        self.apply_reaction(key, reaction);
                    }
                }
            }
        }
    }

    fn is_group_message(&self, key: &MessageKey) -> bool {
        let conversation = self.messages.get(key).map(|kept| kept.row.conversation_id);
        conversation
            .and_then(|id| self.conversations.get(&id))
            .is_some_and(|kept| kept.row.group_external_id.is_some())
    }

    /// Keeps a fact until its message comes; of two in one slot the one that wins.
    pub(super) fn park<T: Serialize + for<'de> Deserialize<'de>>(
        &mut self,
        channel: &ChannelRow,
        target: &str,
        slot: &str,
        fact: &T,
        wins: impl Fn(&T, &T) -> bool,
    ) {
        let key = (channel.id, target.to_owned(), slot.to_owned());
        let Ok(data) = serde_json::to_value(fact) else { return };
        self.unparked.remove(&key);
        match self.parked.get_mut(&key) {
            None => {
                self.parked.insert(key, Kept::new(data));
            }
            Some(kept) => {
                let old: Option<T> = serde_json::from_value(kept.row.clone()).ok();
                if old.is_none_or(|old| wins(&old, fact)) {
                    *kept.change() = data;
                }
            }
        }
    }

    pub(super) fn unpark(&mut self, key: &super::ParkedKey) -> Option<Value> {
        let kept = self.parked.remove(key)?;
        self.unparked.insert(key.clone());
        Some(kept.row)
    }
}

/// Whether an attachment is a file that the platform holds for us: WhatsApp by its id, the others at an address. What
/// remains are shares, which nobody may keep.
fn is_file(channel: &str, attachment: &Attachment) -> bool {
    let kinds = ["image", "video", "audio", "voice", "document", "file", "sticker"];
    kinds.contains(&attachment.kind.as_str())
        && (attachment.url.is_some() || (attachment.external_id.is_some() && channel == "whatsapp"))
}

/// Order of two reactions of one actor: by time; at the same second a removal, then the greater text, so that every
/// order of arrival ends the same.
fn newer(old: &StoredReaction, new: &StoredReaction) -> bool {
    let place = |r: &StoredReaction| (r.at, r.emoji.is_none(), r.emoji.clone());
    place(old) < place(new)
}
