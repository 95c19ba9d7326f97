//! Conversations, messages, attachments, parked facts.

use super::{Steps, of, often, rows};
use crate::db::JsonRows;
use crate::error::Result;
use crate::ingest::rows::{Fate, ParkedRow};
use crate::ingest::world::{ParkedKey, World, settled};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;
use webhooks::DeliveryState;

pub(super) fn add<'a>(steps: &mut Steps<'a>, world: &'a World) -> Result<()> {
    add_conversations(steps, world)?;
    add_messages(steps, world)?;
    add_joined(steps, world)?;
    add_parked(steps, world)
}

fn add_conversations<'a>(steps: &mut Steps<'a>, world: &'a World) -> Result<()> {
    // New ones first: an old one may have been joined to one of them. A new one of a person who had one already ends
    // in it (`merged_into`), so that the two never meet in the unique index.
    steps.add(
        "insert into conversation (tenant_id, id, channel_id, customer_id, group_external_id, status, snoozed_until,
                                   assignee_id, labels, unread_count, read_sent_at, read_message_id,
                                   last_message_id, last_message_at, last_activity_at, last_inbound_at,
                                   delivered_up_to, read_up_to, merged_into, created_at)
         select $1, id, channel_id, customer_id, group_external_id, status, snoozed_until, assignee_id, labels,
                unread_count, read_sent_at, read_message_id, last_message_id, last_message_at, last_activity_at,
                last_inbound_at, delivered_up_to, read_up_to, merged_into, created_at
         from json_populate_recordset(null::conversation, $2) order by merged_into nulls first, id",
        rows(world.conversations.values(), Fate::New)?,
    );
    let changed: Vec<_> = of(world.conversations.values(), Fate::Changed).collect();
    if !changed.is_empty() {
        steps.send(often::update_conversations(steps.tx, changed));
    }
    // Only a join changes labels.
    let joined: BTreeSet<Uuid> = world.conversation_merges.iter().map(|(_, stays)| *stays).collect();
    let labels = joined.iter().filter_map(|id| world.conversations.get(id)).map(|kept| &kept.row);
    steps.add(
        "update conversation c set labels = r.labels
         from json_populate_recordset(null::conversation, $2) r where c.tenant_id = $1 and c.id = r.id",
        JsonRows::of(labels)?,
    );
    Ok(())
}

fn add_messages<'a>(steps: &mut Steps<'a>, world: &'a World) -> Result<()> {
    let new: Vec<_> = of(world.messages.values(), Fate::New).collect();
    if !new.is_empty() {
        steps.send(often::insert_messages(steps.tx, new));
    }
    steps.add(
        "update message m set external_id = null from json_to_recordset($2) as r (id uuid)
         where m.tenant_id = $1 and m.id = r.id",
        JsonRows::of(world.unnamed.iter().map(|id| json!({ "id": id })))?,
    );
    steps.add(
        "update message m set conversation_id = r.conversation_id, external_id = r.external_id, text = r.text,
                status = r.status, error = r.error,
                author_customer_id = r.author_customer_id, extra = r.extra, reactions = r.reactions,
                edit_rank = r.edit_rank, edited_at = r.edited_at, deleted_at = r.deleted_at, version = m.version + 1
         from json_populate_recordset(null::message, $2) r where m.tenant_id = $1 and m.id = r.id",
        rows(world.messages.values(), Fate::Changed)?,
    );
    steps.add(
        "delete from attachment a using json_to_recordset($2) as r (message_id uuid)
         where a.tenant_id = $1 and a.message_id = r.message_id",
        JsonRows::of(world.stripped.iter().map(|id| json!({ "message_id": id })))?,
    );
    steps.add(
        "insert into attachment (tenant_id, id, message_id, position, kind, external_id, file_name, mime_type,
                                 source_url, sha256, title, state)
         select $1, id, message_id, position, kind, external_id, file_name, mime_type, source_url, sha256, title, state
         from json_populate_recordset(null::attachment, $2) order by id",
        JsonRows::of(world.attachments.iter())?,
    );
    Ok(())
}

/// Messages of a joined conversation move over, and its unread ones are counted anew.
fn add_joined(steps: &mut Steps, world: &World) -> Result<()> {
    let pairs = settled(&world.conversation_merges).into_iter();
    let pairs = JsonRows::of(pairs.map(|(ends, stays)| json!({ "a": ends, "b": stays })))?;
    steps.add(
        "update message m set conversation_id = r.b from json_to_recordset($2) as r (a uuid, b uuid)
         where m.tenant_id = $1 and m.conversation_id = r.a",
        pairs.clone(),
    );
    steps.add(
        "update conversation c set merged_into = r.b from json_to_recordset($2) as r (a uuid, b uuid)
         where c.tenant_id = $1 and c.merged_into = r.a",
        pairs.clone(),
    );
    steps.add(
        "update conversation c set unread_count = (
                 select count(*) from message m
                 where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.direction = 'in'
                   and not m.history
                   and (c.read_sent_at is null or (m.sent_at, m.id) > (c.read_sent_at, c.read_message_id)))
         from json_to_recordset($2) as r (a uuid, b uuid) where c.tenant_id = $1 and c.id = r.b",
        pairs,
    );
    Ok(())
}

/// What changes beyond the messages that the world holds: those that a watermark covers, and earlier ones that quote a
/// new one, which can link to it now. Each statement returns the messages it changed.
pub(super) fn add_raises(steps: &mut Steps, world: &World) -> Result<()> {
    let of = |read: bool| {
        let all = world.watermarks.iter().filter(move |it| (it.state >= DeliveryState::Read) == read);
        JsonRows::of(all.map(|it| json!({ "conversation_id": it.conversation_id, "up_to": it.up_to })))
    };
    steps.add(
        "update message m set status = 'delivered', version = m.version + 1
         from (select conversation_id, max(up_to) as up_to
               from json_to_recordset($2) as r (conversation_id uuid, up_to timestamptz) group by 1) r
         where m.tenant_id = $1 and m.conversation_id = r.conversation_id and m.direction = 'out'
           and m.sent_at <= r.up_to and m.status = 'sent'
         returning m.id",
        of(false)?,
    );
    steps.add(
        "update message m set status = 'read', version = m.version + 1
         from (select conversation_id, max(up_to) as up_to
               from json_to_recordset($2) as r (conversation_id uuid, up_to timestamptz) group by 1) r
         where m.tenant_id = $1 and m.conversation_id = r.conversation_id and m.direction = 'out'
           and m.sent_at <= r.up_to and m.status in ('sent', 'delivered')
         returning m.id",
        of(true)?,
    );
    let new = world.messages.values().filter(|kept| kept.fate == Fate::New).map(|kept| &kept.row);
    steps.add(
        "update message m set version = m.version + 1
         from json_to_recordset($2) as r (id uuid, channel_id uuid, external_id text)
         where m.tenant_id = $1 and m.channel_id = r.channel_id and m.reply_to_external_id = r.external_id
           and m.id < r.id
         returning m.id",
        JsonRows::of(new.map(
            |row| json!({ "id": row.id, "channel_id": row.channel_id, "external_id": row.external_id }),
        ))?,
    );
    Ok(())
}

fn add_parked(steps: &mut Steps, world: &World) -> Result<()> {
    let gone = |(channel_id, target, slot): &ParkedKey| json!({ "channel_id": channel_id, "target": target, "slot": slot });
    steps.add(
        "delete from parked_fact p using json_populate_recordset(null::parked_fact, $2) r
         where p.tenant_id = $1 and p.channel_id = r.channel_id and p.target = r.target and p.slot = r.slot",
        JsonRows::of(world.unparked.iter().map(gone))?,
    );
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
    steps.add(
        "insert into parked_fact (tenant_id, channel_id, target, slot, data)
         select $1, channel_id, target, slot, data from json_populate_recordset(null::parked_fact, $2)
         order by channel_id, target, slot
         on conflict (tenant_id, channel_id, target, slot) do update set data = excluded.data",
        JsonRows::of(kept.iter())?,
    );
    Ok(())
}
