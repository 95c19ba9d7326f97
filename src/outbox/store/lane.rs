//! What a lane asks and marks.

use super::kind;
use crate::db::{Tx, scalar, sql};
use crate::error::{Error, Result};
use crate::outbox::model::{Due, DueFile};
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Bool, Int2, Int8, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

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
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Jsonb)]
    extra: Value,
    #[diesel(sql_type = Bool)]
    opted_out: bool,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    attachment_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    file_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    file_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    mime_type: Option<String>,
    #[diesel(sql_type = Nullable<Int8>)]
    size: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    file_external_id: Option<String>,
}

#[derive(QueryableByName)]
struct Time {
    #[diesel(sql_type = Nullable<Timestamptz>)]
    at: Option<DateTime<Utc>>,
}

/// The platform has the file of a message under this id.
pub async fn uploaded(tx: &Tx, attachment: Uuid, external_id: &str) -> Result<()> {
    sql("update attachment set external_id = $3, uploaded_at = now() where tenant_id = $1 and id = $2")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(attachment)
        .bind::<Text, _>(external_id)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// One try more that came to nothing before the message itself was given away.
pub async fn tried(tx: &Tx, message: Uuid) -> Result<()> {
    sql("update message set tries = tries + 1 where tenant_id = $1 and id = $2")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(message)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// The last try met a limit: it does not count.
pub async fn count_not(tx: &Tx, message: Uuid) -> Result<()> {
    sql("update message set tries = greatest(tries - 1, 0) where tenant_id = $1 and id = $2")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(message)
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
                 order by i.created_at desc, i.id desc limit 1) as recipient_bsuid,
                m.kind, m.extra, cu.marketing_opt_out as opted_out, a.id as attachment_id, a.file_id, a.file_name, a.mime_type, a.size,
                case when a.uploaded_at > now() - interval '25 days' then a.external_id end as file_external_id
         from message m
         left join attachment a on a.tenant_id = m.tenant_id and a.message_id = m.id and a.position = 0
         join conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
         join customer cu on cu.tenant_id = c.tenant_id and cu.id = c.customer_id
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

impl TryFrom<DueRow> for Due {
    type Error = Error;

    fn try_from(row: DueRow) -> Result<Self> {
        let file = match (row.attachment_id, row.file_id) {
            (Some(attachment_id), Some(file_id)) => Some(DueFile {
                attachment_id,
                file_id,
                file_name: row.file_name.unwrap_or_else(|| "file".to_owned()),
                mime_type: row.mime_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
                size: row.size.unwrap_or_default(),
                external_id: row.file_external_id,
                link: None,
            }),
            _ => None,
        };
        Ok(Self {
            id: row.id,
            kind: row.kind,
            text: row.text,
            file,
            extra: row.extra,
            opted_out: row.opted_out,
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
