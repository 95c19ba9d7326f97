//! Edits, as bodies say them.
//!
//! Owns: telling absent from null, dates, and the answer to a stale version. Absent on purpose: what may be edited.

use crate::error::{Error, Result};
use chrono::{DateTime, Datelike, SubsecRound, Utc};
use serde::{Deserialize, Deserializer, Serialize};

/// For `#[serde(default, deserialize_with = …)]`: absent is `None`; what is there must fit `T`, so that null is only
/// accepted where `T` is an option.
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    value: D,
) -> std::result::Result<Option<T>, D::Error> {
    T::deserialize(value).map(Some)
}

/// Whether an edit was made of an older version than the record's.
pub fn is_stale(given: Option<i32>, current: i32) -> bool {
    given.is_some_and(|given| given != current)
}

/// 409 with the record as it is now.
pub fn conflict<T: Serialize>(current: &T) -> Result<Error> {
    Ok(Error::VersionConflict { current: serde_json::to_value(current)? })
}

/// Puts a new value into its place; tells whether it differs.
pub fn set<T: PartialEq>(place: &mut T, new: T) -> bool {
    let differs = *place != new;
    *place = new;
    differs
}

/// A date as it is kept: in PostgreSQL's precision, within the years that people plan in.
pub fn date(field: &str, at: DateTime<Utc>) -> Result<DateTime<Utc>> {
    if (1970..=9999).contains(&at.year()) {
        Ok(at.trunc_subsecs(6))
    } else {
        Err(Error::invalid(field, "invalid", format!("`{field}` is a time between the years 1970 and 9999.")))
    }
}
