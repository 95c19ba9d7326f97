//! The event log: everything a screen shows is a row or an event of one ordered log per tenant.
//!
//! Owns: appending events in the transaction that made the change, handing committed ones to the relay, reading from a
//! place on, retention.
//!
//! Invariants:
//! - `seq` of a tenant is gapless and in commit order: the counter row is bumped by the last statement of the
//!   transaction, and its lock is held until the commit.
//! - There is no other way to make an event than [`Write::emit`], and no way to commit without appending.
//! - Only committed events reach the relay; a crash in between is healed by readers, who see the hole in `seq`.
//!
//! Absent on purpose: rooms' meaning and permissions (`realtime`), payload shapes (each feature's `events.rs`).

mod append;
mod read;
mod retention;

pub use append::{Committed, Event, Log, Write};
pub use read::{counters, epoch, oldest, since};
pub use retention::maintain;
