//! `/conversations`: list, counts, one, edit, messages, read position.

use super::edit::ConversationPatch;
use super::model::{Assignee, Conversation, ConversationSort, ConversationStatus, Counts, Filter, Message};
use super::service::{self, Query};
use crate::auth::{Actor, Auth, Idempotency, Permission};
use crate::customers::listing::{self, From, Listed, Part};
use crate::customers::patch::Object;
use crate::customers::refusals::{OfReads, OfWrites};
use crate::customers::text;
use crate::error::{Error, Result};
use crate::http::{self, Body, Params, PathId};
use crate::page::List;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, patch, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_conversations)
        .service(count_conversations)
        .service(show_conversation)
        .service(edit_conversation)
        .service(list_messages)
        .service(mark_read);
}

/// Up to where the team has read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReadUpTo {
    message_id: Uuid,
}

/// Conversations, newest activity first. Needs `inbox.read`.
#[utoipa::path(
    tag = "inbox",
    security(("session" = []), ("bearer" = [])),
    params(
        ("status" = Option<String>, Query, description = "`open` (default), `pending`, `snoozed`, `resolved`, `all`"),
        ("assignee" = Option<String>, Query, description = "A user's id, `me` or `none`"),
        ("channel" = Option<Uuid>, Query),
        ("label" = Option<String>, Query),
        ("unread" = Option<bool>, Query, description = "Only those with something unread"),
        ("q" = Option<String>, Query, description = "In the customer's name, phone, e-mail, username or external id"),
        ("sort" = Option<String>, Query, description = "`last_activity_at` (default); by page also `created_at`, `unread_count`"),
        ("order" = Option<String>, Query, description = "`desc` (default) or `asc`"),
        ("limit" = Option<i64>, Query, description = "1 to 200, default 50", minimum = 1, maximum = 200),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
        ("page" = Option<i64>, Query, description = "From 1; the answer then has `page` and `total`", minimum = 1),
    ),
    responses((status = 200, description = "The conversations", body = Listed<Conversation>), OfReads),
)]
#[get("/conversations")]
async fn list_conversations(actor: Actor, auth: web::Data<Auth>, params: Params) -> Result<HttpResponse> {
    actor.require(Permission::InboxRead)?;
    let (seq, conversations) = service::list(auth.db(), &actor, query(&params, &actor)?).await?;
    Ok(http::shown(seq, &conversations))
}

/// How many open conversations there are, as the user may see them. Needs `inbox.read`.
#[utoipa::path(
    tag = "inbox",
    security(("session" = []), ("bearer" = [])),
    responses((status = 200, description = "The counts", body = Counts), OfReads),
)]
#[get("/conversations/counts")]
async fn count_conversations(actor: Actor, auth: web::Data<Auth>) -> Result<HttpResponse> {
    actor.require(Permission::InboxRead)?;
    let (seq, counts) = service::counts_of(auth.db(), &actor).await?;
    Ok(http::shown(seq, &counts))
}

/// One conversation; the id of a merged one gives the one that is left. Needs `inbox.read`.
#[utoipa::path(
    tag = "inbox",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The conversation", body = Conversation), OfReads),
)]
#[get("/conversations/{id}")]
async fn show_conversation(actor: Actor, auth: web::Data<Auth>, id: PathId) -> Result<HttpResponse> {
    actor.require(Permission::InboxRead)?;
    let (seq, conversation) = service::get(auth.db(), &actor, id.0).await?;
    Ok(http::shown(seq, &conversation))
}

/// Edits a conversation. Needs `inbox.manage`, in its scope.
#[utoipa::path(
    tag = "inbox",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = ConversationPatch,
    responses((status = 200, description = "The conversation after it", body = Conversation), OfReads, OfWrites),
)]
#[patch("/conversations/{id}")]
async fn edit_conversation(
    actor: Actor,
    auth: web::Data<Auth>,
    id: PathId,
    idempotency: Idempotency,
    body: Body<Object<ConversationPatch>>,
) -> Result<HttpResponse> {
    actor.require(Permission::InboxManage)?;
    http::detached(async move {
        let mut write = auth.log.begin(actor.tenant, actor.label()).await?;
        if let Some(answer) = idempotency.replay(&write, &actor, &body.hash).await? {
            return Ok(answer);
        }
        let conversation = service::edit(&mut write, &actor, id.0, &body.value.0).await?;
        idempotency.finish(write, &actor, StatusCode::OK, &conversation).await
    })
    .await
}

/// Messages of a conversation, newest first: the platform's time, then arrival. Needs `inbox.read`.
#[utoipa::path(
    tag = "inbox",
    security(("session" = []), ("bearer" = [])),
    params(
        ("id" = Uuid, Path),
        ("limit" = Option<i64>, Query, description = "1 to 200, default 50", minimum = 1, maximum = 200),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, description = "The messages", body = List<Message>), OfReads),
)]
#[get("/conversations/{id}/messages")]
async fn list_messages(
    actor: Actor,
    auth: web::Data<Auth>,
    id: PathId,
    params: Params,
) -> Result<HttpResponse> {
    actor.require(Permission::InboxRead)?;
    let part = Part::read(&params)?.cursor_only()?;
    let (seq, messages) = service::messages(auth.db(), &actor, id.0, &part).await?;
    Ok(http::shown(seq, &messages))
}

/// Tells that the team has read up to a message; an earlier one changes nothing. Needs `inbox.read`.
#[utoipa::path(
    tag = "inbox",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = ReadUpTo,
    responses((status = 204, description = "Read"), OfReads, OfWrites),
)]
#[post("/conversations/{id}/read")]
async fn mark_read(
    actor: Actor,
    auth: web::Data<Auth>,
    id: PathId,
    idempotency: Idempotency,
    body: Body<Object<ReadUpTo>>,
) -> Result<HttpResponse> {
    actor.require(Permission::InboxRead)?;
    http::detached(async move {
        let mut write = auth.log.begin(actor.tenant, actor.label()).await?;
        if let Some(answer) = idempotency.replay(&write, &actor, &body.hash).await? {
            return Ok(answer);
        }
        service::read(&mut write, &actor, id.0, body.value.0.message_id).await?;
        idempotency.finish_empty(write, &actor).await
    })
    .await
}

fn query(params: &Params, actor: &Actor) -> Result<Query> {
    let status = match params.one("status") {
        None => Some(ConversationStatus::Open),
        Some("all") => None,
        Some(status) => Some(ConversationStatus::parse(status).ok_or_else(|| {
            Error::bad_request("`status` is `open`, `pending`, `snoozed`, `resolved` or `all`.")
        })?),
    };
    let assignee = match params.one("assignee") {
        None => Assignee::Any,
        Some("me") => Assignee::User(actor.user_id),
        Some("none") => Assignee::Nobody,
        Some(id) => Assignee::User(
            id.parse().map_err(|_| Error::bad_request("`assignee` is a user's id, `me` or `none`."))?,
        ),
    };
    let label = params.one("label").map(str::to_owned);
    if label.as_deref().is_some_and(|label| !listing::is_text(label)) {
        return Err(Error::bad_request("`label` can't hold U+0000."));
    }
    let filter = Filter {
        status,
        assignee,
        channel: params.id("channel")?,
        label,
        unread: params.flag("unread")?,
        pattern: text::search_pattern(params.one("q").unwrap_or_default())?,
        ..Filter::default()
    };
    let part = Part::read(params)?;
    let sort = match (params.one("sort"), &part.from) {
        (None | Some("last_activity_at"), _) => ConversationSort::LastActivityAt,
        (Some("created_at"), From::Page(_)) => ConversationSort::CreatedAt,
        (Some("unread_count"), From::Page(_)) => ConversationSort::UnreadCount,
        _ => {
            let detail = "`sort` is `last_activity_at`; with `page` also `created_at` or `unread_count`.";
            return Err(Error::bad_request(detail));
        }
    };
    Ok(Query { filter, sort, descending: listing::descending(params)?.unwrap_or(true), part })
}
