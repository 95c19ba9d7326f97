//! Live updates, end to end: real sockets against a real server on PostgreSQL, two nodes over Redis.
//!
//! The scenarios with Redis start their own `redis-server`, found in the path. All set-up is in [`setup`].

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a scenario that is not as expected fails"
)]

mod closing;
mod nodes;
mod resume;
mod rooms;
pub(crate) mod setup;
mod upgrade;
