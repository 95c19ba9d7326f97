//! Which conversations and messages a list shows, and how many there are.
//!
//! Each combination of the filters that an index serves is a text of its own, so that the planner sees what it may use.

use crate::db::{Tx, scalar, sql};
use crate::error::Result;
use crate::inbox::model::{Assignee, ConversationSort, Counts, Filter, Place, Viewer};
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Bool, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use std::collections::HashMap;
use uuid::Uuid;

/// The last day of the year 9999 and the first of the year 1: before and after everything.
const LATEST: DateTime<Utc> = second(253_402_214_400);
const EARLIEST: DateTime<Utc> = second(-62_135_596_800);

const fn second(second: i64) -> DateTime<Utc> {
    match DateTime::from_timestamp(second, 0) {
        Some(at) => at,
        None => DateTime::UNIX_EPOCH,
    }
}

#[derive(QueryableByName)]
struct PlaceRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct CountsRow {
    #[diesel(sql_type = SqlUuid)]
    user_id: Uuid,
    #[diesel(sql_type = Int8)]
    mine: i64,
    #[diesel(sql_type = Int8)]
    unassigned: i64,
    #[diesel(sql_type = Int8)]
    every: i64,
    #[diesel(sql_type = Int8)]
    unread: i64,
}

/// `$1` tenant, `$2` status, `$3` assignee, `$4` pattern, `$5` channel, `$6` label, `$7` unread only, `$8` who sees only
/// their own and what nobody has.
macro_rules! filtered {
    ($status:literal, $assignee:literal, $search:literal) => {
        concat!(
            " from conversation c where c.tenant_id = $1 and c.merged_into is null",
            $status,
            $assignee,
            $search,
            " and ($5::uuid is null or c.channel_id = $5) and ($6::text is null or c.labels @> array[$6])
              and (not $7 or c.unread_count > 0)
              and ($8::uuid is null or c.assignee_id is null or c.assignee_id = $8)"
        )
    };
}

/// Newest activity first, after the place `$9`, `$10`; at most `$11`.
macro_rules! newest {
    ($status:literal, $assignee:literal, $search:literal) => {
        concat!(
            "select c.id, c.last_activity_at as at",
            filtered!($status, $assignee, $search),
            " and (c.last_activity_at, c.id) < ($9, $10)
              order by c.last_activity_at desc, c.id desc limit $11"
        )
    };
}

macro_rules! oldest {
    ($status:literal, $assignee:literal, $search:literal) => {
        concat!(
            "select c.id, c.last_activity_at as at",
            filtered!($status, $assignee, $search),
            " and (c.last_activity_at, c.id) > ($9, $10)
              order by c.last_activity_at, c.id limit $11"
        )
    };
}

/// By `$9`, `$10` descending; at most `$11` from `$12` on.
macro_rules! table {
    ($status:literal, $assignee:literal, $search:literal) => {
        concat!(
            "select c.id, c.last_activity_at as at",
            filtered!($status, $assignee, $search),
            " order by case when $9 = 'last_activity_at' and $10 then c.last_activity_at end desc,
                       case when $9 = 'last_activity_at' and not $10 then c.last_activity_at end,
                       case when $9 = 'created_at' and $10 then c.created_at end desc,
                       case when $9 = 'created_at' and not $10 then c.created_at end,
                       case when $9 = 'unread_count' and $10 then c.unread_count end desc,
                       case when $9 = 'unread_count' and not $10 then c.unread_count end,
                       c.last_activity_at desc, c.id desc
              limit $11 offset $12"
        )
    };
}

macro_rules! total {
    ($status:literal, $assignee:literal, $search:literal) => {
        concat!("select count(*) as value", filtered!($status, $assignee, $search))
    };
}

/// A scalar subquery and no join: it is asked row by row, in the list's order, until the page is full.
macro_rules! searched {
    ($filter:expr, $text:ident, $status:literal, $assignee:literal) => {
        match (&$filter.pattern, $filter.broad) {
            (None, _) => $text!($status, $assignee, ""),
            (Some(_), false) => {
                $text!($status, $assignee, " and c.customer_id in (select search_customers($1, $4))")
            }
            (Some(_), true) => $text!(
                $status,
                $assignee,
                r" and (select cu.search like $4 escape '\' from customer cu
                       where cu.tenant_id = $1 and cu.id = c.customer_id)"
            ),
        }
    };
}

macro_rules! text_for {
    ($filter:expr, $text:ident) => {
        match ($filter.status.is_some(), $filter.assignee) {
            (false, Assignee::Any) => searched!($filter, $text, "", ""),
            (false, Assignee::Nobody) => searched!($filter, $text, "", " and c.assignee_id is null"),
            (false, Assignee::User(_)) => searched!($filter, $text, "", " and c.assignee_id = $3"),
            (true, Assignee::Any) => searched!($filter, $text, " and c.status = $2", ""),
            (true, Assignee::Nobody) => {
                searched!($filter, $text, " and c.status = $2", " and c.assignee_id is null")
            }
            (true, Assignee::User(_)) => {
                searched!($filter, $text, " and c.status = $2", " and c.assignee_id = $3")
            }
        }
    };
}

/// Binds what [`filtered!`] speaks of.
macro_rules! bound {
    ($tx:expr, $filter:expr, $text:expr) => {
        sql($text)
            .bind::<SqlUuid, _>($tx.tenant())
            .bind::<Nullable<Text>, _>($filter.status.map(|status| status.as_str()))
            .bind::<Nullable<SqlUuid>, _>($filter.assignee.user())
            .bind::<Nullable<Text>, _>(&$filter.pattern)
            .bind::<Nullable<SqlUuid>, _>($filter.channel)
            .bind::<Nullable<Text>, _>(&$filter.label)
            .bind::<Bool, _>($filter.unread)
            .bind::<Nullable<SqlUuid>, _>($filter.only_own_of)
    };
}

/// The places of up to `limit` conversations after a place, by their latest activity.
pub(in crate::inbox) async fn conversations(
    tx: &Tx,
    filter: &Filter,
    descending: bool,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Place>> {
    let text = if descending { text_for!(filter, newest) } else { text_for!(filter, oldest) };
    let after = after.unwrap_or_else(|| start(descending));
    let rows: Vec<PlaceRow> = bound!(tx, filter, text)
        .bind::<Timestamptz, _>(after.at)
        .bind::<SqlUuid, _>(after.id)
        .bind::<Int8, _>(limit)
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().map(Place::from).collect())
}

/// A page of the table of conversations.
pub(in crate::inbox) async fn conversations_table(
    tx: &Tx,
    filter: &Filter,
    (sort, descending): (ConversationSort, bool),
    (limit, offset): (i64, i64),
) -> Result<Vec<Place>> {
    let rows: Vec<PlaceRow> = bound!(tx, filter, text_for!(filter, table))
        .bind::<Text, _>(sort.as_str())
        .bind::<Bool, _>(descending)
        .bind::<Int8, _>(limit)
        .bind::<Int8, _>(offset)
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().map(Place::from).collect())
}

pub(in crate::inbox) async fn conversations_total(tx: &Tx, filter: &Filter) -> Result<i64> {
    let total: scalar::Number =
        bound!(tx, filter, text_for!(filter, total)).get_result(&mut tx.conn()).await?;
    Ok(total.value)
}

/// Open conversations by what each viewer sees first, in one look; every viewer is in the answer.
pub(in crate::inbox) async fn counts(tx: &Tx, viewers: &[Viewer]) -> Result<HashMap<Uuid, Counts>> {
    // Each open conversation is looked at once, however many viewers there are.
    let rows: Vec<CountsRow> = sql("with open as materialized (
             select assignee_id, count(*) as every, count(*) filter (where unread_count > 0) as unread
             from conversation where tenant_id = $1 and status = 'open' and merged_into is null
             group by assignee_id
         )
         select viewer.id as user_id,
                coalesce(sum(every) filter (where assignee_id = viewer.id), 0)::bigint as mine,
                coalesce(sum(every) filter (where assignee_id is null), 0)::bigint as unassigned,
                coalesce(sum(every), 0)::bigint as every,
                coalesce(sum(unread), 0)::bigint as unread
         from unnest($2::uuid[], $3::boolean[]) as viewer (id, only_own)
         left join open on not viewer.only_own or assignee_id is null or assignee_id = viewer.id
         group by viewer.id")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<Array<SqlUuid>, _>(viewers.iter().map(|viewer| viewer.user_id).collect::<Vec<_>>())
    .bind::<Array<Bool>, _>(viewers.iter().map(|viewer| viewer.only_own).collect::<Vec<_>>())
    .load(&mut tx.conn())
    .await?;
    let counts = |row: &CountsRow| Counts {
        mine: row.mine,
        unassigned: row.unassigned,
        all: row.every,
        unread: row.unread,
    };
    Ok(rows.iter().map(|row| (row.user_id, counts(row))).collect())
}

/// The places of up to `limit` messages of a conversation before a place, newest first.
pub(in crate::inbox) async fn messages(
    tx: &Tx,
    conversation: Uuid,
    before: Option<Place>,
    limit: i64,
) -> Result<Vec<Place>> {
    let before = before.unwrap_or_else(|| start(true));
    let rows: Vec<PlaceRow> = sql("select id, sent_at as at from message
         where tenant_id = $1 and conversation_id = $2 and (sent_at, id) < ($3, $4)
         order by sent_at desc, id desc limit $5")
    .bind::<SqlUuid, _>(tx.tenant())
    .bind::<SqlUuid, _>(conversation)
    .bind::<Timestamptz, _>(before.at)
    .bind::<SqlUuid, _>(before.id)
    .bind::<Int8, _>(limit)
    .load(&mut tx.conn())
    .await?;
    Ok(rows.into_iter().map(Place::from).collect())
}

/// A place before the first row of a list in that direction.
fn start(descending: bool) -> Place {
    if descending { Place { at: LATEST, id: Uuid::max() } } else { Place { at: EARLIEST, id: Uuid::nil() } }
}

impl From<PlaceRow> for Place {
    fn from(row: PlaceRow) -> Self {
        Self { at: row.at, id: row.id }
    }
}
