//! The web app: the pages that agents work in, held in the binary and served from memory.
//!
//! Owns: its files with their compressed copies, and every address that is not of the interface (`/api`, `/health`, `/media`,
//! `/metrics`). A file is answered under its path; any other address without a dot in its last part is a place inside
//! the app and answered with its page.
//!
//! Invariants:
//! - Nothing is read from a disk and no path is put together: an address is looked up in a list.
//! - What is under `assets/` has its content's hash in its name and is kept by browsers for ever; a missing one is a
//!   404, never the page. All else is asked for again each time, and answered 304 while it is the same.
//! - Each form of a file (brotli, gzip, plain) has a strong tag of its own.
//! - A binary without the app answers its pages with 503, and the interface as ever.
//!
//! `build.rs` makes the list from `web/dist`. Absent on purpose: security headers and their policy (`http::dress`), rate
//! limits (files are not counted), parts of files (`Range`), and building the app (`cargo xtask build`).

mod embedded;
mod encoding;
mod serve;

pub use embedded::Asset;
pub use serve::{WebApp, serve};
