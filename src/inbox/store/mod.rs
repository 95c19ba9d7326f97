//! Every statement on `conversation`, `message` and `attachment` of the read and edit side.

mod shapes;

pub use shapes::{load_conversations, load_messages};
