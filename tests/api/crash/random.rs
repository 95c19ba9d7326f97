//! Chance that can be repeated: the seed is printed, and `CRASH_SEED` brings it back.

/// SplitMix64.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// A new seed, or that of `CRASH_SEED`; printed under the test's name.
    pub fn of_test(test: &str) -> Self {
        let fresh = || switchboard::ids::new().as_u64_pair().1;
        let seed = std::env::var("CRASH_SEED")
            .map_or_else(|_| fresh(), |seed| seed.parse().expect("CRASH_SEED is a number"));
        println!("{test}: CRASH_SEED={seed}");
        Self(seed)
    }

    /// Another course from the same seed.
    pub fn fork(&mut self) -> Self {
        Self(self.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 to `end - 1`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }
}
