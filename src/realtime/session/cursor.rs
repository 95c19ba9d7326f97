//! A socket's place in its tenant's log, and the chain of `seq` and `prev` that proves to the client that nothing is
//! missing. Pure.
//!
//! Invariants: the cursor only goes up, one event at a time; every `seq` that is told is a place in the log above the
//! one told before, and comes with that one as `prev`.

use crate::realtime::encoded::Encoded;
use crate::realtime::room::Room;
use crate::realtime::stream::{Stream, Taken};
use bytestring::ByteString;
use std::sync::Arc;

#[derive(Debug, Clone)]
pub(in crate::realtime) struct Cursor {
    /// Every event up to here was matched against the rooms.
    at: i64,
    /// The `seq` of the last frame of the chain; the `prev` of the next one.
    sent: i64,
    /// Up to here events come from the log: a resume shows what was deleted meanwhile without its text.
    replay_to: i64,
}

/// Two ends of a link of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::realtime) struct Link {
    pub(in crate::realtime) seq: i64,
    pub(in crate::realtime) prev: i64,
}

impl Cursor {
    /// Starts above `from`, in a log that stands at `seq`.
    pub(in crate::realtime) fn new(from: i64, seq: i64) -> Self {
        Self { at: from, sent: from, replay_to: seq }
    }

    /// Where a client goes on that was at `from`; none: it has to fetch anew. `oldest` is the first entry that is kept, one
    /// above `seq` when none is.
    pub(in crate::realtime) fn resume_place(
        from: i64,
        epoch: Option<i64>,
        current: i64,
        oldest: i64,
        seq: i64,
    ) -> Option<i64> {
        let kept = (oldest - 1..=seq).contains(&from);
        (kept && epoch.is_none_or(|epoch| epoch == current)).then_some(from)
    }

    pub(in crate::realtime) fn at(&self) -> i64 {
        self.at
    }

    /// Up to where this is a replay: where the log stood when the socket was welcomed.
    pub(in crate::realtime) fn replay_to(&self) -> i64 {
        self.replay_to
    }

    /// Entries that were passed since the client was last told a place.
    pub(in crate::realtime) fn silence(&self) -> i64 {
        self.at - self.sent
    }

    /// The next events from the tail; [`Taken::Fallen`] when they are to be read from the log.
    pub(in crate::realtime) fn take(&self, stream: &Stream, limit: usize) -> Taken {
        if self.at < self.replay_to { Taken::Fallen } else { stream.after(self.at, limit) }
    }

    /// The place up to which the log has lost something, if a page of it, read from the cursor on, shows that.
    pub(in crate::realtime) fn lost_in(&self, page: &[Arc<Encoded>]) -> Option<i64> {
        let hole = page.iter().zip(self.at + 1..).find(|(event, next)| event.seq != *next);
        hole.map(|(event, _)| event.seq - 1).or(page.is_empty().then_some(self.replay_to))
    }

    /// Passes an event; its frame if the socket is in one of its rooms.
    pub(in crate::realtime) fn pass(
        &mut self,
        event: &Encoded,
        is_in: impl Fn(&Room) -> bool,
    ) -> Option<ByteString> {
        let frame = event.frame(self.sent, is_in);
        self.at = event.seq;
        if frame.is_some() {
            self.sent = event.seq;
        }
        frame
    }

    /// A place for something that is not in the log: that of an entry which was passed in silence.
    pub(in crate::realtime) fn place(&mut self) -> Option<Link> {
        (self.at > self.sent).then(|| self.beat())
    }

    /// Tells the cursor.
    pub(in crate::realtime) fn beat(&mut self) -> Link {
        let prev = std::mem::replace(&mut self.sent, self.at);
        Link { seq: self.at, prev }
    }
}

#[cfg(test)]
mod tests {
    use super::Cursor;

    #[test]
    fn resuming_needs_the_same_life_and_a_kept_place() {
        let from = |from| Cursor::resume_place(from, Some(7), 7, 10, 20);
        assert_eq!(from(20), Some(20), "nothing missed");
        assert_eq!(from(21), None, "ahead");
        assert_eq!(from(9), Some(9), "the oldest is the next");
        assert_eq!(from(8), None, "too old");
        assert_eq!(Cursor::resume_place(15, None, 7, 10, 20), Some(15), "no epoch: the current one");
        assert_eq!(Cursor::resume_place(15, Some(6), 7, 10, 20), None, "another life");
        assert_eq!(Cursor::resume_place(0, None, 7, 1, 0), Some(0), "an empty log");
        assert_eq!(Cursor::resume_place(5, None, 7, 21, 20), None, "nothing kept");
    }
}
