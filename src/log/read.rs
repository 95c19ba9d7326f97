//! Reading the log: from a place on, and where it stands.

use super::append::Event;
use crate::db::{Db, Tenant, Tx, sql};
use crate::error::Result;
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Int8, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::sync::Arc;
use uuid::Uuid;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Int8)]
    seq: i64,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Array<Text>)]
    rooms: Vec<String>,
    #[diesel(sql_type = Text)]
    data: String,
}

#[derive(QueryableByName)]
struct Counter {
    #[diesel(sql_type = SqlUuid)]
    tenant_id: Uuid,
    #[diesel(sql_type = Int8)]
    seq: i64,
}

/// Up to `limit` events above `seq`, in order, and where the log stood at least when they were read. What was deleted since is no longer given out: its text and
/// attachments are taken out of older events.
pub async fn since(db: &Db, tenant: Tenant, seq: i64, limit: i64) -> Result<(i64, Vec<Arc<Event>>)> {
    let tx = db.read(tenant).await?;
    let rows: Vec<Row> = sql("select seq, at, name, rooms, data::text as data from event
             where tenant_id = $1 and seq > $2 order by seq limit $3")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Int8, _>(seq)
    .bind::<Int8, _>(limit)
    .load(&mut tx.conn())
    .await?;
    let mut events: Vec<Event> = rows
        .into_iter()
        .map(|row| Event { seq: row.seq, at: row.at, name: row.name, rooms: row.rooms, data: row.data })
        .collect();
    redact_deleted(&tx, &mut events).await?;
    Ok((tx.seq(), events.into_iter().map(Arc::new).collect()))
}

/// The lowest `seq` that is still kept, or one above the counter when none is.
pub async fn oldest(tx: &Tx) -> Result<i64> {
    let row: Option<crate::db::scalar::Number> =
        sql("select seq as value from event where tenant_id = $1 order by seq limit 1")
            .bind::<SqlUuid, _>(tx.tenant())
            .load(&mut tx.conn())
            .await?
            .pop();
    Ok(row.map_or(tx.seq() + 1, |row| row.value))
}

/// Where the logs of some tenants stand: what a node polls while its bus is down.
pub async fn counters(db: &Db, tenants: &[Uuid]) -> Result<Vec<(Tenant, i64)>> {
    let tx = db.system().await?;
    let rows: Vec<Counter> = sql("select tenant_id, seq from tenant_counter where tenant_id = any($1)")
        .bind::<Array<SqlUuid>, _>(tenants)
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().map(|row| (Tenant::proven(row.tenant_id), row.seq)).collect())
}

/// The life of this database; another one after a restore.
pub async fn epoch(db: &Db) -> Result<i64> {
    let tx = db.system().await?;
    let row: crate::db::scalar::Number =
        sql("select epoch as value from installation").get_result(&mut tx.conn()).await?;
    Ok(row.value)
}

async fn redact_deleted(tx: &Tx, events: &mut [Event]) -> Result<()> {
    let mentioned: HashSet<Uuid> = events.iter().flat_map(|event| message_ids(&event.data)).collect();
    if mentioned.is_empty() {
        return Ok(());
    }
    let mentioned: Vec<Uuid> = mentioned.into_iter().collect();
    let deleted: Vec<crate::db::scalar::Id> =
        sql("select id from message where tenant_id = $1 and id = any($2) and deleted_at is not null")
            .bind::<SqlUuid, _>(tx.tenant())
            .bind::<Array<SqlUuid>, _>(&mentioned)
            .load(&mut tx.conn())
            .await?;
    if deleted.is_empty() {
        return Ok(());
    }
    let deleted: HashSet<String> = deleted.into_iter().map(|row| row.id.to_string()).collect();
    for event in events.iter_mut().filter(|event| deleted.iter().any(|id| event.data.contains(id))) {
        let mut data: Value = serde_json::from_str(&event.data)?;
        for path in ["/message", "/conversation/last_message"] {
            if let Some(Value::Object(message)) = data.pointer_mut(path)
                && is_among(message, &deleted)
            {
                redact(message);
            }
        }
        if let Some(Value::Object(message)) = data.pointer_mut("/notification/message")
            && is_among(message, &deleted)
        {
            message.insert("excerpt".to_owned(), Value::Null);
        }
        event.data = serde_json::to_string(&data)?;
    }
    Ok(())
}

fn is_among(message: &Map<String, Value>, ids: &HashSet<String>) -> bool {
    message.get("id").and_then(Value::as_str).is_some_and(|id| ids.contains(id))
}

/// Keys of a message that say who, when and where, not what.
const KEPT: &[&str] = &[
    "id",
    "client_id",
    "conversation_id",
    "direction",
    "kind",
    "reply_to",
    "reactions",
    "status",
    "error",
    "external_id",
    "author",
    "edited_at",
    "deleted_at",
    "sent_at",
    "created_at",
    "version",
    "standby",
    "history",
    "forwarded",
    "original_type",
    "tracking",
];

/// What stays of a deleted message, as REST shows it.
fn redact(message: &mut Map<String, Value>) {
    message.retain(|key, _| KEPT.contains(&key.as_str()));
    message.insert("text".to_owned(), Value::Null);
    message.insert("attachments".to_owned(), Value::Array(Vec::new()));
    message.insert("mentions".to_owned(), Value::Array(Vec::new()));
}

/// Ids of the messages whose content an event's payload may hold.
fn message_ids(data: &str) -> Vec<Uuid> {
    #[derive(serde::Deserialize)]
    struct Named {
        id: Uuid,
    }
    #[derive(serde::Deserialize)]
    struct Conversation {
        last_message: Option<Named>,
    }
    #[derive(serde::Deserialize)]
    struct Notification {
        message: Named,
    }
    #[derive(serde::Deserialize)]
    struct Payload {
        message: Option<Named>,
        conversation: Option<Conversation>,
        notification: Option<Notification>,
    }
    let Ok(payload) = serde_json::from_str::<Payload>(data) else { return Vec::new() };
    let last = payload.conversation.and_then(|conversation| conversation.last_message);
    let told = payload.notification.map(|notification| notification.message);
    payload.message.into_iter().chain(last).chain(told).map(|message| message.id).collect()
}
