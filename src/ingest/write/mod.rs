//! Carries a decided world into the tables: a fixed list of set-based statements, whatever the batch's size, sent
//! together.
//!
//! Rows travel as one JSON array a statement (`json_populate_recordset`), so that a statement has two parameters and
//! its text never changes. One without rows is not sent.

mod happenings;
mod people;
mod sales;
mod threads;

use super::rows::{Fate, Kept};
use super::world::World;
use crate::db::{JsonRows, Tx, scalar, sql};
use crate::error::Result;
use diesel::sql_types::{Json, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use futures_util::future::try_join_all;
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

/// Statements in the order of foreign keys and of locks. `$1` is the tenant, `$2` the rows; what a statement returns are
/// ids of messages that changed beyond those the world holds.
#[derive(Default)]
struct Steps(Vec<(&'static str, JsonRows)>);

impl Steps {
    fn add(&mut self, statement: &'static str, rows: Option<JsonRows>) {
        self.0.extend(rows.map(|rows| (statement, rows)));
    }
}

/// Writes everything.
pub async fn all(tx: &Tx, world: &mut World) -> Result<Written> {
    let mut steps = Steps::default();
    people::add(&mut steps, world)?;
    threads::add(&mut steps, world)?;
    people::add_merges(&mut steps, world)?;
    threads::add_raises(&mut steps, world)?;
    sales::add(&mut steps, world)?;
    happenings::add(&mut steps, world)?;
    // Sent in one go and executed in this order; the first that fails is the one whose error is told.
    let raised = try_join_all(steps.0.into_iter().map(|(statement, rows)| run(tx, statement, rows))).await?;
    let pending_leads = happenings::pending_leads(tx, world).await?;
    Ok(Written { raised: raised.into_iter().flatten().map(|row| row.id).collect(), pending_leads })
}

async fn run(tx: &Tx, statement: &'static str, rows: JsonRows) -> Result<Vec<scalar::Id>> {
    Ok(sql(statement).bind::<SqlUuid, _>(tx.tenant()).bind::<Json, _>(rows).load(&mut tx.conn()).await?)
}

/// The rows of one fate.
fn rows<'a, T: Serialize + 'a>(
    all: impl Iterator<Item = &'a Kept<T>>,
    fate: Fate,
) -> Result<Option<JsonRows>> {
    JsonRows::of(all.filter(|kept| kept.fate == fate).map(|kept| &kept.row))
}
