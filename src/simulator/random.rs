//! Seeded chance.
//!
//! Owns: the one kind of random number in the simulator, and the ids of the platforms made from it. Invariants:
//! the same seed and stream name give the same values on every machine and release (the generator is named, not
//! "the standard one"); streams with different names are independent, so that drawing more in one place does not
//! shift another. Deliberately absent: the operating system's random source; nothing here is a secret.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use sha2::{Digest, Sha256};

/// A stream of chance.
pub(super) struct Dice(Xoshiro256PlusPlus);

impl Dice {
    pub(super) fn new(seed: u64, stream: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(seed.to_be_bytes());
        hash.update(stream.as_bytes());
        Self(Xoshiro256PlusPlus::from_seed(hash.finalize().into()))
    }

    /// A number from `low` to `high`, both included; `low` when the range is empty.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        if high <= low { low } else { self.0.random_range(low..=high) }
    }

    /// True with this probability; anything outside 0 to 1 counts as the nearer end.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        // Always drawn, so that a changed probability does not shift everything after it.
        self.0.random::<f64>() < probability
    }

    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let last = i64::try_from(items.len()).unwrap_or(i64::MAX).saturating_sub(1);
        usize::try_from(self.between(0, last)).ok().and_then(|place| items.get(place))
    }

    /// One of these texts; empty only for an empty list.
    pub(super) fn phrase(&mut self, items: &[&'static str]) -> &'static str {
        self.pick(items).copied().unwrap_or_default()
    }

    pub(super) fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + self.below_u8(10))).collect()
    }

    /// Fills each `#` of a pattern with a digit.
    pub(super) fn pattern(&mut self, pattern: &str) -> String {
        pattern.chars().map(|c| if c == '#' { char::from(b'0' + self.below_u8(10)) } else { c }).collect()
    }

    fn below_u8(&mut self, end: u8) -> u8 {
        self.0.random_range(0..end.max(1))
    }

    fn upper_hex(&mut self, count: usize) -> String {
        (0..count)
            .filter_map(|_| char::from_digit(self.0.random_range(0..16), 16))
            .collect::<String>()
            .to_uppercase()
    }

    fn url_safe(&mut self, bytes: usize) -> String {
        let raw: Vec<u8> = (0..bytes).map(|_| self.0.random()).collect();
        BASE64URL_NOPAD.encode(&raw)
    }

    /// The id of a WhatsApp message. Like the real ones it holds the number of the other side, in plain sight.
    pub(super) fn wamid(&mut self, number: &str, incoming: bool) -> String {
        let (mark, length) = if incoming { (0x12, 20_u8) } else { (0x11, 18_u8) };
        let mut raw = vec![0x1c, 0x18, u8::try_from(number.len()).unwrap_or(0)];
        raw.extend_from_slice(number.as_bytes());
        raw.extend_from_slice(&[0x15, 0x02, 0x00, mark, 0x18, length]);
        raw.extend_from_slice(self.upper_hex(usize::from(length)).as_bytes());
        raw.push(0);
        format!("wamid.{}", BASE64.encode(&raw))
    }

    pub(super) fn messenger_mid(&mut self) -> String {
        format!("m_{}", self.url_safe(64))
    }

    pub(super) fn instagram_mid(&mut self) -> String {
        let tail: String = self.url_safe(66).chars().filter(char::is_ascii_alphanumeric).collect();
        format!("aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlEOj{tail}")
    }

    pub(super) fn ctwa_clid(&mut self) -> String {
        format!("ARA{}", self.url_safe(72))
    }

    pub(super) fn trace_id(&mut self) -> String {
        self.url_safe(9)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_stream_repeat_and_another_stream_differs() {
        let draw = |seed, stream| Dice::new(seed, stream).digits(30);
        assert_eq!(draw(7, "people"), draw(7, "people"));
        assert_ne!(draw(7, "people"), draw(8, "people"));
        assert_ne!(draw(7, "people"), draw(7, "live"));
    }

    #[test]
    fn values_are_pinned_because_a_printed_seed_must_stay_useful() {
        assert_eq!(Dice::new(1, "pin").digits(12), "054259560125");
    }

    #[test]
    fn ids_look_like_the_platforms() {
        let mut dice = Dice::new(1, "ids");
        let incoming = dice.wamid("905324187650", true);
        assert!(incoming.starts_with("wamid.HBgMOTA1MzI0MTg3NjUwFQIAEhgU"), "{incoming}");
        assert!(dice.wamid("905324187650", false).starts_with("wamid.HBgMOTA1MzI0MTg3NjUwFQIAERgS"));
        assert_eq!(dice.messenger_mid().len(), 88);
        assert_eq!(dice.pattern("9053#######").len(), 11);
        assert!(dice.pick::<u8>(&[]).is_none());
        assert!(!dice.chance(0.0));
        assert!(dice.chance(1.0));
    }
}
