//! Sessions that ended, told within the process.
//!
//! Owns: the in-process broadcast; a socket that hears its session closes at once. Absent on purpose: other nodes; their
//! sockets learn it from `store::invalid_sessions`, which they poll.

use tokio::sync::broadcast;
use uuid::Uuid;

/// Sessions that can be told before a slow listener misses one; it then polls.
const BACKLOG: usize = 1024;

/// Tells which sessions ended.
#[derive(Debug, Clone)]
pub struct Revocations(broadcast::Sender<Uuid>);

impl Default for Revocations {
    fn default() -> Self {
        Self(broadcast::Sender::new(BACKLOG))
    }
}

impl Revocations {
    /// Session ids from now on. On `Lagged`, poll `store::invalid_sessions`.
    pub fn subscribe(&self) -> broadcast::Receiver<Uuid> {
        self.0.subscribe()
    }

    pub(super) fn announce(&self, sessions: &[Uuid]) {
        for session in sessions {
            // Nobody listens while no socket is open.
            let _ = self.0.send(*session);
        }
    }
}
