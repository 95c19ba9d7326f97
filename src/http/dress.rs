//! The outermost middleware: what every answer wears.
//!
//! Owns: security headers, the request id, problem+json for what actix answers by itself, and 500 for a panic.
//! Invariants: a header that a route set stays (the API's own page and files have a policy of their own, the web app's
//! files a life in caches); nothing else is kept by anybody.
//! Absent on purpose: CORS; no other origin may read anything here.

use crate::error::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpResponse, ResponseError, web};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const PROBLEM: &str = "application/problem+json";
/// The app's policy: only its own files, no inline code, never in a frame.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; \
    img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; worker-src 'self'; \
    manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'none'; \
    object-src 'none'; require-trusted-types-for 'script'";
const FIXED: [(&str, &str); 6] = [
    ("content-security-policy", CSP),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(self), microphone=(self), geolocation=(), payment=()"),
];

/// What of the headers depends on the installation, as `web::Data`.
#[derive(Debug, Clone, Copy)]
pub struct Headers {
    /// Browsers reach the server by https: they shall never try without.
    pub https: bool,
}

/// An error of a middleware, which knows no request any more but is dressed all the same.
#[derive(Debug)]
struct Undressed {
    error: actix_web::Error,
    https: bool,
}

impl std::fmt::Display for Undressed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.error.fmt(f)
    }
}

impl ResponseError for Undressed {
    fn status_code(&self) -> StatusCode {
        self.error.as_response_error().status_code()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = self.error.error_response();
        if !is_ours(response.headers()) {
            response = problem(response.status());
        }
        headers(response.headers_mut(), self.https);
        response
    }
}

/// `App::wrap(from_fn(http::dress))`, outside of everything else.
pub async fn dress<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    // actix announces a compressed answer to a handshake as chunked and sends it unchunked: a proxy can't read it.
    if request.headers().contains_key(header::UPGRADE) {
        request.headers_mut().remove(header::ACCEPT_ENCODING);
    }
    let https = request.app_data::<web::Data<Headers>>().is_some_and(|headers| headers.https);
    let outcome = AssertUnwindSafe(next.call(request)).catch_unwind().await;
    let response = match outcome {
        Ok(Ok(response)) => response.map_into_boxed_body(),
        Ok(Err(error)) => return Err(Undressed { error, https }.into()),
        // The request is lost with the panic, the process is not.
        Err(_) => return Err(Undressed { error: Error::internal("a handler panicked").into(), https }.into()),
    };
    let status = response.status();
    let own = status.is_client_error() || status.is_server_error();
    let mut response = if own && !is_ours(response.headers()) {
        let allow = response.headers().get(header::ALLOW).cloned();
        let mut response = response.into_response(problem(status));
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
        response
    } else {
        response
    };
    headers(response.headers_mut(), https);
    Ok(response)
}

/// A problem, or a page that tells people of one; actix itself answers with plain text.
fn is_ours(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    kind.starts_with(PROBLEM.as_bytes()) || kind.starts_with(b"text/html")
}

fn headers(headers: &mut HeaderMap, https: bool) {
    let mut default = |name: HeaderName, value: HeaderValue| {
        if !headers.contains_key(&name) {
            headers.insert(name, value);
        }
    };
    for (name, value) in FIXED {
        default(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if https {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        default(header::STRICT_TRANSPORT_SECURITY, year);
    }
    default(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(id) = HeaderValue::from_str(&crate::ids::new().to_string()) {
        default(REQUEST_ID, id);
    }
}

/// The problem for a status that actix chose by itself.
fn problem(status: StatusCode) -> HttpResponse {
    match status.as_u16() {
        400 => Error::bad_request("The request can't be read.").error_response(),
        404 => Error::NotFound.error_response(),
        405 => method_not_allowed(),
        413 => Error::TooLarge("The body is too large.").error_response(),
        415 => Error::UnsupportedMediaType("That media type is not taken here.").error_response(),
        503 => Error::Unavailable("answered 503".to_owned()).error_response(),
        500.. => Error::internal(format!("answered {status}")).error_response(),
        _ => other(status),
    }
}

/// 405; `Allow` is set by who knows the methods.
pub(super) fn method_not_allowed() -> HttpResponse {
    other(StatusCode::METHOD_NOT_ALLOWED)
}

/// Statuses without an [`Error`] of their own.
fn other(status: StatusCode) -> HttpResponse {
    let (code, title) = match status.as_u16() {
        405 => ("method_not_allowed", "That method is not for this address"),
        _ => ("bad_request", status.canonical_reason().unwrap_or("The request can't be answered")),
    };
    let request_id = crate::ids::new().to_string();
    let body = crate::error::Problem {
        kind: "about:blank",
        title,
        status: status.as_u16(),
        detail: format!("{title}."),
        code,
        request_id: request_id.clone(),
        errors: Vec::new(),
        current: None,
        alternatives: &[],
    };
    HttpResponse::build(status).insert_header((REQUEST_ID, request_id)).content_type(PROBLEM).json(body)
}
