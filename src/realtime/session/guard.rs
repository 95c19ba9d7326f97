//! Limits on what comes in, applied to bytes before anything is buffered or decoded.
//!
//! The codec looks at a frame only when it is complete: a peer that declares a frame of gigabytes could fill
//! the memory. This reads just the heads of frames as they pass: how long they claim to be, and how many there are.
//! Control frames and fragments count like all others.

use super::goodbye::Goodbye;
use crate::clock;
use std::time::Instant;

/// Largest frame, and largest message of several, in bytes of payload.
pub const MAX_FRAME: usize = 64 * 1_024;
/// Frames a second, in the long run.
const RATE: f64 = 20.0;
/// Frames at once: one more in the same second is too many.
const BURST: f64 = 20.0;

/// Judges the peer's bytes as they come.
pub struct Guard {
    heads: Heads,
    bucket: Bucket,
}

impl Guard {
    pub fn new() -> Self {
        Self { heads: Heads::default(), bucket: Bucket::new(clock::monotonic()) }
    }

    /// Whether the next bytes keep to the limits.
    pub fn judge(&mut self, bytes: &[u8]) -> Result<(), Goodbye> {
        let frames = self.heads.feed(bytes).map_err(|TooBig| Goodbye::TooBig)?;
        if self.bucket.take(frames, clock::monotonic()) { Ok(()) } else { Err(Goodbye::TooFast) }
    }
}

/// Follows the heads of frames through bytes in any portions.
#[derive(Debug, Default)]
struct Heads {
    /// Of the head that is being read.
    head: Vec<u8>,
    /// Bytes of payload still to come.
    payload: usize,
}

#[derive(Debug, PartialEq, Eq)]
struct TooBig;

impl Heads {
    /// How many frames began in these bytes.
    fn feed(&mut self, mut bytes: &[u8]) -> Result<u32, TooBig> {
        let mut frames = 0;
        loop {
            let skipped = self.payload.min(bytes.len());
            self.payload -= skipped;
            let Some((first, rest)) = bytes.get(skipped..).and_then(<[u8]>::split_first) else {
                return Ok(frames);
            };
            bytes = rest;
            self.head.push(*first);
            if let Some(length) = declared(&self.head) {
                self.head.clear();
                self.payload =
                    usize::try_from(length).ok().filter(|size| *size <= MAX_FRAME).ok_or(TooBig)?;
                frames += 1;
            }
        }
    }
}

/// The length of the payload, once the head is complete (RFC 6455 section 5.2).
fn declared(head: &[u8]) -> Option<u64> {
    let second = *head.get(1)?;
    let extended = match second & 0x7f {
        126 => 2,
        127 => 8,
        _ => 0,
    };
    let mask = if second & 0x80 == 0 { 0 } else { 4 };
    if head.len() < 2 + extended + mask {
        return None;
    }
    let length = head.get(2..2 + extended)?.iter().fold(0, |length, byte| length << 8 | u64::from(*byte));
    Some(if extended == 0 { u64::from(second & 0x7f) } else { length })
}

/// [`RATE`] a second, [`BURST`] at once.
#[derive(Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Bucket {
    fn new(now: Instant) -> Self {
        Self { left: BURST, at: now }
    }

    fn take(&mut self, frames: u32, now: Instant) -> bool {
        let gained = now.saturating_duration_since(self.at).as_secs_f64() * RATE;
        self.left = (self.left + gained).min(BURST) - f64::from(frames);
        self.at = now;
        self.left >= 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::Duration;

    fn frame(size: usize) -> Vec<u8> {
        let mut bytes = vec![0x81];
        match size {
            0..=125 => bytes.push(0x80 | u8::try_from(size).expect("small")),
            126..=65_535 => {
                bytes.push(0x80 | 126);
                bytes.extend(u16::try_from(size).expect("fits").to_be_bytes());
            }
            _ => {
                bytes.push(0x80 | 127);
                bytes.extend((size as u64).to_be_bytes());
            }
        }
        bytes.extend([1, 2, 3, 4]);
        bytes.extend(std::iter::repeat_n(7, size));
        bytes
    }

    #[test]
    fn a_frame_at_the_limit_and_one_above() {
        assert_eq!(Heads::default().feed(&frame(MAX_FRAME)), Ok(1));
        assert_eq!(Heads::default().feed(&frame(MAX_FRAME + 1)), Err(TooBig));
    }

    #[test]
    fn a_huge_declared_length_is_refused_by_its_head() {
        let head = [0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4];
        assert_eq!(Heads::default().feed(&head), Err(TooBig));
        let head = [0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4];
        assert_eq!(Heads::default().feed(&head), Err(TooBig));
    }

    #[test]
    fn the_burst_and_one_more_and_the_rate() {
        let now = clock::monotonic();
        let mut bucket = Bucket::new(now);
        assert!(bucket.take(20, now));
        assert!(!bucket.take(1, now));
        let mut bucket = Bucket::new(now);
        assert!((0..200).all(|n| bucket.take(1, now + Duration::from_millis(50 * n))));
        assert!((0..50).any(|n| !bucket.take(2, now + Duration::from_millis(10_000 + 50 * n))));
    }

    proptest! {
        #[test]
        fn portions_make_no_difference(
            sizes in prop::collection::vec(prop_oneof![0_usize..130, 65_000_usize..65_537], 0..6),
            portion in 1_usize..5_000,
        ) {
            let bytes: Vec<u8> = sizes.iter().flat_map(|size| frame(*size)).collect();
            let mut heads = Heads::default();
            let frames: u32 = bytes.chunks(portion).map(|chunk| heads.feed(chunk).expect("within limits")).sum();
            prop_assert_eq!(frames as usize, sizes.len());
        }

        #[test]
        fn garbage_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = Heads::default().feed(&bytes);
        }
    }
}
