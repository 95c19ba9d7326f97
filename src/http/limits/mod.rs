//! Limits of requests, by name.
//!
//! Owns: how many requests of which kind an address, a user or a sign-in name may make, and how long to wait after.
//!
//! | bucket | limit |
//! | --- | --- |
//! | requests without sign-in | 100 in 15 minutes and 20 in a second of an address |
//! | requests of a user | 1,000 in 15 minutes and 20 in a second |
//! | failed sign-ins | 5 of an address in 5 minutes, 10 of an e-mail in 15 minutes |
//! | refused webhooks | 60 of an address in a minute |
//! | website leads | 20 of an address in a minute |
//! | colleagues named in notes | 60 by a user in a minute |
//!
//! Invariants: memory is bounded whatever addresses come ([`window`]); a refused request is not counted; an address is
//! its IPv4 address or its IPv6 /64.
//!
//! Absent on purpose: a store shared by nodes. Each node counts what reaches it, so n nodes behind a balancer allow up
//! to n times as much; a proxy that limits can take over (`RATE_LIMITS=off`).

mod attempts;
mod service;
mod window;

pub use attempts::Attempt;
pub use service::Limits;
