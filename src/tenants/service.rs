//! Making tenants.

use super::store;
use crate::db::{Db, SystemTx, Tenant};
use crate::error::{Error, Result};
use crate::ids;

/// What a board starts with: name and kind of its columns.
const COLUMNS: [(&str, &str); 4] =
    [("Potential", "open"), ("In progress", "open"), ("Won", "won"), ("Lost", "lost")];

/// At start: the oldest tenant, made (slug `default`) when there is none.
pub async fn ensure(db: &Db) -> Result<Tenant> {
    let tx = db.system().await?;
    store::lock(&tx).await?;
    if let Some(tenant) = store::oldest(&tx).await? {
        return Ok(tenant);
    }
    let tenant = make(&tx, "default", "Switchboard").await?;
    tx.commit().await?;
    Ok(tenant)
}

/// A new tenant with its board and its website channel. A slug that is taken is a 422.
pub async fn create(db: &Db, slug: &str, name: &str) -> Result<Tenant> {
    if !is_slug(slug) {
        return Err(Error::invalid("slug", "invalid", "A slug has 1 to 63 characters of `a-z0-9-`."));
    }
    if name.trim().is_empty() {
        return Err(Error::invalid("name", "required", "A name is needed."));
    }
    let tx = db.system().await?;
    store::lock(&tx).await?;
    let tenant = make(&tx, slug, name.trim()).await?;
    tx.commit().await?;
    Ok(tenant)
}

async fn make(tx: &SystemTx, slug: &str, name: &str) -> Result<Tenant> {
    let id = ids::new();
    if !store::insert(tx, id, slug, name).await? {
        return Err(Error::invalid("slug", "taken", "Another tenant has that slug."));
    }
    store::insert_board(tx, id, &COLUMNS).await?;
    store::insert_website(tx, id, &ids::token()).await?;
    Ok(Tenant::proven(id))
}

/// As the table's own check.
fn is_slug(slug: &str) -> bool {
    (1..=63).contains(&slug.len())
        && !slug.starts_with('-')
        && slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    #[test]
    fn slugs() {
        for good in ["a", "acme-2", &"a".repeat(63)] {
            assert!(super::is_slug(good), "{good}");
        }
        for bad in ["", "-a", "A", "a_b", "ü", &"a".repeat(64)] {
            assert!(!super::is_slug(bad), "{bad}");
        }
    }
}
