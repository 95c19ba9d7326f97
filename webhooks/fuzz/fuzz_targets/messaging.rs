//! Fuzz target of one family: any bytes, no panic, no broken invariant.
#![no_main]

use webhooks::fuzz::{Family, entry};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Err(broken) = entry(Family::Messaging, data) {
        panic!("{broken}");
    }
});
