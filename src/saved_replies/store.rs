//! Every statement on `saved_reply`.

use super::model::{NewSavedReply, SavedReply};
use crate::db::{Tx, scalar, schema, sql};
use crate::error::Result;
use crate::ids;
use diesel::QueryableByName;
use diesel::sql_types::{Int8, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

#[derive(QueryableByName)]
#[diesel(table_name = schema::saved_reply)]
struct Row {
    id: Uuid,
    shortcut: String,
    text: String,
    version: i32,
}

/// Replies by their shortcut, those above `after`.
pub async fn page(tx: &Tx, after: &str, limit: i64) -> Result<Vec<SavedReply>> {
    let rows: Vec<Row> = sql("select id, shortcut, text, version from saved_reply
         where tenant_id = $1 and lower(shortcut) > $2 order by lower(shortcut) limit $3")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Text, _>(after)
    .bind::<Int8, _>(limit)
    .load(&mut tx.conn())
    .await?;
    Ok(rows.into_iter().map(SavedReply::from).collect())
}

pub async fn lock(tx: &Tx, id: Uuid) -> Result<Option<SavedReply>> {
    let rows: Vec<Row> = sql("select id, shortcut, text, version from saved_reply
         where tenant_id = $1 and id = $2 for no key update")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(id)
    .load(&mut tx.conn())
    .await?;
    Ok(rows.into_iter().next().map(SavedReply::from))
}

/// None: the shortcut is another one's.
pub async fn insert(tx: &Tx, new: &NewSavedReply) -> Result<Option<SavedReply>> {
    let rows: Vec<Row> =
        sql("insert into saved_reply (tenant_id, id, shortcut, text) values ($1, $2, $3, $4)
         on conflict (tenant_id, lower(shortcut)) do nothing returning id, shortcut, text, version")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(ids::new())
        .bind::<Text, _>(&new.shortcut)
        .bind::<Text, _>(&new.text)
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().next().map(SavedReply::from))
}

/// Whether another reply has the shortcut.
pub async fn is_taken(tx: &Tx, shortcut: &str, but: Uuid) -> Result<bool> {
    let rows: Vec<scalar::Id> = sql("select id from saved_reply
         where tenant_id = $1 and lower(shortcut) = lower($2) and id <> $3")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Text, _>(shortcut)
    .bind::<SqlUuid, _>(but)
    .load(&mut tx.conn())
    .await?;
    Ok(!rows.is_empty())
}

pub async fn update(tx: &Tx, id: Uuid, new: &NewSavedReply) -> Result<()> {
    sql("update saved_reply set shortcut = $3, text = $4, version = version + 1 where tenant_id = $1 and id = $2")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(&new.shortcut)
        .bind::<Text, _>(&new.text)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// False: there was none.
pub async fn delete(tx: &Tx, id: Uuid) -> Result<bool> {
    let gone = sql("delete from saved_reply where tenant_id = $1 and id = $2")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(id)
        .execute(&mut tx.conn())
        .await?;
    Ok(gone == 1)
}

impl From<Row> for SavedReply {
    fn from(row: Row) -> Self {
        Self { id: row.id, shortcut: row.shortcut, text: row.text, version: row.version }
    }
}
