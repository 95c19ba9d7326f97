//! What went wrong, sorted by what the caller should do. No sentence has a path, a query or a token in it.

use crate::lookup::NotPublic;
use std::error::Error;
use std::io;
use std::net::IpAddr;
use std::time::Duration;

/// Characters of a cause, which may quote what a server said of itself.
const MAX_CAUSE: usize = 200;

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Never again: the next try would be refused, too.
    #[error("not fetched: {0}")]
    Refused(#[from] Refusal),
    /// The link has ended. The platform may give a new one.
    #[error("the link leads to nothing any more (HTTP {status})")]
    Gone { status: u16 },
    /// The token is not accepted, or was needed and not there.
    #[error("the server wants another token (HTTP 401)")]
    Unauthorized,
    #[error("larger than {max_bytes} bytes")]
    TooLarge { max_bytes: u64 },
    /// Again, after this time if the server named one (at most a day).
    #[error("not fetched for now: {cause}")]
    Later { cause: Trouble, after: Option<Duration> },
    /// Ours: the sink did not take it.
    #[error("what came could not be written: {0}")]
    Sink(#[source] io::Error),
}

/// Why an address is not fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the address is no URL, or too long")]
    Malformed,
    #[error("only https is fetched")]
    Scheme,
    #[error("the address has a user or a password")]
    Credentials,
    #[error("the address names a port")]
    Port,
    #[error("the address has a number for its host")]
    Literal,
    #[error("the host {0} is not on the list")]
    Host(String),
    #[error("the host's name leads to {0}, which is not public")]
    NotPublic(IpAddr),
    #[error("redirected from outside to a trusted server")]
    Inwards,
    #[error("redirected from https to http")]
    Downgrade,
    #[error("redirected to nowhere")]
    Nowhere,
    #[error("redirected too often")]
    TooManyRedirects,
    #[error("the token can't stand in a header")]
    Token,
    #[error("packed, though nothing packed was asked for")]
    Packed,
    #[error("the server answered HTTP {0}")]
    Status(u16),
}

/// What may be better later.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    #[error("{0}")]
    Network(String),
    #[error("the server answered HTTP {0}")]
    Status(u16),
    #[error("no answer in time")]
    Silent,
    #[error("the body came too slowly")]
    Slow,
    #[error("it took too long")]
    TooLong,
}

/// Why there is no fetcher.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error("`{0}` is no host and no `*.host` below a domain")]
    Host(String),
    #[error("a trusted origin has http or https, not `{0}`")]
    Trusted(String),
    #[error("no HTTP client: {0}")]
    Client(#[source] reqwest::Error),
}

impl FetchError {
    pub(crate) fn later(cause: Trouble) -> Self {
        Self::Later { cause, after: None }
    }
}

impl From<reqwest::Error> for FetchError {
    /// The guard's refusal travels as the cause of a failed connection. Anything else is the network's, told by the
    /// innermost cause; the outer ones only say that a request failed, and at which address.
    fn from(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let mut cause: &(dyn Error + 'static) = &error;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        match cause.downcast_ref::<NotPublic>() {
            Some(NotPublic(address)) => Refusal::NotPublic(*address).into(),
            None => Self::later(Trouble::Network(cause.to_string().chars().take(MAX_CAUSE).collect())),
        }
    }
}
