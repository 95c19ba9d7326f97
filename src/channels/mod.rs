//! Channels: the business's accounts at the platforms, and the way in.
//!
//! Owns: `channel`, `channel_account` (who owns an account), `channel_event` (read side), webhook reception and its
//! journal (`webhook_delivery`), and the client of Graph.
//!
//! Invariants:
//! - A webhook is checked over its raw bytes before anything reads it; without a secret nothing is accepted.
//! - 200 means that the raw bytes are committed. When they can't be, the answer is 503 and the platform repeats.
//! - The writer of the journal never waits for one request: what arrives while it commits is the next batch.
//! - An account has one owner among the tenants.
//!
//! Absent on purpose: what a webhook does (`ingest`), and when what is sent (`outbox`).

mod graph;
mod journal;
mod masking;
mod model;
mod reception;
pub mod routes;
mod service;
mod store;

pub use graph::{
    Acted, Graph, GraphError, Media, Outcome, Outgoing, Refusal, TemplateList, Upload, Uploaded,
};
pub use journal::{Delivery, Journal};
pub use model::{Channel, ChannelEvent, ChannelKind, DeliveryRecord, DeliveryView};
pub use reception::{MAX_BODY, Reception, webhook_routes};

pub use service::{Account, connect};
pub use store::{business_account, business_accounts, drop_old_deliveries, kind, waiting, website_channel};
