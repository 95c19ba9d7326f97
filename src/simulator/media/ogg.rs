//! A silent voice note as Ogg Opus.
//!
//! Owns: a playable file of a wanted length. Deliberately absent: sound; an encoder is not worth a demo.

/// 20 ms of silence in Opus (full band, one frame).
const SILENCE: [u8; 3] = [0xf8, 0xff, 0xfe];
const SERIAL: u32 = 0x5157_4244;
/// An Ogg page holds at most 255 segments; one packet here is one segment.
const PACKETS_PER_PAGE: u32 = 50;

/// So many packets of 20 ms.
pub(super) fn silence(packets: u32) -> Vec<u8> {
    let mut head = b"OpusHead\x01\x01".to_vec();
    head.extend_from_slice(&0_u16.to_le_bytes());
    head.extend_from_slice(&48_000_u32.to_le_bytes());
    head.extend_from_slice(&[0, 0, 0]);
    let mut tags = b"OpusTags".to_vec();
    tags.extend_from_slice(&11_u32.to_le_bytes());
    tags.extend_from_slice(b"switchboard");
    tags.extend_from_slice(&0_u32.to_le_bytes());

    let mut file = page(0x02, 0, 0, &[head.as_slice()]);
    file.extend(page(0, 0, 1, &[tags.as_slice()]));
    let (mut done, mut sequence) = (0, 2);
    while done < packets {
        let count = PACKETS_PER_PAGE.min(packets - done);
        done += count;
        let flags = if done == packets { 0x04 } else { 0 };
        let bodies: Vec<&[u8]> = (0..count).map(|_| SILENCE.as_slice()).collect();
        file.extend(page(flags, u64::from(done) * 960, sequence, &bodies));
        sequence += 1;
    }
    file
}

fn page(flags: u8, position: u64, sequence: u32, packets: &[&[u8]]) -> Vec<u8> {
    let mut page = b"OggS\0".to_vec();
    page.push(flags);
    page.extend_from_slice(&position.to_le_bytes());
    page.extend_from_slice(&SERIAL.to_le_bytes());
    page.extend_from_slice(&sequence.to_le_bytes());
    let sum_at = page.len();
    page.extend_from_slice(&[0; 4]);
    page.push(u8::try_from(packets.len()).unwrap_or(0));
    page.extend(packets.iter().map(|packet| u8::try_from(packet.len()).unwrap_or(0)));
    packets.iter().for_each(|packet| page.extend_from_slice(packet));
    // The sum is made with its own field zero.
    let sum = crc(&page).to_le_bytes();
    for (field, byte) in page.iter_mut().skip(sum_at).zip(sum) {
        *field = byte;
    }
    page
}

/// Ogg's own: polynomial 04c11db7, not reflected, no start and no final value.
fn crc(data: &[u8]) -> u32 {
    data.iter().fold(0_u32, |crc, byte| {
        (0..8).fold(crc ^ (u32::from(*byte) << 24), |crc, _| {
            if crc & 0x8000_0000 == 0 { crc << 1 } else { (crc << 1) ^ 0x04c1_1db7 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_complete_and_their_sums_hold() {
        let file = silence(120);
        let starts = file.windows(4).filter(|window| window == b"OggS").count();
        assert_eq!(starts, 2 + 3);
        let mut first = file[..28 + 19].to_vec();
        let sum = u32::from_le_bytes(first[22..26].try_into().unwrap());
        first[22..26].fill(0);
        assert_eq!(crc(&first), sum);
    }
}
