//! What a colleague may change of a conversation: pure rules.

use super::model::{ConversationStatus, Priority};
use crate::customers::{patch, text};
use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Most labels of a conversation, and the longest of them.
const MAX_LABELS: usize = 50;
const MAX_LABEL: usize = 50;

/// What a colleague changes; what is absent stays, null clears.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConversationPatch {
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false)]
    pub status: Option<ConversationStatus>,
    /// With `snoozed`: until then, or until the customer writes. A time snoozes by itself; null wakes up.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub snoozed_until: Option<Option<DateTime<Utc>>>,
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(value_type = Option<Uuid>)]
    pub assignee_id: Option<Option<Uuid>>,
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(value_type = Option<Priority>)]
    pub priority: Option<Option<Priority>>,
    /// The whole list, in its order.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false)]
    pub labels: Option<Vec<String>>,
    /// The version that was edited: a stale one is a 409; without it the last write wins.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false)]
    pub version: Option<i32>,
}

/// What of a conversation an edit can change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Editable {
    pub(super) status: ConversationStatus,
    pub(super) snoozed_until: Option<DateTime<Utc>>,
    pub(super) assignee_id: Option<Uuid>,
    pub(super) priority: Option<Priority>,
    pub(super) labels: Vec<String>,
}

impl Editable {
    /// The conversation after the edit; equal when it changes nothing.
    pub(super) fn with(&self, edit: &ConversationPatch, now: DateTime<Utc>) -> Result<Self> {
        let mut new = self.clone();
        (new.status, new.snoozed_until) = self.snoozing(edit, now)?;
        if let Some(assignee) = edit.assignee_id {
            new.assignee_id = assignee;
        }
        if let Some(priority) = edit.priority {
            new.priority = priority;
        }
        if let Some(labels) = &edit.labels {
            new.labels = clean_labels(labels)?;
        }
        Ok(new)
    }

    /// Awake, if it sleeps until that very time.
    pub(super) fn awake(&self, until: DateTime<Utc>) -> Option<Self> {
        let sleeps = self.status == ConversationStatus::Snoozed && self.snoozed_until == Some(until);
        sleeps.then(|| Self { status: ConversationStatus::Open, snoozed_until: None, ..self.clone() })
    }

    /// Only what is snoozed has a time to wake up at.
    fn snoozing(
        &self,
        edit: &ConversationPatch,
        now: DateTime<Utc>,
    ) -> Result<(ConversationStatus, Option<DateTime<Utc>>)> {
        use ConversationStatus::{Open, Snoozed};
        let refused = |detail| Err(Error::invalid("snoozed_until", "invalid", detail));
        match (edit.status, edit.snoozed_until) {
            (None, None) => Ok((self.status, self.snoozed_until)),
            (None | Some(Snoozed), Some(Some(until))) => {
                let until = patch::date("snoozed_until", until)?;
                if until <= now && self.snoozed_until != Some(until) {
                    return refused("`snoozed_until` is a time to come.");
                }
                Ok((Snoozed, Some(until)))
            }
            (Some(Snoozed), None) if self.status == Snoozed => Ok((Snoozed, self.snoozed_until)),
            (Some(Snoozed), None | Some(None)) => Ok((Snoozed, None)),
            (Some(_), Some(Some(_))) => refused("Only a snoozed conversation has `snoozed_until`."),
            (Some(status), None | Some(None)) => Ok((status, None)),
            (None, Some(None)) if self.status == Snoozed => Ok((Open, None)),
            (None, Some(None)) => Ok((self.status, None)),
        }
    }
}

/// Trimmed, each once, in their order.
fn clean_labels(labels: &[String]) -> Result<Vec<String>> {
    let mut clean: Vec<String> = Vec::with_capacity(labels.len());
    for label in labels {
        let label = text::filled("labels", label, MAX_LABEL)?;
        if !clean.contains(&label) {
            clean.push(label);
        }
        if clean.len() > MAX_LABELS {
            let detail = format!("A conversation has at most {MAX_LABELS} labels.");
            return Err(Error::invalid("labels", "too_long", detail));
        }
    }
    Ok(clean)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ConversationStatus::{Open, Resolved, Snoozed};
    use chrono::TimeDelta;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn open() -> Editable {
        Editable {
            status: Open,
            snoozed_until: None,
            assignee_id: None,
            priority: None,
            labels: vec!["a".into()],
        }
    }

    fn patch(json: &str) -> ConversationPatch {
        serde_json::from_str(json).expect("a patch")
    }

    #[test]
    fn snoozing_and_waking() {
        let soon = NOW + TimeDelta::hours(1);
        let time = r#"{"snoozed_until":"1970-01-01T01:00:00Z"}"#;
        let snoozed = open().with(&patch(time), NOW).expect("snoozed");
        assert_eq!((snoozed.status, snoozed.snoozed_until), (Snoozed, Some(soon)));
        let awake = snoozed.with(&patch(r#"{"snoozed_until":null}"#), NOW).expect("awake");
        assert_eq!((awake.status, awake.snoozed_until), (Open, None));
        let resolved = snoozed.with(&patch(r#"{"status":"resolved"}"#), NOW).expect("resolved");
        assert_eq!((resolved.status, resolved.snoozed_until), (Resolved, None));
        assert!(snoozed.with(&patch(r#"{"status":"snoozed"}"#), NOW).is_ok_and(|same| same == snoozed));
        assert!(open().with(&patch(time), soon).is_err(), "not to come");
        let both = r#"{"status":"open","snoozed_until":"1970-01-01T01:00:00Z"}"#;
        assert!(open().with(&patch(both), NOW).is_err());
        assert!(open().with(&patch(r#"{"snoozed_until":"+12345-01-01T00:00:00Z"}"#), NOW).is_err());
    }

    #[test]
    fn labels_are_a_set_in_order() {
        let new = open().with(&patch(r#"{"labels":[" b ","a","b"]}"#), NOW).expect("labels");
        assert_eq!(new.labels, ["b", "a"]);
        assert!(open().with(&patch(r#"{"labels":[""]}"#), NOW).is_err());
        let many: Vec<String> = (0..=MAX_LABELS).map(|n| n.to_string()).collect();
        assert!(clean_labels(&many).is_err());
        assert!(clean_labels(&many[1..]).is_ok());
    }

    #[test]
    fn null_only_where_it_clears() {
        for bad in
            [r#"{"status":null}"#, r#"{"labels":null}"#, r#"{"version":null}"#, r#"{"unread_count":0}"#]
        {
            assert!(serde_json::from_str::<ConversationPatch>(bad).is_err(), "{bad}");
        }
        assert!(open().with(&patch("{}"), NOW).is_ok_and(|same| same == open()));
    }
}
