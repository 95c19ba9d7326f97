//! Locking a card and its target column, finding the ranks around a spot, and writing an edit: one row.

use crate::db::{Tx, scalar, sql};
use crate::error::Result;
use crate::kanban::edit::{Editable, Spot};
use crate::kanban::model::Money;
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Int4, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

#[derive(QueryableByName)]
struct LockedRow {
    #[diesel(sql_type = SqlUuid)]
    board_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    column_id: Uuid,
    #[diesel(sql_type = Text)]
    rank: String,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = Nullable<Int8>)]
    value_amount: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    value_currency: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    assignee_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    due_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Int4)]
    version: i32,
}

#[derive(QueryableByName)]
struct AroundRow {
    #[diesel(sql_type = Nullable<Text>)]
    lower: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    upper: Option<String>,
}

/// A card as it is locked.
pub(in crate::kanban) struct Locked {
    pub board_id: Uuid,
    pub column_id: Uuid,
    pub rank: String,
    pub editable: Editable,
    pub version: i32,
}

/// The ranks between which a spot lies.
pub(in crate::kanban) struct Around {
    pub lower: Option<String>,
    pub upper: Option<String>,
}

pub(in crate::kanban) async fn card_exists(tx: &Tx, id: Uuid) -> Result<bool> {
    let found: Vec<scalar::Id> = sql("select id from card where tenant_id = $1 and id = $2")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(id)
        .load(&mut tx.conn())
        .await?;
    Ok(!found.is_empty())
}

/// Locks a column, so that moves into it come one after the other and no two get one rank. Returns its board.
pub(in crate::kanban) async fn lock_column(tx: &Tx, column: Uuid) -> Result<Option<Uuid>> {
    let rows: Vec<scalar::Id> =
        sql("select board_id as id from board_column where tenant_id = $1 and id = $2 for no key update")
            .bind::<SqlUuid, _>(tx.tenant())
            .bind::<SqlUuid, _>(column)
            .load(&mut tx.conn())
            .await?;
    Ok(rows.into_iter().next().map(|row| row.id))
}

/// Locks a card. Whoever also locks a column does that first.
pub(in crate::kanban) async fn lock(tx: &Tx, id: Uuid) -> Result<Option<Locked>> {
    let rows: Vec<LockedRow> =
        sql("select board_id, column_id, rank, title, value_amount, value_currency, assignee_id,
                due_at, version
         from card where tenant_id = $1 and id = $2 for no key update")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(id)
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().next().map(|row| Locked {
        board_id: row.board_id,
        column_id: row.column_id,
        rank: row.rank,
        editable: Editable {
            title: row.title,
            value: row
                .value_amount
                .zip(row.value_currency)
                .map(|(amount, currency)| Money { amount, currency }),
            assignee_id: row.assignee_id,
            due_at: row.due_at,
        },
        version: row.version,
    }))
}

/// The ranks around a spot, the card itself left out. `None`: the neighbour is not in that column.
///
/// Ranks that are equal (a webhook and a colleague put cards at the top at one moment) count as one, so that there is
/// always room.
pub(in crate::kanban) async fn around(
    tx: &Tx,
    column: Uuid,
    spot: Spot,
    card: Uuid,
) -> Result<Option<Around>> {
    let (text, neighbour) = match spot {
        Spot::Last => (
            "select max(rank) as lower, null::text as upper from card
             where tenant_id = $1 and column_id = $2 and id <> $3",
            Uuid::nil(),
        ),
        Spot::After(neighbour) => (
            "select n.rank as lower,
                    (select min(rank) from card
                     where tenant_id = $1 and column_id = $2 and id <> $3 and rank > n.rank) as upper
             from card n where n.tenant_id = $1 and n.column_id = $2 and n.id = $4 and n.id <> $3",
            neighbour,
        ),
        Spot::Before(neighbour) => (
            "select (select max(rank) from card
                     where tenant_id = $1 and column_id = $2 and id <> $3 and rank < n.rank) as lower,
                    n.rank as upper
             from card n where n.tenant_id = $1 and n.column_id = $2 and n.id = $4 and n.id <> $3",
            neighbour,
        ),
    };
    let rows: Vec<AroundRow> = sql(text)
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<SqlUuid, _>(column)
        .bind::<SqlUuid, _>(card)
        .bind::<SqlUuid, _>(neighbour)
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().next().map(|row| Around { lower: row.lower, upper: row.upper }))
}

/// Writes a locked card.
pub(in crate::kanban) async fn update(
    tx: &Tx,
    id: Uuid,
    (column, rank): (Uuid, &str),
    new: &Editable,
) -> Result<()> {
    sql("update card set column_id = $3, rank = $4, title = $5, value_amount = $6, value_currency = $7,
                assignee_id = $8, due_at = $9, version = version + 1
         where tenant_id = $1 and id = $2")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(column)
    .bind::<Text, _>(rank)
    .bind::<Text, _>(&new.title)
    .bind::<Nullable<Int8>, _>(new.value.as_ref().map(|value| value.amount))
    .bind::<Nullable<Text>, _>(new.value.as_ref().map(|value| &value.currency))
    .bind::<Nullable<SqlUuid>, _>(new.assignee_id)
    .bind::<Nullable<Timestamptz>, _>(new.due_at)
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}
