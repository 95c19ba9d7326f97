//! Bombs: what they make a look hold. One test, because the whole process is measured.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::io::{Cursor, Write};

use image::{DynamicImage, ImageFormat, RgbImage, RgbaImage};
use media::{Look, look, strip, voice_note};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const MIB: usize = 1 << 20;

/// What a look, a strip and a remux may hold beside the file itself.
const MOST: usize = 64 * MIB;

/// Looks at a file and measures.
fn measured(name: &str, bytes: &[u8], mime: &str) -> Look {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let look = look(Cursor::new(bytes), mime);
    let _ = strip(Cursor::new(bytes), mime, &mut std::io::sink());
    let _ = voice_note(Cursor::new(bytes), mime, &mut std::io::sink());
    let held = MEMORY.peak_usage() - before;
    println!("{name}: {} KiB", held / 1024);
    assert!(held <= MOST, "{name} holds {} MiB", held / MIB);
    look
}

fn encoded(picture: DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let sum = crc32fast::hash(&[kind, body].concat());
    [&(body.len() as u32).to_be_bytes()[..], kind, body, &sum.to_be_bytes()].concat()
}

/// A PNG of `side` by `side` whose pixels, and whose colour profile, are bombs of zeros.
fn png_bomb(side: u32) -> Vec<u8> {
    let zeros = deflated(64 * MIB);
    let size = [&side.to_be_bytes()[..], &side.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    let profile = [b"p\0\0", &zeros[..]].concat();
    let magic = b"\x89PNG\r\n\x1a\n".to_vec();
    [magic, chunk(b"IHDR", &size), chunk(b"iCCP", &profile), chunk(b"IDAT", &zeros), chunk(b"IEND", b"")]
        .concat()
}

/// Zeros as zlib packs them, by way of an encoder of PNG.
fn deflated(bytes: usize) -> Vec<u8> {
    let side = (bytes as f64).sqrt() as u32;
    let png = encoded(image::GrayImage::new(side, side).into(), ImageFormat::Png);
    let mut data = Vec::new();
    let mut rest = &png[8..];
    while rest.len() >= 12 {
        let length = u32::from_be_bytes([rest[0], rest[1], rest[2], rest[3]]) as usize;
        if &rest[4..8] == b"IDAT" {
            data.extend_from_slice(&rest[8..8 + length]);
        }
        rest = &rest[12 + length..];
    }
    data
}

#[test]
fn no_file_makes_a_look_hold_more_than_its_share() {
    let bomb = measured("PNG of 50 000 x 50 000", &png_bomb(50_000), "image/png");
    assert_eq!((bomb.width, bomb.height, bomb.thumbnail), (Some(50_000), Some(50_000), None));
    measured("PNG with a bomb for a profile", &png_bomb(3000), "image/png");
    pictures();
    sounds_and_films();
}

fn pictures() {
    let photo = RgbImage::from_fn(4000, 3000, |x, y| image::Rgb([(x * y) as u8, x as u8, y as u8]));
    let jpeg = encoded(photo.into(), ImageFormat::Jpeg);
    assert!(measured("JPEG of 12 million pixels", &jpeg, "image/jpeg").thumbnail.is_some());
    let padded =
        [&jpeg[..2], &[&b"\xff\xe1\xff\xff"[..], &[7; 65_533]].concat().repeat(300), &jpeg[2..]].concat();
    measured("JPEG with 20 MB of metadata", &padded, "image/jpeg");
    for (format, side) in [(ImageFormat::Png, 3600), (ImageFormat::Gif, 2500), (ImageFormat::WebP, 2100)] {
        let picture =
            RgbaImage::from_fn(side, side, |x, y| image::Rgba([x as u8, y as u8, (x / 7) as u8, 255]));
        let bytes = encoded(picture.into(), format);
        let mime = format.to_mime_type();
        let look = measured(&format!("{mime} of {side} x {side}"), &bytes, mime);
        assert!(look.thumbnail.is_some(), "{mime}");
        measured(&format!("{mime}, cut"), &bytes[..bytes.len() / 2], mime);
    }
    let frame = b"\x2c\0\0\0\0\x10\x27\x10\x27\0\x02\x02\x44\x01\0";
    let gif = [b"GIF89a\x10\x27\x10\x27\x80\0\0\0\0\0\xff\xff\xff", &frame.repeat(10_000)[..], b";"].concat();
    // A canvas of 60 x 40 whose picture says 16 383 x 16 383, as it is and as the frame of an animation.
    let photo = include_bytes!("files/photo.webp");
    let mut inner = photo[12..].to_vec();
    inner[14..18].copy_from_slice(b"\xff\x3f\xff\x3f");
    let odd = riff(&[&extended(0), &inner]);
    measured("WebP with a picture beyond its canvas", &odd, "image/webp");
    let frame = [&[0; 6][..], &[59, 0, 0, 39, 0, 0, 100, 0, 0, 0], &inner].concat();
    let animation =
        [b"ANIM\x06\0\0\0\0\0\0\0\0\0ANMF", &(frame.len() as u32).to_le_bytes()[..], &frame].concat();
    measured("animated WebP with a frame beyond its size", &riff(&[&extended(2), &animation]), "image/webp");
    // A screen that may be decoded, and a frame larger than it: 2600 and 3700 pixels wide and high.
    let large = b"\x2c\0\0\0\0\x74\x0e\x74\x0e\0\x02\x02\x44\x01\0";
    let odd = [b"GIF89a\x28\x0a\x28\x0a\x80\0\0\0\0\0\xff\xff\xff", &large[..], b";"].concat();
    measured("GIF with a frame beyond its screen", &odd, "image/gif");
    let look = measured("GIF of 10 000 frames, each 10 000 x 10 000", &gif, "image/gif");
    assert_eq!((look.width, look.thumbnail), (Some(10_000), None));
}

fn riff(chunks: &[&[u8]]) -> Vec<u8> {
    let body = chunks.concat();
    [b"RIFF", &(body.len() as u32 + 4).to_le_bytes()[..], b"WEBP", &body].concat()
}

/// The head of a WebP of 60 x 40.
fn extended(flags: u8) -> Vec<u8> {
    [&b"VP8X\x0a\0\0\0"[..], &[flags, 0, 0, 0, 59, 0, 0, 39, 0, 0]].concat()
}

fn sounds_and_films() {
    let noise: Vec<u8> =
        (0..40 * MIB as u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for mime in ["audio/mpeg", "audio/wav", "audio/ogg", "audio/aac", "audio/amr", "audio/webm", "audio/mp4"]
    {
        measured(&format!("40 MiB of noise as {mime}"), &noise, mime);
    }
    // Pages whose one packet never ends.
    let ogg = include_bytes!("files/note.ogg");
    let page =
        [b"OggS\0\x01", &[0xff; 8][..], &ogg[14..18], &[0; 8], &[255], &[255; 255], &[1; 65_025]].concat();
    measured("Ogg with one packet of 40 MiB", &[&ogg[..47], &page.repeat(640)].concat(), "audio/ogg");
    let mut webm = include_bytes!("files/note.webm")[..1000].to_vec();
    webm.write_all(b"\xa3\x01\0\0\0\x06\x3f\xff\xff").unwrap();
    webm.extend_from_slice(&noise);
    measured("WebM with one block of 40 MiB", &webm, "audio/webm");
    for length in [15_u32 << 20, 39 << 20] {
        let mp4 = [&b"\0\0\0\x08ftyp"[..], &length.to_be_bytes(), b"moov", &noise].concat();
        measured("MP4 with a large index", &mp4, "video/mp4");
    }
    let fragments = b"\0\0\0\x08moof".repeat(4 * MIB);
    measured("MP4 of 4 million fragments", &fragments, "video/mp4");
}
