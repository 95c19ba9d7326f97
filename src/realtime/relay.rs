//! The tasks of a node: from the log to the sockets, from and to the bus, and the clock.
//!
//! | task | does |
//! | --- | --- |
//! | relay | committed here → local stream, and to the publisher |
//! | publisher | the outbox, in order, onto the bus; drops while the bus is down |
//! | listener | the bus → local streams, rooms, presence |
//! | filler, one a tenant | holes of the stream ← log |
//! | ticker, each second | where the logs stand, which sessions still live, presence, sweep |
//!
//! The relay never waits for the bus, the ticker heals whatever the others lose.

use super::broker::wire::{self, Message, News};
use super::broker::{Broker, Health, Notice};
use super::encoded::Encoded;
use super::hub::Hub;
use super::local::Local;
use crate::error::Result;
use crate::log::{self, Committed, Log};
use crate::{auth, clock};
use bytestring::ByteString;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::mpsc;
use uuid::Uuid;

/// How long an early event waits for those before it, until the log is asked.
const HOLD: Duration = Duration::from_millis(5);
/// After the log could not be read.
const RETRY: Duration = Duration::from_millis(500);
const TICK: Duration = Duration::from_secs(1);
/// Ticks between two full tellings of who is here.
const PRESENCE_TICKS: u32 = 10;
/// News that may wait for the publisher.
const OUTBOX: usize = 4_096;

/// What a hub is made of.
pub struct Parts {
    pub log: Log,
    /// The other end of the log: what this node committed.
    pub committed: mpsc::UnboundedReceiver<Committed>,
    pub broker: Arc<dyn Broker>,
    pub notices: mpsc::Receiver<Notice>,
    /// Sessions that ended on this node.
    pub revoked: broadcast::Receiver<Uuid>,
    /// The life of the database (`log::epoch`).
    pub epoch: i64,
    /// Told in `welcome`: another one means a new version of the app.
    pub build: String,
}

impl Hub {
    /// Makes the hub and starts its tasks, which end with [`Hub::close`].
    pub fn start(parts: Parts) -> Arc<Self> {
        let (outbox, published) = mpsc::channel(OUTBOX);
        let broker = Arc::clone(&parts.broker);
        let hub = Arc::new(Self::new(parts.log, parts.broker, parts.epoch, parts.build, outbox));
        spawn(&hub, relay(Arc::clone(&hub), parts.committed));
        spawn(&hub, publish(hub.node, broker, published));
        spawn(&hub, listen(Arc::clone(&hub), parts.notices));
        spawn(&hub, revoke(Arc::clone(&hub), parts.revoked));
        spawn(&hub, tick(Arc::clone(&hub)));
        hub
    }
}

fn spawn(hub: &Arc<Hub>, task: impl Future<Output = ()> + Send + 'static) {
    let stop = hub.stop.clone();
    hub.runtime.spawn(async move { stop.run_until_cancelled(task).await });
}

async fn relay(hub: Arc<Hub>, mut committed: mpsc::UnboundedReceiver<Committed>) {
    while let Some(Committed { tenant, events }) = committed.recv().await {
        fail_point!("relay.taken");
        if let Some(local) = hub.local(tenant.id()) {
            local.stream.offer(events.iter().map(|event| Arc::new(Encoded::new(event))));
            hub.note_move();
        }
        fail_point!("relay.told_here");
        if let Some(first) = events.first() {
            let lag = (clock::now() - first.at).to_std().unwrap_or_default();
            metrics::histogram!("switchboard_relay_seconds").record(lag.as_secs_f64());
        }
        if hub.bus() == Health::Up {
            hub.say(tenant, wire::events(&events));
        }
    }
}

async fn publish(node: Uuid, broker: Arc<dyn Broker>, mut outbox: mpsc::Receiver<(Uuid, News)>) {
    while let Some((tenant, news)) = outbox.recv().await {
        // Said before the bus went down: the log has the events, and presence is told again.
        if broker.health() != Health::Up {
            continue;
        }
        let Some(frame) = wire::encode(node, news) else { continue };
        if let Err(error) = broker.publish(tenant, frame).await {
            metrics::counter!("switchboard_bus_dropped_total").increment(1);
            tracing::debug!(%error, "not published");
        }
    }
}

async fn listen(hub: Arc<Hub>, mut notices: mpsc::Receiver<Notice>) {
    while let Some(notice) = notices.recv().await {
        match notice {
            Notice::Frame { tenant, frame } => {
                if let Some(local) = hub.local(tenant)
                    && let Some(message) = wire::decode(&frame)
                    && message.node != hub.node
                {
                    hear(&hub, &local, message);
                }
            }
            Notice::Up => {
                for local in hub.locals() {
                    hub.say(local.tenant, News::Who);
                    local.tell_presence();
                }
                // What was missed.
                look(&hub).await;
            }
            Notice::Down => {}
        }
    }
}

/// Never waits.
fn hear(hub: &Hub, local: &Local, message: Message) {
    let (node, now) = (message.node, clock::monotonic());
    match message.news {
        News::Events(events) => {
            local.stream.offer(events.iter().map(|event| Arc::new(event.encoded())));
            hub.note_move();
        }
        News::Stands(seq) => local.stream.tell(seq),
        News::Signal { room, frame } => {
            local.deliver(room, &ByteString::from(frame.get()), None, false);
        }
        News::Presence { version, rooms } => {
            local.hear_presence(|presence| presence.hear_whole(node, version, rooms, now));
        }
        News::Step { version, room, person, joined } => local.hear_presence(|presence| {
            presence.hear_step(node, version, room, &person, joined, now).into_iter().collect()
        }),
        News::Who => local.tell_presence(),
    }
}

async fn revoke(hub: Arc<Hub>, mut revoked: broadcast::Receiver<Uuid>) {
    loop {
        match revoked.recv().await {
            Ok(session_id) => hub.revoke(session_id),
            // The ticker finds those that were missed.
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

/// Reads from the log what a tenant's stream lacks, until the tenant has no sockets here any more.
pub(super) async fn fill_holes(hub: Arc<Hub>, local: Arc<Local>) {
    let filling = async {
        loop {
            local.stream.hole().await;
            // Mostly they are just out of order, and the lacking one is on its way.
            tokio::time::sleep(HOLD).await;
            while let Some(cursor) = local.stream.behind() {
                fill(&hub, &local, cursor).await;
            }
        }
    };
    local.end.run_until_cancelled(filling).await;
}

async fn fill(hub: &Hub, local: &Local, cursor: i64) {
    match hub.page(local.tenant, cursor).await {
        Ok((_, events)) => {
            metrics::counter!("switchboard_stream_holes_total").increment(1);
            // Sockets that lack what is lost are closed when they find out.
            if let Some(lost) = local.stream.fill(cursor, events) {
                local.lose_up_to(lost);
            }
            hub.note_move();
        }
        Err(error) => {
            tracing::debug!(%error, "the log can't be read");
            tokio::time::sleep(RETRY).await;
        }
    }
}

async fn tick(hub: Arc<Hub>) {
    let mut ticks = 0_u32;
    loop {
        tokio::time::sleep(TICK).await;
        ticks = ticks.wrapping_add(1);
        look(&hub).await;
        if let Err(error) = end_revoked(&hub).await {
            tracing::debug!(%error, "sessions can't be checked");
        }
        for local in hub.locals() {
            local.hear_presence(|presence| presence.expire(clock::monotonic()));
            if ticks.is_multiple_of(PRESENCE_TICKS) {
                local.tell_presence();
            }
        }
        hub.sweep().await;
        let up = if hub.bus() == Health::Down { 0.0 } else { 1.0 };
        metrics::gauge!("switchboard_bus_up").set(up);
    }
}

/// Looks where the logs of the tenants with sockets here stand: finds what neither relay nor bus brought.
async fn look(hub: &Hub) {
    let locals = hub.locals();
    let ids: Vec<Uuid> = locals.iter().map(|local| local.tenant.id()).collect();
    let gauge = metrics::gauge!("switchboard_stream_lag_events");
    if ids.is_empty() {
        // Nobody looks at the log, so nobody is behind it.
        gauge.set(0.0);
        return;
    }
    match log::counters(&hub.db, &ids).await {
        Ok(counters) => {
            let mut lag = 0;
            for (tenant, seq) in counters {
                if let Some(local) = hub.local(tenant.id()) {
                    lag = lag.max(seq - *local.stream.head().borrow());
                    local.stream.tell(seq);
                }
            }
            gauge.set(f64::from(i32::try_from(lag).unwrap_or(i32::MAX)));
        }
        Err(error) => tracing::debug!(%error, "counters can't be read"),
    }
}

/// Closes sockets whose session ended, wherever it was ended.
async fn end_revoked(hub: &Hub) -> Result<()> {
    let sessions: Vec<Uuid> = hub.sessions().into_iter().collect();
    if sessions.is_empty() {
        return Ok(());
    }
    for session in auth::invalid_sessions(&hub.db, &sessions).await? {
        hub.revoke(session);
    }
    Ok(())
}
