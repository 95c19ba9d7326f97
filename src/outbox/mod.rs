//! The outbox: what colleagues write, on its way to the platforms.
//!
//! Owns: the columns of `message` that tell of its sending, `channel.stopped`, one job ([lane]) for each conversation
//! with something to send, and what the answers of the platforms mean.
//!
//! Invariants:
//! - A message is a row and a job in one transaction; the same `client_id` is the same message.
//! - Nothing is given to a platform twice unless a person says so. A message is marked `sending` and committed before
//!   the call; found so by the next lane, or left without an answer, it is `uncertain`, and stays it until an echo, a
//!   status or a person resolves it.
//! - In a conversation messages go out one by one, in order.
//! - What a platform accepted is told to `ingest`, which knows what it has heard of it already: an echo or a status may
//!   come before the answer.
//! - A file is handed to the platform before its message is given away; that may be repeated without harm.
//! - A channel whose token is refused is stopped once; its messages are held, and go on when the token is another.
//!
//! This and `ingest` are the two places that write messages. Not built: forms (Flows), products and
//! calls. Absent on purpose: rates over all nodes; each keeps its own, in memory.
//!
//! [lane]: lane

mod call;
mod content;
mod lane;
mod media;
mod model;
mod pace;
mod reaction;
mod refusals;
pub mod routes;
mod service;
mod signals;
mod store;
mod upload;

pub use lane::{Context, Outbox, PARALLEL, PER_CHANNEL, Parts};
