//! What an Opus packet and an Opus header say without decoding (RFC 6716 and 7845).

/// Samples in a second; Opus counts so whatever was recorded.
pub(crate) const RATE: u64 = 48_000;

/// Bytes of the longest packet: 48 frames of 1275 bytes, their lengths, and two bytes before them.
pub(crate) const MAX_PACKET: usize = 48 * 1277 + 2;

/// `OpusHead` of one stream of one or two channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    bytes: [u8; 19],
}

impl Head {
    /// `None` for another codec, a version to come, or surround.
    pub(crate) fn parse(packet: &[u8]) -> Option<Head> {
        let bytes = *packet.first_chunk::<19>()?;
        match bytes {
            [b'O', b'p', b'u', b's', b'H', b'e', b'a', b'd', 0..16, 1 | 2, .., 0] => Some(Head { bytes }),
            _ => None,
        }
    }

    /// Samples at the beginning that are not played.
    pub(crate) fn pre_skip(&self) -> u64 {
        let [.., low, high, _, _, _, _, _, _, _] = self.bytes;
        u64::from(u16::from_le_bytes([low, high]))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Samples that a packet plays, by its first two bytes; 0 if it has none.
pub(crate) fn samples(packet: &[u8]) -> u64 {
    let Some(toc) = packet.first() else { return 0 };
    let config = toc >> 3;
    // SILK, hybrid and CELT have their own lists of lengths.
    let frame = match (config, config & 3) {
        (0..12, 0) | (12..16, 0 | 2) | (16.., 2) => 480,
        (0..12, 1) | (12..16, 1 | 3) | (16.., 3) => 960,
        (0..12, 2) => 1920,
        (0..12, _) => 2880,
        (_, 0) => 120,
        (_, _) => 240,
    };
    let frames = match toc & 3 {
        0 => 1,
        1 | 2 => 2,
        _ => packet.get(1).map_or(0, |count| u64::from(count & 63)),
    };
    frame * frames
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_tells_its_samples() {
        assert_eq!(samples(&[0x78]), 960, "hybrid, 20 ms, one frame");
        assert_eq!(samples(&[0x0b, 3]), 3 * 960, "SILK, 20 ms, three frames by their count");
        assert_eq!(samples(&[0x18, 0]), 2880, "SILK, 60 ms");
        assert_eq!(samples(&[0xe1]), 240, "CELT, 2.5 ms, two frames");
        assert_eq!(samples(&[]), 0);
        assert_eq!(samples(&[0x0b]), 0);
    }

    #[test]
    fn a_head_is_of_one_or_two_channels() {
        let mut bytes = *b"OpusHead\x01\x01\x38\x01\x80\xbb\0\0\0\0\0";
        assert_eq!(Head::parse(&bytes).map(|head| head.pre_skip()), Some(312));
        bytes[9] = 3;
        assert_eq!(Head::parse(&bytes), None);
        assert_eq!(Head::parse(b"OpusHead"), None);
    }
}
