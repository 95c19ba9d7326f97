//! The bus of a single process: between the one node of an installation without Redis and nobody, or between several
//! nodes of one test.

use super::{Broker, Health, INBOX, Notice};
use crate::error::Result;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use tokio::sync::mpsc;
use uuid::Uuid;

/// Connects the nodes of this process.
#[derive(Debug, Clone, Default)]
pub struct Bus(Arc<Mutex<HashMap<Uuid, Node>>>);

#[derive(Debug)]
struct Node {
    tenants: HashSet<Uuid>,
    inbox: mpsc::Sender<Notice>,
}

/// One node's end of a [`Bus`].
#[derive(Debug)]
pub struct Memory {
    bus: Bus,
    node: Uuid,
}

impl Bus {
    /// A node's end, and where its notices arrive.
    pub fn connect(&self) -> (Memory, mpsc::Receiver<Notice>) {
        let node = crate::ids::new();
        let (inbox, notices) = mpsc::channel(INBOX);
        self.0.lock().insert(node, Node { tenants: HashSet::new(), inbox });
        (Memory { bus: self.clone(), node }, notices)
    }
}

impl Memory {
    fn with_node(&self, act: impl FnOnce(&mut Node)) {
        if let Some(node) = self.bus.0.lock().get_mut(&self.node) {
            act(node);
        }
    }
}

impl Broker for Memory {
    fn publish(&self, tenant: Uuid, frame: Bytes) -> BoxFuture<'_, Result<()>> {
        for (id, node) in self.bus.0.lock().iter() {
            if *id != self.node && node.tenants.contains(&tenant) {
                let notice = Notice::Frame { tenant, frame: frame.clone() };
                if node.inbox.try_send(notice).is_err() {
                    metrics::counter!("switchboard_bus_dropped_total").increment(1);
                }
            }
        }
        Box::pin(std::future::ready(Ok(())))
    }

    fn subscribe(&self, tenant: Uuid) -> BoxFuture<'_, ()> {
        self.with_node(|node| {
            node.tenants.insert(tenant);
        });
        Box::pin(std::future::ready(()))
    }

    fn unsubscribe(&self, tenant: Uuid) -> BoxFuture<'_, ()> {
        self.with_node(|node| {
            node.tenants.remove(&tenant);
        });
        Box::pin(std::future::ready(()))
    }

    fn health(&self) -> Health {
        let nodes = self.bus.0.lock();
        match nodes.contains_key(&self.node) {
            false => Health::Down,
            true if nodes.len() == 1 => Health::Alone,
            true => Health::Up,
        }
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.bus.0.lock().remove(&self.node);
        Box::pin(std::future::ready(()))
    }
}
