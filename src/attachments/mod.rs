//! Attachments: the files of messages, from the platform to the store and from there to browsers.
//!
//! Owns: the state of an `attachment` and what is known of its file, the job that fetches it ([`fetch`]), and giving it
//! out ([`routes`]).
//!
//! Invariants:
//! - A message is visible before its files are here. Each is fetched by a job of its own; one that can't be had is
//!   `failed` and may be asked for again.
//! - Only the guarded fetcher asks for addresses that came in webhooks, and only the platforms' own hosts.
//! - Who may see the conversation may read its files, and nobody else: another id is a 404.
//! - What is given out can't run: its type is what its bytes say, and what is neither picture, sound nor film is saved,
//!   not opened.
//!
//! `ingest` and `outbox` make attachments; a deleted message has none. Absent on purpose: pictures of profiles, and what
//! a shared post or story shows, which the platforms let nobody keep.

pub mod fetch;
pub mod routes;
mod serve;
mod service;
mod store;

pub use service::{FETCH, fetching};
