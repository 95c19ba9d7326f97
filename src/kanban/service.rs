//! Reading boards, and moving and editing cards.

use super::edit::{CardPatch, Target};
use super::events;
use super::model::{self, Board, BoardSummary, Card, Column, Place};
use super::store::{self, Around, Locked};
use crate::customers::listing::{self, Part};
use crate::customers::{self, patch};
use crate::db::{Db, Tenant, Tx};
use crate::error::{Error, Result};
use crate::log::Write;
use crate::page::{self, List};
use std::collections::HashMap;
use uuid::Uuid;

/// Boards with their columns, the default one first.
pub(super) async fn boards(db: &Db, tenant: Tenant, part: &Part) -> Result<(i64, List<BoardSummary>)> {
    let tx = db.read(tenant).await?;
    let after = part.cursor(|_: &Uuid| true)?;
    let mut ids = store::board_ids(&tx).await?;
    if let Some(after) = after {
        // There are few boards: a cursor is the last one shown.
        let place = ids.iter().position(|id| *id == after).map_or(ids.len(), |place| place + 1);
        ids.drain(..place);
    }
    let ids = page::list(ids, part.limit, |id| *id)?;
    let items = store::boards(&tx, &ids.items).await?;
    Ok((tx.seq(), List { items, next_cursor: ids.next_cursor }))
}

/// One board with the first cards of each column.
pub(super) async fn board(db: &Db, tenant: Tenant, id: Uuid, part: &Part) -> Result<(i64, Board)> {
    let tx = db.read(tenant).await?;
    let ids = [id];
    let (boards, mut places) =
        futures_util::try_join!(store::boards(&tx, &ids), store::first_cards(&tx, id, part.limit + 1))?;
    let board = boards.into_iter().next().ok_or(Error::NotFound)?;
    let mut lists = Vec::with_capacity(board.columns.len());
    for column in &board.columns {
        lists.push(page::list(places.remove(&column.id).unwrap_or_default(), part.limit, Place::clone)?);
    }
    let ids: Vec<Uuid> = lists.iter().flat_map(|list| &list.items).map(|place| place.id).collect();
    let mut cards = store::load_cards(&tx, &ids).await?;
    let columns = board.columns.into_iter().zip(lists).map(|(summary, list)| Column {
        summary,
        cards: take(&mut cards, &list.items),
        next_cursor: list.next_cursor,
    });
    let columns = columns.collect();
    Ok((tx.seq(), Board { id: board.id, name: board.name, is_default: board.is_default, columns }))
}

/// Cards of a column, by rank.
pub(super) async fn cards(
    db: &Db,
    tenant: Tenant,
    (board, column): (Uuid, Uuid),
    part: &Part,
) -> Result<(i64, List<Card>)> {
    let tx = db.read(tenant).await?;
    if store::board_of(&tx, column).await? != Some(board) {
        return Err(Error::NotFound);
    }
    let after = part.cursor(|place: &Place| listing::is_text(&place.rank))?;
    let places = store::cards_after(&tx, column, after.as_ref(), part.limit + 1).await?;
    let places = page::list(places, part.limit, Place::clone)?;
    let ids: Vec<Uuid> = places.items.iter().map(|place| place.id).collect();
    let mut cards = store::load_cards(&tx, &ids).await?;
    Ok((tx.seq(), List { items: take(&mut cards, &places.items), next_cursor: places.next_cursor }))
}

pub(super) async fn card(db: &Db, tenant: Tenant, id: Uuid) -> Result<(i64, Card)> {
    let tx = db.read(tenant).await?;
    Ok((tx.seq(), one(&tx, id).await?))
}

/// Moves and edits a card. Writes nothing when it changes nothing.
pub(super) async fn edit(write: &mut Write, id: Uuid, edit: &CardPatch) -> Result<Card> {
    if !store::card_exists(write, id).await? {
        return Err(Error::NotFound);
    }
    let target = edit.target()?;
    let board = match &target {
        Some(target) => Some(store::lock_column(write, target.column).await?.ok_or_else(unknown_column)?),
        None => None,
    };
    let locked = store::lock(write, id).await?.ok_or(Error::NotFound)?;
    if patch::is_stale(edit.version, locked.version) {
        return Err(patch::conflict(&one(write, id).await?)?);
    }
    if board.is_some_and(|board| board != locked.board_id) {
        return Err(unknown_column());
    }
    let new = locked.editable.with(edit)?;
    let moved = match &target {
        Some(target) => new_rank(write, id, &locked, target).await?.map(|rank| (target.column, rank)),
        None => None,
    };
    if new == locked.editable && moved.is_none() {
        return one(write, id).await;
    }
    if new.assignee_id != locked.editable.assignee_id {
        customers::check_assignee(write, new.assignee_id).await?;
    }
    let (column, rank) =
        moved.as_ref().map_or((locked.column_id, &locked.rank), |(column, rank)| (*column, rank));
    store::update(write, id, (column, rank), &new).await?;
    let card = one(write, id).await?;
    if moved.is_some() {
        events::moved(write, &card, locked.column_id)?;
    } else {
        events::updated(write, &card)?;
    }
    Ok(card)
}

/// The rank of the spot; `None` when the card stands there already.
async fn new_rank(tx: &Tx, id: Uuid, locked: &Locked, target: &Target) -> Result<Option<String>> {
    let Some(Around { lower, upper }) = store::around(tx, target.column, target.spot, id).await? else {
        let (field, detail) = match target.spot {
            super::edit::Spot::After(_) => ("after_card_id", "The column has no such card to go after."),
            _ => ("before_card_id", "The column has no such card to go before."),
        };
        return Err(Error::invalid(field, "unknown", detail));
    };
    let stands = (locked.column_id == target.column).then_some(locked.rank.as_str());
    model::rank_at(stands, lower.as_deref(), upper.as_deref())
}

fn unknown_column() -> Error {
    Error::invalid("column_id", "unknown", "The card's board has no such column.")
}

async fn one(tx: &Tx, id: Uuid) -> Result<Card> {
    store::load_cards(tx, &[id]).await?.remove(&id).ok_or(Error::NotFound)
}

fn take(cards: &mut HashMap<Uuid, Card>, places: &[Place]) -> Vec<Card> {
    places.iter().filter_map(|place| cards.remove(&place.id)).collect()
}
