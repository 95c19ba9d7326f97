//! Every statement on `draft`.

use super::model::{Draft, DraftKind, NewDraft};
use crate::db::{Tx, schema, sql};
use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Int4, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

#[derive(QueryableByName)]
#[diesel(table_name = schema::draft)]
struct Row {
    kind: String,
    text: String,
    reply_to: Option<Uuid>,
    version: i32,
    updated_at: DateTime<Utc>,
}

/// Whose draft, and where.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    pub user: Uuid,
    pub conversation: Uuid,
}

pub async fn all(tx: &Tx, key: Key) -> Result<Vec<Draft>> {
    let rows: Vec<Row> = sql("select kind, text, reply_to, version, updated_at from draft
         where tenant_id = $1 and user_id = $2 and conversation_id = $3 order by kind desc")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(key.user)
    .bind::<SqlUuid, _>(key.conversation)
    .load(&mut tx.conn())
    .await?;
    rows.into_iter().map(Draft::try_from).collect()
}

/// Writes a draft. None: there is another version than the given one.
pub async fn put(tx: &Tx, key: Key, kind: DraftKind, new: &NewDraft) -> Result<Option<Draft>> {
    let rows: Vec<Row> = sql(
        "insert into draft as d (tenant_id, user_id, conversation_id, kind, text, reply_to) values ($1, $2, $3, $4, $5, $6)
         on conflict (tenant_id, user_id, conversation_id, kind) do update
             set text = excluded.text, reply_to = excluded.reply_to, version = d.version + 1, updated_at = now()
             where $7 is null or d.version = $7
         returning kind, text, reply_to, version, updated_at",
    )
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(key.user)
    .bind::<SqlUuid, _>(key.conversation)
    .bind::<Text, _>(kind.as_str())
    .bind::<Text, _>(&new.text)
    .bind::<Nullable<SqlUuid>, _>(new.reply_to)
    .bind::<Nullable<Int4>, _>(new.version)
    .load(&mut tx.conn())
    .await?;
    rows.into_iter().next().map(Draft::try_from).transpose()
}

/// Deletes a draft; what it was.
pub async fn delete(tx: &Tx, key: Key, kind: DraftKind) -> Result<Option<Draft>> {
    let rows: Vec<Row> = sql("delete from draft
         where tenant_id = $1 and user_id = $2 and conversation_id = $3 and kind = $4
         returning kind, text, reply_to, version, updated_at")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(key.user)
    .bind::<SqlUuid, _>(key.conversation)
    .bind::<Text, _>(kind.as_str())
    .load(&mut tx.conn())
    .await?;
    rows.into_iter().next().map(Draft::try_from).transpose()
}

impl TryFrom<Row> for Draft {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            kind: DraftKind::parse(&row.kind).ok_or_else(|| Error::internal("unknown kind of draft"))?,
            text: row.text,
            reply_to: row.reply_to,
            updated_at: row.updated_at,
            version: row.version,
        })
    }
}
