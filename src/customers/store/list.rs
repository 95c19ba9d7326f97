//! Which customers a list shows, and in which order: by cursor (no row is read that is not shown) or as a table.
//!
//! Each combination of sort, direction and search is a text of its own, so that the planner sees what it may use.

use crate::customers::listing;
use crate::db::{Tx, scalar, sql};
use crate::error::Result;
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Bool, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is shown.
#[derive(Debug, Clone, Default)]
pub(in crate::customers) struct Filter {
    /// LIKE pattern over the search text.
    pub pattern: Option<String>,
    /// Known on any of these kinds of channels.
    pub channel_kinds: Option<Vec<String>>,
    pub opt_out: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::customers) enum Sort {
    Name,
    CreatedAt,
    Email,
    Phone,
}

/// What a list is sorted by, of one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::customers) enum Key {
    Text(String),
    Time(DateTime<Utc>),
}

/// A row's place in a list: what a cursor holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::customers) struct Place {
    pub sort: Sort,
    pub descending: bool,
    pub key: Key,
    pub id: Uuid,
}

impl Place {
    /// Whether it is a place in a list of that order.
    pub(in crate::customers) fn fits(&self, sort: Sort, descending: bool) -> bool {
        let key_fits = match &self.key {
            Key::Text(text) => sort != Sort::CreatedAt && listing::is_text(text),
            Key::Time(time) => sort == Sort::CreatedAt && listing::is_time(*time),
        };
        (self.sort, self.descending) == (sort, descending) && key_fits
    }
}

#[derive(QueryableByName)]
struct PlaceRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    text: String,
    #[diesel(sql_type = Timestamptz)]
    time: DateTime<Utc>,
}

/// `$1` tenant, `$2` pattern, `$3` kinds of channels, `$4` opt-out.
macro_rules! filtered {
    ($search:expr) => {
        concat!(
            " from customer c where c.tenant_id = $1 and c.merged_into is null",
            $search,
            " and ($3::text[] is null or exists (
                   select from customer_identity i where i.tenant_id = $1 and i.customer_id = c.id
                       and i.retired_at is null and i.channel_kind = any($3)))
              and ($4::boolean is null or c.marketing_opt_out = $4)"
        )
    };
}

/// At most `$5` from `$6` on; after the place `$7` (text), `$8` (time), `$9` (id).
macro_rules! rows {
    ($search:expr, $text:literal, $key:literal, $after:expr, $direction:literal) => {
        concat!(
            "select c.id, c.created_at as time, ",
            $text,
            " as text",
            filtered!($search),
            $after,
            concat!(" order by ", $key, " ", $direction, ", c.id ", $direction),
            " limit $5 offset $6"
        )
    };
}

macro_rules! searched {
    () => {
        " and c.id in (select search_customers($1, $2))"
    };
}

/// One order of the list, with and without search and cursor.
macro_rules! ordered {
    ($f:expr, $text:literal, $key:literal, $after:literal, $compare:literal, $direction:literal) => {
        match ($f.0, $f.1) {
            (false, false) => rows!("", $text, $key, "", $direction),
            (false, true) => {
                rows!("", $text, $key, concat!(" and (", $key, ", c.id) ", $compare, $after), $direction)
            }
            (true, false) => rows!(searched!(), $text, $key, "", $direction),
            (true, true) => {
                rows!(
                    searched!(),
                    $text,
                    $key,
                    concat!(" and (", $key, ", c.id) ", $compare, $after),
                    $direction
                )
            }
        }
    };
}

/// `shape`: whether something is searched for, and whether the list goes on after a place.
fn text(sort: Sort, descending: bool, shape: (bool, bool)) -> &'static str {
    match (sort, descending) {
        (Sort::Name, false) => ordered!(shape, "c.name", "c.name", "($7, $9)", "> ", "asc"),
        (Sort::Name, true) => ordered!(shape, "c.name", "c.name", "($7, $9)", "< ", "desc"),
        (Sort::CreatedAt, false) => ordered!(shape, "''", "c.created_at", "($8, $9)", "> ", "asc"),
        (Sort::CreatedAt, true) => ordered!(shape, "''", "c.created_at", "($8, $9)", "< ", "desc"),
        (Sort::Email, false) => {
            ordered!(shape, "coalesce(c.email, '')", "coalesce(c.email, '')", "($7, $9)", "> ", "asc")
        }
        (Sort::Email, true) => {
            ordered!(shape, "coalesce(c.email, '')", "coalesce(c.email, '')", "($7, $9)", "< ", "desc")
        }
        (Sort::Phone, false) => {
            ordered!(shape, "coalesce(c.phone, '')", "coalesce(c.phone, '')", "($7, $9)", "> ", "asc")
        }
        (Sort::Phone, true) => {
            ordered!(shape, "coalesce(c.phone, '')", "coalesce(c.phone, '')", "($7, $9)", "< ", "desc")
        }
    }
}

/// The places of up to `limit` customers after a place.
pub(in crate::customers) async fn page(
    tx: &Tx,
    filter: &Filter,
    (sort, descending): (Sort, bool),
    after: Option<&Place>,
    limit: i64,
) -> Result<Vec<Place>> {
    rows(tx, filter, (sort, descending), after, (limit, 0)).await
}

/// The same by number: `limit` and how many come before.
pub(in crate::customers) async fn table(
    tx: &Tx,
    filter: &Filter,
    (sort, descending): (Sort, bool),
    (limit, offset): (i64, i64),
) -> Result<Vec<Place>> {
    rows(tx, filter, (sort, descending), None, (limit, offset)).await
}

/// How many there are.
pub(in crate::customers) async fn total(tx: &Tx, filter: &Filter) -> Result<i64> {
    let text = if filter.pattern.is_some() {
        concat!("select count(*) as value", filtered!(searched!()))
    } else {
        concat!("select count(*) as value", filtered!(""))
    };
    let total: scalar::Number = sql(text)
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<Nullable<Text>, _>(&filter.pattern)
        .bind::<Nullable<Array<Text>>, _>(&filter.channel_kinds)
        .bind::<Nullable<Bool>, _>(filter.opt_out)
        .get_result(&mut tx.conn())
        .await?;
    Ok(total.value)
}

async fn rows(
    tx: &Tx,
    filter: &Filter,
    (sort, descending): (Sort, bool),
    after: Option<&Place>,
    (limit, offset): (i64, i64),
) -> Result<Vec<Place>> {
    let (name, time) = match after.map(|place| &place.key) {
        Some(Key::Text(text)) => (Some(text), None),
        Some(Key::Time(time)) => (None, Some(*time)),
        None => (None, None),
    };
    let rows: Vec<PlaceRow> = sql(text(sort, descending, (filter.pattern.is_some(), after.is_some())))
        .bind::<SqlUuid, _>(tx.tenant())
        .bind::<Nullable<Text>, _>(&filter.pattern)
        .bind::<Nullable<Array<Text>>, _>(&filter.channel_kinds)
        .bind::<Nullable<Bool>, _>(filter.opt_out)
        .bind::<Int8, _>(limit)
        .bind::<Int8, _>(offset)
        .bind::<Nullable<Text>, _>(name)
        .bind::<Nullable<Timestamptz>, _>(time)
        .bind::<Nullable<SqlUuid>, _>(after.map(|place| place.id))
        .load(&mut tx.conn())
        .await?;
    let place = |row: PlaceRow| {
        let key = if sort == Sort::CreatedAt { Key::Time(row.time) } else { Key::Text(row.text) };
        Place { sort, descending, key, id: row.id }
    };
    Ok(rows.into_iter().map(place).collect())
}
