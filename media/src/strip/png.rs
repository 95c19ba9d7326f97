//! PNG, chunk by chunk.

use std::io::{BufRead, Write};

use image::metadata::Orientation;

use super::{Counted, copy, minimal_exif, orientation, take};
use crate::Error;

const MAGIC: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Chunks without which the picture is another: pixels, colours, animation, the size of a pixel.
const KEPT: [&[u8; 4]; 20] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD",
    b"hIST", b"pHYs", b"sPLT", b"cICP", b"mDCV", b"cLLI", b"acTL", b"fcTL", b"fdAT",
];

/// Bytes of an EXIF; what is longer is left out whole.
const MAX_EXIF: u32 = 1 << 20;

pub(super) fn strip<W: Write>(input: &mut impl BufRead, output: &mut Counted<W>) -> Result<(), Error> {
    if take(input, 8)? != MAGIC {
        return Err(Error::Broken("it is no PNG"));
    }
    output.write_all(MAGIC)?;
    let mut before: Option<[u8; 4]> = None;
    loop {
        let mut head = [0; 8];
        input.read_exact(&mut head)?;
        let [a, b, c, d, kind @ ..] = head;
        let length = u32::from_be_bytes([a, b, c, d]);
        if before.is_none() != (&kind == b"IHDR") || length > i32::MAX as u32 {
            return Err(Error::Broken("a part of it has a wrong length"));
        }
        // The sum of four bytes after each chunk goes along.
        if KEPT.contains(&&kind) {
            output.write_all(&head)?;
            copy(input, u64::from(length) + 4, output)?;
        } else if &kind == b"eXIf" && length <= MAX_EXIF {
            let exif = take(input, u64::from(length) + 4)?;
            output.removed |= !turn(&exif, output)?;
        } else if kind.iter().all(u8::is_ascii_alphabetic) && kind.first().is_some_and(u8::is_ascii_lowercase)
        {
            copy(input, u64::from(length) + 4, &mut std::io::sink())?;
            output.removed = true;
        } else {
            return Err(Error::Broken("a PNG has no such part"));
        }
        if &kind == b"IEND" {
            return Ok(());
        }
        before = Some(kind);
    }
}

/// Writes what is left of an EXIF and its sum; whether that is all of it.
fn turn(exif: &[u8], output: &mut impl Write) -> Result<bool, Error> {
    let turned = orientation(exif);
    let minimal = minimal_exif(turned);
    if turned != Orientation::NoTransforms {
        let mut sum = crc32fast::Hasher::new();
        sum.update(b"eXIf");
        sum.update(&minimal);
        output.write_all(&(minimal.len() as u32).to_be_bytes())?;
        output.write_all(b"eXIf")?;
        output.write_all(&minimal)?;
        output.write_all(&sum.finalize().to_be_bytes())?;
    }
    Ok(turned != Orientation::NoTransforms && exif.get(..exif.len().saturating_sub(4)) == Some(&minimal))
}
