//! Random numbers from a seed (SplitMix64): the same seed and scenario give the same choices.

use std::sync::atomic::{AtomicU64, Ordering};

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A source of choices, shared by the tasks of a scenario.
#[derive(Debug)]
pub struct Random(AtomicU64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// A source of its own for a name.
    pub fn named(seed: u64, name: &str) -> Self {
        Self::new(name.bytes().fold(seed, |state, byte| mix(state.wrapping_add(STEP) ^ u64::from(byte))))
    }

    pub fn next(&self) -> u64 {
        mix(self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP))
    }

    /// Below `end`, which is not 0.
    pub fn below(&self, end: u64) -> u64 {
        self.next() % end
    }

    /// An index into a list of that length.
    pub fn index(&self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).expect("an index")
    }

    pub fn percent(&self, chance: u64) -> bool {
        self.below(100) < chance
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
