//! Messages of ours that are on their way: what the platform calls them, whoever tells it first.
//!
//! The answer to the send, an echo and a status may come in any order, and the answer may never come. Each of them may
//! be the first to name the message; all orders end the same.

use super::{MessageKey, World};
use crate::ids;
use crate::ingest::rows::{ChannelRow, Kept, MessageRow};
use serde_json::json;
use uuid::Uuid;
use webhooks::Message;

/// The platform has accepted a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    pub message_id: Uuid,
    /// Which of its attempts.
    pub attempt: i16,
    pub external_id: String,
}

/// What the platform is asked to say back in echoes and statuses: the message, and which of its attempts. A person may
/// have had it sent anew since; the earlier attempt's news are then not the later one's.
pub fn tracking(message: Uuid, attempt: i16) -> String {
    format!("{}-{attempt}", message.simple())
}

/// The other way round. Other apps put their own texts there.
pub fn tracked(tracking: &str) -> Option<(Uuid, i16)> {
    let (id, attempt) = tracking.split_once('-')?;
    let id = Uuid::try_parse(id).ok().filter(|uuid| uuid.simple().to_string() == id)?;
    Some((id, attempt.parse().ok()?))
}

impl World {
    /// Takes a loaded message of ours in: under its name, or among those that have none yet.
    pub fn put_own(&mut self, row: MessageRow) {
        match row.external_id.clone() {
            Some(external_id) => {
                self.messages.entry((row.channel_id, external_id)).or_insert_with(|| Kept::clean(row));
            }
            None => {
                self.outgoing.entry(row.id).or_insert_with(|| Kept::clean(row));
            }
        }
    }

    /// The platform's answer to a send.
    pub fn accepted(&mut self, channel: Uuid, answer: &Accepted) {
        let key = (channel, answer.external_id.clone());
        match self.messages.get(&key).map(|kept| kept.row.id) {
            Some(id) if id == answer.message_id => {}
            _ if self.is_on_its_way(channel, answer.message_id, answer.attempt) => {
                self.name(answer.message_id, &key);
            }
            Some(_) => {}
            None => self.another(&key, answer),
        }
    }

    /// An echo of one of ours that has no name yet. True: it was one.
    pub(super) fn echo(&mut self, channel: &ChannelRow, message: &Message, conversation: Uuid) -> bool {
        let own = match message.tracking.as_deref() {
            Some(text) => tracked(text)
                .filter(|(id, attempt)| self.is_on_its_way(channel.id, *id, *attempt))
                .map(|own| own.0),
            // Platforms that say nothing back: what was given away and says the same, the oldest first.
            None => self
                .outgoing
                .values()
                .map(|kept| &kept.row)
                .find(|row| says(row, message, conversation))
                .map(|row| row.id),
        };
        let Some(own) = own else { return false };
        self.name(own, &(channel.id, message.external_id.clone()));
        true
    }

    /// A status may name one of ours, too.
    pub(super) fn named_by_status(&mut self, key: &MessageKey, tracking: Option<&str>) {
        let own = tracking.and_then(tracked);
        if let Some((id, _)) = own.filter(|(id, attempt)| self.is_on_its_way(key.0, *id, *attempt)) {
            self.name(id, key);
        }
    }

    fn is_on_its_way(&self, channel: Uuid, id: Uuid, attempt: i16) -> bool {
        let own = self.outgoing.get(&id).map(|kept| &kept.row);
        own.is_some_and(|row| row.channel_id == channel && row.attempts == attempt)
    }

    /// Gives one of ours its name: the platform has it. What was taken back and arrived all the same is shown again.
    fn name(&mut self, id: Uuid, key: &MessageKey) {
        let Some(mut kept) = self.outgoing.remove(&id) else { return };
        if let Some(stranger) = self.messages.remove(key) {
            self.take_over(key, kept, stranger);
            return;
        }
        let status = self.status_under_watermarks(kept.row.conversation_id, kept.row.sent_at);
        let row = kept.change();
        row.external_id = Some(key.1.clone());
        row.status = Some(status.to_owned());
        row.error = None;
        row.deleted_at = None;
        self.messages.insert(key.clone(), kept);
        self.unpark_onto(key);
    }

    /// An echo that could not be told to be ours came first, and stands as a message of its own, or as another one of ours
    /// that says the same: what has happened to it is ours. The stranger goes; the other one is uncertain again.
    fn take_over(&mut self, key: &MessageKey, mut own: Kept<MessageRow>, mut echo: Kept<MessageRow>) {
        let (row, stranger) = (own.change(), echo.change());
        row.external_id = stranger.external_id.take();
        row.status = stranger.status.clone();
        row.error = stranger.error.take();
        row.reactions = std::mem::replace(&mut stranger.reactions, json!([]));
        row.deleted_at = stranger.deleted_at;
        if stranger.edited_at.is_some() {
            row.text = stranger.text.clone();
            (row.edit_rank, row.edited_at) = (stranger.edit_rank, stranger.edited_at);
        }
        if stranger.attempts > 0 {
            // One of ours that says the same was given the echo; it is as unknown as before.
            stranger.status = Some("uncertain".to_owned());
            stranger.deleted_at = None;
        } else {
            stranger.text = None;
            stranger.deleted_at = Some(self.received_at);
        }
        let id = stranger.id;
        self.unnamed.push(id);
        self.messages.insert((key.0, format!("taken over: {id}")), echo);
        self.messages.insert(key.clone(), own);
    }

    /// The message has another name already, or was sent anew meanwhile: the customer has it twice, so it is shown twice.
    fn another(&mut self, key: &MessageKey, answer: &Accepted) {
        let mut rows = self.messages.values().chain(self.outgoing.values()).map(|kept| &kept.row);
        let Some(own) = rows.find(|row| row.id == answer.message_id).cloned() else { return };
        let status = self.status_under_watermarks(own.conversation_id, own.sent_at).to_owned();
        let row = MessageRow {
            id: ids::new(),
            external_id: Some(key.1.clone()),
            status: Some(status),
            error: None,
            reactions: json!([]),
            edit_rank: None,
            edited_at: None,
            deleted_at: None,
            version: 1,
            ..own
        };
        self.note_message(&row);
        self.messages.insert(key.clone(), Kept::new(row));
        self.unpark_onto(key);
    }
}

/// Whether an echo without our mark is this message.
fn says(row: &MessageRow, message: &Message, conversation: Uuid) -> bool {
    let given = matches!(row.status.as_deref(), Some("sending" | "uncertain"));
    given
        && row.conversation_id == conversation
        && row.kind == message.kind.as_str()
        && row.text.as_deref().map(str::trim) == message.text.as_deref().map(str::trim)
}
