//! Where readers put what they found.
//!
//! Owns: collecting facts and skipped items in the body's order. Invariant: whatever an item is, it ends as facts or
//! as one skipped entry. Absent: any decision.

use crate::fact::{Account, Fact, What};
use crate::{Parsed, Skipped};
use chrono::{DateTime, Utc};
use serde_json::Value;

#[derive(Default)]
pub(crate) struct Sink {
    parsed: Parsed,
}

impl Sink {
    pub(crate) fn fact(&mut self, account: &Account, at: Option<DateTime<Utc>>, what: What) {
        self.parsed.facts.push(Fact { account: account.clone(), at, what });
    }

    pub(crate) fn skip(&mut self, path: &str, reason: &'static str) {
        self.parsed.skipped.push(Skipped { path: path.to_owned(), reason });
    }

    /// The members of a list with their paths; notes a wrong type and goes on.
    pub(crate) fn items<'v>(&mut self, value: &'v Value, key: &str, path: &str) -> Vec<(String, &'v Value)> {
        let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        match value.get(key) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => {
                items.iter().enumerate().map(|(i, item)| (format!("{path}[{i}]"), item)).collect()
            }
            Some(_) => {
                self.skip(&path, "wrong_type");
                Vec::new()
            }
        }
    }

    pub(crate) fn finish(self) -> Parsed {
        self.parsed
    }
}
