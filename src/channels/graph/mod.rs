//! The client of Graph: profiles, leads, files, templates, and messages to people.
//!
//! Answers are untrusted: bounded in size and time, redirects are not followed. Which errors pass and which don't
//! follows the platform's codes (platforms' reference, sections 2.2, 4.8 and 5), never its texts.

mod media;
mod send;
mod templates;

pub use media::{Media, Upload, Uploaded};
pub use send::{Acted, Outcome, Outgoing, Refusal};
pub use templates::TemplateList;

use crate::config::Config;
use crate::secrets::Platform;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use std::time::Duration;
use url::Url;

/// Time of one call, with its body.
const LIMIT: Duration = Duration::from_secs(20);
/// Bytes of an answer.
const MAX_ANSWER: usize = 1024 * 1024;
/// Bounds of what Graph may ask to wait.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// Calls to Graph.
#[derive(Clone)]
pub struct Graph {
    http: reqwest::Client,
    graph: Url,
    instagram: Url,
    version: String,
}

/// Why a call gave nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// Network, 5xx, rate limits: again later.
    #[error("Graph is not available: {cause}")]
    Later { cause: String, after: Option<Duration> },
    /// Graph knows nothing of it, or we may not see it.
    #[error("Graph refused: code {code}, subcode {subcode}, trace {trace}")]
    Refused { code: i64, subcode: i64, trace: String },
}

#[derive(Deserialize)]
struct Envelope {
    error: EnvelopeError,
}

#[derive(Deserialize)]
struct EnvelopeError {
    #[serde(default)]
    code: i64,
    #[serde(default)]
    error_subcode: i64,
    message: Option<String>,
    error_user_title: Option<String>,
    error_user_msg: Option<String>,
    error_data: Option<ErrorData>,
    #[serde(default)]
    is_transient: bool,
    #[serde(default)]
    fbtrace_id: String,
}

#[derive(Deserialize)]
struct ErrorData {
    details: Option<String>,
}

impl Graph {
    pub fn new(config: &Config) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(5))
            .timeout(LIMIT)
            .user_agent("switchboard")
            .build()?;
        Ok(Self {
            http,
            graph: config.graph_api_url.clone(),
            instagram: config.instagram_api_url.clone(),
            version: config.graph_api_version.clone(),
        })
    }

    /// A person's profile.
    pub async fn profile(
        &self,
        platform: Platform,
        id: &str,
        token: Option<&SecretString>,
    ) -> Result<Value, GraphError> {
        let fields = match platform {
            Platform::Instagram => "name,username",
            _ => "first_name,last_name,name",
        };
        let base = if platform == Platform::Instagram { &self.instagram } else { &self.graph };
        self.get(base, &[id], &[("fields", fields)], token).await
    }

    /// What was filled into a lead form.
    pub async fn lead(&self, id: &str, token: Option<&SecretString>) -> Result<Value, GraphError> {
        let fields = "id,created_time,ad_id,ad_name,adset_id,adset_name,campaign_id,campaign_name,form_id,field_data,\
                      is_organic,platform";
        self.get(&self.graph, &[id], &[("fields", fields)], token).await
    }

    async fn get(
        &self,
        base: &Url,
        path: &[&str],
        query: &[(&str, &str)],
        token: Option<&SecretString>,
    ) -> Result<Value, GraphError> {
        let mut url = base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push(&self.version).extend(path);
        }
        let mut request = self.http.get(url).query(query);
        if let Some(token) = token {
            request = request.bearer_auth(token.expose_secret());
        }
        let later =
            |error: reqwest::Error| GraphError::Later { cause: error.without_url().to_string(), after: None };
        let mut response = request.send().await.map_err(later)?;
        let status = response.status();
        let after = retry_after(&response);
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(later)? {
            body.extend_from_slice(&chunk);
            if body.len() > MAX_ANSWER {
                return Err(GraphError::Later { cause: "the answer is too large".to_owned(), after: None });
            }
        }
        if status.is_success() {
            return webhooks::read_json(&body)
                .map_err(|_| GraphError::Later { cause: "the answer is not JSON".to_owned(), after: None });
        }
        Err(refusal(status.as_u16(), &body, after))
    }
}

/// How long Graph asks to wait; never so long that nobody would look again today.
fn retry_after(response: &reqwest::Response) -> Option<Duration> {
    let value = response.headers().get("retry-after")?.to_str().ok()?;
    value.parse().ok().map(|seconds| Duration::from_secs(seconds).clamp(SHORTEST_WAIT, LONGEST_WAIT))
}

/// Sorts an error answer. Transient by code: 1, 2, 4, 17, 32, 613, 80007, 130429.
fn refusal(status: u16, body: &[u8], after: Option<Duration>) -> GraphError {
    let Ok(Envelope { error }) = serde_json::from_slice(body) else {
        return GraphError::Later { cause: format!("HTTP {status}"), after };
    };
    let transient = error.is_transient || matches!(error.code, 1 | 2 | 4 | 17 | 32 | 613 | 80007 | 130_429);
    if transient || status >= 500 || status == 429 {
        return GraphError::Later { cause: format!("HTTP {status}, code {}", error.code), after };
    }
    GraphError::Refused { code: error.code, subcode: error.error_subcode, trace: error.fbtrace_id }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_decide_not_texts() {
        let body = br#"{"error":{"message":"please retry","code":100,"error_subcode":33,"fbtrace_id":"A1"}}"#;
        assert_eq!(
            refusal(400, body, None),
            GraphError::Refused { code: 100, subcode: 33, trace: "A1".to_owned() }
        );
        let limited = br#"{"error":{"message":"x","code":4}}"#;
        assert!(matches!(refusal(400, limited, None), GraphError::Later { .. }));
        assert!(matches!(refusal(502, b"<html>", None), GraphError::Later { .. }));
    }
}
