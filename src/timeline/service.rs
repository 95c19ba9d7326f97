//! The viewer's snapshot, and reading and editing activities.

use super::model::{Activity, ActivityPatch, ActivityStatus, Details, Place};
use super::{events, store};
use crate::auth::{Actor, Permission, Scope};
use crate::customers::listing::{self, From, Listed, Part, offset};
use crate::customers::{self, patch};
use crate::db::{Db, Tenant, Tx};
use crate::error::{Error, Result};
use crate::log::Write;
use crate::page::{self, List, Table};
use crate::{inbox, kanban};
use std::collections::HashMap;
use std::hash::Hash;
use uuid::Uuid;

/// Of each list in the snapshot.
const NEWEST: i64 = 50;

/// Everything around a customer, read at one moment.
pub(super) async fn details(db: &Db, actor: &Actor, id: Uuid) -> Result<(i64, Details)> {
    let scope = actor.require(Permission::InboxRead)?;
    let only_own_of = (scope != Scope::All).then_some(actor.user_id);
    let tx = db.read(actor.tenant).await?;
    let id = customers::resolve(&tx, id).await?;
    let (conversation_ids, card_ids, places, attribution, events) = futures_util::try_join!(
        store::conversations(&tx, id, only_own_of, NEWEST),
        store::cards(&tx, id, NEWEST),
        store::list(&tx, id, None, None, (NEWEST, 0)),
        store::touches(&tx, id, NEWEST),
        store::platform_events(&tx, id, NEWEST)
    )?;
    let activity_ids = ids(&places);
    let one = [id];
    let (mut customers, conversations, cards, activities) = futures_util::try_join!(
        customers::load(&tx, &one),
        inbox::load_conversations(&tx, &conversation_ids),
        kanban::load_cards(&tx, &card_ids),
        store::load_activities(&tx, &activity_ids)
    )?;
    let details = Details {
        customer: customers.remove(&id).ok_or(Error::NotFound)?,
        conversations: in_order(&conversation_ids, conversations),
        cards: in_order(&card_ids, cards),
        activities: in_order(&activity_ids, activities),
        attribution,
        events,
    };
    Ok((tx.seq(), details))
}

/// Activities of a customer, newest first. A customer that is not there has none.
pub(super) async fn list(
    db: &Db,
    tenant: Tenant,
    customer: Uuid,
    status: Option<ActivityStatus>,
    part: &Part,
) -> Result<(i64, Listed<Activity>)> {
    let tx = db.read(tenant).await?;
    let customer = match customers::resolve(&tx, customer).await {
        Err(Error::NotFound) => customer,
        resolved => resolved?,
    };
    let limit = part.limit;
    let listed = match part.from {
        From::Page(page) => {
            let (places, total) = futures_util::try_join!(
                store::list(&tx, customer, status, None, (limit, offset(page, limit))),
                store::total(&tx, customer, status)
            )?;
            Listed::Table(Table { items: activities(&tx, &places).await?, page, total })
        }
        From::Start | From::Cursor(_) => {
            let before = part.cursor(|place: &Place| listing::is_time(place.at))?;
            let places = store::list(&tx, customer, status, before, (limit + 1, 0)).await?;
            let places = page::list(places, limit, |place| *place)?;
            let items = activities(&tx, &places.items).await?;
            Listed::List(List { items, next_cursor: places.next_cursor })
        }
    };
    Ok((tx.seq(), listed))
}

/// Applies a colleague's edit. Writes nothing when it changes nothing.
pub(super) async fn edit(write: &mut Write, id: Uuid, edit: &ActivityPatch) -> Result<Activity> {
    let (status, version) = store::lock(write, id).await?.ok_or(Error::NotFound)?;
    if patch::is_stale(edit.version, version) {
        return Err(patch::conflict(&one(write, id).await?)?);
    }
    let Some(new) = edit.status.filter(|new| *new != status) else {
        return one(write, id).await;
    };
    store::set_status(write, id, new).await?;
    let activity = one(write, id).await?;
    events::updated(write, &activity)?;
    Ok(activity)
}

async fn one(tx: &Tx, id: Uuid) -> Result<Activity> {
    store::load_activities(tx, &[id]).await?.remove(&id).ok_or(Error::NotFound)
}

async fn activities(tx: &Tx, places: &[Place]) -> Result<Vec<Activity>> {
    let ids = ids(places);
    Ok(in_order(&ids, store::load_activities(tx, &ids).await?))
}

fn ids(places: &[Place]) -> Vec<Uuid> {
    places.iter().map(|place| place.id).collect()
}

fn in_order<K: Eq + Hash, T>(ids: &[K], mut of: HashMap<K, T>) -> Vec<T> {
    ids.iter().filter_map(|id| of.remove(id)).collect()
}
