//! Graph's error envelope.
//!
//! Owns: the shapes of refusals. Invariant: every refusal that has a JSON body has `message`, `type`, `code` and
//! `fbtrace_id`. Deliberately absent: translations; the server must decide on codes.

use super::Dice;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use serde_json::{Map, Value, json};

pub(super) struct Problem {
    status: u16,
    code: i64,
    subcode: Option<i64>,
    kind: &'static str,
    message: String,
    /// More than the message says; WhatsApp only.
    details: Option<String>,
    transient: bool,
    retry_after: Option<u32>,
    /// A gateway in front answered, in HTML.
    html: bool,
}

impl Problem {
    fn new(status: u16, code: i64, kind: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            status,
            code,
            subcode: None,
            kind,
            message,
            details: None,
            transient: false,
            retry_after: None,
            html: false,
        }
    }

    const fn sub(mut self, subcode: i64) -> Self {
        self.subcode = Some(subcode);
        self
    }

    pub(super) fn no_token() -> Self {
        Self::new(401, 190, "OAuthException", "An access token is required to request this resource.")
    }

    pub(super) fn expired() -> Self {
        let message = "Error validating access token: Session has expired on Friday, 20-Nov-26 08:00:00 PST.";
        Self::new(401, 190, "OAuthException", message).sub(463)
    }

    /// Nothing of this name, or nothing that may be seen: Graph does not tell which.
    pub(super) fn unknown(method: &str, id: &str) -> Self {
        let message = format!(
            "Unsupported {} request. Object with ID '{id}' does not exist, cannot be loaded due to missing \
             permissions, or does not support this operation",
            method.to_ascii_lowercase()
        );
        Self::new(400, 100, "GraphMethodException", message).sub(33)
    }

    pub(super) fn parameter(message: impl Into<String>) -> Self {
        Self::new(400, 100, "OAuthException", message)
    }

    /// A file that is not known, or that could not be fetched.
    pub(super) fn bad_file() -> Self {
        Self::new(400, 100, "OAuthException", "(#100) Upload attachment failure.").sub(2_018_047)
    }

    pub(super) fn missing(name: &str) -> Self {
        let message = format!("(#131008) Required parameter is missing: {name}");
        Self::new(400, 131_008, "OAuthException", message)
    }

    /// Not approved is the same as not there.
    pub(super) fn no_template(name: &str, language: &str) -> Self {
        let message = "(#132001) Template name does not exist in the translation";
        let mut problem = Self::new(404, 132_001, "OAuthException", message);
        problem.details = Some(format!("template name ({name}) does not exist in {language}"));
        problem
    }

    pub(super) fn wrong_parameters(wanted: usize, given: usize) -> Self {
        let message = "(#132000) Number of parameters does not match the expected number of params";
        let mut problem = Self::new(400, 132_000, "OAuthException", message);
        problem.details = Some(format!(
            "body: number of localizable_params ({given}) does not match the expected number of params ({wanted})"
        ));
        problem
    }

    pub(super) fn outside_window() -> Self {
        let message = "(#10) This message is sent outside of allowed window.";
        Self::new(400, 10, "OAuthException", message).sub(2_018_278)
    }

    pub(super) fn limited(variant: i64) -> Self {
        let (code, message) = match variant {
            0 | 1 => (4, "(#4) Application request limit reached"),
            2 | 3 => (130_429, "(#130429) Rate limit hit"),
            _ => (80_007, "(#80007) There have been too many calls to this WhatsApp Business account."),
        };
        let mut problem = Self::new(429, code, "OAuthException", message);
        problem.transient = true;
        problem.retry_after = (variant % 2 == 0).then_some(1);
        problem
    }

    pub(super) fn broken(variant: i64) -> Self {
        let status = match variant {
            0 | 1 => 500,
            2 | 3 => 503,
            _ => 502,
        };
        let message = "An unexpected error has occurred. Please retry your request later.";
        let mut problem = Self::new(status, 2, "OAuthException", message);
        problem.transient = true;
        problem.html = status == 502;
        problem
    }

    pub(super) fn response(self, dice: &mut Dice) -> HttpResponse {
        if self.html {
            let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_GATEWAY);
            return HttpResponse::build(status)
                .content_type("text/html")
                .body("<html>Sorry, something went wrong.</html>");
        }
        let mut error = Map::new();
        error.insert("message".to_owned(), json!(self.message));
        error.insert("type".to_owned(), json!(self.kind));
        error.insert("code".to_owned(), json!(self.code));
        if let Some(subcode) = self.subcode {
            error.insert("error_subcode".to_owned(), json!(subcode));
        }
        if self.transient {
            error.insert("is_transient".to_owned(), json!(true));
        }
        if self.code >= 130_000 {
            error.insert(
                "error_data".to_owned(),
                json!({"messaging_product": "whatsapp", "details": self.details.as_ref().unwrap_or(&self.message)}),
            );
        }
        error.insert("fbtrace_id".to_owned(), json!(dice.trace_id()));
        let mut response = json(self.status, &json!({"error": error}));
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// The beginning of an answer; then the connection breaks.
pub(super) fn half(body: &Value) -> HttpResponse {
    let mut bytes = super::super::wire::escaped(body);
    bytes.truncate(bytes.len() / 2);
    let cut = Err(std::io::Error::other("cut"));
    HttpResponse::Ok()
        .content_type("application/json; charset=UTF-8")
        .streaming(futures_util::stream::iter([Ok(bytes::Bytes::from(bytes)), cut]))
}

pub(super) fn json(status: u16, body: &Value) -> HttpResponse {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    // Graph writes its answers like its webhooks: escaped.
    HttpResponse::build(status)
        .content_type("application/json; charset=UTF-8")
        .insert_header(("X-App-Usage", r#"{"call_count":3,"total_cputime":1,"total_time":2}"#))
        .body(super::super::wire::escaped(body))
}
