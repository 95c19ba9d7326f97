//! Key-encryption keys: what the settings hold.

use crate::data_key::DataKey;
use crate::envelope::{self, KEY, VERSION};
use crate::{Error, Id};
use data_encoding::{BASE64, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use zeroize::Zeroizing;

const ID: usize = 8;

/// Names a key-encryption key without telling it: the first bytes of an HMAC with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId([u8; ID]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

struct Kek {
    id: KeyId,
    key: Zeroizing<[u8; KEY]>,
}

/// The key-encryption keys: the first one encrypts, all decrypt.
pub struct Keys {
    first: Kek,
    others: Vec<Kek>,
}

impl Keys {
    /// From a setting: base64 of 32 bytes, with commas between several.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let keys: Vec<Kek> = text.split(',').map(|part| kek(part.trim())).collect::<Result<_, _>>()?;
        let twice = keys.iter().enumerate().any(|(at, key)| keys.iter().skip(at + 1).any(|k| k.id == key.id));
        let mut keys = keys.into_iter();
        match keys.next() {
            Some(first) if !twice => Ok(Self { first, others: keys.collect() }),
            _ => Err(Error::NoKeys),
        }
    }

    /// A new key, as the setting has it.
    pub fn generate() -> Zeroizing<String> {
        Zeroizing::new(BASE64.encode(envelope::random_key().as_slice()))
    }

    /// The key that encrypts.
    pub fn first(&self) -> KeyId {
        self.first.id
    }

    /// A new data key of a tenant, and how it is stored.
    pub fn new_data_key(&self, tenant: &Id, id: Id) -> Result<(DataKey, Vec<u8>), Error> {
        let key = DataKey::new(id, envelope::random_key());
        let wrapped = self.wrap(tenant, &key)?;
        Ok((key, wrapped))
    }

    /// A stored data key.
    pub fn open(&self, tenant: &Id, id: Id, wrapped: &[u8]) -> Result<DataKey, Error> {
        let (by, body) = parts(wrapped)?;
        let kek = std::iter::once(&self.first).chain(&self.others).find(|kek| kek.id == by);
        let kek = kek.ok_or(Error::UnknownKey(by))?;
        let key = envelope::decrypt(&kek.key, &wrapped_in(tenant, &id, by), body)?;
        let key = <[u8; KEY]>::try_from(key.as_slice()).map_err(|_| Error::Damaged)?;
        Ok(DataKey::new(id, Zeroizing::new(key)))
    }

    /// A stored data key under the first key; none: it is so already.
    pub fn rewrap(&self, tenant: &Id, id: Id, wrapped: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        let key = self.open(tenant, id, wrapped)?;
        if parts(wrapped)?.0 == self.first.id { Ok(None) } else { self.wrap(tenant, &key).map(Some) }
    }

    /// A hash of something that could be guessed from a plain one.
    pub fn fingerprint(&self, bytes: &[u8]) -> Vec<u8> {
        hmac(&self.first.key, &[b"fingerprint", bytes])
    }

    fn wrap(&self, tenant: &Id, key: &DataKey) -> Result<Vec<u8>, Error> {
        let Kek { id, key: by } = &self.first;
        let head = [&[VERSION][..], &id.0].concat();
        envelope::encrypt(by, &head, &wrapped_in(tenant, &key.id(), *id), key.bytes())
    }
}

fn kek(text: &str) -> Result<Kek, Error> {
    let bytes = Zeroizing::new(BASE64.decode(text.as_bytes()).map_err(|_| Error::NoKeys)?);
    let key = Zeroizing::new(<[u8; KEY]>::try_from(bytes.as_slice()).map_err(|_| Error::NoKeys)?);
    let mut id = [0; ID];
    // The lengths differ: the id is the beginning.
    id.iter_mut().zip(hmac(&key, &[b"kid"])).for_each(|(place, byte)| *place = byte);
    Ok(Kek { id: KeyId(id), key })
}

fn hmac(key: &[u8; KEY], parts: &[&[u8]]) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

/// Who wrapped it, and `nonce | ciphertext | tag`.
fn parts(wrapped: &[u8]) -> Result<(KeyId, &[u8]), Error> {
    let (id, body) = envelope::versioned(wrapped)?.split_first_chunk::<ID>().ok_or(Error::Damaged)?;
    Ok((KeyId(*id), body))
}

/// What a wrapped data key is bound to.
fn wrapped_in(tenant: &Id, id: &Id, by: KeyId) -> Vec<u8> {
    envelope::bound(&[b"switchboard.data-key", &[VERSION], tenant, id, &by.0])
}
