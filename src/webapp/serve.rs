//! Answers with the app's files.

use super::embedded::{ASSETS, Asset, BUILD};
use super::encoding::{Encoding, choose};
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, HttpResponseBuilder, web};

/// The page, for every place inside the app.
const PAGE: &str = "index.html";
/// First parts of addresses that are never a place inside the app.
const NO_PLACES: [&str; 5] = ["api", "assets", "health", "media", "metrics"];
/// A year, in seconds: as long as browsers keep anything.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Kept, but asked for again each time.
const ASK_AGAIN: &str = "no-cache";
const NO_APP: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>Switchboard: no web app</title>
<h1>The web app is not in this binary</h1>
<p>It was built without it. <code>cargo xtask build</code> builds the app and the binary that holds it; then start that
one. The <a href=\"/api/v1/docs\">interface</a> and webhooks work.</p>
</html>
";

/// The app that a server has, as `web::Data`.
#[derive(Debug, Clone, Copy)]
pub struct WebApp {
    /// In the order of their paths; none: the binary holds no app.
    pub assets: &'static [Asset],
    /// What the page knows its build by, and sockets tell in `welcome`.
    pub build: &'static str,
}

impl WebApp {
    /// The one in this binary.
    pub const EMBEDDED: Self = Self { assets: ASSETS, build: BUILD };

    pub fn file(&self, path: &str) -> Option<&'static Asset> {
        let place = self.assets.binary_search_by(|asset| asset.path.cmp(path)).ok()?;
        self.assets.get(place)
    }

    /// None: the address is not the app's.
    fn answer(&self, method: &Method, path: &str, headers: &HeaderMap) -> Option<HttpResponse> {
        if !matches!(*method, Method::GET | Method::HEAD) {
            return None;
        }
        let path = path.strip_prefix('/')?;
        match self.file(path) {
            Some(asset) => Some(asset.answer(headers)),
            None if !is_place(path) => None,
            None => Some(self.file(PAGE).map_or_else(no_app, |page| page.answer(headers))),
        }
    }
}

impl Asset {
    fn answer(&self, headers: &HeaderMap) -> HttpResponse {
        let mut there = vec![Encoding::Plain];
        there.extend(self.brotli.map(|_| Encoding::Brotli));
        there.extend(self.gzip.map(|_| Encoding::Gzip));
        let accepted = headers.get_all(header::ACCEPT_ENCODING).filter_map(|value| value.to_str().ok());
        let (name, body) = match choose(accepted, &there) {
            Encoding::Brotli => (Some("br"), self.brotli),
            Encoding::Gzip => (Some("gzip"), self.gzip),
            Encoding::Plain => (None, None),
        };
        let tag =
            name.map_or_else(|| format!("\"{}\"", self.hash), |name| format!("\"{}-{name}\"", self.hash));
        if known(headers, &tag) {
            return self.head(StatusCode::NOT_MODIFIED, &tag).finish();
        }
        let mut response = self.head(StatusCode::OK, &tag);
        if let Some(name) = name {
            response.insert_header((header::CONTENT_ENCODING, name));
        }
        response.insert_header((header::CONTENT_TYPE, self.mime)).body(body.unwrap_or(self.raw))
    }

    /// What a 304 tells too.
    fn head(&self, status: StatusCode, tag: &str) -> HttpResponseBuilder {
        let mut response = HttpResponse::build(status);
        response
            .insert_header((header::ETAG, tag))
            .insert_header((header::CACHE_CONTROL, if self.immutable { FOR_EVER } else { ASK_AGAIN }))
            .insert_header((header::VARY, "accept-encoding"));
        response
    }
}

/// Whether `If-None-Match` names the tag.
fn known(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

/// Whether an address is a place inside the app: it has no dot in its last part, and is nothing else's.
fn is_place(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    !NO_PLACES.contains(&first) && !last.contains('.')
}

fn no_app() -> HttpResponse {
    HttpResponse::ServiceUnavailable().content_type("text/html; charset=utf-8").body(NO_APP)
}

/// `App::wrap(from_fn(webapp::serve))`: outside of actix's compression, which knows no files that are compressed already.
pub async fn serve<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    // The path as it is routed: `%61pi` is `api` there too.
    let answer = request
        .app_data::<web::Data<WebApp>>()
        .and_then(|app| app.answer(request.method(), request.match_info().as_str(), request.headers()));
    match answer {
        Some(response) => Ok(request.into_response(response).map_into_right_body()),
        None => Ok(next.call(request).await?.map_into_left_body()),
    }
}
