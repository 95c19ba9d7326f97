//! Conversations, messages, attachments, parked facts.

use super::{json_of, rows, run, run_returning};
use crate::db::Tx;
use crate::error::Result;
use crate::ingest::rows::{Fate, ParkedRow};
use crate::ingest::world::{World, settled};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;
use webhooks::DeliveryState;

pub(super) async fn write(tx: &Tx, world: &World) -> Result<()> {
    conversations(tx, world).await?;
    messages(tx, world).await?;
    merged_conversations(tx, world).await?;
    parked(tx, world).await
}

async fn conversations(tx: &Tx, world: &World) -> Result<()> {
    // New ones first: an old one may have been joined to one of them. A new one of a person who had one already ends
    // in it (`merged_into`), so that the two never meet in the unique index.
    run(
        tx,
        "insert into conversation (tenant_id, id, channel_id, customer_id, group_external_id, status, snoozed_until,
                                   assignee_id, labels, unread_count, read_sent_at, read_message_id,
                                   last_message_id, last_message_at, last_activity_at, last_inbound_at,
                                   delivered_up_to, read_up_to, merged_into, created_at)
         select $1, id, channel_id, customer_id, group_external_id, status, snoozed_until, assignee_id, labels,
                unread_count, read_sent_at, read_message_id, last_message_id, last_message_at, last_activity_at,
                last_inbound_at, delivered_up_to, read_up_to, merged_into, created_at
         from json_populate_recordset(null::conversation, $2) order by merged_into nulls first, id",
        rows(world.conversations.values(), Fate::New)?,
    )
    .await?;
    run(
        tx,
        "update conversation c set customer_id = r.customer_id, status = r.status, snoozed_until = r.snoozed_until,
                assignee_id = r.assignee_id, labels = r.labels, unread_count = r.unread_count,
                read_sent_at = r.read_sent_at, read_message_id = r.read_message_id,
                last_message_id = r.last_message_id, last_message_at = r.last_message_at,
                last_activity_at = r.last_activity_at, last_inbound_at = r.last_inbound_at,
                delivered_up_to = r.delivered_up_to, read_up_to = r.read_up_to, merged_into = r.merged_into,
                version = c.version + 1
         from json_populate_recordset(null::conversation, $2) r where c.tenant_id = $1 and c.id = r.id",
        rows(world.conversations.values(), Fate::Changed)?,
    )
    .await
}

async fn messages(tx: &Tx, world: &World) -> Result<()> {
    run(
        tx,
        "insert into message (tenant_id, id, conversation_id, channel_id, external_id, direction, kind, text, status,
                              error, reply_to_external_id, author_customer_id, extra, reactions, standby, history,
                              edit_rank, edited_at, deleted_at, sent_at, created_at)
         select $1, id, conversation_id, channel_id, external_id, direction, kind, text, status, error,
                reply_to_external_id, author_customer_id, extra, reactions, standby, history, edit_rank, edited_at,
                deleted_at, sent_at, created_at
         from json_populate_recordset(null::message, $2) order by id",
        rows(world.messages.values(), Fate::New)?,
    )
    .await?;
    run(
        tx,
        "update message m set conversation_id = r.conversation_id, text = r.text, status = r.status, error = r.error,
                author_customer_id = r.author_customer_id, extra = r.extra, reactions = r.reactions,
                edit_rank = r.edit_rank, edited_at = r.edited_at, deleted_at = r.deleted_at, version = m.version + 1
         from json_populate_recordset(null::message, $2) r where m.tenant_id = $1 and m.id = r.id",
        rows(world.messages.values(), Fate::Changed)?,
    )
    .await?;
    let stripped: Vec<Value> = world.stripped.iter().map(|id| json!({ "message_id": id })).collect();
    run(
        tx,
        "delete from attachment a using json_to_recordset($2) as r (message_id uuid)
         where a.tenant_id = $1 and a.message_id = r.message_id",
        (!stripped.is_empty()).then_some(Value::Array(stripped)),
    )
    .await?;
    run(
        tx,
        "insert into attachment (tenant_id, id, message_id, position, kind, external_id, file_name, mime_type,
                                 source_url, sha256, title, state)
         select $1, id, message_id, position, kind, external_id, file_name, mime_type, source_url, sha256, title, state
         from json_populate_recordset(null::attachment, $2) order by id",
        json_of(world.attachments.iter())?,
    )
    .await
}

/// Messages of a joined conversation move over, and its unread ones are counted anew.
async fn merged_conversations(tx: &Tx, world: &World) -> Result<()> {
    let pairs: Vec<Value> = settled(&world.conversation_merges)
        .into_iter()
        .map(|(ends, stays)| json!({ "a": ends, "b": stays }))
        .collect();
    let pairs = (!pairs.is_empty()).then_some(Value::Array(pairs));
    run(
        tx,
        "update message m set conversation_id = r.b from json_to_recordset($2) as r (a uuid, b uuid)
         where m.tenant_id = $1 and m.conversation_id = r.a",
        pairs.clone(),
    )
    .await?;
    run(
        tx,
        "update conversation c set merged_into = r.b from json_to_recordset($2) as r (a uuid, b uuid)
         where c.tenant_id = $1 and c.merged_into = r.a",
        pairs.clone(),
    )
    .await?;
    run(
        tx,
        "update conversation c set unread_count = (
                 select count(*) from message m
                 where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.direction = 'in'
                   and not m.history
                   and (c.read_sent_at is null or (m.sent_at, m.id) > (c.read_sent_at, c.read_message_id)))
         from json_to_recordset($2) as r (a uuid, b uuid) where c.tenant_id = $1 and c.id = r.b",
        pairs,
    )
    .await
}

/// Raises what the watermarks cover. Returns the messages that changed.
pub(super) async fn raise(tx: &Tx, world: &World) -> Result<BTreeSet<Uuid>> {
    let of = |read: bool| {
        let list: Vec<Value> = world
            .watermarks
            .iter()
            .filter(|watermark| (watermark.state >= DeliveryState::Read) == read)
            .map(
                |watermark| json!({ "conversation_id": watermark.conversation_id, "up_to": watermark.up_to }),
            )
            .collect();
        (!list.is_empty()).then_some(Value::Array(list))
    };
    let mut raised = BTreeSet::new();
    let delivered = run_returning(
        tx,
        "update message m set status = 'delivered', version = m.version + 1
         from (select conversation_id, max(up_to) as up_to
               from json_to_recordset($2) as r (conversation_id uuid, up_to timestamptz) group by 1) r
         where m.tenant_id = $1 and m.conversation_id = r.conversation_id and m.direction = 'out'
           and m.sent_at <= r.up_to and m.status = 'sent'
         returning m.id",
        of(false),
    );
    raised.extend(delivered.await?.into_iter().map(|row| row.id));
    let read = run_returning(
        tx,
        "update message m set status = 'read', version = m.version + 1
         from (select conversation_id, max(up_to) as up_to
               from json_to_recordset($2) as r (conversation_id uuid, up_to timestamptz) group by 1) r
         where m.tenant_id = $1 and m.conversation_id = r.conversation_id and m.direction = 'out'
           and m.sent_at <= r.up_to and m.status in ('sent', 'delivered')
         returning m.id",
        of(true),
    );
    raised.extend(read.await?.into_iter().map(|row| row.id));
    Ok(raised)
}

/// Earlier messages that quote one of the new ones can link to it now. Returns them.
pub(super) async fn link_quotes(tx: &Tx, world: &World) -> Result<BTreeSet<Uuid>> {
    let new: Vec<Value> = world
        .messages
        .values()
        .filter(|kept| kept.fate == Fate::New)
        .map(|kept| json!({ "id": kept.row.id, "channel_id": kept.row.channel_id, "external_id": kept.row.external_id }))
        .collect();
    let linked = run_returning(
        tx,
        "update message m set version = m.version + 1
         from json_to_recordset($2) as r (id uuid, channel_id uuid, external_id text)
         where m.tenant_id = $1 and m.channel_id = r.channel_id and m.reply_to_external_id = r.external_id
           and m.id < r.id
         returning m.id",
        (!new.is_empty()).then_some(Value::Array(new)),
    );
    Ok(linked.await?.into_iter().map(|row| row.id).collect())
}

async fn parked(tx: &Tx, world: &World) -> Result<()> {
    let gone: Vec<Value> = world
        .unparked
        .iter()
        .map(|(channel_id, target, slot)| json!({ "channel_id": channel_id, "target": target, "slot": slot }))
        .collect();
    run(
        tx,
        "delete from parked_fact p using json_populate_recordset(null::parked_fact, $2) r
         where p.tenant_id = $1 and p.channel_id = r.channel_id and p.target = r.target and p.slot = r.slot",
        (!gone.is_empty()).then_some(Value::Array(gone)),
    )
    .await?;
    let kept: Vec<ParkedRow> = world
        .parked
        .iter()
        .filter(|(_, kept)| kept.fate != Fate::Clean)
        .map(|((channel_id, target, slot), kept)| ParkedRow {
            channel_id: *channel_id,
            target: target.clone(),
            slot: slot.clone(),
            data: kept.row.clone(),
        })
        .collect();
    run(
        tx,
        "insert into parked_fact (tenant_id, channel_id, target, slot, data)
         select $1, channel_id, target, slot, data from json_populate_recordset(null::parked_fact, $2)
         order by channel_id, target, slot
         on conflict (tenant_id, channel_id, target, slot) do update set data = excluded.data",
        json_of(kept.iter())?,
    )
    .await
}
