//! `statuses[]`: what became of a message of ours.
//!
//! Owns: delivery states, and which entries are calls instead. Invariants: an unknown status (`deleted` and `warning`
//! have been seen (S)) is skipped; codes come as number or string (S); nothing here decides about order. Absent: the
//! ranks of states.

use super::people::{PARTICIPANT, RECIPIENT};
use super::{Number, calls};
use crate::fact::{DeliveryState, Person, PlatformError, Status, What};
use crate::json::Read;
use crate::sink::Sink;
use serde_json::Value;

pub(super) fn read(number: &Number, item: &Value, path: &str, sink: &mut Sink) {
    if item.text("type").as_deref() == Some("call") {
        return calls::read_status(number, item, path, sink);
    }
    let Some(target) = item.id("id") else {
        return sink.skip(path, "wrong_type");
    };
    let state = match item.text("status").map(|word| word.to_lowercase()).as_deref() {
        Some("sent") => DeliveryState::Sent,
        Some("delivered") => DeliveryState::Delivered,
        Some("read") => DeliveryState::Read,
        Some("played") => DeliveryState::Played,
        Some("failed") => DeliveryState::Failed,
        _ => return sink.skip(path, "unknown_status"),
    };
    let group = item.text("recipient_type").as_deref() == Some("group");
    let status = Status {
        target,
        state,
        error: item.list("errors").iter().find_map(error),
        tracking: item.text("biz_opaque_callback_data"),
        person: recipient(number, item, group),
        group,
        pricing: item.object("pricing").cloned(),
    };
    sink.fact(&number.account, item.time("timestamp").or(number.time), What::Status(status));
}

/// Sent to a business-scoped id, `recipient_id` is absent (S); in a group it is the group's, so the participant counts.
pub(super) fn recipient(number: &Number, item: &Value, group: bool) -> Option<Person> {
    let keys = if group { PARTICIPANT } else { RECIPIENT };
    Some(number.contacts.complete(keys.person(item))).filter(|person| !person.ids.is_empty())
}

/// `{code, title, message?, error_data{details}?}`: decide on the code, never on the text (D).
fn error(error: &Value) -> Option<PlatformError> {
    Some(PlatformError {
        code: error.integer("code")?,
        title: error.text("title").or_else(|| error.text("message")),
        detail: error
            .member("error_data")
            .and_then(|data| data.text("details"))
            .or_else(|| error.text("message")),
    })
}
