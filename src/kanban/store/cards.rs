//! Cards as whole shapes.

use crate::customers::Person;
use crate::db::{Tx, sql};
use crate::error::Result;
use crate::kanban::model::{Card, Money};
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Int4, Int8, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    board_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    column_id: Uuid,
    #[diesel(sql_type = Text)]
    rank: String,
    #[diesel(sql_type = SqlUuid)]
    customer_id: Uuid,
    #[diesel(sql_type = Text)]
    customer_name: String,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = Nullable<Int8>)]
    value_amount: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    value_currency: Option<String>,
    #[diesel(sql_type = Text)]
    source: String,
    #[diesel(sql_type = Nullable<Jsonb>)]
    attribution: Option<Value>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    assignee_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    assignee_name: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    due_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    last_message_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Int4)]
    version: i32,
}

/// Cards by id; ids that are not there are left out.
pub async fn load_cards(tx: &Tx, ids: &[Uuid]) -> Result<HashMap<Uuid, Card>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Row> =
        sql("select k.id, k.board_id, k.column_id, k.rank, k.customer_id, cu.name as customer_name,
                k.title, k.value_amount, k.value_currency, k.source, k.attribution, k.assignee_id,
                u.name as assignee_name, k.due_at, k.last_message_at, k.created_at, k.version
         from card k
         join customer cu on cu.tenant_id = $1 and cu.id = k.customer_id
         left join app_user u on u.tenant_id = $1 and u.id = k.assignee_id
         where k.tenant_id = $1 and k.id = any($2)")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<Array<SqlUuid>, _>(ids)
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.into())).collect())
}

impl From<Row> for Card {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            board_id: row.board_id,
            column_id: row.column_id,
            rank: row.rank,
            customer: Person { id: row.customer_id, name: row.customer_name },
            title: row.title,
            value: row
                .value_amount
                .zip(row.value_currency)
                .map(|(amount, currency)| Money { amount, currency }),
            source: row.source,
            attribution: row.attribution,
            assignee: row.assignee_id.zip(row.assignee_name).map(|(id, name)| Person { id, name }),
            due_at: row.due_at,
            last_message_at: row.last_message_at,
            created_at: row.created_at,
            version: row.version,
        }
    }
}
