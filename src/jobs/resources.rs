//! What jobs use that may be slow or broken for all who use it: a channel's platform.
//!
//! In memory, of one node: how many jobs use a resource now, and until when it is left alone.

use crate::clock;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Jobs of one node by what they use.
pub struct Resources {
    /// Jobs of one resource at a time.
    most: usize,
    used: Mutex<HashMap<Uuid, Use>>,
}

#[derive(Default)]
struct Use {
    running: usize,
    rests_until: Option<Instant>,
}

impl Use {
    fn rests(&self, now: Instant) -> bool {
        self.rests_until.is_some_and(|until| until > now)
    }
}

impl Resources {
    pub fn new(most: usize) -> Self {
        Self { most, used: Mutex::new(HashMap::new()) }
    }

    /// Leaves a resource alone for a while, or for longer if it rests already: its jobs wait.
    pub fn rest(&self, resource: Uuid, time: Duration) {
        let mut used = self.used.lock();
        let it = used.entry(resource).or_default();
        it.rests_until = it.rests_until.max(Some(clock::monotonic() + time));
    }

    /// Those that can take no job now.
    pub(super) fn busy(&self) -> Vec<Uuid> {
        let now = clock::monotonic();
        let mut used = self.used.lock();
        used.retain(|_, it| it.running > 0 || it.rests(now));
        used.iter().filter(|(_, it)| it.running >= self.most || it.rests(now)).map(|(id, _)| *id).collect()
    }

    pub(super) fn begin(&self, resource: Uuid) {
        self.used.lock().entry(resource).or_default().running += 1;
    }

    pub(super) fn end(&self, resource: Uuid) {
        if let Some(it) = self.used.lock().get_mut(&resource) {
            it.running = it.running.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_busy_when_full_or_resting() {
        let resources = Resources::new(2);
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        resources.begin(one);
        resources.begin(other);
        assert!(resources.busy().is_empty());
        resources.begin(one);
        assert_eq!(resources.busy(), [one]);
        resources.end(one);
        assert!(resources.busy().is_empty());
        resources.rest(other, Duration::from_secs(60));
        assert_eq!(resources.busy(), [other]);
        resources.rest(other, Duration::ZERO);
        assert_eq!(resources.busy(), [other], "a shorter rest ends no longer one");
        resources.rest(one, Duration::ZERO);
        assert_eq!(resources.busy(), [other]);
    }
}
