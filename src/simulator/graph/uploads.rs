//! Files that the server hands over, or lets the platform fetch.
//!
//! Owns: what came, by id. Invariants: an id is given only for a body that holds a whole file; a message that names no
//! known file is refused, as Graph refuses it. Deliberately absent: the bytes themselves (hash and size tell them apart),
//! and the platforms' limits of size and type, which are the server's to keep.

use super::Call;
use super::problem::{self, Problem};
use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_TYPE, HeaderMap};
use data_encoding::HEXLOWER;
use parking_lot::Mutex;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::time::Duration;

const KEPT: usize = 10_000;
/// A platform does not wait long for a link of ours.
const PATIENCE: Duration = Duration::from_secs(10);

/// A file that came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Upload {
    /// The id that Graph answered; of a link its address.
    pub id: String,
    pub file_name: String,
    pub mime_type: String,
    pub size: usize,
    pub sha256: String,
}

/// What came so far.
#[derive(Default)]
pub(in crate::simulator) struct Uploads(Mutex<VecDeque<Upload>>);

impl Uploads {
    pub(in crate::simulator) fn all(&self) -> Vec<Upload> {
        self.0.lock().iter().cloned().collect()
    }

    fn keep(&self, upload: Upload) {
        let mut uploads = self.0.lock();
        uploads.push_back(upload);
        while uploads.len() > KEPT {
            uploads.pop_front();
        }
    }

    fn knows(&self, id: &str) -> bool {
        self.0.lock().iter().any(|upload| upload.id == id)
    }
}

/// Takes a file as multipart, under an id of its own.
pub(super) fn take(call: &mut Call<'_>, key: &str) -> Result<HttpResponse, Problem> {
    let file = file_of(call.headers, call.raw).ok_or_else(|| Problem::missing("file"))?;
    let id = call.dice.digits(16);
    call.engine.uploads.keep(Upload { id: id.clone(), ..file });
    Ok(problem::json(200, &json!({ key: id })))
}

/// The part of a multipart body that has a file name.
fn file_of(headers: &HeaderMap, body: &[u8]) -> Option<Upload> {
    let kind = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let boundary = kind.split("boundary=").nth(1)?.trim_matches('"');
    let mark = format!("--{boundary}");
    let mut rest = body;
    while let Some(at) = find(rest, mark.as_bytes()) {
        rest = rest.get(at + mark.len()..)?;
        let part = rest.get(..find(rest, format!("\r\n{mark}").as_bytes())?)?;
        let split = find(part, b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(part.get(..split)?).into_owned();
        let bytes = part.get(split + 4..)?;
        if let Some(name) = value_of(&head, "filename=\"", '"') {
            return Some(Upload {
                id: String::new(),
                file_name: name,
                mime_type: value_of(&head.to_ascii_lowercase(), "content-type: ", '\r').unwrap_or_default(),
                size: bytes.len(),
                sha256: HEXLOWER.encode(&Sha256::digest(bytes)),
            });
        }
    }
    None
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn value_of(head: &str, before: &str, end: char) -> Option<String> {
    let rest = head.split(before).nth(1)?;
    Some(rest.split(end).next()?.trim().to_owned())
}

/// Looks whether the files of a message are known; a link is fetched first, as Instagram does.
pub(super) async fn check(call: &Call<'_>) -> Result<(), Problem> {
    let body = &call.body;
    if let Some(link) = body.pointer("/message/attachment/payload/url").and_then(Value::as_str) {
        return fetch(call, link).await;
    }
    let by_kind = body.get("type").and_then(Value::as_str).and_then(|kind| body.get(kind)?.get("id"));
    let by_payload = body.pointer("/message/attachment/payload/attachment_id");
    match by_kind.or(by_payload).and_then(Value::as_str) {
        Some(id) if !call.engine.uploads.knows(id) => Err(Problem::bad_file()),
        _ => Ok(()),
    }
}

async fn fetch(call: &Call<'_>, link: &str) -> Result<(), Problem> {
    let failed = |_| Problem::bad_file();
    let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().map_err(failed)?;
    let response = client.get(link).send().await.map_err(failed)?.error_for_status().map_err(failed)?;
    let kind = response.headers().get(CONTENT_TYPE.as_str()).and_then(|kind| kind.to_str().ok());
    let mime_type = kind.unwrap_or_default().to_owned();
    let bytes = response.bytes().await.map_err(failed)?;
    call.engine.uploads.keep(Upload {
        id: link.to_owned(),
        file_name: String::new(),
        mime_type,
        size: bytes.len(),
        sha256: HEXLOWER.encode(&Sha256::digest(&bytes)),
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn a_file_is_found_among_the_parts() {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("multipart/form-data; boundary=xx"));
        let body = b"--xx\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\nimage/png\r\n--xx\r\n\
            Content-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\
            \x89PNG\r\n\r\nrest\r\n--xx--\r\n";
        let file = file_of(&headers, body).unwrap();
        assert_eq!((file.file_name.as_str(), file.mime_type.as_str(), file.size), ("a.png", "image/png", 12));
        assert_eq!(file_of(&headers, b"--xx\r\nhalf of it"), None);
    }
}
