//! Every statement on `conversation`, `message` and `attachment` of the read and edit side.

mod edit;
mod list;
mod shapes;

pub use edit::lock_conversation_of;
pub(super) use edit::{Locked, channel_of, lock, place_of, resolve, set_read, unread_after, update};
pub(super) use list::{conversations, conversations_table, conversations_total, counts, messages};
pub use shapes::{load_both, load_conversations, load_messages};
