//! `/boards` and `/cards`: read, move, edit.

use super::edit::CardPatch;
use super::model::{Board, BoardSummary, Card};
use super::service;
use crate::auth::{Actor, Auth, Idempotency, Permission};
use crate::customers::listing::Part;
use crate::customers::patch::Object;
use crate::customers::refusals::{OfReads, OfWrites};
use crate::error::Result;
use crate::http::{self, Body, Params, PathId, PathIds};
use crate::page::List;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, patch, web};
use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_boards).service(show_board).service(list_cards).service(show_card).service(edit_card);
}

/// Boards with their columns, without cards; the default one first. Needs `kanban.read`.
#[utoipa::path(
    tag = "kanban",
    security(("session" = []), ("bearer" = [])),
    params(
        ("limit" = Option<i64>, Query, description = "1 to 200, default 50", minimum = 1, maximum = 200),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, description = "The boards", body = List<BoardSummary>), OfReads),
)]
#[get("/boards")]
async fn list_boards(actor: Actor, auth: web::Data<Auth>, params: Params) -> Result<HttpResponse> {
    actor.require(Permission::KanbanRead)?;
    let part = Part::read(&params)?.cursor_only()?;
    let (seq, boards) = service::boards(auth.db(), actor.tenant, &part).await?;
    Ok(http::shown(seq, &boards))
}

/// One board with the first cards of each column, by rank. Needs `kanban.read`.
#[utoipa::path(
    tag = "kanban",
    security(("session" = []), ("bearer" = [])),
    params(
        ("id" = Uuid, Path),
        ("limit" = Option<i64>, Query, description = "Cards of a column: 1 to 200, default 50", minimum = 1, maximum = 200),
    ),
    responses((status = 200, description = "The board", body = Board), OfReads),
)]
#[get("/boards/{id}")]
async fn show_board(actor: Actor, auth: web::Data<Auth>, id: PathId, params: Params) -> Result<HttpResponse> {
    actor.require(Permission::KanbanRead)?;
    let part = Part::read(&params)?;
    let (seq, board) = service::board(auth.db(), actor.tenant, id.0, &part).await?;
    Ok(http::shown(seq, &board))
}

/// Cards of a column, by rank: the pages after the board's own. Needs `kanban.read`.
#[utoipa::path(
    tag = "kanban",
    security(("session" = []), ("bearer" = [])),
    params(
        ("id" = Uuid, Path),
        ("column_id" = Uuid, Path),
        ("limit" = Option<i64>, Query, description = "1 to 200, default 50", minimum = 1, maximum = 200),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, description = "The cards", body = List<Card>), OfReads),
)]
#[get("/boards/{id}/columns/{column_id}/cards")]
async fn list_cards(
    actor: Actor,
    auth: web::Data<Auth>,
    ids: PathIds,
    params: Params,
) -> Result<HttpResponse> {
    actor.require(Permission::KanbanRead)?;
    let part = Part::read(&params)?.cursor_only()?;
    let (seq, cards) = service::cards(auth.db(), actor.tenant, (ids.0, ids.1), &part).await?;
    Ok(http::shown(seq, &cards))
}

/// One card. Needs `kanban.read`.
#[utoipa::path(
    tag = "kanban",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The card", body = Card), OfReads),
)]
#[get("/cards/{id}")]
async fn show_card(actor: Actor, auth: web::Data<Auth>, id: PathId) -> Result<HttpResponse> {
    actor.require(Permission::KanbanRead)?;
    let (seq, card) = service::card(auth.db(), actor.tenant, id.0).await?;
    Ok(http::shown(seq, &card))
}

/// Moves or edits a card. Needs `kanban.write`.
#[utoipa::path(
    tag = "kanban",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = CardPatch,
    responses((status = 200, description = "The card after it", body = Card), OfReads, OfWrites),
)]
#[patch("/cards/{id}")]
async fn edit_card(
    actor: Actor,
    auth: web::Data<Auth>,
    id: PathId,
    idempotency: Idempotency,
    body: Body<Object<CardPatch>>,
) -> Result<HttpResponse> {
    actor.require(Permission::KanbanWrite)?;
    http::detached(async move {
        let mut write = auth.log.begin(actor.tenant, actor.label()).await?;
        if let Some(answer) = idempotency.replay(&write, &actor, &body.hash).await? {
            return Ok(answer);
        }
        let card = service::edit(&mut write, id.0, &body.value.0).await?;
        idempotency.finish(write, &actor, StatusCode::OK, &card).await
    })
    .await
}
