//! The integration tests: the whole server against real PostgreSQL, over HTTP.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod answering;
mod attachments;
mod auth;
mod bodies;
mod counting;
mod crm;
mod customers;
mod drafts;
mod embedded;
mod files;
mod frames;
mod inbox;
mod journal;
mod kanban;
mod kinds;
mod leads;
mod limits;
mod lists;
mod mentions;
mod merging;
mod models;
mod operations;
mod orders;
mod outbox;
mod pacing;
mod people;
mod poison;
mod realtime;
mod reception;
mod records;
mod roles;
mod routing;
mod samples;
mod saved_replies;
mod secrets;
mod signals;
mod sizing;
mod snooze;
mod strictness;
mod support;
mod surface;
mod template_sending;
mod templates;
mod tenancy;
mod together;
mod upkeep;
mod webapp;
mod wire;
