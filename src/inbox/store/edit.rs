//! Finding the conversation that is left, locking it, and writing edits and read positions.

use crate::db::{Tx, scalar, sql};
use crate::error::{Error, Result};
use crate::inbox::edit::Editable;
use crate::inbox::model::{ConversationStatus, Place, Priority};
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

#[derive(QueryableByName)]
struct LockedRow {
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    snoozed_until: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    assignee_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    priority: Option<String>,
    #[diesel(sql_type = Array<Text>)]
    labels: Vec<String>,
    #[diesel(sql_type = Int4)]
    unread_count: i32,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    read_sent_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    read_message_id: Option<Uuid>,
    #[diesel(sql_type = Int4)]
    version: i32,
}

#[derive(QueryableByName)]
struct OwnerRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    assignee_id: Option<Uuid>,
}

#[derive(QueryableByName)]
struct SentRow {
    #[diesel(sql_type = Timestamptz)]
    sent_at: DateTime<Utc>,
}

/// A conversation as it is locked.
pub(in crate::inbox) struct Locked {
    pub editable: Editable,
    pub unread_count: i32,
    pub read: Option<Place>,
    pub version: i32,
}

/// The conversation that an id stands for (itself, or the one that is left of its merges) and whose it is.
pub(in crate::inbox) async fn resolve(tx: &Tx, id: Uuid) -> Result<Option<(Uuid, Option<Uuid>)>> {
    let left: Vec<OwnerRow> = sql("with recursive chain as (
             select id, merged_into, assignee_id from conversation where tenant_id = $1 and id = $2
             union
             select c.id, c.merged_into, c.assignee_id from chain
             join conversation c on c.tenant_id = $1 and c.id = chain.merged_into
         )
         select id, assignee_id from chain where merged_into is null")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(id)
    .load(&mut tx.conn())
    .await?;
    Ok(left.into_iter().next().map(|row| (row.id, row.assignee_id)))
}

/// Locks a conversation. `None`: not there, or merged meanwhile.
pub(in crate::inbox) async fn lock(tx: &Tx, id: Uuid) -> Result<Option<Locked>> {
    let rows: Vec<LockedRow> = sql("select status, snoozed_until, assignee_id, priority, labels,
                unread_count, read_sent_at, read_message_id, version
         from conversation where tenant_id = $1 and id = $2 and merged_into is null for no key update")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(id)
    .load(&mut tx.conn())
    .await?;
    rows.into_iter().next().map(Locked::try_from).transpose()
}

/// Writes an edit of a locked conversation.
pub(in crate::inbox) async fn update(tx: &Tx, id: Uuid, new: &Editable) -> Result<()> {
    sql("update conversation set status = $3, snoozed_until = $4, assignee_id = $5, priority = $6, labels = $7,
                version = version + 1
         where tenant_id = $1 and id = $2")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(new.status.as_str())
    .bind::<Nullable<Timestamptz>, _>(new.snoozed_until)
    .bind::<Nullable<SqlUuid>, _>(new.assignee_id)
    .bind::<Nullable<Text>, _>(new.priority.map(Priority::as_str))
    .bind::<Array<Text>, _>(&new.labels)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Where a message stands in its conversation.
pub(in crate::inbox) async fn place_of(tx: &Tx, conversation: Uuid, message: Uuid) -> Result<Option<Place>> {
    let rows: Vec<SentRow> =
        sql("select sent_at from message where tenant_id = $1 and conversation_id = $2 and id = $3")
            .bind::<SqlUuid, _>(tx.tenant())
            .bind::<SqlUuid, _>(conversation)
            .bind::<SqlUuid, _>(message)
            .load(&mut tx.conn())
            .await?;
    Ok(rows.into_iter().next().map(|row| Place { at: row.sent_at, id: message }))
}

/// How many incoming messages come after a place. History was read elsewhere.
pub(in crate::inbox) async fn unread_after(tx: &Tx, conversation: Uuid, place: Place) -> Result<i32> {
    let count: scalar::Number = sql("select count(*) as value from message
         where tenant_id = $1 and conversation_id = $2 and (sent_at, id) > ($3, $4)
           and direction = 'in' and not history")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(conversation)
    .bind::<Timestamptz, _>(place.at)
    .bind::<SqlUuid, _>(place.id)
    .get_result(&mut tx.conn())
    .await?;
    Ok(i32::try_from(count.value).unwrap_or(i32::MAX))
}

/// Writes the read position of a locked conversation. The version only counts what is shown.
pub(in crate::inbox) async fn set_read(tx: &Tx, id: Uuid, place: Place, unread: i32) -> Result<()> {
    sql("update conversation set read_sent_at = $3, read_message_id = $4, unread_count = $5,
                version = version + case when unread_count = $5 then 0 else 1 end
         where tenant_id = $1 and id = $2")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(id)
    .bind::<Timestamptz, _>(place.at)
    .bind::<SqlUuid, _>(place.id)
    .bind::<Int4, _>(unread)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

impl TryFrom<LockedRow> for Locked {
    type Error = Error;

    fn try_from(row: LockedRow) -> Result<Self> {
        let odd = |what: &str| Error::internal(format!("unknown {what} in the inbox"));
        let priority = match row.priority.as_deref() {
            None => None,
            Some(text) => Some(Priority::parse(text).ok_or_else(|| odd("priority"))?),
        };
        Ok(Self {
            editable: Editable {
                status: ConversationStatus::parse(&row.status).ok_or_else(|| odd("status"))?,
                snoozed_until: row.snoozed_until,
                assignee_id: row.assignee_id,
                priority,
                labels: row.labels,
            },
            unread_count: row.unread_count,
            read: row.read_sent_at.zip(row.read_message_id).map(|(at, id)| Place { at, id }),
            version: row.version,
        })
    }
}

/// The channel of a conversation.
pub async fn channel_of(tx: &Tx, id: Uuid) -> Result<Uuid> {
    let row: scalar::Id = sql("select channel_id as id from conversation where tenant_id = $1 and id = $2")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(id)
        .get_result(&mut tx.conn())
        .await?;
    Ok(row.id)
}

/// Locks the conversation of a message, as everyone does before its messages.
pub async fn lock_conversation_of(tx: &Tx, message: Uuid) -> Result<()> {
    sql("select c.id from conversation c where c.tenant_id = $1 and c.id = (
             select conversation_id from message where tenant_id = $1 and id = $2) for no key update")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(message)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}
