//! Failed sign-ins: counted when they fail, reserved while they run.
//!
//! Owns: the two windows of a sign-in (address, e-mail). Invariant: never more attempts run or have failed than may
//! fail, so that a parallel burst gets no more guesses than a serial one, and successes cost nothing.

use super::window::{GENERATION, Generations, Key, Rule, Window};
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Attempts of one key.
#[derive(Debug)]
struct Entry {
    window: Window,
    running: u32,
}

/// Whether an attempt may start.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Start {
    Go,
    /// Others are running whose failure would use the limit up: ask again in a moment.
    Busy,
    Refused(Duration),
}

/// Attempts by one kind of key.
#[derive(Debug)]
pub(super) struct Attempts {
    rule: Rule,
    entries: Generations<Entry>,
}

impl Attempts {
    pub(super) fn new(rule: Rule) -> Self {
        Self { rule, entries: Generations::new(GENERATION) }
    }

    fn entry(&mut self, now: Instant, key: Key) -> &mut Entry {
        let rule = self.rule;
        let entry = self.entries.entry(key, || Entry { window: Window::new(now), running: 0 });
        entry.window.roll(now, rule);
        entry
    }

    pub(super) fn start(&mut self, now: Instant, key: Key) -> Start {
        let rule = self.rule;
        let entry = self.entry(now, key);
        if let Some(wait) = entry.window.wait(now, rule, 1) {
            return Start::Refused(wait);
        }
        if entry.window.count + entry.running >= rule.max {
            return Start::Busy;
        }
        entry.running += 1;
        Start::Go
    }

    pub(super) fn end(&mut self, now: Instant, key: Key, failed: bool) {
        let entry = self.entry(now, key);
        entry.running = entry.running.saturating_sub(1);
        entry.window.count += u32::from(failed);
    }
}

/// A running sign-in. Dropped, it counts as not failed; call [`Attempt::failed`] when it did.
#[derive(Debug)]
pub struct Attempt {
    pub(super) held: Vec<(Arc<Mutex<Attempts>>, Key)>,
}

impl Attempt {
    pub fn failed(mut self) {
        self.end(true);
    }

    fn end(&mut self, failed: bool) {
        for (attempts, key) in self.held.drain(..) {
            attempts.lock().end(crate::clock::monotonic(), key, failed);
        }
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        self.end(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parallel_burst_gets_no_more_guesses() {
        let mut attempts = Attempts::new(Rule::new(2, 60));
        let (now, key) = (crate::clock::monotonic(), Key::Id(1));
        assert_eq!(attempts.start(now, key), Start::Go);
        assert_eq!(attempts.start(now, key), Start::Go);
        assert_eq!(attempts.start(now, key), Start::Busy);
        attempts.end(now, key, false);
        assert_eq!(attempts.start(now, key), Start::Go, "a success gives its place back");
        attempts.end(now, key, true);
        attempts.end(now, key, true);
        assert_eq!(attempts.start(now, key), Start::Refused(Duration::from_secs(60)));
        assert_eq!(attempts.start(now + Duration::from_secs(60), key), Start::Go);
    }
}
