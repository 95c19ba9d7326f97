//! Conversations: which one a message belongs to, and what a new message does to it.

use super::{AppliedWatermark, World};
use crate::ids;
use crate::ingest::rows::{ChannelRow, ConversationRow, Kept, MessageRow};
use chrono::{DateTime, Utc};
use uuid::Uuid;
use webhooks::{DeliveryState, Person};

/// Slot of a parked watermark: its state's name behind this.
pub const WATERMARK_SLOT: &str = "watermark:";

impl World {
    /// The one living conversation of a customer on a channel.
    pub(super) fn thread_of(&self, channel: Uuid, customer: Uuid) -> Option<Uuid> {
        self.conversations_of(customer)
            .find(|row| row.channel_id == channel && row.group_external_id.is_none())
            .map(|row| row.id)
    }

    /// Takes a conversation in: loaded, or new.
    pub fn put_conversation(&mut self, kept: Kept<ConversationRow>) {
        let (id, customer) = (kept.row.id, kept.row.customer_id);
        self.conversations_by_customer.entry(customer).or_default().push(id);
        self.conversations.insert(id, kept);
    }

    /// The living conversations of a customer.
    pub(super) fn conversations_of(&self, customer: Uuid) -> impl Iterator<Item = &ConversationRow> {
        let ids = self.conversations_by_customer.get(&customer).into_iter().flatten();
        let rows = ids.filter_map(|id| self.conversations.get(id)).map(|kept| &kept.row);
        rows.filter(move |row| row.customer_id == customer && row.merged_into.is_none())
    }

    /// A conversation changes hands.
    pub(super) fn hand_over_conversation(&mut self, id: Uuid, customer: Uuid) {
        if let Some(kept) = self.conversations.get_mut(&id) {
            kept.change().customer_id = customer;
            self.conversations_by_customer.entry(customer).or_default().push(id);
        }
    }

    fn thread_of_group(&self, channel: Uuid, group: &str) -> Option<Uuid> {
        self.conversations
            .values()
            .map(|kept| &kept.row)
            .find(|row| row.channel_id == channel && row.group_external_id.as_deref() == Some(group))
            .map(|row| row.id)
    }

    /// The conversation with a person to whom the business writes first. None: a stranger, where there may be none.
    pub fn opened(
        &mut self,
        channel: &ChannelRow,
        person: &Person,
        at: DateTime<Utc>,
        strangers: bool,
    ) -> Option<Uuid> {
        let known = self.known(channel, person, at);
        let customer = match known {
            None if !strangers => return None,
            _ => self.ensure(channel, person, at)?,
        };
        Some(self.ensure_thread(channel, customer, None, at))
    }

    /// The conversation of a person or group on a channel, made when there is none.
    pub(super) fn ensure_thread(
        &mut self,
        channel: &ChannelRow,
        customer: Uuid,
        group: Option<&str>,
        at: DateTime<Utc>,
    ) -> Uuid {
        let known = match group {
            Some(group) => self.thread_of_group(channel.id, group),
            None => self.thread_of(channel.id, customer),
        };
        if let Some(id) = known {
            return id;
        }
        let row = ConversationRow {
            id: ids::new(),
            channel_id: channel.id,
            customer_id: customer,
            group_external_id: group.map(str::to_owned),
            status: "open".to_owned(),
            snoozed_until: None,
            assignee_id: None,
            labels: Vec::new(),
            unread_count: 0,
            read_sent_at: None,
            read_message_id: None,
            last_message_id: None,
            last_message_at: None,
            last_activity_at: at,
            last_inbound_at: None,
            delivered_up_to: None,
            read_up_to: None,
            merged_into: None,
            version: 1,
            created_at: self.received_at,
        };
        let id = row.id;
        self.put_conversation(Kept::new(row));
        if group.is_none() {
            self.unpark_watermarks(channel, customer, id);
        }
        id
    }

    /// Counts, dates and reopening that a new message brings.
    pub(super) fn note_message(&mut self, message: &MessageRow) {
        let Some(kept) = self.conversations.get_mut(&message.conversation_id) else { return };
        let row = kept.change();
        let place = (Some(message.sent_at), Some(message.id));
        if place > (row.last_message_at, row.last_message_id) {
            row.last_message_at = place.0;
            row.last_message_id = place.1;
        }
        row.last_activity_at = row.last_activity_at.max(message.sent_at);
        if message.direction != "in" || message.history {
            return;
        }
        row.last_inbound_at = row.last_inbound_at.max(Some(message.sent_at));
        if place > (row.read_sent_at, row.read_message_id) {
            row.unread_count += 1;
        }
        if matches!(row.status.as_str(), "resolved" | "snoozed") {
            "open".clone_into(&mut row.status);
            row.snoozed_until = None;
        }
    }

    /// All of ours up to a time are delivered or read; kept on the conversation for those still to come.
    pub(super) fn raise_watermark(
        &mut self,
        conversation_id: Uuid,
        state: DeliveryState,
        up_to: DateTime<Utc>,
    ) {
        let Some(kept) = self.conversations.get_mut(&conversation_id) else { return };
        let row = &kept.row;
        let read = state >= DeliveryState::Read;
        let current = if read { row.read_up_to } else { row.delivered_up_to };
        if current >= Some(up_to) {
            return;
        }
        let row = kept.change();
        if read {
            row.read_up_to = Some(up_to);
        } else {
            row.delivered_up_to = Some(up_to);
        }
        self.watermarks.push(AppliedWatermark { conversation_id, state, up_to });
    }

    /// Watermarks that came before the conversation existed.
    fn unpark_watermarks(&mut self, channel: &ChannelRow, customer: Uuid, conversation: Uuid) {
        let people: Vec<String> = self.identities_of(customer).map(|row| row.value.clone()).collect();
        for person in people {
            for state in [DeliveryState::Delivered, DeliveryState::Read] {
                let key = (channel.id, person.clone(), format!("{WATERMARK_SLOT}{}", state.as_str()));
                let Some(data) = self.unpark(&key) else { continue };
                if let Ok(up_to) = serde_json::from_value(data) {
                    self.raise_watermark(conversation, state, up_to);
                }
            }
        }
    }
}
