//! Every statement on tenants, and those that furnish a new one.

use crate::db::{Db, SystemTx, Tenant, scalar, sql};
use crate::error::Result;
use crate::ids;
use diesel::sql_types::{Array, Int2, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// Any number, the same for all nodes.
const LOCK: &str = "select pg_advisory_xact_lock(7310002)";

/// The tenant when there is exactly one.
pub async fn only(db: &Db) -> Result<Option<Tenant>> {
    let tx = db.system().await?;
    let rows: Vec<scalar::Id> = sql("select id from tenant limit 2").load(&mut tx.conn()).await?;
    Ok(match rows.as_slice() {
        [row] => Some(Tenant::proven(row.id)),
        _ => None,
    })
}

/// The tenant of an address.
pub async fn by_slug(db: &Db, slug: &str) -> Result<Option<Tenant>> {
    let tx = db.system().await?;
    find(&tx, slug).await
}

/// Country of phone numbers without country code, where the tenant has set one.
pub async fn region(db: &Db, tenant: Tenant) -> Result<Option<String>> {
    let tx = db.system().await?;
    let row: Option<scalar::Word> =
        sql("select default_region as value from tenant where id = $1 and default_region is not null")
            .bind::<SqlUuid, _>(tenant.id())
            .load(&mut tx.conn())
            .await?
            .pop();
    Ok(row.map(|row| row.value))
}

/// Every tenant, oldest first.
pub async fn all(db: &Db) -> Result<Vec<Tenant>> {
    let tx = db.system().await?;
    let rows: Vec<scalar::Id> =
        sql("select id from tenant order by created_at, id").load(&mut tx.conn()).await?;
    Ok(rows.into_iter().map(|row| Tenant::proven(row.id)).collect())
}

/// One node at a time makes tenants.
pub(super) async fn lock(tx: &SystemTx) -> Result<()> {
    sql(LOCK).execute(&mut tx.conn()).await?;
    Ok(())
}

pub(super) async fn find(tx: &SystemTx, slug: &str) -> Result<Option<Tenant>> {
    let rows: Vec<scalar::Id> =
        sql("select id from tenant where slug = $1").bind::<Text, _>(slug).load(&mut tx.conn()).await?;
    Ok(rows.into_iter().next().map(|row| Tenant::proven(row.id)))
}

pub(super) async fn oldest(tx: &SystemTx) -> Result<Option<Tenant>> {
    let rows: Vec<scalar::Id> =
        sql("select id from tenant order by created_at, id limit 1").load(&mut tx.conn()).await?;
    Ok(rows.into_iter().next().map(|row| Tenant::proven(row.id)))
}

/// The row, its counter, and the tenant set for the rest of the transaction. False: the slug is taken.
pub(super) async fn insert(tx: &SystemTx, id: Uuid, slug: &str, name: &str) -> Result<bool> {
    let made = sql("insert into tenant (id, slug, name) values ($1, $2, $3) on conflict do nothing")
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(slug)
        .bind::<Text, _>(name)
        .execute(&mut tx.conn())
        .await?;
    if made == 0 {
        return Ok(false);
    }
    sql("insert into tenant_counter (tenant_id) values ($1)")
        .bind::<SqlUuid, _>(id)
        .execute(&mut tx.conn())
        .await?;
    sql("select set_config('app.tenant_id', $1::text, true)")
        .bind::<SqlUuid, _>(id)
        .execute(&mut tx.conn())
        .await?;
    Ok(true)
}

pub(super) async fn insert_board(tx: &SystemTx, tenant: Uuid, columns: &[(&str, &str)]) -> Result<()> {
    let board = ids::new();
    sql("insert into board (tenant_id, id, name, is_default) values ($1, $2, 'Sales', true)")
        .bind::<SqlUuid, _>(tenant)
        .bind::<SqlUuid, _>(board)
        .execute(&mut tx.conn())
        .await?;
    let ids: Vec<Uuid> = columns.iter().map(|_| ids::new()).collect();
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let kinds: Vec<&str> = columns.iter().map(|(_, kind)| *kind).collect();
    let places: Vec<i16> = (0_i16..).take(columns.len()).collect();
    sql("insert into board_column (tenant_id, board_id, id, name, kind, position)
         select $1, $2, new.* from unnest($3::uuid[], $4::text[], $5::text[], $6::smallint[]) as new")
    .bind::<SqlUuid, _>(tenant)
    .bind::<SqlUuid, _>(board)
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<Text>, _>(names)
    .bind::<Array<Text>, _>(kinds)
    .bind::<Array<Int2>, _>(places)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// The channel of the tenant's own site; its key is public (it stands in the site's pages), but not guessable.
pub(super) async fn insert_website(tx: &SystemTx, tenant: Uuid, site_key: &str) -> Result<()> {
    sql("with made as (
             insert into channel (tenant_id, id, kind, account_id, name, confirmed, site_key)
             values ($1, $2, 'website', 'website', 'Website', true, $3) returning tenant_id, id, site_key
         )
         insert into channel_account (kind, account_id, tenant_id, channel_id)
         select 'site_key', site_key, tenant_id, id from made")
    .bind::<SqlUuid, _>(tenant)
    .bind::<SqlUuid, _>(ids::new())
    .bind::<Text, _>(site_key)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}
