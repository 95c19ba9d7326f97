//! What a list was asked for, as every feature reads it.
//!
//! Owns: `limit` with `cursor` or `page`, `order`, and the answer that fits. Absent on purpose: what a cursor holds and
//! which columns sort; those are each list's own.

use crate::error::{Error, Result};
use crate::http::Params;
use crate::page::{self, List, Table};
use chrono::{DateTime, Datelike, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

/// Which part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub limit: i64,
    pub from: From,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    Start,
    Cursor(String),
    /// From 1.
    Page(i64),
}

/// A list as it was asked for: by cursor or by page.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Listed<T> {
    List(List<T>),
    Table(Table<T>),
}

impl Part {
    pub fn read(params: &Params) -> Result<Self> {
        let limit = page::limit(params.number("limit")?)?;
        let cursor = match params.all("cursor").as_slice() {
            [] => None,
            [cursor] => Some((*cursor).to_owned()),
            _ => return Err(Error::bad_request("`cursor` is given more than once.")),
        };
        let from = match (cursor, params.number("page")?) {
            (Some(_), Some(_)) => return Err(Error::bad_request("Give `cursor` or `page`, not both.")),
            (Some(cursor), None) => From::Cursor(cursor),
            (None, Some(page)) => From::Page(page::page(page)?),
            (None, None) => From::Start,
        };
        Ok(Self { limit, from })
    }

    /// For lists that have no page numbers.
    pub fn cursor_only(self) -> Result<Self> {
        match self.from {
            From::Page(_) => Err(Error::bad_request("This list is read by `cursor`.")),
            _ => Ok(self),
        }
    }

    /// The parts of the cursor, if one was given; `fits` tells whether this list could have made it.
    pub fn cursor<T: DeserializeOwned>(&self, fits: impl Fn(&T) -> bool) -> Result<Option<T>> {
        let From::Cursor(cursor) = &self.from else { return Ok(None) };
        let parts: T = page::decode(cursor)?;
        if fits(&parts) {
            Ok(Some(parts))
        } else {
            Err(Error::bad_request("`cursor` is not one that a list of this kind gave out."))
        }
    }
}

/// Whether a forged cursor's time could be one of ours; PostgreSQL knows fewer years than chrono.
pub fn is_time(at: DateTime<Utc>) -> bool {
    (0..=9999).contains(&at.year())
}

/// Whether a forged cursor's text could be one of ours.
pub fn is_text(text: &str) -> bool {
    !text.contains('\0')
}

/// How many rows come before a page.
pub fn offset(page: i64, limit: i64) -> i64 {
    page.saturating_sub(1).saturating_mul(limit)
}

/// `order=asc|desc`: whether it is descending; `None` when not given.
pub fn descending(params: &Params) -> Result<Option<bool>> {
    match params.one("order") {
        None => Ok(None),
        Some("asc") => Ok(Some(false)),
        Some("desc") => Ok(Some(true)),
        Some(_) => Err(Error::bad_request("`order` is `asc` or `desc`.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Option<Part> {
        Params::parse(query).and_then(|params| Part::read(&params)).ok()
    }

    #[test]
    fn cursor_or_page() {
        assert_eq!(read(""), Some(Part { limit: 50, from: From::Start }));
        assert_eq!(read("limit=1&page=2"), Some(Part { limit: 1, from: From::Page(2) }));
        assert_eq!(read("cursor=x").map(|part| part.from), Some(From::Cursor("x".to_owned())));
        for bad in
            ["limit=0", "limit=201", "limit=x", "page=0", "page=1000000000", "cursor=x&page=1", "limit=1e3"]
        {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert_eq!((offset(1, 50), offset(3, 50)), (0, 100));
    }
}
