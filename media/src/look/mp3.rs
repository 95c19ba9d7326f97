//! MP3: the length by counting frames, the bars by decoding.

use std::io::{self, BufReader, Read, Seek};
use std::ops::ControlFlow;

use nanomp3::{Options, Reader, for_each_frame_reader};

use super::{Look, MAX_DECODED};
use crate::envelope::Envelope;

/// Samples that make one level.
const WINDOW: usize = 512;

pub(super) fn look<R: Read + Seek>(mut file: BufReader<R>) -> io::Result<Look> {
    let mut seconds = 0.0;
    for_each_frame_reader(&mut file, |frame| {
        // 0 samples a second would be a frame that the crate tells by mistake.
        seconds += frame.samples as f64 / f64::from(frame.sample_rate.max(1));
        ControlFlow::Continue(())
    })?;
    file.rewind()?;
    Ok(Look { duration_ms: Some((seconds * 1000.0).round() as u64), peaks: peaks(file), ..Look::default() })
}

fn peaks<R: Read + Seek>(file: BufReader<R>) -> Vec<u8> {
    let mut envelope = Envelope::default();
    let Ok(mut reader) = Reader::<_, f32>::with_options(file, Options::default().skip_scan(true)) else {
        return Vec::new();
    };
    let enough = MAX_DECODED * 48_000 * 2;
    let mut decoded = 0;
    while let Ok(Some(samples)) = reader.read_frame() {
        samples
            .chunks(WINDOW)
            .for_each(|window| envelope.push(super::sound::loudness(window.iter().copied())));
        decoded += samples.len() as u64;
        if decoded > enough {
            break;
        }
    }
    envelope.of_samples()
}
