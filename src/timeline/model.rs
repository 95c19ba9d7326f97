//! The shape of an activity, as REST and events give it, and of the viewer's snapshot.

use crate::customers::{Attribution, Customer, patch};
use crate::inbox::Conversation;
use crate::kanban::Card;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActivityStatus {
    Pending,
    Done,
}

impl ActivityStatus {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Done => "done",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Pending, Self::Done].into_iter().find(|status| status.as_str() == text)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Activity {
    pub id: Uuid,
    pub customer_id: Uuid,
    /// `whatsapp_lead`, `instagram_lead`, `messenger_lead`, `meta_lead_form`, `website_lead`, `reapplied`, …
    pub kind: String,
    pub status: ActivityStatus,
    #[schema(value_type = ActivityData)]
    pub data: Value,
    pub created_at: DateTime<Utc>,
    pub version: i32,
}

/// What is known of an activity, by its kind; for the API description.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ActivityData {
    /// Where the customer wrote.
    pub channel_id: Option<Uuid>,
    pub lead_id: Option<String>,
    /// The answers of a lead form, as Graph gave them.
    pub fields: Option<Vec<FormField>>,
    /// What was written into the website's form.
    pub message: Option<String>,
    /// As it was written there.
    pub phone: Option<String>,
    /// What further kinds have.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// A question of a lead form with its answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FormField {
    pub name: String,
    pub values: Vec<String>,
}

/// What a colleague changes of an activity.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActivityPatch {
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false)]
    pub status: Option<ActivityStatus>,
    /// The version that was edited: a stale one is a 409; without it the last write wins.
    #[serde(default, deserialize_with = "patch::present")]
    #[schema(nullable = false)]
    pub version: Option<i32>,
}

/// Everything around a customer at one moment; of each list the newest.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Details {
    pub customer: Customer,
    /// By their latest activity.
    pub conversations: Vec<Conversation>,
    pub cards: Vec<Card>,
    pub activities: Vec<Activity>,
    /// Every touch that brought the customer, newest first.
    pub attribution: Vec<Touch>,
    /// What the platforms told that is no message, newest first.
    pub events: Vec<PlatformEvent>,
}

/// An ad, link or form that brought the customer, with its UTM parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Touch {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    /// `source_type`, `ad_id`, `ctwa_clid`, `utm_source`, …, as told.
    #[serde(flatten)]
    #[schema(value_type = Attribution)]
    pub data: Map<String, Value>,
}

/// As `GET /channels/{id}/events` gives it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlatformEvent {
    pub id: Uuid,
    /// `referral`, `optin`, `call`, `comment`, `lead`, …
    pub kind: String,
    pub at: DateTime<Utc>,
    pub customer_id: Option<Uuid>,
    #[schema(value_type = Object)]
    pub data: Value,
}

/// A row's place in a list of activities: what a cursor holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) at: DateTime<Utc>,
    pub(super) id: Uuid,
}

/// The touch's own id and time are not for its data to replace.
pub(super) fn touch(id: Uuid, at: DateTime<Utc>, data: Value) -> Touch {
    let mut data = if let Value::Object(data) = data { data } else { Map::new() };
    data.remove("id");
    data.remove("at");
    Touch { id, at, data }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_touch_keeps_its_id() {
        let shown = touch(Uuid::nil(), DateTime::UNIX_EPOCH, json!({"id": "x", "at": 1, "ad_id": "9"}));
        let expected = json!({"id": Uuid::nil(), "at": "1970-01-01T00:00:00Z", "ad_id": "9"});
        assert_eq!(serde_json::to_value(shown).ok(), Some(expected));
    }
}
