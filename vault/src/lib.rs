//! Secrets at rest: an envelope of AES-256-GCM.
//!
//! Owns: key-encryption keys ([`Keys`], from the settings), data keys ([`DataKey`], one and more a tenant, stored wrapped
//! by a key-encryption key), the form of both records, what each is bound to, and how often a data key may encrypt.
//!
//! Invariants:
//! - A record opens only in its place: tenant, name, version and data key are authenticated with it. Moved, cut, changed
//!   or put in place of a later one it is [`Error::Damaged`].
//! - What is decrypted is a [`Plaintext`] or a [`DataKey`]: neither can be printed, cloned or serialised, and both are
//!   overwritten when they are dropped.
//! - A nonce is 96 random bits. Two of one key meet with a chance below 2⁻³² as long as it encrypts less than 2³² times;
//!   [`STOP`] is far below.
//!
//! Absent on purpose: I/O and the time. Who keeps the records counts and dates them; who reads the settings calls
//! [`Keys::parse`].

#![forbid(unsafe_code)]

mod data_key;
mod envelope;
mod hint;
mod keys;

pub use data_key::{DataKey, Place, Plaintext};
pub use hint::hint;
pub use keys::{KeyId, Keys};

/// Encryptions after which a data key encrypts no more.
pub const STOP: u64 = 1 << 24;
/// Encryptions, and days, after which a data key should be replaced.
pub const ROTATE_AFTER: u64 = 1 << 20;
pub const ROTATE_AFTER_DAYS: i64 = 365;

/// An id as the database has it: a tenant's, a data key's.
pub type Id = [u8; 16];

/// Why something can't be encrypted or decrypted. Says nothing about the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not a record of ours, not of this place, or changed.
    #[error("the record is damaged or not in its place")]
    Damaged,
    /// It was wrapped by a key that is not among those of the settings.
    #[error("the key-encryption key {0} is not among the configured ones")]
    UnknownKey(KeyId),
    /// The data key has encrypted as often as it may.
    #[error("the data key has encrypted as often as it may; replace it")]
    Exhausted,
    /// A setting that is no list of keys.
    #[error("must be base64 of 32 bytes, or several of these with commas, each once")]
    NoKeys,
}

/// Whether a data key should be replaced: by its use and its age.
pub fn is_rotation_due(encryptions: u64, age_days: i64) -> bool {
    encryptions >= ROTATE_AFTER || age_days >= ROTATE_AFTER_DAYS
}
