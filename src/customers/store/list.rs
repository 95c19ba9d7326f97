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

/// From so many on a pattern is broad.
const BROAD: i64 = 2_000;

/// What is shown.
#[derive(Debug, Clone, Default)]
pub(in crate::customers) struct Filter {
    /// LIKE pattern over the search text.
    pub pattern: Option<String>,
    /// Whether so many fit the pattern that walking the list finds a page of them sooner than the search does.
    pub broad: bool,
    /// Known on any of these kinds of channels.
    pub channel_kinds: Option<Vec<String>>,
    pub opt_out: Option<bool>,
}

/// How a list is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Search {
    None,
    Narrow,
    Broad,
}

impl Filter {
    fn search(&self) -> Search {
        match (&self.pattern, self.broad) {
            (None, _) => Search::None,
            (Some(_), false) => Search::Narrow,
            (Some(_), true) => Search::Broad,
        }
    }
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

macro_rules! walked {
    () => {
        r" and c.search like $2 escape '\'"
    };
}

/// One order of the list, from the start and after a place.
macro_rules! started {
    ($after:expr, $search:expr, $text:literal, $key:literal, $place:literal, $compare:literal, $direction:literal) => {
        if $after {
            rows!($search, $text, $key, concat!(" and (", $key, ", c.id) ", $compare, $place), $direction)
        } else {
            rows!($search, $text, $key, "", $direction)
        }
    };
}

/// One order of the list, by how it is searched.
macro_rules! ordered {
    ($f:expr, $text:literal, $key:literal, $place:literal, $compare:literal, $direction:literal) => {
        match $f.0 {
            Search::None => started!($f.1, "", $text, $key, $place, $compare, $direction),
            Search::Narrow => started!($f.1, searched!(), $text, $key, $place, $compare, $direction),
            Search::Broad => started!($f.1, walked!(), $text, $key, $place, $compare, $direction),
        }
    };
}

/// `shape`: how it is searched, and whether the list goes on after a place.
fn text(sort: Sort, descending: bool, shape: (Search, bool)) -> &'static str {
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

/// Whether more customers fit a pattern than a search should collect before its result is sorted.
pub(in crate::customers) async fn is_broad(tx: &Tx, pattern: &str) -> Result<bool> {
    let found: scalar::Number =
        sql("select count(*) as value from (select search_customers($1, $2) limit $3) as found")
            .bind::<SqlUuid, _>(tx.tenant())
            .bind::<Text, _>(pattern)
            .bind::<Int8, _>(BROAD)
            .get_result(&mut tx.conn())
            .await?;
    Ok(found.value >= BROAD)
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
    let text = match filter.search() {
        Search::None => concat!("select count(*) as value", filtered!("")),
        Search::Narrow => concat!("select count(*) as value", filtered!(searched!())),
        Search::Broad => concat!("select count(*) as value", filtered!(walked!())),
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
    let rows: Vec<PlaceRow> = sql(text(sort, descending, (filter.search(), after.is_some())))
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
