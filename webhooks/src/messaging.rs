//! `messaging[]` and `standby[]`: the items that Messenger and Instagram share.
//!
//! Owns: who is who in an item, which events it holds, and the readers of all events but messages themselves.
//! Invariants: the business is the entry's account, the person is the other side; every known event of an item is read,
//! not only the first (a `read` beside a `message` hides nothing); an unknown event is skipped, never an error.
//! Absent: messages (`messaging_message`), comments (`messenger`, `instagram`).

use crate::envelope::Entry;
use crate::fact::{
    Delete, DeliveryState, Direction, Edit, Event, EventKind, Person, PersonId, PersonIdKind, Reaction, UpTo,
    Watermark, What,
};
use crate::json::{Data, Read, canonical, digest};
use crate::sink::Sink;
use crate::{messaging_message, referral};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

/// Where an item was found.
pub(crate) struct Frame<'a> {
    pub(crate) entry: &'a Entry<'a>,
    pub(crate) id_kind: PersonIdKind,
    /// Delivered while another app owns the thread.
    pub(crate) standby: bool,
}

/// One item with its two sides sorted out.
pub(crate) struct Item<'a> {
    pub(crate) frame: &'a Frame<'a>,
    pub(crate) raw: &'a Value,
    pub(crate) at: Option<DateTime<Utc>>,
    pub(crate) direction: Direction,
    /// The customer's side; absent in policy notices and for checkbox opt-ins.
    pub(crate) person: Option<Person>,
    pub(crate) path: &'a str,
}

impl Item<'_> {
    pub(crate) fn emit(&self, sink: &mut Sink, what: What) {
        sink.fact(&self.frame.entry.account, self.at, what);
    }

    fn event(&self, sink: &mut Sink, kind: EventKind, data: Map<String, Value>) {
        // The item as sent, with its time: a retry has the same bytes, another click has not.
        let key = format!("{}:{}", kind.as_str(), digest(&[self.frame.entry.id, &canonical(self.raw)]));
        self.emit(sink, What::Event(Event { kind, key, person: self.person.clone(), data }));
    }
}

/// Events that tell nothing which the product keeps.
const IGNORED: [&str; 8] = [
    "prior_message",
    "messaging_feedback",
    "game_play",
    "payment",
    "checkout_update",
    "appointment",
    "pre_checkout",
    "typing",
];

pub(crate) fn read(frame: &Frame<'_>, raw: &Value, path: &str, sink: &mut Sink) {
    if !raw.is_object() {
        return sink.skip(path, "wrong_type");
    }
    let echo =
        raw.object("message").is_some_and(|message| message.flag("is_echo") || message.flag("is_self"));
    let party = |key: &str| raw.member(key).and_then(|party| party.id("id"));
    let (sender, recipient) = (party("sender"), party("recipient"));
    let from_us = echo || sender.as_deref() == Some(frame.entry.id);
    let (direction, person) = if from_us { (Direction::Out, recipient) } else { (Direction::In, sender) };
    let to_itself = person.as_deref() == Some(frame.entry.id);
    if to_itself && (raw.member("message").is_some() || raw.member("postback").is_some()) {
        return sink.skip(path, "self_message");
    }
    let person = person.filter(|_| !to_itself);
    let person = person
        .map(|value| Person { ids: vec![PersonId { kind: frame.id_kind, value }], ..Person::default() });
    let at = raw.time("timestamp").or(frame.entry.time);
    let item = Item { frame, raw, at, direction, person, path };
    let mut members: Vec<_> =
        raw.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()).collect();
    // A fixed order: a message comes before the referral beside it.
    members.sort_by_key(|(key, _)| key.as_str());
    let mut known = false;
    for (key, value) in members {
        known |= read_event(&item, key, value, sink);
    }
    if !known {
        sink.skip(path, "unknown_event");
    }
}

/// False if the member is no event that we know.
fn read_event(item: &Item<'_>, key: &str, value: &Value, sink: &mut Sink) -> bool {
    let reader: fn(&Item<'_>, &Value, &mut Sink) -> Option<()> = match key {
        // A receipt of the business itself says nothing about what the person has seen.
        "delivery" | "read" if item.direction == Direction::Out => {
            sink.skip(item.path, "own_receipt");
            return true;
        }
        "message" => messaging_message::read_message,
        "postback" => messaging_message::read_postback,
        "message_edit" => read_edit,
        "reaction" => read_reaction,
        "delivery" => read_delivery,
        "read" => read_read,
        "referral" => read_referral,
        "optin" => read_optin,
        "pass_thread_control" | "take_thread_control" | "request_thread_control" | "app_roles" => {
            read_handover(item, key, value, sink);
            return true;
        }
        "policy_enforcement" | "policy-enforcement" => read_policy,
        "account_linking" => {
            sink.skip(item.path, "account_linking");
            return true;
        }
        key => {
            let ignored = IGNORED.contains(&key);
            if ignored {
                sink.skip(item.path, "ignored_event");
            }
            return ignored;
        }
    };
    if !value.is_object() || reader(item, value, sink).is_none() {
        sink.skip(item.path, "wrong_type");
    }
    true
}

/// `message_edit{mid, text, num_edit}`: at most five, customer only (D); `num_edit` is an integer in the documentation
/// and a string in its sample. A `num_edit` of 0 comes for plain new messages (M).
fn read_edit(item: &Item<'_>, edit: &Value, sink: &mut Sink) -> Option<()> {
    let revision = edit.integer("num_edit");
    if revision == Some(0) {
        sink.skip(item.path, "not_an_edit");
        return Some(());
    }
    let target = edit.id("mid")?;
    item.emit(
        sink,
        What::Edit(Edit { target, text: edit.text("text"), revision, person: item.person.clone() }),
    );
    Some(())
}

/// `reaction{mid, action react|unreact, emoji?, reaction?}` [S/D].
fn read_reaction(item: &Item<'_>, reaction: &Value, sink: &mut Sink) -> Option<()> {
    let target = reaction.id("mid")?;
    let person = item.person.clone()?;
    let gone = reaction.text("action").is_some_and(|action| action == "unreact");
    let emoji = reaction.text("emoji").filter(|_| !gone);
    item.emit(sink, What::Reaction(Reaction { target, emoji, direction: item.direction, person }));
    Some(())
}

/// `delivery{watermark, mids[]?}`: everything of ours up to the watermark [D/S].
fn read_delivery(item: &Item<'_>, delivery: &Value, sink: &mut Sink) -> Option<()> {
    let messages: Vec<String> = delivery.list("mids").iter().filter_map(crate::json::as_id).collect();
    let up_to = match delivery.time("watermark") {
        Some(time) => UpTo::Time(time),
        None if !messages.is_empty() => UpTo::Named,
        None => return None,
    };
    let person = item.person.clone()?;
    item.emit(sink, What::Watermark(Watermark { person, state: DeliveryState::Delivered, up_to, messages }));
    Some(())
}

/// `read{watermark}` on Messenger, without mid; `read{mid}` on Instagram (S).
fn read_read(item: &Item<'_>, read: &Value, sink: &mut Sink) -> Option<()> {
    let up_to = match (read.id("mid"), read.time("watermark")) {
        (Some(mid), _) => UpTo::Message(mid),
        (None, Some(time)) => UpTo::Time(time),
        (None, None) => return None,
    };
    let person = item.person.clone()?;
    item.emit(
        sink,
        What::Watermark(Watermark { person, state: DeliveryState::Read, up_to, messages: Vec::new() }),
    );
    Some(())
}

/// Alone: a click in an existing thread [D/S].
fn read_referral(item: &Item<'_>, raw: &Value, sink: &mut Sink) -> Option<()> {
    let referral = referral::meta(item.raw)?;
    item.event(sink, EventKind::Referral, referral::event_data(&referral, raw));
    Some(())
}

/// `optin{ref, user_ref?}` or `{type: "notification_messages", payload, title, …}` (S).
fn read_optin(item: &Item<'_>, optin: &Value, sink: &mut Sink) -> Option<()> {
    let data = Data::default().put("topic", optin.text("title")).rest(optin, &["title"]).map();
    item.event(sink, EventKind::Optin, data);
    Some(())
}

/// Field `messaging_handovers` (S): who owns the thread from now on.
fn read_handover(item: &Item<'_>, key: &str, value: &Value, sink: &mut Sink) {
    let action = key.trim_end_matches("_thread_control");
    let data = Data::default()
        .put("action", Some(action))
        .put("owner", value.id("new_owner_app_id"))
        .put("previous_owner", value.id("previous_owner_app_id"))
        .put("requested_owner", value.id("requested_owner_app_id"))
        .put("metadata", value.text("metadata"))
        .put("roles", Some(value.clone()).filter(|_| key == "app_roles"));
    item.event(sink, EventKind::Handover, data.map());
}

/// `policy_enforcement{action, reason}`, without sender (S).
fn read_policy(item: &Item<'_>, policy: &Value, sink: &mut Sink) -> Option<()> {
    item.event(sink, EventKind::Policy, Data::default().rest(policy, &[]).map());
    Some(())
}

/// Taken back: `message{mid, is_deleted: true}`. Instagram sends it (S); the same on Messenger.
pub(crate) fn read_delete(item: &Item<'_>, message: &Value, sink: &mut Sink) -> Option<()> {
    let target = message.id("mid")?;
    item.emit(sink, What::Delete(Delete { target, person: item.person.clone() }));
    Some(())
}
