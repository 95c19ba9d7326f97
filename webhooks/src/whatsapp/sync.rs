//! What the phone app and the customer set: address book names, consent to marketing.
//!
//! Owns: `state_sync[]` and `user_preferences[]`. Invariants: removing an entry of the address book deletes nothing
//! here; an unknown preference changes nothing. Absent: whether the person is a customer.

use super::Number;
use super::people::{CONTACT, Keys, username};
use crate::fact::What;
use crate::json::Read;
use crate::sink::Sink;
use serde_json::Value;

/// An entry of the address book.
const BOOK: Keys = Keys { number: &["phone_number", "wa_id"], user: &["user_id", "parent_user_id"] };

/// `{type contact, contact{full_name, first_name, phone_number}, action add|remove, metadata{timestamp}}` (S).
pub(super) fn read_contact(number: &Number, item: &Value, path: &str, sink: &mut Sink) {
    let Some(contact) = item.object("contact") else {
        return sink.skip(path, "wrong_type");
    };
    if item.text("action").as_deref() == Some("remove") {
        return sink.skip(path, "contact_removed");
    }
    let mut person = BOOK.person(contact);
    person.name = contact.text("full_name").or_else(|| contact.text("first_name"));
    person.name = person.name.filter(|name| !name.trim().is_empty());
    person.username = username(contact);
    if person.ids.is_empty() || person.name.is_none() {
        return sink.skip(path, "no_person");
    }
    let at = item.member("metadata").and_then(|metadata| metadata.time("timestamp")).or(number.time);
    sink.fact(&number.account, at, What::ContactName { person });
}

/// `{wa_id, user_id?, category marketing_messages, value stop|resume|signup, timestamp (number)}` (S).
pub(super) fn read_preference(number: &Number, item: &Value, path: &str, sink: &mut Sink) {
    if item.text("category").is_some_and(|category| category != "marketing_messages") {
        return sink.skip(path, "unknown_event");
    }
    let opted_out = match item.text("value").as_deref() {
        Some("stop") => true,
        Some("resume" | "signup") => false,
        _ => return sink.skip(path, "unknown_event"),
    };
    let person = number.contacts.complete(CONTACT.person(item));
    if person.ids.is_empty() {
        return sink.skip(path, "no_person");
    }
    let at = item.time("timestamp").or(number.time);
    sink.fact(&number.account, at, What::MarketingOptOut { person, opted_out });
}
