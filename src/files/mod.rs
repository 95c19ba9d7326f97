//! Files: what colleagues upload and what is fetched from platforms.
//!
//! Owns: the tables `file` and `file_link`, the objects behind them ([`Files`]), uploads in parts, and the sweep of what
//! nobody needs any more.
//!
//! Invariants:
//! - A row comes before its objects and goes before them: an object without a row is rubbish, which the sweep finds.
//! - The bytes of a `ready` file never change. Its type is what its bytes say, not what was announced.
//! - A picture that is uploaded keeps no metadata (place, camera, owner), if it is JPEG, PNG or WebP: others go as files,
//!   as they are. One that came from a customer stays as it came.
//! - An upload is its owner's alone. Who may read the file of a message is not decided here (`attachments`).
//! - However large a file is, it passes through memory in pieces; it is looked at on disk, a few at a time.
//!
//! The objects are in a local directory, or in S3. Absent on purpose: a scan for malware; what is given out can't run
//! in a browser, and its name and type are ours.

mod inspect;
mod model;
mod objects;
pub mod routes;
mod service;
mod store;
mod sweep;

pub use inspect::{Named, Picture};
pub use model::{File, FileKind, MAX_SIZE};
pub use objects::{Objects, content as content_path, thumbnail as thumbnail_path};
pub use service::{Files, Kept};
pub use store::{link, of_upload};
pub use sweep::{check, sweep};
