//! Pictures without metadata: where and with what they were taken, names, comments, hidden thumbnails.
//!
//! Pixels are not decoded: what is needed to show the picture is copied byte by byte, all else is left out. So a
//! metadata block that nobody has heard of is left out as well, and so is what follows the picture's end. Kept: colour
//! profiles, animation, and the orientation, in a minimal EXIF of its own. A damaged structure is an error, because a
//! file that can't be followed can't be promised to be clean.
//!
//! Absent on purpose: GIF, which has no place for a position, and metadata within the frames of an animated WebP, where
//! no known program writes any.

pub(crate) mod jpeg;
mod png;
pub(crate) mod webp;

use std::io::{BufReader, Read, Seek, SeekFrom, Write};

use image::metadata::Orientation;

use crate::Error;

/// What [`strip()`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strip {
    /// The output is the picture without metadata.
    Stripped,
    /// There is nothing to remove, or the type has no such metadata: use the input. The output may hold a copy of it.
    Unchanged,
}

/// Writes `input`, which is of type `mime` as [`sniff`](crate::sniff()) told it, to `output` without metadata.
pub fn strip(mut input: impl Read + Seek, mime: &str, output: &mut impl Write) -> Result<Strip, Error> {
    let length = input.seek(SeekFrom::End(0))?;
    input.rewind()?;
    let mut input = BufReader::new(input);
    let mut output = Counted { output, written: 0, removed: false };
    match mime {
        "image/jpeg" => jpeg::strip(&mut input, &mut output)?,
        "image/png" => png::strip(&mut input, &mut output)?,
        "image/webp" => webp::strip(&mut input, &mut output)?,
        _ => return Ok(Strip::Unchanged),
    }
    output.output.flush()?;
    let same = !output.removed && output.written == length;
    Ok(if same { Strip::Unchanged } else { Strip::Stripped })
}

/// An output that knows whether it is a copy.
struct Counted<'a, W> {
    output: &'a mut W,
    written: u64,
    /// Something was left out or replaced.
    removed: bool,
}

impl<W: Write> Write for Counted<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.output.write(bytes)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.output.flush()
    }
}

/// A TIFF of one entry: the orientation, a short.
fn minimal_exif(orientation: Orientation) -> [u8; 26] {
    let mut exif = *b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    if let Some(value) = exif.get_mut(19) {
        *value = orientation.to_exif();
    }
    exif
}

/// The orientation that an EXIF asks for, which may begin with the name that it has in a JPEG.
fn orientation(exif: &[u8]) -> Orientation {
    let tiff = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    Orientation::from_exif_chunk(tiff).unwrap_or(Orientation::NoTransforms)
}

/// Copies exactly `length` bytes.
fn copy(input: &mut impl Read, length: u64, output: &mut impl Write) -> Result<(), Error> {
    let copied = std::io::copy(&mut input.take(length), output)?;
    if copied == length { Ok(()) } else { Err(CUT) }
}

/// Reads exactly `length` bytes, which the caller has bounded.
fn take(input: &mut impl Read, length: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let read = input.take(length).read_to_end(&mut bytes)?;
    if read as u64 == length { Ok(bytes) } else { Err(CUT) }
}

const CUT: Error = Error::Broken("it ends in the middle");
