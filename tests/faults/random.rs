//! Chance that can be repeated: the seed is printed with each row, and `FAULTS_SEED` brings it back.

/// SplitMix64.
#[derive(Debug, Clone)]
pub struct Random(u64);

/// That of `FAULTS_SEED`, else a new one.
pub fn seed() -> u64 {
    let fresh = || switchboard::ids::new().as_u64_pair().1;
    std::env::var("FAULTS_SEED")
        .map_or_else(|_| fresh(), |seed| seed.parse().expect("FAULTS_SEED is a number"))
}

impl Random {
    pub fn of(seed: u64) -> Self {
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

    /// Another order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}
