//! Boards, their columns with counts and sums, and which cards stand where.

use crate::db::{Tx, sql};
use crate::error::{Error, Result};
use crate::kanban::model::{BoardSummary, ColumnKind, ColumnSummary, Money, Place};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Bool, Int8, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use std::collections::HashMap;
use uuid::Uuid;

#[derive(QueryableByName)]
struct BoardRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    is_default: bool,
}

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    board_id: Uuid,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
}

#[derive(QueryableByName)]
struct SumRow {
    #[diesel(sql_type = SqlUuid)]
    column_id: Uuid,
    #[diesel(sql_type = Nullable<Text>)]
    currency: Option<String>,
    #[diesel(sql_type = Int8)]
    count: i64,
    #[diesel(sql_type = Nullable<Int8>)]
    amount: Option<i64>,
}

#[derive(QueryableByName)]
struct PlaceRow {
    #[diesel(sql_type = SqlUuid)]
    column_id: Uuid,
    #[diesel(sql_type = Text)]
    rank: String,
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// The ids of all boards, the default one first.
pub(in crate::kanban) async fn board_ids(tx: &Tx) -> Result<Vec<Uuid>> {
    let rows: Vec<crate::db::scalar::Id> =
        sql("select id from board where tenant_id = $1 order by is_default desc, created_at, id")
            .bind::<SqlUuid, _>(tx.tenant())
            .load(&mut tx.conn())
            .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Boards with their columns, in the order of the ids. Three statements in one round trip.
pub(in crate::kanban) async fn boards(tx: &Tx, ids: &[Uuid]) -> Result<Vec<BoardSummary>> {
    let boards = sql("select id, name, is_default from board where tenant_id = $1 and id = any($2)")
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<Array<SqlUuid>, _>(ids);
    let columns = sql("select id, board_id, name, kind from board_column
         where tenant_id = $1 and board_id = any($2) order by board_id, position")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(ids);
    // A sum stays within 64 bits whatever the values are.
    let sums = sql("select column_id, value_currency as currency, count(*) as count,
                least(sum(value_amount), 9223372036854775807)::bigint as amount
         from card
         where tenant_id = $1
           and column_id in (select id from board_column where tenant_id = $1 and board_id = any($2))
         group by column_id, value_currency order by column_id, value_currency")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(ids);
    let (mut one, mut two, mut three) = (tx.conn(), tx.conn(), tx.conn());
    let (boards, columns, sums) = futures_util::try_join!(
        boards.load::<BoardRow>(&mut one),
        columns.load::<ColumnRow>(&mut two),
        sums.load::<SumRow>(&mut three)
    )?;
    let mut columns = with_sums(columns, sums)?;
    let mut boards: HashMap<Uuid, BoardRow> = boards.into_iter().map(|row| (row.id, row)).collect();
    let board = |row: BoardRow| BoardSummary {
        columns: columns.remove(&row.id).unwrap_or_default(),
        id: row.id,
        name: row.name,
        is_default: row.is_default,
    };
    Ok(ids.iter().filter_map(|id| boards.remove(id)).map(board).collect())
}

/// By board.
fn with_sums(columns: Vec<ColumnRow>, sums: Vec<SumRow>) -> Result<HashMap<Uuid, Vec<ColumnSummary>>> {
    let mut of_column: HashMap<Uuid, Vec<SumRow>> = HashMap::new();
    for row in sums {
        of_column.entry(row.column_id).or_default().push(row);
    }
    let mut of_board: HashMap<Uuid, Vec<ColumnSummary>> = HashMap::new();
    for row in columns {
        let sums = of_column.remove(&row.id).unwrap_or_default();
        let kind = ColumnKind::parse(&row.kind)
            .ok_or_else(|| Error::internal(format!("unknown kind {:?} of a column", row.kind)))?;
        of_board.entry(row.board_id).or_default().push(ColumnSummary {
            id: row.id,
            name: row.name,
            kind,
            count: sums.iter().map(|sum| sum.count).sum(),
            sum: sums
                .into_iter()
                .filter_map(|sum| sum.amount.zip(sum.currency))
                .map(|(amount, currency)| Money { amount, currency })
                .collect(),
        });
    }
    Ok(of_board)
}

/// The first `limit` cards of every column of a board, by column and rank.
pub(in crate::kanban) async fn first_cards(
    tx: &Tx,
    board: Uuid,
    limit: i64,
) -> Result<HashMap<Uuid, Vec<Place>>> {
    let rows: Vec<PlaceRow> = sql("select k.column_id, k.rank, k.id from board_column col
         cross join lateral (
             select column_id, rank, id from card where tenant_id = $1 and column_id = col.id
             order by rank, id limit $3
         ) k
         where col.tenant_id = $1 and col.board_id = $2 order by col.position, k.rank, k.id")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(board)
    .bind::<Int8, _>(limit)
    .load(&mut tx.conn())
    .await?;
    let mut places: HashMap<Uuid, Vec<Place>> = HashMap::new();
    for row in rows {
        places.entry(row.column_id).or_default().push(Place { rank: row.rank, id: row.id });
    }
    Ok(places)
}

/// Up to `limit` cards of a column after a place, by rank.
pub(in crate::kanban) async fn cards_after(
    tx: &Tx,
    column: Uuid,
    after: Option<&Place>,
    limit: i64,
) -> Result<Vec<Place>> {
    let rows: Vec<PlaceRow> = sql("select column_id, rank, id from card
         where tenant_id = $1 and column_id = $2 and (rank, id) > ($3, $4) order by rank, id limit $5")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(column)
    .bind::<Text, _>(after.map_or("", |place| place.rank.as_str()))
    .bind::<SqlUuid, _>(after.map_or(Uuid::nil(), |place| place.id))
    .bind::<Int8, _>(limit)
    .load(&mut tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| Place { rank: row.rank, id: row.id }).collect())
}

/// The board of a column.
pub(in crate::kanban) async fn board_of(tx: &Tx, column: Uuid) -> Result<Option<Uuid>> {
    let rows: Vec<crate::db::scalar::Id> =
        sql("select board_id as id from board_column where tenant_id = $1 and id = $2")
            .bind::<SqlUuid, _>(tx.tenant())
            .bind::<SqlUuid, _>(column)
            .load(&mut tx.conn())
            .await?;
    Ok(rows.into_iter().next().map(|row| row.id))
}
