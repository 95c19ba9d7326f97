//! `history`: the chats of a business that keeps the WhatsApp Business app.
//!
//! Owns: threads and whose they are. Invariants: every message is marked as history; the person is the thread's;
//! direction comes from who wrote. Absent: order (chunks come out of order (D)) and progress.

use super::Number;
use super::message::{self, Lane};
use super::people::{CONTACT, add, join, number_or_user, username};
use crate::fact::Person;
use crate::json::Read;
use crate::sink::Sink;
use serde_json::Value;

/// `{metadata{phase, chunk_order, progress}, threads[{id, messages[…]}]}`, or `{errors}` if the business declined (S).
pub(super) fn read(number: &Number, item: &Value, path: &str, sink: &mut Sink) {
    if !item.is_object() {
        return sink.skip(path, "wrong_type");
    }
    if !item.list("errors").is_empty() {
        sink.skip(&format!("{path}.errors"), "history_declined");
    }
    for (path, thread) in sink.items(item, "threads", path) {
        if !thread.is_object() {
            sink.skip(&path, "wrong_type");
            continue;
        }
        let lane = Lane { history: true, thread: person(thread), ..Lane::default() };
        for (path, item) in sink.items(thread, "messages", &path) {
            message::read(number, &lane, item, &path, sink);
        }
    }
}

/// The thread's id is the person's number or business-scoped id; newer payloads add a `context` with more (M).
fn person(thread: &Value) -> Option<Person> {
    let mut person = Person::default();
    if let Some(id) = thread.id("id") {
        add(&mut person.ids, number_or_user(&id));
    }
    if let Some(context) = thread.object("context") {
        join(&mut person, &CONTACT.person(context));
        person.username = username(context);
    }
    Some(person).filter(|person| !person.ids.is_empty())
}
