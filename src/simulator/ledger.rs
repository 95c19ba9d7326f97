//! What was sent, and what became of it.
//!
//! Owns: one entry for each webhook POST, one for each message that the server sent through Graph, and their sums.
//! Invariants: an entry is never taken back, only filled in; ids rise by one; `acked` means that the server itself
//! answered 2xx; the sums count every entry, also those that a bounded ledger no longer keeps in full. Deliberately
//! absent: bodies of webhooks (their hash is enough to tell them apart) and persistence.

use super::event::{Platform, Told};
use parking_lot::Mutex;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};

/// Where a POST stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Queued or under way for the first time.
    Waiting,
    /// Not answered properly yet; it will be sent again.
    Retrying,
    /// Answered 2xx: the server has it for good.
    Acked,
    /// Answered otherwise than 2xx, 408, 429 or 5xx: not sent again.
    Refused,
    /// The simulator ended first.
    Abandoned,
}

/// One webhook POST.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    pub id: u64,
    pub platform: Platform,
    pub told: Vec<Told>,
    pub body_sha256: String,
    pub queued_at_ms: i64,
    /// How often it was sent until answered; copies not included.
    pub attempts: u32,
    /// Extra sendings of the same bytes, as duplicates.
    pub copies: u32,
    pub copies_acked: u32,
    /// The last HTTP status; nothing when no answer came.
    pub last_status: Option<u16>,
    pub state: State,
}

/// One message that the server sent through Graph.
#[derive(Clone, Debug, Serialize)]
pub struct Send {
    pub message_id: String,
    pub platform: Platform,
    /// The phone number or page in the path.
    pub account: String,
    pub recipient: String,
    /// `biz_opaque_callback_data` or `metadata`.
    pub tracking: Option<String>,
    pub at_ms: i64,
    /// Accepted, but the server was told otherwise.
    pub answer_lost: bool,
    pub body: Value,
}

/// The sums.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    pub posts: u64,
    pub events: u64,
    pub attempts: u64,
    pub acked: u64,
    pub refused: u64,
    pub abandoned: u64,
    /// Attempts that had to be repeated.
    pub retried: u64,
    pub timeouts: u64,
    /// Nobody listened, or the connection broke.
    pub unreachable: u64,
    pub copies: u64,
    pub copies_acked: u64,
    /// Answers by HTTP status, copies included.
    pub statuses: BTreeMap<u16, u64>,
    /// Events by kind.
    pub told: BTreeMap<&'static str, u64>,
    pub graph_calls: u64,
    /// Graph calls answered badly on purpose.
    pub graph_spoiled: u64,
    pub sends: u64,
}

impl Totals {
    /// Still to be answered.
    pub const fn open(&self) -> u64 {
        self.posts.saturating_sub(self.acked + self.refused + self.abandoned)
    }
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Status(u16),
    Timeout,
    /// Nobody listens there.
    Unreachable,
    /// The connection broke on the way.
    Broken,
}

impl Answer {
    pub(super) const fn is_acked(self) -> bool {
        matches!(self, Self::Status(200..300))
    }

    /// Whether the platform tries again.
    pub(super) const fn wants_retry(self) -> bool {
        match self {
            Self::Status(status) => matches!(status, 408 | 429 | 500..600),
            Self::Timeout | Self::Unreachable | Self::Broken => true,
        }
    }
}

/// The book of a run.
pub struct Ledger {
    book: Mutex<Book>,
    keep: usize,
}

#[derive(Default)]
struct Book {
    entries: VecDeque<Entry>,
    first_id: u64,
    sends: VecDeque<Send>,
    totals: Totals,
}

impl Book {
    fn entry(&mut self, id: u64) -> Option<&mut Entry> {
        let place = usize::try_from(id.checked_sub(self.first_id)?).ok()?;
        self.entries.get_mut(place)
    }

    fn count(&mut self, answer: Answer) -> Option<u16> {
        match answer {
            Answer::Status(status) => {
                *self.totals.statuses.entry(status).or_default() += 1;
                return Some(status);
            }
            Answer::Timeout => self.totals.timeouts += 1,
            Answer::Unreachable | Answer::Broken => self.totals.unreachable += 1,
        }
        None
    }
}

impl Ledger {
    pub(super) fn new(keep: usize) -> Self {
        Self { book: Mutex::new(Book { first_id: 1, ..Book::default() }), keep: keep.max(1) }
    }

    /// The sums of everything so far.
    pub fn totals(&self) -> Totals {
        self.book.lock().totals.clone()
    }

    /// The entries, oldest first.
    pub fn entries(&self) -> Vec<Entry> {
        self.book.lock().entries.iter().cloned().collect()
    }

    /// What the server sent, oldest first.
    pub fn sends(&self) -> Vec<Send> {
        self.book.lock().sends.iter().cloned().collect()
    }

    /// What was told in acknowledged POSTs: all of this must be in the server, once.
    pub fn acked(&self) -> Vec<Told> {
        let book = self.book.lock();
        let acked = book.entries.iter().filter(|entry| entry.state == State::Acked || entry.copies_acked > 0);
        acked.flat_map(|entry| entry.told.iter().cloned()).collect()
    }

    pub(super) fn open(&self, platform: Platform, told: Vec<Told>, body_sha256: String, now_ms: i64) -> u64 {
        let mut book = self.book.lock();
        let id = book.first_id + book.entries.len() as u64;
        book.totals.posts += 1;
        for told in &told {
            book.totals.events += 1;
            *book.totals.told.entry(told.kind).or_default() += 1;
        }
        book.entries.push_back(Entry {
            id,
            platform,
            told,
            body_sha256,
            queued_at_ms: now_ms,
            attempts: 0,
            copies: 0,
            copies_acked: 0,
            last_status: None,
            state: State::Waiting,
        });
        while book.entries.len() > self.keep {
            // An unfinished entry at the front keeps everything behind it: ids stay places.
            let finished = |entry: &Entry| !matches!(entry.state, State::Waiting | State::Retrying);
            if !book.entries.front().is_some_and(finished) {
                break;
            }
            book.entries.pop_front();
            book.first_id += 1;
        }
        id
    }

    pub(super) fn attempted(&self, id: u64, answer: Answer) {
        let mut book = self.book.lock();
        if book.entry(id).is_some_and(|entry| entry.state == State::Abandoned) {
            // An answer that came while the run was being closed.
            return;
        }
        book.totals.attempts += 1;
        let status = book.count(answer);
        let state = match answer {
            answer if answer.is_acked() => State::Acked,
            answer if answer.wants_retry() => State::Retrying,
            _ => State::Refused,
        };
        match state {
            State::Acked => book.totals.acked += 1,
            State::Retrying => book.totals.retried += 1,
            _ => book.totals.refused += 1,
        }
        if let Some(entry) = book.entry(id) {
            entry.attempts += 1;
            entry.last_status = status;
            entry.state = state;
        }
    }

    pub(super) fn copied(&self, id: u64, answer: Answer) {
        let mut book = self.book.lock();
        book.totals.copies += 1;
        book.totals.copies_acked += u64::from(answer.is_acked());
        book.count(answer);
        if let Some(entry) = book.entry(id) {
            entry.copies += 1;
            entry.copies_acked += u32::from(answer.is_acked());
        }
    }

    pub(super) fn abandon_open(&self) {
        let mut book = self.book.lock();
        let mut count = 0;
        for entry in &mut book.entries {
            if matches!(entry.state, State::Waiting | State::Retrying) {
                entry.state = State::Abandoned;
                count += 1;
            }
        }
        book.totals.abandoned += count;
    }

    pub(super) fn graph_call(&self) {
        self.book.lock().totals.graph_calls += 1;
    }

    pub(super) fn graph_spoiled(&self) {
        self.book.lock().totals.graph_spoiled += 1;
    }

    pub(super) fn sent(&self, send: Send) {
        let mut book = self.book.lock();
        book.totals.sends += 1;
        book.sends.push_back(send);
        while book.sends.len() > self.keep {
            book.sends.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(ledger: &Ledger, name: &str) -> u64 {
        let told = vec![Told { kind: "message", external_id: name.to_owned() }];
        ledger.open(Platform::Whatsapp, told, String::new(), 0)
    }

    #[test]
    fn an_entry_is_filled_in_and_sums_agree() {
        let ledger = Ledger::new(usize::MAX);
        let (a, b, c) = (open(&ledger, "a"), open(&ledger, "b"), open(&ledger, "c"));
        ledger.attempted(a, Answer::Unreachable);
        ledger.attempted(a, Answer::Status(503));
        ledger.attempted(a, Answer::Status(200));
        ledger.attempted(b, Answer::Status(401));
        ledger.copied(a, Answer::Status(200));
        ledger.attempted(c, Answer::Timeout);
        ledger.abandon_open();
        let totals = ledger.totals();
        assert_eq!((totals.posts, totals.attempts, totals.retried), (3, 5, 3));
        assert_eq!((totals.acked, totals.refused, totals.abandoned, totals.open()), (1, 1, 1, 0));
        assert_eq!(totals.statuses, BTreeMap::from([(200, 2), (401, 1), (503, 1)]));
        let entries = ledger.entries();
        assert_eq!((entries[0].attempts, entries[0].copies, entries[0].state), (3, 1, State::Acked));
        assert_eq!(entries[2].state, State::Abandoned);
        assert_eq!(ledger.acked().len(), 1);
    }

    #[test]
    fn a_bounded_ledger_forgets_only_what_is_finished() {
        let ledger = Ledger::new(2);
        let first = open(&ledger, "a");
        open(&ledger, "b");
        open(&ledger, "c");
        assert_eq!(ledger.entries().len(), 3);
        ledger.attempted(first, Answer::Status(200));
        let fourth = open(&ledger, "d");
        assert_eq!((fourth, ledger.entries()[0].id, ledger.totals().posts), (4, 2, 4));
        ledger.attempted(fourth, Answer::Status(200));
        assert_eq!(ledger.entries().last().unwrap().state, State::Acked);
    }

    #[test]
    fn retried_are_no_answer_408_429_and_5xx() {
        for answer in [Answer::Timeout, Answer::Unreachable, Answer::Broken] {
            assert!(answer.wants_retry());
        }
        for (status, retry) in
            [(200, false), (302, false), (401, false), (408, true), (429, true), (500, true), (503, true)]
        {
            assert_eq!(Answer::Status(status).wants_retry(), retry, "{status}");
        }
    }
}
