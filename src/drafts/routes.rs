//! `/conversations/{id}/drafts`: the signed-in user's own.

use super::model::{Draft, DraftKind, NewDraft};
use super::service;
use crate::auth::{Actor, Auth, Idempotency, Permission};
use crate::customers::patch::Object;
use crate::customers::refusals::{OfReads, OfWrites};
use crate::error::Result;
use crate::http::{self, Body, PathId};
use crate::page::List;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, put, web};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_drafts)
        .service(keep_reply_draft)
        .service(keep_note_draft)
        .service(forget_reply_draft)
        .service(forget_note_draft);
}

/// The user's drafts in a conversation, of a reply and of a note. Needs `inbox.read`.
#[utoipa::path(
    tag = "inbox",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The drafts", body = List<Draft>), OfReads),
)]
#[get("/conversations/{id}/drafts")]
async fn list_drafts(actor: Actor, auth: web::Data<Auth>, id: PathId) -> Result<HttpResponse> {
    actor.require(Permission::InboxRead)?;
    let (seq, drafts) = service::list(auth.db(), &actor, id.0).await?;
    Ok(http::shown(seq, &drafts))
}

/// Keeps the draft of a reply, for all devices of the user. Needs `inbox.read`.
#[utoipa::path(
    tag = "inbox",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewDraft,
    responses((status = 200, description = "The draft", body = Draft), OfReads, OfWrites),
)]
#[put("/conversations/{id}/drafts/reply")]
async fn keep_reply_draft(
    actor: Actor,
    auth: web::Data<Auth>,
    id: PathId,
    idempotency: Idempotency,
    body: Body<Object<NewDraft>>,
) -> Result<HttpResponse> {
    keep((actor, auth, id.0), DraftKind::Reply, idempotency, body).await
}

/// Keeps the draft of a note, for all devices of the user. Needs `inbox.read`.
#[utoipa::path(
    tag = "inbox",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewDraft,
    responses((status = 200, description = "The draft", body = Draft), OfReads, OfWrites),
)]
#[put("/conversations/{id}/drafts/note")]
async fn keep_note_draft(
    actor: Actor,
    auth: web::Data<Auth>,
    id: PathId,
    idempotency: Idempotency,
    body: Body<Object<NewDraft>>,
) -> Result<HttpResponse> {
    keep((actor, auth, id.0), DraftKind::Note, idempotency, body).await
}

/// Forgets the draft of a reply. Needs `inbox.read`.
#[utoipa::path(
    tag = "inbox",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204, description = "Forgotten"), OfReads, OfWrites),
)]
#[delete("/conversations/{id}/drafts/reply")]
async fn forget_reply_draft(
    actor: Actor,
    auth: web::Data<Auth>,
    id: PathId,
    idempotency: Idempotency,
) -> Result<HttpResponse> {
    forget((actor, auth, id.0), DraftKind::Reply, idempotency).await
}

/// Forgets the draft of a note. Needs `inbox.read`.
#[utoipa::path(
    tag = "inbox",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204, description = "Forgotten"), OfReads, OfWrites),
)]
#[delete("/conversations/{id}/drafts/note")]
async fn forget_note_draft(
    actor: Actor,
    auth: web::Data<Auth>,
    id: PathId,
    idempotency: Idempotency,
) -> Result<HttpResponse> {
    forget((actor, auth, id.0), DraftKind::Note, idempotency).await
}

/// Who writes, and where.
type Place = (Actor, web::Data<Auth>, Uuid);

async fn keep(
    (actor, auth, id): Place,
    kind: DraftKind,
    idempotency: Idempotency,
    body: Body<Object<NewDraft>>,
) -> Result<HttpResponse> {
    actor.require(Permission::InboxRead)?;
    http::detached(async move {
        let mut write = auth.log.begin(actor.tenant, actor.label()).await?;
        if let Some(answer) = idempotency.replay(&write, &actor, &body.hash).await? {
            return Ok(answer);
        }
        let draft = service::put(&mut write, &actor, id, kind, &body.value.0).await?;
        idempotency.finish(write, &actor, StatusCode::OK, &draft).await
    })
    .await
}

async fn forget((actor, auth, id): Place, kind: DraftKind, idempotency: Idempotency) -> Result<HttpResponse> {
    actor.require(Permission::InboxRead)?;
    http::detached(async move {
        let mut write = auth.log.begin(actor.tenant, actor.label()).await?;
        if let Some(answer) = idempotency.replay(&write, &actor, id.as_bytes()).await? {
            return Ok(answer);
        }
        service::delete(&mut write, &actor, id, kind).await?;
        idempotency.finish_empty(write, &actor).await
    })
    .await
}
