//! Answers: a record with its place in the log, and writes that outlive their client.
//!
//! Owns: the headers `Switchboard-Seq` and `Cache-Control` of JSON answers. Absent on purpose: errors (`error`).

use crate::error::{Error, Result};
use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use serde::Serialize;

/// The place in the tenant's log that an answer shows (at least).
pub(super) const SEQ: &str = "switchboard-seq";

/// 200 with what was read, and the place in the log that it shows.
pub fn shown<T: Serialize>(seq: i64, value: &T) -> HttpResponse {
    answer(StatusCode::OK, seq, value)
}

/// Any status with a record.
pub fn answer<T: Serialize>(status: StatusCode, seq: i64, value: &T) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((SEQ, seq))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(value)
}

/// An answer that is no record, with the place in the log that it shows.
pub fn placed(seq: i64, mut response: HttpResponse) -> HttpResponse {
    response.headers_mut().insert(header::HeaderName::from_static(SEQ), header::HeaderValue::from(seq));
    response
}

/// Runs a write to its end: actix drops a handler when its client goes away, and a change that was half made by then
/// would be rolled back though the client may believe in it.
pub async fn detached<T, F>(write: F) -> Result<T>
where
    T: 'static,
    F: Future<Output = Result<T>> + 'static,
{
    actix_web::rt::spawn(write)
        .await
        .unwrap_or_else(|fault| Err(Error::internal(format!("a write ended early: {fault}"))))
}
