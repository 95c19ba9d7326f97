//! Reading and editing customers.

use super::listing::{From, Listed, Part, offset};
use super::model::{Customer, CustomerPatch, Editable};
use super::store::{self, Filter, Place, Sort};
use super::{events, patch, text};
use crate::db::{Db, Tenant, Tx};
use crate::error::{Error, Result};
use crate::log::Write;
use crate::page::{self, Table};
use uuid::Uuid;

/// How often an edit follows a customer that is merged at that moment.
const MERGES_FOLLOWED: usize = 3;

/// A list as it was asked for.
pub(super) struct Query {
    pub(super) filter: Filter,
    pub(super) sort: Sort,
    pub(super) descending: bool,
    pub(super) part: Part,
}

/// The list, and the place in the log that it shows.
pub(super) async fn list(db: &Db, tenant: Tenant, mut query: Query) -> Result<(i64, Listed<Customer>)> {
    let tx = db.read(tenant).await?;
    query.filter.broad = is_broad(&tx, query.filter.pattern.as_deref()).await?;
    let order = (query.sort, query.descending);
    let limit = query.part.limit;
    let listed = match &query.part.from {
        From::Page(page) => {
            let (places, total) = futures_util::try_join!(
                store::table(&tx, &query.filter, order, (limit, offset(*page, limit))),
                store::total(&tx, &query.filter)
            )?;
            Listed::Table(Table { items: shapes(&tx, &places).await?, page: *page, total })
        }
        From::Start | From::Cursor(_) => {
            let after = query.part.cursor(|place: &Place| place.fits(query.sort, query.descending))?;
            let places = store::page(&tx, &query.filter, order, after.as_ref(), limit + 1).await?;
            let places = page::list(places, limit, Place::clone)?;
            Listed::List(page::List {
                items: shapes(&tx, &places.items).await?,
                next_cursor: places.next_cursor,
            })
        }
    };
    Ok((tx.seq(), listed))
}

/// One customer; the id of a merged one gives the one that is left.
pub(super) async fn get(db: &Db, tenant: Tenant, id: Uuid) -> Result<(i64, Customer)> {
    let tx = db.read(tenant).await?;
    let id = store::resolve(&tx, id).await?.ok_or(Error::NotFound)?;
    Ok((tx.seq(), one(&tx, id).await?))
}

/// The customer that an id stands for, or 404.
pub async fn resolve(tx: &Tx, id: Uuid) -> Result<Uuid> {
    store::resolve(tx, id).await?.ok_or(Error::NotFound)
}

/// Applies a colleague's edit. Writes nothing when it changes nothing.
pub(super) async fn edit(
    write: &mut Write,
    fallback_region: Option<&str>,
    id: Uuid,
    edit: &CustomerPatch,
) -> Result<Customer> {
    let (id, current, version) = locked(write, id).await?;
    if patch::is_stale(edit.version, version) {
        return Err(patch::conflict(&one(write, id).await?)?);
    }
    let region = store::default_region(write).await?;
    let new = current.with(edit, region.as_deref().or(fallback_region))?;
    if new == current {
        return one(write, id).await;
    }
    let search = new.search_text(store::spellings(write, id).await?);
    store::update(write, id, &new, &search).await?;
    let ids = [id];
    let (customer, mut boards) = futures_util::try_join!(one(write, id), store::boards(write, &ids))?;
    events::updated(write, &customer, &boards.remove(&id).unwrap_or_default())?;
    Ok(customer)
}

/// Whether so many customers fit a search pattern that walking a list in its order finds a page of them sooner.
pub async fn is_broad(tx: &Tx, pattern: Option<&str>) -> Result<bool> {
    match pattern {
        None => Ok(false),
        Some(pattern) if text::is_short(pattern) => Ok(true),
        Some(pattern) => store::is_broad(tx, pattern).await,
    }
}

/// 422 unless work can be given to that user: of the tenant, and not disabled.
pub async fn check_assignee(tx: &Tx, user: Option<Uuid>) -> Result<()> {
    match user {
        Some(user) if !store::is_colleague(tx, user).await? => {
            Err(Error::invalid("assignee_id", "unknown", "There is no such colleague."))
        }
        _ => Ok(()),
    }
}

/// Finds and locks the customer; a merge may end it in between.
async fn locked(write: &Write, id: Uuid) -> Result<(Uuid, Editable, i32)> {
    for _ in 0..MERGES_FOLLOWED {
        let left = store::resolve(write, id).await?.ok_or(Error::NotFound)?;
        if let Some((row, version)) = store::lock(write, left).await? {
            return Ok((left, row, version));
        }
    }
    Err(Error::Conflict("The customer is being merged. Try again."))
}

async fn one(tx: &Tx, id: Uuid) -> Result<Customer> {
    store::load(tx, &[id]).await?.remove(&id).ok_or(Error::NotFound)
}

async fn shapes(tx: &Tx, places: &[Place]) -> Result<Vec<Customer>> {
    let ids: Vec<Uuid> = places.iter().map(|place| place.id).collect();
    let mut customers = store::load(tx, &ids).await?;
    Ok(ids.iter().filter_map(|id| customers.remove(id)).collect())
}
