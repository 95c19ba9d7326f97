//! The parts put together.
//!
//! Owns: the shared state of a run, and the way of an event into a POST. Invariants: every event published is in the
//! ledger before it is sent; never more POSTs under way than configured (the publisher waits). Deliberately absent:
//! HTTP; that is `courier` on one side and `graph` on the other.

use super::SimulatorError;
use super::courier::{self, BusyGuard, Courier, Parcel};
use super::event::{Event, Platform, Told, compose};
use super::graph::{Scripts, Uploads};
use super::ledger::Ledger;
use super::options::{Behaviour, Config, Hidden};
use super::random::Dice;
use super::saying::Saying;
use super::wire;
use super::world::World;
use bytes::Bytes;
use parking_lot::{Mutex, RwLock};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

/// POSTs to the server at the same moment, at most (repetitions come on top).
const LANES: usize = 64;
/// An event waits no longer than this for others to share its POST.
const BATCH_WAIT: Duration = Duration::from_millis(1_000);

pub(super) struct Engine {
    pub(super) config: Config,
    pub(super) world: Mutex<World>,
    pub(super) behaviour: Arc<RwLock<Behaviour>>,
    pub(super) ledger: Arc<Ledger>,
    pub(super) courier: Arc<Courier>,
    pub(super) scripts: Scripts,
    pub(super) uploads: Uploads,
    /// Graph requests and sends so far; each one's chance hangs on its number.
    pub(super) graph_calls: AtomicU64,
    pub(super) graph_sends: AtomicU64,
    by_hand: AtomicU64,
    lanes: Vec<mpsc::UnboundedSender<Parcel>>,
    permits: Arc<Semaphore>,
    held: Mutex<HashMap<Platform, Vec<(Event, BusyGuard)>>>,
    merging: Mutex<Dice>,
}

impl Engine {
    pub(super) fn new(config: Config, graph_url: String) -> Result<Self, SimulatorError> {
        let behaviour = Arc::new(RwLock::new(config.behaviour.clone().checked()?));
        let ledger = Arc::new(Ledger::new(config.ledger_entries));
        let client = courier::client(config.timeout).map_err(SimulatorError::Client)?;
        let courier = Arc::new(Courier::new(
            client,
            Arc::clone(&ledger),
            Arc::clone(&behaviour),
            CancellationToken::new(),
            (config.seed, config.pace),
        ));
        Ok(Self {
            world: Mutex::new(World::new(&config, graph_url)),
            behaviour,
            ledger,
            scripts: Scripts::default(),
            uploads: Uploads::default(),
            graph_calls: AtomicU64::new(0),
            graph_sends: AtomicU64::new(0),
            by_hand: AtomicU64::new(0),
            lanes: (0..LANES).map(|number| courier.lane(number)).collect(),
            courier,
            permits: Arc::new(Semaphore::new(config.outstanding.clamp(1, Semaphore::MAX_PERMITS))),
            held: Mutex::default(),
            merging: Mutex::new(Dice::new(config.seed, "merging")),
            config,
        })
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.config.clock.now_ms()
    }

    /// The number of this send, counted from 0.
    pub(super) fn next_send(&self) -> u64 {
        self.graph_sends.fetch_add(1, Ordering::SeqCst)
    }

    /// A wait of life, at the run's pace.
    pub(super) async fn pause(&self, milliseconds: i64) {
        let wait = Duration::from_millis(u64::try_from(milliseconds).unwrap_or(0));
        sleep(wait.mul_f64(self.config.pace)).await;
    }

    /// Sends these events, each alone or together with its neighbours.
    pub(super) async fn publish(self: &Arc<Self>, events: Vec<Event>) {
        let batch = self.behaviour.read().batch.max(1);
        for event in events {
            if batch == 1 || event.platform == Platform::Website {
                self.dispatch(event.platform, vec![(event, self.courier.busy.begin())]).await;
            } else {
                self.hold(event, batch).await;
            }
        }
    }

    async fn hold(self: &Arc<Self>, event: Event, batch: usize) {
        let platform = event.platform;
        let (first, full) = {
            let mut held = self.held.lock();
            let events = held.entry(platform).or_default();
            events.push((event, self.courier.busy.begin()));
            let full = (events.len() >= batch).then(|| std::mem::take(events));
            (events.len() == 1, full)
        };
        if let Some(events) = full {
            self.dispatch(platform, events).await;
        } else if first {
            let this = Arc::clone(self);
            self.courier.spawn(async move {
                sleep(BATCH_WAIT.mul_f64(this.config.pace.clamp(0.05, 1.0))).await;
                let events = this.held.lock().remove(&platform).unwrap_or_default();
                this.dispatch(platform, events).await;
            });
        }
    }

    async fn dispatch(&self, platform: Platform, events: Vec<(Event, BusyGuard)>) {
        let Some(lane) = events.first().map(|(event, _)| event.lane) else {
            return;
        };
        // A batch has events of many people: only one lane for all batches keeps each one's order.
        let lane = if self.behaviour.read().batch > 1 { platform as u64 } else { lane };
        let (events, guards): (Vec<Event>, Vec<BusyGuard>) = events.into_iter().unzip();
        let told = events.iter().map(|event| event.told.clone()).collect();
        let merged = self.merging.lock().chance(0.5);
        let body = compose(&self.config.accounts, platform, events, merged);
        let bytes =
            if platform == Platform::Website { body.to_string().into_bytes() } else { wire::escaped(&body) };
        self.post(platform, lane, told, bytes.into()).await;
        drop(guards);
    }

    /// Queues a signed POST of these bytes; answers its id in the ledger.
    pub(super) async fn post(&self, platform: Platform, lane: u64, told: Vec<Told>, body: Bytes) -> u64 {
        let guard = self.courier.busy.begin();
        let Ok(permit) = Arc::clone(&self.permits).acquire_owned().await else {
            return 0;
        };
        let hash = wire::sha256_hex(&body);
        let entry = self.ledger.open(platform, told, hash, self.now_ms());
        let parcel = Parcel {
            entry,
            url: self.url(platform),
            signature: self.secret(platform).map(|secret| wire::signature(secret.reveal(), &body)),
            body,
            queued: Instant::now(),
            hold: (permit, guard),
        };
        let place = usize::try_from(lane % LANES as u64).unwrap_or(0);
        if let Some(lane) = self.lanes.get(place) {
            // A closed lane means that the run has ended; the entry is then counted as abandoned.
            drop(lane.send(parcel));
        }
        entry
    }

    fn url(&self, platform: Platform) -> String {
        let slug = self.config.slug.as_ref().filter(|_| platform != Platform::Website);
        let slug = slug.map_or_else(String::new, |slug| format!("/{slug}"));
        format!("{}{}{slug}", self.config.server, platform.path())
    }

    fn secret(&self, platform: Platform) -> Option<&Hidden> {
        let own = match platform {
            Platform::Website => return None,
            Platform::Whatsapp => self.config.whatsapp_secret.as_ref(),
            Platform::Instagram => self.config.instagram_secret.as_ref(),
            Platform::Messenger | Platform::LeadAds => None,
        };
        Some(own.unwrap_or(&self.config.secret))
    }
}

/// A made-up customer, as tests may look for one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Customer {
    pub platform: Platform,
    /// PSID, IGSID, WhatsApp number or business-scoped user id.
    pub id: String,
    pub name: String,
    pub username: String,
    /// Digits without `+`, where the platform tells it.
    pub phone: Option<String>,
}

/// Pulling the strings.
impl Engine {
    /// The next thing of the live stream.
    pub(super) async fn step(self: &Arc<Self>) {
        let events = self.world.lock().next(&self.config.clock);
        self.publish(events).await;
    }

    /// Conversations of the last days.
    pub(super) async fn past(self: &Arc<Self>, conversations: usize) {
        let events = self.world.lock().past(conversations, self.now_ms());
        self.publish(events).await;
    }

    /// A certain customer writes a certain text; answers the id of the message.
    pub(super) async fn customer_writes(self: &Arc<Self>, customer: &str, text: &str) -> Option<String> {
        let number = self.by_hand.fetch_add(1, Ordering::SeqCst);
        let mut dice = Dice::new(self.config.seed, &format!("by hand {number}"));
        let at_ms = self.now_ms();
        let event = {
            let mut world = self.world.lock();
            let place = world.people.iter().position(|person| person.answers_to(customer))?;
            world.says(place, Saying::Text(text.to_owned()), None, at_ms, &mut dice)?
        };
        let id = event.told.external_id.clone();
        self.publish(vec![event]).await;
        Some(id)
    }

    pub(super) fn customers(&self) -> Vec<Customer> {
        let world = self.world.lock();
        let shown = world.people.iter().map(|person| Customer {
            platform: person.platform,
            id: person.id.clone(),
            name: person.name(),
            username: person.username.clone(),
            phone: (person.platform == Platform::Whatsapp && person.number_shown)
                .then(|| person.phone.clone()),
        });
        shown.collect()
    }
}
