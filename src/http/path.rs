//! Ids in paths.
//!
//! Owns: the rule that a path with an id that is none names nothing: 404, as for an id that nobody has.

use crate::error::{Error, Result};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use std::future::{Ready, ready};
use uuid::Uuid;

/// The id of a path with one parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathId(pub Uuid);

/// The ids of a path with two, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathIds(pub Uuid, pub Uuid);

impl FromRequest for PathId {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(nth(request, 0).map(Self))
    }
}

impl FromRequest for PathIds {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(nth(request, 0).and_then(|first| Ok(Self(first, nth(request, 1)?))))
    }
}

fn nth(request: &HttpRequest, place: usize) -> Result<Uuid> {
    let text = request.match_info().iter().nth(place).map(|(_, text)| text).unwrap_or_default();
    parse(text).ok_or(Error::NotFound)
}

/// The hyphenated form only: one id, one address.
fn parse(text: &str) -> Option<Uuid> {
    if text.len() == 36 { Uuid::try_parse(text).ok() } else { None }
}

#[cfg(test)]
mod tests {
    #[test]
    fn one_form() {
        assert!(super::parse("0193e6f2-0000-7000-8000-000000000001").is_some());
        assert!(super::parse("0193e6f20000700080000000000000001").is_none());
        assert!(super::parse("../../etc/passwd").is_none() && super::parse("").is_none());
    }
}
