//! What colleagues write, and take back.

use super::kind;
use crate::db::{Tx, scalar, sql};
use crate::error::Result;
use crate::files::File;
use crate::ids;
use crate::outbox::model::{NewMessage, Part, Place};
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Bool, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

#[derive(QueryableByName)]
struct PlaceRow {
    #[diesel(sql_type = SqlUuid)]
    channel_id: Uuid,
    #[diesel(sql_type = Text)]
    channel_kind: String,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    last_inbound_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Bool)]
    opted_out: bool,
}

/// One of ours, as a colleague's order about it needs it.
#[derive(Debug, Clone, QueryableByName)]
pub struct Own {
    #[diesel(sql_type = SqlUuid)]
    pub conversation_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub channel_id: Uuid,
    #[diesel(sql_type = Text)]
    pub direction: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub status: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub external_id: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub author_user_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub deleted_at: Option<DateTime<Utc>>,
}

/// Where a message is to be written.
pub async fn place(tx: &Tx, conversation: Uuid) -> Result<Place> {
    let row: PlaceRow = sql("select c.channel_id, ch.kind as channel_kind, c.last_inbound_at,
                cu.marketing_opt_out as opted_out
         from conversation c join channel ch on ch.tenant_id = c.tenant_id and ch.id = c.channel_id
         join customer cu on cu.tenant_id = c.tenant_id and cu.id = c.customer_id
         where c.tenant_id = $1 and c.id = $2")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(conversation)
    .get_result(&mut tx.conn())
    .await?;
    Ok(Place {
        channel_id: row.channel_id,
        channel_kind: kind(&row.channel_kind)?,
        last_inbound_at: row.last_inbound_at,
        opted_out: row.opted_out,
    })
}

/// The message that was written under a client's id.
pub async fn by_client_id(tx: &Tx, conversation: Uuid, client_id: &str) -> Result<Option<Uuid>> {
    let rows: Vec<scalar::Id> =
        sql("select id from message where tenant_id = $1 and conversation_id = $2 and client_id = $3")
            .bind::<SqlUuid, _>(tx.tenant())
            .bind::<SqlUuid, _>(conversation)
            .bind::<Text, _>(client_id)
            .load(&mut tx.conn())
            .await?;
    Ok(rows.into_iter().next().map(|row| row.id))
}

/// The platform's id of a message of the conversation.
pub async fn external_id(tx: &Tx, conversation: Uuid, message: Uuid) -> Result<Option<String>> {
    let rows: Vec<scalar::Word> = sql("select external_id as value from message
         where tenant_id = $1 and conversation_id = $2 and id = $3 and external_id is not null")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(conversation)
    .bind::<SqlUuid, _>(message)
    .load(&mut tx.conn())
    .await?;
    Ok(rows.into_iter().next().map(|row| row.value))
}

/// The newest reply that somebody else gave after a message.
pub async fn newer_reply(tx: &Tx, conversation: Uuid, seen: Uuid, user: Uuid) -> Result<Option<Uuid>> {
    let rows: Vec<scalar::Id> = sql("select m.id from message s
         join message m on m.tenant_id = s.tenant_id and m.conversation_id = s.conversation_id
              and (m.sent_at, m.id) > (s.sent_at, s.id)
         where s.tenant_id = $1 and s.conversation_id = $2 and s.id = $3 and m.direction = 'out'
           and m.deleted_at is null and (m.send_at is null or m.status <> 'queued')
           and m.author_user_id is distinct from $4
         order by m.sent_at desc, m.id desc limit 1")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(conversation)
    .bind::<SqlUuid, _>(seen)
    .bind::<SqlUuid, _>(user)
    .load(&mut tx.conn())
    .await?;
    Ok(rows.into_iter().next().map(|row| row.id))
}

/// Where and by whom a message is written.
pub struct Origin {
    pub conversation: Uuid,
    pub channel: Uuid,
    pub author: Uuid,
    pub at: DateTime<Utc>,
}

/// A new message of ours, and whom it quotes by the platform's id.
pub struct Row<'a> {
    pub id: Uuid,
    pub client_id: &'a str,
    pub part: &'a Part,
    pub quoted: Option<&'a str>,
    pub mentions: Option<&'a [Uuid]>,
    pub new: &'a NewMessage,
}

pub async fn insert(tx: &Tx, origin: &Origin, row: &Row<'_>) -> Result<()> {
    sql("insert into message (tenant_id, id, conversation_id, channel_id, client_id, direction, kind, text, status,
                             reply_to_external_id, author_user_id, send_at, override_window, sent_at, created_at,
                             extra, mentions)
         values ($1, $2, $3, $4, $5, case when $6 then 'internal' else 'out' end, $13, $7,
                 case when $6 then null else 'queued' end, $8, $9, $10, $11, coalesce($10, $12), $12,
                 coalesce($14, '{}'), $15)")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(row.id)
    .bind::<SqlUuid, _>(origin.conversation)
    .bind::<SqlUuid, _>(origin.channel)
    .bind::<Text, _>(row.client_id)
    .bind::<Bool, _>(row.new.internal)
    .bind::<Nullable<Text>, _>(&row.part.text)
    .bind::<Nullable<Text>, _>(row.quoted)
    .bind::<SqlUuid, _>(origin.author)
    .bind::<Nullable<Timestamptz>, _>(row.new.send_at)
    .bind::<Bool, _>(row.new.override_window)
    .bind::<Timestamptz, _>(origin.at)
    .bind::<Text, _>(row.part.kind)
    .bind::<Nullable<Jsonb>, _>(&row.part.extra)
    .bind::<Nullable<Array<SqlUuid>>, _>(row.mentions)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// The file of a new message: it is here already.
pub async fn attach(tx: &Tx, row: &Row<'_>, file: &File) -> Result<()> {
    sql("insert into attachment (tenant_id, id, message_id, position, kind, file_name, mime_type, size, state, file_id,
                                 width, height, duration_ms, peaks, thumbnail)
         select f.tenant_id, $2, $3, 0, $4, f.file_name, f.mime_type, f.size, 'ready', f.id, f.width, f.height,
                f.duration_ms, f.peaks, f.thumbnail
         from file f where f.tenant_id = $1 and f.id = $5")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(ids::new())
    .bind::<SqlUuid, _>(row.id)
    .bind::<Text, _>(row.part.kind)
    .bind::<SqlUuid, _>(file.id)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// A message of ours, before its conversation is locked.
pub async fn own(tx: &Tx, message: Uuid) -> Result<Option<Own>> {
    let rows: Vec<Own> =
        sql("select conversation_id, channel_id, direction, status, external_id, author_user_id, deleted_at
         from message where tenant_id = $1 and id = $2 and direction <> 'in'")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(message)
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().next())
}

/// A person wants it sent anew: under no name yet, with new tries. Its earlier attempts stay told apart by their number.
pub async fn queue_again(tx: &Tx, message: Uuid) -> Result<()> {
    // The platform's id of its file may be what was wrong.
    sql("with fresh as (
             update attachment set external_id = null, uploaded_at = null where tenant_id = $1 and message_id = $2)
         update message set status = 'queued', error = null, external_id = null, tries = 0, send_at = null,
                deleted_at = null, version = version + 1
         where tenant_id = $1 and id = $2")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(message)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Takes a message back. What was said in a note goes; a message's text stays, in case it turns out to have been sent.
pub async fn take_back(tx: &Tx, message: Uuid, at: DateTime<Utc>) -> Result<()> {
    sql("with files as (
             delete from attachment a using message m
             where a.tenant_id = $1 and a.message_id = $2 and m.tenant_id = $1 and m.id = $2
               and m.direction = 'internal')
         update message set deleted_at = $3, text = case when direction = 'internal' then null else text end,
                mentions = null, version = version + 1
         where tenant_id = $1 and id = $2")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(message)
    .bind::<Timestamptz, _>(at)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// A conversation whose last message was taken back shows the one before it.
pub async fn show_the_one_before(tx: &Tx, conversation: Uuid, gone: Uuid) -> Result<()> {
    sql("update conversation c set last_message_id = n.id, last_message_at = n.sent_at, version = c.version + 1
         from (select m.id, m.sent_at from message m
               where m.tenant_id = $1 and m.conversation_id = $2 and m.id <> $3
                 and (m.deleted_at is null or m.external_id is not null)
                 and (m.send_at is null or m.status <> 'queued')
               order by m.sent_at desc, m.id desc limit 1) n
         where c.tenant_id = $1 and c.id = $2 and c.last_message_id = $3")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(conversation)
    .bind::<SqlUuid, _>(gone)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// When somebody last wrote on a channel, by the key of their number or id, and whether they want no marketing.
pub async fn last_inbound(tx: &Tx, channel: Uuid, key: &str) -> Result<(Option<DateTime<Utc>>, bool)> {
    let row: Latest = sql("select max(c.last_inbound_at) as at, coalesce(bool_or(cu.marketing_opt_out), false) as opted_out
         from customer_identity i
         join customer cu on cu.tenant_id = i.tenant_id and cu.id = i.customer_id
         left join conversation c on c.tenant_id = i.tenant_id and c.customer_id = i.customer_id and c.channel_id = $2 and c.merged_into is null
         where i.tenant_id = $1 and i.match_key = $3 and i.retired_at is null")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(channel)
    .bind::<Text, _>(key)
    .get_result(&mut tx.conn())
    .await?;
    Ok((row.at, row.opted_out))
}

#[derive(QueryableByName)]
struct Latest {
    #[diesel(sql_type = Bool)]
    opted_out: bool,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    at: Option<DateTime<Utc>>,
}
