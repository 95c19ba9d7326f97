//! Matroska and WebM, read as a flat row of elements.
//!
//! Lists are entered, not nested: that serves what recorders write, where segments and clusters have no length, and
//! there is no depth that an attacker could choose. Own code because `matroska-demuxer` allocates what an element
//! declares.

use std::io::{self, BufRead, Read, Seek};

pub(crate) const CLUSTER: u32 = 0x1f43_b675;
pub(crate) const CLUSTER_TIME: u32 = 0xe7;
pub(crate) const SIMPLE_BLOCK: u32 = 0xa3;
pub(crate) const BLOCK: u32 = 0xa1;
pub(crate) const TIME_SCALE: u32 = 0x2a_d7b1;
pub(crate) const DURATION: u32 = 0x4489;
pub(crate) const TRACK: u32 = 0xae;
pub(crate) const TRACK_NUMBER: u32 = 0xd7;
pub(crate) const CODEC: u32 = 0x86;
pub(crate) const CODEC_PRIVATE: u32 = 0x63a2;
pub(crate) const WIDTH: u32 = 0xb0;
pub(crate) const HEIGHT: u32 = 0xba;
pub(crate) const DISCARD_PADDING: u32 = 0x75a2;

const SEGMENT: u32 = 0x1853_8067;
const INFO: u32 = 0x1549_a966;
const TRACKS: u32 = 0x1654_ae6b;
const VIDEO: u32 = 0xe0;
const BLOCK_GROUP: u32 = 0xa0;

/// Elements of a file that are read; an hour of film has some hundred thousand.
pub(crate) const MAX_ELEMENTS: usize = 4_000_000;

/// Nanoseconds of a tick where the file says nothing.
pub(crate) const USUAL_TIME_SCALE: u64 = 1_000_000;

/// An element's head. A list's `size` is 0: what follows is inside of it, or after it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Element {
    pub(crate) id: u32,
    pub(crate) size: u64,
}

/// The next element's head; `None` at the end of the file.
pub(crate) fn next_element(input: &mut impl BufRead) -> io::Result<Option<Element>> {
    if input.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let Ok(id) = u32::try_from(vint(input, 4, false)?) else { return Ok(None) };
    let size = vint(input, 8, true)?;
    let is_list = matches!(id, SEGMENT | INFO | TRACKS | TRACK | VIDEO | CLUSTER | BLOCK_GROUP);
    Ok(Some(Element { id, size: if is_list { 0 } else { size } }))
}

/// At most `cap` bytes of the element that was told last; the rest of it is passed over.
pub(crate) fn payload(input: &mut (impl BufRead + Seek), size: u64, cap: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = input.by_ref().take(size.min(cap)).read_to_end(&mut bytes)? as u64;
    // A length beyond the end, or below zero as an offset, ends the file.
    input.seek_relative(i64::try_from(size - read).unwrap_or(i64::MAX / 2))?;
    Ok(bytes)
}

/// A number of up to eight bytes.
pub(crate) fn number(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).fold(0, |value, byte| value << 8 | u64::from(*byte))
}

pub(crate) fn float(bytes: &[u8]) -> Option<f64> {
    match *bytes {
        [a, b, c, d] => Some(f64::from(f32::from_be_bytes([a, b, c, d]))),
        _ => bytes.try_into().ok().map(f64::from_be_bytes),
    }
}

/// What stands before the frames of a block.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BlockHead {
    pub(crate) track: u64,
    /// Ticks after its cluster's time.
    pub(crate) time: i16,
    /// Whether several frames share the block.
    pub(crate) laced: bool,
    /// Bytes of this head.
    pub(crate) length: usize,
}

pub(crate) fn block_head(mut bytes: &[u8]) -> Option<BlockHead> {
    let all = bytes.len();
    let track = vint(&mut bytes, 8, true).ok()?;
    match *bytes {
        [high, low, flags, ..] => {
            let time = i16::from_be_bytes([high, low]);
            Some(BlockHead { track, time, laced: flags & 6 != 0, length: all - bytes.len() + 3 })
        }
        _ => None,
    }
}

/// A number whose leading zeros tell its length; with the bit that ends them, or without.
fn vint(input: &mut impl Read, longest: u32, without_marker: bool) -> io::Result<u64> {
    let mut first = [0];
    input.read_exact(&mut first)?;
    let [first] = first;
    let more = first.leading_zeros();
    if more >= longest {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let marker = 0x80_u8 >> more;
    let mut value = u64::from(if without_marker { first & !marker } else { first });
    for _ in 0..more {
        let mut next = [0];
        input.read_exact(&mut next)?;
        let [next] = next;
        value = value << 8 | u64::from(next);
    }
    Ok(value)
}
