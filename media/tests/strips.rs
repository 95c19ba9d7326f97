//! Metadata out, pixels and orientation in.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, RgbImage};
use media::{Error, Strip, strip};

/// What must not be left: it stands in every block of metadata that these tests write.
const SECRET: &[u8] = b"48.8584N 2.2945E";

/// An EXIF (TIFF) with orientation 6 and the secret behind it.
fn exif() -> Vec<u8> {
    [b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0", SECRET].concat()
}

fn picture() -> DynamicImage {
    RgbImage::from_fn(60, 40, |x, y| image::Rgb([x as u8 * 4, y as u8 * 6, 90])).into()
}

fn encoded(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn stripped(bytes: &[u8], mime: &str) -> Result<(Strip, Vec<u8>), Error> {
    let mut output = Vec::new();
    strip(Cursor::new(bytes), mime, &mut output).map(|strip| (strip, output))
}

fn segment(marker: u8, body: &[&[u8]]) -> Vec<u8> {
    let body = body.concat();
    [&[0xff, marker], &(body.len() as u16 + 2).to_be_bytes()[..], &body].concat()
}

fn jpeg_with_everything() -> Vec<u8> {
    let plain = encoded(ImageFormat::Jpeg);
    let blocks = [
        segment(0xe1, &[b"Exif\0\0", &exif()]),
        segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>", SECRET]),
        segment(0xe0, &[b"JFXX\0\x10", SECRET]),
        segment(0xed, &[b"Photoshop 3.0\x008BIM", SECRET]),
        segment(0xe2, &[b"MPF\0", SECRET]),
        segment(0xe2, &[b"ICC_PROFILE\0\x01\x01the profile"]),
        segment(0xeb, &[b"JP\0\0", SECRET]),
        segment(0xfe, &[SECRET]),
    ];
    // Behind the end: the film of a motion photo, or a second picture.
    [&plain[..2], &blocks.concat(), &plain[2..], SECRET].concat()
}

fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let sum = crc32fast::hash(&[kind, body].concat());
    [&(body.len() as u32).to_be_bytes()[..], kind, body, &sum.to_be_bytes()].concat()
}

fn png_with_everything() -> Vec<u8> {
    let plain = encoded(ImageFormat::Png);
    // After the magic and the first chunk.
    let (head, rest) = plain.split_at(8 + 25);
    let blocks = [
        chunk(b"eXIf", &exif()),
        chunk(b"tEXt", SECRET),
        chunk(b"iTXt", SECRET),
        chunk(b"zTXt", SECRET),
        chunk(b"tIME", SECRET),
        chunk(b"prVt", SECRET),
        chunk(b"gAMA", &45_455_u32.to_be_bytes()),
    ];
    [head, &blocks.concat(), rest, SECRET].concat()
}

fn riff(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [kind, &(body.len() as u32).to_le_bytes()[..], body, &[0][..body.len() % 2]].concat()
}

fn webp_with_everything() -> Vec<u8> {
    let plain = encoded(ImageFormat::WebP);
    let extended = riff(b"VP8X", &[0x2c, 0, 0, 0, 59, 0, 0, 39, 0, 0]);
    let (icc, xmp) = (riff(b"ICCP", b"the profile"), riff(b"XMP ", SECRET));
    let body =
        [b"WEBP", &extended[..], &icc, &plain[12..], &riff(b"EXIF", &exif()), &xmp, &riff(b"priv", SECRET)];
    [riff(b"RIFF", &body.concat()), SECRET.to_vec()].concat()
}

fn all_with_everything() -> [(Vec<u8>, &'static str); 3] {
    [
        (jpeg_with_everything(), "image/jpeg"),
        (png_with_everything(), "image/png"),
        (webp_with_everything(), "image/webp"),
    ]
}

/// The pixels, the orientation and the colour profile as `image` reads them.
fn read(bytes: &[u8], mime: &str) -> (DynamicImage, Orientation, Option<Vec<u8>>) {
    let format = ImageFormat::from_mime_type(mime).unwrap();
    let mut decoder = ImageReader::with_format(Cursor::new(bytes), format).into_decoder().unwrap();
    let (turned, profile) = (decoder.orientation().unwrap(), decoder.icc_profile().unwrap());
    (DynamicImage::from_decoder(decoder).unwrap(), turned, profile)
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn metadata_goes_pixels_orientation_and_colours_stay() {
    for (bytes, mime) in all_with_everything() {
        assert!(holds(&bytes, SECRET));
        let (strip, clean) = stripped(&bytes, mime).unwrap();
        assert_eq!(strip, Strip::Stripped, "{mime}");
        assert!(!holds(&clean, SECRET), "{mime}");
        let (before, after) = (read(&bytes, mime), read(&clean, mime));
        assert_eq!(before.0, after.0, "{mime}");
        assert_eq!((before.1, after.1), (Orientation::Rotate90, Orientation::Rotate90), "{mime}");
        assert_eq!(before.2, after.2, "{mime}");
        assert_eq!(after.2.is_some(), mime != "image/png", "{mime}");
    }
}

#[test]
fn what_is_clean_stays_byte_for_byte() {
    for (bytes, mime) in all_with_everything() {
        let (_, clean) = stripped(&bytes, mime).unwrap();
        let (strip, again) = stripped(&clean, mime).unwrap();
        assert_eq!((strip, again == clean), (Strip::Unchanged, true), "{mime}");
    }
    let foreign: [(&[u8], &str); 2] = [
        (include_bytes!("files/photo.jpg"), "image/jpeg"),
        (include_bytes!("files/photo.webp"), "image/webp"),
    ];
    for (bytes, mime) in foreign {
        let (_, clean) = stripped(bytes, mime).unwrap();
        assert_eq!(read(bytes, mime).0, read(&clean, mime).0, "{mime}");
    }
}

#[test]
fn other_types_are_left_alone() {
    assert_eq!(stripped(b"%PDF-1.7", "application/pdf").unwrap(), (Strip::Unchanged, Vec::new()));
}

/// A cut anywhere within the picture is an error, never a file that is taken for clean.
#[test]
fn what_cannot_be_followed_is_an_error() {
    for (bytes, mime) in all_with_everything() {
        let (_, clean) = stripped(&bytes, mime).unwrap();
        for cut in 0..clean.len() {
            assert!(stripped(&clean[..cut], mime).is_err(), "{mime} cut at {cut} of {}", clean.len());
        }
    }
    let jpeg = encoded(ImageFormat::Jpeg);
    let wrong = [&jpeg[..2], b"\xff\xe1\0\x01", &jpeg[2..]].concat();
    assert!(matches!(stripped(&wrong, "image/jpeg"), Err(Error::Broken(_))));
    let png = encoded(ImageFormat::Png);
    let wrong = [&png[..33], &chunk(b"PRIV", SECRET), &png[33..]].concat();
    assert!(
        matches!(stripped(&wrong, "image/png"), Err(Error::Broken(_))),
        "a critical chunk that nobody knows"
    );
}
