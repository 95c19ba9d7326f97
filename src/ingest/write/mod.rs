//! Carries a decided world into the tables: a fixed number of set-based statements, whatever the batch's size.
//!
//! Rows travel as one JSON array a statement (`json_populate_recordset`), so that a statement has two parameters and
//! its text never changes.

mod happenings;
mod people;
mod sales;
mod threads;

use super::rows::{Fate, Kept};
use super::world::World;
use crate::db::{Tx, scalar, sql};
use crate::error::Result;
use diesel::sql_types::{Json, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use serde_json::Value;
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

/// Writes everything; the order is that of foreign keys and of locks.
pub async fn all(tx: &Tx, world: &mut World) -> Result<Written> {
    people::write(tx, world).await?;
    threads::write(tx, world).await?;
    people::finish_merges(tx, world).await?;
    let mut raised = threads::raise(tx, world).await?;
    raised.extend(threads::link_quotes(tx, world).await?);
    sales::write(tx, world).await?;
    let pending_leads = happenings::write(tx, world).await?;
    Ok(Written { raised, pending_leads })
}

/// The rows of one fate, as JSON; none when there are none.
fn rows<'a, T: Serialize + 'a>(all: impl Iterator<Item = &'a Kept<T>>, fate: Fate) -> Result<Option<Value>> {
    json_of(all.filter(|kept| kept.fate == fate).map(|kept| &kept.row))
}

fn json_of<'a, T: Serialize + 'a>(rows: impl Iterator<Item = &'a T>) -> Result<Option<Value>> {
    let rows = rows.map(serde_json::to_value).collect::<std::result::Result<Vec<Value>, _>>()?;
    Ok((!rows.is_empty()).then_some(Value::Array(rows)))
}

/// Runs a statement over rows; `$1` is the tenant, `$2` the array. Without rows there is no statement.
async fn run(tx: &Tx, statement: &'static str, rows: Option<Value>) -> Result<()> {
    if let Some(rows) = rows {
        sql(statement).bind::<SqlUuid, _>(tx.tenant()).bind::<Json, _>(rows).execute(&mut tx.conn()).await?;
    }
    Ok(())
}

/// As [`run`], with the ids of the rows it touched.
async fn run_returning(tx: &Tx, statement: &'static str, rows: Option<Value>) -> Result<Vec<scalar::Id>> {
    let Some(rows) = rows else { return Ok(Vec::new()) };
    Ok(sql(statement).bind::<SqlUuid, _>(tx.tenant()).bind::<Json, _>(rows).load(&mut tx.conn()).await?)
}
