//! The look-up of a platform's secrets, and what keeps it true.

mod change;
mod rotate;

use super::held::{self, Environment, Held, Own};
use super::keys;
use super::model::{ChangedBy, DataKeyUse, Definitions, Key, Kind, Platform};
use super::store::{self, Row, Stand};
use crate::clock;
use crate::config::Config;
use crate::db::{Db, Tenant};
use crate::error::Result;
use crate::log::Log;
use crate::tenants;
use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use secrecy::SecretString;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use vault::Keys;

pub use rotate::Rotated;

/// How often a node looks whether another one has changed something.
const TICK: Duration = Duration::from_secs(1);
/// Everything is read again after this time at the latest: rows that nobody of ours has changed show then.
const FRESH: Duration = Duration::from_secs(60);

/// The secrets of this deployment.
#[derive(Clone)]
pub struct Secrets(Arc<Inner>);

struct Inner {
    log: Log,
    /// None: something is stored, and this node has no key.
    keys: Option<Keys>,
    environment: Environment,
    held: ArcSwap<Known>,
    /// The newest version of each secret that this node has seen.
    newest: Mutex<HashMap<(Tenant, Key), i64>>,
    /// One reads at a time: what was read earlier must not be taken for what was put back.
    reading: tokio::sync::Mutex<()>,
}

/// What was read, and when the database stood where.
struct Known {
    held: Held,
    stand: Stand,
}

/// A tenant's rows as they are stored.
struct Stored {
    tenant: Tenant,
    data_keys: Vec<store::DataKeyRow>,
    rows: Vec<Row>,
}

impl Secrets {
    /// Reads all there is. With a key that does not fit it starts all the same, locked.
    pub async fn start(config: &Config, log: Log) -> Result<Self> {
        let (stand, stored) = read(log.db()).await?;
        let any = stored.iter().any(|stored| !stored.data_keys.is_empty());
        let inner = Inner {
            keys: keys::find(config, any)?,
            environment: config.platforms.clone(),
            held: ArcSwap::from_pointee(Known { held: Held::default(), stand: stand.clone() }),
            newest: Mutex::default(),
            reading: tokio::sync::Mutex::default(),
            log,
        };
        inner.take(stand, &stored);
        Ok(Self(Arc::new(inner)))
    }

    /// Follows what other nodes change, until stopped.
    pub async fn follow(self, stop: CancellationToken) {
        let mut read_at = clock::monotonic();
        while stop.run_until_cancelled(tokio::time::sleep(TICK)).await.is_some() {
            let stand = store::stand(self.0.log.db()).await;
            let same = stand.as_ref().is_ok_and(|stand| *stand == self.0.held.load().stand);
            if same && read_at.elapsed() < FRESH {
                continue;
            }
            if self.catch_up().await {
                read_at = clock::monotonic();
            }
        }
    }

    /// Reads everything anew. False: the database does not answer. What is known stays, and the next tick tries again;
    /// without the database no webhook is taken anyway.
    pub async fn catch_up(&self) -> bool {
        let _turn = self.0.reading.lock().await;
        match read(self.0.log.db()).await {
            Ok((stand, stored)) => self.0.take(stand, &stored),
            Err(error) => {
                tracing::debug!(%error, "secrets can't be read");
                return false;
            }
        }
        true
    }

    /// 503 while what is stored can't be read with the key of this node.
    pub fn check(&self) -> Result<()> {
        if self.0.held.load().held.locked { Err(held::locked()) } else { Ok(()) }
    }

    /// Secrets that a webhook of the platform may be signed with. Empty: nothing is accepted. `tenant`: that of the
    /// address; without it the only one's.
    pub fn app_secrets(&self, platform: Platform, tenant: Option<Tenant>) -> Result<Vec<SecretString>> {
        self.accepted(Key::of(platform, Kind::AppSecret), tenant)
    }

    /// Tokens that prove a subscription. Empty: nothing is accepted.
    pub fn verify_tokens(&self, platform: Platform, tenant: Option<Tenant>) -> Result<Vec<SecretString>> {
        self.accepted(Key::of(platform, Kind::VerifyToken), tenant)
    }

    /// Token for calls of the platform.
    pub fn access_token(&self, platform: Platform, tenant: Tenant) -> Result<Option<SecretString>> {
        let known = self.0.held.load();
        known.held.current(&self.0.environment, Key::of(platform, Kind::AccessToken), tenant)
    }

    fn accepted(&self, key: Key, tenant: Option<Tenant>) -> Result<Vec<SecretString>> {
        let known = self.0.held.load();
        let only = match known.stand.tenants.as_slice() {
            // Read by `store::stand` itself, not from a request.
            [id] => known.held.tenants.keys().copied().find(|tenant| tenant.id() == *id),
            _ => None,
        };
        known.held.accepted(&self.0.environment, key, tenant.or(only), clock::now())
    }

    /// Every key and how it is set, and the place in the log that the answer shows.
    pub async fn definitions(&self, tenant: Tenant) -> Result<(i64, Definitions)> {
        let tx = self.0.log.db().read(tenant).await?;
        let (data_keys, rows) = tokio::try_join!(store::data_keys(&tx), store::rows(&tx))?;
        let known = self.0.held.load();
        let now = clock::now();
        let items = Key::ALL.map(|key| {
            let rows: Vec<&Row> = rows.iter().filter(|row| row.name == key.name()).collect();
            let current = rows.iter().rev().find(|row| row.replaced_at.is_none());
            let stored = current.is_some_and(|row| row.record.is_some());
            let mut view = known.held.view(&self.0.environment, key, tenant, stored);
            view.updated_at = current.map(|row| row.created_at);
            view.updated_by =
                current.and_then(|row| Some(ChangedBy { id: row.created_by?, name: row.author.clone()? }));
            view.overlap_until =
                current.filter(|_| stored && key.overlaps()).and_then(|row| overlap(row, now));
            key.definition(view)
        });
        let data_key = data_keys.iter().find(|key| key.retired_at.is_none()).map(|key| DataKeyUse {
            created_at: key.created_at,
            encryptions: key.encryptions,
            rotation_due: vault::is_rotation_due(
                key.encryptions.unsigned_abs(),
                (now - key.created_at).num_days(),
            ),
        });
        Ok((tx.seq(), Definitions { items: items.into(), next_cursor: None, data_key }))
    }
}

/// Until when what was before this version is accepted.
fn overlap(row: &Row, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    Some(row.created_at + held::OVERLAP).filter(|until| *until > now)
}

/// All that is stored, with where the database stood before: what changes meanwhile is read once more.
async fn read(db: &Db) -> Result<(Stand, Vec<Stored>)> {
    let stand = store::stand(db).await?;
    let mut all = Vec::new();
    for tenant in tenants::all(db).await? {
        let tx = db.read(tenant).await?;
        let (data_keys, rows) = tokio::try_join!(store::data_keys(&tx), store::rows(&tx))?;
        all.push(Stored { tenant, data_keys, rows });
    }
    Ok((stand, all))
}

impl Inner {
    /// Decrypts what was read, and puts it in place of what was known.
    fn take(&self, stand: Stand, stored: &[Stored]) {
        let was_locked = self.held.load().held.locked;
        let opened: Result<HashMap<_, _>> =
            stored.iter().map(|stored| Ok((stored.tenant, self.open(stored)?))).collect();
        let held = match opened {
            Ok(tenants) => Held { locked: false, tenants },
            Err(_) => Held { locked: true, tenants: HashMap::new() },
        };
        if held.locked && !was_locked {
            tracing::error!("{}", held::locked().problem(String::new()).detail);
        }
        self.held.store(Arc::new(Known { held, stand }));
    }

    /// A tenant's secrets, or that one of its data keys was wrapped by a key that this node has not.
    fn open(&self, stored: &Stored) -> Result<HashMap<Key, Own>> {
        let Stored { tenant, data_keys, rows } = stored;
        let data_keys = match &self.keys {
            Some(keys) => held::data_keys(keys, *tenant, data_keys)?,
            None if data_keys.is_empty() => Vec::new(),
            None => return Err(held::locked()),
        };
        let mut by_key: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
        for row in rows {
            by_key.entry(row.name.clone()).or_default().push(row);
        }
        let mut newest = self.newest.lock();
        let mut secrets = HashMap::new();
        for key in Key::ALL {
            let rows = by_key.remove(&key.name()).unwrap_or_default();
            let seen = newest.get(&(*tenant, key)).copied().unwrap_or_default();
            if rows.is_empty() && seen == 0 {
                continue;
            }
            let own = Own::open(&rows, &data_keys, *tenant, seen);
            if matches!(own, Some(Own::Damaged)) {
                tracing::error!(tenant = %tenant.id(), key = key.name(), "a stored secret is damaged");
            }
            let last = rows.last().map_or(0, |row| row.version);
            newest.insert((*tenant, key), seen.max(last));
            secrets.extend(own.map(|own| (key, own)));
        }
        Ok(secrets)
    }
}
