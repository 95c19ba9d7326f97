//! Partitions of the log: made ahead, dropped when old.

use crate::db::{Db, scalar, sql};
use crate::error::Result;
use diesel::sql_types::Int4;
use diesel_async::RunQueryDsl;

/// Days that partitions are made ahead: as long as the server may stand still without losing a write.
const AHEAD_DAYS: i32 = 7;

/// Makes the coming partitions and drops those older than `keep_days`. Returns how many were dropped.
pub async fn maintain(db: &Db, keep_days: i32) -> Result<i64> {
    let tx = db.system().await?;
    let dropped: scalar::Number = sql("select maintain_event_partitions($1, $2)::bigint as value")
        .bind::<Int4, _>(AHEAD_DAYS)
        .bind::<Int4, _>(keep_days.max(1))
        .get_result(&mut tx.conn())
        .await?;
    tx.commit().await?;
    Ok(dropped.value)
}
