//! Bytes: authenticated encryption, and what is authenticated with it.

use crate::Error;
use aes_gcm::aead::{Aead, Generate, Nonce, Payload};
use aes_gcm::{Aes256Gcm, Key, KeyInit};
use zeroize::Zeroizing;

/// The form of records, their first byte. Another cipher gets another number.
pub const VERSION: u8 = 1;
pub const NONCE: usize = 12;
pub const KEY: usize = 32;

/// 32 random bytes of the operating system.
pub fn random_key() -> Zeroizing<[u8; KEY]> {
    Zeroizing::new(Key::<Aes256Gcm>::generate().into())
}

/// `head | nonce | ciphertext | tag`.
pub fn encrypt(key: &[u8; KEY], head: &[u8], aad: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, Error> {
    let nonce = Nonce::<Aes256Gcm>::generate();
    let sealed = cipher(key).encrypt(&nonce, Payload { msg: plaintext, aad });
    // Fails only above 64 GiB.
    let sealed = sealed.map_err(|_| Error::Damaged)?;
    Ok([head, nonce.as_slice(), &sealed].concat())
}

/// `body` is `nonce | ciphertext | tag`.
pub fn decrypt(key: &[u8; KEY], aad: &[u8], body: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    let (nonce, sealed) = body.split_at_checked(NONCE).ok_or(Error::Damaged)?;
    let nonce = Nonce::<Aes256Gcm>::try_from(nonce).map_err(|_| Error::Damaged)?;
    let opened = cipher(key).decrypt(&nonce, Payload { msg: sealed, aad });
    opened.map(Zeroizing::new).map_err(|_| Error::Damaged)
}

fn cipher(key: &[u8; KEY]) -> Aes256Gcm {
    Aes256Gcm::new(&(*key).into())
}

/// Parts with their lengths, so that no two lists of parts are the same bytes.
pub fn bound(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

/// The bytes after a first one that is ours.
pub fn versioned(record: &[u8]) -> Result<&[u8], Error> {
    match record.split_first() {
        Some((&VERSION, rest)) => Ok(rest),
        _ => Err(Error::Damaged),
    }
}
