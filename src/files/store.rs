//! Every statement on `file` and `file_link`.

use super::inspect::Looked;
use super::model::{File, FileKind, NewFile, PART};
use crate::db::{SystemTx, Tx, scalar, schema, sql};
use crate::error::Result;
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Bool, Bytea, Int4, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

#[derive(QueryableByName)]
#[diesel(table_name = schema::file)]
struct Row {
    id: Uuid,
    owner_user_id: Option<Uuid>,
    file_name: Option<String>,
    mime_type: String,
    size: i64,
    received: i64,
    state: String,
    width: Option<i32>,
    height: Option<i32>,
    duration_ms: Option<i32>,
    peaks: Option<Vec<u8>>,
}

impl From<Row> for File {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            file_name: row.file_name,
            kind: FileKind::of(&row.mime_type),
            mime_type: row.mime_type,
            size: row.size,
            received: row.received,
            state: row.state,
            part_size: PART,
            width: row.width,
            height: row.height,
            duration_ms: row.duration_ms,
            peaks: row.peaks.unwrap_or_default(),
        }
    }
}

/// An upload, and whose it is.
pub(super) async fn upload(tx: &Tx, id: Uuid) -> Result<Option<(File, Option<Uuid>)>> {
    let rows: Vec<Row> =
        sql("select id, owner_user_id, file_name, mime_type, size, received, state, width, height,
                duration_ms, peaks from file where tenant_id = $1 and id = $2")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(id)
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().next().map(|row| {
        let owner = row.owner_user_id;
        (row.into(), owner)
    }))
}

/// Files that a user has uploaded, locked against the sweep; those that aren't theirs are left out.
pub async fn of_upload(tx: &Tx, user: Uuid, ids: &[Uuid]) -> Result<Vec<File>> {
    let rows: Vec<Row> =
        sql("select id, owner_user_id, file_name, mime_type, size, received, state, width, height,
                duration_ms, peaks from file where tenant_id = $1 and id = any($2) and owner_user_id = $3
         for key share")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<SqlUuid, _>(user)
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().map(File::from).collect())
}

#[derive(QueryableByName)]
pub(super) struct Loose {
    #[diesel(sql_type = Int8)]
    pub count: i64,
    #[diesel(sql_type = Int8)]
    pub size: i64,
}

/// How much of a user's uploads no message has.
pub(super) async fn loose(tx: &Tx, user: Uuid) -> Result<Loose> {
    Ok(sql("select count(*) as count, coalesce(sum(f.size), 0)::bigint as size from file f
         where f.tenant_id = $1 and f.owner_user_id = $2 and f.touched_at > now() - interval '25 hours'
           and not exists (select 1 from attachment a where a.tenant_id = $1 and a.file_id = f.id)")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(user)
    .get_result(&mut tx.conn())
    .await?)
}

pub(super) async fn insert(tx: &Tx, id: Uuid, owner: Option<Uuid>, new: &NewFile) -> Result<()> {
    sql("insert into file (tenant_id, id, owner_user_id, file_name, mime_type, size) values ($1, $2, $3, $4, $5, $6)")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(id)
        .bind::<Nullable<SqlUuid>, _>(owner)
        .bind::<Text, _>(&new.file_name)
        .bind::<Text, _>(&new.mime_type)
        .bind::<Int8, _>(new.size)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// A part is there. False: another one came first.
pub(super) async fn receive(tx: &Tx, id: Uuid, offset: i64, length: i64) -> Result<bool> {
    let changed = sql("update file set received = $3 + $4, touched_at = now()
         where tenant_id = $1 and id = $2 and received = $3 and state = 'uploading'")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(id)
    .bind::<Int8, _>(offset)
    .bind::<Int8, _>(length)
    .execute(&mut tx.conn())
    .await?;
    Ok(changed == 1)
}

/// All of it is there, and it was looked at. False: it was ready already, or given up meanwhile.
pub(super) async fn finish(tx: &Tx, id: Uuid, looked: &Looked) -> Result<bool> {
    let changed = sql("update file set state = 'ready', touched_at = now(), file_name = $3, mime_type = $4, size = $5, received = $5,
                sha256 = $6, width = $7, height = $8, duration_ms = $9, peaks = $10, thumbnail = $11
         where tenant_id = $1 and id = $2 and state = 'uploading'")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(&looked.file_name)
    .bind::<Text, _>(&looked.mime_type)
    .bind::<Int8, _>(looked.size)
    .bind::<Bytea, _>(&looked.sha256)
    .bind::<Nullable<Int4>, _>(looked.picture.width)
    .bind::<Nullable<Int4>, _>(looked.picture.height)
    .bind::<Nullable<Int4>, _>(looked.picture.duration_ms)
    .bind::<Nullable<Bytea>, _>((!looked.picture.peaks.is_empty()).then_some(&looked.picture.peaks))
    .bind::<Bool, _>(looked.picture.thumbnail)
    .execute(&mut tx.conn())
    .await?;
    Ok(changed == 1)
}

/// Which files are deleted, of those that no message has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    One(Uuid),
    /// Uploads that stand still, and files that were ready a day ago. Found by their time.
    Forgotten,
    /// All that were ready a day ago or more: also those whose message is gone by now.
    Loose,
}

/// Deletes files that no message has, some at a time. Gives how many bytes of each were received, for its parts.
pub(super) async fn delete(tx: &Tx, which: Which) -> Result<Vec<(Uuid, i64)>> {
    #[derive(QueryableByName)]
    struct Gone {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
        #[diesel(sql_type = Int8)]
        received: i64,
    }
    let rows: Vec<Gone> = match which {
        Which::One(id) => {
            sql("delete from file f where f.tenant_id = $1 and f.id = $2
                    and not exists (select 1 from attachment a where a.tenant_id = $1 and a.file_id = f.id)
                 returning f.id, f.received")
            .bind::<SqlUuid, _>(tx.tenant())
            .bind::<SqlUuid, _>(id)
            .load(&mut tx.conn())
            .await?
        }
        Which::Forgotten | Which::Loose => {
            sql("delete from file f where f.tenant_id = $1 and f.id in (
                     select id from file where tenant_id = $1 and touched_at < now() - interval '45 minutes'
                        and touched_at > now() - case when $2 then interval '100 years' else interval '3 days' end
                        and (state = 'uploading' or touched_at < now() - interval '24 hours')
                        and not exists (select 1 from attachment a where a.tenant_id = $1 and a.file_id = file.id)
                     limit 100 for update skip locked)
                 returning f.id, f.received")
            .bind::<SqlUuid, _>(tx.tenant())
            .bind::<Bool, _>(which == Which::Loose)
            .load(&mut tx.conn())
            .await?
        }
    };
    Ok(rows.into_iter().map(|row| (row.id, row.received)).collect())
}

/// Those of some ids that are files, or are being uploaded.
pub(super) async fn known(tx: &Tx, ids: &[Uuid], uploading: bool) -> Result<Vec<Uuid>> {
    let rows: Vec<scalar::Id> =
        sql("select id from file where tenant_id = $1 and id = any($2) and (state = 'uploading' or not $3)")
            .bind::<SqlUuid, _>(tx.tenant())
            .bind::<Array<SqlUuid>, _>(ids)
            .bind::<Bool, _>(uploading)
            .load(&mut tx.conn())
            .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Lets whoever has the token fetch a file for an hour.
pub async fn link(tx: &Tx, file: Uuid, token_hash: &[u8]) -> Result<()> {
    sql("insert into file_link (token_hash, tenant_id, file_id, expires_at)
         values ($2, $1, $3, now() + interval '1 hour')")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Bytea, _>(token_hash)
    .bind::<SqlUuid, _>(file)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

#[derive(QueryableByName)]
pub(super) struct Linked {
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub file_id: Uuid,
}

/// What a token opens.
pub(super) async fn linked(tx: &SystemTx, token_hash: &[u8]) -> Result<Option<Linked>> {
    let rows: Vec<Linked> =
        sql("select tenant_id, file_id from file_link where token_hash = $1 and expires_at > now()")
            .bind::<Bytea, _>(token_hash)
            .load(&mut tx.conn())
            .await?;
    Ok(rows.into_iter().next())
}

pub(super) async fn forget_links(tx: &SystemTx, before: DateTime<Utc>) -> Result<()> {
    sql("delete from file_link where expires_at < $1")
        .bind::<Timestamptz, _>(before)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}
