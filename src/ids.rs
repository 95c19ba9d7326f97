//! The only place that makes ids and random secrets.
//!
//! Owns: record ids (UUIDv7: sortable by the time they were made, in arrival order within a process) and tokens (256
//! random bits; only their SHA-256 is ever stored). Absent on purpose: ids as cursors of the event log, which go by
//! `seq`.

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A new record id.
#[expect(clippy::disallowed_methods, reason = "this is the place")]
pub fn new() -> Uuid {
    Uuid::now_v7()
}

/// A new secret token: 256 bits from the operating system's generator, base64url without padding.
pub fn token() -> String {
    let bytes: [u8; 32] = rand::random();
    BASE64URL_NOPAD.encode(&bytes)
}

/// What is stored of a token.
pub fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    #[test]
    fn ids_rise_and_tokens_differ() {
        let ids: Vec<_> = (0..1000).map(|_| super::new()).collect();
        assert!(ids.is_sorted());
        assert_ne!(super::token(), super::token());
        assert_eq!(super::token().len(), 43);
    }
}
