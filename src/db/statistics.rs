//! The planner's knowledge of young tables.

use super::{Db, scalar, sql};
use crate::error::Result;
use diesel_async::RunQueryDsl;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often grown tables are looked for. Soon, because everything is slow until then.
const LOOK: Duration = Duration::from_secs(1);

/// Has tables that have doubled analysed, until `stop`.
pub async fn keep(db: Db, stop: CancellationToken) {
    loop {
        match look(&db).await {
            Ok(0) => {}
            Ok(tables) => tracing::debug!(tables, "grown tables were analysed"),
            Err(error) => tracing::debug!(%error, "tables could not be analysed"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

async fn look(db: &Db) -> Result<i64> {
    let tx = db.system().await?;
    let tables: scalar::Number =
        sql("select analyze_grown_tables()::bigint as value").get_result(&mut tx.conn()).await?;
    tx.commit().await?;
    Ok(tables.value)
}
