//! The pipeline: boards, their columns and the cards on them.
//!
//! Owns: `board`, `board_column` and `card`, their shapes, and moving and editing cards.
//!
//! Invariants:
//! - REST and events give a card in one shape ([`Card`]).
//! - Cards of a column stand in byte order of `rank`, a fractional index; a move writes one row.
//! - A card and its column are of the same board.
//!
//! Reads `customer` and `app_user` for names in its shapes. Absent on purpose: making cards (`ingest`), and moving one to
//! another board.

mod edit;
pub mod events;
mod model;
pub mod routes;
mod service;
mod store;

#[cfg(test)]
mod tests;

pub use edit::CardPatch;
pub use model::{Board, BoardSummary, Card, Column, ColumnKind, ColumnSummary, Money};
pub use store::load_cards;
