//! Decrypted secrets in memory, and which of them count. Pure.

use super::model::{Key, SecretView, Source, State};
use super::store::Row;
use crate::db::Tenant;
use crate::error::{Error, Result};
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use std::collections::HashMap;
use vault::{DataKey, Keys, Place};

/// How long a replaced app secret or verify token is accepted.
pub const OVERLAP: TimeDelta = TimeDelta::hours(48);

/// The environment's secrets, by the keys' names.
pub type Environment = HashMap<String, SecretString>;

/// Every tenant's own secrets.
#[derive(Default)]
pub struct Held {
    /// The key-encryption key is another one than that of what is stored.
    pub locked: bool,
    pub tenants: HashMap<Tenant, HashMap<Key, Own>>,
}

/// A secret that a tenant has stored.
pub enum Own {
    /// Versions, the newest last. The others were replaced, and may count for a while.
    Values(Vec<Value>),
    Damaged,
}

pub struct Value {
    pub text: SecretString,
    created_at: DateTime<Utc>,
    replaced_at: Option<DateTime<Utc>>,
}

impl Own {
    /// What rows of one key hold. None: it was taken out. `newest`: the version that was seen last.
    pub fn open(rows: &[&Row], data_keys: &[DataKey], tenant: Tenant, newest: i64) -> Option<Self> {
        let is_current = |row: &&&Row| row.replaced_at.is_none() && row.version >= newest;
        let Some(current) = rows.last().filter(is_current) else { return Some(Self::Damaged) };
        current.record.as_ref()?;
        let values: Option<Vec<Value>> = rows
            .iter()
            .filter(|row| row.record.is_some())
            .map(|row| {
                let text = text(row, data_keys, tenant)?;
                Some(Value { text, created_at: row.created_at, replaced_at: row.replaced_at })
            })
            .collect();
        Some(values.map_or(Self::Damaged, Self::Values))
    }
}

/// What a row holds; none: it holds nothing that can be read.
pub fn text(row: &Row, data_keys: &[DataKey], tenant: Tenant) -> Option<SecretString> {
    let key = data_keys.iter().find(|key| Some(key.id()) == row.data_key_id.map(|id| *id.as_bytes()))?;
    let version = u64::try_from(row.version).ok()?;
    let tenant = tenant.id();
    let place = Place { tenant: tenant.as_bytes(), name: &row.name, version };
    let plaintext = key.open(place, row.record.as_deref()?).ok()?;
    std::str::from_utf8(plaintext.as_bytes()).ok().map(SecretString::from)
}

/// The data keys of a tenant's rows: those that open. `Err`: one was wrapped by a key that is not there.
pub fn data_keys(keys: &Keys, tenant: Tenant, rows: &[super::store::DataKeyRow]) -> Result<Vec<DataKey>> {
    let mut opened = Vec::new();
    for row in rows {
        match keys.open(tenant.id().as_bytes(), *row.id.as_bytes(), &row.wrapped) {
            Ok(key) => opened.push(key),
            Err(vault::Error::UnknownKey(_)) => return Err(locked()),
            Err(error) => tracing::error!(tenant = %tenant.id(), data_key = %row.id, %error, "damaged"),
        }
    }
    Ok(opened)
}

impl Held {
    /// The values that count for incoming webhooks: the current one, and those replaced within [`OVERLAP`]. Without a
    /// tenant the environment's.
    pub fn accepted(
        &self,
        environment: &Environment,
        key: Key,
        tenant: Option<Tenant>,
        now: DateTime<Utc>,
    ) -> Result<Vec<SecretString>> {
        let fresh = |at: DateTime<Utc>| now - at < OVERLAP;
        let Some(values) = self.own(key, tenant)? else {
            return self.without(environment, key, tenant, now);
        };
        let counts = |value: &&Value| value.replaced_at.is_none_or(fresh);
        let mut accepted: Vec<_> = values.iter().filter(counts).map(|value| value.text.clone()).collect();
        // What counted before the tenant had a value of its own was replaced by it.
        if values.iter().map(|value| value.created_at).min().is_some_and(fresh) {
            accepted.extend(self.without(environment, key, tenant, now)?);
        }
        Ok(accepted)
    }

    fn without(
        &self,
        environment: &Environment,
        key: Key,
        tenant: Option<Tenant>,
        now: DateTime<Utc>,
    ) -> Result<Vec<SecretString>> {
        match (environment.get(&key.name()), key.fallback()) {
            (Some(value), _) => Ok(vec![value.clone()]),
            (None, Some(other)) => self.accepted(environment, other, tenant, now),
            (None, None) => Ok(Vec::new()),
        }
    }

    /// The value that counts for calls.
    pub fn current(
        &self,
        environment: &Environment,
        key: Key,
        tenant: Tenant,
    ) -> Result<Option<SecretString>> {
        let own = self.own(key, Some(tenant))?.and_then(|values| values.last());
        Ok(own.map(|value| &value.text).or_else(|| environment.get(&key.name())).cloned())
    }

    /// None: the tenant has stored none.
    fn own(&self, key: Key, tenant: Option<Tenant>) -> Result<Option<&[Value]>> {
        if self.locked {
            return Err(locked());
        }
        match tenant.and_then(|tenant| self.tenants.get(&tenant)?.get(&key)) {
            None => Ok(None),
            Some(Own::Values(values)) => Ok(Some(values)),
            Some(Own::Damaged) => Err(damaged()),
        }
    }

    /// What may be shown, but for who changed it.
    pub fn view(&self, environment: &Environment, key: Key, tenant: Tenant, stored: bool) -> SecretView {
        let own = self.tenants.get(&tenant).and_then(|own| own.get(&key));
        let of_environment = environment.get(&key.name());
        let (state, own) = match own {
            _ if self.locked && stored => (State::Locked, None),
            Some(Own::Damaged) => (State::Damaged, None),
            Some(Own::Values(values)) => (State::Ok, values.last()),
            None => (State::Ok, None),
        };
        let is_own = own.is_some() || state != State::Ok;
        let source = match of_environment {
            _ if is_own => Source::Config,
            Some(_) => Source::Env,
            None => Source::None,
        };
        let shown = if is_own { own.map(|value| &value.text) } else { of_environment };
        SecretView {
            key: key.name(),
            is_set: source != Source::None,
            source,
            state,
            hint: shown.and_then(|text| vault::hint(text.expose_secret())),
            updated_at: None,
            updated_by: None,
            overlap_until: None,
        }
    }
}

/// 503: what is stored can't be read with the key that is configured.
pub fn locked() -> Error {
    Error::UnavailableCode {
        code: "secrets_locked",
        detail: "The stored secrets were encrypted with another key. Set APP_CONFIG_ENCRYPTION_KEY to the one that \
                 they were stored with (or bring back DATA_DIR/config.key), then start again.",
    }
}

/// 503: this node has no key to encrypt with.
pub fn no_key() -> Error {
    Error::UnavailableCode {
        code: "no_encryption_key",
        detail: "There is no key to encrypt secrets with, and DATA_DIR can't be written to. Set \
                 APP_CONFIG_ENCRYPTION_KEY to base64 of 32 random bytes, the same on every node, then start again.",
    }
}

/// 503: what is stored was changed by somebody else.
pub fn damaged() -> Error {
    Error::UnavailableCode {
        code: "secret_damaged",
        detail: "A stored secret was changed outside of Switchboard and can't be read. Set it again.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::model::{Kind, Platform};
    use uuid::Uuid;

    const META: Key = Key::of(Platform::Meta, Kind::AppSecret);
    const WHATSAPP: Key = Key::of(Platform::Whatsapp, Kind::AppSecret);

    fn tenant() -> Tenant {
        Tenant::proven(Uuid::from_u128(1))
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_763_700_000, 0).expect("a time")
    }

    fn ago(hours: i64) -> DateTime<Utc> {
        now() - TimeDelta::hours(hours)
    }

    fn value(text: &str, created: i64, replaced: Option<i64>) -> Value {
        Value { text: text.into(), created_at: ago(created), replaced_at: replaced.map(ago) }
    }

    fn held(own: Vec<(Key, Own)>) -> Held {
        Held { locked: false, tenants: HashMap::from([(tenant(), own.into_iter().collect())]) }
    }

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), SecretString::from(*value))).collect()
    }

    fn accepted(held: &Held, environment: &Environment, key: Key) -> Vec<String> {
        let found = held.accepted(environment, key, Some(tenant()), now()).expect("not locked");
        found.iter().map(|text| text.expose_secret().to_owned()).collect()
    }

    #[test]
    fn replaced_values_count_for_48_hours_each() {
        let held = held(vec![(
            META,
            Own::Values(vec![
                value("gone", 90, Some(48)),
                value("first", 80, Some(47)),
                value("second", 47, Some(1)),
                value("third", 1, None),
            ]),
        )]);
        assert_eq!(
            accepted(&held, &environment(&[("meta_app_secret", "env")]), META),
            ["first", "second", "third"]
        );
        let current = held.current(&Environment::new(), META, tenant()).expect("not locked");
        assert_eq!(current.expect("a value").expose_secret(), "third");
    }

    #[test]
    fn the_environments_counts_for_48_hours_after_it_was_taken_over() {
        let environment = environment(&[("meta_app_secret", "env")]);
        let of = |created| held(vec![(META, Own::Values(vec![value("own", created, None)]))]);
        assert_eq!(accepted(&of(47), &environment, META), ["own", "env"]);
        assert_eq!(accepted(&of(48), &environment, META), ["own"]);
        assert_eq!(accepted(&Held::default(), &environment, META), ["env"]);
    }

    #[test]
    fn a_platform_without_a_value_takes_those_of_meta() {
        let meta = || vec![value("old", 90, Some(2)), value("new", 2, None)];
        let own = held(vec![(META, Own::Values(meta()))]);
        assert_eq!(accepted(&own, &Environment::new(), WHATSAPP), ["old", "new"]);
        assert_eq!(accepted(&own, &environment(&[("whatsapp_app_secret", "env")]), WHATSAPP), ["env"]);
        // One of its own takes over from Meta's as from the environment's.
        let both =
            held(vec![(META, Own::Values(meta())), (WHATSAPP, Own::Values(vec![value("wa", 1, None)]))]);
        assert_eq!(accepted(&both, &Environment::new(), WHATSAPP), ["wa", "old", "new"]);
        assert!(both.accepted(&Environment::new(), WHATSAPP, None, now()).is_ok_and(|none| none.is_empty()));
    }

    #[test]
    fn what_cant_be_read_is_not_the_environments() {
        let environment = environment(&[("meta_app_secret", "env"), ("meta_access_token", "env")]);
        let damaged = held(vec![(META, Own::Damaged)]);
        let code = |error: Option<Error>| error.map(|error| error.code());
        assert_eq!(
            code(damaged.accepted(&environment, META, Some(tenant()), now()).err()),
            Some("secret_damaged")
        );
        assert_eq!(
            code(damaged.accepted(&environment, WHATSAPP, Some(tenant()), now()).err()),
            Some("secret_damaged")
        );
        let locked = Held { locked: true, tenants: HashMap::new() };
        let token = Key::of(Platform::Meta, Kind::AccessToken);
        assert_eq!(code(locked.current(&environment, token, tenant()).err()), Some("secrets_locked"));
        assert_eq!(code(locked.accepted(&environment, META, None, now()).err()), Some("secrets_locked"));
    }
}
