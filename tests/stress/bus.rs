//! A bus between nodes of this process that misbehaves on demand: loses, doubles, reorders, goes down, repeats the past.

use crate::random::Random;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use switchboard::error::Result;
use switchboard::realtime::broker::{Broker, Health, INBOX, Notice};
use tokio::sync::mpsc;
use uuid::Uuid;

/// Longest time that a frame is held back to come late, in milliseconds.
const LATE: u64 = 30;

/// What goes wrong, in percent of the frames.
#[derive(Debug, Clone, Copy, Default)]
pub struct Faults {
    pub lose: u64,
    pub double: u64,
    pub delay: u64,
    /// Nodes hear what they said themselves.
    pub echo: bool,
    /// Everything is lost, and the nodes are told so.
    pub down: bool,
}

/// Connects the nodes of one scenario.
#[derive(Clone)]
pub struct Bus(Arc<Mutex<State>>);

struct State {
    ends: Vec<End>,
    faults: Faults,
    /// Everything that was ever said.
    said: Vec<(Uuid, Bytes)>,
    random: Random,
}

struct End {
    /// Neither heard nor hearing, and not told so: as a machine that died or was cut off.
    cut: bool,
    tenants: HashSet<Uuid>,
    inbox: mpsc::Sender<Notice>,
}

struct Port {
    bus: Bus,
    index: usize,
}

impl Bus {
    pub fn new(seed: u64) -> Self {
        let random = Random::new(seed);
        Self(Arc::new(Mutex::new(State {
            ends: Vec::new(),
            faults: Faults::default(),
            said: Vec::new(),
            random,
        })))
    }

    /// A node's end, and where its notices arrive.
    pub fn connect(&self) -> (Arc<dyn Broker>, mpsc::Receiver<Notice>) {
        let (inbox, notices) = mpsc::channel(INBOX);
        let mut state = self.0.lock();
        state.ends.push(End { cut: false, tenants: HashSet::new(), inbox });
        (Arc::new(Port { bus: self.clone(), index: state.ends.len() - 1 }), notices)
    }

    /// From now on it fails like this.
    pub fn set(&self, faults: Faults) {
        let mut state = self.0.lock();
        if state.faults.down != faults.down {
            for end in &state.ends {
                let _ = end.inbox.try_send(if faults.down { Notice::Down } else { Notice::Up });
            }
        }
        state.faults = faults;
    }

    /// Cuts a node off, by the order in which they came.
    pub fn cut(&self, index: usize) {
        self.0.lock().ends[index].cut = true;
    }

    /// Frames that were said so far, with their tenants.
    pub fn said(&self) -> Vec<(Uuid, Bytes)> {
        self.0.lock().said.clone()
    }

    /// Says something to all nodes that listen to the tenant.
    pub fn inject(&self, tenant: Uuid, frame: &Bytes) {
        self.0.lock().deliver(None, tenant, frame);
    }

    fn publish(&self, from: usize, tenant: Uuid, frame: Bytes) {
        let mut state = self.0.lock();
        state.said.push((tenant, frame.clone()));
        let faults = state.faults;
        if faults.down || state.ends[from].cut || state.random.percent(faults.lose) {
            return;
        }
        let from = (!faults.echo).then_some(from);
        let times = if state.random.percent(faults.double) { 2 } else { 1 };
        for _ in 0..times {
            if state.random.percent(faults.delay) {
                let (bus, frame) = (self.clone(), frame.clone());
                let pause = Duration::from_millis(state.random.below(LATE));
                tokio::spawn(async move {
                    tokio::time::sleep(pause).await;
                    bus.0.lock().deliver(from, tenant, &frame);
                });
            } else {
                state.deliver(from, tenant, &frame);
            }
        }
    }
}

impl State {
    fn deliver(&self, but: Option<usize>, tenant: Uuid, frame: &Bytes) {
        for (index, end) in self.ends.iter().enumerate() {
            if Some(index) != but && !end.cut && end.tenants.contains(&tenant) {
                let _ = end.inbox.try_send(Notice::Frame { tenant, frame: frame.clone() });
            }
        }
    }
}

impl Broker for Port {
    fn publish(&self, tenant: Uuid, frame: Bytes) -> BoxFuture<'_, Result<()>> {
        self.bus.publish(self.index, tenant, frame);
        Box::pin(std::future::ready(Ok(())))
    }

    fn subscribe(&self, tenant: Uuid) -> BoxFuture<'_, ()> {
        self.bus.0.lock().ends[self.index].tenants.insert(tenant);
        Box::pin(std::future::ready(()))
    }

    fn unsubscribe(&self, tenant: Uuid) -> BoxFuture<'_, ()> {
        self.bus.0.lock().ends[self.index].tenants.remove(&tenant);
        Box::pin(std::future::ready(()))
    }

    fn health(&self) -> Health {
        if self.bus.0.lock().faults.down { Health::Down } else { Health::Up }
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.bus.0.lock().ends[self.index].tenants.clear();
        Box::pin(std::future::ready(()))
    }
}
