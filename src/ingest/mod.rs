//! Ingest: a batch of inbound facts becomes every effect that it has, in one transaction.
//!
//! Owns: routing deliveries to tenants, the rules of what a fact does (`world`), reading and writing a batch with a
//! fixed number of statements, and the queue from the journal.
//!
//! Invariants:
//! - Exactly once: a delivery's effects and its mark `done` are one transaction; what comes again under the same
//!   natural key (message id, event key, lead id) changes nothing.
//! - One batch of a tenant at a time (advisory lock), so that two nodes never make the same customer twice.
//! - Load, decide in memory, write: no rule is in SQL, no I/O is in a rule.
//! - A batch that fails is halved until the poisoned delivery stands alone and is set aside; the rest flows.
//!
//! This is the one place that writes the tables of several features (ADR 0003). Absent on purpose: HTTP, and anything
//! that waits for a network: those are jobs.

mod batch;
mod emit;
pub mod jobs;
mod leads;
mod load;
mod needs;
mod opening;
mod pump;
mod route;
pub mod routes;
mod rows;
mod world;
mod write;

pub use batch::accept;
pub use opening::{Recipient, open_thread};
pub use pump::Pump;
pub use world::{Accepted, tracking};
