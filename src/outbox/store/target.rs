//! Whom the platform is told something that is no message.

use super::kind;
use crate::db::{Tx, sql};
use crate::error::Result;
use crate::outbox::model::Target;
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

#[derive(QueryableByName)]
struct Row {
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
    #[diesel(sql_type = Nullable<Text>)]
    heard: Option<String>,
}

/// The other side of a conversation. `heard`: the newest message of theirs that the team has read, or the newest at all.
pub async fn target(tx: &Tx, conversation: Uuid) -> Result<Option<Target>> {
    let rows: Vec<Row> = sql(
        "select c.channel_id, ch.kind as channel_kind, ch.account_id, ch.stopped, c.last_inbound_at,
                c.group_external_id,
                (select i.value from customer_identity i
                 where i.tenant_id = $1 and i.customer_id = c.customer_id and i.channel_kind = ch.kind
                   and i.kind in ('wa_id', 'psid', 'igsid') and i.scope in ('', ch.account_id) and i.retired_at is null
                 order by i.created_at desc, i.id desc limit 1) as recipient,
                (select i.value from customer_identity i
                 where i.tenant_id = $1 and i.customer_id = c.customer_id and i.kind = 'bsuid' and i.retired_at is null
                 order by i.created_at desc, i.id desc limit 1) as recipient_bsuid,
                (select m.external_id from message m
                 where m.tenant_id = $1 and m.conversation_id = c.id and m.direction = 'in'
                   and m.external_id is not null
                   and (c.read_sent_at is null or (m.sent_at, m.id) <= (c.read_sent_at, c.read_message_id))
                 order by m.sent_at desc, m.id desc limit 1) as heard
         from conversation c join channel ch on ch.tenant_id = c.tenant_id and ch.id = c.channel_id
         where c.tenant_id = $1 and c.id = $2 and c.merged_into is null",
    )
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(conversation)
    .load(&mut tx.conn())
    .await?;
    rows.into_iter().next().map(Target::try_from).transpose()
}

impl TryFrom<Row> for Target {
    type Error = crate::error::Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            channel_id: row.channel_id,
            channel_kind: kind(&row.channel_kind)?,
            account_id: row.account_id,
            stopped: row.stopped.is_some(),
            last_inbound_at: row.last_inbound_at,
            group_external_id: row.group_external_id,
            recipient: row.recipient,
            recipient_bsuid: row.recipient_bsuid,
            heard: row.heard,
        })
    }
}

/// A message that may be reacted to.
#[derive(QueryableByName)]
pub struct Reactable {
    #[diesel(sql_type = SqlUuid)]
    pub conversation_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub channel_id: Uuid,
    #[diesel(sql_type = Text)]
    pub channel_kind: String,
    #[diesel(sql_type = Text)]
    pub external_id: String,
    #[diesel(sql_type = Jsonb)]
    pub reactions: Value,
}

/// None: there is none, it is deleted, or the platform has not named it.
pub async fn reactable(tx: &Tx, message: Uuid) -> Result<Option<Reactable>> {
    let rows: Vec<Reactable> =
        sql("select m.conversation_id, m.channel_id, ch.kind as channel_kind, m.external_id, m.reactions
         from message m join channel ch on ch.tenant_id = m.tenant_id and ch.id = m.channel_id
         where m.tenant_id = $1 and m.id = $2 and m.direction <> 'internal' and m.external_id is not null
           and m.deleted_at is null")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(message)
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().next())
}

pub async fn set_reactions(tx: &Tx, message: Uuid, reactions: &Value) -> Result<()> {
    sql("update message set reactions = $3, version = version + 1 where tenant_id = $1 and id = $2")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(message)
        .bind::<Jsonb, _>(reactions)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}
