//! Every statement on `activity` of the read and edit side.

use crate::db::{Tx, scalar, schema, sql};
use crate::error::{Error, Result};
use crate::timeline::model::{Activity, ActivityStatus, Place};
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Int4, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

#[derive(QueryableByName)]
#[diesel(table_name = schema::activity)]
struct Row {
    id: Uuid,
    customer_id: Uuid,
    kind: String,
    status: String,
    data: Value,
    version: i32,
    created_at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct PlaceRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct LockedRow {
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Int4)]
    version: i32,
}

/// Activities by id; ids that are not there are left out.
pub async fn load_activities(tx: &Tx, ids: &[Uuid]) -> Result<HashMap<Uuid, Activity>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Row> = sql("select id, customer_id, kind, status, data, version, created_at from activity
         where tenant_id = $1 and id = any($2)")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(ids)
    .load(&mut tx.conn())
    .await?;
    rows.into_iter().map(|row| Ok((row.id, row.shape()?))).collect()
}

/// The places of up to `limit` activities of a customer, newest first: before a place, or from an offset on.
pub(in crate::timeline) async fn list(
    tx: &Tx,
    customer: Uuid,
    status: Option<ActivityStatus>,
    before: Option<Place>,
    (limit, offset): (i64, i64),
) -> Result<Vec<Place>> {
    let text = if before.is_some() {
        "select id, created_at from activity
         where tenant_id = $1 and customer_id = $2 and ($3::text is null or status = $3)
           and (created_at, id) < ($6, $7)
         order by created_at desc, id desc limit $4 offset $5"
    } else {
        "select id, created_at from activity
         where tenant_id = $1 and customer_id = $2 and ($3::text is null or status = $3)
         order by created_at desc, id desc limit $4 offset $5"
    };
    let rows: Vec<PlaceRow> = sql(text)
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(customer)
        .bind::<Nullable<Text>, _>(status.map(ActivityStatus::as_str))
        .bind::<Int8, _>(limit)
        .bind::<Int8, _>(offset)
        .bind::<Nullable<Timestamptz>, _>(before.map(|place| place.at))
        .bind::<Nullable<SqlUuid>, _>(before.map(|place| place.id))
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().map(|row| Place { at: row.created_at, id: row.id }).collect())
}

pub(in crate::timeline) async fn total(
    tx: &Tx,
    customer: Uuid,
    status: Option<ActivityStatus>,
) -> Result<i64> {
    let total: scalar::Number = sql("select count(*) as value from activity
         where tenant_id = $1 and customer_id = $2 and ($3::text is null or status = $3)")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(customer)
    .bind::<Nullable<Text>, _>(status.map(ActivityStatus::as_str))
    .get_result(&mut tx.conn())
    .await?;
    Ok(total.value)
}

/// Locks an activity; its status and version.
pub(in crate::timeline) async fn lock(tx: &Tx, id: Uuid) -> Result<Option<(ActivityStatus, i32)>> {
    let rows: Vec<LockedRow> =
        sql("select status, version from activity where tenant_id = $1 and id = $2 for no key update")
            .bind::<SqlUuid, _>(tx.tenant())
            .bind::<SqlUuid, _>(id)
            .load(&mut tx.conn())
            .await?;
    rows.into_iter().next().map(|row| Ok((status_of(&row.status)?, row.version))).transpose()
}

/// Writes a locked activity.
pub(in crate::timeline) async fn set_status(tx: &Tx, id: Uuid, status: ActivityStatus) -> Result<()> {
    sql("update activity set status = $3, version = version + 1 where tenant_id = $1 and id = $2")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(status.as_str())
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

fn status_of(text: &str) -> Result<ActivityStatus> {
    ActivityStatus::parse(text)
        .ok_or_else(|| Error::internal(format!("unknown status {text:?} of an activity")))
}

impl Row {
    fn shape(self) -> Result<Activity> {
        let status = status_of(&self.status)?;
        Ok(Activity {
            id: self.id,
            customer_id: self.customer_id,
            kind: self.kind,
            status,
            data: self.data,
            created_at: self.created_at,
            version: self.version,
        })
    }
}
