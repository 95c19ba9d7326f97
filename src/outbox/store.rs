//! Every statement of the outbox on `message`, `conversation` and `channel`.

use super::model::{Due, NewMessage, Place};
use crate::channels::ChannelKind;
use crate::db::{Tx, scalar, sql};
use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Bool, Int2, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

#[derive(QueryableByName)]
struct PlaceRow {
    #[diesel(sql_type = SqlUuid)]
    channel_id: Uuid,
    #[diesel(sql_type = Text)]
    channel_kind: String,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    last_inbound_at: Option<DateTime<Utc>>,
}

#[derive(QueryableByName)]
struct DueRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Nullable<Text>)]
    text: Option<String>,
    #[diesel(sql_type = Int2)]
    attempts: i16,
    #[diesel(sql_type = Int2)]
    tries: i16,
    #[diesel(sql_type = Bool)]
    override_window: bool,
    #[diesel(sql_type = Nullable<Text>)]
    reply_to_external_id: Option<String>,
    #[diesel(sql_type = SqlUuid)]
    channel_id: Uuid,
    #[diesel(sql_type = Text)]
    channel_kind: String,
    #[diesel(sql_type = Text)]
    account_id: String,
    #[diesel(sql_type = Nullable<Jsonb>)]
    stopped: Option<Value>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    last_inbound_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    group_external_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    recipient: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    recipient_bsuid: Option<String>,
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

#[derive(QueryableByName)]
struct Time {
    #[diesel(sql_type = Nullable<Timestamptz>)]
    at: Option<DateTime<Utc>>,
}

fn kind(text: &str) -> Result<ChannelKind> {
    ChannelKind::parse(text).ok_or_else(|| Error::internal("unknown kind of channel"))
}

/// Where a message is to be written.
pub async fn place(tx: &Tx, conversation: Uuid) -> Result<Place> {
    let row: PlaceRow = sql("select c.channel_id, ch.kind as channel_kind, c.last_inbound_at
         from conversation c join channel ch on ch.tenant_id = c.tenant_id and ch.id = c.channel_id
         where c.tenant_id = $1 and c.id = $2")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(conversation)
    .get_result(&mut tx.conn())
    .await?;
    Ok(Place {
        channel_id: row.channel_id,
        channel_kind: kind(&row.channel_kind)?,
        last_inbound_at: row.last_inbound_at,
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

/// A new message of ours, and whom it quotes by the platform's id.
pub struct Row<'a> {
    pub id: Uuid,
    pub conversation: Uuid,
    pub channel: Uuid,
    pub author: Uuid,
    pub text: &'a str,
    pub quoted: Option<&'a str>,
    pub at: DateTime<Utc>,
    pub new: &'a NewMessage,
}

pub async fn insert(tx: &Tx, row: &Row<'_>) -> Result<()> {
    sql("insert into message (tenant_id, id, conversation_id, channel_id, client_id, direction, kind, text, status,
                             reply_to_external_id, author_user_id, send_at, override_window, sent_at, created_at)
         values ($1, $2, $3, $4, $5, case when $6 then 'internal' else 'out' end, 'text', $7,
                 case when $6 then null else 'queued' end, $8, $9, $10, $11, coalesce($10, $12), $12)")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(row.id)
    .bind::<SqlUuid, _>(row.conversation)
    .bind::<SqlUuid, _>(row.channel)
    .bind::<Text, _>(&row.new.client_id)
    .bind::<Bool, _>(row.new.internal)
    .bind::<Text, _>(row.text)
    .bind::<Nullable<Text>, _>(row.quoted)
    .bind::<SqlUuid, _>(row.author)
    .bind::<Nullable<Timestamptz>, _>(row.new.send_at)
    .bind::<Bool, _>(row.new.override_window)
    .bind::<Timestamptz, _>(row.at)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// A message of ours is the conversation's newest: it stands first, and who answers has read. A resolved one opens.
pub async fn note(tx: &Tx, conversation: Uuid, message: Uuid, at: DateTime<Utc>, reply: bool) -> Result<()> {
    sql("update conversation set
             last_message_id = case when last_message_at is null or last_message_at <= $4 then $3 else last_message_id end,
             last_message_at = greatest(last_message_at, $4), last_activity_at = greatest(last_activity_at, $4),
             unread_count = case when $5 then 0 else unread_count end,
             read_sent_at = case when $5 then $4 else read_sent_at end,
             read_message_id = case when $5 then $3 else read_message_id end,
             status = case when $5 and status in ('resolved', 'snoozed') then 'open' else status end,
             snoozed_until = case when $5 then null else snoozed_until end,
             version = version + 1
         where tenant_id = $1 and id = $2")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(conversation)
    .bind::<SqlUuid, _>(message)
    .bind::<Timestamptz, _>(at)
    .bind::<Bool, _>(reply)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// The conversation that is left of one that was merged, locked: everyone locks it before its messages and its job.
pub async fn lock_left(tx: &Tx, conversation: Uuid) -> Result<Option<Uuid>> {
    let rows: Vec<scalar::Id> = sql("with recursive chain as (
             select id, merged_into from conversation where tenant_id = $1 and id = $2
             union
             select c.id, c.merged_into from chain
             join conversation c on c.tenant_id = $1 and c.id = chain.merged_into
         )
         select c.id from conversation c where c.tenant_id = $1
            and c.id = (select id from chain where merged_into is null) for no key update")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(conversation)
    .load(&mut tx.conn())
    .await?;
    Ok(rows.into_iter().next().map(|row| row.id))
}

/// The conversation of a message, locked.
pub async fn lock_conversation_of(tx: &Tx, message: Uuid) -> Result<()> {
    sql("select c.id from conversation c where c.tenant_id = $1 and c.id = (
             select conversation_id from message where tenant_id = $1 and id = $2) for no key update")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(message)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Messages that were given to the platform by someone who died before the answer.
pub async fn orphans(tx: &Tx, conversation: Uuid, error: &Value) -> Result<Vec<Uuid>> {
    let rows: Vec<scalar::Id> =
        sql("update message set status = 'uncertain', error = $3, version = version + 1
         where tenant_id = $1 and conversation_id = $2 and status = 'sending' and external_id is null
         returning id")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(conversation)
        .bind::<Jsonb, _>(error)
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// The message whose turn it is.
pub async fn next_due(tx: &Tx, conversation: Uuid) -> Result<Option<Due>> {
    let rows: Vec<DueRow> = sql(
        "select m.id, m.text, m.attempts, m.tries, m.override_window, m.reply_to_external_id, m.channel_id,
                ch.kind as channel_kind, ch.account_id, ch.stopped, c.last_inbound_at, c.group_external_id,
                (select i.value from customer_identity i
                 where i.tenant_id = $1 and i.customer_id = c.customer_id and i.channel_kind = ch.kind
                   and i.kind in ('wa_id', 'psid', 'igsid') and i.scope in ('', ch.account_id) and i.retired_at is null
                 order by i.created_at desc, i.id desc limit 1) as recipient,
                (select i.value from customer_identity i
                 where i.tenant_id = $1 and i.customer_id = c.customer_id and i.kind = 'bsuid' and i.retired_at is null
                 order by i.created_at desc, i.id desc limit 1) as recipient_bsuid
         from message m
         join conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
         join channel ch on ch.tenant_id = m.tenant_id and ch.id = m.channel_id
         where m.tenant_id = $1 and m.conversation_id = $2 and m.status in ('queued', 'held')
           and m.external_id is null and m.deleted_at is null and (m.send_at is null or m.send_at <= now())
         order by coalesce(m.send_at, m.created_at), m.id limit 1",
    )
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(conversation)
    .load(&mut tx.conn())
    .await?;
    rows.into_iter().next().map(Due::try_from).transpose()
}

/// When the next scheduled message is due.
pub async fn next_scheduled(tx: &Tx, conversation: Uuid) -> Result<Option<DateTime<Utc>>> {
    let row: Time = sql("select min(send_at) as at from message
         where tenant_id = $1 and conversation_id = $2 and status = 'queued' and deleted_at is null
           and external_id is null")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(conversation)
    .get_result(&mut tx.conn())
    .await?;
    Ok(row.at)
}

/// Marks a message as being given to the platform now.
pub async fn begin(tx: &Tx, message: Uuid, at: DateTime<Utc>) -> Result<()> {
    sql("update message set status = 'sending', attempts = attempts + 1, tries = tries + 1, error = null, sent_at = $3,
                version = version + 1
         where tenant_id = $1 and id = $2")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(message)
    .bind::<Timestamptz, _>(at)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Gives a message that the platform has not named yet another status. False: it has been named meanwhile.
pub async fn set(tx: &Tx, message: Uuid, status: &str, error: Option<&Value>) -> Result<bool> {
    let changed = sql("update message set status = $3, error = $4, version = version + 1
         where tenant_id = $1 and id = $2 and external_id is null")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(message)
    .bind::<Text, _>(status)
    .bind::<Nullable<Jsonb>, _>(error)
    .execute(&mut tx.conn())
    .await?;
    Ok(changed == 1)
}

/// Holds what waits in a conversation.
pub async fn hold(tx: &Tx, conversation: Uuid, error: &Value) -> Result<Vec<Uuid>> {
    let rows: Vec<scalar::Id> = sql("update message set status = 'held', error = $3, version = version + 1
         where tenant_id = $1 and conversation_id = $2 and status = 'queued' and external_id is null
           and deleted_at is null and (send_at is null or send_at <= now())
         returning id")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(conversation)
    .bind::<Jsonb, _>(error)
    .load(&mut tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Stops a channel, or lets it go on (none). False: it was so already.
pub async fn stop(tx: &Tx, channel: Uuid, stopped: Option<&Value>) -> Result<bool> {
    let changed = sql("update channel set stopped = $3, version = version + 1
         where tenant_id = $1 and id = $2 and (stopped is null) <> ($3::jsonb is null)")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(channel)
    .bind::<Nullable<Jsonb>, _>(stopped)
    .execute(&mut tx.conn())
    .await?;
    Ok(changed == 1)
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
    sql("update message set status = 'queued', error = null, external_id = null, tries = 0, send_at = null,
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
    sql(
        "update message set deleted_at = $3, text = case when direction = 'internal' then null else text end,
                version = version + 1
         where tenant_id = $1 and id = $2",
    )
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

impl TryFrom<DueRow> for Due {
    type Error = Error;

    fn try_from(row: DueRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            text: row.text,
            attempts: row.attempts,
            tries: row.tries,
            override_window: row.override_window,
            reply_to_external_id: row.reply_to_external_id,
            channel_id: row.channel_id,
            channel_kind: kind(&row.channel_kind)?,
            account_id: row.account_id,
            stopped: row.stopped,
            last_inbound_at: row.last_inbound_at,
            group_external_id: row.group_external_id,
            recipient: row.recipient,
            recipient_bsuid: row.recipient_bsuid,
        })
    }
}
