//! What the pieces do together, without a database: a model of tail, cursors and resuming; schedules of the parts that
//! tasks share.

mod resuming;
mod schedules;

use super::encoded::Encoded;
use super::room::Room;
use chrono::DateTime;
use std::sync::Arc;
use uuid::Uuid;

/// Rooms by a small number.
fn room(number: usize) -> Room {
    Room::Board(Uuid::from_u128(number as u128))
}

/// An entry of a log for some rooms.
pub(super) fn event(seq: i64, rooms: &[usize]) -> Arc<Encoded> {
    let rooms: Vec<String> = rooms.iter().map(|number| room(*number).to_string()).collect();
    Arc::new(Encoded::of(seq, DateTime::UNIX_EPOCH, "n", &rooms, "{}"))
}
