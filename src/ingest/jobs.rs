//! What waits for Graph: the content of leads and the names of people.

use super::batch::{self, Contact};
use super::leads;
use crate::channels::{self, ChannelKind, Graph, GraphError};
use crate::db::Tenant;
use crate::error::{Error, Result};
use crate::jobs::{self, Failure, Handler, Job};
use crate::log::Log;
use crate::secrets::{Platform, Secrets};
use crate::tenants;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// What the handlers need.
#[derive(Clone)]
pub struct Context {
    pub log: Log,
    pub graph: Graph,
    pub secrets: Secrets,
    /// Of phone numbers, where the tenant has none of its own.
    pub default_region: Option<String>,
}

#[derive(Deserialize)]
struct LeadPayload {
    channel_id: Uuid,
    lead: webhooks::Lead,
    at: DateTime<Utc>,
}

#[derive(Deserialize)]
struct ProfilePayload {
    channel_id: Uuid,
    customer_id: Uuid,
    external_id: String,
}

/// Handlers of this feature's jobs, by kind.
pub fn handlers(context: &Context) -> HashMap<&'static str, Handler> {
    let (leads, profiles) = (context.clone(), context.clone());
    let fetch_lead: Handler = Arc::new(move |job| {
        let context = leads.clone();
        Box::pin(async move { context.fetch_lead(job).await })
    });
    let fetch_profile: Handler = Arc::new(move |job| {
        let context = profiles.clone();
        Box::pin(async move { context.fetch_profile(job).await })
    });
    HashMap::from([("fetch_lead", fetch_lead), ("fetch_profile", fetch_profile)])
}

impl Context {
    /// The region of numbers without country code.
    pub async fn region(&self, tenant: Tenant) -> Result<Option<String>> {
        let own = tenants::region(self.log.db(), tenant).await?;
        Ok(own.or_else(|| self.default_region.clone()))
    }

    /// Fetches a lead's content. Refused ones are tried again too: access to leads is often granted late.
    async fn fetch_lead(&self, job: Job) -> std::result::Result<(), Failure> {
        let payload: LeadPayload = read(&job)?;
        let tenant = job.tenant();
        let token = self.secrets.access_token(Platform::Meta, tenant)?;
        let answer = self.graph.lead(&payload.lead.lead_id, token.as_ref()).await.map_err(retry)?;
        let told = match serde_json::to_value(&payload.lead) {
            Ok(Value::Object(told)) => told,
            _ => Map::new(),
        };
        let region = self.region(tenant).await?;
        let (details, sent) = leads::of_graph(&payload.lead.lead_id, &answer, &told, region.as_deref());
        let at = sent.unwrap_or(payload.at);
        batch::apply_lead(&self.log, tenant, payload.channel_id, &details, at, Some(&job)).await?;
        Ok(())
    }

    /// Fetches a name. What Graph refuses stays as it is: the person is shown by the id.
    async fn fetch_profile(&self, job: Job) -> std::result::Result<(), Failure> {
        let payload: ProfilePayload = read(&job)?;
        let tenant = job.tenant();
        let platform = self.platform(tenant, payload.channel_id).await?;
        // Without a token of Instagram Login the account hangs on a Page, and Graph has its people.
        let token = self.secrets.access_token(platform, tenant)?;
        let (platform, token) = match token {
            Some(token) => (platform, Some(token)),
            None => (Platform::Meta, self.secrets.access_token(Platform::Meta, tenant)?),
        };
        let answer = match self.graph.profile(platform, &payload.external_id, token.as_ref()).await {
            Ok(answer) => answer,
            Err(GraphError::Refused { .. }) => Value::Null,
            Err(error) => return Err(retry(error)),
        };
        let text = |key: &str| {
            answer.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
        };
        let parts: Vec<&str> = [text("first_name"), text("last_name")].into_iter().flatten().collect();
        let contact = Contact {
            channel_id: payload.channel_id,
            customer_id: payload.customer_id,
            name: text("name").map(str::to_owned).or_else(|| (!parts.is_empty()).then(|| parts.join(" "))),
            username: text("username").map(|name| name.trim_start_matches('@').to_owned()),
        };
        if contact.name.is_none() && contact.username.is_none() {
            let write = self.log.begin(tenant, None).await?;
            jobs::complete(&write, &job).await?;
            write.commit().await?;
            return Ok(());
        }
        batch::apply_profile(&self.log, tenant, &contact, &job).await?;
        Ok(())
    }

    async fn platform(&self, tenant: Tenant, channel: Uuid) -> Result<Platform> {
        let tx = self.log.db().read(tenant).await?;
        let instagram = channels::kind(&tx, channel).await? == Some(ChannelKind::Instagram);
        Ok(if instagram { Platform::Instagram } else { Platform::Meta })
    }
}

fn read<T: for<'de> Deserialize<'de>>(job: &Job) -> std::result::Result<T, Failure> {
    T::deserialize(&job.payload).map_err(|error| Failure::Dead(format!("payload: {error}")))
}

fn retry(error: GraphError) -> Failure {
    let after = match &error {
        GraphError::Later { after, .. } => *after,
        GraphError::Refused { .. } => None,
    };
    Failure::Retry { error: Error::Unavailable(error.to_string()).to_string(), after }
}
