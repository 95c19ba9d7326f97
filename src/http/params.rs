//! The query of a request, as pairs.
//!
//! Owns: reading repeated and prefixed parameters, and the refusal of tokens in addresses (they end in logs).
//! Absent on purpose: what a parameter means, and the one-time `ticket` of sockets, which is not a token.

use crate::error::{Error, Result};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use std::collections::BTreeMap;
use std::future::{Ready, ready};
use url::form_urlencoded;
use uuid::Uuid;

/// More parameters than any screen sends.
const MAX_PARAMS: usize = 200;
/// Names under which people put secrets into addresses.
const TOKENS: [&str; 2] = ["token", "access_token"];

/// The query's pairs, decoded, in order.
#[derive(Debug, Clone, Default)]
pub struct Params {
    pairs: Vec<(String, String)>,
}

impl Params {
    /// Of a query string; 400 on a token or on too many of them.
    pub fn parse(query: &str) -> Result<Self> {
        let pairs: Vec<(String, String)> =
            form_urlencoded::parse(query.as_bytes()).into_owned().take(MAX_PARAMS + 1).collect();
        if pairs.len() > MAX_PARAMS {
            return Err(Error::bad_request(format!("At most {MAX_PARAMS} parameters.")));
        }
        if pairs.iter().any(|(name, _)| TOKENS.contains(&name.to_ascii_lowercase().as_str())) {
            return Err(Error::bad_request(
                "A token does not belong into an address; send it as `Authorization: Bearer`.",
            ));
        }
        Ok(Self { pairs })
    }

    /// The first value of that name. An empty one counts: `q=` is there.
    pub fn one(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Every value of that name.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
    }

    pub fn number(&self, name: &str) -> Result<Option<i64>> {
        self.parsed(name, "a whole number")
    }

    /// `true` or `false`; missing is false.
    pub fn flag(&self, name: &str) -> Result<bool> {
        Ok(self.parsed(name, "`true` or `false`")?.unwrap_or(false))
    }

    pub fn id(&self, name: &str) -> Result<Option<Uuid>> {
        self.parsed(name, "an id")
    }

    /// Values by the rest of the name: `filter_status=a&filter_status=b` gives `status: [a, b]` for `filter_`.
    pub fn prefixed(&self, prefix: &str) -> BTreeMap<&str, Vec<&str>> {
        let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (key, value) in &self.pairs {
            if let Some(rest) = key.strip_prefix(prefix) {
                found.entry(rest).or_default().push(value);
            }
        }
        found
    }

    /// A parameter that may be there once.
    fn parsed<T: std::str::FromStr>(&self, name: &str, what: &str) -> Result<Option<T>> {
        match self.all(name).as_slice() {
            [] => Ok(None),
            [value] => {
                value.parse().map(Some).map_err(|_| Error::bad_request(format!("`{name}` is {what}.")))
            }
            _ => Err(Error::bad_request(format!("`{name}` is given more than once."))),
        }
    }
}

impl FromRequest for Params {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::parse(request.query_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_by_name() {
        let params = Params::parse("a=1&filter_x=p&filter_x=q%20r&a=2&u=true&q=").expect("a query");
        assert_eq!((params.one("a"), params.one("q"), params.one("z")), (Some("1"), Some(""), None));
        assert_eq!(params.all("a"), ["1", "2"]);
        assert_eq!(params.prefixed("filter_").get("x"), Some(&vec!["p", "q r"]));
        assert!(params.flag("u").is_ok_and(|flag| flag) && params.flag("z").is_ok_and(|flag| !flag));
        assert!(params.number("a").is_err(), "given twice");
        assert!(params.number("u").is_err() && params.id("u").is_err() && params.flag("q").is_err());
    }

    #[test]
    fn tokens_and_floods_are_refused() {
        for query in ["token=x", "a=1&access_token=x", "TOKEN=", "to%6ben=x"] {
            assert!(Params::parse(query).is_err(), "{query}");
        }
        assert!(Params::parse("ticket=x").is_ok());
        assert!(Params::parse(&"a=1&".repeat(200)).is_ok());
        assert!(Params::parse(&"a=1&".repeat(201)).is_err());
    }
}
