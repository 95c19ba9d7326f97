//! Every statement on `message_template`.

use super::model::Kept;
use crate::db::{JsonRows, Tx, sql};
use crate::error::Result;
use diesel::sql_types::{Array, Int8, Json, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// Templates by name and language, those above `after`, without what is gone.
pub async fn page(
    tx: &Tx,
    waba_id: &str,
    pattern: Option<&str>,
    after: &(String, String),
    limit: i64,
) -> Result<Vec<Kept>> {
    Ok(sql("select * from message_template
         where tenant_id = $1 and waba_id = $2 and status <> 'deleted' and ($3 is null or search like $3)
           and (name, language) > ($4, $5)
         order by name, language limit $6")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Text, _>(waba_id)
    .bind::<Nullable<Text>, _>(pattern)
    .bind::<Text, _>(&after.0)
    .bind::<Text, _>(&after.1)
    .bind::<Int8, _>(limit)
    .load(&mut tx.conn())
    .await?)
}

/// One template, also one that is gone.
pub async fn one(tx: &Tx, waba_id: &str, id: Uuid) -> Result<Option<Kept>> {
    let mut rows: Vec<Kept> =
        sql("select * from message_template where tenant_id = $1 and waba_id = $2 and id = $3")
            .bind::<SqlUuid, _>(tx.tenant())
            .bind::<Text, _>(waba_id)
            .bind::<SqlUuid, _>(id)
            .load(&mut tx.conn())
            .await?;
    Ok(rows.pop())
}

/// All templates of an account, for a change.
pub async fn lock_all(tx: &Tx, waba_id: &str) -> Result<Vec<Kept>> {
    Ok(sql(
        "select * from message_template where tenant_id = $1 and waba_id = $2 order by id for no key update",
    )
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Text, _>(waba_id)
    .load(&mut tx.conn())
    .await?)
}

/// Those of some ids of Meta, for a change.
pub async fn lock_named(tx: &Tx, waba_ids: &[&str], external_ids: &[&str]) -> Result<Vec<Kept>> {
    Ok(sql("select * from message_template
         where tenant_id = $1 and waba_id = any($2) and external_id = any($3) order by id for no key update")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<Text>, _>(waba_ids)
    .bind::<Array<Text>, _>(external_ids)
    .load(&mut tx.conn())
    .await?)
}

/// New ones, and those that changed.
pub async fn save(tx: &Tx, rows: &[Kept]) -> Result<()> {
    let Some(rows) = JsonRows::of(rows)? else { return Ok(()) };
    sql("insert into message_template (tenant_id, id, waba_id, external_id, name, language, category, category_at, status,
             status_at, rejected_reason, quality, quality_at, components, search, synced_at, version)
         select $1, id, waba_id, external_id, name, language, category, category_at, status,
             status_at, rejected_reason, quality, quality_at, components, search, synced_at, version
         from json_populate_recordset(null::message_template, $2)
         on conflict (tenant_id, id) do update set
             external_id = excluded.external_id, category = excluded.category, category_at = excluded.category_at,
             status = excluded.status, status_at = excluded.status_at, rejected_reason = excluded.rejected_reason,
             quality = excluded.quality, quality_at = excluded.quality_at, components = excluded.components,
             search = excluded.search, synced_at = excluded.synced_at, version = excluded.version")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Json, _>(rows)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}
