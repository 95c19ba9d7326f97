//! The cursors of the inbox's lists: the list's own mark, and a row's place in it.

use super::model::Place;
use crate::customers::listing::{self, Part};
use crate::error::Result;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Conversations by their latest activity, either way, and messages of a conversation.
pub(super) const NEWEST: &str = "conversations:desc";
pub(super) const OLDEST: &str = "conversations:asc";
pub(super) const MESSAGES: &str = "messages";

type Parts = (String, DateTime<Utc>, Uuid);

pub(super) fn parts(list: &'static str, place: Place) -> (&'static str, DateTime<Utc>, Uuid) {
    (list, place.at, place.id)
}

/// The place that the cursor names, if one was given; 400 for a cursor of another list.
pub(super) fn read(part: &Part, list: &'static str) -> Result<Option<Place>> {
    let parts = part.cursor(|(of, at, _): &Parts| of == list && listing::is_time(*at))?;
    Ok(parts.map(|(_, at, id)| Place { at, id }))
}
