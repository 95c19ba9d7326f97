//! Edits, as bodies say them.
//!
//! Owns: telling absent from null and objects from arrays, dates, and the answer to a stale version. Absent on purpose: what may be edited.

use crate::error::{Error, Result};
use chrono::{DateTime, Datelike, SubsecRound, Utc};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::marker::PhantomData;

/// A JSON object, and nothing but one: serde's own structs also take an array of their fields' values, and every edit
/// fits an empty one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_map(Members(PhantomData)).map(Self)
    }
}

struct Members<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
    type Value = T;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> std::result::Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members))
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Thing {
        #[serde(default, deserialize_with = "present")]
        n: Option<i32>,
    }

    #[test]
    fn objects_only() {
        let read = |json| serde_json::from_str::<Object<Thing>>(json).ok().map(|thing| thing.0);
        assert_eq!(read(r#"{"n":1}"#), Some(Thing { n: Some(1) }));
        assert_eq!(read("{}"), Some(Thing { n: None }));
        for bad in ["[]", "[1]", "null", "1", r#"{"n":null}"#, r#"{"m":1}"#, r#"{"n":1,"n":2}"#] {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert!(serde_json::from_str::<Thing>("[1]").is_ok(), "why it is needed");
    }

    #[test]
    fn dates_at_and_beyond() {
        let second = |second| DateTime::from_timestamp(second, 0).expect("a time");
        assert!(date("at", second(0)).is_ok() && date("at", second(-1)).is_err());
        assert!(date("at", second(253_402_300_799)).is_ok() && date("at", second(253_402_300_800)).is_err());
    }
}
