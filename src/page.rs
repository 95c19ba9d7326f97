//! Pages of lists: limits, cursors, and the two shapes that lists have.
//!
//! Owns: `limit` (1 to 200, default 50), opaque cursors, page numbers. Invariant: a cursor that this code did not make
//! is a 400, never a wrong page. Absent on purpose: SQL; a feature turns a cursor's parts into its own condition.

use crate::error::{Error, Result};
use data_encoding::BASE64URL_NOPAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub const DEFAULT_LIMIT: i64 = 50;
pub const MAX_LIMIT: i64 = 200;
/// Deepest page of a table; beyond it one narrows the filter.
pub const MAX_PAGE: i64 = 10_000;

/// A list read by cursor.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct List<T> {
    pub items: Vec<T>,
    /// Null at the end.
    pub next_cursor: Option<String>,
}

/// A table read by page number.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Table<T> {
    pub items: Vec<T>,
    pub page: i64,
    pub total: i64,
}

/// `limit` as asked, checked.
pub fn limit(asked: Option<i64>) -> Result<i64> {
    match asked {
        None => Ok(DEFAULT_LIMIT),
        Some(limit @ 1..=MAX_LIMIT) => Ok(limit),
        Some(_) => Err(Error::bad_request(format!("`limit` is a number from 1 to {MAX_LIMIT}."))),
    }
}

/// `page` as asked, checked.
pub fn page(asked: i64) -> Result<i64> {
    if (1..=MAX_PAGE).contains(&asked) {
        Ok(asked)
    } else {
        Err(Error::bad_request(format!("`page` is a number from 1 to {MAX_PAGE}.")))
    }
}

/// An opaque cursor of the given parts.
pub fn encode<T: Serialize>(parts: &T) -> Result<String> {
    Ok(BASE64URL_NOPAD.encode(&serde_json::to_vec(parts)?))
}

/// The parts of a cursor.
pub fn decode<T: DeserializeOwned>(cursor: &str) -> Result<T> {
    BASE64URL_NOPAD
        .decode(cursor.as_bytes())
        .ok()
        .and_then(|json| serde_json::from_slice(&json).ok())
        .ok_or_else(foreign_cursor)
}

/// For cursors whose parts are of the right types and still none of ours.
pub fn foreign_cursor() -> Error {
    Error::bad_request("`cursor` is not one that a list of this kind gave out.")
}

/// Cuts a result that was read with one row more than `limit`, and makes the cursor of the last row kept.
pub fn list<T, C: Serialize>(mut rows: Vec<T>, limit: i64, cursor_of: impl Fn(&T) -> C) -> Result<List<T>> {
    let keep = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > keep;
    rows.truncate(keep);
    let next_cursor = match rows.last() {
        Some(last) if more => Some(encode(&cursor_of(last))?),
        _ => None,
    };
    Ok(List { items: rows, next_cursor })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_at_and_beyond() {
        assert_eq!(limit(None).ok(), Some(50));
        assert_eq!((limit(Some(1)).ok(), limit(Some(200)).ok()), (Some(1), Some(200)));
        assert!(limit(Some(0)).is_err() && limit(Some(201)).is_err() && limit(Some(-1)).is_err());
        assert!(page(0).is_err() && page(MAX_PAGE).is_ok() && page(MAX_PAGE + 1).is_err());
    }

    #[test]
    fn cursors_round_trip_and_refuse_forgeries() {
        let cursor = encode(&(7, "x")).unwrap_or_default();
        assert_eq!(decode::<(i64, String)>(&cursor).ok(), Some((7, "x".to_owned())));
        assert!(decode::<(i64, String)>("!!").is_err());
        assert!(decode::<(i64, String)>(&encode(&"other").unwrap_or_default()).is_err());
    }

    #[test]
    fn a_list_ends_with_null() {
        let page = list(vec![1, 2, 3], 2, |n| *n).unwrap_or(List { items: vec![], next_cursor: None });
        assert_eq!(page.items, [1, 2]);
        assert_eq!(page.next_cursor.and_then(|c| decode::<i64>(&c).ok()), Some(2));
        assert!(list(vec![1, 2], 2, |n| *n).is_ok_and(|page| page.next_cursor.is_none()));
    }
}
