//! The shape of a file, and what may be uploaded. Pure.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Bytes of a file: the most that any platform takes.
pub const MAX_SIZE: i64 = 100 * 1024 * 1024;
/// Bytes of each part of an upload but the last.
pub(super) const PART: i64 = 4 * 1024 * 1024;
/// Uploads of one user that no message has yet.
pub(super) const MAX_LOOSE: i64 = 100;
/// Their bytes.
pub(super) const MAX_LOOSE_SIZE: i64 = 1024 * 1024 * 1024;

const MAX_NAME: usize = 255;
const SHOWN: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    Image,
    Video,
    Audio,
    Document,
}

/// An upload that is to begin.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFile {
    /// At most 255 characters.
    pub file_name: String,
    /// What it is thought to be; its bytes decide.
    pub mime_type: String,
    /// Bytes: 1 to 104,857,600.
    pub size: i64,
}

/// An upload, or what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct File {
    pub id: Uuid,
    pub file_name: Option<String>,
    pub mime_type: String,
    pub kind: FileKind,
    pub size: i64,
    /// Bytes that are here; the next part begins there.
    pub received: i64,
    /// `uploading`, `ready`.
    pub state: String,
    /// Bytes of each part but the last.
    pub part_size: i64,
    /// As it is to be shown, turned upright.
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub duration_ms: Option<i32>,
    /// Loudness over the time, 0 to 255; empty where it isn't known.
    #[serde(default)]
    pub peaks: Vec<u8>,
}

impl File {
    pub fn is_ready(&self) -> bool {
        self.state == "ready"
    }
}

impl FileKind {
    pub fn of(mime_type: &str) -> Self {
        match mime_type.split('/').next() {
            // What browsers and platforms show; the others (HEIC, AVIF, TIFF) are files to them.
            Some("image") if !SHOWN.contains(&mime_type) => Self::Document,
            Some("image") => Self::Image,
            Some("video") => Self::Video,
            Some("audio") => Self::Audio,
            _ => Self::Document,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Document => "document",
        }
    }
}

impl NewFile {
    pub(super) fn check(&self) -> Result<()> {
        let length = self.file_name.chars().count();
        if !(1..=MAX_NAME).contains(&length) || self.file_name.contains('\0') {
            return Err(Error::invalid("file_name", "length", "`file_name` has 1 to 255 characters."));
        }
        let mime = &self.mime_type;
        if mime.len() > 127 || !mime.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
            return Err(Error::invalid(
                "mime_type",
                "invalid",
                "`mime_type` is a media type as `image/png`.",
            ));
        }
        match self.size {
            ..=0 => Err(Error::invalid("size", "invalid", "The file is empty.")),
            size if size > MAX_SIZE => Err(Error::TooLarge("A file has at most 100 MiB.")),
            _ => Ok(()),
        }
    }
}

/// What a part must be, in a file of `size` bytes of which `received` are here.
pub(super) fn check_part(size: i64, received: i64, length: i64) -> Result<()> {
    let rest = size - received;
    if length == rest.min(PART) {
        return Ok(());
    }
    Err(Error::invalid(
        "body",
        "length",
        format!("A part has {PART} bytes, the last one what is left ({} now).", rest.min(PART)),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_whole_but_for_the_last() {
        let ok = |size, received, length| check_part(size, received, length).is_ok();
        assert!(ok(10, 0, 10) && !ok(10, 0, 9) && !ok(10, 0, 11));
        assert!(ok(PART + 1, 0, PART) && !ok(PART + 1, 0, 1) && ok(PART + 1, PART, 1));
        assert!(ok(10, 10, 0), "the end is asked for again");
    }

    #[test]
    fn what_can_be_begun() {
        let new = |file_name: &str, size| NewFile {
            file_name: file_name.to_owned(),
            mime_type: "image/png".to_owned(),
            size,
        };
        assert!(new("a.png", 1).check().is_ok() && new("a.png", MAX_SIZE).check().is_ok());
        assert!(matches!(new("a.png", MAX_SIZE + 1).check(), Err(Error::TooLarge(_))));
        for bad in [new("", 1), new(&"x".repeat(256), 1), new("a\0", 1), new("a", 0), new("a", -1)] {
            assert!(matches!(bad.check(), Err(Error::Invalid(_))), "{bad:?}");
        }
        let odd = NewFile { mime_type: "image/png\r\nx: y".to_owned(), ..new("a", 1) };
        assert!(odd.check().is_err());
    }
}
