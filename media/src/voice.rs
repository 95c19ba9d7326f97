//! Voice notes: what a browser records, in the one form that WhatsApp takes for them, Ogg with Opus.
//!
//! Chromium records WebM with Opus, whose packets are put into Ogg as they are: nothing is decoded, nothing is lost.
//! Firefox records Ogg with Opus. Safari records MP4 with AAC, which stays what it is and is sent as ordinary audio; so
//! does Opus in MP4, which a recorder writes only if it is asked for it.

use std::io::{BufReader, Read, Seek, Write};

use ogg::{PacketWriteEndInfo, PacketWriter};

use crate::Error;
use crate::ebml::{self, BlockHead, Element, block_head, next_element, number, payload};
use crate::opus::{self, Head};

/// What [`voice_note`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoiceNote {
    /// The output is Ogg with Opus, and as long as this.
    Remuxed { duration_ms: u64 },
    /// The input is Ogg with Opus; nothing was written.
    Ready,
    /// The input is something else; nothing was written, and it can be sent as ordinary audio.
    OtherCodec,
}

/// Samples of a page: one second.
const PAGE: u64 = opus::RATE;

/// Any number will do where a file has one stream.
const SERIAL: u32 = 1;

const TAGS: &[u8] = b"OpusTags\x0b\0\0\0switchboard\0\0\0\0";

/// Writes the voice note `input`, which is of type `mime` as [`sniff`](crate::sniff()) told it, to `output` as Ogg with
/// Opus, unless it is that already or can't become it.
pub fn voice_note(input: impl Read + Seek, mime: &str, output: &mut impl Write) -> Result<VoiceNote, Error> {
    let mut input = BufReader::new(input);
    match mime {
        "audio/ogg" => {
            let mut first = Vec::new();
            input.take(128).read_to_end(&mut first)?;
            let opus = first.get(28..).is_some_and(|packet| Head::parse(packet).is_some());
            Ok(if opus { VoiceNote::Ready } else { VoiceNote::OtherCodec })
        }
        "audio/webm" | "video/webm" | "video/x-matroska" => remux(&mut input, output),
        _ => Ok(VoiceNote::OtherCodec),
    }
}

/// A track as far as it has been told.
#[derive(Default)]
struct Track {
    number: Option<u64>,
    opus: bool,
    head: Option<Head>,
}

fn remux<R: Read + Seek>(input: &mut BufReader<R>, output: &mut impl Write) -> Result<VoiceNote, Error> {
    let mut track = Track::default();
    for _ in 0..ebml::MAX_ELEMENTS {
        let Some(element) = next_element(input)? else { break };
        match element.id {
            // The tracks are told before the first cluster.
            ebml::CLUSTER => break,
            ebml::TRACK if track.opus => {
                payload(input, element.size, 0)?;
                break;
            }
            ebml::TRACK => track = Track::default(),
            _ => {}
        }
        let bytes = payload(input, element.size, 64)?;
        match element.id {
            ebml::TRACK_NUMBER => track.number = Some(number(&bytes)),
            ebml::CODEC => track.opus = bytes == b"A_OPUS",
            ebml::CODEC_PRIVATE => track.head = Head::parse(&bytes),
            _ => {}
        }
    }
    let Track { number: Some(track), opus: true, head: Some(head) } = track else {
        return Ok(VoiceNote::OtherCodec);
    };
    let mut note = Note::begin(output, head)?;
    for _ in 0..ebml::MAX_ELEMENTS {
        match next_element(input)? {
            Some(element) => note.element(input, element, track)?,
            None => return Ok(VoiceNote::Remuxed { duration_ms: note.end()? }),
        }
    }
    Err(Error::Broken("it has too many parts"))
}

/// An Ogg file that is being written. A packet waits for the next one, because the last ends the stream.
struct Note<'a, W: Write> {
    pages: PacketWriter<'static, &'a mut W>,
    head: Head,
    waiting: Option<Vec<u8>>,
    /// Samples of the packet that waits.
    last: u64,
    /// Samples up to the end of the packet that waits.
    samples: u64,
    /// Samples on the page that is being filled.
    on_page: u64,
    /// Nanoseconds at the end that are not played.
    discard: u64,
}

impl<'a, W: Write> Note<'a, W> {
    fn begin(output: &'a mut W, head: Head) -> Result<Self, Error> {
        let mut pages = PacketWriter::new(output);
        pages.write_packet(head.bytes().to_vec(), SERIAL, PacketWriteEndInfo::EndPage, 0)?;
        pages.write_packet(TAGS, SERIAL, PacketWriteEndInfo::EndPage, 0)?;
        Ok(Note { pages, head, waiting: None, last: 0, samples: 0, on_page: 0, discard: 0 })
    }

    fn element<R: Read + Seek>(
        &mut self,
        input: &mut BufReader<R>,
        element: Element,
        track: u64,
    ) -> Result<(), Error> {
        // A block's head is at most eleven bytes.
        let whole = element.size.min(opus::MAX_PACKET as u64 + 11);
        let bytes = payload(input, element.size, whole)?;
        if (bytes.len() as u64) < whole {
            return Err(Error::Broken("it ends in the middle"));
        }
        match element.id {
            ebml::SIMPLE_BLOCK | ebml::BLOCK => {
                let head = block_head(&bytes).ok_or(Error::Broken("a part of it has a wrong length"))?;
                if head.track == track { self.packet(head, bytes) } else { Ok(()) }
            }
            // Stands after the last block, and counts for it alone.
            ebml::DISCARD_PADDING => {
                self.discard = number(&bytes);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn packet(&mut self, head: BlockHead, mut block: Vec<u8>) -> Result<(), Error> {
        let packet = block.split_off(head.length.min(block.len()));
        let samples = opus::samples(&packet);
        // A packet of no samples, or of more than 120 ms, is none.
        if head.laced || !(1..=opus::RATE * 120 / 1000).contains(&samples) || packet.len() > opus::MAX_PACKET
        {
            return Err(Error::Broken("a packet of its sound is none"));
        }
        let end = if self.on_page + samples > PAGE {
            PacketWriteEndInfo::EndPage
        } else {
            PacketWriteEndInfo::NormalPacket
        };
        self.on_page =
            if matches!(end, PacketWriteEndInfo::EndPage) { samples } else { self.on_page + samples };
        self.write_waiting(end, self.samples)?;
        self.samples += samples;
        self.last = samples;
        self.waiting = Some(packet);
        self.discard = 0;
        Ok(())
    }

    fn write_waiting(&mut self, end: PacketWriteEndInfo, granule: u64) -> Result<(), Error> {
        if let Some(packet) = self.waiting.take() {
            self.pages.write_packet(packet, SERIAL, end, granule)?;
        }
        Ok(())
    }

    /// Milliseconds that the whole plays.
    fn end(mut self) -> Result<u64, Error> {
        if self.waiting.is_none() {
            return Err(Error::Broken("it has no sound"));
        }
        let discard = (u128::from(self.discard) * u128::from(opus::RATE) / 1_000_000_000) as u64;
        let last = self.samples.saturating_sub(discard.min(self.last)).max(self.head.pre_skip());
        self.write_waiting(PacketWriteEndInfo::EndStream, last)?;
        self.pages.inner_mut().flush()?;
        Ok((last - self.head.pre_skip()) * 1000 / opus::RATE)
    }
}
