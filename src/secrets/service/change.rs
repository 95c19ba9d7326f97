//! Setting a secret and taking it out.

use super::Secrets;
use crate::auth::Actor;
use crate::clock;
use crate::error::{Error, Result};
use crate::ids;
use crate::log::Write;
use crate::secrets::held::{self, OVERLAP, Own};
use crate::secrets::model::{ChangedBy, Key, SecretView, Source, State};
use crate::secrets::store::{self, Row};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use uuid::Uuid;
use vault::{DataKey, Keys, Place};

const EXHAUSTED: Error = Error::UnavailableCode {
    code: "data_key_exhausted",
    detail: "The data key has encrypted as often as it may. Run `switchboard secrets rotate --data-keys`.",
};

/// The data key that encrypts, and all that decrypt.
struct Opened {
    active: Uuid,
    used: i64,
    all: Vec<DataKey>,
}

impl Secrets {
    /// A hash of a request that holds a secret: a plain one could be guessed from.
    pub fn fingerprint(&self, bytes: &[u8]) -> Result<Vec<u8>> {
        Ok(self.keys()?.fingerprint(bytes))
    }

    /// Begins a change of secrets, as [`crate::log::Log::begin`].
    pub async fn begin(&self, actor: &Actor) -> Result<Write> {
        self.0.log.begin(actor.tenant, actor.label()).await
    }

    /// Sets a secret, within the transaction; nothing happens when it is so already. Afterwards [`Secrets::catch_up`].
    pub async fn set(
        &self,
        write: &mut Write,
        actor: &Actor,
        key: Key,
        value: &SecretString,
    ) -> Result<SecretView> {
        let value = key.check(value)?;
        let opened = data_keys(write, self.keys()?).await?;
        let rows = rows_of(write, key).await?;
        let own = self.own(&rows, &opened, actor, key);
        if let Some(current) = rows.last()
            && own.as_ref().is_some_and(|own| holds(own, &value))
        {
            return Ok(self.shown(key, Some(&value), current.created_at, author(current)));
        }
        self.clear(write, &rows, own.as_ref(), key).await?;
        let version = self.next_version(&rows, actor, key);
        let (tenant, name) = (actor.tenant.id(), key.name());
        let place = Place { tenant: tenant.as_bytes(), name: &name, version: version.unsigned_abs() };
        let data_key = opened.all.iter().find(|key| key.id() == *opened.active.as_bytes());
        let data_key = data_key.ok_or_else(held::damaged)?;
        let record = data_key
            .seal(opened.used.unsigned_abs(), place, value.expose_secret().as_bytes())
            .map_err(|_| EXHAUSTED)?;
        store::count_encryptions(write, opened.active, 1).await?;
        let sealed = Some((opened.active, record.as_slice()));
        let at = store::insert(write, &name, version, sealed, actor.user_id).await?;
        note(write, key).await?;
        Ok(self.shown(key, Some(&value), at, Some(changed_by(actor))))
    }

    /// Takes a secret out, with all its former values: from now on the environment's counts.
    pub async fn remove(&self, write: &mut Write, actor: &Actor, key: Key) -> Result<SecretView> {
        data_keys(write, self.keys()?).await?;
        let rows = rows_of(write, key).await?;
        let current = rows.iter().find(|row| row.replaced_at.is_none());
        if rows.iter().all(|row| row.record.is_none()) {
            let (at, by) = current.map_or((None, None), |row| (Some(row.created_at), author(row)));
            return Ok(SecretView { updated_at: at, ..self.shown(key, None, clock::now(), by) });
        }
        let versions: Vec<i64> = rows.iter().map(|row| row.version).collect();
        store::delete_versions(write, &key.name(), &versions).await?;
        let version = self.next_version(&rows, actor, key);
        let at = store::insert(write, &key.name(), version, None, actor.user_id).await?;
        note(write, key).await?;
        Ok(self.shown(key, None, at, Some(changed_by(actor))))
    }

    pub(super) fn keys(&self) -> Result<&Keys> {
        self.check()?;
        self.0.keys.as_ref().ok_or_else(held::no_key)
    }

    fn own(&self, rows: &[Row], opened: &Opened, actor: &Actor, key: Key) -> Option<Own> {
        let rows: Vec<&Row> = rows.iter().collect();
        let newest = self.0.newest.lock().get(&(actor.tenant, key)).copied().unwrap_or_default();
        Own::open(&rows, &opened.all, actor.tenant, newest)
    }

    /// Above every version that was ever there: a former record must not fit the new row.
    fn next_version(&self, rows: &[Row], actor: &Actor, key: Key) -> i64 {
        let seen = self.0.newest.lock().get(&(actor.tenant, key)).copied().unwrap_or_default();
        rows.iter().map(|row| row.version).fold(seen, i64::max) + 1
    }

    /// Makes room for a new version: the current one is replaced, what was replaced long ago goes, and all of a damaged
    /// secret.
    async fn clear(&self, write: &Write, rows: &[Row], own: Option<&Own>, key: Key) -> Result<()> {
        let oldest = clock::now() - OVERLAP;
        let damaged = matches!(own, Some(Own::Damaged));
        let gone = |row: &&Row| damaged || row.replaced_at.is_some_and(|at| at <= oldest);
        let gone: Vec<i64> = rows.iter().filter(gone).map(|row| row.version).collect();
        store::delete_versions(write, &key.name(), &gone).await?;
        store::retire(write, &key.name()).await
    }

    /// What is shown of a secret that was just written.
    fn shown(
        &self,
        key: Key,
        value: Option<&SecretString>,
        at: chrono::DateTime<chrono::Utc>,
        by: Option<ChangedBy>,
    ) -> SecretView {
        let of_environment = self.0.environment.get(&key.name());
        let source = match (value, of_environment) {
            (Some(_), _) => Source::Config,
            (None, Some(_)) => Source::Env,
            (None, None) => Source::None,
        };
        SecretView {
            key: key.name(),
            is_set: source != Source::None,
            source,
            state: State::Ok,
            hint: value.or(of_environment).and_then(|text| vault::hint(text.expose_secret())),
            updated_at: Some(at),
            updated_by: by,
            overlap_until: value
                .filter(|_| key.overlaps())
                .map(|_| at + OVERLAP)
                .filter(|at| *at > clock::now()),
        }
    }
}

/// The tenant's data keys, locked for this transaction; the first one is made.
async fn data_keys(write: &Write, keys: &Keys) -> Result<Opened> {
    let mut rows = store::lock_data_keys(write).await?;
    if rows.iter().all(|row| row.retired_at.is_some()) {
        let (id, tenant) = (ids::new(), write.tenant());
        let (_, wrapped) = keys.new_data_key(tenant.as_bytes(), *id.as_bytes()).map_err(Error::internal)?;
        store::insert_data_key(write, id, &wrapped).await?;
        rows = store::lock_data_keys(write).await?;
    }
    let all = held::data_keys(keys, write.scope(), &rows)?;
    let active = rows.iter().find(|row| row.retired_at.is_none());
    let active = active.ok_or_else(|| Error::internal("there is no active data key"))?;
    Ok(Opened { active: active.id, used: active.encryptions, all })
}

async fn rows_of(write: &Write, key: Key) -> Result<Vec<Row>> {
    let mut rows = store::rows(write).await?;
    rows.retain(|row| row.name == key.name());
    Ok(rows)
}

/// Whether it is the current value already.
fn holds(own: &Own, value: &SecretString) -> bool {
    match own {
        Own::Values(values) => {
            values.last().is_some_and(|last| last.text.expose_secret() == value.expose_secret())
        }
        Own::Damaged => false,
    }
}

/// For the other nodes, and who changed what in the log. Nobody is sent it, and it holds no value.
async fn note(write: &mut Write, key: Key) -> Result<()> {
    write.emit("secret.updated", &[], &json!({ "key": key.name() }))?;
    store::note_change(write).await
}

fn changed_by(actor: &Actor) -> ChangedBy {
    ChangedBy { id: actor.user_id, name: actor.name.clone() }
}

fn author(row: &Row) -> Option<ChangedBy> {
    Some(ChangedBy { id: row.created_by?, name: row.author.clone()? })
}
