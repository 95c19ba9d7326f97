//! Passwords: argon2id and which ones are refused.
//!
//! Owns: the hash's parameters, the rules for new passwords, and the gate that keeps a flood of sign-ins from taking all
//! processors and memory. Invariants: hashing never runs on a thread that serves requests, and at most two run at once;
//! a check without a stored hash costs what one with it costs. Absent on purpose: rules about kinds of characters and
//! forced changes, which make passwords worse.

use super::model::field;
use crate::error::{Error, FieldError, Result};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// 19 MiB, two passes, one lane: OWASP's minimum, about 20 ms here.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// How many are hashed at once, and how long one waits for its turn.
const AT_ONCE: usize = 2;
const TURN: Duration = Duration::from_secs(10);
const SHORTEST: usize = 12;
const LONGEST: usize = 128;

/// Checked when there is no user: same parameters, and no password fits.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c3dpdGNoYm9hcmQubm8$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The most common ones that are long enough, in lower case without what is appended to them (digits, `!`).
const COMMON: [&str; 34] = [
    "passwordpassword",
    "password",
    "passw0rd",
    "p@ssword",
    "p@ssw0rd",
    "administrator",
    "adminadmin",
    "adminadminadmin",
    "letmeinletmein",
    "welcomewelcome",
    "welcometo",
    "iloveyouiloveyou",
    "iloveyou",
    "changeme",
    "changemenow",
    "changemeplease",
    "qwertyuiop",
    "qwertyuiopasdf",
    "qwertyuiopasdfghjkl",
    "qwertyqwerty",
    "qazwsxedcrfv",
    "1qaz2wsx3edc",
    "1q2w3e4r5t6y",
    "1q2w3e4r5t6y7u8i",
    "asdfghjkl",
    "asdfasdfasdf",
    "zxcvbnmzxcvbnm",
    "abcabcabcabc",
    "abc123abc",
    "trustno1trustno1",
    "unbelievable",
    "mypassword",
    "secretsecret",
    "supersecret",
];

/// Hashes and checks passwords.
#[derive(Debug, Clone)]
pub(super) struct Passwords {
    gate: Arc<Semaphore>,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    Wrong,
    Right,
    /// Right, but hashed with other parameters: here is today's hash.
    Outdated(String),
}

impl Default for Passwords {
    fn default() -> Self {
        Self { gate: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Passwords {
    /// The hash to store.
    pub(super) async fn hash(&self, password: SecretString) -> Result<String> {
        self.run(move || hash(&password)).await
    }

    /// Checks against a stored hash, or against nobody's.
    pub(super) async fn check(&self, password: SecretString, stored: Option<String>) -> Result<Verdict> {
        self.run(move || check(&password, stored.as_deref())).await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let turn = tokio::time::timeout(TURN, Arc::clone(&self.gate).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else {
            return Err(Error::Unavailable("too many sign-ins at once".to_owned()));
        };
        // The turn goes along: work that was started runs on, even if nobody waits for it any more.
        tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        })
        .await
        .map_err(Error::internal)?
    }
}

fn hasher() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(Error::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &SecretString) -> Result<String> {
    let hash: PasswordHash =
        hasher()?.hash_password(password.expose_secret().as_bytes()).map_err(Error::internal)?;
    Ok(hash.to_string())
}

fn check(password: &SecretString, stored: Option<&str>) -> Result<Verdict> {
    let parsed = PasswordHash::new(stored.unwrap_or(NOBODY)).map_err(Error::internal)?;
    let right = hasher()?.verify_password(password.expose_secret().as_bytes(), &parsed).is_ok();
    Ok(match stored {
        Some(stored) if right && !is_current(stored) => Verdict::Outdated(hash(password)?),
        Some(_) if right => Verdict::Right,
        _ => Verdict::Wrong,
    })
}

fn is_current(stored: &str) -> bool {
    stored.starts_with(&format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$"))
}

/// Whether a new password may be used; `context` are words that others know: e-mail, name.
pub(super) fn rule(password: &str, context: &[&str]) -> Option<FieldError> {
    let length = password.chars().count();
    if length < SHORTEST {
        return field("password", "too_short", "A password has at least 12 characters.");
    }
    if length > LONGEST {
        return field("password", "too_long", "A password has at most 128 characters.");
    }
    if is_common(password) || is_context(password, context) {
        return field(
            "password",
            "too_common",
            "That password is one of the first that are tried. Choose another.",
        );
    }
    None
}

fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    let core = lower.trim_end_matches(|c: char| c.is_ascii_digit() || c.is_ascii_punctuation());
    let mut kinds: Vec<char> = lower.chars().collect();
    kinds.sort_unstable();
    kinds.dedup();
    let codes: Vec<u32> = lower.chars().map(u32::from).collect();
    let run = |step: i64| {
        codes
            .iter()
            .zip(codes.iter().skip(1))
            .filter(|(a, b)| i64::from(**b) - i64::from(**a) == step)
            .count()
    };
    // Few different characters, one long run (`123456789012` has one break), or a common word with an appendix.
    kinds.len() < 4 || run(1).max(run(-1)) + 3 >= codes.len() || COMMON.contains(&core)
}

/// Whether little is left when the known words are taken out.
fn is_context(password: &str, context: &[&str]) -> bool {
    let mut rest = password.to_lowercase();
    let words = context.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let mut words: Vec<String> = words.chain(["switchboard"]).map(str::to_lowercase).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    for word in words.iter().filter(|word| word.chars().count() >= 3) {
        rest = rest.replace(word, "");
    }
    rest.chars().filter(|c| c.is_alphabetic()).count() < 2
        && rest.len() < password.len()
        && rest.chars().count() < 6
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> SecretString {
        SecretString::from(text)
    }

    #[test]
    fn hashes_fit_only_their_password() {
        let stored = hash(&secret("correct horse battery")).expect("hashes");
        assert!(is_current(&stored), "{stored}");
        assert_eq!(check(&secret("correct horse battery"), Some(&stored)).ok(), Some(Verdict::Right));
        assert_eq!(check(&secret("correct horse batterz"), Some(&stored)).ok(), Some(Verdict::Wrong));
        assert_eq!(check(&secret("correct horse battery"), None).ok(), Some(Verdict::Wrong));
    }

    #[test]
    fn nobody_costs_what_somebody_costs() {
        let stored = hash(&secret("correct horse battery")).expect("hashes");
        let parsed = |text| PasswordHash::new(text).expect("a hash");
        let (known, nobody) = (parsed(stored.as_str()), parsed(NOBODY));
        assert_eq!((known.algorithm, known.version), (nobody.algorithm, nobody.version));
        assert_eq!(known.params.to_string(), nobody.params.to_string());
        assert_eq!(known.hash.map(|hash| hash.len()), nobody.hash.map(|hash| hash.len()));
        // Equal work by its parameters; what is timed is only that nobody's is done at all. A short cut is a thousand
        // times faster, and the fastest of some is nearly free of what else the machine does.
        let fastest = |stored: Option<&str>| {
            let took = (0..5).map(|_| {
                let start = crate::clock::monotonic();
                assert_eq!(check(&secret("wrong horse battery"), stored).ok(), Some(Verdict::Wrong));
                start.elapsed()
            });
            took.min().expect("some")
        };
        assert!(fastest(None) * 20 > fastest(Some(&stored)));
    }

    #[test]
    fn weaker_hashes_are_renewed() {
        let weak = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(8 * 1024, 1, 1, None).expect("params"),
        );
        let stored: PasswordHash = weak.hash_password(b"correct horse battery").expect("hashes");
        let verdict = check(&secret("correct horse battery"), Some(&stored.to_string())).expect("checks");
        assert!(matches!(verdict, Verdict::Outdated(new) if is_current(&new)));
    }

    #[test]
    fn length_and_commonness() {
        let code =
            |password: &str| rule(password, &["ada.lovelace@example.com", "Ada"]).map(|error| error.code);
        assert_eq!(code(&"ab1$".repeat(3)), None, "12 characters");
        assert_eq!(code("ab1$ab1$ab1"), Some("too_short"));
        assert_eq!(code(&"ab1$".repeat(32)), None, "128 characters");
        assert_eq!(code(&format!("{}x", "ab1$".repeat(32))), Some("too_long"));
        for common in [
            "password1234",
            "Password123!",
            "123456789012",
            "987654321098",
            "aaaaaaaaaaaa",
            "121212121212",
            "abcdefghijkl",
            "qwertyuiop12",
            "switchboard1",
            "ada.lovelace1",
            "lovelace2024!",
        ] {
            assert_eq!(code(common), Some("too_common"), "{common}");
        }
        for good in ["correct-horse-battery", "admin-password-1", "test-password-123", "switchboard-agent-1"]
        {
            assert_eq!(code(good), None, "{good}");
        }
    }
}
