//! One thing that the platform tells, and the POST that carries it.
//!
//! Owns: the frame (`object`, `entry`, `changes`, `messaging`) around events. Invariant: composing loses and invents
//! nothing; the order of the events is kept. Deliberately absent: the inside of an event, which belongs to
//! `whatsapp`, `messenger` and `leads`.

use super::options::Accounts;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// A family of webhooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    Whatsapp,
    Messenger,
    Instagram,
    LeadAds,
    /// The form of a website: no platform of Meta, not signed.
    Website,
}

impl Platform {
    /// Where the server listens for it.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Whatsapp => "/api/whatsapp/webhook",
            Self::Messenger | Self::LeadAds => "/api/meta/webhook",
            Self::Instagram => "/api/instagram/webhook",
            Self::Website => "/api/public/leads",
        }
    }
}

/// What an event tells, for the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    pub kind: &'static str,
    /// The platform's id of the message, lead, comment, … that the event is or is about.
    pub external_id: String,
}

#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) platform: Platform,
    /// Events of one lane keep their order.
    pub(super) lane: u64,
    pub(super) told: Told,
    pub(super) at_ms: i64,
    pub(super) item: Item,
}

#[derive(Clone, Debug)]
pub(super) enum Item {
    /// Below `changes[]`.
    Change { field: &'static str, value: Value },
    /// `field` and `value` directly in the entry, as the Instagram Login flavour has it.
    Flat { field: &'static str, value: Value },
    /// Below `messaging[]`.
    Messaging(Value),
    /// The whole body.
    Form(Value),
}

/// One body for these events of one platform. `merged` puts them as close together as the shapes allow.
pub(super) fn compose(accounts: &Accounts, platform: Platform, events: Vec<Event>, merged: bool) -> Value {
    if let [Event { item: Item::Form(form), .. }] = events.as_slice() {
        return form.clone();
    }
    let (object, account) = match platform {
        Platform::Whatsapp => ("whatsapp_business_account", &accounts.waba_id),
        Platform::Instagram => ("instagram", &accounts.instagram_id),
        Platform::Messenger | Platform::LeadAds | Platform::Website => ("page", &accounts.page_id),
    };
    let mut entries: Vec<Value> = Vec::new();
    for event in events {
        let (key, inner) = match event.item {
            Item::Form(_) => continue,
            Item::Flat { field, value } => {
                entries
                    .push(json!({"id": account, "time": event.at_ms / 1000, "field": field, "value": value}));
                continue;
            }
            Item::Change { field, value } => ("changes", json!({"value": value, "field": field})),
            Item::Messaging(item) => ("messaging", item),
        };
        let last = entries.last_mut().and_then(|entry| entry.get_mut(key)).and_then(Value::as_array_mut);
        match last {
            Some(list) if merged => append(list, inner),
            _ => entries.push(entry(platform, account, key, event.at_ms, inner)),
        }
    }
    json!({"object": object, "entry": entries})
}

fn entry(platform: Platform, account: &str, key: &str, at_ms: i64, inner: Value) -> Value {
    let mut entry = Map::new();
    entry.insert("id".to_owned(), json!(account));
    match (platform, key) {
        // Message entries of WhatsApp have no time.
        (Platform::Whatsapp, _) => {}
        (_, "changes") => drop(entry.insert("time".to_owned(), json!(at_ms / 1000))),
        _ => drop(entry.insert("time".to_owned(), json!(at_ms))),
    }
    entry.insert(key.to_owned(), json!([inner]));
    Value::Object(entry)
}

/// Adds an item; WhatsApp messages join the messages of the change before them, and so do their contacts.
fn append(list: &mut Vec<Value>, inner: Value) {
    let joined = (|| {
        let last = list.last_mut()?;
        if last.get("field")? != "messages" || inner.get("field")? != "messages" {
            return None;
        }
        let more = inner.pointer("/value/messages")?.as_array()?;
        let contacts = inner.pointer("/value/contacts")?.as_array()?;
        last.pointer_mut("/value/messages")?.as_array_mut()?.extend(more.iter().cloned());
        let known = last.pointer_mut("/value/contacts")?.as_array_mut()?;
        for contact in contacts {
            if !known.contains(contact) {
                // At the front: nobody may match contacts and messages by place.
                known.insert(0, contact.clone());
            }
        }
        Some(())
    })();
    if joined.is_none() {
        list.push(inner);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(id: &str) -> Event {
        Event {
            platform: Platform::Whatsapp,
            lane: 0,
            told: Told { kind: "message", external_id: id.to_owned() },
            at_ms: 1_763_600_000_000,
            item: Item::Change {
                field: "messages",
                value: json!({"contacts": [{"wa_id": id}], "messages": [{"id": id}]}),
            },
        }
    }

    #[test]
    fn merging_joins_messages_and_contacts() {
        let accounts = Accounts::default();
        let events = vec![message("a"), message("b"), message("a")];
        let body = compose(&accounts, Platform::Whatsapp, events.clone(), true);
        let value = &body["entry"][0]["changes"][0]["value"];
        assert_eq!(value["messages"], json!([{"id": "a"}, {"id": "b"}, {"id": "a"}]));
        assert_eq!(value["contacts"], json!([{"wa_id": "b"}, {"wa_id": "a"}]));
        let apart = compose(&accounts, Platform::Whatsapp, events, false);
        assert_eq!(apart["entry"].as_array().unwrap().len(), 3);
    }
}
