//! The simulator's time.
//!
//! Owns: the only reading of the wall clock. Invariant: with `Clock::stepped` every reading is determined by the
//! number of readings before it, so that bodies repeat byte for byte. Deliberately absent: waiting; delays are
//! tokio's.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Where the platform's timestamps come from.
#[derive(Debug)]
pub struct Clock(Kind);

#[derive(Debug)]
enum Kind {
    Wall,
    Stepped { next_ms: AtomicI64, step_ms: i64 },
}

impl Clock {
    /// The time of the machine.
    pub const fn wall() -> Self {
        Self(Kind::Wall)
    }

    /// Begins at `start_ms` (since 1970) and moves on by `step_ms` with each reading.
    pub const fn stepped(start_ms: i64, step_ms: i64) -> Self {
        Self(Kind::Stepped { next_ms: AtomicI64::new(start_ms), step_ms })
    }

    /// Milliseconds since 1970.
    #[expect(
        clippy::disallowed_methods,
        reason = "the simulator shares no code with the server, nor its clock"
    )]
    pub(super) fn now_ms(&self) -> i64 {
        match &self.0 {
            Kind::Wall => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX)),
            Kind::Stepped { next_ms, step_ms } => next_ms.fetch_add(*step_ms, Ordering::SeqCst),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stepped_clock_repeats() {
        let clock = Clock::stepped(1000, 5);
        assert_eq!([clock.now_ms(), clock.now_ms(), clock.now_ms()], [1000, 1005, 1010]);
        assert!(Clock::wall().now_ms() > 1_700_000_000_000);
    }
}
