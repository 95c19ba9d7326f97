//! Boxes of an ISO base media file (MP4, MOV, 3GP, M4A).

use std::io::{self, BufRead, Read, Seek, SeekFrom};

/// Bytes of a box that is held in memory; a film's index of some hours is smaller.
const MAX_BOX: u64 = 16 << 20;

/// A box of the file itself.
#[derive(Debug)]
pub(crate) struct TopBox {
    pub(crate) kind: [u8; 4],
    body: u64,
}

/// The next box of the file; `None` at its end or where its length makes no sense.
pub(crate) fn next_box(input: &mut (impl BufRead + Seek)) -> io::Result<Option<TopBox>> {
    if input.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let mut head = [0; 8];
    input.read_exact(&mut head)?;
    let [a, b, c, d, kind @ ..] = head;
    let body = match u32::from_be_bytes([a, b, c, d]) {
        // To the end of the file.
        0 => Some(u64::MAX),
        1 => {
            let mut long = [0; 8];
            input.read_exact(&mut long)?;
            u64::from_be_bytes(long).checked_sub(16)
        }
        short => u64::from(short).checked_sub(8),
    };
    Ok(body.map(|body| TopBox { kind, body }))
}

/// The box's content, if it is of a size to be held.
pub(crate) fn content(input: &mut impl BufRead, of: &TopBox) -> io::Result<Option<Vec<u8>>> {
    if of.body > MAX_BOX {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let read = input.by_ref().take(of.body).read_to_end(&mut bytes)?;
    Ok((read as u64 == of.body).then_some(bytes))
}

pub(crate) fn pass_over(input: &mut (impl BufRead + Seek), of: &TopBox) -> io::Result<()> {
    match i64::try_from(of.body) {
        Ok(length) if length < i64::MAX / 2 => input.seek_relative(length),
        _ => input.seek(SeekFrom::End(0)).map(|_| ()),
    }
}

/// The boxes within a box.
pub(crate) fn children(mut bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let (head, rest) = bytes.split_first_chunk::<8>()?;
        let [a, b, c, d, kind @ ..] = *head;
        let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).ok()?.checked_sub(8)?;
        let (body, after) = rest.split_at_checked(length)?;
        bytes = after;
        Some((kind, body))
    })
}

/// The content of the first box at `path`.
pub(crate) fn child<'a>(bytes: &'a [u8], path: &[&[u8; 4]]) -> Option<&'a [u8]> {
    path.iter().try_fold(bytes, |within, kind| {
        children(within).find(|(found, _)| found == *kind).map(|(_, body)| body)
    })
}

/// The number of four bytes at `at`.
pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|four| u32::from_be_bytes(*four))
}

/// The number at `at`, of four bytes in a box of version 0 and of eight in version 1.
pub(crate) fn long_at(bytes: &[u8], at: usize) -> Option<u64> {
    match bytes.first()? {
        1 => bytes.get(at..)?.first_chunk().map(|eight| u64::from_be_bytes(*eight)),
        _ => u32_at(bytes, at).map(u64::from),
    }
}
