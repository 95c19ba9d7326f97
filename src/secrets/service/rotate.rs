//! Rotation of keys: `switchboard secrets rotate`.
//!
//! Beside running nodes. A tenant is one transaction: killed at any moment, each of its data keys is wrapped by one of the
//! configured keys and each of its secrets sealed by one of its data keys, and the next run does the rest.

use super::Secrets;
use crate::db::Tenant;
use crate::error::{Error, Result};
use crate::ids;
use crate::log::Write;
use crate::secrets::held;
use crate::secrets::store::{self, Row};
use crate::tenants;
use secrecy::ExposeSecret;
use vault::{DataKey, Keys, Place};

/// What a rotation did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rotated {
    /// Data keys that are under the first key-encryption key now.
    pub rewrapped: usize,
    /// Secrets that are under a new data key now.
    pub resealed: usize,
    /// Secrets that can't be read; they were left as they are.
    pub damaged: usize,
}

impl Secrets {
    /// Wraps every data key by the first key-encryption key. Afterwards the others are not needed any more.
    pub async fn rewrap(&self) -> Result<Rotated> {
        let mut done = Rotated::default();
        let keys = self.keys()?;
        for tenant in tenants::all(self.0.log.db()).await? {
            let write = self.0.log.begin(tenant, Some("command".to_owned())).await?;
            let before = done.rewrapped;
            for row in store::lock_data_keys(&write).await? {
                let wrapped = keys.rewrap(tenant.id().as_bytes(), *row.id.as_bytes(), &row.wrapped);
                match wrapped {
                    Ok(None) => {}
                    Ok(Some(wrapped)) => {
                        store::set_wrapped(&write, row.id, &wrapped).await?;
                        done.rewrapped += 1;
                    }
                    Err(vault::Error::UnknownKey(_)) => return Err(held::locked()),
                    Err(_) => done.damaged += 1,
                }
            }
            write.commit().await?;
            if done.rewrapped > before {
                fail_point!("secret.rewrap_half");
            }
        }
        Ok(done)
    }

    /// Gives every tenant that has secrets a new data key, and seals them anew with it.
    pub async fn renew_data_keys(&self) -> Result<Rotated> {
        let mut done = Rotated::default();
        for tenant in tenants::all(self.0.log.db()).await? {
            let write = self.0.log.begin(tenant, Some("command".to_owned())).await?;
            let of_tenant = renew(&write, self.keys()?, tenant).await?;
            store::note_change(&write).await?;
            write.commit().await?;
            done.resealed += of_tenant.resealed;
            done.damaged += of_tenant.damaged;
        }
        Ok(done)
    }
}

async fn renew(write: &Write, keys: &Keys, tenant: Tenant) -> Result<Rotated> {
    let rows = store::lock_data_keys(write).await?;
    if rows.is_empty() {
        return Ok(Rotated::default());
    }
    let old = held::data_keys(keys, tenant, &rows)?;
    store::retire_data_keys(write).await?;
    let id = ids::new();
    let (new, wrapped) =
        keys.new_data_key(tenant.id().as_bytes(), *id.as_bytes()).map_err(Error::internal)?;
    store::insert_data_key(write, id, &wrapped).await?;
    let mut done = Rotated::default();
    let (mut names, mut versions, mut records) = (Vec::new(), Vec::new(), Vec::new());
    for row in store::rows(write).await?.iter().filter(|row| row.record.is_some()) {
        match reseal(row, &old, &new, records.len(), tenant) {
            Some(record) => {
                names.push(row.name.clone());
                versions.push(row.version);
                records.push(record);
            }
            None => done.damaged += 1,
        }
    }
    done.resealed = records.len();
    store::count_encryptions(write, id, i64::try_from(records.len()).unwrap_or(i64::MAX)).await?;
    store::set_records(write, id, &names, &versions, &records).await?;
    store::delete_idle_data_keys(write).await?;
    Ok(done)
}

/// None: it can't be read.
fn reseal(row: &Row, old: &[DataKey], new: &DataKey, used: usize, tenant: Tenant) -> Option<Vec<u8>> {
    let text = held::text(row, old, tenant)?;
    let (tenant, version) = (tenant.id(), u64::try_from(row.version).ok()?);
    let place = Place { tenant: tenant.as_bytes(), name: &row.name, version };
    new.seal(used as u64, place, text.expose_secret().as_bytes()).ok()
}
