//! What nobody needs any more: uploads that stand still, files without a message, objects without a row.

use super::objects;
use super::service::Files;
use super::store::{self, Which};
use crate::clock;
use crate::db::Tenant;
use crate::error::Result;
use crate::log::Log;
use crate::tenants;
use chrono::TimeDelta;
use futures_util::TryStreamExt;
use object_store::path::Path;
use std::collections::HashSet;
use uuid::Uuid;

/// An object is made after its row: one without a row is rubbish, or its row was lost with a restored backup. So long it
/// stays.
const YOUNG: TimeDelta = TimeDelta::days(14);
const BATCH: usize = 500;

/// Deletes uploads that stand still, files that no message has after a day, and links that are over.
pub async fn sweep(log: &Log, files: &Files) -> Result<()> {
    let tx = log.db().system().await?;
    store::forget_links(&tx, clock::now()).await?;
    tx.commit().await?;
    for tenant in tenants::all(log.db()).await? {
        while files.delete(log, tenant, Which::Forgotten).await? > 0 {}
    }
    Ok(())
}

/// Looks for objects that no row names, reports and deletes them.
pub async fn check(log: &Log, files: &Files) -> Result<()> {
    for tenant in tenants::all(log.db()).await? {
        while files.delete(log, tenant, Which::Loose).await? > 0 {}
        for what in ["files", "parts"] {
            let mut found = files.objects.older(&objects::prefix(what, tenant), clock::now() - YOUNG);
            let mut batch = Vec::new();
            while let Some(path) = found.try_next().await? {
                batch.push(path);
                if batch.len() == BATCH {
                    orphans(log, files, (tenant, what), &std::mem::take(&mut batch)).await?;
                }
            }
            orphans(log, files, (tenant, what), &batch).await?;
        }
    }
    Ok(())
}

async fn orphans(log: &Log, files: &Files, (tenant, what): (Tenant, &str), paths: &[Path]) -> Result<()> {
    let ids: HashSet<Uuid> = paths.iter().filter_map(objects::owner).collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let tx = log.db().read(tenant).await?;
    let known: HashSet<Uuid> = store::known(&tx, &ids, what == "parts").await?.into_iter().collect();
    drop(tx);
    let orphans: Vec<Path> = paths
        .iter()
        .filter(|path| objects::owner(path).is_some_and(|id| !known.contains(&id)))
        .cloned()
        .collect();
    if !orphans.is_empty() {
        tracing::warn!(count = orphans.len(), "objects without a file were deleted");
        metrics::counter!("switchboard_files_orphaned_total").increment(orphans.len() as u64);
        files.objects.delete(&orphans).await?;
    }
    Ok(())
}
