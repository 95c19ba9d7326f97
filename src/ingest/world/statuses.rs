//! Delivery states: a lattice, so that order and repetition don't matter.

use super::messages::{READ, STATUS};
use super::threads::WATERMARK_SLOT;
use super::{MessageKey, World};
use crate::ingest::rows::ChannelRow;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;
use webhooks::{DeliveryState, PlatformError, Status, UpTo, Watermark};

/// WhatsApp's code of a failure: this person has stopped marketing messages of the business.
const NO_MARKETING: i64 = 131_050;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ParkedStatus {
    state: DeliveryState,
    error: Option<PlatformError>,
    tracking: Option<String>,
}

/// Place in the lattice: what the platform has told only moves up. `failed` stands above `sent` only.
pub fn rank(status: &str) -> i16 {
    match status {
        "sent" => 1,
        "failed" => 2,
        "delivered" => 3,
        "read" => 4,
        "played" => 5,
        // queued, sending, held, uncertain: ours, below everything that a platform tells.
        _ => 0,
    }
}

impl ParkedStatus {
    /// Of two the greater one holds. A second failure for another reason has its place too.
    fn place(&self) -> (i16, Reason<'_>) {
        (rank(self.state.as_str()), reason(self.failure()))
    }

    fn failure(&self) -> Option<&PlatformError> {
        self.error.as_ref().filter(|_| self.state == DeliveryState::Failed)
    }
}

/// An error's place among others.
type Reason<'a> = Option<(i64, Option<&'a str>, Option<&'a str>)>;

fn reason(error: Option<&PlatformError>) -> Reason<'_> {
    error.map(|error| (error.code, error.title.as_deref(), error.detail.as_deref()))
}

impl World {
    pub(super) fn status(&mut self, channel: &ChannelRow, status: &Status, at: DateTime<Utc>) {
        // May teach a new id of someone known; never makes anybody.
        let known = status.person.as_ref().and_then(|person| self.known(channel, person, at));
        let told = ParkedStatus {
            state: status.state,
            error: status.error.clone(),
            tracking: status.tracking.clone(),
        };
        self.named_by_status(&(channel.id, status.target.clone()), status.tracking.as_deref());
        let refused = told.failure().is_some_and(|error| error.code == NO_MARKETING);
        // Told again it says nothing new: they may have agreed since.
        if self.reach(channel, &status.target, told)
            && refused
            && let Some(customer) = known
        {
            self.set_opt_out(customer, true);
        }
    }

    /// A message of ours reached a state; kept until the message is there. Of two the higher one is kept, with what
    /// either told of our own string. Whether it was new.
    fn reach(&mut self, channel: &ChannelRow, target: &str, mut told: ParkedStatus) -> bool {
        let key = (channel.id, target.to_owned());
        if self.messages.contains_key(&key) {
            return self.apply_status(&key, &told);
        }
        let mut new = true;
        let slot = (channel.id, target.to_owned(), STATUS.to_owned());
        let before =
            self.parked.get(&slot).map(|kept| serde_json::from_value::<ParkedStatus>(kept.row.clone()));
        if let Some(Ok(mut before)) = before {
            let tracking = before.tracking.take().or(told.tracking.take());
            if before.place() >= told.place() {
                told = before;
                new = false;
            }
            told.tracking = tracking;
        }
        self.park(channel, target, STATUS, &told, |old, new| old != new);
        new
    }

    pub(super) fn apply_parked_status(&mut self, key: &MessageKey, data: Value) {
        if let Ok(status) = serde_json::from_value::<ParkedStatus>(data) {
            self.apply_status(key, &status);
        }
    }

    /// Whether it led further.
    fn apply_status(&mut self, key: &MessageKey, status: &ParkedStatus) -> bool {
        let Some(kept) = self.messages.get_mut(key) else { return false };
        let Some(current) = kept.row.status.as_deref().map(rank) else { return false };
        if let (Some(tracking), Some(extra)) = (&status.tracking, kept.row.extra.as_object())
            && extra.get("tracking").and_then(Value::as_str) != Some(tracking)
            && let Some(extra) = kept.change().extra.as_object_mut()
        {
            extra.insert("tracking".to_owned(), json!(tracking));
        }
        let known = kept.row.error.clone().and_then(|error| serde_json::from_value(error).ok());
        if (current, reason(known.as_ref())) >= status.place() {
            return false;
        }
        let row = kept.change();
        row.status = Some(status.state.as_str().to_owned());
        row.error = status.failure().map(|error| json!(error));
        true
    }

    /// "All of ours up to here" of one person.
    pub(super) fn watermark(&mut self, channel: &ChannelRow, watermark: &Watermark, at: DateTime<Utc>) {
        for target in &watermark.messages {
            let told = ParkedStatus { state: watermark.state, error: None, tracking: None };
            self.reach(channel, target, told);
        }
        match &watermark.up_to {
            UpTo::Named => {}
            UpTo::Time(up_to) => self.watermark_of_person(channel, watermark, *up_to, at),
            UpTo::Message(target) => {
                let key = (channel.id, target.clone());
                if self.messages.contains_key(&key) {
                    self.apply_parked_read(&key);
                } else {
                    self.park(channel, target, READ, &true, |_: &bool, _| false);
                }
            }
        }
    }

    fn watermark_of_person(
        &mut self,
        channel: &ChannelRow,
        watermark: &Watermark,
        up_to: DateTime<Utc>,
        at: DateTime<Utc>,
    ) {
        let customer = self.known(channel, &watermark.person, at);
        match customer.and_then(|customer| self.thread_of(channel.id, customer)) {
            Some(conversation) => self.raise_watermark(conversation, watermark.state, up_to),
            None => {
                let Some(person) = watermark.person.ids.first() else { return };
                let slot = format!("{WATERMARK_SLOT}{}", watermark.state.as_str());
                self.park(channel, &person.value, &slot, &up_to, |old: &DateTime<Utc>, new| old < new);
            }
        }
    }

    /// The person has seen that message: it and every earlier one of ours are read.
    pub(super) fn apply_parked_read(&mut self, key: &MessageKey) {
        let Some(row) = self.messages.get(key).map(|kept| &kept.row) else { return };
        let (conversation, up_to) = (row.conversation_id, row.sent_at);
        self.raise_watermark(conversation, DeliveryState::Read, up_to);
    }

    /// The state of a message of ours that becomes known only now, under what was told about its time before.
    pub(super) fn status_under_watermarks(&self, conversation: Uuid, sent_at: DateTime<Utc>) -> &'static str {
        let Some(kept) = self.conversations.get(&conversation) else { return "sent" };
        if kept.row.read_up_to >= Some(sent_at) {
            "read"
        } else if kept.row.delivered_up_to >= Some(sent_at) {
            "delivered"
        } else {
            "sent"
        }
    }
}
