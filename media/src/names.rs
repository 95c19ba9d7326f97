//! Names of files, as they may be stored, shown and sent.
//!
//! Invariants: a safe name is one path part, at most [`MAX_NAME`] bytes, without characters that hide or reorder
//! others, and its last extension is one of its content's type. Making a safe name safe changes nothing.

/// Bytes of a file name, its extension included.
pub const MAX_NAME: usize = 150;

/// Bytes of an extension; what is longer is part of the name.
const MAX_EXTENSION: usize = 12;

/// Types with the extensions that fit; the first is the one that is added.
const EXTENSIONS: [(&str, &[&str]); 35] = [
    ("image/jpeg", &["jpg", "jpeg", "jfif"]),
    ("image/png", &["png"]),
    ("image/gif", &["gif"]),
    ("image/webp", &["webp"]),
    ("image/heic", &["heic", "heif"]),
    ("image/avif", &["avif"]),
    ("image/tiff", &["tif", "tiff"]),
    ("video/mp4", &["mp4", "m4v"]),
    ("video/quicktime", &["mov"]),
    ("video/3gpp", &["3gp", "3g2"]),
    ("video/webm", &["webm"]),
    ("video/x-matroska", &["mkv"]),
    ("video/x-msvideo", &["avi"]),
    ("video/ogg", &["ogv", "ogg"]),
    ("audio/ogg", &["ogg", "oga", "opus"]),
    ("audio/mpeg", &["mp3"]),
    ("audio/mp4", &["m4a", "m4b", "mp4"]),
    ("audio/3gpp", &["3gp"]),
    ("audio/aac", &["aac"]),
    ("audio/amr", &["amr"]),
    ("audio/amr-wb", &["awb", "amr"]),
    ("audio/wav", &["wav"]),
    ("audio/flac", &["flac"]),
    ("audio/webm", &["weba", "webm"]),
    ("application/pdf", &["pdf"]),
    ("application/rtf", &["rtf"]),
    ("application/zip", &["zip"]),
    ("application/gzip", &["gz", "tgz"]),
    ("application/x-7z-compressed", &["7z"]),
    ("application/vnd.rar", &["rar"]),
    ("application/msword", &["doc"]),
    ("application/vnd.ms-excel", &["xls"]),
    ("application/vnd.ms-powerpoint", &["ppt"]),
    ("application/x-ole-storage", &["msg"]),
    // What opens in an editor or a table; scripts and markup get `.txt` after their own extension.
    ("text/plain", &["txt", "csv", "tsv", "log", "md", "json", "vcf", "ics", "yaml", "yml"]),
];

/// The same for ZIP files of office programs.
const ZIPPED: [(&str, &[&str]); 6] = [
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"]),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx"]),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", &["pptx"]),
    ("application/vnd.oasis.opendocument.text", &["odt"]),
    ("application/vnd.oasis.opendocument.spreadsheet", &["ods"]),
    ("application/vnd.oasis.opendocument.presentation", &["odp"]),
];

fn extensions(mime: &str) -> &'static [&'static str] {
    let row = EXTENSIONS.iter().chain(&ZIPPED).find(|(known, _)| *known == mime);
    row.map_or(&["bin"], |(_, extensions)| extensions)
}

/// The extension of a type that [`sniff`](crate::sniff()) tells, without a dot; `bin` for what is unknown.
pub fn extension_for(mime: &str) -> &'static str {
    extensions(mime).first().copied().unwrap_or("bin")
}

/// The last extension of a name, in lower case; empty if there is none.
pub(crate) fn extension_of(name: &str) -> String {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension).unwrap_or_default();
    let fits = extension.len() <= MAX_EXTENSION && extension.chars().all(|c| c.is_ascii_alphanumeric());
    if fits { extension.to_ascii_lowercase() } else { String::new() }
}

/// A name under which content of type `mime` may be stored, shown and sent.
pub fn safe_file_name(name: &str, mime: &str) -> String {
    let part = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown = part.chars().filter(|c| !hides(*c)).map(|c| if REFUSED.contains(c) { '_' } else { c });
    let shown: String = shown.collect();
    let shown = trim(&shown);
    let (stem, extension) = match shown.rsplit_once('.') {
        Some((stem, last)) if extensions(mime).contains(&extension_of(shown).as_str()) => (stem, last),
        _ => (shown, extension_for(mime)),
    };
    let stem = trim(shorten(stem, MAX_NAME - extension.len() - 2));
    match stem {
        "" => format!("file.{extension}"),
        _ if is_device(stem) => format!("_{stem}.{extension}"),
        _ => format!("{stem}.{extension}"),
    }
}

/// Characters that Windows takes in no name.
const REFUSED: &str = "<>:\"|?*";

/// Dots and spaces at the ends hide a file or vanish.
fn trim(name: &str) -> &str {
    name.trim_matches(|c: char| c == '.' || c.is_whitespace())
}

/// Control characters, those that change the direction of others, and those without width.
fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{ad}' | '\u{180e}' | '\u{feff}')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Names of devices, which Windows opens instead of a file whatever follows the first dot.
fn is_device(stem: &str) -> bool {
    let first = stem.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    match first.as_str() {
        "con" | "prn" | "aux" | "nul" => true,
        other => {
            let port = other.strip_prefix("com").or_else(|| other.strip_prefix("lpt"));
            port.is_some_and(|number| number.len() == 1 && number != "0" && number.parse::<u8>().is_ok())
        }
    }
}

/// The longest beginning of at most `bytes` bytes.
fn shorten(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn path_parts_and_characters_that_hide_are_gone() {
        assert_eq!(safe_file_name("../../etc/passwd", "text/plain"), "passwd.txt");
        assert_eq!(safe_file_name("C:\\temp\\a.PNG", "image/png"), "a.PNG");
        assert_eq!(safe_file_name("an\u{202e}gpj.exe", "image/jpeg"), "angpj.exe.jpg");
        assert_eq!(safe_file_name("a\0b\r\n\t.pdf", "application/pdf"), "ab.pdf");
        assert_eq!(safe_file_name(".htaccess", "text/plain"), "htaccess.txt");
        assert_eq!(safe_file_name("nul.tar.gz", "application/gzip"), "_nul.tar.gz");
    }

    #[test]
    fn the_last_extension_is_that_of_the_content() {
        assert_eq!(safe_file_name("photo.jpg.exe", "image/jpeg"), "photo.jpg.exe.jpg");
        assert_eq!(safe_file_name("photo.exe.jpeg", "image/jpeg"), "photo.exe.jpeg");
        assert_eq!(safe_file_name("page.html", "text/plain"), "page.html.txt");
        assert_eq!(safe_file_name("prices.csv", "text/plain"), "prices.csv");
        assert_eq!(safe_file_name("setup.exe", "application/octet-stream"), "setup.exe.bin");
        assert_eq!(safe_file_name("app.jar", "application/zip"), "app.jar.zip");
    }

    #[test]
    fn no_name_is_a_name_all_the_same() {
        for nothing in ["", ".", "...", "a/", " \u{202e} ", "\0"] {
            assert_eq!(safe_file_name(nothing, "image/png"), "file.png");
        }
    }

    proptest! {
        #[test]
        fn every_name_becomes_safe_and_stays_so(name in any::<String>(), long in "[aß漢😀. ]{0,200}", row in 0..35_usize) {
            let mime = EXTENSIONS[row].0;
            for name in [name, long] {
                let safe = safe_file_name(&name, mime);
                prop_assert!(safe.len() <= MAX_NAME);
                prop_assert!(!safe.contains(['/', '\\', '\0']) && !safe.starts_with('.') && !safe.chars().any(hides));
                prop_assert!(extensions(mime).contains(&extension_of(&safe).as_str()));
                prop_assert_eq!(safe_file_name(&safe, mime), safe);
            }
        }
    }
}
