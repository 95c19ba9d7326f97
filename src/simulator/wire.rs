//! The bytes on the wire.
//!
//! Owns: the escaped JSON form that the platform sends, and its signature. Invariants: the escaped text parses to
//! the same JSON; the signature is made over exactly the bytes that are sent. Deliberately absent: checking of
//! signatures; that is the server's part and must not share code with its own test.

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// JSON as the platform writes it: non-ASCII as `\uXXXX` in lower case (surrogate pairs above the first plane)
/// and `/` as `\/`. A slash outside a string does not occur in JSON, so the whole text can be walked blindly.
pub(super) fn escaped(body: &Value) -> Vec<u8> {
    let plain = body.to_string();
    let mut wire = String::with_capacity(plain.len() + plain.len() / 4);
    let mut units = [0_u16; 2];
    for c in plain.chars() {
        match c {
            '/' => wire.push_str("\\/"),
            c if c.is_ascii() => wire.push(c),
            c => {
                for unit in c.encode_utf16(&mut units) {
                    wire.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    wire.into_bytes()
}

/// The value of `X-Hub-Signature-256`.
pub(super) fn signature(secret: &str, body: &[u8]) -> String {
    // HMAC takes a key of any length; the type only knows that in general.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(body);
    format!("sha256={}", HEXLOWER.encode(&mac.finalize().into_bytes()))
}

pub(super) fn sha256_hex(body: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn signature_of_a_known_vector() {
        // RFC 4231, test case 2.
        assert_eq!(
            signature("Jefe", b"what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn escaping_is_the_platforms_and_parses_to_the_same_json() {
        let body = json!({"a/b": "Gr\u{fc}\u{df}e \u{1f6cb} \"q\" \\ https://x.test/\u{201e}", "n": [1, 2.5, null, true], "t": "\t\u{1}"});
        let wire = escaped(&body);
        assert!(wire.is_ascii());
        let text = String::from_utf8(wire.clone()).unwrap();
        assert!(text.contains(r"Gr\u00fc\u00dfe \ud83d\udecb"), "{text}");
        assert!(text.contains(r"https:\/\/x.test\/\u201e"), "{text}");
        assert_eq!(serde_json::from_slice::<Value>(&wire).unwrap(), body);
    }
}
