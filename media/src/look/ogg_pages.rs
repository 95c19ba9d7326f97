//! Ogg with Opus or Vorbis: heads of pages only, which tell the time and the sizes of packets.

use std::io::{self, BufRead, BufReader, Read, Seek};

use super::{Look, milliseconds};
use crate::envelope::Envelope;
use crate::opus;

/// Bytes of the first page that tell the codec.
const FIRST: u64 = 30;

pub(super) fn look<R: Read + Seek>(mut file: BufReader<R>) -> io::Result<Look> {
    let Some(first) = next_page(&mut file)? else { return Ok(Look::default()) };
    let mut head = Vec::new();
    file.by_ref().take(FIRST.min(first.length)).read_to_end(&mut head)?;
    let Some(clock) = Clock::of(&head) else { return Ok(Look::default()) };
    file.seek_relative((first.length - head.len() as u64) as i64)?;

    let mut last = 0;
    let mut packets = Packets { size: 0, tags_seen: false, sizes: Envelope::default() };
    while let Ok(Some(page)) = next_page(&mut file) {
        file.seek_relative(page.length as i64)?;
        if page.serial == first.serial {
            // All ones: no packet ends on this page.
            last = if page.granule == u64::MAX { last } else { page.granule.max(last) };
            packets.take(&page.laces);
        }
    }
    let duration_ms = milliseconds(last.saturating_sub(clock.pre_skip), clock.rate);
    let peaks = if clock.opus { packets.sizes.of_sizes() } else { Vec::new() };
    Ok(Look { duration_ms, peaks, ..Look::default() })
}

/// How a codec counts time in Ogg.
struct Clock {
    rate: u64,
    pre_skip: u64,
    opus: bool,
}

impl Clock {
    fn of(head: &[u8]) -> Option<Clock> {
        if let Some(head) = opus::Head::parse(head) {
            return Some(Clock { rate: opus::RATE, pre_skip: head.pre_skip(), opus: true });
        }
        let vorbis = head.strip_prefix(b"\x01vorbis")?;
        let rate = u32::from_le_bytes(*vorbis.get(5..)?.first_chunk()?);
        Some(Clock { rate: u64::from(rate), pre_skip: 0, opus: false })
    }
}

/// The sizes of Opus packets, which laces give in portions of at most 255 bytes.
struct Packets {
    size: u32,
    /// The packet of tags, which stands before the sound, is over.
    tags_seen: bool,
    sizes: Envelope,
}

impl Packets {
    fn take(&mut self, laces: &[u8]) {
        for lace in laces {
            self.size = self.size.saturating_add(u32::from(*lace));
            if *lace == 255 {
                continue;
            }
            if self.tags_seen {
                self.sizes.push(self.size as f32);
            }
            self.tags_seen = true;
            self.size = 0;
        }
    }
}

/// The head of a page.
struct Page {
    serial: u32,
    granule: u64,
    laces: Vec<u8>,
    /// Bytes of its body; at most 255 * 255.
    length: u64,
}

/// `None` at the end, or where no page is.
fn next_page(file: &mut impl BufRead) -> io::Result<Option<Page>> {
    if file.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let mut head = [0; 27];
    file.read_exact(&mut head)?;
    let [b'O', b'g', b'g', b'S', 0, _, time @ .., _, _, _, _, _, _, _, _, _, _, _, _, count] = head else {
        return Ok(None);
    };
    let [.., s0, s1, s2, s3, _, _, _, _, _, _, _, _, _] = head;
    let mut laces = vec![0; usize::from(count)];
    file.read_exact(&mut laces)?;
    let length = laces.iter().map(|lace| u64::from(*lace)).sum();
    Ok(Some(Page {
        serial: u32::from_le_bytes([s0, s1, s2, s3]),
        granule: u64::from_le_bytes(time),
        laces,
        length,
    }))
}
