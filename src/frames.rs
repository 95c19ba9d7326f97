//! The frames of the socket as schemas of the OpenAPI document, so that clients take their types from one place.
//!
//! Owns: the description. What is read and written is in `realtime`, and in the `events` of each feature; a test reads
//! the frames of a real session by these types. Absent on purpose: routes, and rules of what may come when
//! (`docs/REALTIME.md`).

use crate::customers::Customer;
use crate::drafts::DraftChange;
use crate::inbox::{Conversation, Counts, Message};
use crate::kanban::Card;
use crate::notifications::Notification;
use crate::timeline::Activity;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a client says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientFrame {
    /// First, within ten seconds.
    Hello { rooms: Option<Vec<String>>, resume_from: Option<i64>, epoch: Option<i64> },
    Join {
        room: String,
        #[serde(rename = "ref")]
        reference: Option<Reference>,
    },
    Leave {
        room: String,
        #[serde(rename = "ref")]
        reference: Option<Reference>,
    },
    Signal {
        room: String,
        name: SignalName,
        #[schema(required = false)]
        data: Value,
        #[serde(rename = "ref")]
        reference: Option<Reference>,
    },
}

/// What the server says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "a description; never held in numbers")]
pub enum ServerFrame {
    Welcome(Welcome),
    /// Events of that room above `seq` follow.
    Joined {
        room: String,
        #[serde(rename = "ref")]
        reference: Option<Reference>,
        seq: i64,
        presence: Vec<Present>,
    },
    Left {
        room: String,
        #[serde(rename = "ref")]
        reference: Option<Reference>,
    },
    /// A change.
    Event(EventFrame),
    /// Nothing for this socket up to here.
    Beat {
        seq: i64,
        prev: i64,
    },
    /// From somebody else in the room; not stored.
    Signal {
        room: String,
        name: SignalName,
        from: Present,
        data: Value,
    },
    /// Who came into a room or left it; not stored.
    Presence {
        room: String,
        joined: Vec<Present>,
        left: Vec<Present>,
    },
    /// A frame was refused; the socket stays.
    Error {
        #[serde(rename = "ref")]
        reference: Option<Reference>,
        code: ErrorCode,
        detail: String,
    },
}

/// The answer to `hello`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Welcome {
    pub tenant_id: Uuid,
    pub user_id: Uuid,
    pub connection_id: Uuid,
    /// The life of the database; kept with the cursor.
    pub epoch: i64,
    /// Of the server and its app, as in the page's `<meta name="build">`.
    pub build: String,
    pub seq: i64,
    /// False: fetch anew.
    pub resumed: bool,
    pub rooms: Vec<String>,
    pub denied: Vec<String>,
    /// People by room.
    pub presence: BTreeMap<String, Vec<Present>>,
    /// Seconds without a frame after which to reconnect.
    pub heartbeat_s: u64,
}

/// A change with its place in the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EventFrame {
    pub seq: i64,
    /// The `seq` of the `event` or `beat` before.
    pub prev: i64,
    pub at: DateTime<Utc>,
    /// Those of the event that this socket is in.
    pub rooms: Vec<String>,
    #[serde(flatten)]
    pub event: Event,
}

/// What changed, with whole records as they were after it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "name", content = "data")]
pub enum Event {
    #[serde(rename = "customer.created")]
    CustomerCreated(CustomerChanged),
    #[serde(rename = "customer.updated")]
    CustomerUpdated(CustomerChanged),
    #[serde(rename = "customer.merged")]
    CustomerMerged(CustomerMerged),
    #[serde(rename = "conversation.created")]
    ConversationCreated(ConversationChanged),
    #[serde(rename = "conversation.updated")]
    ConversationUpdated(ConversationChanged),
    #[serde(rename = "conversation.merged")]
    ConversationMerged(ConversationMerged),
    #[serde(rename = "message.created")]
    MessageCreated(MessageChanged),
    #[serde(rename = "message.updated")]
    MessageUpdated(MessageChanged),
    #[serde(rename = "card.created")]
    CardCreated(CardChanged),
    #[serde(rename = "card.updated")]
    CardUpdated(CardChanged),
    #[serde(rename = "card.moved")]
    CardMoved(CardChanged),
    #[serde(rename = "card.deleted")]
    CardDeleted(CardDeleted),
    #[serde(rename = "activity.created")]
    ActivityCreated(ActivityChanged),
    #[serde(rename = "activity.updated")]
    ActivityUpdated(ActivityChanged),
    #[serde(rename = "draft.updated")]
    DraftUpdated(DraftChanged),
    #[serde(rename = "notification.created")]
    NotificationCreated(NotificationCreated),
    #[serde(rename = "notification.read")]
    NotificationRead(NotificationsRead),
    #[serde(rename = "inbox.counted")]
    InboxCounted(Counts),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CustomerChanged {
    pub customer: Customer,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CustomerMerged {
    /// The one that is left.
    pub customer: Customer,
    pub merged_id: Uuid,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConversationChanged {
    pub conversation: Conversation,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConversationMerged {
    /// The one that is left.
    pub conversation: Conversation,
    pub merged_id: Uuid,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MessageChanged {
    pub message: Message,
    pub conversation: Conversation,
    pub customer: Customer,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CardChanged {
    pub card: Card,
    /// Where a moved card was; null for the others.
    pub from_column_id: Option<Uuid>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CardDeleted {
    pub id: Uuid,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ActivityChanged {
    pub activity: Activity,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DraftChanged {
    pub draft: DraftChange,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NotificationCreated {
    pub notification: Notification,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NotificationsRead {
    /// Those that were unread until now.
    pub ids: Vec<Uuid>,
    pub read_at: DateTime<Utc>,
}

/// Somebody in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Present {
    pub user_id: Uuid,
    pub name: String,
}

/// The client's own mark on a frame, which comes back with the answer: a number, or a text of at most 64 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Reference {
    Number(i64),
    Text(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum SignalName {
    #[serde(rename = "typing.started")]
    TypingStarted,
    #[serde(rename = "typing.stopped")]
    TypingStopped,
    #[serde(rename = "viewing")]
    Viewing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    Forbidden,
    BadFrame,
    TooManyRooms,
}
