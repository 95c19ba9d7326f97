//! Notifications: what one user is to look at, told at once in their own room and kept until it is read.
//!
//! Owns: `notification`, its list and its counts; who may be named in a note, and what that tells them.
//!
//! Invariants:
//! - A notification is written in the transaction of what it tells of, once for each user; nobody is told of what they
//!   did themselves.
//! - It holds no text: the shape is made when it is read, so a note that was deleted shows none, and what a user no
//!   longer sees is neither listed nor counted.
//! - Every change is an event in `user:<id>`, with the ids that really changed: a client that adds and takes away has the
//!   count of the server.
//!
//! Reads `message`, `conversation`, `customer` and `app_user`. Absent on purpose: who writes notes (`outbox`), mail and
//! push, and an end of life: there are at most twenty a note that names somebody.

pub mod events;
mod model;
pub mod routes;
mod service;
mod store;

pub use model::{NotedConversation, NotedMessage, Notification, NotificationKind};
pub use service::{check_mentions, mention};
