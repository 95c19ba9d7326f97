//! Every statement on `board`, `board_column` and `card` of the read and edit side.

mod cards;

pub use cards::load_cards;
