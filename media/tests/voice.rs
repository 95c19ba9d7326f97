//! Voice notes on their way from WebM to Ogg: nothing lost, nothing changed.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::io::Cursor;

use media::{Error, VoiceNote, look, voice_note};
use ogg::PacketReader;

const FFMPEG_WEBM: &[u8] = include_bytes!("files/note.webm");
/// The same sound by the same encoder, put into Ogg by ffmpeg.
const FFMPEG_OGG: &[u8] = include_bytes!("files/note.ogg");
const CHROMIUM: &[u8] = include_bytes!("files/chromium.webm");

fn remuxed(webm: &[u8]) -> (Vec<u8>, u64) {
    let mut ogg = Vec::new();
    match voice_note(Cursor::new(webm), "audio/webm", &mut ogg).unwrap() {
        VoiceNote::Remuxed { duration_ms } => (ogg, duration_ms),
        other => panic!("{other:?}"),
    }
}

/// Packets, the granule positions of their pages, and which ends the stream; the reader checks the checksums.
fn packets(ogg: &[u8]) -> Vec<(Vec<u8>, u64, bool)> {
    let mut reader = PacketReader::new(Cursor::new(ogg));
    std::iter::from_fn(|| reader.read_packet().unwrap())
        .map(|packet| (packet.data.clone(), packet.absgp_page(), packet.last_in_stream()))
        .collect()
}

#[test]
fn packets_are_those_that_were_recorded() {
    let ours = packets(&remuxed(FFMPEG_WEBM).0);
    let theirs = packets(FFMPEG_OGG);
    assert_eq!(ours.len(), theirs.len());
    let sound = |packets: &[(Vec<u8>, u64, bool)]| {
        packets[2..].iter().map(|(data, ..)| data.clone()).collect::<Vec<_>>()
    };
    assert_eq!(sound(&ours), sound(&theirs));
    assert_eq!(ours[0].0, theirs[0].0, "the head");
    assert_eq!(ours.last().unwrap().1, theirs.last().unwrap().1, "where the sound ends");
}

#[test]
fn a_page_tells_the_time_at_which_its_last_packet_ends() {
    let (ogg, duration_ms) = remuxed(FFMPEG_WEBM);
    // The encoder's delay at the beginning and the filling at the end are not played.
    assert_eq!(duration_ms, 2000);
    assert_eq!(look(Cursor::new(&ogg), "audio/ogg").duration_ms, Some(2000));
    let packets = packets(&ogg);
    let sound = &packets[2..];
    for (at, pair) in sound.windows(2).enumerate() {
        if pair[0].1 != pair[1].1 {
            assert_eq!(pair[0].1, (at as u64 + 1) * 960, "packets of 20 ms");
        }
    }
    assert!(sound.windows(2).any(|pair| pair[0].1 != pair[1].1), "several pages");
}

#[test]
fn a_recording_of_chromium_keeps_its_length() {
    let (ogg, duration_ms) = remuxed(CHROMIUM);
    let packets = packets(&ogg);
    assert!(packets[0].0.starts_with(b"OpusHead") && packets[1].0.starts_with(b"OpusTags"));
    assert_eq!((packets[0].1, packets[1].1), (0, 0));
    assert_eq!(packets.iter().filter(|(.., last)| *last).count(), 1);
    assert!(packets.last().unwrap().2 && packets.is_sorted_by_key(|(_, granule, _)| *granule));
    let pages: std::collections::BTreeSet<u64> = packets.iter().map(|(_, granule, _)| *granule).collect();
    assert!(pages.len() > 3, "about one page a second: {pages:?}");

    let shown = look(Cursor::new(&ogg), "audio/ogg");
    assert_eq!(shown.duration_ms, Some(duration_ms));
    let recorded = look(Cursor::new(CHROMIUM), "audio/webm").duration_ms.unwrap();
    // A block's time is that of its beginning, so the recording seems one packet shorter.
    assert!(duration_ms.abs_diff(recorded) <= 120, "{duration_ms} {recorded}");
}

#[test]
fn what_is_ready_or_no_opus_is_left_alone() {
    let files: [(&[u8], &str, VoiceNote); 5] = [
        (FFMPEG_OGG, "audio/ogg", VoiceNote::Ready),
        (include_bytes!("files/vorbis.ogg"), "audio/ogg", VoiceNote::OtherCodec),
        (include_bytes!("files/note.m4a"), "audio/mp4", VoiceNote::OtherCodec),
        (include_bytes!("files/clip.webm"), "video/webm", VoiceNote::OtherCodec),
        (b"", "audio/webm", VoiceNote::OtherCodec),
    ];
    for (bytes, mime, found) in files {
        let mut output = Vec::new();
        assert_eq!(voice_note(Cursor::new(bytes), mime, &mut output).unwrap(), found, "{mime}");
        assert_eq!(output, b"", "{mime}");
    }
}

#[test]
fn a_recording_that_was_cut_is_an_error() {
    for cut in [1, 5, 40] {
        let cut = &CHROMIUM[..CHROMIUM.len() - cut];
        let result = voice_note(Cursor::new(cut), "audio/webm", &mut Vec::new());
        assert!(matches!(result, Err(Error::Broken(_))), "{result:?}");
    }
}
