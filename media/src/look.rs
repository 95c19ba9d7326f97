//! What can be shown of a file before it is opened: its size, its length, its bars, its thumbnail.
//!
//! Each part is told or not, on its own; a damaged file has an empty look and is no error. Bars of MP3 and WAV are of
//! decoded samples. Those of Opus are of the sizes of its packets, which follow loudness at a variable rate, as recorders
//! of speech use it: good enough to see words and pauses, not a measurement. A constant rate has none. (Decoders were
//! weighed: `symphonia` is MPL-2.0 and has no Opus; `opus-decoder` takes two minutes for ten; `opus-rs` is full of unsafe
//! code.) Sizes of AAC and Vorbis packets don't follow loudness well enough: these, AMR and FLAC have a length only.

mod iso;
mod matroska;
mod mp3;
mod ogg_pages;
mod picture;
mod sound;

use std::io::{self, BufReader, Read, Seek, SeekFrom};

pub use picture::{THUMBNAIL_SIDE, Thumbnail};

/// Seconds of a sound that are decoded for its bars; those of a longer one are of its beginning.
const MAX_DECODED: u64 = 600;

/// A longer length is damage.
const MAX_DURATION: u64 = 1000 * 3600 * 1000;

/// What can be shown of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// As shown, that is after the turn that the file asks for.
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub duration_ms: Option<u64>,
    /// Loudness over time, the loudest is 255; at most 64, of sounds only.
    pub peaks: Vec<u8>,
    pub thumbnail: Option<Thumbnail>,
}

/// What can be shown of `file`, which is of type `mime` as [`sniff`](crate::sniff()) told it.
pub fn look(mut file: impl Read + Seek, mime: &str) -> Look {
    let Ok(length) = file.seek(SeekFrom::End(0)) else { return Look::default() };
    if file.rewind().is_err() {
        return Look::default();
    }
    let mut look = by_type(BufReader::new(file), length, mime).unwrap_or_default();
    look.duration_ms = look.duration_ms.filter(|ms| (1..=MAX_DURATION).contains(ms));
    look
}

fn by_type<R: Read + Seek>(file: BufReader<R>, length: u64, mime: &str) -> io::Result<Look> {
    match mime {
        "image/jpeg" | "image/png" | "image/gif" | "image/webp" => Ok(picture::look(file, length, mime)),
        "video/mp4" | "video/quicktime" | "video/3gpp" => iso::video(file),
        "audio/mp4" | "audio/3gpp" => iso::audio(file),
        "video/webm" | "video/x-matroska" => matroska::video(file),
        "audio/webm" => matroska::audio(file),
        "audio/ogg" => ogg_pages::look(file),
        "audio/mpeg" => mp3::look(file),
        "audio/wav" => sound::wav(file),
        "audio/aac" => sound::aac(file),
        "audio/amr" => sound::amr(file, &sound::AMR_NARROW),
        "audio/amr-wb" => sound::amr(file, &sound::AMR_WIDE),
        "audio/flac" => sound::flac(file),
        _ => Ok(Look::default()),
    }
}

/// Milliseconds of `count` parts of which `rate` make a second.
fn milliseconds(count: u64, rate: u64) -> Option<u64> {
    count.checked_mul(1000)?.checked_div(rate)
}
