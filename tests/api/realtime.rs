//! Live updates, end to end: real sockets against a real server on PostgreSQL, two nodes over Redis.
//!
//! Needs PostgreSQL at `TEST_PG` (default: the socket folder `/dev/shm/devpg`), and `redis-server` in the path for the
//! scenarios with Redis. All set-up is in [`setup`].

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
