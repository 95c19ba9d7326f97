//! JPEG, segment by segment.

use std::io::{BufRead, Write};

use image::metadata::Orientation;

use super::{CUT, Counted, minimal_exif, orientation, take};
use crate::Error;

const SOI: u8 = 0xd8;
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;
const APP0: u8 = 0xe0;
const APP1: u8 = 0xe1;
const APP2: u8 = 0xe2;
const APP14: u8 = 0xee;

const EXIF: &[u8] = b"Exif\0\0";

/// Bytes of a JFIF segment without the thumbnail that may follow.
const JFIF: usize = 14;

/// What has to be known before a JPEG is decoded.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) orientation: Orientation,
    /// Bytes of coefficients that a decoder holds; 0 for a baseline picture.
    pub(crate) coefficients: u64,
}

/// Reads until the pixels begin.
pub(crate) fn frame(input: &mut impl BufRead) -> Result<Frame, Error> {
    let mut frame = Frame { orientation: Orientation::NoTransforms, coefficients: 0 };
    begin(input)?;
    loop {
        match next_marker(input)? {
            SOS => return Ok(frame),
            EOI => return Err(Error::Broken("it has no picture")),
            APP1 => {
                let body = body(input)?;
                if body.starts_with(EXIF) {
                    frame.orientation = orientation(&body);
                }
            }
            0xc2 | 0xc6 => frame.coefficients = coefficients(&body(input)?),
            _ => drop(body(input)?),
        }
    }
}

/// Two bytes for each sample of each component.
fn coefficients(frame: &[u8]) -> u64 {
    let [_, h0, h1, w0, w1, _, components @ ..] = frame else { return 0 };
    let pixels = u64::from(u16::from_be_bytes([*h0, *h1])) * u64::from(u16::from_be_bytes([*w0, *w1]));
    let samples = |factors: &u8| u64::from(factors >> 4) * u64::from(factors & 15);
    let components = components.as_chunks::<3>().0;
    let most = components.iter().map(|[_, factors, _]| samples(factors)).max().unwrap_or(1).max(1);
    let sum: u64 = components.iter().map(|[_, factors, _]| samples(factors)).sum();
    2 * pixels * sum / most
}

pub(super) fn strip<W: Write>(input: &mut impl BufRead, output: &mut Counted<W>) -> Result<(), Error> {
    begin(input)?;
    output.write_all(&[0xff, SOI])?;
    let (mut ahead, mut scans, mut exif_seen) = (None, 0, false);
    loop {
        let marker = match ahead.take() {
            Some(marker) => marker,
            None => next_marker(input)?,
        };
        match marker {
            EOI if scans > 0 => {
                output.write_all(&[0xff, EOI])?;
                return Ok(());
            }
            EOI => return Err(Error::Broken("it has no picture")),
            SOS => {
                segment(output, SOS, &body(input)?)?;
                ahead = Some(entropy(input, output)?);
                scans += 1;
            }
            APP1 => {
                let whole = body(input)?;
                let first = whole.starts_with(EXIF) && !exif_seen;
                exif_seen |= first;
                let turned = if first { orientation(&whole) } else { Orientation::NoTransforms };
                let minimal = [EXIF, &minimal_exif(turned)].concat();
                output.removed |= whole != minimal;
                if turned != Orientation::NoTransforms {
                    segment(output, APP1, &minimal)?;
                }
            }
            _ => {
                let whole = body(input)?;
                let kept = kept(marker, &whole)?;
                output.removed |= kept.as_ref() != Some(&whole);
                if let Some(kept) = kept {
                    segment(output, marker, &kept)?;
                }
            }
        }
    }
}

/// What is left of a segment.
fn kept(marker: u8, body: &[u8]) -> Result<Option<Vec<u8>>, Error> {
    match marker {
        // Frames, tables, the restart interval, the number of lines.
        0xc0..=0xcf | 0xdb..=0xdf => Ok(Some(body.to_vec())),
        APP0 if body.starts_with(b"JFIF\0") && body.len() >= JFIF => {
            let mut plain = body.get(..JFIF).unwrap_or_default().to_vec();
            // A thumbnail of no pixels.
            plain.iter_mut().skip(JFIF - 2).for_each(|side| *side = 0);
            Ok(Some(plain))
        }
        APP2 if body.starts_with(b"ICC_PROFILE\0") => Ok(Some(body.to_vec())),
        // How colours are coded; without it they come out wrong.
        APP14 if body.starts_with(b"Adobe") => Ok(Some(body.get(..12).unwrap_or(body).to_vec())),
        0xe0..=0xef | 0xfe => Ok(None),
        _ => Err(Error::Broken("a JPEG has no such part")),
    }
}

fn begin(input: &mut impl BufRead) -> Result<(), Error> {
    if take(input, 2)? == [0xff, SOI] { Ok(()) } else { Err(Error::Broken("it is no JPEG")) }
}

fn next_marker(input: &mut impl BufRead) -> Result<u8, Error> {
    if byte(input)? != 0xff {
        return Err(Error::Broken("a part of it has a wrong length"));
    }
    loop {
        match byte(input)? {
            0xff => {}
            marker => return Ok(marker),
        }
    }
}

fn body(input: &mut impl BufRead) -> Result<Vec<u8>, Error> {
    let length = u16::from_be_bytes([byte(input)?, byte(input)?]);
    let length = length.checked_sub(2).ok_or(Error::Broken("a part of it has a wrong length"))?;
    take(input, u64::from(length))
}

fn segment(output: &mut impl Write, marker: u8, body: &[u8]) -> Result<(), Error> {
    let length =
        u16::try_from(body.len() + 2).map_err(|_| Error::Broken("a part of it has a wrong length"))?;
    output.write_all(&[0xff, marker])?;
    output.write_all(&length.to_be_bytes())?;
    output.write_all(body)?;
    Ok(())
}

/// Copies coded pixels up to the next marker, which is told and not copied.
fn entropy(input: &mut impl BufRead, output: &mut impl Write) -> Result<u8, Error> {
    loop {
        let held = input.fill_buf()?;
        if held.is_empty() {
            return Err(CUT);
        }
        let plain = held.iter().position(|byte| *byte == 0xff).unwrap_or(held.len());
        let rest = held.len() - plain;
        output.write_all(held.get(..plain).unwrap_or_default())?;
        input.consume(plain);
        if rest == 0 {
            continue;
        }
        match next_marker(input)? {
            // An escaped 0xff, and restarts, are pixels.
            within @ (0 | 0xd0..=0xd7) => output.write_all(&[0xff, within])?,
            marker => return Ok(marker),
        }
    }
}

fn byte(input: &mut impl BufRead) -> Result<u8, Error> {
    let mut byte = [0];
    input.read_exact(&mut byte)?;
    let [byte] = byte;
    Ok(byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_progressive_picture_needs_its_coefficients_as_well() {
        let head = |kind: u8| {
            let size = [0xff, kind, 0, 17, 8, 0, 30, 0, 40, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
            [&[0xff, SOI], &size[..], &[0xff, SOS, 0, 2]].concat()
        };
        // A pixel has its own brightness, and shares two colours with three others; each takes two bytes.
        assert_eq!(frame(&mut head(0xc2).as_slice()).map(|frame| frame.coefficients).unwrap(), 40 * 30 * 3);
        assert_eq!(frame(&mut head(0xc0).as_slice()).map(|frame| frame.coefficients).unwrap(), 0);
    }
}
