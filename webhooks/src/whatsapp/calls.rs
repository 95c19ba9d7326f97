//! `calls[]` and the call entries of `statuses[]`.
//!
//! Owns: one event per call, keyed by the call's id, so that later ones update it. Invariant: the session description
//! (SDP) stays outside. Absent: answering calls.

use super::Number;
use super::people::{FROM, TO};
use super::status;
use crate::fact::{Event, EventKind, Person, What};
use crate::json::{Data, Read};
use crate::sink::Sink;
use serde_json::Value;

/// `{id, from, to, event connect|terminate, direction, status?, start_time?, end_time?, duration?}` (S).
pub(super) fn read(number: &Number, call: &Value, path: &str, sink: &mut Sink) {
    let Some(id) = call.id("id") else {
        return sink.skip(path, "wrong_type");
    };
    let event = call.text("event").unwrap_or_default();
    let state = match (event.as_str(), call.text("status").map(|word| word.to_uppercase()).as_deref()) {
        ("connect", _) => "ringing",
        ("terminate", Some("FAILED")) => "failed",
        ("terminate", Some("REJECTED")) => "rejected",
        ("terminate", _) => "completed",
        _ => return sink.skip(path, "unknown_event"),
    };
    let from = call.id("from").unwrap_or_default();
    let out = call.text("direction").as_deref() == Some("BUSINESS_INITIATED") || number.is_ours(&from);
    let person = number.contacts.complete(if out { TO.person(call) } else { FROM.person(call) });
    let data = Data::default()
        .put("direction", Some(if out { "out" } else { "in" }))
        .put("status", Some(state))
        .put("duration", call.integer("duration"))
        .put("start_time", call.integer("start_time"))
        .put("end_time", call.integer("end_time"))
        .put("tracking", call.text("biz_opaque_callback_data"))
        .put("errors", call.get("errors").filter(|errors| errors.is_array()).cloned());
    emit(number, call, id, Some(person), data, sink);
}

/// `statuses[{type: "call", id, status RINGING|ACCEPTED|REJECTED}]`: calls that we made (S).
pub(super) fn read_status(number: &Number, item: &Value, path: &str, sink: &mut Sink) {
    let Some(id) = item.id("id") else {
        return sink.skip(path, "wrong_type");
    };
    let state = match item.text("status").map(|word| word.to_uppercase()).as_deref() {
        Some("RINGING") => "ringing",
        Some("ACCEPTED") => "accepted",
        Some("REJECTED") => "rejected",
        Some("FAILED") => "failed",
        Some("COMPLETED") => "completed",
        _ => return sink.skip(path, "unknown_status"),
    };
    let data = Data::default()
        .put("direction", Some("out"))
        .put("status", Some(state))
        .put("tracking", item.text("biz_opaque_callback_data"));
    emit(number, item, id, status::recipient(number, item, false), data, sink);
}

fn emit(number: &Number, item: &Value, id: String, person: Option<Person>, data: Data, sink: &mut Sink) {
    let data = data.put("id", Some(id.as_str())).map();
    let person = person.filter(|person| !person.ids.is_empty());
    let event = Event { kind: EventKind::Call, key: id, person, data };
    sink.fact(&number.account, item.time("timestamp").or(number.time), What::Event(event));
}
