//! The one HTTP client for addresses that came from outside: media of webhooks, later whatever else a customer or a
//! platform can name. Such an address may be written by an attacker who wants our place in the network, our token or
//! our memory (ADR 0013).
//!
//! What holds for every request, the first and each redirect alike:
//!
//! - Its host is on the list, its scheme `https`, its port 443; it has no user and no password, and is no IP address.
//!   Else it is one of the trusted origins, which the administrator named and which may lie anywhere.
//! - It connects only to addresses that were looked at. A name of which one address is not public is refused.
//! - A token goes only to hosts named for it, and to no other host after a redirect.
//! - Waiting, speed and bytes have ends. Nothing is unpacked. Nothing beyond the limit reaches the sink.
//! - An error says what the caller should do, in a sentence without a path, a query or a token.
//!
//! Absent on purpose: tries and queues (that is a job's), files (the caller brings a sink), a look into what was
//! fetched (its type is a claim of the server), proxies of the environment, cookies, a cache, methods other than `GET`,
//! and a rule that allows every host.

mod address;
mod answer;
mod body;
mod client;
mod error;
mod lookup;
mod rules;

pub use error::{FetchError, Refusal, SetupError, Trouble};
pub use lookup::{Lookup, SystemLookup};
pub use rules::{HostRule, Limits, Rules};

use answer::Answer;
use client::Clients;
use reqwest::header::HeaderValue;
use reqwest::{RequestBuilder, Response, header};
use rules::Target;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use tokio::io::AsyncWrite;
use tokio::time::timeout;

/// Redirects that are followed; one more is refused.
const MAX_REDIRECTS: usize = 3;

/// Fetches under its rules. Cheap to share by reference; it keeps connections for reuse.
pub struct Fetcher {
    rules: Rules,
    clients: Clients,
}

/// What to fetch.
pub struct Request<'a> {
    pub url: &'a str,
    /// Sent only where the rules name a host for it.
    pub bearer: Option<&'a SecretString>,
    /// Bytes of the body that are still taken.
    pub max_bytes: u64,
}

/// What came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// What the server says it is, in lower case and without parameters.
    pub mime_type: Option<String>,
    pub size: u64,
    pub sha256: [u8; 32],
}

impl Fetcher {
    /// With the names of the system's resolver.
    pub fn new(rules: Rules) -> Result<Self, SetupError> {
        Self::with_lookup(rules, Arc::new(SystemLookup))
    }

    /// With names from `lookup`. What it says is looked at all the same; trusted origins don't ask it.
    pub fn with_lookup(rules: Rules, lookup: Arc<dyn Lookup>) -> Result<Self, SetupError> {
        rules.validate()?;
        let clients = Clients::new(&rules.limits, lookup).map_err(SetupError::Client)?;
        Ok(Self { rules, clients })
    }

    /// Writes the body to `sink` and flushes it. After an error the sink may hold a beginning, which the caller throws
    /// away.
    pub async fn get<S>(&self, request: &Request<'_>, sink: &mut S) -> Result<Fetched, FetchError>
    where
        S: AsyncWrite + Unpin,
    {
        timeout(self.rules.limits.total, self.follow(request, sink))
            .await
            .unwrap_or(Err(FetchError::later(Trouble::TooLong)))
    }

    async fn follow<S>(&self, request: &Request<'_>, sink: &mut S) -> Result<Fetched, FetchError>
    where
        S: AsyncWrite + Unpin,
    {
        let mut token = request.bearer.map(authorization).transpose()?;
        let mut target = self.rules.target(request.url)?;
        for _ in 0..=MAX_REDIRECTS {
            let response = self.ask(&target, token.as_ref()).await?;
            match answer::judge(&response)? {
                Answer::Body => {
                    return body::copy(response, request.max_bytes, &self.rules.limits, sink).await;
                }
                Answer::Elsewhere(location) => {
                    let next = self.rules.redirected(&target, &location)?;
                    // For good: a chain that comes back may carry what the other host put into the address.
                    if next.url.origin() != target.url.origin() {
                        token = None;
                    }
                    target = next;
                }
            }
        }
        Err(Refusal::TooManyRedirects.into())
    }

    /// One request, up to the head of its answer.
    async fn ask(&self, target: &Target, token: Option<&HeaderValue>) -> Result<Response, FetchError> {
        match timeout(self.rules.limits.answer, self.request(target, token).send()).await {
            Ok(answer) => answer.map_err(FetchError::from),
            Err(_) => Err(FetchError::later(Trouble::Silent)),
        }
    }

    fn request(&self, target: &Target, token: Option<&HeaderValue>) -> RequestBuilder {
        let request = self.clients.of(target).get(target.url.clone());
        match token.filter(|_| target.bearer) {
            Some(token) => request.header(header::AUTHORIZATION, token),
            None => request,
        }
    }
}

fn authorization(bearer: &SecretString) -> Result<HeaderValue, FetchError> {
    let mut value = HeaderValue::try_from(format!("Bearer {}", bearer.expose_secret()))
        .map_err(|_| FetchError::from(Refusal::Token))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use url::Url;

    /// Loopback can't play these hosts, so the request is looked at before it is sent.
    #[test]
    fn the_token_goes_only_to_hosts_named_for_it() {
        let hosts = vec![
            HostRule::new("*.fbcdn.net").unwrap(),
            HostRule::new("lookaside.fbsbx.com").unwrap().with_bearer(),
        ];
        let trusted = vec![Url::parse("http://localhost:9000").unwrap()];
        let fetcher = Fetcher::new(Rules { hosts, trusted, limits: Limits::default() }).unwrap();
        let token = authorization(&SecretString::from("token")).unwrap();
        for (url, sent) in [
            ("https://scontent.fbcdn.net/", None),
            ("https://lookaside.fbsbx.com/", Some("Bearer token")),
            ("http://localhost:9000/", Some("Bearer token")),
        ] {
            let target = fetcher.rules.target(url).ok().unwrap();
            let request = fetcher.request(&target, Some(&token)).build().unwrap();
            let found = request.headers().get(header::AUTHORIZATION);
            assert_eq!(found.map(|value| value.to_str().unwrap()), sent, "{url}");
            assert!(found.is_none_or(HeaderValue::is_sensitive));
        }
    }
}
