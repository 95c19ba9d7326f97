//! Makes bytes that a platform really sends acceptable to a strict JSON reader, before reading them.
//!
//! Owns: one pass over the bytes of a body. Half of a surrogate pair becomes U+FFFD, U+0000 goes, an integer that no
//! machine word holds becomes a string (ids are never rounded), and what is nested deeper than [`DEPTH`] becomes
//! `null`, so that one strange value can't refuse the whole POST. Invariant: valid JSON keeps its meaning; bytes that
//! are no JSON stay no JSON. Absent: reading itself (`json`) and anything about signatures, which are made over the
//! bytes as they came.
//!
//! Facts: the wire form escapes non-ASCII as `\uXXXX` and may cut inside a pair (`"\ud83d"` alone) [D/S]; `\u0000` is
//! legal JSON and illegal in PostgreSQL `text` and `jsonb` (D).

use std::borrow::Cow;

/// Deepest nesting that is read; `serde_json` gives up at 128.
const DEPTH: usize = 100;

/// U+FFFD in UTF-8.
const REPLACEMENT: &[u8] = "\u{FFFD}".as_bytes();

/// The bytes to read instead of `body`.
pub(crate) fn repair(body: &[u8]) -> Vec<u8> {
    // Invalid UTF-8 is the raw form of the same accident as a lone surrogate.
    let text: Cow<'_, str> = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{FEFF}');
    let mut pass = Pass { input: text.as_bytes(), at: 0, depth: 0, out: Vec::with_capacity(text.len()) };
    pass.run();
    pass.out
}

struct Pass<'a> {
    input: &'a [u8],
    at: usize,
    depth: usize,
    out: Vec<u8>,
}

impl Pass<'_> {
    fn run(&mut self) {
        while let Some(byte) = self.peek(0) {
            match byte {
                b'"' => self.string(),
                b'-' | b'0'..=b'9' => self.number(),
                b'{' | b'[' if self.depth >= DEPTH => {
                    self.out.extend_from_slice(b"null");
                    self.skip_container();
                }
                _ => {
                    match byte {
                        b'{' | b'[' => self.depth += 1,
                        b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                        _ => {}
                    }
                    self.keep(1);
                }
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.input.get(self.at + ahead).copied()
    }

    /// Copies the next `n` bytes.
    fn keep(&mut self, n: usize) {
        let end = (self.at + n).min(self.input.len());
        if let Some(bytes) = self.input.get(self.at..end) {
            self.out.extend_from_slice(bytes);
        }
        self.at = end;
    }

    fn string(&mut self) {
        self.keep(1);
        while let Some(byte) = self.peek(0) {
            match byte {
                b'"' => return self.keep(1),
                b'\\' if self.peek(1) == Some(b'u') => self.unicode_escape(),
                b'\\' => self.keep(2),
                0 => self.at += 1,
                _ => self.keep(1),
            }
        }
    }

    fn unicode_escape(&mut self) {
        match self.unit(0) {
            Some(0) => self.at += 6,
            Some(0xD800..=0xDBFF) => match self.unit(6) {
                Some(0xDC00..=0xDFFF) => self.keep(12),
                _ => self.replace(),
            },
            Some(0xDC00..=0xDFFF) => self.replace(),
            // Not four hex digits: left for the reader to refuse.
            _ => self.keep(2),
        }
    }

    fn replace(&mut self) {
        self.out.extend_from_slice(REPLACEMENT);
        self.at += 6;
    }

    /// The UTF-16 unit of a `\uXXXX` that starts `ahead` bytes from here.
    fn unit(&self, ahead: usize) -> Option<u32> {
        let start = self.at + ahead;
        let escape = self.input.get(start..start + 6)?;
        let hex = escape.strip_prefix(b"\\u")?;
        hex.iter().try_fold(0, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?))
    }

    fn number(&mut self) {
        let rest = self.input.get(self.at..).unwrap_or_default();
        let n =
            rest.iter().take_while(|b| matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')).count();
        let literal = rest.get(..n).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
        if needs_quotes(literal) {
            self.out.push(b'"');
            self.keep(n);
            self.out.push(b'"');
        } else {
            self.keep(n);
        }
    }

    fn skip_container(&mut self) {
        let mut open = 0_usize;
        while let Some(byte) = self.peek(0) {
            self.at += 1;
            match byte {
                b'{' | b'[' => open += 1,
                b'}' | b']' => open = open.saturating_sub(1),
                b'"' => self.skip_string(),
                _ => {}
            }
            if open == 0 {
                return;
            }
        }
    }

    fn skip_string(&mut self) {
        while let Some(byte) = self.peek(0) {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                return;
            }
        }
    }
}

/// True for a well-formed number that would be rounded (a long integer) or refused (`1e999`).
fn needs_quotes(literal: &str) -> bool {
    let digits = literal.strip_prefix('-').unwrap_or(literal);
    // `01` is no JSON and must stay none; `0` and `0.5` fit anyway.
    if digits.len() < 4 || digits.starts_with('0') {
        return false;
    }
    if digits.bytes().all(|b| b.is_ascii_digit()) {
        return literal.parse::<u64>().is_err() && literal.parse::<i64>().is_err();
    }
    literal.parse::<f64>().is_ok_and(f64::is_infinite)
}

#[cfg(test)]
mod tests {
    use super::repair;

    fn repaired(body: &[u8]) -> String {
        String::from_utf8_lossy(&repair(body)).into_owned()
    }

    #[test]
    fn half_a_pair_becomes_the_replacement_character() {
        assert_eq!(repaired(br#""a\ud83d""#), "\"a\u{FFFD}\"");
        assert_eq!(repaired(br#""\ude00b""#), "\"\u{FFFD}b\"");
        assert_eq!(repaired(br#""\ud83d\ud83d\ude00""#), "\"\u{FFFD}\\ud83d\\ude00\"");
        assert_eq!(repaired(br#""\ud83dA\uDE00""#), "\"\u{FFFD}A\u{FFFD}\"");
    }

    #[test]
    fn whole_pairs_and_escaped_backslashes_stay() {
        for same in
            [r#""\ud83d\ude00 \uD83D\uDE00""#, r#""\\ud83d""#, r#""\\\\u0000""#, r#"{"\u00fc":[1,-2.5e3]}"#]
        {
            assert_eq!(repaired(same.as_bytes()), same);
        }
    }

    #[test]
    fn nul_goes_in_both_forms() {
        assert_eq!(repaired(br#""a\u0000b""#), r#""ab""#);
        assert_eq!(repaired(b"\"a\0b\""), r#""ab""#);
        assert_eq!(repaired(br#""\ud83d\u0000\ude00""#), "\"\u{FFFD}\u{FFFD}\"");
    }

    #[test]
    fn long_integers_keep_every_digit() {
        assert_eq!(
            repaired(b"[99999999999999999999999,9007199254740993]"),
            r#"["99999999999999999999999",9007199254740993]"#
        );
        assert_eq!(repaired(b"[1e999,18999.9]"), r#"["1e999",18999.9]"#);
        assert_eq!(repaired(b"01234567890123456789012"), "01234567890123456789012");
    }

    #[test]
    fn what_is_too_deep_is_null_and_its_neighbour_stays() {
        let body = format!(r#"[{}"]}}"{},7]"#, "[".repeat(500), "]".repeat(500));
        let value: serde_json::Value = serde_json::from_slice(&repair(body.as_bytes())).unwrap_or_default();
        assert_eq!(value.get(1), Some(&serde_json::json!(7)));
    }

    #[test]
    fn cut_and_odd_bytes_stay_refused() {
        for body in [
            &b"{\"a\":\"\\u12"[..],
            b"{\"a\":\"\\ud83d",
            b"\"\\",
            b"\xff\xfe",
            b"",
            b"\"\\uZZZZ\"",
            b"[1,",
            b"--1",
        ] {
            assert!(serde_json::from_slice::<serde_json::Value>(&repair(body)).is_err(), "{body:?}");
        }
    }

    #[test]
    fn a_byte_order_mark_and_bad_utf8_are_no_reason_to_refuse() {
        assert_eq!(repaired(b"\xef\xbb\xbf[]"), "[]");
        assert_eq!(repaired(b"\"\xed\xa0\xbd\""), "\"\u{FFFD}\u{FFFD}\u{FFFD}\"");
    }
}
