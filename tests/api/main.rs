//! The integration tests: the whole server against real PostgreSQL, over HTTP.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod crm;
mod customers;
mod embedded;
mod inbox;
mod kanban;
mod realtime;
mod samples;
mod support;
mod together;
