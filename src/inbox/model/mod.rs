//! The shapes of conversations and messages, as REST and events give them, and their rules.

mod extra;
mod sending;

pub use extra::{
    Button, Location, Menu, MenuRow, MenuSection, MessageExtra, Order, OrderItem, Price, UsedTemplate,
};
pub(super) use sending::window;
pub use sending::{Sending, SendingMode};

use crate::auth::{Permission, Role, Scope};
use crate::customers::Person;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

/// What stays of a deleted message's extra keys: how it came, not what it said.
const KEPT_WHEN_DELETED: [&str; 3] = ["forwarded", "original_type", "tracking"];
/// Keys of a message's own, which nothing stored beside them may replace.
const OWN_KEYS: [&str; 25] = [
    "id",
    "client_id",
    "conversation_id",
    "direction",
    "kind",
    "text",
    "attachments",
    "reply_to",
    "reactions",
    "mentions",
    "status",
    "error",
    "external_id",
    "send_at",
    "author",
    "standby",
    "history",
    "edited_at",
    "deleted_at",
    "sent_at",
    "created_at",
    "version",
    // The place in the log belongs to the frame around an event.
    "seq",
    "prev",
    "tenant_id",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConversationStatus {
    Open,
    Pending,
    Snoozed,
    Resolved,
}

impl ConversationStatus {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Pending => "pending",
            Self::Snoozed => "snoozed",
            Self::Resolved => "resolved",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Open, Self::Pending, Self::Snoozed, Self::Resolved]
            .into_iter()
            .find(|status| status.as_str() == text)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    Low,
    Normal,
    High,
    Urgent,
}

impl Priority {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Low, Self::Normal, Self::High, Self::Urgent]
            .into_iter()
            .find(|priority| priority.as_str() == text)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    In,
    Out,
    /// A note for colleagues; never sent.
    Internal,
}

impl Direction {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
            Self::Internal => "internal",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::In, Self::Out, Self::Internal].into_iter().find(|direction| direction.as_str() == text)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Conversation {
    pub id: Uuid,
    pub status: ConversationStatus,
    pub snoozed_until: Option<DateTime<Utc>>,
    pub channel: ChannelRef,
    /// In a group: who wrote first.
    pub customer: CustomerRef,
    pub group: Option<Group>,
    pub assignee: Option<Person>,
    pub priority: Option<Priority>,
    pub labels: Vec<String>,
    /// Incoming messages after the last one that anyone of the team has read.
    pub unread_count: i32,
    pub last_message: Option<Message>,
    /// Until when the platform lets the business write freely; null where it never did, or where there is no window.
    pub window_expires_at: Option<DateTime<Utc>>,
    /// What may be sent, as of the time of this shape.
    pub sending: Sending,
    pub last_activity_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
    pub version: i32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChannelRef {
    pub id: Uuid,
    /// `whatsapp`, `messenger`, `instagram`, `lead_ads`, `website`.
    pub kind: String,
    pub account_id: String,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CustomerRef {
    pub id: Uuid,
    pub name: String,
    /// E.164.
    pub phone: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Group {
    pub external_id: String,
    pub name: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    pub id: Uuid,
    /// Whom sends it chooses it: the same one again is the same message.
    pub client_id: Option<String>,
    pub conversation_id: Uuid,
    pub direction: Direction,
    /// `text`, `image`, `button_reply`, `unsupported`, …
    pub kind: String,
    pub text: Option<String>,
    pub attachments: Vec<Attachment>,
    pub reply_to: Option<ReplyTo>,
    pub reactions: Vec<Reaction>,
    /// Of a note: the colleagues whom it names.
    pub mentions: Vec<Person>,
    /// Null for incoming; else `queued`, `sending`, `sent`, `delivered`, `read`, `played`, `failed`, `uncertain`,
    /// `held`.
    pub status: Option<String>,
    #[schema(value_type = Option<MessageError>)]
    pub error: Option<Value>,
    /// The platform's id.
    pub external_id: Option<String>,
    /// The colleague who wrote it; in a group the customer who wrote it; else null.
    pub author: Option<Person>,
    /// Ours: not to be sent before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_at: Option<DateTime<Utc>>,
    /// Came while another app owned the thread.
    #[serde(default, skip_serializing_if = "is_false")]
    pub standby: bool,
    /// From an imported history.
    #[serde(default, skip_serializing_if = "is_false")]
    pub history: bool,
    /// What only some kinds have.
    #[serde(flatten)]
    #[schema(value_type = MessageExtra)]
    pub extra: Map<String, Value>,
    pub edited_at: Option<DateTime<Utc>>,
    pub deleted_at: Option<DateTime<Utc>>,
    /// The platform's time.
    pub sent_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
    pub version: i32,
}

/// Why a message was not delivered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MessageError {
    pub code: i64,
    pub title: Option<String>,
    pub detail: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReplyTo {
    /// Null when that message is not here.
    pub message_id: Option<Uuid>,
    pub external_id: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reaction {
    pub emoji: String,
    /// `customer` or `agent`.
    pub by: String,
    /// Of ours: `sending`, `failed`; absent when the platform has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attachment {
    pub id: Uuid,
    pub kind: String,
    pub external_id: Option<String>,
    /// As the sender named it: for showing, never a path.
    pub file_name: Option<String>,
    pub mime_type: Option<String>,
    pub size: Option<i64>,
    /// Where this server gives the file out; null until it is ready.
    pub url: Option<String>,
    /// Of a share.
    pub title: Option<String>,
    /// `pending`, `ready`, `failed`.
    pub state: String,
    /// Where this server gives out a small picture of it, if there is one.
    pub thumbnail_url: Option<String>,
    /// Pixels, turned upright.
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub duration_ms: Option<i32>,
    /// Loudness of a sound over the time, 0 to 255; empty where it isn't known.
    #[serde(default)]
    pub peaks: Vec<u8>,
}

/// How many open conversations there are, as the user may see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct Counts {
    pub mine: i64,
    pub unassigned: i64,
    pub all: i64,
    /// Conversations with something unread.
    pub unread: i64,
}

/// Who counts, and what of: `only_own`, what is theirs and what nobody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Viewer {
    pub(super) user_id: Uuid,
    pub(super) only_own: bool,
}

impl Viewer {
    /// None: the role may not read the inbox.
    pub(super) fn new(user_id: Uuid, role: Role) -> Option<Self> {
        let scope = role.scope(Permission::InboxRead)?;
        Some(Self { user_id, only_own: scope != Scope::All })
    }
}

/// Whose conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Assignee {
    #[default]
    Any,
    Nobody,
    User(Uuid),
}

impl Assignee {
    pub(super) fn user(self) -> Option<Uuid> {
        if let Self::User(id) = self { Some(id) } else { None }
    }
}

/// Which conversations a list shows.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    pub(super) status: Option<ConversationStatus>,
    pub(super) assignee: Assignee,
    pub(super) channel: Option<Uuid>,
    pub(super) label: Option<String>,
    pub(super) unread: bool,
    /// LIKE pattern over the customers' search text.
    pub(super) pattern: Option<String>,
    /// Whether so many fit it that walking the list is sooner done.
    pub(super) broad: bool,
    /// Who may see only their own and what nobody has.
    pub(super) only_own_of: Option<Uuid>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ConversationSort {
    LastActivityAt,
    CreatedAt,
    UnreadCount,
}

impl ConversationSort {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::LastActivityAt => "last_activity_at",
            Self::CreatedAt => "created_at",
            Self::UnreadCount => "unread_count",
        }
    }
}

/// A row's place in a list of the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) at: DateTime<Utc>,
    pub(super) id: Uuid,
}

fn is_false(value: &bool) -> bool {
    !*value
}

/// Where the file of an attachment is fetched.
pub(super) fn file_url(attachment: Uuid, state: &str) -> Option<String> {
    (state == "ready").then(|| format!("/api/v1/attachments/{attachment}"))
}

/// The extra keys that a message shows.
pub(super) fn shown_extra(extra: Value, deleted: bool) -> Map<String, Value> {
    let Value::Object(mut extra) = extra else { return Map::new() };
    extra.retain(|key, value| {
        !value.is_null()
            && !OWN_KEYS.contains(&key.as_str())
            && (!deleted || KEPT_WHEN_DELETED.contains(&key.as_str()))
    });
    extra
}

/// The reactions that a message shows, of those stored with their actors. One that can't be read is left out.
pub(super) fn shown_reactions(stored: Value) -> Vec<Reaction> {
    let Value::Array(stored) = stored else { return Vec::new() };
    stored.into_iter().filter_map(|reaction| serde_json::from_value(reaction).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_deleted_message_keeps_only_how_it_came() {
        let extra = json!({"payload": "x", "location": {}, "new_key": 1, "forwarded": true, "product": null});
        assert_eq!(Value::Object(shown_extra(extra.clone(), true)), json!({"forwarded": true}));
        assert_eq!(shown_extra(extra, false).len(), 4);
    }

    #[test]
    fn extra_keys_never_replace_own_ones() {
        let extra = json!({"id": "other", "seq": 7, "prev": 6, "payload": "x"});
        assert_eq!(Value::Object(shown_extra(extra, false)), json!({"payload": "x"}));
    }

    #[test]
    fn reactions_show_no_actor() {
        let stored = json!([{"emoji": "🔥", "by": "customer", "actor": "9", "at": 1}, {"by": "agent"}]);
        assert_eq!(
            shown_reactions(stored),
            [Reaction { emoji: "🔥".into(), by: "customer".into(), state: None }]
        );
    }
}
