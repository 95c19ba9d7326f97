//! Routes of channels and webhook deliveries.

use super::masking;
use super::model::{Channel, ChannelEvent, DeliveryRecord, DeliveryView};
use super::service::{self, ChannelChange};
use super::store;
use crate::auth::{Actor, Allowed, Idempotency, Permission};
use crate::db::Db;
use crate::error::{Error, Problem, Result};
use crate::http::{self, Body, Params, PathId};
use crate::log::Log;
use crate::page::{self, List};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, patch, post, web};
use chrono::{DateTime, Datelike, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// States that a list of deliveries can be filtered by.
const STATES: &[&str] = &["received", "done", "failed", "unrouted"];
/// Deliveries of one call to replay many.
const MAX_REPLAY: usize = 1000;
const MANAGE: u8 = Permission::ChannelsManage as u8;
const DELIVERIES: u8 = Permission::DeliveriesManage as u8;

/// Below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_channels)
        .service(change_channel)
        .service(list_events)
        .service(list_deliveries)
        .service(replay_many)
        .service(show_delivery)
        .service(replay_one);
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChannelPatch {
    name: Option<String>,
    /// True: an administrator says that the account is theirs.
    confirmed: Option<bool>,
    version: Option<i32>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReplayMany {
    /// These deliveries.
    #[serde(default)]
    ids: Vec<Uuid>,
    /// All of this state: `failed` or `unrouted`.
    state: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Replayed {
    /// How many go to work again.
    count: i64,
}

/// The business's accounts. Permission `channels.read`; `site_key` only for administrators.
#[utoipa::path(tag = "channels", security(("session" = []), ("bearer" = [])),
    responses((status = 200, body = List<Channel>), (status = 401, body = Problem),
    (status = 403, body = Problem)))]
#[get("/channels")]
async fn list_channels(actor: Actor, db: web::Data<Db>) -> Result<HttpResponse> {
    actor.require(Permission::ChannelsRead)?;
    let tx = db.read(actor.tenant).await?;
    let mut items = store::channels(&tx).await?;
    if actor.require(Permission::ChannelsManage).is_err() {
        items.iter_mut().for_each(|channel| channel.site_key = None);
    }
    Ok(http::shown(tx.seq(), &List { items, next_cursor: None }))
}

/// Names or confirms a channel. Permission `channels.manage`.
#[utoipa::path(tag = "channels", security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path)), request_body = ChannelPatch,
    responses((status = 200, body = Channel), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[patch("/channels/{id}")]
async fn change_channel(
    allowed: Allowed<MANAGE>,
    id: PathId,
    idempotency: Idempotency,
    body: Body<ChannelPatch>,
    log: web::Data<Log>,
) -> Result<HttpResponse> {
    let actor = allowed.actor;
    http::detached(async move {
        let write = log.begin(actor.tenant, actor.label()).await?;
        if let Some(answer) = idempotency.replay(&write, &actor, &body.hash).await? {
            return Ok(answer);
        }
        let ChannelPatch { name, confirmed, version } = body.value;
        let channel = service::change(&write, id.0, ChannelChange { name, confirmed, version }).await?;
        idempotency.finish(write, &actor, StatusCode::OK, &channel).await
    })
    .await
}

/// What the platform told of the channel that is no message, newest first. Permission `channels.read`.
#[utoipa::path(tag = "channels", security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path), ("kind" = Option<String>, Query),
    ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<ChannelEvent>), (status = 400, body = Problem),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
#[get("/channels/{id}/events")]
async fn list_events(actor: Actor, id: PathId, params: Params, db: web::Data<Db>) -> Result<HttpResponse> {
    actor.require(Permission::ChannelsRead)?;
    let limit = page::limit(params.number("limit")?)?;
    let after: Option<(DateTime<Utc>, Uuid)> = params.one("cursor").map(page::decode).transpose()?;
    if after.is_some_and(|(at, _)| !(0..=9999).contains(&at.year())) {
        return Err(page::foreign_cursor());
    }
    if params.one("kind").is_some_and(|kind| kind.contains('\0')) {
        return Err(Error::bad_request("`kind` can't hold U+0000."));
    }
    let tx = db.read(actor.tenant).await?;
    if !store::channels(&tx).await?.iter().any(|channel| channel.id == id.0) {
        return Err(Error::NotFound);
    }
    let events = store::events(&tx, id.0, params.one("kind"), after, limit + 1).await?;
    Ok(http::shown(tx.seq(), &page::list(events, limit, |event| (event.at, event.id))?))
}

/// Webhooks as they were received, newest first. Permission `deliveries.manage`.
#[utoipa::path(tag = "webhook deliveries", security(("session" = []), ("bearer" = [])),
    params(("state" = Option<String>, Query),
    ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<DeliveryRecord>), (status = 400, body = Problem),
    (status = 401, body = Problem), (status = 403, body = Problem)))]
#[get("/webhook-deliveries")]
async fn list_deliveries(
    allowed: Allowed<DELIVERIES>,
    params: Params,
    db: web::Data<Db>,
) -> Result<HttpResponse> {
    let actor = allowed.actor;
    let limit = page::limit(params.number("limit")?)?;
    let states = [params.all("state"), params.all("filter_state")].concat();
    if states.iter().any(|state| !STATES.contains(state)) {
        return Err(Error::bad_request("`state` is received, done, failed or unrouted."));
    }
    let before = params.one("cursor").map(page::decode).transpose()?;
    let tx = db.read(actor.tenant).await?;
    let deliveries = store::deliveries(&tx, &states, before, limit + 1).await?;
    Ok(http::shown(tx.seq(), &page::list(deliveries, limit, |delivery| delivery.id)?))
}

/// One webhook with its body, personal data masked. Permission `deliveries.manage`.
#[utoipa::path(tag = "webhook deliveries", security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path)),
    responses((status = 200, body = DeliveryView), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem)))]
#[get("/webhook-deliveries/{id}")]
async fn show_delivery(allowed: Allowed<DELIVERIES>, id: PathId, db: web::Data<Db>) -> Result<HttpResponse> {
    let actor = allowed.actor;
    let tx = db.read(actor.tenant).await?;
    let (record, body) = store::delivery(&tx, id.0).await?.ok_or(Error::NotFound)?;
    Ok(http::shown(tx.seq(), &DeliveryView { record, body: masking::masked(&body) }))
}

/// Sends one webhook through ingest again; what it did already, it does not do twice. Permission
/// `deliveries.manage`.
#[utoipa::path(tag = "webhook deliveries", security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path)),
    responses((status = 202), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem)))]
#[post("/webhook-deliveries/{id}/replay")]
async fn replay_one(allowed: Allowed<DELIVERIES>, id: PathId, log: web::Data<Log>) -> Result<HttpResponse> {
    let actor = allowed.actor;
    http::detached(async move {
        let write = log.begin(actor.tenant, actor.label()).await?;
        store::delivery(&write, id.0).await?.ok_or(Error::NotFound)?;
        store::replay(&write, &[id.0], None).await?;
        write.commit().await?;
        Ok(HttpResponse::Accepted().finish())
    })
    .await
}

/// Sends many webhooks through ingest again. Permission `deliveries.manage`.
#[utoipa::path(tag = "webhook deliveries", security(("session" = []), ("bearer" = [])),
    request_body = ReplayMany,
    responses((status = 202, body = Replayed), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 422, body = Problem)))]
#[post("/webhook-deliveries/replay")]
async fn replay_many(
    allowed: Allowed<DELIVERIES>,
    key: Idempotency,
    body: Body<ReplayMany>,
    log: web::Data<Log>,
) -> Result<HttpResponse> {
    let actor = allowed.actor;
    let ReplayMany { ids, state } = body.value;
    if ids.len() > MAX_REPLAY {
        return Err(Error::invalid("ids", "too_many", format!("At most {MAX_REPLAY} ids in one call.")));
    }
    if state.as_deref().is_some_and(|state| !matches!(state, "failed" | "unrouted")) {
        return Err(Error::invalid("state", "unknown", "`state` is failed or unrouted."));
    }
    http::detached(async move {
        let write = log.begin(actor.tenant, actor.label()).await?;
        if let Some(answer) = key.replay(&write, &actor, &body.hash).await? {
            return Ok(answer);
        }
        let count = store::replay(&write, &ids, state.as_deref()).await?;
        key.finish(write, &actor, StatusCode::ACCEPTED, &Replayed { count }).await
    })
    .await
}
