//! Delivery of webhooks, at least once.
//!
//! Owns: connections to the server, order, retries, duplicates. Invariants: a parcel is tried until it is answered
//! 2xx or refused, or the simulator ends; parcels of one lane are first tried in their order (unless told to
//! misbehave); while nobody listens, lanes hold their parcels in order. Deliberately absent: giving up after hours, as
//! the platforms do; and following of redirects, which they don't.

use super::ledger::{Answer, Ledger};
use super::options::Behaviour;
use super::random::Dice;
use bytes::Bytes;
use parking_lot::{Mutex, RwLock};
use reqwest::header::{CONTENT_TYPE, USER_AGENT};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

const FIRST_BACKOFF: Duration = Duration::from_millis(500);
const MAX_BACKOFF: Duration = Duration::from_secs(60);
/// While nobody listens, so that a restarted server is found soon.
const MAX_HOLD: Duration = Duration::from_secs(3);
/// How long a parcel waits for a neighbour to change places with.
const SWAP_WAIT: Duration = Duration::from_millis(4_000);

/// Counts what is under way; a guard is one thing.
#[derive(Clone, Default)]
pub(super) struct Busy(Arc<AtomicUsize>);

pub(super) struct BusyGuard(Arc<AtomicUsize>);

impl Busy {
    pub(super) fn begin(&self) -> BusyGuard {
        self.0.fetch_add(1, Ordering::SeqCst);
        BusyGuard(Arc::clone(&self.0))
    }

    pub(super) fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Drop for BusyGuard {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// One POST on its way.
pub(super) struct Parcel {
    pub(super) entry: u64,
    pub(super) url: String,
    pub(super) body: Bytes,
    pub(super) signature: Option<String>,
    pub(super) queued: Instant,
    /// Its place among the POSTs under way, and its part of what is busy.
    pub(super) hold: (OwnedSemaphorePermit, BusyGuard),
}

pub(super) struct Courier {
    pub(super) client: reqwest::Client,
    pub(super) ledger: Arc<Ledger>,
    pub(super) behaviour: Arc<RwLock<Behaviour>>,
    pub(super) runtime: Handle,
    pub(super) token: CancellationToken,
    pub(super) busy: Busy,
    pub(super) seed: u64,
    pub(super) pace: f64,
    warned: Mutex<HashSet<u16>>,
}

/// Keep-alive as the client has it; never a proxy: the server is near.
pub(super) fn client(timeout: Duration) -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder().timeout(timeout).no_proxy().redirect(reqwest::redirect::Policy::none()).build()
}

impl Courier {
    pub(super) fn new(
        client: reqwest::Client,
        ledger: Arc<Ledger>,
        behaviour: Arc<RwLock<Behaviour>>,
        token: CancellationToken,
        (seed, pace): (u64, f64),
    ) -> Self {
        Self {
            client,
            ledger,
            behaviour,
            runtime: Handle::current(),
            token,
            busy: Busy::default(),
            seed,
            pace,
            warned: Mutex::default(),
        }
    }

    /// Runs until the token is cancelled.
    pub(super) fn spawn<F: Future<Output = ()> + Send + 'static>(&self, work: F) {
        let token = self.token.clone();
        self.runtime.spawn(async move {
            token.run_until_cancelled(work).await;
        });
    }

    /// Opens lane number `number`.
    pub(super) fn lane(self: &Arc<Self>, number: usize) -> mpsc::UnboundedSender<Parcel> {
        // The number of parcels is bounded by their permits.
        let (sender, parcels) = mpsc::unbounded_channel();
        let dice = Dice::new(self.seed, &format!("lane {number}"));
        self.spawn(Arc::clone(self).run_lane(parcels, dice));
        sender
    }

    async fn run_lane(self: Arc<Self>, mut parcels: mpsc::UnboundedReceiver<Parcel>, mut dice: Dice) {
        while let Some(parcel) = parcels.recv().await {
            let behaviour = self.behaviour.read().clone();
            if dice.chance(behaviour.reorder)
                && let Ok(Some(next)) =
                    timeout(SWAP_WAIT.mul_f64(self.pace.clamp(0.05, 1.0)), parcels.recv()).await
            {
                self.deliver(next, &behaviour, &mut dice).await;
            }
            self.deliver(parcel, &behaviour, &mut dice).await;
        }
    }

    /// The first try, in order; what is not answered goes on beside the lane.
    async fn deliver(self: &Arc<Self>, parcel: Parcel, behaviour: &Behaviour, dice: &mut Dice) {
        let late = dice.between(0, i64::try_from(behaviour.delay_ms).unwrap_or(0));
        let (copy_now, copy_later) = match (dice.chance(behaviour.duplicate), dice.chance(0.5)) {
            (false, _) => (false, false),
            (true, at_once) => (at_once, !at_once),
        };
        sleep_until(parcel.queued + Duration::from_millis(u64::try_from(late).unwrap_or(0))).await;
        let mut answer = if copy_now {
            let (answer, copy) = tokio::join!(self.attempt(&parcel), self.attempt(&parcel));
            self.ledger.copied(parcel.entry, copy);
            answer
        } else {
            self.attempt(&parcel).await
        };
        self.note(&parcel, answer);
        let mut hold = FIRST_BACKOFF;
        while answer == Answer::Unreachable {
            sleep(hold.mul_f64(self.pace)).await;
            hold = (hold * 2).min(MAX_HOLD);
            answer = self.attempt(&parcel).await;
            self.note(&parcel, answer);
        }
        if copy_later {
            self.copy_later(&parcel, dice);
        }
        if answer.wants_retry() {
            let jitter = Dice::new(self.seed, &format!("retry {}", parcel.entry));
            self.spawn(Arc::clone(self).retry(parcel, jitter));
        }
    }

    fn copy_later(self: &Arc<Self>, parcel: &Parcel, dice: &mut Dice) {
        let wait =
            Duration::from_millis(u64::try_from(dice.between(100, 3_000)).unwrap_or(0)).mul_f64(self.pace);
        let (entry, signature) = (parcel.entry, parcel.signature.clone());
        let (url, body) = (parcel.url.clone(), parcel.body.clone());
        let (this, guard) = (Arc::clone(self), self.busy.begin());
        self.spawn(async move {
            sleep(wait).await;
            let answer = this.send(&url, body, signature.as_deref()).await;
            this.ledger.copied(entry, answer);
            drop(guard);
        });
    }

    async fn retry(self: Arc<Self>, parcel: Parcel, mut dice: Dice) {
        let mut wait = FIRST_BACKOFF;
        loop {
            let percent = u32::try_from(dice.between(75, 125)).unwrap_or(100);
            sleep((wait * percent / 100).mul_f64(self.pace)).await;
            let answer = self.attempt(&parcel).await;
            self.note(&parcel, answer);
            if !answer.wants_retry() {
                break;
            }
            wait = (wait * 2).min(MAX_BACKOFF);
        }
        drop(parcel.hold);
    }

    async fn attempt(&self, parcel: &Parcel) -> Answer {
        self.send(&parcel.url, parcel.body.clone(), parcel.signature.as_deref()).await
    }

    async fn send(&self, url: &str, body: Bytes, signature: Option<&str>) -> Answer {
        let mut request = self
            .client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, "facebookexternalua");
        if let Some(signature) = signature {
            request = request.header("X-Hub-Signature-256", signature);
        }
        match request.body(body).send().await {
            Ok(response) => {
                let status = response.status().as_u16();
                // Read to the end: only then the connection can be used again.
                drop(response.bytes().await);
                Answer::Status(status)
            }
            Err(error) if error.is_connect() => Answer::Unreachable,
            Err(error) if error.is_timeout() => Answer::Timeout,
            Err(_) => Answer::Broken,
        }
    }

    fn note(&self, parcel: &Parcel, answer: Answer) {
        self.ledger.attempted(parcel.entry, answer);
        if let Answer::Status(status) = answer
            && !answer.is_acked()
            && !answer.wants_retry()
            && self.warned.lock().insert(status)
        {
            let hint = if status == 401 { "; is the app secret the same on both sides?" } else { "" };
            tracing::warn!(status, url = parcel.url, "the server refused a webhook{hint} (said once)");
        }
    }
}
