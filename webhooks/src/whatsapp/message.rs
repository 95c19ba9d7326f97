//! `messages[]`, `message_echoes[]` and the messages of a history: one item, whichever way it went.
//!
//! Owns: direction, person, and what kind of fact an item is. Invariants: a message with an id and a person is never
//! lost: what can't be read is `unsupported` with the raw item; reactions, edits, revokes and system notes are no
//! messages. Absent: the bodies of the types (`content`).

use super::content;
use super::people::{self, FROM, TO};
use super::{Number, people::number_or_user};
use crate::fact::{
    Delete, Direction, Edit, Event, EventKind, IdentityChange, Message, Person, PersonId, PersonIdKind,
    Reaction, What,
};
use crate::json::Read;
use crate::referral;
use crate::sink::Sink;
use chrono::{DateTime, Utc};
use serde_json::Value;

/// What is known about an item from where it stands.
#[derive(Clone, Default)]
pub(super) struct Lane {
    /// Another app or Meta's agent answers on this number (since August 2026 (D)).
    pub(super) standby: bool,
    pub(super) history: bool,
    /// Sent by staff in the WhatsApp Business app.
    pub(super) echo: bool,
    /// The other side of a history thread.
    pub(super) thread: Option<Person>,
}

struct Item<'a> {
    number: &'a Number,
    lane: &'a Lane,
    raw: &'a Value,
    at: Option<DateTime<Utc>>,
    direction: Direction,
    person: Person,
    path: &'a str,
}

impl Item<'_> {
    fn emit(&self, sink: &mut Sink, what: What) {
        sink.fact(&self.number.account, self.at, what);
    }
}

pub(super) fn read(number: &Number, lane: &Lane, raw: &Value, path: &str, sink: &mut Sink) {
    if !raw.is_object() {
        return sink.skip(path, "wrong_type");
    }
    let at = raw.time("timestamp").or(number.time);
    let word = raw.text("type").unwrap_or_default();
    if word == "system" {
        return read_system(number, raw, at, path, sink);
    }
    let (direction, person) = sides(number, lane, raw);
    if person.ids.is_empty() {
        return sink.skip(path, "no_person");
    }
    if person.ids.iter().any(|id| number.is_ours(&id.value)) {
        return sink.skip(path, "self_message");
    }
    let item = Item { number, lane, raw, at, direction, person, path };
    let read = match word.as_str() {
        "reaction" => read_reaction(&item, sink),
        "edit" => read_edit(&item, sink),
        "revoke" => read_revoke(&item, sink),
        "request_welcome" => read_welcome(&item, sink),
        word => read_message(&item, word, sink),
    };
    if read.is_none() {
        sink.skip(path, "wrong_type");
    }
}

/// Who is the customer, and which way it went.
fn sides(number: &Number, lane: &Lane, raw: &Value) -> (Direction, Person) {
    let from = raw.id("from").unwrap_or_default();
    let from_me = raw.member("history_context").is_some_and(|context| context.flag("from_me"));
    let out = lane.echo || from_me || number.is_ours(&from);
    let mut person = lane.thread.clone().unwrap_or_default();
    people::join(&mut person, &if out { TO.person(raw) } else { FROM.person(raw) });
    (if out { Direction::Out } else { Direction::In }, number.contacts.complete(person))
}

fn read_message(item: &Item<'_>, word: &str, sink: &mut Sink) -> Option<()> {
    let external_id = item.raw.id("id")?;
    let content = content::read(item.raw, word);
    let context = item.raw.member("context").unwrap_or(&Value::Null);
    let referral = referral::whatsapp(item.raw);
    let mut extra = content.extra;
    // More than five times comes without the plain mark [S].
    extra.forwarded = context.flag("forwarded") || context.flag("frequently_forwarded");
    extra.product = context.member("referred_product").and_then(|product| product.id("product_retailer_id"));
    extra.errors =
        item.raw.get("errors").filter(|errors| errors.as_array().is_some_and(|e| !e.is_empty())).cloned();
    extra.referral = referral.clone();
    let mut person = item.person.clone();
    if item.direction == Direction::In {
        person.shared_phone = content::shared_phone(item.raw);
    }
    let message = Message {
        external_id,
        direction: item.direction,
        kind: content.kind,
        person,
        group_id: item.raw.id("group_id"),
        text: content.text,
        attachments: content.attachments,
        reply_to: context.id("id"),
        referral,
        tracking: None,
        standby: item.lane.standby,
        history: item.lane.history,
        extra,
    };
    item.emit(sink, What::Message(Box::new(message)));
    Some(())
}

/// `{message_id, emoji?}`; empty or absent emoji takes it back (S).
fn read_reaction(item: &Item<'_>, sink: &mut Sink) -> Option<()> {
    let reaction = item.raw.object("reaction")?;
    let target = reaction.id("message_id")?;
    let emoji = reaction.text("emoji");
    let (direction, person) = (item.direction, item.person.clone());
    item.emit(sink, What::Reaction(Reaction { target, emoji, direction, person }));
    Some(())
}

/// `{original_message_id, message{type, <type>}}` (S); the new text of media is their caption.
fn read_edit(item: &Item<'_>, sink: &mut Sink) -> Option<()> {
    let edit = item.raw.object("edit")?;
    let target = edit.id("original_message_id")?;
    let message = edit.object("message")?;
    let text = content::read(message, &message.text("type").unwrap_or_default()).text;
    item.emit(sink, What::Edit(Edit { target, text, revision: None, person: Some(item.person.clone()) }));
    Some(())
}

/// `{original_message_id}` (S).
fn read_revoke(item: &Item<'_>, sink: &mut Sink) -> Option<()> {
    let target = item.raw.object("revoke")?.id("original_message_id")?;
    item.emit(sink, What::Delete(Delete { target, person: Some(item.person.clone()) }));
    Some(())
}

/// The chat was opened: no message, but an ad that led here would be lost with it.
fn read_welcome(item: &Item<'_>, sink: &mut Sink) -> Option<()> {
    let Some(referral) = referral::whatsapp(item.raw) else {
        sink.skip(item.path, "not_a_message");
        return Some(());
    };
    let data = referral::event_data(&referral, &Value::Null);
    let key = format!("referral:{}", item.raw.id("id")?);
    item.emit(
        sink,
        What::Event(Event { kind: EventKind::Referral, key, person: Some(item.person.clone()), data }),
    );
    Some(())
}

/// `system{body, type, wa_id?, user_id?, previous_user_id?, …}`: numbers and ids that moved (S), previous ids and
/// `user_changed_user_id` [D, 2026-08-11]. Decided by the ids, because the type has been spelled in two ways.
fn read_system(number: &Number, raw: &Value, at: Option<DateTime<Utc>>, path: &str, sink: &mut Sink) {
    let Some(system) = raw.object("system") else {
        return sink.skip(path, "wrong_type");
    };
    let mut old = Vec::new();
    for value in [raw.id("from"), system.id("customer")].into_iter().flatten() {
        people::add(&mut old, number_or_user(&value));
    }
    for key in ["previous_user_id", "previous_parent_user_id"] {
        let value = system.id(key);
        value
            .into_iter()
            .for_each(|value| people::add(&mut old, PersonId { kind: PersonIdKind::Bsuid, value }));
    }
    let mut new = Vec::new();
    // `new_wa_id` is the older name.
    if let Some(value) = system.id("new_wa_id").or_else(|| system.id("wa_id")) {
        people::add(&mut new, number_or_user(&value));
    }
    for value in ["user_id", "parent_user_id"].into_iter().filter_map(|key| system.id(key)) {
        people::add(&mut new, PersonId { kind: PersonIdKind::Bsuid, value });
    }
    new.retain(|id| !old.iter().any(|known| people::same(known, id)));
    if old.is_empty() || new.is_empty() {
        return sink.skip(path, "not_a_message");
    }
    let change = IdentityChange { old, new, body: system.text("body") };
    sink.fact(&number.account, at, What::IdentityChange(change));
}
