//! What a browser has: records by id, from a snapshot and the events after it, and nothing else.

use super::TestApp;
use crate::samples;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Kinds of records that screens are made of.
const KINDS: [&str; 5] = ["customers", "conversations", "messages", "cards", "activities"];

/// A browser's store.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct View(BTreeMap<&'static str, BTreeMap<String, Value>>);

impl View {
    /// A fresh load.
    pub async fn load(app: &TestApp) -> Self {
        let state = samples::state(app).await;
        let mut view = Self::default();
        for kind in KINDS {
            for record in state[kind].as_array().unwrap() {
                view.put(kind, record);
            }
        }
        view
    }

    /// Applies an event as a client does.
    pub fn apply(&mut self, name: &str, data: &Value) {
        for (kind, key) in KINDS.iter().zip(["customer", "conversation", "message", "card", "activity"]) {
            if data[key].is_object() {
                self.put(kind, &data[key]);
            }
        }
        match name {
            "customer.merged" => self.customer_merged(&data["merged_id"], &data["customer"]),
            "conversation.merged" => {
                self.remove("conversations", &data["merged_id"]);
                for message in self.records("messages") {
                    if message["conversation_id"] == data["merged_id"] {
                        message["conversation_id"] = data["conversation"]["id"].clone();
                    }
                }
            }
            "card.deleted" => self.remove("cards", &data["id"]),
            _ => {}
        }
        if data["customer"].is_object() {
            self.customer_changed(&data["customer"]);
        }
    }

    /// Fails with the records that differ.
    pub fn assert_same(&self, fresh: &Self) {
        for kind in KINDS {
            let (mine, theirs) = (self.0.get(kind).cloned(), fresh.0.get(kind).cloned());
            let (mine, theirs) = (mine.unwrap_or_default(), theirs.unwrap_or_default());
            for (id, record) in &theirs {
                let Some(there) = mine.get(id) else { panic!("{kind}: {id} was never told: {record:#}") };
                assert_eq!(there, record, "{kind}: told (left) differs from loaded (right)");
            }
            let stale: Vec<_> = mine.keys().filter(|id| !theirs.contains_key(*id)).collect();
            assert!(stale.is_empty(), "{kind}: gone, but not told: {stale:?}");
        }
    }

    /// An older version never replaces a newer one.
    fn put(&mut self, kind: &'static str, record: &Value) {
        let id = record["id"].as_str().unwrap().to_owned();
        let known = self.0.entry(kind).or_default();
        if known.get(&id).is_none_or(|old| old["version"].as_i64() <= record["version"].as_i64()) {
            known.insert(id, record.clone());
        }
    }

    fn remove(&mut self, kind: &'static str, id: &Value) {
        self.0.entry(kind).or_default().remove(id.as_str().unwrap());
    }

    fn records(&mut self, kind: &'static str) -> impl Iterator<Item = &mut Value> {
        self.0.entry(kind).or_default().values_mut()
    }

    /// What is shown of the one that ended is the other's now.
    fn customer_merged(&mut self, ended: &Value, customer: &Value) {
        self.remove("customers", ended);
        for kind in ["conversations", "cards"] {
            for record in self.records(kind) {
                if &record["customer"]["id"] == ended {
                    record["customer"]["id"] = customer["id"].clone();
                }
            }
        }
        for activity in self.records("activities") {
            if &activity["customer_id"] == ended {
                activity["customer_id"] = customer["id"].clone();
            }
        }
        for message in self.records("messages") {
            if &message["author"]["id"] == ended {
                message["author"]["id"] = customer["id"].clone();
            }
        }
    }

    /// Names and numbers inside other records follow.
    fn customer_changed(&mut self, customer: &Value) {
        let (id, name, phone) = (&customer["id"], &customer["name"], &customer["phone"]);
        for conversation in self.records("conversations") {
            if &conversation["customer"]["id"] == id {
                conversation["customer"] = json!({ "id": id, "name": name, "phone": phone });
            }
            if &conversation["last_message"]["author"]["id"] == id {
                conversation["last_message"]["author"]["name"] = name.clone();
            }
        }
        for card in self.records("cards") {
            if &card["customer"]["id"] == id {
                card["customer"] = json!({ "id": id, "name": name });
            }
        }
        for message in self.records("messages") {
            if &message["author"]["id"] == id {
                message["author"]["name"] = name.clone();
            }
        }
    }
}
