//! WhatsApp Cloud API: `changes[]` of a business account.
//!
//! Owns: which reader gets which list of a `value`. Invariants: numbers are known by `phone_number_id`, never by the
//! display number, which comes with or without `+` and blanks (S); every list of a value is read, whatever the field
//! and whatever stands beside it (messages and statuses may come together). Absent: the readers themselves.

mod account;
mod calls;
mod content;
mod history;
mod message;
mod people;
mod status;
mod sync;

use crate::fact::Account;
use crate::json::Read;
use crate::phone;
use crate::sink::Sink;
use chrono::{DateTime, Utc};
use people::Contacts;
use serde_json::Value;

/// Fields whose value belongs to one number.
const NUMBER_FIELDS: [&str; 7] = [
    "messages",
    "standby",
    "smb_message_echoes",
    "history",
    "smb_app_state_sync",
    "calls",
    "user_preferences",
];

/// A number of the business, and whom its value names.
struct Number {
    account: Account,
    /// Match key of the display number: who is "we" in a history.
    ours: Option<String>,
    contacts: Contacts,
    /// Fallback for items without a time of their own.
    time: Option<DateTime<Utc>>,
}

impl Number {
    /// True for the number itself.
    fn is_ours(&self, number: &str) -> bool {
        phone::is_phone(number) && self.ours.as_deref() == Some(phone::canonical(number).as_str())
    }
}

pub(crate) fn read_entry(waba_id: &str, entry: &Value, path: &str, sink: &mut Sink) {
    for (path, change) in sink.items(entry, "changes", path) {
        let Some(field) = change.text("field") else {
            sink.skip(&path, "wrong_type");
            continue;
        };
        let Some(value) = change.object("value") else {
            sink.skip(&path, "wrong_type");
            continue;
        };
        if NUMBER_FIELDS.contains(&field.as_str()) {
            read_number(waba_id, &field, value, entry, &format!("{path}.value"), sink);
        } else if waba_id.is_empty() {
            sink.skip(&path, "no_account");
        } else {
            let account = Account::WhatsappBusiness { waba_id: waba_id.to_owned() };
            account::read(&account, &field, value, entry.time("time"), &path, sink);
        }
    }
}

fn read_number(waba_id: &str, field: &str, value: &Value, entry: &Value, path: &str, sink: &mut Sink) {
    let metadata = value.member("metadata").unwrap_or(&Value::Null);
    let Some(phone_number_id) = metadata.id("phone_number_id") else {
        return sink.skip(path, "no_account");
    };
    let display_phone_number = metadata.id("display_phone_number");
    let ours = display_phone_number.as_deref().map(phone::canonical).filter(|key| !key.is_empty());
    let account =
        Account::WhatsappNumber { phone_number_id, waba_id: waba_id.to_owned(), display_phone_number };
    let number = Number { account, ours, contacts: Contacts::read(value), time: entry.time("time") };
    read_lists(&number, field, value, path, sink);
}

fn read_lists(number: &Number, field: &str, value: &Value, path: &str, sink: &mut Sink) {
    let lane = message::Lane {
        standby: field == "standby",
        history: field == "history",
        ..message::Lane::default()
    };
    let mut lists = 0;
    for (key, echo) in [("messages", false), ("message_echoes", true)] {
        lists += usize::from(value.member(key).is_some());
        let lane = message::Lane { echo, ..lane.clone() };
        for (path, item) in sink.items(value, key, path) {
            message::read(number, &lane, item, &path, sink);
        }
    }
    for (key, reader) in [
        ("statuses", status::read as fn(&Number, &Value, &str, &mut Sink)),
        ("history", history::read),
        ("state_sync", sync::read_contact),
        ("calls", calls::read),
        ("user_preferences", sync::read_preference),
    ] {
        lists += usize::from(value.member(key).is_some());
        for (path, item) in sink.items(value, key, path) {
            reader(number, item, &path, sink);
        }
    }
    // Errors out of band concern no message of ours; the receipt ledger keeps them.
    if value.member("errors").is_some() {
        sink.skip(&format!("{path}.errors"), "platform_errors");
    } else if lists == 0 {
        sink.skip(path, "nothing_known");
    }
}
