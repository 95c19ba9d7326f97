//! Saved replies: texts that a team writes again and again, each under a short word.
//!
//! Owns: `saved_reply`. Invariant: a shortcut is one reply's, whatever its case. Variables (`{{customer.name}}`) are kept as
//! they are written; the app fills them in where a reply is used. Absent on purpose: replies of one user alone.

mod model;
pub mod routes;
mod service;
mod store;

pub use model::SavedReply;
