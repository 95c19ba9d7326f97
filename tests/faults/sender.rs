//! The platform: sends every message until it is acked, out of order, re-batched, sometimes twice, and keeps the book.

use crate::platform::{CHANNELS, Doors, WORDS};
use crate::random::Random;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use switchboard::clock;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub const WHATSAPP_PEOPLE: usize = 20;
pub const MESSENGER_PEOPLE: usize = 10;
const WORKERS: usize = 12;
/// Messages of one run at the most.
const MOST: usize = 60_000;
/// The platform's time of the first message; each later one is a second younger, so that their order is known.
pub const FIRST_AT: u64 = 1_763_600_000;
/// Between two requests of a worker.
const PACE: Duration = Duration::from_millis(40);
/// Before a worker sends again after it was not answered well.
const BACKOFF: Duration = Duration::from_millis(100);

/// One message in the book; nothing in it is ever taken back.
#[derive(Debug, Clone)]
pub struct Row {
    pub id: String,
    /// Which of [`CHANNELS`].
    pub channel: usize,
    /// The platform's id of the one who wrote.
    pub person: String,
    pub text: String,
    pub at: u64,
    pub attempts: u32,
    /// How often it was answered with 200; more than once is a duplicate that we sent.
    pub acks: u32,
    /// `status` or error of each attempt, in order.
    pub answers: Vec<String>,
}

#[derive(Default)]
struct Book {
    rows: Vec<Row>,
    /// Sent, not acked, nobody's at the moment.
    waiting: Vec<usize>,
    under_way: usize,
    strangers: usize,
    /// Answers of requests by what they were.
    answers: BTreeMap<String, u32>,
    slowest: Duration,
    /// Between two requests of a worker, if not as usual.
    pace: Option<Duration>,
    /// How long each 200 took.
    acks: Vec<Duration>,
}

/// The book, shared by the workers and the judges.
#[derive(Default)]
pub struct Ledger(Mutex<Book>);

/// In ids of messages that a row sends and judges by itself.
pub const OWN: &str = "own-";

pub struct Sender {
    pub ledger: Arc<Ledger>,
    /// Ends new messages; what is not acked is repeated on.
    enough: CancellationToken,
    workers: Vec<JoinHandle<()>>,
    doors: Doors,
}

impl Sender {
    pub fn start(doors: &Doors, random: &mut Random) -> Self {
        let (ledger, enough) = (Arc::<Ledger>::default(), CancellationToken::new());
        let mut sender = Self { ledger, enough, workers: Vec::new(), doors: doors.clone() };
        sender.faster(WORKERS, random);
        sender
    }

    /// More workers.
    pub fn faster(&mut self, workers: usize, random: &mut Random) {
        for _ in 0..workers {
            let worker = Worker {
                doors: self.doors.clone(),
                ledger: Arc::clone(&self.ledger),
                enough: self.enough.clone(),
                random: random.fork(),
            };
            self.workers.push(tokio::spawn(worker.run()));
        }
    }

    /// Another time between two requests of a worker.
    pub fn at_a_pace(&self, pace: Duration) {
        self.ledger.0.lock().unwrap().pace = Some(pace);
    }

    /// Waits until `more` messages were acked from now on: the server is under load.
    pub async fn flows(&self, more: usize, said: impl Fn() -> String) {
        let (begin, before) = (clock::monotonic(), self.ledger.acked());
        while self.ledger.acked() < before + more {
            assert!(
                begin.elapsed() < Duration::from_secs(15),
                "waited in vain for {more} more acks\n{}\n{}",
                self.ledger.slice(|row| row.acks == 0),
                said()
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// No new messages; returns when everything in the book is acked.
    pub async fn finish(&mut self, said: impl Fn() -> String) {
        self.enough.cancel();
        let all = futures_util::future::join_all(self.workers.iter_mut());
        if tokio::time::timeout(Duration::from_secs(20), all).await.is_err() {
            panic!("not everything was acked\n{}\n{}", self.ledger.slice(|row| row.acks == 0), said());
        }
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        self.workers.iter().for_each(JoinHandle::abort);
    }
}

struct Worker {
    doors: Doors,
    ledger: Arc<Ledger>,
    enough: CancellationToken,
    random: Random,
}

impl Worker {
    async fn run(mut self) {
        loop {
            let fresh = !self.enough.is_cancelled();
            let Some(batch) = self.ledger.take(&mut self.random, fresh) else {
                if !fresh && self.ledger.is_done() {
                    return;
                }
                tokio::time::sleep(PACE).await;
                continue;
            };
            let (address, body) = body(&batch);
            // Now and then the platform sends the same bytes twice at the same moment.
            let twice = self.random.percent(4);
            let (url, other) = (self.doors.any(&mut self.random), self.doors.any(&mut self.random));
            let (first, second) = tokio::join!(self.doors.post(&url, address, &body), async {
                if twice { Some(self.doors.post(&other, address, &body).await) } else { None }
            });
            let good = self.ledger.answered(&batch, &first, second.as_ref());
            let pace = self.ledger.0.lock().unwrap().pace.unwrap_or(PACE);
            tokio::time::sleep(if good { pace } else { BACKOFF }).await;
        }
    }
}

impl Ledger {
    /// The next body: repeated ones in any order, sometimes acked ones once more, else new ones.
    fn take(&self, random: &mut Random, fresh: bool) -> Option<Vec<(usize, Row)>> {
        let mut book = self.0.lock().unwrap();
        let size = if random.percent(70) { 1 } else { 2 + random.below(2) };
        let mut chosen = Vec::new();
        let fresh = fresh && book.rows.len() < MOST;
        if !book.waiting.is_empty() && (!fresh || random.percent(60)) {
            for _ in 0..size.min(book.waiting.len()) {
                let place = random.below(book.waiting.len());
                chosen.push(book.waiting.swap_remove(place));
            }
        } else if fresh && random.percent(5) && !book.rows.is_empty() {
            let known = random.below(book.rows.len());
            // One that is under way or waits is not ours to take.
            chosen.extend((book.rows[known].acks > 0).then_some(known));
        } else if fresh {
            chosen.extend((0..size).map(|_| book.write(random)));
        }
        // One body speaks of one account: the others go back.
        let channel = chosen.first().map(|row| book.rows[*row].channel)?;
        let (mine, others): (Vec<_>, Vec<_>) =
            chosen.into_iter().partition(|row| book.rows[*row].channel == channel);
        book.waiting.extend(others);
        book.under_way += mine.len();
        let rows = mine.into_iter().map(|row| {
            book.rows[row].attempts += 1;
            (row, book.rows[row].clone())
        });
        Some(rows.collect())
    }

    /// Books the answers; true when the last one was a 200.
    fn answered(
        &self,
        batch: &[(usize, Row)],
        first: &(String, Duration),
        second: Option<&(String, Duration)>,
    ) -> bool {
        let mut book = self.0.lock().unwrap();
        for (answer, took) in std::iter::once(first).chain(second) {
            *book.answers.entry(answer.clone()).or_default() += 1;
            book.slowest = book.slowest.max(*took);
            if answer == "200" {
                book.acks.push(*took);
            }
            for (row, _) in batch {
                book.rows[*row].answers.push(answer.clone());
                book.rows[*row].acks += u32::from(answer == "200");
            }
        }
        book.under_way -= batch.len();
        for (row, _) in batch {
            if book.rows[*row].acks == 0 {
                book.waiting.push(*row);
            }
        }
        first.0 == "200"
    }

    fn is_done(&self) -> bool {
        let book = self.0.lock().unwrap();
        book.waiting.is_empty() && book.under_way == 0
    }

    pub fn acked(&self) -> usize {
        self.0.lock().unwrap().rows.iter().filter(|row| row.acks > 0).count()
    }

    /// Everything that was ever sent, by id.
    pub fn sent(&self) -> HashMap<String, Row> {
        let book = self.0.lock().unwrap();
        let sent = book.rows.iter().filter(|row| row.attempts > 0);
        sent.map(|row| (row.id.clone(), row.clone())).collect()
    }

    /// Books messages that a row of the matrix has sent itself, and that were acked.
    pub fn acked_elsewhere(&self, channel: usize, person: &str, id: &str, text: &str) {
        let (at, answers) = (FIRST_AT, vec!["200".to_owned()]);
        let (id, person, text) = (id.to_owned(), person.to_owned(), text.to_owned());
        self.0.lock().unwrap().rows.push(Row {
            id,
            channel,
            person,
            text,
            at,
            attempts: 1,
            acks: 1,
            answers,
        });
    }

    /// Messages that were written while nobody took them; they are repeated like all others.
    pub fn pile_up(&self, count: usize, random: &mut Random) {
        let mut book = self.0.lock().unwrap();
        for _ in 0..count {
            let row = book.write(random);
            book.rows[row].attempts = 1;
            book.waiting.push(row);
        }
    }

    /// Sent, not acked, nobody's at the moment.
    pub fn waiting(&self) -> usize {
        self.0.lock().unwrap().waiting.len()
    }

    /// Books people whose messages a row judges by itself.
    pub fn strangers(&self, count: usize) {
        self.0.lock().unwrap().strangers += count;
    }

    /// How many people wrote, counted for each tenant.
    pub fn people(&self) -> usize {
        let book = self.0.lock().unwrap();
        let sent = book.rows.iter().filter(|row| row.attempts > 0);
        let people: HashSet<_> = sent.map(|row| (CHANNELS[row.channel].tenant, row.person.clone())).collect();
        people.len() + book.strangers
    }

    /// Answers by what they were, and the slowest one's time.
    pub fn answers(&self) -> (BTreeMap<String, u32>, Duration) {
        let book = self.0.lock().unwrap();
        (book.answers.clone(), book.slowest)
    }

    /// The time in which 99 of 100 acks came (I14).
    pub fn promptness(&self) -> Duration {
        let mut acks = self.0.lock().unwrap().acks.clone();
        acks.sort_unstable();
        acks.get(acks.len() * 99 / 100).copied().unwrap_or_default()
    }

    /// Sums, and the first of the rows that matter, for a failure's text.
    pub fn slice(&self, matters: impl Fn(&Row) -> bool) -> String {
        let book = self.0.lock().unwrap();
        let acked = book.rows.iter().filter(|row| row.acks > 0).count();
        let mut text =
            format!("--- ledger: {} rows, {acked} acked, answers {:?}\n", book.rows.len(), book.answers);
        for row in book.rows.iter().filter(|row| matters(row)).take(20) {
            let _ = writeln!(text, "{row:?}");
        }
        text
    }
}

impl Book {
    fn write(&mut self, random: &mut Random) -> usize {
        let n = self.rows.len();
        let channel = [0, 0, 0, 1, 1, 2][random.below(6)];
        let (id, person) = if CHANNELS[channel].whatsapp {
            (format!("wamid.fault{n}"), format!("9053200000{:02}", random.below(WHATSAPP_PEOPLE)))
        } else {
            (format!("m_fault{n}"), psid(random.below(MESSENGER_PEOPLE)))
        };
        let at = FIRST_AT + u64::try_from(n).unwrap();
        let text = format!("message {n} of {person} {}", WORDS[CHANNELS[channel].tenant]);
        self.rows.push(Row { id, channel, person, text, at, attempts: 0, acks: 0, answers: Vec::new() });
        n
    }
}

/// A Messenger person's id at the Page.
pub fn psid(n: usize) -> String {
    format!("77201836455120{n:02}")
}

/// The address and the bytes that tell of these messages.
fn body(batch: &[(usize, Row)]) -> (&'static str, Vec<u8>) {
    let channel = &CHANNELS[batch[0].1.channel];
    let items: Vec<Value> =
        batch.iter().map(|(_, row)| channel.text(&row.id, &row.person, row.at, &row.text)).collect();
    (channel.address(), serde_json::to_vec(&channel.body(&items)).unwrap())
}
