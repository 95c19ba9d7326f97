//! WebP, chunk by chunk, twice: the head tells the length of what follows.

use std::io::{BufRead, Seek, SeekFrom, Write};

use image::metadata::Orientation;

use super::{Counted, copy, minimal_exif, orientation, take};
use crate::Error;

/// Chunks of a picture. An animation of ten minutes has fewer.
const MAX_CHUNKS: usize = 20_000;

/// Bytes of an EXIF; what is longer is left out whole.
const MAX_EXIF: u32 = 1 << 20;

/// Flags of `VP8X`.
const HAS_EXIF: u8 = 1 << 3;
const HAS_XMP: u8 = 1 << 2;

struct Chunk {
    kind: [u8; 4],
    /// Where its content begins.
    at: u64,
    length: u32,
}

impl Chunk {
    /// Bytes of its content with the byte that makes them even.
    fn padded(&self) -> u64 {
        u64::from(self.length) + u64::from(self.length % 2)
    }
}

pub(super) fn strip<W: Write>(
    input: &mut (impl BufRead + Seek),
    output: &mut Counted<W>,
) -> Result<(), Error> {
    let chunks = chunks(input)?;
    let turned = turned(input, &chunks)?;
    let (kept, rest): (Vec<Chunk>, Vec<Chunk>) = chunks.into_iter().partition(|chunk| is_kept(chunk.kind));
    let minimal = minimal_exif(turned);
    // A place for the orientation is in the extended form only.
    let keeps_turn = turned != Orientation::NoTransforms && kept.iter().any(|chunk| &chunk.kind == b"VP8X");
    let exif = if keeps_turn { 8 + minimal.len() as u64 } else { 0 };
    let length = 4 + exif + kept.iter().map(|chunk| 8 + chunk.padded()).sum::<u64>();
    let length = u32::try_from(length).map_err(|_| Error::Broken("a part of it has a wrong length"))?;

    output.write_all(b"RIFF")?;
    output.write_all(&length.to_le_bytes())?;
    output.write_all(b"WEBP")?;
    for chunk in &kept {
        output.write_all(&chunk.kind)?;
        output.write_all(&chunk.length.to_le_bytes())?;
        input.seek(SeekFrom::Start(chunk.at))?;
        if &chunk.kind == b"VP8X" {
            let mut content = take(input, chunk.padded())?;
            let flags = content.first_mut().ok_or(Error::Broken("a part of it has a wrong length"))?;
            *flags = *flags & !(HAS_EXIF | HAS_XMP) | if keeps_turn { HAS_EXIF } else { 0 };
            output.write_all(&content)?;
        } else {
            copy(input, chunk.padded(), output)?;
        }
    }
    if keeps_turn {
        output.write_all(b"EXIF")?;
        output.write_all(&(minimal.len() as u32).to_le_bytes())?;
        output.write_all(&minimal)?;
    }
    output.removed |= match rest.as_slice() {
        [] => false,
        [exif] if keeps_turn => !same(input, exif, &minimal)?,
        _ => true,
    };
    Ok(())
}

fn is_kept(kind: [u8; 4]) -> bool {
    matches!(&kind, b"VP8 " | b"VP8L" | b"VP8X" | b"ALPH" | b"ANIM" | b"ANMF" | b"ICCP")
}

fn chunks(input: &mut (impl BufRead + Seek)) -> Result<Vec<Chunk>, Error> {
    let mut head = [0; 12];
    input.read_exact(&mut head)?;
    let [b'R', b'I', b'F', b'F', a, b, c, d, b'W', b'E', b'B', b'P'] = head else {
        return Err(Error::Broken("it is no WebP"));
    };
    let end = u64::from(u32::from_le_bytes([a, b, c, d])) + 8;
    let mut chunks = Vec::new();
    let mut at = 12;
    while at < end {
        let chunk = chunk_at(input, at)?;
        // What is larger is checked when it is copied.
        if (&chunk.kind == b"VP8X" && chunk.length != 10) || chunks.len() == MAX_CHUNKS {
            return Err(Error::Broken("a part of it has a wrong length"));
        }
        at = chunk.at + chunk.padded();
        chunks.push(chunk);
    }
    let has_picture = chunks.iter().any(|chunk| matches!(&chunk.kind, b"VP8 " | b"VP8L" | b"ANMF"));
    if at == end && has_picture { Ok(chunks) } else { Err(Error::Broken("a part of it has a wrong length")) }
}

/// Pixels of the largest lossy picture within: a decoder believes each its own size before it compares the canvas's.
pub(crate) fn coded_pixels(input: &mut (impl BufRead + Seek)) -> Result<u64, Error> {
    let mut most = 0;
    for mut chunk in chunks(input)? {
        if &chunk.kind == b"ANMF" {
            // The frame's place and time, then its picture, before which its transparency may stand.
            chunk = chunk_at(input, chunk.at + 16)?;
            if &chunk.kind == b"ALPH" {
                chunk = chunk_at(input, chunk.at + chunk.padded())?;
            }
        }
        if &chunk.kind == b"VP8 " {
            input.seek(SeekFrom::Start(chunk.at))?;
            let head = take(input, 10)?;
            let side = |at: usize| {
                head.get(at..)?.first_chunk().map(|two| u64::from(u16::from_le_bytes(*two) & 0x3fff))
            };
            most = most.max(side(6).unwrap_or_default() * side(8).unwrap_or_default());
        }
    }
    Ok(most)
}

fn chunk_at(input: &mut (impl BufRead + Seek), at: u64) -> Result<Chunk, Error> {
    let mut head = [0; 8];
    input.seek(SeekFrom::Start(at))?;
    input.read_exact(&mut head)?;
    let [kind @ .., a, b, c, d] = head;
    Ok(Chunk { kind, at: at + 8, length: u32::from_le_bytes([a, b, c, d]) })
}

/// The orientation that the first EXIF asks for.
fn turned(input: &mut (impl BufRead + Seek), chunks: &[Chunk]) -> Result<Orientation, Error> {
    let exif = chunks.iter().find(|chunk| &chunk.kind == b"EXIF" && chunk.length <= MAX_EXIF);
    let Some(exif) = exif else { return Ok(Orientation::NoTransforms) };
    input.seek(SeekFrom::Start(exif.at))?;
    Ok(orientation(&take(input, u64::from(exif.length))?))
}

fn same(input: &mut (impl BufRead + Seek), chunk: &Chunk, minimal: &[u8]) -> Result<bool, Error> {
    if chunk.length as usize != minimal.len() {
        return Ok(false);
    }
    input.seek(SeekFrom::Start(chunk.at))?;
    Ok(take(input, u64::from(chunk.length))? == minimal)
}
