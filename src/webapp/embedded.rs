//! The files, as `build.rs` found them.

/// A file of the app.
#[derive(Debug)]
pub struct Asset {
    /// Below `web/dist`, as `assets/index-BxT0f2.js`.
    pub path: &'static str,
    pub mime: &'static str,
    /// SHA-256 of the content, in hex.
    pub hash: &'static str,
    /// Whether its name changes with its content.
    pub immutable: bool,
    pub raw: &'static [u8],
    /// None where compression gains nothing.
    pub brotli: Option<&'static [u8]>,
    pub gzip: Option<&'static [u8]>,
}

// `BUILD`, and `ASSETS` in the order of their paths.
include!(concat!(env!("OUT_DIR"), "/webapp.rs"));
