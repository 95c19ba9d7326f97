//! `/customers/{id}/details` and `/activities`.

use super::model::{Activity, ActivityPatch, ActivityStatus, Details};
use super::service;
use crate::auth::{Actor, Auth, Idempotency, Permission};
use crate::customers::listing::{Listed, Part};
use crate::customers::patch::Object;
use crate::customers::refusals::{OfReads, OfWrites};
use crate::error::{Error, Result};
use crate::http::{self, Body, Params, PathId};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, patch, web};
use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config.service(show_details).service(list_activities).service(edit_activity);
}

/// Everything around a customer at one moment: the customer viewer. Needs `customers.read`, `inbox.read` (in its scope)
/// and `kanban.read`.
#[utoipa::path(
    tag = "customers",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The snapshot", body = Details), OfReads),
)]
#[get("/customers/{id}/details")]
async fn show_details(actor: Actor, auth: web::Data<Auth>, id: PathId) -> Result<HttpResponse> {
    actor.require(Permission::CustomersRead)?;
    actor.require(Permission::KanbanRead)?;
    let (seq, details) = service::details(auth.db(), &actor, id.0).await?;
    Ok(http::shown(seq, &details))
}

/// Activities of a customer, newest first. Needs `customers.read`.
#[utoipa::path(
    tag = "customers",
    security(("session" = []), ("bearer" = [])),
    params(
        ("customer" = Uuid, Query, description = "Whose; the id of a merged one stands for the one that is left"),
        ("status" = Option<ActivityStatus>, Query, description = "Only these"),
        ("limit" = Option<i64>, Query, description = "1 to 200, default 50", minimum = 1, maximum = 200),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
        ("page" = Option<i64>, Query, description = "From 1; the answer then has `page` and `total`", minimum = 1),
    ),
    responses((status = 200, description = "The activities", body = Listed<Activity>), OfReads),
)]
#[get("/activities")]
async fn list_activities(actor: Actor, auth: web::Data<Auth>, params: Params) -> Result<HttpResponse> {
    actor.require(Permission::CustomersRead)?;
    let customer = params
        .id("customer")?
        .ok_or_else(|| Error::bad_request("`customer` says whose activities; give a customer's id."))?;
    let status = match params.one("status") {
        None => None,
        Some(status) => Some(
            ActivityStatus::parse(status)
                .ok_or_else(|| Error::bad_request("`status` is `pending` or `done`."))?,
        ),
    };
    let part = Part::read(&params)?;
    let (seq, activities) = service::list(auth.db(), actor.tenant, customer, status, &part).await?;
    Ok(http::shown(seq, &activities))
}

/// Marks an activity as done, or pending again. Needs `customers.write`.
#[utoipa::path(
    tag = "customers",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = ActivityPatch,
    responses((status = 200, description = "The activity after it", body = Activity), OfReads, OfWrites),
)]
#[patch("/activities/{id}")]
async fn edit_activity(
    actor: Actor,
    auth: web::Data<Auth>,
    id: PathId,
    idempotency: Idempotency,
    body: Body<Object<ActivityPatch>>,
) -> Result<HttpResponse> {
    actor.require(Permission::CustomersWrite)?;
    http::detached(async move {
        let mut write = auth.log.begin(actor.tenant, actor.label()).await?;
        if let Some(answer) = idempotency.replay(&write, &actor, &body.hash).await? {
            return Ok(answer);
        }
        let activity = service::edit(&mut write, id.0, &body.value.0).await?;
        idempotency.finish(write, &actor, StatusCode::OK, &activity).await
    })
    .await
}
