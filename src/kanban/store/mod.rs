//! Every statement on `board`, `board_column` and `card` of the read and edit side.

mod boards;
mod cards;
mod edit;

pub(super) use boards::{board_ids, board_of, boards, cards_after, first_cards};
pub use cards::load_cards;
pub(super) use edit::{Around, Locked, around, card_exists, lock, lock_column, update};
