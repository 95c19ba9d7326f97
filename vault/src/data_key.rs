//! Data keys: what encrypts the secrets of one tenant.

use crate::envelope::{self, KEY, VERSION};
use crate::{Error, Id, STOP};
use zeroize::Zeroizing;

/// A data key in memory.
pub struct DataKey {
    id: Id,
    key: Zeroizing<[u8; KEY]>,
}

/// Where a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    pub tenant: &'a Id,
    pub name: &'a str,
    /// Rises with each change of the secret; never used twice.
    pub version: u64,
}

/// A decrypted secret.
pub struct Plaintext(Zeroizing<Vec<u8>>);

impl Plaintext {
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl DataKey {
    pub(crate) fn new(id: Id, key: Zeroizing<[u8; KEY]>) -> Self {
        Self { id, key }
    }

    pub fn id(&self) -> Id {
        self.id
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY] {
        &self.key
    }

    /// `version | id of the data key | nonce | ciphertext | tag`. `used`: how often this key has encrypted before.
    pub fn seal(&self, used: u64, place: Place<'_>, plaintext: &[u8]) -> Result<Vec<u8>, Error> {
        if used >= STOP {
            return Err(Error::Exhausted);
        }
        let head = [&[VERSION][..], &self.id].concat();
        envelope::encrypt(&self.key, &head, &self.bound(place), plaintext)
    }

    pub fn open(&self, place: Place<'_>, record: &[u8]) -> Result<Plaintext, Error> {
        let (id, body) = envelope::versioned(record)?.split_first_chunk().ok_or(Error::Damaged)?;
        if *id != self.id {
            return Err(Error::Damaged);
        }
        envelope::decrypt(&self.key, &self.bound(place), body).map(Plaintext)
    }

    /// What a secret is bound to.
    fn bound(&self, place: Place<'_>) -> Vec<u8> {
        envelope::bound(&[
            b"switchboard.secret",
            &[VERSION],
            place.tenant,
            place.name.as_bytes(),
            &place.version.to_be_bytes(),
            &self.id,
        ])
    }
}
