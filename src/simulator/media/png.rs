//! A drawn sofa as PNG.
//!
//! Owns: a palette picture, written with stored (uncompressed) blocks. Deliberately absent: compression; a
//! picture is a few ten kilobytes, and a compressor would be the simulator's only heavy dependency.

use super::Dice;

const WIDTH: usize = 240;
const HEIGHT: usize = 180;

/// Wall, floor, sofa in a colour of its own, cushion and feet.
pub(super) fn sofa(dice: &mut Dice) -> Vec<u8> {
    let mut tone = |low: i64, high: i64| u8::try_from(dice.between(low, high)).unwrap_or(128);
    let palette = [
        [tone(205, 240), tone(205, 240), tone(205, 235)],
        [tone(150, 185), tone(115, 145), tone(80, 110)],
        [tone(30, 190), tone(30, 170), tone(30, 190)],
        [tone(190, 250), tone(120, 220), tone(40, 120)],
        [70, 45, 30],
    ];
    let mut rows = Vec::with_capacity((WIDTH + 1) * HEIGHT);
    for y in 0..HEIGHT {
        // Filter "none" of this row.
        rows.push(0);
        rows.extend((0..WIDTH).map(|x| colour(x, y)));
    }
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend_from_slice(&(WIDTH as u32).to_be_bytes());
    header.extend_from_slice(&(HEIGHT as u32).to_be_bytes());
    // 8 bits, palette, and the only values that exist for compression, filter and interlace "none".
    header.extend_from_slice(&[8, 3, 0, 0, 0]);
    chunk(&mut png, b"IHDR", &header);
    chunk(&mut png, b"PLTE", &palette.concat());
    chunk(&mut png, b"IDAT", &stored(&rows));
    chunk(&mut png, b"IEND", &[]);
    png
}

const fn colour(x: usize, y: usize) -> u8 {
    let seat = x >= 30 && x < 210 && y >= 95 && y < 130;
    let back = x >= 40 && x < 200 && y >= 60 && y < 95;
    let arms = (x >= 20 && x < 42 || x >= 198 && x < 220) && y >= 80 && y < 130;
    let cushion = x >= 60 && x < 95 && y >= 72 && y < 100;
    let feet = (x >= 35 && x < 43 || x >= 197 && x < 205) && y >= 130 && y < 142;
    if cushion {
        3
    } else if seat || back || arms {
        2
    } else if feet {
        4
    } else if y >= 125 {
        1
    } else {
        0
    }
}

fn chunk(png: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    png.extend_from_slice(&u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
    png.extend_from_slice(name);
    png.extend_from_slice(data);
    png.extend_from_slice(&crc32(&[name.as_slice(), data].concat()).to_be_bytes());
}

/// zlib with stored blocks of at most 65,535 bytes.
fn stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks = data.chunks(65_535);
    let last = blocks.len().saturating_sub(1);
    for (place, block) in blocks.enumerate() {
        let length = u16::try_from(block.len()).unwrap_or(0);
        out.push(u8::from(place == last));
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&(!length).to_le_bytes());
        out.extend_from_slice(block);
    }
    out.extend_from_slice(&adler32(data).to_be_bytes());
    out
}

fn crc32(data: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in data {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

fn adler32(data: &[u8]) -> u32 {
    let (low, high) = data.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    (high << 16) | low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_match_their_check_values() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
    }
}
