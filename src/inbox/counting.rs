//! Keeps the counts of every user with an open socket live (`inbox.counted`).
//!
//! One task a node. It sleeps until the log of some tenant moved or a socket opened, then counts once a tenant for all
//! of its users here together. Users whose tenant stands where it stood, and who opened nothing, are left out; while
//! nobody is connected nothing is counted. Absent on purpose: the way to the socket, and leaving out counts that a
//! socket has already (`realtime`).

use super::model::Viewer;
use super::store;
use crate::auth::Role;
use crate::db::{Db, Tenant};
use crate::error::Result;
use crate::realtime::{Hub, LocalUser};
use futures_util::StreamExt;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Least time between two counts: what a user is told at most twice a second.
const PAUSE: Duration = Duration::from_millis(500);
/// Tenants counted at a time: few, so that requests find a connection.
const PARALLEL: usize = 4;

/// What a user's last counts were made of: where the log stood, which socket was the newest, the role.
type Basis = (i64, u64, Role);

/// Who was told, and on what basis.
#[derive(Default)]
struct Told(HashMap<(Tenant, Uuid), Basis>);

/// Tells counts until stopped.
pub async fn keep_counts(db: Db, hub: Arc<Hub>, stop: CancellationToken) {
    let keeping = async {
        let mut moved = hub.moved();
        let mut told = Told::default();
        loop {
            // Before looking: what moves meanwhile is looked at again.
            moved.mark_unchanged();
            let all = told.tell(&db, &hub).await;
            tokio::time::sleep(PAUSE).await;
            // Whom the database kept from being told need not wait for the next change.
            if all && moved.changed().await.is_err() {
                return;
            }
        }
    };
    stop.run_until_cancelled(keeping).await;
}

impl Told {
    /// Counts for all who are due. False: some could not be told.
    async fn tell(&mut self, db: &Db, hub: &Arc<Hub>) -> bool {
        let due = self.due(hub.local_users());
        let tenants = due.into_iter().map(|(tenant, users)| {
            let (db, hub) = (db.clone(), Arc::clone(hub));
            async move {
                let done = tell_tenant(&db, &hub, tenant, &users).await;
                (users, done)
            }
        });
        let done: Vec<_> = futures_util::stream::iter(tenants).buffer_unordered(PARALLEL).collect().await;
        let mut all = true;
        for (users, done) in done {
            match done {
                Ok(()) => self.0.extend(users.iter().map(|user| (key(user), basis(user)))),
                Err(error) => {
                    tracing::debug!(%error, "counts wait for the database");
                    all = false;
                }
            }
        }
        all
    }

    /// Those for whom something changed since they were told. Who has gone is forgotten.
    fn due(&mut self, users: Vec<LocalUser>) -> BTreeMap<Tenant, Vec<LocalUser>> {
        let here: HashMap<_, _> = users.iter().map(|user| (key(user), basis(user))).collect();
        self.0.retain(|key, _| here.contains_key(key));
        let mut due: BTreeMap<Tenant, Vec<LocalUser>> = BTreeMap::new();
        for user in users.into_iter().filter(|user| self.0.get(&key(user)) != Some(&basis(user))) {
            due.entry(user.tenant).or_default().push(user);
        }
        due
    }
}

fn key(user: &LocalUser) -> (Tenant, Uuid) {
    (user.tenant, user.user_id)
}

fn basis(user: &LocalUser) -> Basis {
    (user.seq, user.opened, user.role)
}

async fn tell_tenant(db: &Db, hub: &Hub, tenant: Tenant, users: &[LocalUser]) -> Result<()> {
    let viewers: Vec<Viewer> = users.iter().filter_map(|user| Viewer::new(user.user_id, user.role)).collect();
    if viewers.is_empty() {
        return Ok(());
    }
    let tx = db.read(tenant).await?;
    let counts = store::counts(&tx, &viewers).await?;
    for (user_id, counts) in counts {
        hub.send_counts(tenant, user_id, &serde_json::to_value(counts)?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(tenant: u128, user: u128, seq: i64, opened: u64) -> LocalUser {
        let tenant = Tenant::proven(Uuid::from_u128(tenant));
        LocalUser { tenant, user_id: Uuid::from_u128(user), role: Role::Agent, seq, opened }
    }

    fn due(told: &mut Told, users: &[LocalUser]) -> Vec<u128> {
        let due = told.due(users.to_vec());
        told.0.extend(due.values().flatten().map(|user| (key(user), basis(user))));
        let mut due: Vec<u128> = due.values().flatten().map(|user| user.user_id.as_u128()).collect();
        due.sort_unstable();
        due
    }

    #[test]
    fn only_who_has_something_new_is_counted_for() {
        let mut told = Told::default();
        let (ada, bob, eve) = (user(1, 1, 5, 1), user(1, 2, 5, 2), user(2, 3, 0, 3));
        assert_eq!(due(&mut told, &[ada.clone(), bob.clone(), eve.clone()]), [1, 2, 3], "all are new");
        assert_eq!(due(&mut told, &[ada.clone(), bob.clone(), eve.clone()]), [], "nothing moved");
        let moved = [user(1, 1, 6, 1), user(1, 2, 6, 2), eve.clone()];
        assert_eq!(due(&mut told, &moved), [1, 2], "the first tenant's log moved");
        let opened = [user(1, 1, 6, 4), user(1, 2, 6, 2), eve.clone()];
        assert_eq!(due(&mut told, &opened), [1], "a new socket");
        let promoted = [LocalUser { role: Role::Manager, ..user(1, 1, 6, 4) }, user(1, 2, 6, 2)];
        assert_eq!(due(&mut told, &promoted), [1], "another role");
        assert_eq!(told.0.len(), 2, "who went is forgotten");
        assert_eq!(due(&mut told, &[]), []);
        assert!(told.0.is_empty());
    }
}
