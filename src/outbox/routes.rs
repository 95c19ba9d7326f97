//! Sending: `POST /conversations/{id}/messages`, `POST /messages/{id}/retry`, `DELETE /messages/{id}`.

use super::lane::Outbox;
use super::model::NewMessage;
use super::service;
use crate::auth::{Actor, Auth, Idempotency, Permission};
use crate::customers::patch::Object;
use crate::customers::refusals::{OfReads, OfWrites};
use crate::error::Result;
use crate::http::{self, Body, PathId};
use crate::inbox::Message;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config.service(send_message).service(retry_message).service(take_back_message);
}

/// Sending again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Again {
    /// Also a message that may have arrived.
    #[serde(default)]
    sure: bool,
}

/// Writes a message to the customer, or a note. Needs `inbox.reply`, in its scope.
///
/// The message is `queued`, and goes out after those before it in the conversation. The same `client_id` again gives the
/// same message.
#[utoipa::path(
    tag = "inbox",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewMessage,
    responses(
        (status = 201, description = "The message", body = Message),
        (status = 200, description = "The message that was written under this `client_id` before", body = Message),
        OfReads, OfWrites,
    ),
)]
#[post("/conversations/{id}/messages")]
async fn send_message(
    actor: Actor,
    auth: web::Data<Auth>,
    outbox: web::Data<Outbox>,
    id: PathId,
    idempotency: Idempotency,
    body: Body<Object<NewMessage>>,
) -> Result<HttpResponse> {
    actor.require(Permission::InboxReply)?;
    http::detached(async move {
        let mut write = auth.log.begin(actor.tenant, actor.label()).await?;
        if let Some(answer) = idempotency.replay(&write, &actor, &body.hash).await? {
            return Ok(answer);
        }
        let (message, new) = service::send(&mut write, &actor, id.0, &body.value.0).await?;
        let status = if new { StatusCode::CREATED } else { StatusCode::OK };
        let answer = idempotency.finish(write, &actor, status, &message).await?;
        outbox.wake();
        Ok(answer)
    })
    .await
}

/// Sends a message again that `failed`, is `held`, or, with `sure`, is `uncertain`. Needs `inbox.reply`, in its scope.
#[utoipa::path(
    tag = "inbox",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Again,
    responses((status = 200, description = "The message", body = Message), OfReads, OfWrites),
)]
#[post("/messages/{id}/retry")]
async fn retry_message(
    actor: Actor,
    auth: web::Data<Auth>,
    outbox: web::Data<Outbox>,
    id: PathId,
    idempotency: Idempotency,
    body: Body<Object<Again>>,
) -> Result<HttpResponse> {
    actor.require(Permission::InboxReply)?;
    http::detached(async move {
        let mut write = auth.log.begin(actor.tenant, actor.label()).await?;
        if let Some(answer) = idempotency.replay(&write, &actor, &body.hash).await? {
            return Ok(answer);
        }
        let message = service::retry(&mut write, &actor, id.0, body.value.0.sure).await?;
        let answer = idempotency.finish(write, &actor, StatusCode::OK, &message).await?;
        outbox.wake();
        Ok(answer)
    })
    .await
}

/// Takes back a message that the platform was not given, or a note of one's own. Needs `inbox.reply`, in its scope.
#[utoipa::path(
    tag = "inbox",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204, description = "Taken back"), OfReads, OfWrites),
)]
#[delete("/messages/{id}")]
async fn take_back_message(
    actor: Actor,
    auth: web::Data<Auth>,
    id: PathId,
    idempotency: Idempotency,
) -> Result<HttpResponse> {
    actor.require(Permission::InboxReply)?;
    http::detached(async move {
        let mut write = auth.log.begin(actor.tenant, actor.label()).await?;
        let hash = id.0.as_bytes().to_vec();
        if let Some(answer) = idempotency.replay(&write, &actor, &hash).await? {
            return Ok(answer);
        }
        service::take_back(&mut write, &actor, id.0).await?;
        idempotency.finish_empty(write, &actor).await
    })
    .await
}
