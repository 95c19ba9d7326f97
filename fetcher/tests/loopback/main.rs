//! The fetcher against real servers, which loopback makes reachable as trusted origins.

#![allow(clippy::unwrap_used, reason = "clippy allows it in the tests, but not in what they share")]

mod answers;
mod bodies;
mod redirects;
mod server;
