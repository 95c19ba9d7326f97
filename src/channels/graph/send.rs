//! Sending: one message, one call, and what is known afterwards.
//!
//! There is no idempotency key at the platforms, so the one question after a call is whether it may have been accepted.
//! Only a refusal in Graph's own form with a 4xx, and a connection that never came about, mean that it was not.

use super::{Envelope, Graph, MAX_ANSWER};
use crate::channels::ChannelKind;
use crate::secrets::Platform;
use reqwest::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use std::time::Duration;

/// A message in a platform's form.
#[derive(Debug, Clone, PartialEq)]
pub struct Outgoing<'a> {
    pub channel: ChannelKind,
    /// The platform's id of the number, Page or account.
    pub account_id: &'a str,
    /// Whose token it is: an Instagram account may hang on a Page, and is then sent for by that.
    pub platform: Platform,
    pub body: &'a Value,
}

/// What became of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Accepted, under this id.
    Accepted(String),
    /// Not accepted, for a reason.
    Refused(Refusal),
    /// Nobody was reached: surely not accepted.
    Unreachable(String),
    /// The answer was lost, for a reason: accepted or not.
    Lost(String),
}

/// Graph's reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    pub code: i64,
    pub subcode: i64,
    pub title: Option<String>,
    pub detail: Option<String>,
    pub trace: String,
    /// How long Graph asks to wait.
    pub after: Option<Duration>,
}

/// What became of something that is no message (a reaction, a mark): done twice it does no harm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acted {
    Done,
    Refused(Refusal),
    /// Not known, or not now.
    Later(String),
}

/// An answer, as far as it came.
struct Heard {
    status: StatusCode,
    body: Vec<u8>,
    after: Option<Duration>,
}

impl Graph {
    /// Sends a message. Never repeats anything.
    pub async fn send(&self, outgoing: &Outgoing<'_>, token: Option<&SecretString>) -> Outcome {
        match self.ask(outgoing, token).await {
            Ok(heard) => judge(heard.status, &heard.body, heard.after),
            Err(outcome) => outcome,
        }
    }

    /// Does what is no message.
    pub async fn act(&self, outgoing: &Outgoing<'_>, token: Option<&SecretString>) -> Acted {
        match self.ask(outgoing, token).await {
            Ok(heard) if heard.status.is_success() => Acted::Done,
            Ok(heard) => refusal_of(heard.status, &heard.body, heard.after)
                .map_or_else(|| Acted::Later(format!("HTTP {}", heard.status.as_u16())), Acted::Refused),
            Err(Outcome::Lost(cause) | Outcome::Unreachable(cause)) => Acted::Later(cause),
            Err(_) => Acted::Later("no answer".to_owned()),
        }
    }

    async fn ask(
        &self,
        outgoing: &Outgoing<'_>,
        token: Option<&SecretString>,
    ) -> std::result::Result<Heard, Outcome> {
        let lost = |error: reqwest::Error| match error.is_connect() || error.is_builder() {
            true => Outcome::Unreachable(error.without_url().to_string()),
            false => Outcome::Lost(error.without_url().to_string()),
        };
        let mut request = self.http.post(self.messages_url(outgoing)).json(outgoing.body);
        if let Some(token) = token {
            request = request.bearer_auth(token.expose_secret());
        }
        let mut response = request.send().await.map_err(lost)?;
        let (status, after, mut body) = (response.status(), super::retry_after(&response), Vec::new());
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() <= MAX_ANSWER => body.extend_from_slice(&chunk),
                Ok(Some(_)) => return Err(Outcome::Lost("the answer is too large".to_owned())),
                Ok(None) => return Ok(Heard { status, body, after }),
                // Half of it is here, the rest is not: what it said is not known.
                Err(error) => return Err(Outcome::Lost(error.without_url().to_string())),
            }
        }
    }

    fn messages_url(&self, outgoing: &Outgoing<'_>) -> url::Url {
        let own_login = outgoing.platform == Platform::Instagram;
        let mut url = if own_login { self.instagram.clone() } else { self.graph.clone() };
        // The token of a Page knows its Page; an Instagram account's id is none.
        let account = match outgoing.channel {
            ChannelKind::Instagram if !own_login => "me",
            _ => outgoing.account_id,
        };
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().push(&self.version).push(account).push("messages");
        }
        url
    }
}

/// What an answer that came whole says.
fn judge(status: StatusCode, body: &[u8], after: Option<Duration>) -> Outcome {
    if status.is_success() {
        let answer: Option<Value> = webhooks::read_json(body).ok();
        let id = answer.as_ref().and_then(|answer| {
            let id = answer.pointer("/messages/0/id").or_else(|| answer.get("message_id"));
            id.and_then(Value::as_str).filter(|id| !id.is_empty()).map(str::to_owned)
        });
        return id.map_or_else(|| Outcome::Lost("accepted without an id".to_owned()), Outcome::Accepted);
    }
    refusal_of(status, body, after)
        .map_or_else(|| Outcome::Lost(format!("HTTP {}", status.as_u16())), Outcome::Refused)
}

/// A clear no. None: something went wrong on the way, or there.
pub(super) fn refusal_of(status: StatusCode, body: &[u8], after: Option<Duration>) -> Option<Refusal> {
    match serde_json::from_slice::<Envelope>(body) {
        Ok(Envelope { error }) if status.is_client_error() => Some(Refusal {
            status: status.as_u16(),
            code: error.code,
            subcode: error.error_subcode,
            title: error.error_user_title.or(error.message),
            detail: error.error_data.and_then(|data| data.details).or(error.error_user_msg),
            trace: error.fbtrace_id,
            after,
        }),
        // A gateway in front that limits has not passed it on.
        _ if status == StatusCode::TOO_MANY_REQUESTS => Some(Refusal {
            status: status.as_u16(),
            code: 4,
            subcode: 0,
            title: None,
            detail: None,
            trace: String::new(),
            after,
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, body: &str) -> Outcome {
        judge(StatusCode::from_u16(status).expect("a status"), body.as_bytes(), None)
    }

    #[test]
    fn only_an_id_is_an_acceptance() {
        let accepted = |id: &str| Outcome::Accepted(id.to_owned());
        assert_eq!(of(200, r#"{"messages":[{"id":"wamid.1"}]}"#), accepted("wamid.1"));
        assert_eq!(of(200, r#"{"recipient_id":"1","message_id":"m_1"}"#), accepted("m_1"));
        for odd in
            ["", "{}", r#"{"messages":[]}"#, r#"{"message_id":""}"#, "<html>", r#"{"messages":[{"id":"wam"#]
        {
            assert!(matches!(of(200, odd), Outcome::Lost(_)), "{odd}");
        }
    }

    #[test]
    fn only_graphs_own_refusal_is_one() {
        let body = r#"{"error":{"message":"m","code":131047,"error_subcode":5,"fbtrace_id":"T","error_data":{"details":"d"}}}"#;
        let Outcome::Refused(refusal) = of(400, body) else { panic!("refused") };
        assert_eq!((refusal.code, refusal.subcode, refusal.status), (131_047, 5, 400));
        assert_eq!((refusal.title.as_deref(), refusal.detail.as_deref()), (Some("m"), Some("d")));
        assert!(matches!(of(500, body), Outcome::Lost(_)), "it may have been sent all the same");
        assert!(matches!(of(502, "<html>"), Outcome::Lost(_)));
        assert!(matches!(of(404, "<html>"), Outcome::Lost(_)), "whoever answered there was not Graph");
        assert!(matches!(of(429, "slow down"), Outcome::Refused(_)));
    }
}
