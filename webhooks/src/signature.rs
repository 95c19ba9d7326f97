//! `X-Hub-Signature-256`: the proof that a body is the platform's.
//!
//! Owns: checking and making the signature over raw bytes. Invariants: exactly one header, `sha256=` and exactly 64
//! lower-case hex digits; all secrets are tried in constant time; without a secret nothing is ever accepted. Absent:
//! which secrets belong to an endpoint, and `X-Hub-Signature` (SHA-1), which proves nothing.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

/// The header's name.
pub const HEADER: &str = "X-Hub-Signature-256";

const PREFIX: &str = "sha256=";

/// Why a signature was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    #[error("no secret is configured")]
    NoSecret,
    #[error("the signature header is missing")]
    Missing,
    #[error("the signature header is there more than once")]
    Repeated,
    #[error("the signature is not `sha256=` and 64 lower-case hex digits")]
    Malformed,
    #[error("the signature belongs to another body or another secret")]
    Wrong,
}

/// Checks the values of [`HEADER`] against the raw bytes, before anything reads them.
///
/// HMAC-SHA256 with the app secret over the body exactly as sent, `\uXXXX` escapes included (D). Several secrets: an
/// app with Instagram Login signs with its own secret (M), and secrets rotate.
pub fn verify<'h, S: AsRef<[u8]>>(
    header_values: impl IntoIterator<Item = &'h str>,
    body: &[u8],
    secrets: &[S],
) -> Result<(), SignatureError> {
    let mut values = header_values.into_iter();
    let value = values.next().ok_or(SignatureError::Missing)?;
    if values.next().is_some() {
        return Err(SignatureError::Repeated);
    }
    let given = decode(value).ok_or(SignatureError::Malformed)?;
    // An empty secret is a setting that was forgotten; anybody could sign with it.
    let secrets = secrets.iter().map(AsRef::as_ref).filter(|secret| !secret.is_empty());
    let mut any = false;
    let mut accepted = Choice::from(0);
    for secret in secrets {
        any = true;
        if let Some(expected) = mac(body, secret) {
            accepted |= expected.as_slice().ct_eq(&given);
        }
    }
    match (any, bool::from(accepted)) {
        (false, _) => Err(SignatureError::NoSecret),
        (true, true) => Ok(()),
        (true, false) => Err(SignatureError::Wrong),
    }
}

/// The header value for a body: what the platform would send.
pub fn sign(body: &[u8], secret: &[u8]) -> String {
    let code = mac(body, secret).unwrap_or_default();
    format!("{PREFIX}{}", data_encoding::HEXLOWER.encode(&code))
}

fn decode(value: &str) -> Option<Vec<u8>> {
    let hex = value.strip_prefix(PREFIX).filter(|hex| hex.len() == 64)?;
    data_encoding::HEXLOWER.decode(hex.as_bytes()).ok()
}

/// HMAC takes keys of any length, so `None` never happens; it is a refusal if it does.
fn mac(body: &[u8], secret: &[u8]) -> Option<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    mac.update(body);
    Some(mac.finalize().into_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::{SignatureError, sign, verify};

    const BODY: &[u8] = br#"{"object":"page"}"#;

    #[test]
    fn a_known_vector() {
        // RFC 4231, test case 2.
        let expected = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(sign(b"what do ya want for nothing?", b"Jefe"), expected);
        assert_eq!(verify([expected], b"what do ya want for nothing?", &[b"Jefe"]), Ok(()));
    }

    #[test]
    fn any_of_several_secrets() {
        let header = sign(BODY, b"new");
        assert_eq!(verify([header.as_str()], BODY, &["old", "new"]), Ok(()));
        assert_eq!(verify([header.as_str()], BODY, &["new", "old"]), Ok(()));
        assert_eq!(verify([header.as_str()], BODY, &["old"]), Err(SignatureError::Wrong));
        assert_eq!(verify([header.as_str()], b"{}", &["new"]), Err(SignatureError::Wrong));
    }

    #[test]
    fn no_secret_accepts_nothing() {
        let header = sign(BODY, b"");
        assert_eq!(verify([header.as_str()], BODY, &[] as &[&str]), Err(SignatureError::NoSecret));
        assert_eq!(verify([header.as_str()], BODY, &[""]), Err(SignatureError::NoSecret));
    }

    #[test]
    fn exactly_one_well_formed_header() {
        let good = sign(BODY, b"s");
        let secrets = ["s"];
        assert_eq!(verify([], BODY, &secrets), Err(SignatureError::Missing));
        assert_eq!(verify([good.as_str(), good.as_str()], BODY, &secrets), Err(SignatureError::Repeated));
        let bare = good.trim_start_matches("sha256=").to_owned();
        for bad in [
            bare.clone(),
            format!("sha1={bare}"),
            format!("sha256={}", bare.to_uppercase()),
            format!("sha256={bare}0"),
            format!("sha256={bare}00"),
            "sha256=00".to_owned(),
            format!("sha256={bare} "),
            format!(" {good}"),
            "sha256=".to_owned(),
            format!("{good},{good}"),
            format!("sha256={}", "é".repeat(32)),
            format!("sha256={}", "g".repeat(64)),
        ] {
            assert_eq!(verify([bad.as_str()], BODY, &secrets), Err(SignatureError::Malformed), "{bad}");
        }
    }
}
