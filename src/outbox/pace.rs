//! How fast a channel may send: each one's next free moment, in the memory of this node.

use crate::clock;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Sends that may come at once after a pause.
const BURST: u32 = 10;

/// Moments at which channels may send next.
#[derive(Default)]
pub struct Pace {
    next: Mutex<HashMap<Uuid, Instant>>,
}

impl Pace {
    /// Takes the channel's next place; returns when it is due. `per_second` is what the platform allows.
    pub fn take(&self, channel: Uuid, per_second: u32) -> Instant {
        self.place(channel, per_second, clock::monotonic())
    }

    fn place(&self, channel: Uuid, per_second: u32, now: Instant) -> Instant {
        let step = Duration::from_secs(1) / per_second.max(1);
        let earliest = now.checked_sub(step * BURST).unwrap_or(now);
        let mut next = self.next.lock();
        let place = next.get(&channel).copied().map_or(earliest, |next| next.max(earliest));
        next.insert(channel, place + step);
        place.max(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_a_steady_rate() {
        let pace = Pace::default();
        let now = clock::monotonic() + Duration::from_secs(60);
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let places: Vec<Duration> = (0..100).map(|_| pace.place(one, 50, now) - now).collect();
        let at_once = places.iter().filter(|place| place.is_zero()).count();
        assert_eq!(at_once, 11);
        assert_eq!(places.last(), Some(&Duration::from_millis(89 * 20)));
        assert_eq!(pace.place(other, 50, now), now, "channels don't wait for each other");
        let later = now + Duration::from_secs(10);
        assert_eq!(pace.place(one, 50, later), later, "a pause is forgotten beyond the burst");
    }
}
