//! Cards, activities, attribution.

use super::{Steps, of, often, rows};
use crate::db::JsonRows;
use crate::error::Result;
use crate::ingest::rows::Fate;
use crate::ingest::world::World;

pub(super) fn add<'a>(steps: &mut Steps<'a>, world: &'a World) -> Result<()> {
    steps.add(
        "insert into card (tenant_id, id, board_id, column_id, rank, customer_id, title, source, attribution,
                           last_message_at, created_at)
         select $1, id, board_id, column_id, rank, customer_id, title, source, attribution, last_message_at,
                created_at
         from json_populate_recordset(null::card, $2) order by id",
        rows(world.cards.values().flatten(), Fate::New)?,
    );
    let changed: Vec<_> = of(world.cards.values().flatten(), Fate::Changed).collect();
    if !changed.is_empty() {
        steps.send(often::update_cards(steps.tx, changed));
    }
    steps.add(
        "delete from card c using json_populate_recordset(null::card, $2) r where c.tenant_id = $1 and c.id = r.id",
        JsonRows::of(world.deleted_cards.iter())?,
    );
    steps.add(
        "insert into activity (tenant_id, id, customer_id, kind, status, data, created_at)
         select $1, id, customer_id, kind, status, data, created_at
         from json_populate_recordset(null::activity, $2) order by id",
        JsonRows::of(world.new_activities.iter())?,
    );
    steps.add(
        "insert into attribution (tenant_id, id, customer_id, key, at, data)
         select $1, id, customer_id, key, at, data from json_populate_recordset(null::attribution, $2) order by key
         on conflict (tenant_id, key) do nothing",
        JsonRows::of(world.attributions.iter())?,
    );
    Ok(())
}

/// A card's title is its customer's name until someone gives it another.
pub(super) fn title_new_cards(world: &mut World) {
    for (customer, cards) in &mut world.cards {
        let Some(name) = world.customers.get(customer).map(|kept| kept.row.name.clone()) else { continue };
        for kept in cards.iter_mut().filter(|kept| kept.fate == Fate::New) {
            kept.row.title.clone_from(&name);
        }
    }
}
