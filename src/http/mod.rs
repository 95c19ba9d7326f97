//! The HTTP plumbing that every route uses: bodies, queries, path ids, answers, headers, limits.
//!
//! Owns: how a request is read and an answer is dressed, and the server that does it. Knows no feature and no user.
//!
//! Invariants:
//! - A body is JSON, strict and at most 256 KiB ([`Body`]); an id of a path that is no id is a 404 ([`PathId`]).
//! - Every answer carries the security headers and a request id; every error is problem+json ([`dress()`]).
//! - A write runs to its end though the client goes away ([`detached`]).
//! - A handler that answers 101 may have its connection ([`Takeover`]).
//! - The client's address is the peer's, unless a trusted proxy names another ([`Proxies`]).
//!
//! Absent on purpose: sign-in (`auth`), the URL map (`router`), and limits that outlive the process: a restart forgives.

mod address;
mod answer;
mod body;
mod dress;
mod fallback;
pub mod limits;
mod params;
mod path;
mod server;

pub use address::{Proxies, bucket_of};
pub use answer::{answer, detached, placed, shown};
pub use body::{Body, MAX_BODY, is_object};
pub use dress::{Headers, dress};
pub use fallback::{Declared, fallback};
pub use limits::Limits;
pub use params::Params;
pub use path::{PathId, PathIds};
pub use server::{Takeover, part, server};
