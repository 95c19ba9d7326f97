//! Reading whole shapes: a constant number of statements in one round trip, however many ids.

use crate::clock;
use crate::customers::Person;
use crate::db::{Tx, sql};
use crate::error::{Error, Result};
use crate::inbox::model::{
    self, Attachment, ChannelRef, Conversation, ConversationStatus, CustomerRef, Direction, Group, Message,
    Priority, ReplyTo, Sending,
};
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{
    Array, Bool, Bytea, Int4, Int8, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

#[derive(QueryableByName)]
struct ConversationRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    snoozed_until: Option<DateTime<Utc>>,
    #[diesel(sql_type = SqlUuid)]
    channel_id: Uuid,
    #[diesel(sql_type = Text)]
    channel_kind: String,
    #[diesel(sql_type = Text)]
    channel_account_id: String,
    #[diesel(sql_type = Text)]
    channel_name: String,
    #[diesel(sql_type = SqlUuid)]
    customer_id: Uuid,
    #[diesel(sql_type = Text)]
    customer_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    customer_phone: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    group_external_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    group_name: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    assignee_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    assignee_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    priority: Option<String>,
    #[diesel(sql_type = Array<Text>)]
    labels: Vec<String>,
    #[diesel(sql_type = Int4)]
    unread_count: i32,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    last_message_id: Option<Uuid>,
    #[diesel(sql_type = Timestamptz)]
    last_activity_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    last_inbound_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Int4)]
    version: i32,
}

#[derive(QueryableByName)]
struct MessageRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Nullable<Text>)]
    client_id: Option<String>,
    #[diesel(sql_type = SqlUuid)]
    conversation_id: Uuid,
    #[diesel(sql_type = Text)]
    direction: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    text: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    reply_to_external_id: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    reply_to_id: Option<Uuid>,
    #[diesel(sql_type = Jsonb)]
    reactions: Value,
    #[diesel(sql_type = Nullable<Jsonb>)]
    mentions: Option<Value>,
    #[diesel(sql_type = Nullable<Text>)]
    status: Option<String>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    error: Option<Value>,
    #[diesel(sql_type = Nullable<Text>)]
    external_id: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    author_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    author_name: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    send_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Bool)]
    standby: bool,
    #[diesel(sql_type = Bool)]
    history: bool,
    #[diesel(sql_type = Jsonb)]
    extra: Value,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    edited_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    deleted_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Timestamptz)]
    sent_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Int4)]
    version: i32,
}

#[derive(QueryableByName)]
struct AttachmentRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    message_id: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    external_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    file_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    mime_type: Option<String>,
    #[diesel(sql_type = Nullable<Int8>)]
    size: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    title: Option<String>,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Nullable<Int4>)]
    width: Option<i32>,
    #[diesel(sql_type = Nullable<Int4>)]
    height: Option<i32>,
    #[diesel(sql_type = Nullable<Int4>)]
    duration_ms: Option<i32>,
    #[diesel(sql_type = Nullable<Bytea>)]
    peaks: Option<Vec<u8>>,
    #[diesel(sql_type = Bool)]
    thumbnail: bool,
}

/// `$1` tenant, `$2` ids; which messages is the only thing that differs.
macro_rules! messages {
    ($which:literal) => {
        concat!(
            "select m.id, m.client_id, m.conversation_id, m.direction, m.kind, m.text, m.reply_to_external_id,
                    quoted.id as reply_to_id, m.reactions, m.status, m.error, m.external_id,
                    case when m.mentions is not null then (
                        select jsonb_agg(jsonb_build_object('id', u.id, 'name', u.name)
                                         order by array_position(m.mentions, u.id))
                        from app_user u where u.tenant_id = $1 and u.id = any(m.mentions)) end as mentions,
                    case when m.direction = 'in' then writer.id else author.id end as author_id,
                    case when m.direction = 'in' then writer.name else author.name end as author_name,
                    case when m.status = 'queued' then m.send_at end as send_at,
                    m.standby, m.history, m.extra, m.edited_at, m.deleted_at, m.sent_at, m.created_at, m.version
             from message m
             join conversation c on c.tenant_id = $1 and c.id = m.conversation_id
             left join message quoted on quoted.tenant_id = $1 and quoted.channel_id = m.channel_id
                and quoted.external_id = m.reply_to_external_id
             left join app_user author on author.tenant_id = $1 and author.id = m.author_user_id
             left join customer writer on writer.tenant_id = $1 and writer.id = m.author_customer_id
                and c.group_external_id is not null
             where m.tenant_id = $1 and ",
            $which
        )
    };
}

macro_rules! attachments {
    ($which:literal) => {
        concat!(
            "select a.id, a.message_id, a.kind, a.external_id, a.file_name, a.mime_type, a.size, a.title, a.state,
                    a.width, a.height, a.duration_ms, a.peaks, a.thumbnail
             from attachment a where a.tenant_id = $1 and ",
            $which,
            " order by a.message_id, a.position, a.id"
        )
    };
}

/// Messages by id; ids that are not there are left out.
pub async fn load_messages(tx: &Tx, ids: &[Uuid]) -> Result<HashMap<Uuid, Message>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows =
        sql(messages!("m.id = any($2)")).bind::<SqlUuid, _>(tx.tenant()).bind::<Array<SqlUuid>, _>(ids);
    let attachments = sql(attachments!("a.message_id = any($2)"))
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<Array<SqlUuid>, _>(ids);
    let (mut one, mut two) = (tx.conn(), tx.conn());
    let (rows, attachments) =
        futures_util::try_join!(rows.load::<MessageRow>(&mut one), attachments.load(&mut two))?;
    assemble(rows, attachments)
}

/// Conversations by id, each with its last message; ids that are not there are left out.
pub async fn load_conversations(tx: &Tx, ids: &[Uuid]) -> Result<HashMap<Uuid, Conversation>> {
    Ok(load_both(tx, &[], ids).await?.1)
}

/// Messages by id, and conversations by id with their last messages; ids that are not there are left out. What is both
/// is read once.
pub async fn load_both(
    tx: &Tx,
    messages: &[Uuid],
    conversations: &[Uuid],
) -> Result<(HashMap<Uuid, Message>, HashMap<Uuid, Conversation>)> {
    if conversations.is_empty() {
        return Ok((load_messages(tx, messages).await?, HashMap::new()));
    }
    let rows = sql("select c.id, c.status, c.snoozed_until, ch.id as channel_id, ch.kind as channel_kind,
                ch.account_id as channel_account_id, ch.name as channel_name, cu.id as customer_id,
                cu.name as customer_name, cu.phone as customer_phone, c.group_external_id, c.group_name,
                u.id as assignee_id, u.name as assignee_name, c.priority, c.labels, c.unread_count,
                c.last_message_id, c.last_activity_at, c.last_inbound_at, c.created_at, c.version
         from conversation c
         join channel ch on ch.tenant_id = $1 and ch.id = c.channel_id
         join customer cu on cu.tenant_id = $1 and cu.id = c.customer_id
         left join app_user u on u.tenant_id = $1 and u.id = c.assignee_id
         where c.tenant_id = $1 and c.id = any($2)")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(conversations);
    let all = sql(messages!(
        "m.id in (select last_message_id from conversation where tenant_id = $1 and id = any($2)
                  union select unnest($3::uuid[]))"
    ))
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(conversations)
    .bind::<Array<SqlUuid>, _>(messages);
    let attachments = sql(attachments!(
        "a.message_id in (select last_message_id from conversation where tenant_id = $1 and id = any($2)
                          union select unnest($3::uuid[]))"
    ))
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(conversations)
    .bind::<Array<SqlUuid>, _>(messages);
    let (mut one, mut two, mut three) = (tx.conn(), tx.conn(), tx.conn());
    let (rows, all, attachments) = futures_util::try_join!(
        rows.load::<ConversationRow>(&mut one),
        all.load::<MessageRow>(&mut two),
        attachments.load::<AttachmentRow>(&mut three)
    )?;
    let all = assemble(all, attachments)?;
    let conversations = rows.into_iter().map(|row| Ok((row.id, row.shape(&all)?))).collect::<Result<_>>()?;
    Ok((messages.iter().filter_map(|id| all.get(id).map(|it| (*id, it.clone()))).collect(), conversations))
}

fn assemble(rows: Vec<MessageRow>, attachments: Vec<AttachmentRow>) -> Result<HashMap<Uuid, Message>> {
    let mut messages: HashMap<Uuid, Message> =
        rows.into_iter().map(|row| Ok((row.id, row.shape()?))).collect::<Result<_>>()?;
    for row in attachments {
        if let Some(message) = messages.get_mut(&row.message_id)
            && message.deleted_at.is_none()
        {
            message.attachments.push(row.into());
        }
    }
    Ok(messages)
}

impl ConversationRow {
    fn shape(self, messages: &HashMap<Uuid, Message>) -> Result<Conversation> {
        let window_expires_at = model::window(&self.channel_kind, self.last_inbound_at);
        let sending = Sending::at(clock::now(), &self.channel_kind, self.last_inbound_at);
        let status =
            ConversationStatus::parse(&self.status).ok_or_else(|| unknown("status", &self.status))?;
        let priority = match self.priority {
            None => None,
            Some(text) => Some(Priority::parse(&text).ok_or_else(|| unknown("priority", &text))?),
        };
        let group_name = self.group_name;
        Ok(Conversation {
            id: self.id,
            status,
            snoozed_until: self.snoozed_until,
            channel: ChannelRef {
                id: self.channel_id,
                kind: self.channel_kind,
                account_id: self.channel_account_id,
                name: self.channel_name,
            },
            customer: CustomerRef {
                id: self.customer_id,
                name: self.customer_name,
                phone: self.customer_phone,
            },
            group: self.group_external_id.map(|external_id| Group { external_id, name: group_name }),
            assignee: person(self.assignee_id, self.assignee_name),
            priority,
            labels: self.labels,
            unread_count: self.unread_count,
            last_message: self.last_message_id.and_then(|id| messages.get(&id).cloned()),
            window_expires_at,
            sending,
            last_activity_at: self.last_activity_at,
            created_at: self.created_at,
            version: self.version,
        })
    }
}

impl MessageRow {
    fn shape(self) -> Result<Message> {
        let deleted = self.deleted_at.is_some();
        let message_id = self.reply_to_id;
        let mentions = self.mentions.filter(|_| !deleted);
        Ok(Message {
            id: self.id,
            client_id: self.client_id,
            conversation_id: self.conversation_id,
            direction: Direction::parse(&self.direction)
                .ok_or_else(|| unknown("direction", &self.direction))?,
            kind: self.kind,
            text: self.text.filter(|_| !deleted),
            attachments: Vec::new(),
            reply_to: self.reply_to_external_id.map(|external_id| ReplyTo { message_id, external_id }),
            reactions: model::shown_reactions(self.reactions),
            mentions: mentions.map(serde_json::from_value).transpose()?.unwrap_or_default(),
            status: self.status,
            error: self.error,
            external_id: self.external_id,
            author: person(self.author_id, self.author_name),
            send_at: self.send_at,
            standby: self.standby,
            history: self.history,
            extra: model::shown_extra(self.extra, deleted),
            edited_at: self.edited_at,
            deleted_at: self.deleted_at,
            sent_at: self.sent_at,
            created_at: self.created_at,
            version: self.version,
        })
    }
}

impl From<AttachmentRow> for Attachment {
    fn from(row: AttachmentRow) -> Self {
        Self {
            thumbnail_url: model::file_url(row.id, &row.state)
                .filter(|_| row.thumbnail)
                .map(|url| format!("{url}/thumbnail")),
            url: model::file_url(row.id, &row.state),
            id: row.id,
            kind: row.kind,
            external_id: row.external_id,
            file_name: row.file_name,
            mime_type: row.mime_type,
            size: row.size,
            title: row.title,
            state: row.state,
            width: row.width,
            height: row.height,
            duration_ms: row.duration_ms,
            peaks: row.peaks.unwrap_or_default(),
        }
    }
}

fn person(id: Option<Uuid>, name: Option<String>) -> Option<Person> {
    id.zip(name).map(|(id, name)| Person { id, name })
}

/// A check constraint and this code disagree.
fn unknown(what: &str, value: &str) -> Error {
    Error::internal(format!("unknown {what} {value:?} in the inbox"))
}
