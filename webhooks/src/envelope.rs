//! `{"object", "entry": […]}`: which reader gets which part.
//!
//! Owns: the split of a body into entries, and the order of their parts. Invariants: an entry or change that can't be
//! read never stops its neighbours; the dashboard's Test button (`entry.id` `"0"`, invented people (S)) makes nothing.
//! Absent: the meaning of messages and changes.

use crate::fact::{Account, PersonIdKind};
use crate::json::{self, Read};
use crate::messaging::{self, Frame};
use crate::sink::Sink;
use crate::{Parsed, Unreadable, instagram, messenger, whatsapp};
use chrono::{DateTime, Utc};
use serde_json::Value;

/// Sender and recipient that the Test button invents (S).
const TEST_PAIR: (&str, &str) = ("12334", "23245");

/// An entry of a Page or an Instagram account.
pub(crate) struct Entry<'a> {
    pub(crate) account: Account,
    pub(crate) id: &'a str,
    /// Fallback for items without a time of their own.
    pub(crate) time: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Object {
    Page,
    Instagram,
    Whatsapp,
}

pub(crate) fn parse(body: &[u8]) -> Result<Parsed, Unreadable> {
    let body = json::read(body).map_err(|error| Unreadable::NotJson(error.to_string()))?;
    let object = match body.get("object").and_then(Value::as_str) {
        Some("page") => Object::Page,
        Some("instagram") => Object::Instagram,
        Some("whatsapp_business_account") => Object::Whatsapp,
        _ => return Err(Unreadable::UnknownObject),
    };
    let mut sink = Sink::default();
    for (path, entry) in sink.items(&body, "entry", "") {
        read_entry(object, entry, &path, &mut sink);
    }
    Ok(sink.finish())
}

fn read_entry(object: Object, entry: &Value, path: &str, sink: &mut Sink) {
    if !entry.is_object() {
        return sink.skip(path, "wrong_type");
    }
    let id = entry.id("id");
    if id.as_deref() == Some("0") {
        return sink.skip(path, "dashboard_test");
    }
    // WhatsApp is routed by the number inside the change, so an entry without id is still worth reading.
    if object == Object::Whatsapp {
        return whatsapp::read_entry(&id.unwrap_or_default(), entry, path, sink);
    }
    let Some(id) = id else {
        return sink.skip(path, "no_account");
    };
    let account = match object {
        Object::Instagram => Account::Instagram { account_id: id.clone() },
        _ => Account::Page { page_id: id.clone() },
    };
    let context = Entry { account, id: &id, time: entry.time("time") };
    read_parts(object, &context, entry, path, sink);
}

fn read_parts(object: Object, context: &Entry<'_>, entry: &Value, path: &str, sink: &mut Sink) {
    for (key, standby) in [("messaging", false), ("standby", true)] {
        for (path, item) in sink.items(entry, key, path) {
            messaging::read(&frame(object, context, standby), item, &path, sink);
        }
    }
    for (path, change) in sink.items(entry, "changes", path) {
        read_change(object, context, change, &path, sink);
    }
    // Instagram Login documents `field` and `value` directly in the entry [D]; real traffic has `changes[]` too [S].
    if entry.member("field").is_some() {
        read_change(object, context, entry, path, sink);
    }
}

fn frame<'a>(object: Object, context: &'a Entry<'a>, standby: bool) -> Frame<'a> {
    let id_kind = if object == Object::Instagram { PersonIdKind::Igsid } else { PersonIdKind::Psid };
    Frame { entry: context, id_kind, standby }
}

fn read_change(object: Object, context: &Entry<'_>, change: &Value, path: &str, sink: &mut Sink) {
    let Some(field) = change.text("field") else {
        return sink.skip(path, "wrong_type");
    };
    let Some(value) = change.object("value") else {
        return sink.skip(path, "wrong_type");
    };
    // A messaging item can stand in a change [D]; only the Test button has been seen to do it.
    if value.object("recipient").is_some() {
        if is_test_pair(value) {
            return sink.skip(path, "dashboard_test");
        }
        return messaging::read(&frame(object, context, field == "standby"), value, path, sink);
    }
    match object {
        Object::Instagram => instagram::read_change(context, &field, value, path, sink),
        _ => messenger::read_change(context, &field, value, path, sink),
    }
}

fn is_test_pair(item: &Value) -> bool {
    let party = |key: &str| item.member(key).and_then(|party| party.id("id"));
    party("sender").as_deref() == Some(TEST_PAIR.0) && party("recipient").as_deref() == Some(TEST_PAIR.1)
}
