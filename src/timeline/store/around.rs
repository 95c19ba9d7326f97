//! What lies around a customer, for the viewer's snapshot: read only, of tables that other features own.

use crate::db::{Tx, scalar, sql};
use crate::error::Result;
use crate::timeline::model::{self, PlatformEvent, Touch};
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Int8, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

#[derive(QueryableByName)]
struct TouchRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
    #[diesel(sql_type = Jsonb)]
    data: Value,
}

#[derive(QueryableByName)]
struct EventRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    customer_id: Option<Uuid>,
    #[diesel(sql_type = Jsonb)]
    data: Value,
}

/// Ids of the conversations that a user may see, the latest activity first. `only_own_of`: who sees only their own and
/// what nobody has.
pub(in crate::timeline) async fn conversations(
    tx: &Tx,
    customer: Uuid,
    only_own_of: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Uuid>> {
    let rows: Vec<scalar::Id> = sql("select id from conversation
         where tenant_id = $1 and customer_id = $2 and merged_into is null
           and ($3::uuid is null or assignee_id is null or assignee_id = $3)
         order by last_activity_at desc, id desc limit $4")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(customer)
    .bind::<Nullable<SqlUuid>, _>(only_own_of)
    .bind::<Int8, _>(limit)
    .load(&mut tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Ids of the cards, the newest first.
pub(in crate::timeline) async fn cards(tx: &Tx, customer: Uuid, limit: i64) -> Result<Vec<Uuid>> {
    let rows: Vec<scalar::Id> = sql("select id from card where tenant_id = $1 and customer_id = $2
         order by created_at desc, id desc limit $3")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(customer)
    .bind::<Int8, _>(limit)
    .load(&mut tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

pub(in crate::timeline) async fn touches(tx: &Tx, customer: Uuid, limit: i64) -> Result<Vec<Touch>> {
    let rows: Vec<TouchRow> =
        sql("select id, at, data from attribution where tenant_id = $1 and customer_id = $2
         order by at desc, id desc limit $3")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(customer)
        .bind::<Int8, _>(limit)
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().map(|row| model::touch(row.id, row.at, row.data)).collect())
}

pub(in crate::timeline) async fn platform_events(
    tx: &Tx,
    customer: Uuid,
    limit: i64,
) -> Result<Vec<PlatformEvent>> {
    let rows: Vec<EventRow> = sql("select id, kind, at, customer_id, data from channel_event
         where tenant_id = $1 and customer_id = $2 order by at desc, id desc limit $3")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(customer)
    .bind::<Int8, _>(limit)
    .load(&mut tx.conn())
    .await?;
    Ok(rows.into_iter().map(PlatformEvent::from).collect())
}

impl From<EventRow> for PlatformEvent {
    fn from(row: EventRow) -> Self {
        Self { id: row.id, kind: row.kind, at: row.at, customer_id: row.customer_id, data: row.data }
    }
}
