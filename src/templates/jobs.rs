//! The job that fetches the list of a business account, and who asks for it every few hours.

use super::service;
use crate::channels::{self, Graph, GraphError};
use crate::clock;
use crate::error::{Error, Result};
use crate::jobs::{self, Failure, Handler, Job, NewJob};
use crate::log::Log;
use crate::secrets::{Platform, Secrets};
use crate::tenants;
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;

const SYNC: &str = "sync_templates";

#[derive(Deserialize)]
struct SyncPayload {
    waba_id: String,
}

/// What the job needs.
#[derive(Clone)]
pub struct Context {
    pub log: Log,
    pub graph: Graph,
    pub secrets: Secrets,
}

/// Handlers of this feature's jobs, by kind.
pub fn handlers(context: &Context) -> HashMap<&'static str, Handler> {
    let context = context.clone();
    let handler: Handler = Arc::new(move |job| {
        let context = context.clone();
        Box::pin(async move { context.sync(job).await })
    });
    HashMap::from([(SYNC, handler)])
}

/// The job that fetches an account's list; one at a time.
pub(super) fn sync(waba_id: &str) -> NewJob {
    NewJob {
        kind: SYNC,
        payload: json!({ "waba_id": waba_id }),
        unique_key: Some(waba_id.to_owned()),
        run_at: None,
        resource: None,
    }
}

impl Context {
    /// Asks for the lists of all accounts whose tenant has a token.
    pub async fn ask_all(&self) -> Result<()> {
        for tenant in tenants::all(self.log.db()).await? {
            if self.secrets.access_token(Platform::Whatsapp, tenant)?.is_none() {
                continue;
            }
            let write = self.log.begin(tenant, None).await?;
            let accounts = channels::business_accounts(&write).await?;
            let jobs: Vec<NewJob> = accounts.iter().map(|account| sync(account)).collect();
            jobs::enqueue(&write, &jobs).await?;
            write.commit().await?;
        }
        Ok(())
    }

    /// Without a token there is nobody to ask. What Graph refuses it refuses again: the job is set aside with the reason,
    /// until somebody asks anew.
    async fn sync(&self, job: Job) -> std::result::Result<(), Failure> {
        let SyncPayload { waba_id } = SyncPayload::deserialize(&job.payload)
            .map_err(|error| Failure::Dead(format!("payload: {error}")))?;
        let at = clock::now();
        let list = match self.secrets.access_token(Platform::Whatsapp, job.tenant())? {
            Some(token) => Some(self.graph.templates(&waba_id, &token).await.map_err(failure)?),
            None => None,
        };
        let write = self.log.begin(job.tenant(), Some("job".to_owned())).await?;
        if let Some(list) = list {
            service::take(&write, &waba_id, &list.entries, list.whole, at).await?;
        }
        // After the rows, as ingest takes them: it tells of a template, then asks for the job.
        jobs::hold(&write, &job).await?;
        jobs::settle(&write, &job).await?;
        write.commit().await?;
        Ok(())
    }
}

fn failure(error: GraphError) -> Failure {
    match error {
        GraphError::Later { after, .. } => {
            Failure::Retry { error: Error::Unavailable(error.to_string()).to_string(), after }
        }
        GraphError::Refused { .. } => Failure::Dead(error.to_string()),
    }
}
