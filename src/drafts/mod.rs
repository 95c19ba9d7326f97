//! Drafts: what a colleague has begun to write, the same on every device.
//!
//! Owns: `draft`, one for each user, conversation and kind (reply or note). Invariant: a draft is its writer's alone; nobody
//! else is told of it. Absent on purpose: sending (`outbox`); a conversation that is merged leaves its drafts behind.

pub mod events;
mod model;
pub mod routes;
mod service;
mod store;

pub use model::{Draft, DraftChange, DraftKind};
