//! Templates: messages that WhatsApp has approved, to write with when its window is closed.
//!
//! Owns: `message_template`, the copy of Meta's list for each WhatsApp business account, the job that fetches it, and how
//! a template is filled in.
//!
//! Invariants:
//! - Templates belong to the business account; all of its numbers show the same ones.
//! - Of two news the later wins, whichever comes first: a webhook counts from its event's time, a list from the moment
//!   at which it was asked for. At the same time the greater word wins.
//! - A list that can't be read to its end changes nothing as deleted; one that can't be read at all changes nothing.
//! - What a webhook tells is there at once; and the list is asked for after it, as only it has texts.
//! - What is filled in says one thing to Meta and to our thread: both come from the same values ([`fill()`]).
//!
//! Where several tenants share a business account, its webhooks reach the first of them only; the others have the news
//! with the next list. Absent on purpose: making and editing templates (Meta's own manager does that), carousels, offers
//! with an end, flows and products (`sendable` tells), and the sending (`outbox`).

mod fill;
pub mod jobs;
mod model;
mod parameters;
pub mod routes;
mod service;
mod store;

pub use fill::{Filled, fill, with_file};
pub use model::{News, Template};
pub use parameters::{Parameter, ParameterKind};
pub use service::{ask, hear, of_channel};
