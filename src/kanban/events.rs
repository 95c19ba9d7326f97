//! What leaves for browsers about cards, and the rooms it goes to.

use super::model::Card;
use crate::error::Result;
use crate::log::Write;
use serde::Serialize;
use uuid::Uuid;

#[derive(Serialize)]
struct Changed<'a> {
    card: &'a Card,
    /// Where a moved card was; null for the others.
    from_column_id: Option<Uuid>,
}

#[derive(Serialize)]
struct Deleted {
    id: Uuid,
}

pub fn created(write: &mut Write, card: &Card) -> Result<()> {
    write.emit("card.created", &rooms(card), &Changed { card, from_column_id: None })
}

pub fn updated(write: &mut Write, card: &Card) -> Result<()> {
    write.emit("card.updated", &rooms(card), &Changed { card, from_column_id: None })
}

/// `from_column_id` is the card's own column when only its place in it changed.
pub fn moved(write: &mut Write, card: &Card, from_column_id: Uuid) -> Result<()> {
    write.emit("card.moved", &rooms(card), &Changed { card, from_column_id: Some(from_column_id) })
}

/// `card` as it was.
pub fn deleted(write: &mut Write, card: &Card) -> Result<()> {
    write.emit("card.deleted", &rooms(card), &Deleted { id: card.id })
}

fn rooms(card: &Card) -> Vec<String> {
    vec![format!("board:{}", card.board_id), format!("customer:{}", card.customer.id)]
}
