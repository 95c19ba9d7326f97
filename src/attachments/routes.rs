//! `/attachments/{id}`: the file, its small picture, and fetching it again.

use super::{serve, service};
use crate::auth::{Actor, Auth, Idempotency, Permission};
use crate::customers::refusals::{OfReads, OfWrites};
use crate::error::{Error, Result};
use crate::files::Files;
use crate::http::{self, Params, PathId};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config.service(read_attachment).service(read_thumbnail).service(fetch_attachment);
}

/// The file of an attachment, whole or a `Range` of it. Needs `inbox.read`, in its scope.
///
/// Pictures, sounds and films are shown in place, anything else is saved; so are they with `download=true`.
#[utoipa::path(
    tag = "files",
    security(("session" = []), ("bearer" = [])),
    params(
        ("id" = Uuid, Path),
        ("download" = Option<bool>, Query, description = "To save it under its name"),
        ("Range" = Option<String>, Header, description = "`bytes=0-1023`; of several ranges the first"),
    ),
    responses(
        (status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 206, description = "A range of it", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 304, description = "As `If-None-Match` has it"),
        (status = 416, description = "The range lies outside of it"),
        OfReads,
    ),
)]
#[get("/attachments/{id}")]
async fn read_attachment(
    actor: Actor,
    auth: web::Data<Auth>,
    files: web::Data<Files>,
    id: PathId,
    params: Params,
    request: HttpRequest,
) -> Result<HttpResponse> {
    actor.require(Permission::InboxRead)?;
    let (seq, shown) = service::visible(auth.db(), &actor, id.0).await?;
    let download = params.flag("download")?;
    match serve::content(&files, actor.tenant, &shown, &request, download).await? {
        Some(response) => Ok(http::placed(seq, response)),
        None => {
            http::detached(async move { service::lost(&auth.log, actor.tenant, &shown).await }).await?;
            Err(Error::NotFound)
        }
    }
}

/// A small picture of an attachment's file, at most 480 pixels wide and high. Needs `inbox.read`, in its scope.
#[utoipa::path(
    tag = "files",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path)),
    responses(
        (status = 200, description = "The picture", body = Vec<u8>, content_type = "image/jpeg"),
        (status = 304, description = "As `If-None-Match` has it"),
        OfReads,
    ),
)]
#[get("/attachments/{id}/thumbnail")]
async fn read_thumbnail(
    actor: Actor,
    auth: web::Data<Auth>,
    files: web::Data<Files>,
    id: PathId,
    request: HttpRequest,
) -> Result<HttpResponse> {
    actor.require(Permission::InboxRead)?;
    let (seq, shown) = service::visible(auth.db(), &actor, id.0).await?;
    Ok(http::placed(seq, serve::thumbnail(&files, actor.tenant, &shown, &request).await?))
}

/// Fetches a file again that could not be had; any other one stays as it is. Needs `inbox.read`, in its scope.
#[utoipa::path(
    tag = "files",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204, description = "It is being fetched; `message.updated` tells the rest"), OfReads, OfWrites),
)]
#[post("/attachments/{id}/fetch")]
async fn fetch_attachment(
    actor: Actor,
    auth: web::Data<Auth>,
    id: PathId,
    idempotency: Idempotency,
) -> Result<HttpResponse> {
    actor.require(Permission::InboxRead)?;
    http::detached(async move {
        let mut write = auth.log.begin(actor.tenant, actor.label()).await?;
        let hash = id.0.as_bytes().to_vec();
        if let Some(answer) = idempotency.replay(&write, &actor, &hash).await? {
            return Ok(answer);
        }
        service::fetch_again(&mut write, &actor, id.0).await?;
        idempotency.finish_empty(write, &actor).await
    })
    .await
}
