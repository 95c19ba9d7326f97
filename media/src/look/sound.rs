//! WAV, AAC with ADTS heads, AMR and FLAC: formats that are told by counting.

use std::io::{self, BufReader, Read, Seek};

use super::{Look, MAX_DECODED, milliseconds};
use crate::envelope::Envelope;

/// Bytes read at a time of a WAV's sound.
const PORTION: u64 = 4096;

/// The root of the mean square: how loud samples of -1 to 1 are.
pub(super) fn loudness(samples: impl ExactSizeIterator<Item = f32>) -> f32 {
    let count = samples.len().max(1) as f32;
    (samples.map(|sample| sample * sample).sum::<f32>() / count).sqrt()
}

pub(super) fn wav<R: Read + Seek>(mut file: BufReader<R>) -> io::Result<Look> {
    file.seek_relative(12)?;
    let mut format = None;
    loop {
        let mut head = [0; 8];
        file.read_exact(&mut head)?;
        let [kind @ .., a, b, c, d] = head;
        let length = u32::from_le_bytes([a, b, c, d]);
        match &kind {
            b"fmt " => {
                let mut bytes = Vec::new();
                let read = file.by_ref().take(u64::from(length.min(40))).read_to_end(&mut bytes)?;
                file.seek_relative(padded(length) - read as i64)?;
                format = WavFormat::parse(&bytes);
            }
            b"data" => {
                return format.map_or_else(|| Ok(Look::default()), |format| format.sound(file, length));
            }
            _ => file.seek_relative(padded(length))?,
        }
    }
}

/// Bytes of a chunk with the one that makes them even.
fn padded(length: u32) -> i64 {
    i64::from(length) + i64::from(length % 2)
}

struct WavFormat {
    /// 1 whole numbers, 3 floats; others have a length only.
    coding: u16,
    rate: u64,
    /// Bytes of a second.
    bytes: u64,
    bits: u16,
}

impl WavFormat {
    fn parse(bytes: &[u8]) -> Option<WavFormat> {
        let short = |at: usize| bytes.get(at..)?.first_chunk().map(|two| u16::from_le_bytes(*two));
        let long =
            |at: usize| bytes.get(at..)?.first_chunk().map(|four| u64::from(u32::from_le_bytes(*four)));
        // 0xfffe: the coding stands further on.
        let coding = if short(0)? == 0xfffe { short(24)? } else { short(0)? };
        Some(WavFormat { coding, rate: long(4)?, bytes: long(8)?, bits: short(14)? })
    }

    fn sound(&self, mut file: impl Read, length: u32) -> io::Result<Look> {
        let mut envelope = Envelope::default();
        let enough = u64::from(length).min(MAX_DECODED.saturating_mul(self.bytes));
        // A level is some hundredths of a second, of whole samples at any width.
        let portion = (self.bytes / 50 / 24 * 24).clamp(24, PORTION / 24 * 24);
        let mut left = enough;
        let mut bytes = Vec::new();
        while left > 0 && self.rate > 0 {
            bytes.clear();
            let read = file.by_ref().take(portion.min(left)).read_to_end(&mut bytes)?;
            match self.level(&bytes) {
                Some(level) if read > 0 => envelope.push(level),
                _ => break,
            }
            left -= read as u64;
        }
        Ok(Look {
            duration_ms: milliseconds(u64::from(length), self.bytes),
            peaks: envelope.of_samples(),
            ..Look::default()
        })
    }

    fn level(&self, bytes: &[u8]) -> Option<f32> {
        match (self.coding, self.bits) {
            (1, 8) => Some(loudness(bytes.iter().map(|byte| (f32::from(*byte) - 128.0) / 128.0))),
            (1, 16) => Some(loudness(
                bytes.as_chunks().0.iter().map(|two| f32::from(i16::from_le_bytes(*two)) / 32768.0),
            )),
            (1, 24) => {
                let samples = bytes.as_chunks().0.iter();
                Some(loudness(
                    samples.map(|[_, low, high]| f32::from(i16::from_le_bytes([*low, *high])) / 32768.0),
                ))
            }
            (1, 32) => {
                let samples = bytes.as_chunks().0.iter();
                Some(loudness(
                    samples.map(|[_, _, low, high]| f32::from(i16::from_le_bytes([*low, *high])) / 32768.0),
                ))
            }
            (3, 32) => {
                let samples = bytes.as_chunks().0.iter();
                let level = loudness(samples.map(|four| f32::from_le_bytes(*four)));
                Some(if level.is_finite() { level } else { 0.0 })
            }
            _ => None,
        }
    }
}

/// AAC as a stream: every frame of 1024 samples tells its length.
pub(super) fn aac<R: Read + Seek>(mut file: BufReader<R>) -> io::Result<Look> {
    const RATES: [u64; 13] =
        [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];
    let (mut blocks, mut rate) = (0, 0);
    let mut head = [0; 7];
    while file.read_exact(&mut head).is_ok() {
        let [0xff, second, third, high, middle, low, last] = head else { break };
        let length = i64::from(high & 3) << 11 | i64::from(middle) << 3 | i64::from(low >> 5);
        if second & 0xf6 != 0xf0 || length < 7 {
            break;
        }
        rate = RATES.get(usize::from(third >> 2 & 15)).copied().unwrap_or(rate);
        blocks += u64::from(last & 3) + 1;
        file.seek_relative(length - 7)?;
    }
    Ok(Look { duration_ms: milliseconds(blocks * 1024, rate), ..Look::default() })
}

/// A kind of AMR: bytes of its file's head, and bytes of a frame by the frame's type.
pub(super) struct Amr {
    head: i64,
    frames: [i64; 16],
}

pub(super) const AMR_NARROW: Amr =
    Amr { head: 6, frames: [13, 14, 16, 18, 20, 21, 27, 32, 6, 1, 1, 1, 1, 1, 1, 1] };
pub(super) const AMR_WIDE: Amr =
    Amr { head: 9, frames: [18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 1, 1, 1, 1, 1, 1] };

/// AMR: a frame is 20 ms, and its first byte tells its length.
pub(super) fn amr<R: Read + Seek>(mut file: BufReader<R>, kind: &Amr) -> io::Result<Look> {
    file.seek_relative(kind.head)?;
    let mut frames = 0;
    let mut first = [0];
    while file.read_exact(&mut first).is_ok() {
        let [first] = first;
        let length = kind.frames.get(usize::from(first >> 3 & 15)).copied().unwrap_or(1);
        file.seek_relative(length - 1)?;
        frames += 1;
    }
    Ok(Look { duration_ms: milliseconds(frames, 50), ..Look::default() })
}

/// FLAC: the first block tells rate and number of samples.
pub(super) fn flac<R: Read + Seek>(mut file: BufReader<R>) -> io::Result<Look> {
    let mut head = Vec::new();
    file.by_ref().take(26).read_to_end(&mut head)?;
    let [b'f', b'L', b'a', b'C', kind, _, _, _, _, _, _, _, _, _, _, _, _, _, told @ ..] = head.as_slice()
    else {
        return Ok(Look::default());
    };
    let told = told.first_chunk().map(|told| u64::from_be_bytes(*told)).unwrap_or_default();
    let duration_ms = if kind & 0x7f == 0 { milliseconds(told & 0xf_ffff_ffff, told >> 44) } else { None };
    Ok(Look { duration_ms, ..Look::default() })
}
