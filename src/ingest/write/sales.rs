//! Cards, activities, attribution.

use super::{json_of, rows, run};
use crate::db::Tx;
use crate::error::Result;
use crate::ingest::rows::Fate;
use crate::ingest::world::World;

pub(super) async fn write(tx: &Tx, world: &mut World) -> Result<()> {
    title_new_cards(world);
    run(
        tx,
        "insert into card (tenant_id, id, board_id, column_id, rank, customer_id, title, source, attribution,
                           last_message_at, created_at)
         select $1, id, board_id, column_id, rank, customer_id, title, source, attribution, last_message_at,
                created_at
         from json_populate_recordset(null::card, $2) order by id",
        rows(world.cards.values().flatten(), Fate::New)?,
    )
    .await?;
    run(
        tx,
        "update card c set customer_id = r.customer_id, title = r.title, last_message_at = r.last_message_at, version = c.version + 1
         from json_populate_recordset(null::card, $2) r where c.tenant_id = $1 and c.id = r.id",
        rows(world.cards.values().flatten(), Fate::Changed)?,
    )
    .await?;
    run(
        tx,
        "delete from card c using json_populate_recordset(null::card, $2) r where c.tenant_id = $1 and c.id = r.id",
        json_of(world.deleted_cards.iter())?,
    )
    .await?;
    run(
        tx,
        "insert into activity (tenant_id, id, customer_id, kind, status, data, created_at)
         select $1, id, customer_id, kind, status, data, created_at
         from json_populate_recordset(null::activity, $2) order by id",
        json_of(world.new_activities.iter())?,
    )
    .await?;
    run(
        tx,
        "insert into attribution (tenant_id, id, customer_id, key, at, data)
         select $1, id, customer_id, key, at, data from json_populate_recordset(null::attribution, $2) order by key
         on conflict (tenant_id, key) do nothing",
        json_of(world.attributions.iter())?,
    )
    .await
}

/// A card's title is its customer's name until someone gives it another.
fn title_new_cards(world: &mut World) {
    for (customer, cards) in &mut world.cards {
        let Some(name) = world.customers.get(customer).map(|kept| kept.row.name.clone()) else { continue };
        for kept in cards.iter_mut().filter(|kept| kept.fate == Fate::New) {
            kept.row.title.clone_from(&name);
        }
    }
}
