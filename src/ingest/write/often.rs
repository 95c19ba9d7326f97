//! What every message writes: rows as one array a column.

use crate::db::{Tx, sql};
use crate::error::Result;
use crate::ingest::rows::{CardRow, ConversationRow, MessageRow};
use diesel::sql_types::{Array, Bool, Int4, Int8, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

/// New messages.
pub(super) async fn insert_messages(tx: &Tx, rows: Vec<&MessageRow>) -> Result<()> {
    sql("insert into message (tenant_id, id, conversation_id, channel_id, external_id, direction, kind, text, status, error, reply_to_external_id,
         author_customer_id, extra, reactions, standby, history, edit_rank, edited_at, deleted_at, sent_at,
         created_at)
         select $1, id, conversation_id, channel_id, external_id, direction, kind, text, status, error, reply_to_external_id,
         author_customer_id, extra, reactions, standby, history, edit_rank, edited_at, deleted_at, sent_at,
         created_at
         from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::jsonb[],
         $11::text[], $12::uuid[], $13::jsonb[], $14::jsonb[], $15::boolean[], $16::boolean[], $17::bigint[],
         $18::timestamptz[], $19::timestamptz[], $20::timestamptz[], $21::timestamptz[])
             as r (id, conversation_id, channel_id, external_id, direction, kind, text, status, error, reply_to_external_id,
         author_customer_id, extra, reactions, standby, history, edit_rank, edited_at, deleted_at, sent_at,
         created_at)
         order by id")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(column(&rows, |row| row.id))
    .bind::<Array<SqlUuid>, _>(column(&rows, |row| row.conversation_id))
    .bind::<Array<SqlUuid>, _>(column(&rows, |row| row.channel_id))
    .bind::<Array<Nullable<Text>>, _>(column(&rows, |row| row.external_id.as_deref()))
    .bind::<Array<Text>, _>(column(&rows, |row| row.direction.as_str()))
    .bind::<Array<Text>, _>(column(&rows, |row| row.kind.as_str()))
    .bind::<Array<Nullable<Text>>, _>(column(&rows, |row| row.text.as_deref()))
    .bind::<Array<Nullable<Text>>, _>(column(&rows, |row| row.status.as_deref()))
    .bind::<Array<Nullable<Jsonb>>, _>(column(&rows, |row| row.error.as_ref()))
    .bind::<Array<Nullable<Text>>, _>(column(&rows, |row| row.reply_to_external_id.as_deref()))
    .bind::<Array<Nullable<SqlUuid>>, _>(column(&rows, |row| row.author_customer_id))
    .bind::<Array<Jsonb>, _>(column(&rows, |row| &row.extra))
    .bind::<Array<Jsonb>, _>(column(&rows, |row| &row.reactions))
    .bind::<Array<Bool>, _>(column(&rows, |row| row.standby))
    .bind::<Array<Bool>, _>(column(&rows, |row| row.history))
    .bind::<Array<Nullable<Int8>>, _>(column(&rows, |row| row.edit_rank))
    .bind::<Array<Nullable<Timestamptz>>, _>(column(&rows, |row| row.edited_at))
    .bind::<Array<Nullable<Timestamptz>>, _>(column(&rows, |row| row.deleted_at))
    .bind::<Array<Timestamptz>, _>(column(&rows, |row| row.sent_at))
    .bind::<Array<Timestamptz>, _>(column(&rows, |row| row.created_at))
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Changed conversations, without their labels.
pub(super) async fn update_conversations(tx: &Tx, rows: Vec<&ConversationRow>) -> Result<()> {
    sql("update conversation c set customer_id = r.customer_id, status = r.status, snoozed_until = r.snoozed_until, assignee_id = r.assignee_id,
         unread_count = r.unread_count, read_sent_at = r.read_sent_at, read_message_id = r.read_message_id,
         last_message_id = r.last_message_id, last_message_at = r.last_message_at, last_activity_at =
         r.last_activity_at, last_inbound_at = r.last_inbound_at, delivered_up_to = r.delivered_up_to,
         read_up_to = r.read_up_to, merged_into = r.merged_into, version = c.version + 1
         from unnest($2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::uuid[], $7::integer[], $8::timestamptz[], $9::uuid[],
         $10::uuid[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[], $14::timestamptz[],
         $15::timestamptz[], $16::uuid[])
             as r (id, customer_id, status, snoozed_until, assignee_id, unread_count, read_sent_at, read_message_id,
         last_message_id, last_message_at, last_activity_at, last_inbound_at, delivered_up_to, read_up_to,
         merged_into)
         where c.tenant_id = $1 and c.id = r.id")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(column(&rows, |row| row.id))
    .bind::<Array<SqlUuid>, _>(column(&rows, |row| row.customer_id))
    .bind::<Array<Text>, _>(column(&rows, |row| row.status.as_str()))
    .bind::<Array<Nullable<Timestamptz>>, _>(column(&rows, |row| row.snoozed_until))
    .bind::<Array<Nullable<SqlUuid>>, _>(column(&rows, |row| row.assignee_id))
    .bind::<Array<Int4>, _>(column(&rows, |row| row.unread_count))
    .bind::<Array<Nullable<Timestamptz>>, _>(column(&rows, |row| row.read_sent_at))
    .bind::<Array<Nullable<SqlUuid>>, _>(column(&rows, |row| row.read_message_id))
    .bind::<Array<Nullable<SqlUuid>>, _>(column(&rows, |row| row.last_message_id))
    .bind::<Array<Nullable<Timestamptz>>, _>(column(&rows, |row| row.last_message_at))
    .bind::<Array<Timestamptz>, _>(column(&rows, |row| row.last_activity_at))
    .bind::<Array<Nullable<Timestamptz>>, _>(column(&rows, |row| row.last_inbound_at))
    .bind::<Array<Nullable<Timestamptz>>, _>(column(&rows, |row| row.delivered_up_to))
    .bind::<Array<Nullable<Timestamptz>>, _>(column(&rows, |row| row.read_up_to))
    .bind::<Array<Nullable<SqlUuid>>, _>(column(&rows, |row| row.merged_into))
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Changed cards.
pub(super) async fn update_cards(tx: &Tx, rows: Vec<&CardRow>) -> Result<()> {
    sql("update card c set customer_id = r.customer_id, title = r.title, last_message_at = r.last_message_at, version = c.version + 1
         from unnest($2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[]) as r (id, customer_id, title, last_message_at)
         where c.tenant_id = $1 and c.id = r.id")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(column(&rows, |row| row.id))
    .bind::<Array<SqlUuid>, _>(column(&rows, |row| row.customer_id))
    .bind::<Array<Text>, _>(column(&rows, |row| row.title.as_str()))
    .bind::<Array<Nullable<Timestamptz>>, _>(column(&rows, |row| row.last_message_at))
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

fn column<'a, Row, T>(rows: &[&'a Row], of: impl Fn(&'a Row) -> T) -> Vec<T> {
    rows.iter().map(|row| of(row)).collect()
}
