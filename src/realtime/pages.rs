//! Pages of a tenant's log that its sockets share.
//!
//! When many sockets come back at once, or fall behind at once, they ask for the same part of the log. Each reading its
//! own costs the database, per socket and event, many times what sending costs: 2,000 sockets that were cut at 100
//! messages a second were even only when the messages had stopped. So one reads and the others take the same page.
//!
//! Invariants:
//! - A page is given only to a socket that was welcomed before the page was read: what was deleted until the welcome is
//!   shown without its text.
//! - A page goes on gaplessly from the cursor for which it is given, or shows that the log has lost something there.
//!
//! Absent on purpose: the order of events (`stream`), and keeping pages for long: what is not asked for within seconds
//! is dropped.

use super::encoded::Encoded;
use super::sync::Mutex;
use crate::clock;
use crate::error::Result;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

/// Pages that a tenant keeps.
const MAX_PAGES: usize = 8;
/// Cursors that differ by less begin their page at the same place.
const STEP: i64 = 64;

/// A part of the log.
#[derive(Debug)]
pub struct Page {
    /// What comes after this place is in the page.
    start: i64,
    /// Where the log stood at least when this was read.
    as_of: i64,
    read: Instant,
    events: Vec<Arc<Encoded>>,
}

/// The newest pages that were read.
#[derive(Default)]
pub struct Pages {
    kept: Mutex<VecDeque<Arc<Page>>>,
    /// Held while one reads: who comes meanwhile looks at what was read.
    reading: tokio::sync::Mutex<()>,
}

impl Page {
    /// The events above a cursor.
    pub fn above(&self, cursor: i64) -> &[Arc<Encoded>] {
        self.events.get(self.events.partition_point(|event| event.seq <= cursor)..).unwrap_or_default()
    }

    fn serves(&self, cursor: i64, as_of: i64) -> bool {
        self.as_of >= as_of
            && self.start <= cursor
            && self.events.last().is_some_and(|last| last.seq > cursor)
    }
}

impl Pages {
    /// A page with what comes above `cursor`, read when the log stood at `as_of` or later. `read` is asked for what comes
    /// after a place, and also tells where the log stood.
    pub async fn above(
        &self,
        cursor: i64,
        as_of: i64,
        read: impl AsyncFnOnce(i64) -> Result<(i64, Vec<Arc<Encoded>>)>,
    ) -> Result<Arc<Page>> {
        if let Some(page) = self.find(cursor, as_of) {
            return Ok(page);
        }
        let _reading = self.reading.lock().await;
        if let Some(page) = self.find(cursor, as_of) {
            return Ok(page);
        }
        let start = cursor - cursor.rem_euclid(STEP);
        let (stood, events) = read(start).await?;
        let page = Arc::new(Page { start, as_of: stood, read: clock::monotonic(), events });
        let mut kept = self.kept.lock();
        kept.push_front(Arc::clone(&page));
        kept.truncate(MAX_PAGES);
        Ok(page)
    }

    fn find(&self, cursor: i64, as_of: i64) -> Option<Arc<Page>> {
        self.kept.lock().iter().find(|page| page.serves(cursor, as_of)).cloned()
    }

    /// Drops what was read before.
    pub fn forget(&self, before: Instant) {
        self.kept.lock().retain(|page| page.read > before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::realtime::tests::event;
    use std::cell::Cell;

    /// A log that stands at `at`, and counts how often it was read.
    struct Log {
        at: Cell<i64>,
        reads: Cell<usize>,
    }

    impl Log {
        fn new(at: i64) -> Self {
            Self { at: Cell::new(at), reads: Cell::new(0) }
        }

        async fn read(&self, start: i64) -> Result<(i64, Vec<Arc<Encoded>>)> {
            self.reads.set(self.reads.get() + 1);
            let events = (start + 1..=self.at.get()).take(500).map(|seq| event(seq, &[0])).collect();
            // The others shall come meanwhile.
            tokio::task::yield_now().await;
            Ok((self.at.get(), events))
        }
    }

    fn span(page: &Page, cursor: i64) -> (i64, i64) {
        let above = page.above(cursor);
        (above.first().map_or(0, |event| event.seq), above.last().map_or(0, |event| event.seq))
    }

    #[tokio::test]
    async fn many_who_come_at_once_share_one_reading() {
        let (log, pages) = (Log::new(1_000), Pages::default());
        let asked = (0..200).map(|n| {
            let (log, pages, cursor) = (&log, &pages, 640 + n % 40);
            async move { (cursor, pages.above(cursor, 1_000, async |start| log.read(start).await).await) }
        });
        for (cursor, page) in futures_util::future::join_all(asked).await {
            assert_eq!(span(&page.expect("read"), cursor), (cursor + 1, 1_000));
        }
        assert_eq!(log.reads.get(), 1);
    }

    #[tokio::test]
    async fn a_page_from_before_the_welcome_is_not_for_its_socket() {
        let (log, pages) = (Log::new(100), Pages::default());
        let ask = async |cursor, as_of| {
            let page = pages.above(cursor, as_of, async |start| log.read(start).await).await.expect("read");
            (span(&page, cursor), log.reads.get())
        };
        assert_eq!(ask(90, 100).await, ((91, 100), 1));
        log.at.set(105);
        assert_eq!(ask(90, 105).await, ((91, 105), 2), "welcomed later");
        assert_eq!(ask(95, 100).await, ((96, 105), 2), "welcomed earlier");
        assert_eq!(ask(105, 105).await, ((0, 0), 3), "there is nothing more, as the log says now");
        assert_eq!(ask(10, 0).await, ((11, 105), 4), "below every page");
    }

    #[tokio::test]
    async fn pages_are_few_and_do_not_stay() {
        let (log, pages) = (Log::new(100_000), Pages::default());
        for page in 0..20 {
            let read = async |start| log.read(start).await;
            pages.above(page * 500, 0, read).await.expect("read");
        }
        assert_eq!(pages.kept.lock().len(), MAX_PAGES);
        pages.forget(clock::monotonic());
        assert!(pages.kept.lock().is_empty());
    }
}
