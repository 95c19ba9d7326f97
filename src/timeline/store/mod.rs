//! Every statement on `activity` of the read and edit side, and the viewer's reads of what lies around a customer.

mod activities;
mod around;

pub use activities::load_activities;
pub(super) use activities::{list, lock, set_status, total};
pub(super) use around::{cards, conversations, platform_events, touches};
