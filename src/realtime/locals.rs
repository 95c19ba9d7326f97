//! The tenants with sockets on this node: who is let in, found, and let go.
//!
//! Invariants: a tenant has one [`Local`] at a time; whoever was let in before a drain is seen by it, and nobody is let
//! in after; whoever has sockets here is listened for on the bus, however beginnings and ends overlap. What must be one
//! step happens under one lock, which is never held across an await. Absent on purpose: sockets (`local`), when to do
//! which (`hub`).

use super::broker::Broker;
use super::local::{Local, Mailbox};
use super::sync::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;
use uuid::Uuid;

#[derive(Default)]
pub struct Locals {
    inside: Mutex<Inside>,
    /// Held while the bus is told what to listen to, so that an end never overtakes a new beginning.
    telling: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Inside {
    /// By the tenant's id: a name from the bus proves nothing, it only finds who has sockets here.
    by_tenant: HashMap<Uuid, Arc<Local>>,
    draining: bool,
}

impl Locals {
    /// Lets a socket in: `add` puts it into its tenant's `Local`, which `make` makes for the first. None while draining.
    pub fn admit<T>(
        &self,
        tenant: Uuid,
        make: impl FnOnce() -> Local,
        add: impl FnOnce(&Arc<Local>) -> T,
    ) -> Option<T> {
        let mut inside = self.inside.lock();
        if inside.draining {
            return None;
        }
        Some(add(inside.by_tenant.entry(tenant).or_insert_with(|| Arc::new(make()))))
    }

    pub fn get(&self, tenant: Uuid) -> Option<Arc<Local>> {
        self.inside.lock().by_tenant.get(&tenant).cloned()
    }

    pub fn all(&self) -> Vec<Arc<Local>> {
        self.inside.lock().by_tenant.values().cloned().collect()
    }

    pub fn is_draining(&self) -> bool {
        self.inside.lock().draining
    }

    /// Lets nobody in from now on; returns the mailboxes of all who were.
    pub fn drain(&self) -> Vec<Arc<Mailbox>> {
        self.inside.lock().draining = true;
        self.all().iter().flat_map(|local| local.mailboxes()).collect()
    }

    /// Asks the bus for a tenant's frames.
    pub async fn listen(&self, broker: &dyn Broker, tenant: Uuid) {
        let _order = self.telling.lock().await;
        broker.subscribe(tenant).await;
    }

    /// Lets go of tenants that have had no sockets since `before`.
    pub async fn let_go(&self, broker: &dyn Broker, before: Instant) {
        let mut gone = Vec::new();
        self.inside.lock().by_tenant.retain(|_, local| {
            let idle = local.idle_since(before);
            if idle {
                gone.push(Arc::clone(local));
            }
            !idle
        });
        for local in gone {
            local.end.cancel();
            let tenant = local.tenant.id();
            let _order = self.telling.lock().await;
            // Somebody may have come meanwhile, and be listening already.
            if self.get(tenant).is_none() {
                broker.unsubscribe(tenant).await;
            }
        }
    }
}
