//! Fixed windows: so many in so long, counted from the first one.
//!
//! Owns: the arithmetic and the bounded memory. Pure: time comes in as an argument. Invariant: a table holds at most
//! twice [`GENERATION`] keys; the ones that were not used for longest go first.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// Keys of one generation. A key used in the younger of two generations stays, the older one is dropped as a whole.
pub(super) const GENERATION: usize = 50_000;

/// What is counted separately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Address(IpAddr),
    /// A user's id, or a hash of a name.
    Id(u128),
}

/// At most `max` in `period`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    pub max: u32,
    pub period: Duration,
}

impl Rule {
    pub(super) const fn new(max: u32, seconds: u64) -> Self {
        Self { max, period: Duration::from_secs(seconds) }
    }
}

/// One running window.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    began: Instant,
    pub count: u32,
}

impl Window {
    pub(super) fn new(now: Instant) -> Self {
        Self { began: now, count: 0 }
    }

    /// Starts anew when the period is over.
    pub(super) fn roll(&mut self, now: Instant, rule: Rule) {
        if now.saturating_duration_since(self.began) >= rule.period {
            *self = Self::new(now);
        }
    }

    /// How long until so many more are allowed, if they are not now.
    pub(super) fn wait(&self, now: Instant, rule: Rule, more: u32) -> Option<Duration> {
        (self.count.saturating_add(more) > rule.max)
            .then(|| rule.period.saturating_sub(now.saturating_duration_since(self.began)))
    }
}

/// Entries by key in bounded memory, the least recently used ones forgotten.
#[derive(Debug)]
pub(super) struct Generations<V> {
    young: HashMap<Key, V>,
    old: HashMap<Key, V>,
    size: usize,
}

impl<V> Generations<V> {
    pub(super) fn new(size: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), size }
    }

    /// The entry of a key, made if it is not there.
    pub(super) fn entry(&mut self, key: Key, make: impl FnOnce() -> V) -> &mut V {
        if self.young.len() >= self.size && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        let old = &mut self.old;
        self.young.entry(key).or_insert_with(|| old.remove(&key).unwrap_or_else(make))
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }
}

/// Requests by key, under one or two rules at once.
#[derive(Debug)]
pub(super) struct Counters {
    rules: [Rule; 2],
    entries: Generations<[Window; 2]>,
}

impl Counters {
    pub(super) fn new(rules: [Rule; 2]) -> Self {
        Self { rules, entries: Generations::new(GENERATION) }
    }

    /// Counts so many at once, or none of them and says how long to wait.
    pub(super) fn take(&mut self, now: Instant, key: Key, count: u32) -> Result<(), Duration> {
        let windows = self.entries.entry(key, || [Window::new(now); 2]);
        let mut wait = None;
        for (window, rule) in windows.iter_mut().zip(self.rules) {
            window.roll(now, rule);
            wait = wait.max(window.wait(now, rule, count));
        }
        if let Some(wait) = wait {
            return Err(wait);
        }
        for window in windows {
            window.count += count;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: u128) -> Key {
        Key::Id(n)
    }

    #[test]
    fn at_the_limit_and_one_beyond() {
        let mut counters = Counters::new([Rule::new(100, 900), Rule::new(20, 1)]);
        let start = crate::clock::monotonic();
        for n in 0..20 {
            assert!(counters.take(start, key(1), 1).is_ok(), "{n}");
        }
        assert_eq!(counters.take(start, key(1), 1), Err(Duration::from_secs(1)), "the 21st in a second");
        assert!(counters.take(start, key(2), 1).is_ok(), "another key");
        for n in 20..100_u64 {
            assert!(counters.take(start + Duration::from_secs(n), key(1), 1).is_ok(), "{n}");
        }
        let late = start + Duration::from_secs(100);
        assert_eq!(counters.take(late, key(1), 1), Err(Duration::from_secs(800)), "the 101st");
        assert!(counters.take(start + Duration::from_secs(899), key(1), 1).is_err());
        assert!(counters.take(start + Duration::from_secs(900), key(1), 1).is_ok(), "a new window");
    }

    #[test]
    fn several_at_once_are_counted_all_or_none() {
        let mut counters = Counters::new([Rule::new(60, 60), Rule::new(60, 60)]);
        let start = crate::clock::monotonic();
        assert!(counters.take(start, key(1), 41).is_ok());
        assert_eq!(counters.take(start, key(1), 20), Err(Duration::from_secs(60)), "one beyond");
        assert!(counters.take(start, key(1), 19).is_ok(), "at the limit");
        assert!(counters.take(start, key(1), 1).is_err());
    }

    #[test]
    fn refused_ones_do_not_count() {
        let mut counters = Counters::new([Rule::new(3, 10), Rule::new(1, 1)]);
        let start = crate::clock::monotonic();
        for second in 0..3 {
            assert!(counters.take(start + Duration::from_secs(second), key(1), 1).is_ok());
            assert!(counters.take(start + Duration::from_secs(second), key(1), 1).is_err());
        }
        assert_eq!(counters.take(start + Duration::from_secs(4), key(1), 1), Err(Duration::from_secs(6)));
    }

    #[test]
    fn memory_is_bounded_and_the_busy_stay() {
        let mut entries = Generations::new(10);
        for n in 0..1_000 {
            *entries.entry(key(0), || 0) += 1;
            entries.entry(key(n + 1), || 0);
            assert!(entries.len() <= 20);
        }
        assert_eq!(*entries.entry(key(0), || 0), 1_000);
    }
}
