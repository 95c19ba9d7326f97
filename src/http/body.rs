//! Bodies: JSON only, strict, bounded.
//!
//! Owns: what a JSON body may look like before its type is asked (media type, size, nesting). Invariant: nothing is
//! decoded twice and nothing is decompressed. Absent on purpose: rules of single fields, which are the features'.

use crate::error::{Error, Result};
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;
use futures_util::future::{FutureExt, LocalBoxFuture};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// Largest body of a route that takes JSON.
pub const MAX_BODY: usize = 256 * 1024;
/// Deepest nesting of arrays and objects.
const MAX_DEPTH: usize = 64;

/// A JSON body. `T` refuses unknown fields (`#[serde(deny_unknown_fields)]`).
#[derive(Debug)]
pub struct Body<T> {
    pub value: T,
    /// Of method, path and bytes: tells whether a repeated idempotency key means the same request.
    pub hash: Vec<u8>,
}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        async move {
            check_head(&request)?;
            let bytes = collect(&mut payload).await?;
            let hash = request_hash(request.method().as_str(), request.path(), &bytes);
            if !is_object(&bytes) {
                return Err(Error::bad_request("The body is not a JSON object."));
            }
            Ok(Self { value: parse(&bytes)?, hash })
        }
        .boxed_local()
    }
}

/// What the headers already tell.
fn check_head(request: &HttpRequest) -> Result<()> {
    if !request.content_type().trim().eq_ignore_ascii_case("application/json") {
        return Err(Error::UnsupportedMediaType("Send JSON, with `Content-Type: application/json`."));
    }
    let headers = request.headers();
    if headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding.as_bytes() != b"identity") {
        return Err(Error::UnsupportedMediaType("Bodies are not compressed here."));
    }
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > MAX_BODY) {
        return Err(too_large());
    }
    Ok(())
}

async fn collect(payload: &mut Payload) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Error::bad_request("The body broke off."))?;
        if bytes.len() + chunk.len() > MAX_BODY {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn too_large() -> Error {
    Error::TooLarge("A body has at most 256 KiB here.")
}

/// Whether JSON is an object: serde's structs also take an array of their fields' values.
pub fn is_object(json: &[u8]) -> bool {
    json.trim_ascii_start().first() == Some(&b'{')
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    if bytes.is_empty() {
        return Err(Error::bad_request("The body is empty; JSON is expected."));
    }
    if depth(bytes) > MAX_DEPTH {
        return Err(Error::bad_request("The body is nested too deeply."));
    }
    serde_json::from_slice(bytes).map_err(|error| {
        Error::bad_request(if error.is_data() {
            format!("The body does not fit: {error}.")
        } else {
            format!("The body is not JSON (line {}, column {}).", error.line(), error.column())
        })
    })
}

/// How deep brackets outside of strings nest.
fn depth(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// What makes a request the same one.
pub(super) fn request_hash(method: &str, path: &str, body: &[u8]) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in [method.as_bytes(), b" ", path.as_bytes(), b"\n", body] {
        hash.update(part);
    }
    hash.finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Thing {
        n: i32,
    }

    async fn read(content_type: &str, body: Vec<u8>) -> Result<Body<Thing>> {
        let (request, mut payload) = TestRequest::post()
            .insert_header(("content-type", content_type))
            .set_payload(body)
            .to_http_parts();
        Body::from_request(&request, &mut payload).await
    }

    fn status(result: Result<Body<Thing>>) -> u16 {
        use actix_web::ResponseError;
        result.map_or_else(|error| error.status_code().as_u16(), |_| 200)
    }

    #[actix_web::test]
    async fn only_strict_json_of_bounded_size() {
        let ok = read("application/json; charset=utf-8", br#"{"n":1}"#.to_vec()).await.expect("fits");
        assert_eq!((ok.value.n, ok.hash.len()), (1, 32));
        for (content_type, body, expected) in [
            ("text/plain", r#"{"n":1}"#, 415),
            ("application/json", "", 400),
            ("application/json", "{", 400),
            ("application/json", r#"{"n":1,"role":"administrator"}"#, 400),
            ("application/json", r#"{"n":1,"n":2}"#, 400),
            ("application/json", r#"{"n":"1"}"#, 400),
            ("application/json", "\u{feff}{\"n\":1}", 400),
            ("application/json", "[1]", 400),
            ("application/json", "1", 400),
            ("application/json", " \r\n\t{\"n\":1}", 200),
        ] {
            assert_eq!(status(read(content_type, body.into()).await), expected, "{body}");
        }
        let padded = |size: usize| format!("{{\"n\":1{}}}", " ".repeat(size - 7)).into_bytes();
        assert_eq!(status(read("application/json", padded(MAX_BODY)).await), 200);
        assert_eq!(status(read("application/json", padded(MAX_BODY + 1)).await), 413);
    }

    #[test]
    fn depth_ignores_strings() {
        assert_eq!(depth(br#"[{"a":"[[[\"["}]"#), 2);
        let deep = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1));
        assert!(parse::<serde_json::Value>(deep(64).as_bytes()).is_ok());
        assert!(parse::<serde_json::Value>(deep(65).as_bytes()).is_err());
    }

    #[test]
    fn the_hash_tells_requests_apart() {
        assert_ne!(request_hash("POST", "/a", b"b"), request_hash("POST", "/ab", b""));
        assert_ne!(request_hash("POST", "/a", b""), request_hash("PATCH", "/a", b""));
    }
}
