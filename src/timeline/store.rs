//! Every statement on `activity`, and the viewer's reads of what lies around a customer.

use super::model::{Activity, ActivityStatus};
use crate::db::{Tx, schema, sql};
use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Uuid as SqlUuid};
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

impl Row {
    fn shape(self) -> Result<Activity> {
        let status = ActivityStatus::parse(&self.status)
            .ok_or_else(|| Error::internal(format!("unknown activity status {:?}", self.status)))?;
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
