//! Every statement on `secret` and `data_key`, and on the counter of their changes.

use crate::db::{Db, Tx, schema, sql};
use crate::error::Result;
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Bytea, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// What shows that something changed: a number that rises with each change, and the tenant when there is only one.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Stand {
    #[diesel(sql_type = Int8)]
    pub changes: i64,
    #[diesel(sql_type = Array<SqlUuid>)]
    pub tenants: Vec<Uuid>,
}

#[derive(QueryableByName)]
#[diesel(table_name = schema::data_key)]
pub struct DataKeyRow {
    pub id: Uuid,
    pub wrapped: Vec<u8>,
    pub encryptions: i64,
    pub created_at: DateTime<Utc>,
    pub retired_at: Option<DateTime<Utc>>,
}

/// One version of a secret.
#[derive(QueryableByName)]
#[diesel(table_name = schema::secret)]
pub struct Row {
    pub name: String,
    pub version: i64,
    pub data_key_id: Option<Uuid>,
    /// None: it was taken out.
    pub record: Option<Vec<u8>>,
    pub created_at: DateTime<Utc>,
    pub created_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub author: Option<String>,
    pub replaced_at: Option<DateTime<Utc>>,
}

pub async fn stand(db: &Db) -> Result<Stand> {
    let tx = db.system().await?;
    Ok(sql("select secrets_changes as changes, array(select id from tenant limit 2) as tenants from installation")
        .get_result(&mut tx.conn())
        .await?)
}

pub async fn data_keys(tx: &Tx) -> Result<Vec<DataKeyRow>> {
    Ok(sql("select id, wrapped, encryptions, created_at, retired_at from data_key where tenant_id = $1 order by id")
        .bind::<SqlUuid, _>(tx.tenant())
        .load(&mut tx.conn())
        .await?)
}

/// The same, and nobody else changes secrets of the tenant until the transaction ends.
pub async fn lock_data_keys(tx: &Tx) -> Result<Vec<DataKeyRow>> {
    Ok(sql("select id, wrapped, encryptions, created_at, retired_at from data_key
         where tenant_id = $1 order by id for no key update")
    .bind::<SqlUuid, _>(tx.tenant())
    .load(&mut tx.conn())
    .await?)
}

/// False: another transaction has just made the tenant's.
pub async fn insert_data_key(tx: &Tx, id: Uuid, wrapped: &[u8]) -> Result<bool> {
    let made = sql("insert into data_key (tenant_id, id, wrapped) values ($1, $2, $3)
         on conflict (tenant_id) where retired_at is null do nothing")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(id)
    .bind::<Bytea, _>(wrapped)
    .execute(&mut tx.conn())
    .await?;
    Ok(made == 1)
}

pub async fn count_encryptions(tx: &Tx, id: Uuid, more: i64) -> Result<()> {
    sql("update data_key set encryptions = encryptions + $3 where tenant_id = $1 and id = $2")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(id)
        .bind::<Int8, _>(more)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Every version of every secret, the newest of each last.
pub async fn rows(tx: &Tx) -> Result<Vec<Row>> {
    Ok(sql("select s.name, s.version, s.data_key_id, s.record, s.created_at, s.created_by, u.name as author, s.replaced_at
         from secret s left join app_user u on u.tenant_id = $1 and u.id = s.created_by
         where s.tenant_id = $1 order by s.name, s.version")
    .bind::<SqlUuid, _>(tx.tenant())
    .load(&mut tx.conn())
    .await?)
}

/// The newest version was replaced just now.
pub async fn retire(tx: &Tx, name: &str) -> Result<()> {
    sql("update secret set replaced_at = now() where tenant_id = $1 and name = $2 and replaced_at is null")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<Text, _>(name)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub async fn delete_versions(tx: &Tx, name: &str, versions: &[i64]) -> Result<()> {
    sql("delete from secret where tenant_id = $1 and name = $2 and version = any($3)")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<Text, _>(name)
        .bind::<Array<Int8>, _>(versions)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// A version, with its record and the data key that sealed it; without: the secret is taken out.
pub async fn insert(
    tx: &Tx,
    name: &str,
    version: i64,
    sealed: Option<(Uuid, &[u8])>,
    user: Uuid,
) -> Result<DateTime<Utc>> {
    #[derive(QueryableByName)]
    struct Made {
        #[diesel(sql_type = Timestamptz)]
        created_at: DateTime<Utc>,
    }
    let made: Made = sql("insert into secret (tenant_id, name, version, data_key_id, record, created_by)
         values ($1, $2, $3, $4, $5, $6) returning created_at")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Text, _>(name)
    .bind::<Int8, _>(version)
    .bind::<Nullable<SqlUuid>, _>(sealed.map(|(key, _)| key))
    .bind::<Nullable<Bytea>, _>(sealed.map(|(_, record)| record))
    .bind::<SqlUuid, _>(user)
    .get_result(&mut tx.conn())
    .await?;
    Ok(made.created_at)
}

/// Tells every node that there is something to read. The last statement before the log's: its lock is one of all tenants.
pub async fn note_change(tx: &Tx) -> Result<()> {
    sql("update installation set secrets_changes = secrets_changes + 1").execute(&mut tx.conn()).await?;
    Ok(())
}

pub async fn set_wrapped(tx: &Tx, id: Uuid, wrapped: &[u8]) -> Result<()> {
    sql("update data_key set wrapped = $3 where tenant_id = $1 and id = $2")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(id)
        .bind::<Bytea, _>(wrapped)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub async fn retire_data_keys(tx: &Tx) -> Result<()> {
    sql("update data_key set retired_at = now() where tenant_id = $1 and retired_at is null")
        .bind::<SqlUuid, _>(tx.tenant())
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Versions of secrets with the records that another data key sealed.
pub async fn set_records(
    tx: &Tx,
    data_key: Uuid,
    names: &[String],
    versions: &[i64],
    records: &[Vec<u8>],
) -> Result<()> {
    sql("update secret s set data_key_id = $2, record = new.record
         from unnest($3::text[], $4::bigint[], $5::bytea[]) as new (name, version, record)
         where s.tenant_id = $1 and s.name = new.name and s.version = new.version")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(data_key)
    .bind::<Array<Text>, _>(names)
    .bind::<Array<Int8>, _>(versions)
    .bind::<Array<Bytea>, _>(records)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Retired ones that seal nothing any more.
pub async fn delete_idle_data_keys(tx: &Tx) -> Result<()> {
    sql("delete from data_key k where tenant_id = $1 and retired_at is not null
         and not exists (select from secret s where s.tenant_id = $1 and s.data_key_id = k.id)")
    .bind::<SqlUuid, _>(tx.tenant())
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}
