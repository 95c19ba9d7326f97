//! The only place that asks what time it is.
//!
//! Owns: wall time for rows and answers, monotonic time for limits and leases. Everything else takes time from here,
//! so that a reader knows where time comes in (`tests/architecture.rs` forbids the rest).

use chrono::{DateTime, SubsecRound, Utc};
use std::time::Instant;

/// Now, in PostgreSQL's precision (microseconds), so that a value survives a round trip unchanged.
#[expect(clippy::disallowed_methods, reason = "this is the place")]
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}

/// For durations; never goes back.
#[expect(clippy::disallowed_methods, reason = "this is the place")]
pub fn monotonic() -> Instant {
    Instant::now()
}
