//! Carries a decided world into the tables: a fixed list of set-based statements, whatever the batch's size, sent
//! together.
//!
//! Rows travel as one JSON array a statement (`json_populate_recordset`), so that a statement has two parameters and
//! its text never changes; those that every message writes travel as one array a column ([`often`]), which costs
//! PostgreSQL a third less. A statement without rows is not sent.

mod happenings;
mod often;
mod people;
mod sales;
mod threads;

use super::rows::{Fate, Kept};
use super::world::World;
use crate::db::{JsonRows, Tx, scalar, sql};
use crate::error::Result;
use diesel::sql_types::{Json, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, try_join_all};
use serde::Serialize;
use std::collections::BTreeSet;
use uuid::Uuid;

/// What was written, for the events.
#[derive(Debug, Default)]
pub struct Written {
    /// Messages whose state a watermark raised, and those that can link to a new one they quote.
    pub raised: BTreeSet<Uuid>,
    /// Leads whose content is not known yet.
    pub pending_leads: BTreeSet<String>,
}

/// Statements in the order of foreign keys and of locks. What one returns are ids of messages that changed beyond those
/// the world holds.
struct Steps<'a> {
    tx: &'a Tx,
    all: Vec<BoxFuture<'a, Result<Vec<scalar::Id>>>>,
}

impl<'a> Steps<'a> {
    /// `$1` is the tenant, `$2` the rows.
    fn add(&mut self, statement: &'static str, rows: Option<JsonRows>) {
        self.all.extend(rows.map(|rows| run(self.tx, statement, rows).boxed()));
    }

    /// A statement that returns nothing.
    fn send(&mut self, statement: impl Future<Output = Result<()>> + Send + 'a) {
        self.all.push(statement.map(|done| done.map(|()| Vec::new())).boxed());
    }
}

async fn run(tx: &Tx, statement: &'static str, rows: JsonRows) -> Result<Vec<scalar::Id>> {
    Ok(sql(statement).bind::<SqlUuid, _>(tx.tenant()).bind::<Json, _>(rows).load(&mut tx.conn()).await?)
}

/// What follows from everything that was decided; comes before [`all`].
pub fn complete(world: &mut World) {
    people::fill_search(world);
    sales::title_new_cards(world);
    happenings::fold_repetitions(world);
}

/// Writes everything.
pub async fn all(tx: &Tx, world: &World) -> Result<Written> {
    let mut steps = Steps { tx, all: Vec::new() };
    people::add(&mut steps, world)?;
    threads::add(&mut steps, world)?;
    people::add_merges(&mut steps, world)?;
    threads::add_raises(&mut steps, world)?;
    sales::add(&mut steps, world)?;
    happenings::add(&mut steps, world)?;
    fail_point!("worker.decided");
    // Sent in one go and executed in this order; the first that fails is the one whose error is told.
    let raised = try_join_all(steps.all).await?;
    fail_point!("worker.written");
    let pending_leads = happenings::pending_leads(tx, world).await?;
    Ok(Written { raised: raised.into_iter().flatten().map(|row| row.id).collect(), pending_leads })
}

/// The rows of one fate.
fn of<'a, T: 'a>(all: impl Iterator<Item = &'a Kept<T>>, fate: Fate) -> impl Iterator<Item = &'a T> {
    all.filter(move |kept| kept.fate == fate).map(|kept| &kept.row)
}

/// The rows of one fate, for [`Steps::add`].
fn rows<'a, T: Serialize + 'a>(
    all: impl Iterator<Item = &'a Kept<T>>,
    fate: Fate,
) -> Result<Option<JsonRows>> {
    JsonRows::of(of(all, fate))
}
