//! Damaged and random files: whatever comes, nothing panics, and what is told keeps its promises.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

use std::io::Cursor;
use std::panic::catch_unwind;

use image::{DynamicImage, ImageFormat, RgbaImage};
use media::{HEAD, look, sniff, strip, voice_note};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

const MIMES: [&str; 18] = [
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "video/mp4",
    "video/quicktime",
    "video/webm",
    "audio/mp4",
    "audio/3gpp",
    "audio/webm",
    "audio/ogg",
    "audio/mpeg",
    "audio/wav",
    "audio/aac",
    "audio/amr",
    "audio/amr-wb",
    "audio/flac",
    "application/pdf",
];

fn good_files() -> Vec<(Vec<u8>, &'static str)> {
    let picture: DynamicImage =
        RgbaImage::from_fn(24, 16, |x, y| image::Rgba([x as u8 * 9, y as u8 * 9, 7, 200])).into();
    let encoded = |format: ImageFormat| {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        (bytes.into_inner(), format.to_mime_type())
    };
    let mut files: Vec<_> = [ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP].map(encoded).into();
    let known: [(&[u8], &str); 14] = [
        (include_bytes!("files/photo.jpg"), "image/jpeg"),
        (include_bytes!("files/photo.webp"), "image/webp"),
        (include_bytes!("files/clip.mp4"), "video/mp4"),
        (include_bytes!("files/clip.mov"), "video/quicktime"),
        (include_bytes!("files/clip.webm"), "video/webm"),
        (include_bytes!("files/frag.m4a"), "audio/mp4"),
        (include_bytes!("files/note.m4a"), "audio/mp4"),
        (include_bytes!("files/note.webm"), "audio/webm"),
        (include_bytes!("files/note.ogg"), "audio/ogg"),
        (include_bytes!("files/vorbis.ogg"), "audio/ogg"),
        (include_bytes!("files/note.mp3"), "audio/mpeg"),
        (include_bytes!("files/note.aac"), "audio/aac"),
        (include_bytes!("files/note.amr"), "audio/amr"),
        (b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\x04\0\0\0abcd", "audio/wav"),
    ];
    files.extend(known.map(|(bytes, mime)| (bytes.to_vec(), mime)));
    files
}

/// Everything that the server asks of a file.
fn ask(bytes: &[u8], mime: &str) {
    let _ = sniff(&bytes[..bytes.len().min(HEAD)], Some("x.docx"), Some(mime));
    let look = look(Cursor::new(bytes), mime);
    assert!(look.peaks.len() <= 64 && look.width != Some(0) && look.height != Some(0));
    if let Some(thumbnail) = look.thumbnail {
        assert!(thumbnail.width.max(thumbnail.height) <= media::THUMBNAIL_SIDE);
    }
    let mut output = Vec::new();
    if strip(Cursor::new(bytes), mime, &mut output).is_ok() && !output.is_empty() {
        assert!(output.len() <= bytes.len() + 64);
        let mut again = Vec::new();
        strip(Cursor::new(&output), mime, &mut again).expect("what is clean can be followed");
        assert_eq!(again, output);
    }
    let _ = voice_note(Cursor::new(bytes), mime, &mut Vec::new());
}

/// A change to a file: at a place of it, which wraps.
#[derive(Debug, Clone)]
enum Damage {
    Set(usize, u8),
    Flip(usize, u8),
    Cut(usize),
    Remove(usize, usize),
    Repeat(usize, usize),
    /// A number that lengths like to break at.
    Length(usize, u32),
}

fn damage() -> impl Strategy<Value = Damage> {
    let lengths = prop::sample::select(vec![0, 1, 7, 8, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, u32::MAX]);
    prop_oneof![
        (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Damage::Set(at, byte)),
        (any::<usize>(), 0..8_u8).prop_map(|(at, bit)| Damage::Flip(at, bit)),
        any::<usize>().prop_map(Damage::Cut),
        (any::<usize>(), 1..64_usize).prop_map(|(at, count)| Damage::Remove(at, count)),
        (any::<usize>(), 1..64_usize).prop_map(|(at, count)| Damage::Repeat(at, count)),
        (any::<usize>(), lengths).prop_map(|(at, length)| Damage::Length(at, length)),
    ]
}

fn damaged(bytes: &[u8], damages: &[Damage]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for damage in damages {
        let length = bytes.len();
        if length < 8 {
            break;
        }
        // Half of the damage is among the first bytes, where structure is.
        let place = |at: usize| if at.is_multiple_of(2) { at / 2 % length } else { at / 2 % length.min(200) };
        match *damage {
            Damage::Set(at, byte) => bytes[place(at)] = byte,
            Damage::Flip(at, bit) => bytes[place(at)] ^= 1 << bit,
            Damage::Cut(at) => bytes.truncate(at % length),
            Damage::Remove(at, count) => drop(bytes.drain(place(at)..(place(at) + count).min(length))),
            Damage::Repeat(at, count) => {
                let part = bytes[place(at)..(place(at) + count).min(length)].to_vec();
                bytes.splice(place(at)..place(at), part);
            }
            Damage::Length(at, value) => {
                let at = place(at).min(length - 4);
                bytes[at..at + 4].copy_from_slice(&value.to_be_bytes());
            }
        }
    }
    bytes
}

#[test]
fn damaged_files_never_panic() {
    let files = good_files();
    let file = prop::sample::select((0..files.len()).collect::<Vec<_>>());
    // A failure prints the least damage that does it.
    TestRunner::new(Config { cases: 1000, failure_persistence: None, ..Config::default() })
        .run(&(file, prop::collection::vec(damage(), 1..6)), |(file, damages)| {
            let (bytes, mime) = &files[file];
            let bytes = damaged(bytes, &damages);
            prop_assert!(catch_unwind(|| ask(&bytes, mime)).is_ok(), "{mime}: {damages:?}");
            Ok(())
        })
        .unwrap();
}

#[test]
fn files_cut_anywhere_never_panic() {
    for (bytes, mime) in good_files() {
        for cut in (0..bytes.len()).filter(|cut| *cut < 200 || cut % 17 == 0) {
            ask(&bytes[..cut], mime);
        }
    }
}

#[test]
fn a_file_taken_for_another_never_panics() {
    for (bytes, _) in good_files() {
        MIMES.iter().for_each(|mime| ask(&bytes, mime));
    }
}

#[test]
fn lengths_at_their_limits_never_panic() {
    for (bytes, mime) in good_files() {
        for at in 0..bytes.len().saturating_sub(4).min(120) {
            for length in [0, 0x7fff_ffff, u32::MAX] {
                ask(&damaged_length(&bytes, at, length), mime);
            }
        }
    }
}

fn damaged_length(bytes: &[u8], at: usize, length: u32) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at..at + 4].copy_from_slice(&length.to_be_bytes());
    bytes
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::default() })]

    #[test]
    fn random_bytes_never_panic(tail in prop::collection::vec(any::<u8>(), 0..600), kind in 0..17_usize, keep in 0..64_usize) {
        let (good, mime) = &good_files()[kind];
        let bytes = [&good[..keep.min(good.len())], &tail].concat();
        ask(&bytes, mime);
    }

    #[test]
    fn no_content_gets_a_type_that_a_browser_runs(
        head in prop::collection::vec(any::<u8>(), 0..64),
        name in ".{0,12}\\.(html|svg|xml|js|xhtml|docx|pdf)",
        declared in "(text/html|image/svg\\+xml|application/xhtml\\+xml|text/javascript|text/xml|[a-z]{1,5}/[a-z]{1,5})",
    ) {
        for head in [head.clone(), [b"<svg>", &head[..]].concat(), [b"<html>", &head[..]].concat()] {
            let mime = sniff(&head, Some(&name), Some(&declared));
            prop_assert!(!["html", "svg", "xml+", "javascript", "ecmascript"].iter().any(|run| mime.contains(run)));
            prop_assert!(mime != "text/xml" && mime != "application/xml");
        }
    }
}
