//! What a batch needs to know of a tenant, in memory: loaded before, decided on here, written after.
//!
//! Owns: the rules of what a fact does. Invariants: pure (no I/O, time comes in with the facts); a fact applied twice
//! changes nothing the second time; edits, deletes, reactions and statuses end the same in whatever order they come.
//! Absent on purpose: SQL (`load`, `write`) and events (`emit`).

mod answers;
mod cards;
mod happenings;
mod leads;
mod merge;
mod messages;
mod people;
mod statuses;
mod threads;

#[cfg(test)]
mod tests;

pub use answers::{Accepted, tracked, tracking};
pub use leads::LeadDetails;
pub use merge::settled;
pub use people::IdKey;

use super::rows::{
    ActivityRow, AttachmentRow, AttributionRow, CardRow, ChannelEventRow, ChannelRow, ConversationRow,
    CustomerRow, IdentityRow, Kept, MessageRow,
};
use crate::jobs::NewJob;
use crate::templates::News;
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;
use webhooks::{Account, DeliveryState, Fact, What};

/// Key of a message: channel and external id.
pub type MessageKey = (Uuid, String);

/// A parked fact's place: channel, the message's external id (or a person), what kind of fact.
pub type ParkedKey = (Uuid, String, String);

/// The tenant, as far as this batch touches it.
#[derive(Default)]
#[cfg_attr(test, derive(Clone))]
pub struct World {
    /// When the batch's deliveries were received: the time of facts that carry none.
    pub received_at: DateTime<Utc>,
    pub channels: BTreeMap<Uuid, ChannelRow>,
    pub customers: BTreeMap<Uuid, Kept<CustomerRow>>,
    /// Filled by [`World::put_identity`] only, as the ways to them below.
    pub identities: BTreeMap<Uuid, Kept<IdentityRow>>,
    /// The active identity of a key.
    by_identity: HashMap<IdKey, Uuid>,
    /// All identities of a key, also those that were given up.
    identities_by_key: HashMap<IdKey, Vec<Uuid>>,
    identities_by_customer: HashMap<Uuid, Vec<Uuid>>,
    /// Filled by [`World::put_conversation`] only.
    pub conversations: BTreeMap<Uuid, Kept<ConversationRow>>,
    conversations_by_customer: HashMap<Uuid, Vec<Uuid>>,
    pub messages: HashMap<MessageKey, Kept<MessageRow>>,
    /// Ours that the platform has not named yet, in the order in which they were written.
    pub outgoing: BTreeMap<Uuid, Kept<MessageRow>>,
    /// Messages whose name goes to another one.
    pub unnamed: Vec<Uuid>,
    pub attachments: Vec<AttachmentRow>,
    /// Messages whose attachments go.
    pub stripped: BTreeSet<Uuid>,
    pub parked: HashMap<ParkedKey, Kept<Value>>,
    /// Parked facts that found their message.
    pub unparked: BTreeSet<ParkedKey>,
    pub board: Option<DefaultBoard>,
    /// Open cards by customer, oldest first.
    pub cards: BTreeMap<Uuid, Vec<Kept<CardRow>>>,
    pub deleted_cards: Vec<CardRow>,
    pub activity: BTreeMap<Uuid, ActivityState>,
    pub new_activities: Vec<ActivityRow>,
    pub attributions: Vec<AttributionRow>,
    pub channel_events: Vec<ChannelEventRow>,
    pub template_news: Vec<News>,
    pub watermarks: Vec<AppliedWatermark>,
    /// Customers that were joined: (what ends, what stays).
    pub customer_merges: Vec<(Uuid, Uuid)>,
    pub conversation_merges: Vec<(Uuid, Uuid)>,
    pub jobs: Vec<NewJob>,
}

/// Where new cards go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefaultBoard {
    pub board_id: Uuid,
    pub column_id: Uuid,
    /// Rank of the column's first card.
    pub top_rank: Option<String>,
}

/// What is known of a customer's activities.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ActivityState {
    pub any: bool,
    pub pending: bool,
}

/// "All of ours in that conversation up to that time" reached a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedWatermark {
    pub conversation_id: Uuid,
    pub state: DeliveryState,
    pub up_to: DateTime<Utc>,
}

impl World {
    /// One with nothing but channels in it.
    pub fn new(channels: Vec<ChannelRow>, received_at: DateTime<Utc>) -> Self {
        let channels = channels.into_iter().map(|row| (row.id, row)).collect();
        Self { channels, received_at, ..Self::default() }
    }

    /// Applies one fact. Facts of accounts without a channel here are none of this tenant's business.
    pub fn apply(&mut self, fact: &Fact) {
        let at = fact.at.unwrap_or(self.received_at);
        let Some(channel) = self.channel_of(&fact.account) else {
            if let (Account::WhatsappBusiness { waba_id }, What::Event(event)) = (&fact.account, &fact.what) {
                self.business_event(waba_id, event, at);
            }
            return;
        };
        match &fact.what {
            What::Message(message) => self.message(&channel, message, at),
            What::Edit(edit) => self.edit(&channel, edit, at),
            What::Delete(delete) => self.delete(&channel, delete, at),
            What::Reaction(reaction) => self.reaction(&channel, reaction, at),
            What::Status(status) => self.status(&channel, status, at),
            What::Watermark(watermark) => self.watermark(&channel, watermark, at),
            What::IdentityChange(change) => self.identity_change(&channel, change, at),
            What::ContactName { person } => self.contact_name(&channel, person, at),
            What::MarketingOptOut { person, opted_out } => self.opt_out(&channel, person, *opted_out, at),
            What::Lead(lead) => self.lead_told(&channel, lead, at),
            What::Event(event) => self.event(&channel, event, at),
        }
    }

    fn channel_of(&self, account: &Account) -> Option<ChannelRow> {
        let (kind, account_id) = channel_key(account)?;
        self.channels.values().find(|row| row.kind == kind && row.account_id == account_id).cloned()
    }
}

/// Kind and account id of the channel that a fact belongs to; none for a whole WhatsApp business account.
pub fn channel_key(account: &Account) -> Option<(&'static str, &str)> {
    match account {
        Account::WhatsappNumber { phone_number_id, .. } => Some(("whatsapp", phone_number_id)),
        Account::Page { page_id } => Some(("messenger", page_id)),
        Account::Instagram { account_id } => Some(("instagram", account_id)),
        Account::WhatsappBusiness { .. } => None,
    }
}
