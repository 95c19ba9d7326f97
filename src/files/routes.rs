//! Uploads: `POST /files`, `PATCH /files/{id}`, `GET`, `DELETE`; and `GET /media/{token}`, for platforms.

use super::model::{File, NewFile, PART};
use super::service::{self, Files};
use super::store::Which;
use crate::auth::{Allowed, Auth, Idempotency, Permission};
use crate::customers::patch::Object;
use crate::customers::refusals::{OfReads, OfWrites};
use crate::error::{Error, Result};
use crate::http::{self, Body, Limits, PathId};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, web};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use std::time::Duration;
use utoipa_actix_web::service_config::ServiceConfig;

const OFFSET: &str = "upload-offset";
/// Time for a part to come.
const PART_TIME: Duration = Duration::from_secs(300);
/// Characters of a link's token.
const TOKEN: usize = 43;

/// Who may write to customers may upload.
type Replying = Allowed<{ Permission::InboxReply as u8 }>;

pub fn routes(config: &mut ServiceConfig) {
    config.service(begin_upload).service(upload_part).service(show_upload).service(cancel_upload);
}

/// Outside of the API: for whoever has the link.
pub fn public_routes(config: &mut web::ServiceConfig) {
    config.route("/media/{token}", web::get().to(linked));
}

/// Begins an upload; its parts follow by `PATCH`. Needs `inbox.reply`.
///
/// One that stands still is deleted within the hour, and so is a file that no message has after a day. 429: a hundred files,
/// or 1 GiB, wait for their messages already.
#[utoipa::path(
    tag = "files",
    security(("session" = []), ("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body = NewFile,
    responses((status = 201, description = "The upload", body = File), OfReads, OfWrites),
)]
#[post("/files")]
async fn begin_upload(
    allowed: Replying,
    auth: web::Data<Auth>,
    idempotency: Idempotency,
    body: Body<Object<NewFile>>,
) -> Result<HttpResponse> {
    let actor = allowed.actor;
    http::detached(async move {
        let write = auth.log.begin(actor.tenant, actor.label()).await?;
        if let Some(answer) = idempotency.replay(&write, &actor, &body.hash).await? {
            return Ok(answer);
        }
        let file = service::begin(&write, &actor, &body.value.0).await?;
        idempotency.finish(write, &actor, StatusCode::CREATED, &file).await
    })
    .await
}

/// The next part of an upload: `part_size` bytes, the last one what is left. Needs `inbox.reply`; one's own upload.
///
/// Safe to repeat: at another place than `received` it is 409 `wrong_offset` with the upload as `current`. The last part
/// answers the file as it was found to be; if it could not be stored just then (503), an empty part asks for that again.
#[utoipa::path(
    tag = "files",
    security(("session" = []), ("bearer" = [])),
    params(
        ("id" = Uuid, Path),
        ("Upload-Offset" = i64, Header, description = "Where the part begins: `received`"),
    ),
    request_body(content = String, content_type = "application/offset+octet-stream"),
    responses((status = 200, description = "The upload", body = File), OfReads, OfWrites),
)]
#[patch("/files/{id}")]
async fn upload_part(
    allowed: Replying,
    auth: web::Data<Auth>,
    files: web::Data<Files>,
    id: PathId,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let actor = allowed.actor;
    let offset = offset(&request)?;
    // Whose it is, and where it goes on, before any of it is read.
    service::goes_on_at(auth.db(), &actor, id.0, offset).await?;
    let part = tokio::time::timeout(PART_TIME, collect(payload)).await;
    let part = part.map_err(|_| Error::bad_request("The part took too long."))??;
    http::detached(async move {
        let file = files.receive(&auth.log, &actor, id.0, offset, part).await?;
        Ok(HttpResponse::Ok().json(file))
    })
    .await
}

/// An upload of one's own, to go on with. Needs `inbox.reply`.
#[utoipa::path(
    tag = "files",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The upload", body = File), OfReads),
)]
#[get("/files/{id}")]
async fn show_upload(allowed: Replying, auth: web::Data<Auth>, id: PathId) -> Result<HttpResponse> {
    let (seq, file) = service::shown(auth.db(), &allowed.actor, id.0).await?;
    Ok(http::shown(seq, &file))
}

/// Deletes an upload of one's own that no message has. Needs `inbox.reply`.
#[utoipa::path(
    tag = "files",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path)),
    responses((status = 204, description = "Deleted, or in a message by now"), OfReads, OfWrites),
)]
#[delete("/files/{id}")]
async fn cancel_upload(
    allowed: Replying,
    auth: web::Data<Auth>,
    files: web::Data<Files>,
    id: PathId,
) -> Result<HttpResponse> {
    let actor = allowed.actor;
    http::detached(async move {
        service::own(auth.db(), &actor, id.0).await?;
        files.delete(&auth.log, actor.tenant, Which::One(id.0)).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

/// A file for a platform that fetches what is sent by itself. The token is the permission; it lives for an hour.
#[utoipa::path(
    get,
    path = "/media/{token}",
    tag = "files",
    params(("token" = String, Path)),
    responses(
        (status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 404, description = "No such link, or it is over"),
    ),
    security(),
)]
pub async fn linked(
    limits: web::Data<Limits>,
    request: HttpRequest,
    auth: web::Data<Auth>,
    files: web::Data<Files>,
    token: web::Path<String>,
) -> Result<HttpResponse> {
    if token.len() != TOKEN {
        return Err(Error::NotFound);
    }
    let found = service::linked(auth.db(), &files, &token).await;
    if matches!(found, Err(Error::NotFound)) {
        // Who guesses is counted; who has a link is not.
        limits.anonymous(limits.client(&request))?;
    }
    let (stream, mime_type, size) = found?;
    Ok(HttpResponse::Ok()
        .content_type(mime_type)
        .insert_header((header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
        .insert_header((header::CONTENT_DISPOSITION, "attachment"))
        .insert_header(header::ContentEncoding::Identity)
        .body(actix_web::body::SizedStream::new(size.unsigned_abs(), stream)))
}

fn offset(request: &HttpRequest) -> Result<i64> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind.map(str::trim) != Some("application/offset+octet-stream") {
        return Err(Error::UnsupportedMediaType("A part is sent as `application/offset+octet-stream`."));
    }
    let text = request.headers().get(OFFSET).and_then(|offset| offset.to_str().ok());
    let digits = text.filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()));
    digits
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(|| Error::bad_request("`Upload-Offset` is a number of bytes."))
}

async fn collect(mut payload: web::Payload) -> Result<Bytes> {
    let most = usize::try_from(PART).map_err(Error::internal)?;
    let mut bytes = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Error::bad_request("The part broke off."))?;
        if bytes.len() + chunk.len() > most {
            return Err(Error::TooLarge("A part has at most 4 MiB."));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}
