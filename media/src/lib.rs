//! What a file is, and what can be shown of it.
//!
//! Owns: the type of a file by its content, safe names, the looks of pictures, sounds and videos, pictures without
//! metadata, and voice notes in the form that WhatsApp takes. Pure: it reads and writes what the caller opened, and
//! works in the thread it is called on, so a server calls it where blocking is allowed.
//!
//! Files are hostile. For any input nothing panics, at most 64 MiB are held at a time, and an ordinary processor is
//! busy for about a second. Nothing is ever unpacked, and nothing is read by its declared length alone.
//!
//! Absent on purpose: thumbnails of videos and documents, and decoders of Opus, Vorbis and AAC (see [`look()`]).

mod boxes;
mod ebml;
mod envelope;
mod look;
mod names;
mod opus;
mod sniff;
mod strip;
mod voice;

pub use look::{Look, THUMBNAIL_SIDE, Thumbnail, look};
pub use names::{MAX_NAME, extension_for, safe_file_name};
pub use sniff::{HEAD, sniff};
pub use strip::{Strip, strip};
pub use voice::{VoiceNote, voice_note};

/// Why a file can't be worked on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file contradicts its format; the text says where, in words for people.
    #[error("the file is damaged: {0}")]
    Broken(&'static str),
    #[error(transparent)]
    Io(std::io::Error),
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Error {
        match error.kind() {
            std::io::ErrorKind::UnexpectedEof => Error::Broken("it ends in the middle"),
            std::io::ErrorKind::InvalidData => Error::Broken("a part of it has a wrong length"),
            _ => Error::Io(error),
        }
    }
}
