//! Channel events, each once; a call or comment is one event that later news update.

use super::Steps;
use crate::db::{JsonRows, Tx, scalar, sql};
use crate::error::Result;
use crate::ingest::world::World;
use diesel::sql_types::{Array, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use std::collections::BTreeSet;

pub(super) fn add(steps: &mut Steps, world: &World) -> Result<()> {
    steps.add(
        "insert into channel_event as e (tenant_id, id, channel_id, scope, kind, key, at,
                                        customer_id, data)
         select $1, id, channel_id, scope, kind, key, at, customer_id, data
         from json_populate_recordset(null::channel_event, $2) order by scope, kind, key
         on conflict (tenant_id, scope, kind, key) do update set
             data = case when excluded.at >= e.at then e.data || excluded.data else excluded.data || e.data end,
             at = greatest(e.at, excluded.at), customer_id = coalesce(e.customer_id, excluded.customer_id),
             version = e.version + 1
         where e.kind in ('call', 'comment') and e.data is distinct from excluded.data",
        JsonRows::of(world.channel_events.iter())?,
    );
    Ok(())
}

/// The ids of leads among them whose content is not known yet.
pub(super) async fn pending_leads(tx: &Tx, world: &World) -> Result<BTreeSet<String>> {
    let leads: Vec<&str> =
        world.channel_events.iter().filter(|row| row.kind == "lead").map(|row| row.key.as_str()).collect();
    if leads.is_empty() {
        return Ok(BTreeSet::new());
    }
    let pending: Vec<scalar::Word> = sql("select key as value from channel_event
             where tenant_id = $1 and kind = 'lead' and key = any($2) and data ->> 'state' = 'pending'")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<Text>, _>(leads)
    .load(&mut tx.conn())
    .await?;
    Ok(pending.into_iter().map(|row| row.value).collect())
}

/// One statement may not touch a row twice: repetitions within the batch become one, in time order.
pub(super) fn fold_repetitions(world: &mut World) {
    world
        .channel_events
        .sort_by(|a, b| (&a.scope, &a.kind, &a.key, a.at).cmp(&(&b.scope, &b.kind, &b.key, b.at)));
    world.channel_events.dedup_by(|later, first| {
        let same = (&first.scope, &first.kind, &first.key) == (&later.scope, &later.kind, &later.key);
        if same && matches!(first.kind.as_str(), "call" | "comment") {
            if let (Value::Object(data), Value::Object(news)) = (&mut first.data, &later.data) {
                data.extend(news.iter().map(|(key, value)| (key.clone(), value.clone())));
            }
            first.at = later.at;
            first.customer_id = first.customer_id.or(later.customer_id);
        }
        same
    });
}
