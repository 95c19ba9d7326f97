//! Customers and identities.

use super::{Steps, rows};
use crate::db::JsonRows;
use crate::error::Result;
use crate::ingest::rows::Fate;
use crate::ingest::world::{World, settled};
use serde_json::json;

pub(super) fn add(steps: &mut Steps, world: &World) -> Result<()> {
    steps.add(
        "insert into customer (tenant_id, id, name, name_rank, phone, phone_key, email, marketing_opt_out, merged_into,
                               search, created_at)
         select $1, id, name, name_rank, phone, phone_key, email, marketing_opt_out, null, search, created_at
         from json_populate_recordset(null::customer, $2) order by id",
        rows(world.customers.values(), Fate::New)?,
    );
    steps.add(
        "update customer c set name = r.name, name_rank = r.name_rank, phone = r.phone, phone_key = r.phone_key,
                email = r.email, marketing_opt_out = r.marketing_opt_out, merged_into = r.merged_into,
                search = r.search, version = c.version + 1
         from json_populate_recordset(null::customer, $2) r where c.tenant_id = $1 and c.id = r.id",
        rows(world.customers.values(), Fate::Changed)?,
    );
    // A customer that was made and joined to another in one batch.
    let ended_new =
        world.customers.values().filter(|kept| kept.fate == Fate::New && kept.row.merged_into.is_some());
    steps.add(
        "update customer c set merged_into = r.merged_into
         from json_populate_recordset(null::customer, $2) r where c.tenant_id = $1 and c.id = r.id",
        JsonRows::of(ended_new.map(|kept| &kept.row))?,
    );
    // Old ids are given up before somebody else takes them.
    steps.add(
        "update customer_identity i set customer_id = r.customer_id, username = r.username, retired_at = r.retired_at
         from json_populate_recordset(null::customer_identity, $2) r where i.tenant_id = $1 and i.id = r.id",
        rows(world.identities.values(), Fate::Changed)?,
    );
    steps.add(
        "insert into customer_identity (tenant_id, id, customer_id, channel_kind, kind, scope, value, match_key,
                                        username, retired_at, created_at)
         select $1, id, customer_id, channel_kind, kind, scope, value, match_key, username, retired_at, created_at
         from json_populate_recordset(null::customer_identity, $2) order by id",
        rows(world.identities.values(), Fate::New)?,
    );
    Ok(())
}

/// What belonged to a customer that was joined to another one, as far as the batch did not hold it in memory. Their
/// versions stay: `customer.merged` tells a client to hand over what it shows of the joined one.
pub(super) fn add_merges(steps: &mut Steps, world: &World) -> Result<()> {
    let pairs = settled(&world.customer_merges).into_iter();
    let pairs = JsonRows::of(pairs.map(|(ends, stays)| json!({ "a": ends, "b": stays })))?;
    for statement in [
        "update message t set author_customer_id = r.b from json_to_recordset($2) as r (a uuid, b uuid)
         where t.tenant_id = $1 and t.author_customer_id = r.a",
        "update conversation t set customer_id = r.b from json_to_recordset($2) as r (a uuid, b uuid)
         where t.tenant_id = $1 and t.customer_id = r.a and t.merged_into is not null",
        "update card t set customer_id = r.b
         from json_to_recordset($2) as r (a uuid, b uuid), board_column c
         where t.tenant_id = $1 and t.customer_id = r.a and c.tenant_id = t.tenant_id and c.id = t.column_id
           and c.kind <> 'open'",
        "update activity t set customer_id = r.b from json_to_recordset($2) as r (a uuid, b uuid)
         where t.tenant_id = $1 and t.customer_id = r.a",
        "update attribution t set customer_id = r.b from json_to_recordset($2) as r (a uuid, b uuid)
         where t.tenant_id = $1 and t.customer_id = r.a",
        "update channel_event t set customer_id = r.b from json_to_recordset($2) as r (a uuid, b uuid)
         where t.tenant_id = $1 and t.customer_id = r.a",
        "update customer t set merged_into = r.b from json_to_recordset($2) as r (a uuid, b uuid)
         where t.tenant_id = $1 and t.merged_into = r.a",
    ] {
        steps.add(statement, pairs.clone());
    }
    Ok(())
}

/// The text that search looks through.
pub(super) fn fill_search(world: &mut World) {
    let changed: Vec<_> =
        world.customers.iter().filter(|(_, kept)| kept.fate != Fate::Clean).map(|(id, _)| *id).collect();
    for id in changed {
        let mut parts: Vec<String> = Vec::new();
        for row in world.identities_of(id) {
            parts.push(row.value.clone());
            parts.extend(row.username.clone());
        }
        let Some(kept) = world.customers.get_mut(&id) else { continue };
        let row = &mut kept.row;
        parts.extend([Some(row.name.clone()), row.phone.clone(), row.email.clone()].into_iter().flatten());
        row.search = parts.join("\n").to_lowercase();
    }
}
