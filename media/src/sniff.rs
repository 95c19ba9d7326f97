//! What a file is, by its first bytes.
//!
//! Owns: the list of types this product knows. The leading magic decides; a name or a declared type only chooses between
//! readings of the same container (an Office file is a ZIP, an audio file may be an MP4). What a browser would run is
//! never a result: HTML, XHTML, SVG, XML and JavaScript are `text/plain`, or `application/octet-stream` where they are
//! not UTF-8. A polyglot is what its first bytes say, and safe as long as it is served as that with `nosniff`.

use crate::names::extension_of;

/// Bytes at the beginning of a file that are enough for [`sniff`].
pub const HEAD: usize = 4096;

/// What a file is that begins with `head` ([`HEAD`] bytes, or all if it is shorter): ours, never the sender's word, and
/// what the file may be served as.
pub fn sniff(head: &[u8], file_name: Option<&str>, declared: Option<&str>) -> &'static str {
    let declared = declared.map(base_type).unwrap_or_default();
    let extension = file_name.map(extension_of).unwrap_or_default();
    let claim = Claim { declared: &declared, extension: &extension };
    of_magic(head, &claim).unwrap_or(if is_text(head) { "text/plain" } else { OCTETS })
}

const OCTETS: &str = "application/octet-stream";

/// What the sender says.
struct Claim<'a> {
    declared: &'a str,
    extension: &'a str,
}

impl Claim<'_> {
    fn audio(&self) -> bool {
        let named = matches!(self.extension, "m4a" | "m4b" | "weba" | "mka" | "aac");
        self.declared.starts_with("audio/") || (named && !self.declared.starts_with("video/"))
    }

    /// The row whose type is declared, or whose extension is in the name.
    fn one_of(&self, rows: &[(&str, &'static str)]) -> Option<&'static str> {
        let row = rows.iter().find(|(_, mime)| *mime == self.declared);
        row.or_else(|| rows.iter().find(|(extension, _)| *extension == self.extension)).map(|(_, mime)| *mime)
    }
}

/// A ZIP by the name of what may be inside.
const ZIPPED: [(&str, &str); 6] = [
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("odp", "application/vnd.oasis.opendocument.presentation"),
];

/// The same for the container of Office before 2007.
const OLD_OFFICE: [(&str, &str); 3] = [
    ("doc", "application/msword"),
    ("xls", "application/vnd.ms-excel"),
    ("ppt", "application/vnd.ms-powerpoint"),
];

/// Leading bytes that leave no choice.
const MAGIC: [(&[u8], &str); 16] = [
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"#!AMR\n", "audio/amr"),
    (b"#!AMR-WB\n", "audio/amr-wb"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"{\\rtf", "application/rtf"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"PK\x05\x06", "application/zip"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
];

fn of_magic(head: &[u8], claim: &Claim) -> Option<&'static str> {
    if let Some((_, mime)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(mime);
    }
    let at = |from: usize, magic: &[u8]| head.get(from..).is_some_and(|rest| rest.starts_with(magic));
    match head {
        [b'R', b'I', b'F', b'F', ..] if at(8, b"WEBP") => Some("image/webp"),
        [b'R', b'I', b'F', b'F', ..] if at(8, b"WAVE") => Some("audio/wav"),
        [b'R', b'I', b'F', b'F', ..] if at(8, b"AVI ") => Some("video/x-msvideo"),
        [b'P', b'K', 3, 4, ..] => Some(claim.one_of(&ZIPPED).unwrap_or("application/zip")),
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => {
            Some(claim.one_of(&OLD_OFFICE).unwrap_or("application/x-ole-storage"))
        }
        [0x1a, 0x45, 0xdf, 0xa3, ..] => Some(of_matroska(head, claim)),
        [b'O', b'g', b'g', b'S', ..] if at(28, b"\x80theora") => Some("video/ogg"),
        [b'O', b'g', b'g', b'S', ..] => Some("audio/ogg"),
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => Some(of_brand(brand, claim)),
        // Layer III only: other second bytes are also the beginning of UTF-16 text.
        [0xff, second, ..] if second & 0xe6 == 0xe2 => Some("audio/mpeg"),
        [0xff, second, ..] if second & 0xf6 == 0xf0 => Some("audio/aac"),
        _ => None,
    }
}

fn of_matroska(head: &[u8], claim: &Claim) -> &'static str {
    let web = head.iter().take(64).copied().collect::<Vec<_>>().windows(4).any(|four| four == b"webm");
    match (web, claim.audio()) {
        (true, true) => "audio/webm",
        (true, false) => "video/webm",
        (false, _) => "video/x-matroska",
    }
}

/// By the first brand of an ISO base media file.
fn of_brand(brand: &[u8], claim: &Claim) -> &'static str {
    match (brand, claim.audio()) {
        ([b'M', b'4', b'A' | b'B', b' ', ..], _) => "audio/mp4",
        ([b'q', b't', b' ', b' ', ..], _) => "video/quicktime",
        ([b'h', b'e', b'i' | b'v', _, ..] | [b'm', b'i' | b's', b'f', b'1', ..], _) => "image/heic",
        ([b'a', b'v', b'i', b'f' | b's', ..], _) => "image/avif",
        ([b'3', b'g', ..], true) => "audio/3gpp",
        ([b'3', b'g', ..], false) => "video/3gpp",
        (_, true) => "audio/mp4",
        (_, false) => "video/mp4",
    }
}

/// UTF-8 without control characters; a character cut by the end of `head` is no fault.
fn is_text(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            let whole = head.get(..error.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(whole).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.is_empty() && !text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\x0c'))
}

/// A type without its parameters, in lower case.
fn base_type(mime: &str) -> String {
    mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mime(head: &[u8], name: &str, declared: &str) -> &'static str {
        sniff(head, Some(name), Some(declared))
    }

    #[test]
    fn content_decides_not_what_is_said() {
        assert_eq!(mime(b"MZ\x90\0\x03", "photo.jpg", "image/jpeg"), OCTETS);
        assert_eq!(mime(b"\xff\xd8\xff\xe0", "a.png", "image/png"), "image/jpeg");
        assert_eq!(sniff(b"\xff\xd8\xff\xe0", None, None), "image/jpeg");
    }

    #[test]
    fn what_a_browser_runs_is_plain_text() {
        let runs: [&[u8]; 6] = [
            b"<!DOCTYPE html><script>alert(1)</script>",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>",
            b"\xef\xbb\xbf<html>",
            b"alert(document.cookie)",
            "é".as_bytes(),
        ];
        for head in runs {
            for declared in ["text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript"] {
                assert_eq!(mime(head, "x.html", declared), "text/plain");
            }
        }
        assert_eq!(mime(b"\xff\xfe<\0h\0t\0m\0l\0", "x.html", "text/html"), OCTETS);
    }

    #[test]
    fn a_polyglot_is_what_its_first_bytes_say() {
        assert_eq!(mime(b"GIF89a/*\x01\0*/=1;alert(1)", "x.js", "text/javascript"), "image/gif");
        assert_eq!(mime(b"%PDF-1.7\n<html><script>", "x.html", "text/html"), "application/pdf");
        assert_eq!(mime(b"\x89PNG\r\n\x1a\n....PK\x03\x04", "x.docx", "application/zip"), "image/png");
    }

    #[test]
    fn a_claim_chooses_only_within_a_container() {
        assert!(mime(b"PK\x03\x04", "a.docx", "").ends_with("wordprocessingml.document"));
        assert_eq!(mime(b"PK\x03\x04", "a.html", "text/html"), "application/zip");
        assert_eq!(mime(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.XLS", ""), "application/vnd.ms-excel");
        assert_eq!(mime(b"\0\0\0\x20ftypisom", "note.mp4", "audio/mp4; codecs=mp4a.40.2"), "audio/mp4");
        assert_eq!(mime(b"\0\0\0\x20ftypisom", "clip.mp4", ""), "video/mp4");
        assert_eq!(mime(b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm", "", "audio/webm;codecs=opus"), "audio/webm");
    }

    #[test]
    fn text_may_be_cut_within_a_character_but_holds_no_control_character() {
        assert_eq!(mime("naï".as_bytes().split_last().unwrap().1, "", ""), "text/plain");
        assert_eq!(mime(b"na\xc3ve", "", ""), OCTETS);
        assert_eq!(mime(b"a\0b", "", ""), OCTETS);
        assert_eq!(mime(b"", "", ""), OCTETS);
    }
}
