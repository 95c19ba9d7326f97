//! Why a socket ends, and the code it is closed with. Pure.

use crate::error::Error;
use actix_http::ws::{CloseCode, CloseReason};

/// The end of a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goodbye {
    /// The peer vanished: nobody to tell.
    Gone,
    /// The peer said goodbye.
    Bye,
    NoHello,
    TooFast,
    Revoked,
    Slow,
    TooBig,
    NotUtf8,
    Protocol,
    Shutdown,
    /// The database is away: come again.
    Unavailable,
    Fault,
}

impl Goodbye {
    /// The close frame; none: just hang up.
    pub fn reason(self) -> Option<CloseReason> {
        let (code, text) = match self {
            Self::Gone => return None,
            Self::Bye => (CloseCode::Normal, ""),
            Self::NoHello => (CloseCode::Other(4000), "no hello"),
            Self::TooFast => (CloseCode::Other(4000), "too many frames"),
            Self::Revoked => (CloseCode::Other(4001), "session ended"),
            Self::Slow => (CloseCode::Other(4008), "too slow, resume"),
            Self::TooBig => (CloseCode::Size, "frame too large"),
            Self::NotUtf8 => (CloseCode::Invalid, "not UTF-8"),
            Self::Protocol => (CloseCode::Protocol, "not a WebSocket frame"),
            Self::Shutdown => (CloseCode::Restart, "shutting down, reconnect"),
            Self::Unavailable => (CloseCode::Again, "not available, reconnect"),
            Self::Fault => (CloseCode::Error, "a fault of ours"),
        };
        Some(CloseReason { code, description: (!text.is_empty()).then(|| text.to_owned()) })
    }

    /// For the metrics.
    pub fn label(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Bye => "bye",
            Self::NoHello => "no_hello",
            Self::TooFast => "too_fast",
            Self::Revoked => "revoked",
            Self::Slow => "slow",
            Self::TooBig => "too_big",
            Self::NotUtf8 => "not_utf8",
            Self::Protocol => "protocol",
            Self::Shutdown => "shutdown",
            Self::Unavailable => "unavailable",
            Self::Fault => "fault",
        }
    }
}

impl From<Error> for Goodbye {
    fn from(error: Error) -> Self {
        match error {
            Error::Unavailable(_) => Self::Unavailable,
            error => {
                tracing::error!(%error, "a socket ends by a fault");
                Self::Fault
            }
        }
    }
}
