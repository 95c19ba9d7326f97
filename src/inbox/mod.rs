//! The inbox: conversations and their messages.
//!
//! Owns: `conversation`, `message` and `attachment`, their shapes, lists and edits, read positions, the counts (also
//! live), and the end of a snooze.
//!
//! Invariants:
//! - REST and events give a conversation and a message in one shape ([`Conversation`], [`Message`]).
//! - Messages stand by the platform's time, then by arrival (their id).
//! - The read position only moves forward; `unread_count` is the number of incoming messages after it.
//! - A snoozed conversation with a time has a job for that time, enqueued with the edit that set it.
//! - A deleted message shows nothing of what it said, and the platform's own address of a file never leaves.
//!
//! Reads `channel`, `customer` and `app_user` for names in its shapes. Absent on purpose: what arrives (`ingest`) and
//! sending (`outbox`).

mod counting;
mod cursor;
mod edit;
pub mod events;
pub mod jobs;
mod model;
pub mod routes;
mod service;
mod store;

pub use counting::keep_counts;
pub use edit::ConversationPatch;
pub use model::{
    Attachment, Button, ChannelRef, Conversation, ConversationStatus, Counts, CustomerRef, Direction, Group,
    Location, Menu, MenuRow, MenuSection, Message, MessageError, MessageExtra, Order, OrderItem, Price,
    Priority, Reaction, ReplyTo, Sending, SendingMode, UsedTemplate,
};
pub use service::{counts, has_message, lock_visible, tell, visible};
pub use store::{load_both, load_conversations, load_messages, lock_conversation_of};
