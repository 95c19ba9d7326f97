//! What exists once per node: the tenants with sockets here, the doors to the log and to the bus, and what other
//! features may ask or tell.

use super::broker::wire::News;
use super::broker::{Broker, Health};
use super::encoded::Encoded;
use super::local::{Local, LocalUser, Mailbox};
use super::locals::Locals;
use super::protocol::Person;
use super::session::Goodbye;
use crate::auth::Actor;
use crate::db::{Db, Tenant, Tx};
use crate::error::{Error, Result};
use crate::log::{self, Log};
use crate::{clock, ids};
use serde_json::Value;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, SemaphorePermit, mpsc, watch};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Sockets of one user on one node.
pub const MAX_SOCKETS: usize = 20;
/// Events of one read of the log.
pub const PAGE: i64 = 500;
/// Reads of the log at a time: sockets that all come back at once wait here instead of emptying the pool.
const MAX_READS: usize = 8;
/// Least time between two entries that only make room in the log for counts.
const NUDGE_PAUSE: Duration = Duration::from_millis(500);
/// How long a tenant without sockets is kept, so that a reload doesn't subscribe anew.
const IDLE: Duration = Duration::from_secs(30);
/// How long pages of the log are kept for others.
const PAGES_KEPT: Duration = Duration::from_secs(2);
/// After a drain's last order to close: how long sockets may take to obey.
const DRAIN_GRACE: Duration = Duration::from_secs(2);

/// The real-time part of one node.
pub struct Hub {
    pub(super) node: Uuid,
    pub(super) epoch: i64,
    pub(super) build: String,
    pub(super) db: Db,
    log: Log,
    pub(super) broker: Arc<dyn Broker>,
    /// To the task that publishes.
    outbox: mpsc::Sender<(Uuid, News)>,
    locals: Locals,
    reads: Semaphore,
    /// Events that sockets were sent; found in the recorder once, not for each.
    pub(super) sent: metrics::Counter,
    /// Changes whenever a tenant's log moved or a socket opened.
    moved: watch::Sender<u64>,
    /// The process's runtime: tasks of the hub must outlive the web worker that happens to start them.
    pub(super) runtime: Handle,
    /// Ends the hub's tasks.
    pub(super) stop: CancellationToken,
}

/// A read of the database, in its turn.
pub(super) struct View<'a> {
    pub(super) tx: Tx,
    _turn: SemaphorePermit<'a>,
}

/// A place for one socket; given back when dropped.
pub struct Seat {
    pub(super) hub: Arc<Hub>,
    pub(super) local: Arc<Local>,
    pub(super) id: Uuid,
    pub(super) user: Person,
    pub(super) actor: Actor,
    pub(super) mailbox: Arc<Mailbox>,
}

impl Hub {
    pub(super) fn new(
        log: Log,
        broker: Arc<dyn Broker>,
        epoch: i64,
        build: String,
        outbox: mpsc::Sender<(Uuid, News)>,
    ) -> Self {
        Self {
            node: ids::new(),
            epoch,
            build,
            db: log.db().clone(),
            log,
            broker,
            outbox,
            locals: Locals::default(),
            reads: Semaphore::new(MAX_READS),
            sent: metrics::counter!("switchboard_socket_events_total"),
            moved: watch::Sender::new(0),
            runtime: Handle::current(),
            stop: CancellationToken::new(),
        }
    }

    /// Takes a place for a socket: 429 above [`MAX_SOCKETS`] of a user, 503 while shutting down.
    pub fn admit(self: &Arc<Self>, actor: Actor) -> Result<Seat> {
        let (id, mailbox) = (ids::new(), Arc::new(Mailbox::default()));
        let user = Person { user_id: actor.user_id, name: actor.name.as_str().into() };
        let add = |local: &Arc<Local>| {
            let box_of = Arc::clone(&mailbox);
            let added = local.add(id, user.clone(), actor.role, actor.session_id, box_of, MAX_SOCKETS);
            added.then(|| Arc::clone(local))
        };
        let local = self
            .locals
            .admit(actor.tenant.id(), || self.new_local(actor.tenant), add)
            .ok_or_else(|| Error::Unavailable("shutting down".to_owned()))?
            .ok_or(Error::RateLimited { retry_after: 60 })?;
        metrics::gauge!("switchboard_sockets").increment(1.0);
        Ok(Seat { hub: Arc::clone(self), local, id, user, actor, mailbox })
    }

    fn new_local(&self, tenant: Tenant) -> Local {
        let (outbox, id) = (self.outbox.clone(), tenant.id());
        let say = move |news: News| {
            if outbox.try_send((id, news)).is_err() {
                metrics::counter!("switchboard_bus_dropped_total").increment(1);
            }
        };
        Local::new(tenant, Box::new(say))
    }

    /// Begins the tenant's stream, once: listen first, then see where the log stands, so that nothing falls between.
    pub(super) async fn open(self: &Arc<Self>, local: &Arc<Local>) -> Result<()> {
        local
            .opened
            .get_or_try_init(|| async {
                self.locals.listen(self.broker.as_ref(), local.tenant.id()).await;
                let seq = self.read(local.tenant).await?.tx.seq();
                local.stream.begin(seq);
                self.runtime.spawn(super::relay::fill_holes(Arc::clone(self), Arc::clone(local)));
                self.say(local.tenant, News::Who);
                local.tell_presence();
                Ok(())
            })
            .await
            .copied()
    }

    /// A view of one moment, after waiting for a turn.
    pub(super) async fn read(&self, tenant: Tenant) -> Result<View<'_>> {
        let turn = self.reads.acquire().await.map_err(Error::internal)?;
        Ok(View { tx: self.db.read(tenant).await?, _turn: turn })
    }

    /// The next page of the log above `cursor`, and where the log stood at least.
    pub(super) async fn page(&self, tenant: Tenant, cursor: i64) -> Result<(i64, Vec<Arc<Encoded>>)> {
        let _turn = self.reads.acquire().await.map_err(Error::internal)?;
        let (stood, events) = log::since(&self.db, tenant, cursor, PAGE).await?;
        Ok((stood, events.iter().map(|event| Arc::new(Encoded::new(event))).collect()))
    }

    /// Says something to the other nodes. Lost when the bus can't keep up or is down.
    pub(super) fn say(&self, tenant: Tenant, news: News) {
        if self.broker.health() == Health::Up && self.outbox.try_send((tenant.id(), news)).is_err() {
            metrics::counter!("switchboard_bus_dropped_total").increment(1);
        }
    }

    pub(super) fn local(&self, tenant: Uuid) -> Option<Arc<Local>> {
        self.locals.get(tenant)
    }

    pub(super) fn locals(&self) -> Vec<Arc<Local>> {
        self.locals.all()
    }

    pub(super) fn note_move(&self) {
        self.moved.send_modify(|moves| *moves = moves.wrapping_add(1));
    }

    /// Lets go of tenants that have had no sockets for a while.
    pub(super) async fn sweep(&self) {
        if let Some(before) = clock::monotonic().checked_sub(PAGES_KEPT) {
            self.locals().iter().for_each(|local| local.pages.forget(before));
        }
        let Some(before) = clock::monotonic().checked_sub(IDLE) else { return };
        self.locals.let_go(self.broker.as_ref(), before).await;
    }

    /// Makes an entry in the tenant's log that nobody is sent, so that counts can take its place (see `session::pump`).
    pub(super) fn nudge(self: &Arc<Self>, local: &Arc<Local>) {
        if !local.may_nudge(NUDGE_PAUSE) {
            return;
        }
        let (log, tenant) = (self.log.clone(), local.tenant);
        self.runtime.spawn(async move {
            let nudged = async {
                let mut write = log.begin(tenant, "realtime".to_owned()).await?;
                write.emit("inbox.counted", &[], &serde_json::json!({}))?;
                write.commit().await
            };
            if let Err(error) = nudged.await {
                tracing::debug!(%error, "counts wait for the next event");
            }
        });
    }
}

/// For other features and the process.
impl Hub {
    /// Closes the sockets of a session that ended.
    pub fn revoke(&self, session_id: Uuid) {
        for local in self.locals() {
            local.dismiss_session(session_id, Goodbye::Revoked);
        }
    }

    /// Sessions with sockets of a tenant on this node.
    pub fn sessions_of(&self, tenant: Tenant) -> HashSet<Uuid> {
        self.local(tenant.id()).map(|local| local.sessions()).unwrap_or_default()
    }

    /// Sessions with sockets on this node.
    pub fn sessions(&self) -> HashSet<Uuid> {
        self.locals().iter().flat_map(|local| local.sessions()).collect()
    }

    /// Users with sockets on this node.
    pub fn local_users(&self) -> Vec<LocalUser> {
        self.locals().iter().flat_map(|local| local.users()).collect()
    }

    /// Changes whenever the log of a tenant with sockets here moved, or a socket opened: the moment to look at
    /// [`Hub::local_users`].
    pub fn moved(&self) -> watch::Receiver<u64> {
        self.moved.subscribe()
    }

    /// Sends a user's counts to the user's sockets on this node, as the event `inbox.counted`. Each socket gets the newest
    /// only, and none that it has.
    pub fn send_counts(&self, tenant: Tenant, user_id: Uuid, counts: &Value) {
        if let Some(local) = self.local(tenant.id()) {
            local.deliver_counts(user_id, &counts.to_string().into());
        }
    }

    /// What the bus is good for.
    pub fn bus(&self) -> Health {
        self.broker.health()
    }

    /// Sockets on this node.
    pub fn sockets(&self) -> usize {
        self.locals().iter().map(|local| local.mailboxes().len()).sum()
    }

    /// Whether this node is going; nothing new shall be sent to it.
    pub fn is_draining(&self) -> bool {
        self.locals.is_draining()
    }

    /// Closes all sockets with 1012, spread evenly over `over`, so that they don't all come back at once; takes no new
    /// ones. Returns when all are closed, or a little later.
    pub async fn drain(&self, over: Duration) {
        let mailboxes = self.locals.drain();
        let step = over.checked_div(u32::try_from(mailboxes.len()).unwrap_or(u32::MAX)).unwrap_or_default();
        let begin = clock::monotonic();
        for (mailbox, n) in mailboxes.iter().zip(0_u32..) {
            tokio::time::sleep_until((begin + step * n).into()).await;
            mailbox.dismiss(Goodbye::Shutdown);
        }
        let end: Instant = clock::monotonic() + DRAIN_GRACE;
        while self.locals().iter().any(|local| !local.is_empty()) && clock::monotonic() < end {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        for local in self.locals() {
            // Nobody is here any more; the others need not wait until this node's silence tells them.
            local.tell_presence();
        }
    }

    /// Ends the tasks and leaves the bus. After [`Hub::drain`].
    pub async fn close(&self) {
        // What was said last shall still go out.
        tokio::time::sleep(Duration::from_millis(50)).await;
        self.stop.cancel();
        for local in self.locals() {
            local.end.cancel();
        }
        self.broker.close().await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.local.remove(self.id);
        metrics::gauge!("switchboard_sockets").decrement(1.0);
    }
}
