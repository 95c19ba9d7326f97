//! Sending: messages, new conversations, reactions, typing; retry and take back.

use super::lane::Outbox;
use super::model::NewMessage;
use super::reaction::{self, NewReaction};
use super::service;
use crate::auth::{Actor, Auth, Idempotency, Permission};
use crate::customers::patch::Object;
use crate::customers::refusals::{OfReads, OfWrites};
use crate::error::Result;
use crate::http::{self, Body, PathId};
use crate::inbox::{Conversation, Message};
use crate::ingest::jobs::Context;
use crate::ingest::{Recipient, open_thread};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, post, put, web};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(begin_conversation)
        .service(send_message)
        .service(retry_message)
        .service(take_back_message)
        .service(react)
        .service(take_reaction_back)
        .service(type_on);
}

/// Sending again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Again {
    /// Also a message that may have arrived.
    #[serde(default)]
    sure: bool,
}

/// A conversation that the business begins.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewConversation {
    channel_id: Uuid,
    /// A phone number, international or of the tenant's region, or the customer's id at the platform (for Messenger and
    /// Instagram: of somebody who has written before).
    recipient: String,
    message: NewMessage,
}

/// Writes first: the conversation with a recipient on a channel, made if there is none, with this message in it. Needs
/// `inbox.reply`, in its scope.
///
/// Nothing is made when the message can't be sent: on WhatsApp somebody who has not written takes templates only.
#[utoipa::path(
    tag = "inbox",
    security(("session" = []), ("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body = NewConversation,
    responses((status = 201, description = "The conversation", body = Conversation), OfReads, OfWrites),
)]
#[post("/conversations")]
async fn begin_conversation(
    actor: Actor,
    auth: web::Data<Auth>,
    ingest: web::Data<Context>,
    outbox: web::Data<Outbox>,
    idempotency: Idempotency,
    body: Body<Object<NewConversation>>,
) -> Result<HttpResponse> {
    actor.require(Permission::InboxReply)?;
    http::detached(async move {
        let new = &body.value.0;
        let write = auth.log.begin(actor.tenant, actor.label()).await?;
        if let Some(answer) = idempotency.replay(&write, &actor, &body.hash).await? {
            return Ok(answer);
        }
        drop(write);
        let recipient = Recipient::read(&ingest, actor.tenant, new.channel_id, &new.recipient).await?;
        service::check_first(auth.db(), &actor, &recipient, &new.message).await?;
        let thread = open_thread(&ingest, actor.tenant, &recipient).await?;
        let mut write = auth.log.begin(actor.tenant, actor.label()).await?;
        // Somebody may have asked for the same at the same moment.
        if let Some(answer) = idempotency.replay(&write, &actor, &body.hash).await? {
            return Ok(answer);
        }
        service::send(&mut write, &actor, &auth.limits, thread, &new.message).await?;
        let conversation = service::conversation(&write, thread).await?;
        let answer = idempotency.finish(write, &actor, StatusCode::CREATED, &conversation).await?;
        outbox.wake();
        Ok(answer)
    })
    .await
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
        let (message, new) = service::send(&mut write, &actor, &auth.limits, id.0, &body.value.0).await?;
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

/// Reacts to a message, in the place of an earlier reaction of the business. Needs `inbox.reply`, in its scope.
#[utoipa::path(
    tag = "inbox",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewReaction,
    responses((status = 200, description = "The message", body = Message), OfReads, OfWrites),
)]
#[put("/messages/{id}/reaction")]
async fn react(
    actor: Actor,
    auth: web::Data<Auth>,
    outbox: web::Data<Outbox>,
    id: PathId,
    idempotency: Idempotency,
    body: Body<Object<NewReaction>>,
) -> Result<HttpResponse> {
    actor.require(Permission::InboxReply)?;
    http::detached(async move {
        let mut write = auth.log.begin(actor.tenant, actor.label()).await?;
        if let Some(answer) = idempotency.replay(&write, &actor, &body.hash).await? {
            return Ok(answer);
        }
        let message = reaction::react(&mut write, &actor, id.0, Some(&body.value.0)).await?;
        let answer = idempotency.finish(write, &actor, StatusCode::OK, &message).await?;
        outbox.wake();
        Ok(answer)
    })
    .await
}

/// Takes the business's reaction to a message back. Needs `inbox.reply`, in its scope.
#[utoipa::path(
    tag = "inbox",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204, description = "Taken back"), OfReads, OfWrites),
)]
#[delete("/messages/{id}/reaction")]
async fn take_reaction_back(
    actor: Actor,
    auth: web::Data<Auth>,
    outbox: web::Data<Outbox>,
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
        reaction::react(&mut write, &actor, id.0, None).await?;
        let answer = idempotency.finish_empty(write, &actor).await?;
        outbox.wake();
        Ok(answer)
    })
    .await
}

/// Shows the customer that somebody types, for some seconds. Needs `inbox.reply`, in its scope. Nothing is stored.
#[utoipa::path(
    tag = "inbox",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204, description = "Told, if the channel lets us"), OfReads, OfWrites),
)]
#[post("/conversations/{id}/typing")]
async fn type_on(
    actor: Actor,
    outbox: web::Data<Outbox>,
    id: PathId,
    _repeated: Idempotency,
) -> Result<HttpResponse> {
    actor.require(Permission::InboxReply)?;
    outbox.context.typing(&actor, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
