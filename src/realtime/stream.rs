//! The newest part of a tenant's log, in memory, in order: what every live socket of the node reads from.
//!
//! Owns: putting publications, which come in any order and more than once, into `seq` order; noticing holes; a bounded
//! tail. Invariant: the tail is gapless and ends at the head; whoever reads "everything above my cursor" gets each
//! event once, in order, or is told to read the log. Absent on purpose: reading the log (`relay` fills holes), rooms.

use super::encoded::Encoded;
use super::sync::Mutex;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use tokio::sync::{Notify, watch};

/// Events kept in memory per tenant.
pub const MAX_EVENTS: usize = 1_024;
/// Bytes kept in memory per tenant.
pub const MAX_BYTES: usize = 4 * 1_024 * 1_024;
/// Events held that came before their turn; what is beyond is read from the log.
const MAX_EARLY: usize = 1_024;

/// What a tail may hold.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    pub events: usize,
    pub bytes: usize,
    pub early: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { events: MAX_EVENTS, bytes: MAX_BYTES, early: MAX_EARLY }
    }
}

/// What a reader gets.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken {
    /// The next events above the cursor, perhaps none.
    Events(Vec<Arc<Encoded>>),
    /// The cursor is below the tail: read the log.
    Fallen,
}

/// The ordered tail. Pure.
#[derive(Debug, Default)]
pub struct Tail {
    bounds: Bounds,
    ring: VecDeque<Arc<Encoded>>,
    bytes: usize,
    /// The `seq` that comes next; none until [`Tail::begin`].
    next: Option<i64>,
    early: BTreeMap<i64, Arc<Encoded>>,
    /// The highest place that anyone told of.
    told: i64,
}

impl Tail {
    /// The log stands at `seq`; what comes after it is kept. What came early is put in order.
    pub fn begin(&mut self, seq: i64) {
        if self.next.is_none() {
            self.jump(seq + 1);
        }
    }

    /// Takes a publication: the next one, an early one, or one that was known.
    pub fn offer(&mut self, event: Arc<Encoded>) {
        match self.next {
            Some(next) if event.seq < next => {}
            Some(next) if event.seq == next => {
                self.push(event);
                self.settle();
            }
            _ => {
                self.early.insert(event.seq, event);
                if self.early.len() > self.bounds.early
                    && let Some((seq, _)) = self.early.pop_last()
                {
                    self.tell(seq);
                }
            }
        }
    }

    /// Someone says that the log stands at `seq`.
    pub fn tell(&mut self, seq: i64) {
        self.told = self.told.max(seq);
    }

    /// The place after which the log has more than this tail, if that is so.
    pub fn behind(&self) -> Option<i64> {
        let next = self.next?;
        (self.told >= next || !self.early.is_empty()).then_some(next - 1)
    }

    /// Takes what the log has after `cursor`, which was the head when the log was asked. Returns the place up to which
    /// the log has lost something, if it has.
    pub fn fill(&mut self, cursor: i64, page: Vec<Arc<Encoded>>) -> Option<i64> {
        // Where the head has moved on meanwhile, the page tells nothing about what is missing now.
        let stands = self.head() == cursor;
        let mut lost = None;
        match page.first() {
            // The log has nothing after the head: whoever told otherwise was wrong.
            None if stands => {
                self.told = 0;
                self.early.clear();
            }
            // Older ones are no longer kept.
            Some(first) if stands && first.seq > cursor + 1 => {
                lost = Some(first.seq - 1);
                self.jump(first.seq);
            }
            _ => {}
        }
        page.into_iter().for_each(|event| self.offer(event));
        lost
    }

    /// Goes on at `next`, dropping the tail.
    fn jump(&mut self, next: i64) {
        self.ring.clear();
        self.bytes = 0;
        self.next = Some(next);
        self.settle();
    }

    /// The highest `seq` of the gapless part.
    pub fn head(&self) -> i64 {
        self.next.map_or(-1, |next| next - 1)
    }

    /// Up to `limit` events above `cursor`.
    pub fn after(&self, cursor: i64, limit: usize) -> Taken {
        let head = self.head();
        if cursor >= head {
            return Taken::Events(Vec::new());
        }
        let kept = i64::try_from(self.ring.len()).unwrap_or(i64::MAX);
        let Ok(skip) = usize::try_from(cursor - (head - kept)) else { return Taken::Fallen };
        Taken::Events(self.ring.iter().skip(skip).take(limit).cloned().collect())
    }

    fn settle(&mut self) {
        while let Some(next) = self.next
            && let Some(entry) = self.early.first_entry()
            && *entry.key() <= next
        {
            let event = entry.remove();
            if event.seq == next {
                self.push(event);
            }
        }
    }

    fn push(&mut self, event: Arc<Encoded>) {
        self.next = Some(event.seq + 1);
        self.bytes += event.weight();
        self.ring.push_back(event);
        while self.ring.len() > self.bounds.events || self.bytes > self.bounds.bytes {
            let Some(oldest) = self.ring.pop_front() else { break };
            self.bytes -= oldest.weight();
        }
    }
}

/// A tail that many sockets read and wait on.
#[derive(Debug)]
pub struct Stream {
    tail: Mutex<Tail>,
    head: watch::Sender<i64>,
    /// Rung when there may be a hole.
    hole: Notify,
}

impl Stream {
    pub fn new(bounds: Bounds) -> Self {
        let tail = Tail { bounds, ..Tail::default() };
        Self { tail: Mutex::new(tail), head: watch::Sender::new(-1), hole: Notify::new() }
    }

    /// Changes the tail, then wakes who waits: readers when the head moved, the filler when there is a hole.
    fn change<T>(&self, change: impl FnOnce(&mut Tail) -> T) -> T {
        let mut tail = self.tail.lock();
        let result = change(&mut tail);
        let (head, behind) = (tail.head(), tail.behind());
        // Under the lock, so that the head that is told never goes back.
        self.head.send_if_modified(|told| std::mem::replace(told, head) != head);
        drop(tail);
        if behind.is_some() {
            self.hole.notify_one();
        }
        result
    }

    pub fn begin(&self, seq: i64) {
        self.change(|tail| tail.begin(seq));
    }

    pub fn offer(&self, events: impl IntoIterator<Item = Arc<Encoded>>) {
        self.change(|tail| events.into_iter().for_each(|event| tail.offer(event)));
    }

    pub fn tell(&self, seq: i64) {
        self.change(|tail| tail.tell(seq));
    }

    /// See [`Tail::fill`].
    pub fn fill(&self, cursor: i64, page: Vec<Arc<Encoded>>) -> Option<i64> {
        self.change(|tail| tail.fill(cursor, page))
    }

    pub fn behind(&self) -> Option<i64> {
        self.tail.lock().behind()
    }

    pub fn after(&self, cursor: i64, limit: usize) -> Taken {
        self.tail.lock().after(cursor, limit)
    }

    /// The head, to be waited on.
    pub fn head(&self) -> watch::Receiver<i64> {
        self.head.subscribe()
    }

    /// Waits until there may be a hole.
    pub async fn hole(&self) {
        self.hole.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use proptest::prelude::*;

    fn event(seq: i64) -> Arc<Encoded> {
        sized(seq, 1)
    }

    fn sized(seq: i64, size: usize) -> Arc<Encoded> {
        let data = format!("\"{}\"", "x".repeat(size));
        Arc::new(Encoded::of(seq, DateTime::UNIX_EPOCH, "n", &["inbox".to_owned()], &data))
    }

    /// What one reader makes of the tail; `log` answers when it has fallen out.
    fn read(tail: &Tail, cursor: &mut i64, limit: usize, seen: &mut Vec<i64>) {
        loop {
            match tail.after(*cursor, limit) {
                Taken::Events(events) if events.is_empty() => return,
                Taken::Events(events) => {
                    for event in events {
                        seen.push(event.seq);
                        *cursor = event.seq;
                    }
                }
                Taken::Fallen => {
                    *cursor += 1;
                    seen.push(*cursor);
                }
            }
        }
    }

    #[test]
    fn holes_are_noticed_and_filled() {
        let mut tail = Tail::default();
        tail.offer(event(11));
        tail.begin(9);
        assert_eq!((tail.head(), tail.behind()), (9, Some(9)));
        tail.offer(event(10));
        assert_eq!((tail.head(), tail.behind()), (11, None));
        tail.tell(11);
        assert_eq!(tail.behind(), None);
        tail.tell(12);
        assert_eq!(tail.behind(), Some(11));
        assert_eq!(tail.fill(10, Vec::new()), None);
        assert_eq!(tail.behind(), Some(11), "that was asked before the head moved");
        assert_eq!(tail.fill(11, Vec::new()), None);
        assert_eq!(tail.behind(), None);
    }

    #[test]
    fn what_the_log_has_lost_is_jumped_over_but_never_back() {
        let mut tail = Tail::default();
        tail.begin(9);
        tail.tell(14);
        assert_eq!(tail.fill(9, vec![event(13), event(14)]), Some(12));
        assert_eq!((tail.head(), tail.behind()), (14, None));
        assert_eq!(tail.after(10, 5), Taken::Fallen);
        assert_eq!(tail.fill(9, vec![event(12), event(13)]), None, "asked before the head moved");
        assert_eq!(tail.head(), 14);
    }

    #[test]
    fn the_tail_is_bounded_in_events_and_in_bytes() {
        let mut tail = Tail::default();
        tail.begin(0);
        let many = i64::try_from(MAX_EVENTS).expect("small") + 1;
        (1..=many).for_each(|seq| tail.offer(event(seq)));
        assert_eq!(tail.after(0, 10), Taken::Fallen);
        assert!(
            matches!(tail.after(1, 10), Taken::Events(events) if events.len() == 10 && events[0].seq == 2)
        );
        (many + 1..many + 6).for_each(|seq| tail.offer(sized(seq, MAX_BYTES / 4)));
        assert!(tail.bytes <= MAX_BYTES && tail.ring.len() == 3);
        tail.offer(sized(many + 6, MAX_BYTES));
        assert!(tail.ring.is_empty() && tail.head() == many + 6);
        assert_eq!(tail.after(many + 5, 10), Taken::Fallen);
        assert_eq!(tail.after(many + 6, 10), Taken::Events(vec![]));
    }

    #[test]
    fn what_is_too_early_is_remembered_as_told() {
        let mut tail = Tail::default();
        tail.begin(0);
        let many = i64::try_from(MAX_EARLY).expect("small") + 10;
        (2..many).for_each(|seq| tail.offer(event(seq)));
        assert_eq!((tail.early.len(), tail.behind()), (MAX_EARLY, Some(0)));
        tail.offer(event(1));
        assert!(tail.behind().is_some(), "the dropped ones are in the log");
    }

    proptest! {
        /// Any order and repetition of publications gives every reader the gapless ordered list, however slowly and in
        /// whatever portions it reads.
        #[test]
        fn readers_see_each_event_once_in_order(
            total in 1_i64..60,
            seed in prop::collection::vec((0_usize..60, any::<bool>()), 0..200),
            began in 0_usize..40,
            limits in prop::collection::vec(1_usize..9, 3),
        ) {
            let mut tail = Tail::default();
            let mut order: Vec<i64> = seed.iter().map(|(n, _)| 1 + i64::try_from(*n).expect("small") % total).collect();
            order.extend((1..=total).rev());
            let mut readers: Vec<(i64, Vec<i64>)> = limits.iter().map(|_| (0, Vec::new())).collect();
            for (step, seq) in order.iter().enumerate() {
                if step == began.min(order.len() - 1) {
                    tail.begin(0);
                }
                tail.offer(event(*seq));
                for (index, (cursor, seen)) in readers.iter_mut().enumerate() {
                    if seed.get(step).is_some_and(|(n, go)| *go && n % 3 == index) {
                        read(&tail, cursor, limits[index], seen);
                    }
                }
            }
            tail.begin(0);
            for (index, (cursor, seen)) in readers.iter_mut().enumerate() {
                read(&tail, cursor, limits[index], seen);
                prop_assert_eq!(&*seen, &(1..=total).collect::<Vec<_>>());
            }
            prop_assert_eq!(tail.behind(), None);
        }
    }
}
