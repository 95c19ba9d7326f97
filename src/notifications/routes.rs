//! `/notifications`: the signed-in user's own.

use super::model::{NotificationList, ReadNotifications};
use super::service;
use crate::auth::{Actor, Auth, Idempotency, Permission};
use crate::customers::listing::Part;
use crate::customers::patch::Object;
use crate::customers::refusals::{OfReads, OfWrites};
use crate::error::Result;
use crate::http::{self, Body, Params};
use actix_web::{HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_notifications).service(read_notifications);
}

/// The user's own notifications, newest first, and how many are unread. Needs `inbox.read`.
#[utoipa::path(
    tag = "inbox",
    security(("session" = []), ("bearer" = [])),
    params(
        ("unread_only" = Option<bool>, Query, description = "Without those that are read"),
        ("limit" = Option<i64>, Query, description = "1 to 200, default 50", minimum = 1, maximum = 200),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, description = "The notifications", body = NotificationList), OfReads),
)]
#[get("/notifications")]
async fn list_notifications(actor: Actor, auth: web::Data<Auth>, params: Params) -> Result<HttpResponse> {
    actor.require(Permission::InboxRead)?;
    let part = Part::read(&params)?.cursor_only()?;
    let unread_only = params.flag("unread_only")?;
    let (seq, list) = service::list(auth.db(), &actor, unread_only, &part).await?;
    Ok(http::shown(seq, &list))
}

/// Marks notifications of the user as read, or all of them. Needs `inbox.read`.
#[utoipa::path(
    tag = "inbox",
    security(("session" = []), ("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body = ReadNotifications,
    responses((status = 204, description = "Read"), OfReads, OfWrites),
)]
#[post("/notifications/read")]
async fn read_notifications(
    actor: Actor,
    auth: web::Data<Auth>,
    idempotency: Idempotency,
    body: Body<Object<ReadNotifications>>,
) -> Result<HttpResponse> {
    actor.require(Permission::InboxRead)?;
    http::detached(async move {
        let mut write = auth.log.begin(actor.tenant, actor.label()).await?;
        if let Some(answer) = idempotency.replay(&write, &actor, &body.hash).await? {
            return Ok(answer);
        }
        service::read(&mut write, &actor, &body.value.0).await?;
        idempotency.finish_empty(write, &actor).await
    })
    .await
}
