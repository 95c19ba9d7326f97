//! Files that made-up customers send.
//!
//! Owns: small generated pictures, voice notes and documents. Invariants: a file is determined by its id alone, so
//! that a media job which comes back after a restart of the simulator still finds it; every file is valid in its
//! format. Deliberately absent: video and animated stickers, and anything that is stored.

mod ogg;
mod pdf;
mod png;

use super::random::Dice;
use data_encoding::{BASE64, HEXLOWER};
use sha2::{Digest, Sha256};

const PREFIX: &str = "139";

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MediaKind {
    Photo,
    Voice,
    Paper,
}

/// One file.
#[derive(Clone, Debug)]
pub(super) struct Media {
    pub(super) id: String,
    pub(super) kind: MediaKind,
}

impl Media {
    pub(super) fn new(kind: MediaKind, dice: &mut Dice) -> Self {
        let mark = match kind {
            MediaKind::Photo => '1',
            MediaKind::Voice => '2',
            MediaKind::Paper => '3',
        };
        Self { id: format!("{PREFIX}{mark}{}", dice.digits(12)), kind }
    }

    /// The file of an id that `new` made, also in an earlier run.
    pub(super) fn from_id(id: &str) -> Option<Self> {
        let rest = id.strip_prefix(PREFIX)?;
        if id.len() != 16 || !id.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let kind = match rest.chars().next()? {
            '1' => MediaKind::Photo,
            '2' => MediaKind::Voice,
            '3' => MediaKind::Paper,
            _ => return None,
        };
        Some(Self { id: id.to_owned(), kind })
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut dice = Dice::new(0, &self.id);
        match self.kind {
            MediaKind::Photo => png::sofa(&mut dice),
            MediaKind::Voice => ogg::silence(u32::try_from(dice.between(100, 400)).unwrap_or(100)),
            MediaKind::Paper => pdf::receipt(&dice.digits(6)),
        }
    }

    pub(super) const fn mime_type(&self) -> &'static str {
        match self.kind {
            MediaKind::Photo => "image/png",
            MediaKind::Voice => "audio/ogg; codecs=opus",
            MediaKind::Paper => "application/pdf",
        }
    }

    pub(super) const fn extension(&self) -> &'static str {
        match self.kind {
            MediaKind::Photo => "png",
            MediaKind::Voice => "ogg",
            MediaKind::Paper => "pdf",
        }
    }

    /// As it stands in webhooks.
    pub(super) fn sha256_base64(&self) -> String {
        BASE64.encode(&Sha256::digest(self.bytes()))
    }

    /// As it stands in the answer of the media lookup.
    pub(super) fn sha256_hex(&self) -> String {
        HEXLOWER.encode(&Sha256::digest(self.bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_again_by_its_id() {
        let mut dice = Dice::new(3, "media");
        for (kind, magic) in [
            (MediaKind::Photo, b"\x89PNG".as_slice()),
            (MediaKind::Voice, b"OggS".as_slice()),
            (MediaKind::Paper, b"%PDF".as_slice()),
        ] {
            let made = Media::new(kind, &mut dice);
            let found = Media::from_id(&made.id).unwrap();
            assert_eq!(found.kind, kind);
            assert_eq!(found.bytes(), made.bytes());
            assert!(found.bytes().starts_with(magic));
            assert!(found.bytes().len() < 60_000);
        }
        assert!(Media::from_id("1390").is_none());
        assert!(Media::from_id("7720183645512093").is_none());
    }
}
