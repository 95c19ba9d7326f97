//! What a client shows: records from lists and events, the newest version of each.

use serde_json::Value;
use std::collections::BTreeMap;

/// What is on the screen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct View {
    pub conversations: BTreeMap<String, Value>,
    pub messages: BTreeMap<String, Value>,
}

impl View {
    /// `message.*`, `conversation.*` and `customer.*` hold full shapes; an older one never replaces a newer one.
    pub fn apply(&mut self, data: &Value) {
        if data["conversation"].is_object() {
            put(&mut self.conversations, &data["conversation"]);
        }
        if data["message"].is_object() {
            put(&mut self.messages, &data["message"]);
        }
        let customer = &data["customer"];
        if customer.is_object() {
            for conversation in self.conversations.values_mut() {
                if conversation["customer"]["id"] == customer["id"] {
                    conversation["customer"]["name"] = customer["name"].clone();
                    conversation["customer"]["phone"] = customer["phone"].clone();
                }
            }
        }
    }
}

pub fn put(records: &mut BTreeMap<String, Value>, record: &Value) {
    let id = record["id"].as_str().unwrap_or_default().to_owned();
    let version = |record: &Value| record["version"].as_i64().unwrap_or(-1);
    if records.get(&id).is_none_or(|known| version(known) <= version(record)) {
        records.insert(id, record.clone());
    }
}

/// The first record in which two views differ.
pub fn difference(shown: &View, fresh: &View) -> Option<String> {
    for (what, shown, fresh) in [
        ("conversation", &shown.conversations, &fresh.conversations),
        ("message", &shown.messages, &fresh.messages),
    ] {
        for (id, record) in fresh {
            match shown.get(id) {
                None => return Some(format!("{what} {id} was never told: {record}")),
                Some(told) if told != record => return Some(format!("{what}: shown {told}, fresh {record}")),
                Some(_) => {}
            }
        }
        if let Some(id) = shown.keys().find(|id| !fresh.contains_key(*id)) {
            return Some(format!("{what} {id} is shown, but is not there"));
        }
    }
    None
}
