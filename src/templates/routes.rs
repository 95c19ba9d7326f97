//! `/channels/{id}/templates`.

use super::jobs::sync;
use super::model::Template;
use super::service;
use crate::auth::{Actor, Allowed, Auth, Idempotency, Permission};
use crate::customers::listing::Part;
use crate::customers::refusals::{OfReads, OfWrites};
use crate::customers::text;
use crate::error::Result;
use crate::http::{self, Params, PathId};
use crate::jobs;
use crate::page::List;
use actix_web::{HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_templates).service(sync_templates);
}

/// The templates of a WhatsApp number, by name and language, without those that are gone. A list that is still empty is
/// asked for at the platform. Needs `inbox.read`.
#[utoipa::path(
    tag = "inbox",
    security(("session" = []), ("bearer" = [])),
    params(
        ("id" = Uuid, Path),
        ("q" = Option<String>, Query, description = "Words of the name or the body"),
        ("limit" = Option<i64>, Query, description = "1 to 200, default 50", minimum = 1, maximum = 200),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, description = "The templates", body = List<Template>), OfReads),
)]
#[get("/channels/{id}/templates")]
async fn list_templates(
    actor: Actor,
    auth: web::Data<Auth>,
    id: PathId,
    params: Params,
) -> Result<HttpResponse> {
    actor.require(Permission::InboxRead)?;
    let part = Part::read(&params)?.cursor_only()?;
    let pattern = params.one("q").map(text::search_pattern).transpose()?.flatten();
    let shown = service::list(auth.db(), actor.tenant, id.0, pattern.as_deref(), &part).await?;
    if let Some(waba_id) = shown.unknown {
        http::detached(async move {
            let write = auth.log.begin(actor.tenant, actor.label()).await?;
            jobs::ask(&write, &sync(&waba_id)).await?;
            write.commit().await
        })
        .await?;
    }
    Ok(http::shown(shown.seq, &shown.templates))
}

/// Asks the platform for the templates of a WhatsApp number anew; they are there within seconds. Needs `channels.manage`.
#[utoipa::path(
    tag = "channels",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204, description = "Asked for"), OfReads, OfWrites),
)]
#[post("/channels/{id}/templates/sync")]
async fn sync_templates(
    allowed: Allowed<{ Permission::ChannelsManage as u8 }>,
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
        service::ask(&write, id.0).await?;
        idempotency.finish_empty(write, &actor).await
    })
    .await
}
