//! What is shown of real files: written by ffmpeg, recorded by Chromium, or made here with `image`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use media::{Look, THUMBNAIL_SIDE, Thumbnail, look};

fn of(bytes: &[u8], mime: &str) -> Look {
    look(Cursor::new(bytes), mime)
}

/// Two seconds; in each of them half a second of a tone, then half a second of almost nothing.
const SOUNDS: [(&[u8], &str); 8] = [
    (include_bytes!("files/note.ogg"), "audio/ogg"),
    (include_bytes!("files/note.webm"), "audio/webm"),
    (include_bytes!("files/note.mp3"), "audio/mpeg"),
    (include_bytes!("files/vorbis.ogg"), "audio/ogg"),
    (include_bytes!("files/note.m4a"), "audio/mp4"),
    (include_bytes!("files/frag.m4a"), "audio/mp4"),
    (include_bytes!("files/note.aac"), "audio/aac"),
    (include_bytes!("files/note.amr"), "audio/amr"),
];

#[test]
fn a_sound_tells_its_length() {
    for (bytes, mime) in SOUNDS {
        let ms = of(bytes, mime).duration_ms.unwrap_or_default();
        assert!(ms.abs_diff(2000) <= 150, "{mime}: {ms}");
    }
    let mut flac = *b"fLaC\0\0\0\x22\x10\0\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    // 8000 samples a second, 20 000 samples.
    flac[18..26].copy_from_slice(&(8000_u64 << 44 | 20_000).to_be_bytes());
    assert_eq!(of(&flac, "audio/flac").duration_ms, Some(2500));
}

/// Whether the four quarters are loud, quiet, loud, quiet.
fn follows_the_tone(peaks: &[u8]) -> bool {
    let mean = |part: &[u8]| part.iter().map(|peak| u32::from(*peak)).sum::<u32>() / part.len() as u32;
    let parts: Vec<u32> = peaks.chunks(peaks.len().div_ceil(4)).map(mean).collect();
    peaks.iter().max() == Some(&255) && parts[0] > 2 * parts[1] && parts[2] > 2 * parts[3]
}

#[test]
fn bars_follow_the_sound() {
    for (bytes, mime) in SOUNDS.into_iter().take(3) {
        let peaks = of(bytes, mime).peaks;
        assert!(peaks.len() == 64 && follows_the_tone(&peaks), "{mime}: {peaks:?}");
    }
    for (coding, bits) in [(1_u16, 8_u16), (1, 16), (1, 24), (1, 32), (3, 32)] {
        let look = of(&wav(coding, bits), "audio/wav");
        assert_eq!(look.duration_ms, Some(2000), "{coding} {bits}");
        assert!(follows_the_tone(&look.peaks), "{coding} {bits}: {:?}", look.peaks);
    }
}

/// The same sound as a WAV of one channel and 8000 samples a second.
fn wav(coding: u16, bits: u16) -> Vec<u8> {
    let sample = |at: usize| if at % 8000 < 4000 { (at as f64 / 3.0).sin() * 0.8 } else { 0.01 };
    let bytes = |value: f64| match (coding, bits) {
        (3, _) => (value as f32).to_le_bytes().to_vec(),
        (_, 8) => vec![(value * 127.0 + 128.0) as u8],
        (_, 16) => ((value * 32767.0) as i16).to_le_bytes().to_vec(),
        (_, 24) => ((value * 8_388_607.0) as i32).to_le_bytes()[..3].to_vec(),
        _ => ((value * 2_147_483_647.0) as i32).to_le_bytes().to_vec(),
    };
    let data: Vec<u8> = (0..16_000).flat_map(|at| bytes(sample(at))).collect();
    let a_second = 8000 * u32::from(bits / 8);
    let parts: [&[u8]; 10] = [
        b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0",
        &coding.to_le_bytes(),
        &1_u16.to_le_bytes(),
        &8000_u32.to_le_bytes(),
        &a_second.to_le_bytes(),
        &(bits / 8).to_le_bytes(),
        &bits.to_le_bytes(),
        b"LIST\x03\0\0\0abc\0data",
        &(data.len() as u32).to_le_bytes(),
        &data,
    ];
    parts.concat()
}

#[test]
fn a_recording_without_a_length_has_that_of_its_blocks() {
    let ms = of(include_bytes!("files/chromium.webm"), "audio/webm").duration_ms.unwrap_or_default();
    assert!(ms.abs_diff(2500) < 300, "{ms}");
}

#[test]
fn a_film_tells_its_size_and_length() {
    let films: [(&[u8], &str, (u32, u32)); 3] = [
        (include_bytes!("files/clip.mp4"), "video/mp4", (96, 64)),
        (include_bytes!("files/clip.mov"), "video/quicktime", (64, 96)),
        (include_bytes!("files/clip.webm"), "video/webm", (96, 64)),
    ];
    for (bytes, mime, (width, height)) in films {
        let look = of(bytes, mime);
        assert_eq!(
            (look.width, look.height, look.duration_ms),
            (Some(width), Some(height), Some(2000)),
            "{mime}"
        );
    }
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn thumbnail(bytes: &[u8], mime: &str) -> (Thumbnail, RgbaImage) {
    let thumbnail = of(bytes, mime).thumbnail.unwrap_or_else(|| panic!("no thumbnail of {mime}"));
    let format = ImageFormat::from_mime_type(thumbnail.mime_type).unwrap();
    let picture = image::load_from_memory_with_format(&thumbnail.bytes, format).unwrap().into_rgba8();
    assert_eq!((picture.width(), picture.height()), (thumbnail.width, thumbnail.height));
    (thumbnail, picture)
}

#[test]
fn a_thumbnail_is_smaller_and_looks_alike() {
    let half = |x| if x < 500 { Rgb([200, 30, 30]) } else { Rgb([30, 30, 200]) };
    let picture = DynamicImage::from(RgbImage::from_fn(1000, 250, |x, _| half(x)));
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP] {
        let bytes = encoded(&picture, format);
        let mime = format.to_mime_type();
        let look = of(&bytes, mime);
        assert_eq!((look.width, look.height), (Some(1000), Some(250)), "{mime}");
        let (thumbnail, small) = thumbnail(&bytes, mime);
        assert_eq!(
            (thumbnail.mime_type, thumbnail.width, thumbnail.height),
            ("image/jpeg", THUMBNAIL_SIDE, 120)
        );
        let [left, right] = [small.get_pixel(60, 60), small.get_pixel(420, 60)].map(|pixel| pixel.0);
        assert!(left[0].abs_diff(200) < 12 && right[2].abs_diff(200) < 12, "{mime}: {left:?} {right:?}");
    }
}

#[test]
fn a_thumbnail_keeps_transparency_and_what_is_small_stays_its_size() {
    let picture = RgbaImage::from_fn(100, 50, |x, _| Rgba([0, 255, 0, if x < 50 { 0 } else { 255 }]));
    let (thumbnail, small) = thumbnail(&encoded(&picture.into(), ImageFormat::Png), "image/png");
    assert_eq!((thumbnail.mime_type, thumbnail.width, thumbnail.height), ("image/webp", 100, 50));
    assert_eq!((small.get_pixel(10, 10).0[3], small.get_pixel(90, 10).0), (0, [0, 255, 0, 255]));
}

#[test]
fn what_is_transparent_and_large_is_put_on_white() {
    let mut state = 7_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let picture =
        RgbaImage::from_fn(480, 480, |x, _| Rgba([noise(), noise(), noise(), if x < 20 { 0 } else { 255 }]));
    let (thumbnail, small) = thumbnail(&encoded(&picture.into(), ImageFormat::Png), "image/png");
    assert_eq!(thumbnail.mime_type, "image/jpeg");
    assert!(small.get_pixel(4, 200).0.iter().all(|colour| *colour > 240));
}

#[test]
fn a_turned_picture_is_shown_upright() {
    let red_on_top = RgbImage::from_fn(80, 40, |_, y| if y < 20 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 0]) });
    let plain = encoded(&red_on_top.into(), ImageFormat::Jpeg);
    // EXIF, orientation 6: to be turned by a quarter, clockwise.
    let exif = b"\xff\xe1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let turned = [&plain[..2], exif, &plain[2..]].concat();
    let look = of(&turned, "image/jpeg");
    assert_eq!((look.width, look.height), (Some(40), Some(80)));
    let (_, small) = thumbnail(&turned, "image/jpeg");
    assert!(small.get_pixel(35, 40).0[0] > 200 && small.get_pixel(5, 40).0[0] < 50, "red is on the right");
}

#[test]
fn a_look_at_the_wrong_type_is_empty() {
    for (bytes, _) in SOUNDS {
        for mime in ["image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf", "audio/flac"] {
            assert_eq!(of(bytes, mime), Look::default(), "{mime}");
        }
    }
}
