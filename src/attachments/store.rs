//! Every statement on `attachment` of fetching and giving out.

use crate::db::{Tx, schema, sql};
use crate::error::Result;
use crate::files::Kept;
use diesel::QueryableByName;
use diesel::sql_types::{Array, Bool, Bytea, Int2, Int4, Int8, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// An attachment whose file is to be fetched.
#[derive(QueryableByName)]
pub struct Wanted {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub message_id: Uuid,
    #[diesel(sql_type = Int2)]
    pub position: i16,
    /// It was here before.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub file_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub external_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub file_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub mime_type: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub source_url: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub sha256: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub message_external_id: Option<String>,
    #[diesel(sql_type = Text)]
    pub channel_kind: String,
}

/// None: it is there already, was given up, or is deleted.
pub async fn wanted(tx: &Tx, id: Uuid) -> Result<Option<Wanted>> {
    let rows: Vec<Wanted> =
        sql("select a.id, a.message_id, a.position, a.file_id, a.external_id, a.file_name, a.mime_type,
                a.source_url, a.sha256, m.external_id as message_external_id, ch.kind as channel_kind
         from attachment a
         join message m on m.tenant_id = a.tenant_id and m.id = a.message_id
         join channel ch on ch.tenant_id = m.tenant_id and ch.id = m.channel_id
         where a.tenant_id = $1 and a.id = $2 and a.state = 'pending' and m.deleted_at is null")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(id)
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().next())
}

/// The file is here. False: nobody wants it any more.
pub async fn ready(tx: &Tx, id: Uuid, kept: &Kept) -> Result<bool> {
    let picture = &kept.picture;
    let changed = sql("with mine as (
             update attachment set state = 'ready', file_id = $3, file_name = $4, mime_type = $5,
                    size = $6, width = $7, height = $8, duration_ms = $9, peaks = $10, thumbnail = $11
             where tenant_id = $1 and id = $2 and state = 'pending' returning message_id)
         update message set version = version + 1 where tenant_id = $1 and id in (select message_id from mine)")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(kept.id)
    .bind::<Text, _>(&kept.file_name)
    .bind::<Text, _>(&kept.mime_type)
    .bind::<Int8, _>(kept.size)
    .bind::<Nullable<Int4>, _>(picture.width)
    .bind::<Nullable<Int4>, _>(picture.height)
    .bind::<Nullable<Int4>, _>(picture.duration_ms)
    .bind::<Nullable<Bytea>, _>((!picture.peaks.is_empty()).then_some(&picture.peaks))
    .bind::<Bool, _>(picture.thumbnail)
    .execute(&mut tx.conn())
    .await?;
    Ok(changed == 1)
}

/// Leads an attachment from one of some states to another. False: it is in none of them.
pub async fn lead(tx: &Tx, id: Uuid, from: &[&str], to: &str) -> Result<bool> {
    let changed = sql("with mine as (
             update attachment set state = $4 where tenant_id = $1 and id = $2 and state = any($3)
             returning message_id)
         update message set version = version + 1 where tenant_id = $1 and id in (select message_id from mine)")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(id)
    .bind::<Array<Text>, _>(from)
    .bind::<Text, _>(to)
    .execute(&mut tx.conn())
    .await?;
    Ok(changed == 1)
}

/// An attachment as it is given out.
#[derive(QueryableByName)]
#[diesel(table_name = schema::attachment)]
pub struct Shown {
    pub id: Uuid,
    pub message_id: Uuid,
    pub file_id: Option<Uuid>,
    pub file_name: Option<String>,
    pub mime_type: Option<String>,
    pub size: Option<i64>,
    pub state: String,
    pub thumbnail: bool,
    #[diesel(sql_type = SqlUuid)]
    pub conversation_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub channel_id: Uuid,
}

/// None: there is none, or its message is deleted.
pub async fn shown(tx: &Tx, id: Uuid) -> Result<Option<Shown>> {
    let rows: Vec<Shown> =
        sql("select a.id, a.message_id, a.file_id, a.file_name, a.mime_type, a.size, a.state,
                a.thumbnail, m.conversation_id, m.channel_id
         from attachment a join message m on m.tenant_id = a.tenant_id and m.id = a.message_id
         where a.tenant_id = $1 and a.id = $2 and m.deleted_at is null")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(id)
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().next())
}
