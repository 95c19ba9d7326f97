//! Reading whole shapes: a constant number of statements in one round trip, however many ids.

use crate::customers::model::{Customer, Identity};
use crate::db::{Tx, schema, sql};
use crate::error::Result;
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use std::collections::HashMap;
use uuid::Uuid;

#[derive(QueryableByName)]
#[diesel(table_name = schema::customer)]
struct Row {
    id: Uuid,
    name: String,
    phone: Option<String>,
    email: Option<String>,
    marketing_opt_out: bool,
    created_at: DateTime<Utc>,
    version: i32,
}

#[derive(QueryableByName)]
struct IdentityRow {
    #[diesel(sql_type = SqlUuid)]
    customer_id: Uuid,
    #[diesel(sql_type = Text)]
    channel_kind: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    value: String,
    #[diesel(sql_type = Nullable<Text>)]
    username: Option<String>,
}

#[derive(QueryableByName)]
struct BoardRow {
    #[diesel(sql_type = SqlUuid)]
    customer_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    board_id: Uuid,
}

/// Customers by id; ids that are not there are left out. Two statements in one round trip, however many ids.
pub async fn load(tx: &Tx, ids: &[Uuid]) -> Result<HashMap<Uuid, Customer>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sql("select id, name, phone, email, marketing_opt_out, created_at, version
         from customer where tenant_id = $1 and id = any($2)")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(ids);
    let identities = sql("select customer_id, channel_kind, kind, value, username from customer_identity
         where tenant_id = $1 and customer_id = any($2) and retired_at is null
         order by created_at, id")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(ids);
    let (mut one, mut two) = (tx.conn(), tx.conn());
    let (rows, identities) =
        futures_util::try_join!(rows.load::<Row>(&mut one), identities.load::<IdentityRow>(&mut two))?;
    let mut customers: HashMap<Uuid, Customer> = rows.into_iter().map(|row| (row.id, row.into())).collect();
    for row in identities {
        if let Some(customer) = customers.get_mut(&row.customer_id) {
            customer.identities.push(Identity {
                channel_kind: row.channel_kind,
                kind: row.kind,
                external_id: row.value,
                username: row.username,
            });
        }
    }
    Ok(customers)
}

/// The boards that hold a card of each customer: the rooms of the customer's events.
pub async fn boards(tx: &Tx, customers: &[Uuid]) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    let mut boards: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    if customers.is_empty() {
        return Ok(boards);
    }
    let rows: Vec<BoardRow> = sql("select distinct customer_id, board_id from card
         where tenant_id = $1 and customer_id = any($2) order by customer_id, board_id")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(customers)
    .load(&mut tx.conn())
    .await?;
    for row in rows {
        boards.entry(row.customer_id).or_default().push(row.board_id);
    }
    Ok(boards)
}

impl From<Row> for Customer {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            phone: row.phone,
            email: row.email,
            identities: Vec::new(),
            marketing_opt_out: row.marketing_opt_out,
            created_at: row.created_at,
            version: row.version,
        }
    }
}
