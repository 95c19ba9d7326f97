//! The job that brings a file of a message from its platform.

use super::service;
use super::store::{self, Wanted};
use crate::channels::{ChannelKind, Graph, GraphError};
use crate::config::Config;
use crate::error::{self, Error};
use crate::files::{Files, MAX_SIZE, Named, content_path};
use crate::inbox;
use crate::jobs::{self, Failure, Handler, Job};
use crate::log::Log;
use crate::secrets::{Platform, Secrets};
use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use fetcher::{FetchError, Fetched, Fetcher, HostRule, Limits, Rules};
use secrecy::SecretString;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use url::{Host, Url};
use uuid::Uuid;

/// Tries before an attachment is given up: over about a day.
const MOST_TRIES: i32 = 100;
/// Where platforms keep what people send (platforms' reference, section 0).
const HOSTS: [&str; 3] = ["*.fbcdn.net", "*.cdninstagram.com", "cdn.fbsbx.com"];
/// The same, where a token is asked for.
const HOST_WITH_TOKEN: &str = "lookaside.fbsbx.com";

/// What the job needs.
#[derive(Clone)]
pub struct Context {
    pub log: Log,
    pub graph: Graph,
    pub secrets: Secrets,
    pub files: Files,
    pub fetcher: Arc<Fetcher>,
}

/// The guarded fetcher, for the platforms' hosts. The configured Graph may be anywhere; one on this machine is played by
/// somebody, and then nobody outside is asked for anything.
pub fn fetcher(config: &Config) -> Result<Fetcher, Error> {
    let rule = |host: &str| HostRule::new(host).map_err(Error::internal);
    let mut hosts = Vec::new();
    if !is_here(&config.graph_api_url) {
        hosts = HOSTS.into_iter().map(rule).collect::<Result<_, _>>()?;
        hosts.push(rule(HOST_WITH_TOKEN)?.with_bearer());
    }
    let trusted = vec![config.graph_api_url.clone(), config.instagram_api_url.clone()];
    Fetcher::new(Rules { hosts, trusted, limits: Limits::default() }).map_err(Error::internal)
}

fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[derive(Deserialize)]
struct Payload {
    attachment_id: Uuid,
}

/// What became of a try.
enum Outcome {
    Got {
        file: std::fs::File,
        named: Named,
    },
    /// The store has it after all.
    Back,
    /// It can't be had.
    Lost(String),
    /// Not now.
    Later {
        error: String,
        after: Option<Duration>,
    },
}

/// Handlers of this feature's jobs, by kind.
pub fn handlers(context: &Context) -> HashMap<&'static str, Handler> {
    let context = context.clone();
    let fetch: Handler = Arc::new(move |job| {
        let context = context.clone();
        Box::pin(async move { context.run(job).await })
    });
    HashMap::from([(service::FETCH, fetch)])
}

impl Context {
    async fn run(&self, job: Job) -> Result<(), Failure> {
        let payload =
            Payload::deserialize(&job.payload).map_err(|error| Failure::Dead(format!("payload: {error}")))?;
        let tx = self.log.db().read(job.tenant()).await?;
        let wanted = store::wanted(&tx, payload.attachment_id).await?;
        drop(tx);
        let Some(wanted) = wanted else { return self.settle(&job, None).await };
        let outcome = match self.fetch(&job, &wanted).await? {
            Outcome::Later { error, .. } if job.attempts >= MOST_TRIES => Outcome::Lost(error),
            Outcome::Later { error, after } => return Err(Failure::Retry { error, after }),
            outcome => outcome,
        };
        self.settle(&job, Some((wanted, outcome))).await
    }

    async fn fetch(&self, job: &Job, wanted: &Wanted) -> Result<Outcome, Failure> {
        if let Some(file) = wanted.file_id
            && self.files.objects.get(&content_path(job.tenant(), file), None).await?.is_some()
        {
            return Ok(Outcome::Back);
        }
        let kind = ChannelKind::parse(&wanted.channel_kind);
        let token = self.token(job, kind)?;
        if kind == Some(ChannelKind::Whatsapp)
            && let Some(id) = &wanted.external_id
        {
            // The address lives for five minutes, so it is asked for each time.
            let media = match self.graph.media(id, token.as_ref().map(|(_, token)| token)).await {
                Ok(media) => media,
                Err(error @ GraphError::Refused { .. }) => return Ok(Outcome::Lost(error.to_string())),
                Err(GraphError::Later { cause, after }) => {
                    return Err(Failure::Retry { error: cause, after });
                }
            };
            return self.bring(wanted, &media.url, token.as_ref().map(|(_, token)| token)).await;
        }
        let Some(url) = &wanted.source_url else {
            return Ok(Outcome::Lost("there is no address".to_owned()));
        };
        match self.bring(wanted, url, None).await {
            // Its link has ended; the platform knows another one.
            Ok(Outcome::Lost(_)) if wanted.message_external_id.is_some() => self.again(wanted, token).await,
            outcome => outcome,
        }
    }

    /// Asks Messenger or Instagram for the message, whose attachments have new links.
    async fn again(
        &self,
        wanted: &Wanted,
        token: Option<(Platform, SecretString)>,
    ) -> Result<Outcome, Failure> {
        let Some((platform, token)) = token else { return Ok(Outcome::Lost("there is no token".to_owned())) };
        let message = wanted.message_external_id.as_deref().unwrap_or_default();
        let links = match self.graph.attachment_links(platform, message, &token).await {
            Ok(links) => links,
            Err(error) => return Ok(outcome_of(error)),
        };
        let position = usize::try_from(wanted.position).unwrap_or_default();
        match links.get(position) {
            Some(url) => self.bring(wanted, url, None).await,
            None => Ok(Outcome::Lost("the platform has it no more".to_owned())),
        }
    }

    /// Whose token reads files. An Instagram account without a login of its own hangs on a Page.
    fn token(&self, job: &Job, kind: Option<ChannelKind>) -> error::Result<Option<(Platform, SecretString)>> {
        let platforms: &[Platform] = match kind {
            None => &[],
            Some(ChannelKind::Whatsapp) => &[Platform::Whatsapp],
            Some(ChannelKind::Instagram) => &[Platform::Instagram, Platform::Meta],
            Some(_) => &[Platform::Meta],
        };
        for platform in platforms {
            if let Some(token) = self.secrets.access_token(*platform, job.tenant())? {
                return Ok(Some((*platform, token)));
            }
        }
        Ok(None)
    }

    async fn bring(
        &self,
        wanted: &Wanted,
        url: &str,
        bearer: Option<&SecretString>,
    ) -> Result<Outcome, Failure> {
        let mut sink = tokio::fs::File::from_std(self.files.scratch()?);
        let request = fetcher::Request { url, bearer, max_bytes: MAX_SIZE.unsigned_abs() };
        let fetched = match self.fetcher.get(&request, &mut sink).await {
            Ok(fetched) => fetched,
            Err(FetchError::Later { cause, after }) => {
                return Ok(Outcome::Later { error: cause.to_string(), after });
            }
            Err(error @ FetchError::Unauthorized) => {
                return Ok(Outcome::Later { error: error.to_string(), after: None });
            }
            Err(error @ FetchError::Sink(_)) => return Err(Error::Unavailable(error.to_string()).into()),
            Err(error) => return Ok(Outcome::Lost(error.to_string())),
        };
        if !is_whole(wanted.sha256.as_deref(), &fetched) {
            let error = "the file is not the one that the platform told of".to_owned();
            return Ok(Outcome::Later { error, after: None });
        }
        let named = Named {
            file_name: wanted.file_name.clone(),
            mime_type: wanted.mime_type.clone().or(fetched.mime_type),
        };
        Ok(Outcome::Got { file: sink.into_std().await, named })
    }

    /// Keeps what was got, tells everybody, and ends the job.
    async fn settle(&self, job: &Job, fetched: Option<(Wanted, Outcome)>) -> Result<(), Failure> {
        let Some((wanted, outcome)) = fetched else {
            // Deleted meanwhile, or had already.
            let write = self.log.begin(job.tenant(), None).await?;
            jobs::complete(&write, job).await?;
            return Ok(write.commit().await.map(drop)?);
        };
        let back = matches!(outcome, Outcome::Back);
        let kept = match outcome {
            Outcome::Back => None,
            Outcome::Got { file, named } => {
                Some(self.files.keep(&self.log, job.tenant(), file, named).await?)
            }
            Outcome::Lost(cause) | Outcome::Later { error: cause, .. } => {
                tracing::warn!(attachment = %wanted.id, cause, "a file can't be had");
                metrics::counter!("switchboard_attachments_failed_total").increment(1);
                None
            }
        };
        let mut write = self.log.begin(job.tenant(), Some("job".to_owned())).await?;
        inbox::lock_conversation_of(&write, wanted.message_id).await?;
        let changed = match &kept {
            Some(kept) => store::ready(&write, wanted.id, kept).await?,
            None => {
                store::lead(&write, wanted.id, &["pending"], if back { "ready" } else { "failed" }).await?
            }
        };
        if changed {
            inbox::tell(&mut write, &[wanted.message_id], false).await?;
        }
        jobs::complete(&write, job).await?;
        Ok(write.commit().await.map(drop)?)
    }
}

/// A dead token, or one that lacks a right, is renewed some day: the file waits for it.
fn outcome_of(error: GraphError) -> Outcome {
    match error {
        GraphError::Later { cause, after } => Outcome::Later { error: cause, after },
        GraphError::Refused { code: 0 | 3 | 10 | 102 | 190 | 200..=299, .. } => {
            Outcome::Later { error: error.to_string(), after: None }
        }
        GraphError::Refused { .. } => Outcome::Lost(error.to_string()),
    }
}

/// Whether a file has the hash that was told of it: base64 in webhooks, hex in Graph's answers. None told: it passes.
fn is_whole(told: Option<&str>, fetched: &Fetched) -> bool {
    let Some(told) = told else { return true };
    let hash = BASE64.decode(told.as_bytes()).ok().filter(|hash| hash.len() == fetched.sha256.len());
    match hash.or_else(|| HEXLOWER_PERMISSIVE.decode(told.as_bytes()).ok()) {
        Some(hash) => hash == fetched.sha256,
        // Something else, which says nothing.
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_read_in_both_forms() {
        let fetched = Fetched { mime_type: None, size: 0, sha256: [7; 32] };
        assert!(is_whole(None, &fetched));
        assert!(is_whole(Some(&BASE64.encode(&[7; 32])), &fetched));
        assert!(is_whole(Some(&"07".repeat(32)), &fetched));
        assert!(!is_whole(Some(&BASE64.encode(&[8; 32])), &fetched));
        assert!(!is_whole(Some(&"08".repeat(32)), &fetched));
        assert!(is_whole(Some("no hash"), &fetched));
    }
}
