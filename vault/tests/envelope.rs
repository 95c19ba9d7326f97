//! What the envelope keeps, and what it refuses.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, reason = "tests")]

use data_encoding::HEXLOWER_PERMISSIVE;
use proptest::prelude::*;
use vault::{DataKey, Error, Id, Keys, Place};

const TENANT: Id = [0x11; 16];
const KEY: Id = [0x22; 16];
/// The bytes 0 to 31, and 64 to 95.
const OLD: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const NEW: &str = "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=";

fn keys(text: &str) -> Keys {
    Keys::parse(text).expect("keys")
}

fn place(name: &str, version: u64) -> Place<'_> {
    Place { tenant: &TENANT, name, version }
}

fn new_key(id: Id) -> DataKey {
    keys(OLD).new_data_key(&TENANT, id).expect("made").0
}

fn opened(key: &DataKey, place: Place<'_>, record: &[u8]) -> Result<Vec<u8>, Error> {
    key.open(place, record).map(|text| text.as_bytes().to_vec())
}

/// The records were made with another library (Python's `cryptography`): a data key of the bytes 32 to 63, nonces of 0x33.
#[test]
fn records_of_another_library_open() {
    let bytes = |hex: &str| HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).expect("hex");
    let wrapped = bytes(concat!(
        "01933007a5314c9534",
        "333333333333333333333333",
        "6531a2c945853fc20d682ec29b4d559d2110e42b56c59ef34e1919e3b82485036c35e858ea75ade07ca4b57769b214a3"
    ));
    let sealed = bytes(concat!(
        "0122222222222222222222222222222222",
        "333333333333333333333333",
        "77d7661ce101e206c27956d577ffc335600d7a5a73520979ccf41eca3fe1abf18f69"
    ));
    let key = keys(OLD).open(&TENANT, KEY, &wrapped).expect("the key");
    let text = opened(&key, place("meta_app_secret", 7), &sealed);
    assert_eq!(text.as_deref(), Ok(&b"a secret of nobody"[..]));
}

#[test]
fn a_record_opens_in_its_place_only() {
    let (key, other) = (new_key(KEY), new_key([0x23; 16]));
    let record = key.seal(0, place("a", 2), b"text").expect("sealed");
    assert_eq!(opened(&key, place("a", 2), &record).as_deref(), Ok(&b"text"[..]));
    for wrong in [place("b", 2), place("a", 1), place("a", 3), Place { tenant: &[0x12; 16], ..place("a", 2) }]
    {
        assert_eq!(opened(&key, wrong, &record), Err(Error::Damaged), "{wrong:?}");
    }
    assert_eq!(opened(&other, place("a", 2), &record), Err(Error::Damaged), "another data key");
}

#[test]
fn the_same_bytes_under_another_id_do_not_open() {
    let (keys, wrapped) = (keys(OLD), keys(OLD).new_data_key(&TENANT, KEY).expect("made").1);
    assert!(keys.open(&TENANT, KEY, &wrapped).is_ok());
    assert!(matches!(keys.open(&TENANT, [0x23; 16], &wrapped), Err(Error::Damaged)), "another id");
    assert!(matches!(keys.open(&[0x12; 16], KEY, &wrapped), Err(Error::Damaged)), "another tenant");
}

#[test]
fn every_flipped_bit_and_every_cut_is_found() {
    let keys = keys(OLD);
    let (key, wrapped) = keys.new_data_key(&TENANT, KEY).expect("made");
    let sealed = key.seal(0, place("a", 1), b"text").expect("sealed");
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(opened(&key, place("a", 1), &changed), Err(Error::Damaged), "bit {bit}");
    }
    for bit in 0..wrapped.len() * 8 {
        let mut changed = wrapped.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        // The id of the key-encryption key stands in the bytes 1 to 8: with another one nobody knows the key.
        let error = keys.open(&TENANT, KEY, &changed).err().expect("refused");
        assert_eq!(matches!(error, Error::UnknownKey(_)), (8..72).contains(&bit), "bit {bit}: {error}");
    }
    for length in 0..sealed.len() {
        assert_eq!(opened(&key, place("a", 1), &sealed[..length]), Err(Error::Damaged), "{length} bytes");
    }
    for length in 0..wrapped.len() {
        assert!(matches!(keys.open(&TENANT, KEY, &wrapped[..length]), Err(Error::Damaged)), "{length}");
    }
    let longer = [&sealed[..], &[0]].concat();
    assert_eq!(opened(&key, place("a", 1), &longer), Err(Error::Damaged));
}

#[test]
fn two_keys_overlap_and_the_first_one_encrypts() {
    let (old, both, new) = (keys(OLD), keys(&format!("{NEW}, {OLD}")), keys(NEW));
    let (key, wrapped) = old.new_data_key(&TENANT, KEY).expect("made");
    let sealed = key.seal(0, place("a", 1), b"text").expect("sealed");
    assert!(matches!(new.open(&TENANT, KEY, &wrapped), Err(Error::UnknownKey(id)) if id == old.first()));
    let again = both.rewrap(&TENANT, KEY, &wrapped).expect("known").expect("under another key");
    assert!(matches!(old.open(&TENANT, KEY, &again), Err(Error::UnknownKey(id)) if id == new.first()));
    assert_eq!(both.rewrap(&TENANT, KEY, &again).expect("known"), None, "it is so already");
    for keys in [both, new] {
        let key = keys.open(&TENANT, KEY, &again).expect("the key");
        assert_eq!(opened(&key, place("a", 1), &sealed).as_deref(), Ok(&b"text"[..]));
    }
}

#[test]
fn a_data_key_stops_at_its_limit() {
    let key = new_key(KEY);
    assert!(key.seal(vault::STOP - 1, place("a", 1), b"text").is_ok());
    assert_eq!(key.seal(vault::STOP, place("a", 1), b"text"), Err(Error::Exhausted));
    assert!(!vault::is_rotation_due(vault::ROTATE_AFTER - 1, 364));
    assert!(vault::is_rotation_due(vault::ROTATE_AFTER, 0));
    assert!(vault::is_rotation_due(0, 365));
}

#[test]
fn settings_are_lists_of_keys() {
    for text in ["", ",", "AAAA", &format!("{OLD},"), &format!("{OLD},{OLD}"), &OLD[1..], "ü"] {
        assert!(matches!(Keys::parse(text), Err(Error::NoKeys)), "{text}");
    }
    let made = Keys::generate();
    assert_ne!(keys(&made).first(), keys(OLD).first());
    assert_ne!(*made, *Keys::generate());
    assert_eq!(keys(OLD).first(), keys(&format!("{OLD},{NEW}")).first());
}

#[test]
fn fingerprints_need_the_key() {
    assert_eq!(keys(OLD).fingerprint(b"x"), keys(OLD).fingerprint(b"x"));
    assert_ne!(keys(OLD).fingerprint(b"x"), keys(OLD).fingerprint(b"y"));
    assert_ne!(keys(OLD).fingerprint(b"x"), keys(NEW).fingerprint(b"x"));
}

#[test]
fn the_same_text_is_never_the_same_record() {
    let key = new_key(KEY);
    let record = || key.seal(0, place("a", 1), b"text").expect("sealed");
    assert_ne!(record(), record());
}

proptest! {
    #[test]
    fn what_was_sealed_opens(text: Vec<u8>, name: String, version: u64, tenant: Id, id: Id) {
        let keys = keys(OLD);
        let (key, wrapped) = keys.new_data_key(&tenant, id).expect("made");
        let place = Place { tenant: &tenant, name: &name, version };
        let sealed = key.seal(0, place, &text).expect("sealed");
        let key = keys.open(&tenant, id, &wrapped).expect("the key");
        prop_assert_eq!(opened(&key, place, &sealed), Ok(text));
    }

    /// Names and tenants of other lengths don't run into each other.
    #[test]
    fn no_other_place_opens_it(name in "[a-z]{0,6}", other in "[a-z]{0,6}", version in 0_u64..4, later in 0_u64..4) {
        let key = new_key(KEY);
        let sealed = key.seal(0, place(&name, version), b"text").expect("sealed");
        let fits = (&name, version) == (&other, later);
        prop_assert_eq!(opened(&key, place(&other, later), &sealed).is_ok(), fits);
    }

    #[test]
    fn random_bytes_are_damaged(bytes: Vec<u8>) {
        prop_assert_eq!(opened(&new_key(KEY), place("a", 1), &bytes), Err(Error::Damaged));
    }
}
