//! `/saved-replies`.

use super::model::{NewSavedReply, SavedReply, SavedReplyPatch};
use super::service;
use crate::auth::{Actor, Allowed, Auth, Idempotency, Permission};
use crate::customers::listing::Part;
use crate::customers::patch::Object;
use crate::customers::refusals::{OfReads, OfWrites};
use crate::error::Result;
use crate::http::{self, Body, Params, PathId};
use crate::page::List;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, patch, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

/// Who may change them.
type Managing = Allowed<{ Permission::SavedRepliesManage as u8 }>;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_saved_replies)
        .service(create_saved_reply)
        .service(edit_saved_reply)
        .service(delete_saved_reply);
}

/// The team's saved replies, by their shortcut. Needs `inbox.read`.
#[utoipa::path(
    tag = "inbox",
    security(("session" = []), ("bearer" = [])),
    params(
        ("limit" = Option<i64>, Query, description = "1 to 200, default 50", minimum = 1, maximum = 200),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, description = "The replies", body = List<SavedReply>), OfReads),
)]
#[get("/saved-replies")]
async fn list_saved_replies(actor: Actor, auth: web::Data<Auth>, params: Params) -> Result<HttpResponse> {
    actor.require(Permission::InboxRead)?;
    let part = Part::read(&params)?.cursor_only()?;
    let (seq, replies) = service::list(auth.db(), actor.tenant, &part).await?;
    Ok(http::shown(seq, &replies))
}

/// Makes a saved reply. Needs `saved_replies.manage`.
#[utoipa::path(
    tag = "inbox",
    security(("session" = []), ("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body = NewSavedReply,
    responses((status = 201, description = "The reply", body = SavedReply), OfReads, OfWrites),
)]
#[post("/saved-replies")]
async fn create_saved_reply(
    allowed: Managing,
    auth: web::Data<Auth>,
    idempotency: Idempotency,
    body: Body<Object<NewSavedReply>>,
) -> Result<HttpResponse> {
    let actor = allowed.actor;
    http::detached(async move {
        let write = auth.log.begin(actor.tenant, actor.label()).await?;
        if let Some(answer) = idempotency.replay(&write, &actor, &body.hash).await? {
            return Ok(answer);
        }
        let reply = service::create(&write, &body.value.0).await?;
        idempotency.finish(write, &actor, StatusCode::CREATED, &reply).await
    })
    .await
}

/// Changes a saved reply. Needs `saved_replies.manage`.
#[utoipa::path(
    tag = "inbox",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = SavedReplyPatch,
    responses((status = 200, description = "The reply after it", body = SavedReply), OfReads, OfWrites),
)]
#[patch("/saved-replies/{id}")]
async fn edit_saved_reply(
    allowed: Managing,
    auth: web::Data<Auth>,
    id: PathId,
    idempotency: Idempotency,
    body: Body<Object<SavedReplyPatch>>,
) -> Result<HttpResponse> {
    let actor = allowed.actor;
    http::detached(async move {
        let write = auth.log.begin(actor.tenant, actor.label()).await?;
        if let Some(answer) = idempotency.replay(&write, &actor, &body.hash).await? {
            return Ok(answer);
        }
        let reply = service::change(&write, id.0, &body.value.0).await?;
        idempotency.finish(write, &actor, StatusCode::OK, &reply).await
    })
    .await
}

/// Deletes a saved reply. Needs `saved_replies.manage`.
#[utoipa::path(
    tag = "inbox",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204, description = "Deleted"), OfReads, OfWrites),
)]
#[delete("/saved-replies/{id}")]
async fn delete_saved_reply(
    allowed: Managing,
    auth: web::Data<Auth>,
    id: PathId,
    idempotency: Idempotency,
) -> Result<HttpResponse> {
    let actor = allowed.actor;
    http::detached(async move {
        let write = auth.log.begin(actor.tenant, actor.label()).await?;
        if let Some(answer) = idempotency.replay(&write, &actor, id.0.as_bytes()).await? {
            return Ok(answer);
        }
        service::delete(&write, id.0).await?;
        idempotency.finish_empty(write, &actor).await
    })
    .await
}
