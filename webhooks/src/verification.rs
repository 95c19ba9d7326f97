//! The platform's GET that proves who owns an endpoint.
//!
//! Owns: the check of `hub.mode`, `hub.verify_token` and `hub.challenge`. Invariants: tokens are compared in constant
//! time; without a token nothing is accepted; what is answered is 1 to 256 characters of `A-Za-z0-9_-`, so it can't
//! be markup. Absent: the HTTP side (200 with the challenge as `text/plain`, else 403 [D/S]) and where tokens live.

use subtle::{Choice, ConstantTimeEq};

/// Longest challenge that is answered; Meta's are about ten digits.
const LONGEST_CHALLENGE: usize = 256;

/// Why a verification was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("hub.mode is not `subscribe`")]
    Mode,
    #[error("hub.verify_token is not ours")]
    Token,
    #[error("hub.challenge is missing or has other characters than A-Za-z0-9_-")]
    Challenge,
}

/// The challenge to answer with, unchanged.
pub fn challenge<'c, T: AsRef<[u8]>>(
    mode: Option<&str>,
    token: Option<&str>,
    challenge: Option<&'c str>,
    accepted_tokens: &[T],
) -> Result<&'c str, Refused> {
    if mode != Some("subscribe") {
        return Err(Refused::Mode);
    }
    let token = token.filter(|token| !token.is_empty()).ok_or(Refused::Token)?;
    let mut known = Choice::from(0);
    for accepted in accepted_tokens {
        known |= accepted.as_ref().ct_eq(token.as_bytes());
    }
    if !bool::from(known) {
        return Err(Refused::Token);
    }
    challenge.filter(|text| is_plain(text)).ok_or(Refused::Challenge)
}

fn is_plain(text: &str) -> bool {
    (1..=LONGEST_CHALLENGE).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::{Refused, challenge};

    const TOKENS: [&str; 2] = ["first", "second"];

    #[test]
    fn the_challenge_comes_back_unchanged() {
        for token in TOKENS {
            assert_eq!(
                challenge(Some("subscribe"), Some(token), Some("1158201444"), &TOKENS),
                Ok("1158201444")
            );
        }
    }

    #[test]
    fn wrong_empty_or_missing_is_refused() {
        let ok = Some("1");
        for mode in [None, Some(""), Some("Subscribe"), Some("unsubscribe")] {
            assert_eq!(challenge(mode, Some("first"), ok, &TOKENS), Err(Refused::Mode));
        }
        for token in [None, Some(""), Some("firs"), Some("first "), Some("third")] {
            assert_eq!(challenge(Some("subscribe"), token, ok, &TOKENS), Err(Refused::Token));
        }
        assert_eq!(challenge(Some("subscribe"), Some("first"), ok, &[] as &[&str]), Err(Refused::Token));
        assert_eq!(challenge(Some("subscribe"), Some(""), ok, &[""]), Err(Refused::Token));
    }

    #[test]
    fn only_plain_challenges() {
        let long = "a".repeat(256);
        assert_eq!(challenge(Some("subscribe"), Some("first"), Some(&long), &TOKENS), Ok(long.as_str()));
        let too_long = "a".repeat(257);
        for bad in
            [None, Some(""), Some("<script>"), Some("a b"), Some("ä"), Some("1\n"), Some(too_long.as_str())]
        {
            assert_eq!(
                challenge(Some("subscribe"), Some("first"), bad, &TOKENS),
                Err(Refused::Challenge),
                "{bad:?}"
            );
        }
    }
}
