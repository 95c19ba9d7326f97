//! Loudness over time, in bounded memory however long the sound is.

/// Bars of a drawn sound.
pub(crate) const PEAKS: usize = 64;

/// Bins held; when they are full, neighbours are merged. Even, and a multiple of [`PEAKS`].
const BINS: usize = 16 * PEAKS;

/// Means of levels that come at equal distances in time.
#[derive(Debug)]
pub(crate) struct Envelope {
    bins: Vec<f32>,
    /// Levels that make one bin.
    per_bin: u32,
    sum: f32,
    count: u32,
}

impl Default for Envelope {
    fn default() -> Self {
        Envelope { bins: Vec::with_capacity(BINS), per_bin: 1, sum: 0.0, count: 0 }
    }
}

impl Envelope {
    pub(crate) fn push(&mut self, level: f32) {
        self.sum += level;
        self.count += 1;
        if self.count < self.per_bin {
            return;
        }
        self.bins.push(self.sum / self.count as f32);
        (self.sum, self.count) = (0.0, 0);
        if self.bins.len() == BINS {
            self.bins = self.bins.chunks(2).map(mean).collect();
            self.per_bin *= 2;
        }
    }

    /// At most [`PEAKS`] bars whose highest is 255, of levels that begin at 0.
    pub(crate) fn of_samples(self) -> Vec<u8> {
        self.scaled(0.0)
    }

    /// The same of the sizes of packets, which follow loudness where the rate is variable. The smallest is what silence
    /// costs. Sizes that hardly differ say nothing, and give no bars.
    pub(crate) fn of_sizes(self) -> Vec<u8> {
        let lowest = self.bins.iter().copied().fold(f32::INFINITY, f32::min);
        let highest = self.bins.iter().copied().fold(0.0, f32::max);
        if highest < lowest * 1.25 { Vec::new() } else { self.scaled(lowest) }
    }

    fn scaled(self, floor: f32) -> Vec<u8> {
        let bars = self.bins.len().min(PEAKS);
        let bin = |bar: usize| bar * self.bins.len() / bars;
        let bars =
            (0..bars).map(|bar| mean(self.bins.get(bin(bar)..bin(bar + 1)).unwrap_or_default()) - floor);
        let bars: Vec<f32> = bars.collect();
        let highest = bars.iter().copied().fold(0.0, f32::max);
        // A float becomes a byte by cutting to 0..=255, and what is no number becomes 0.
        bars.into_iter()
            .map(|bar| if highest > 0.0 { (bar / highest * 255.0).round() as u8 } else { 0 })
            .collect()
    }
}

fn mean(levels: &[f32]) -> f32 {
    if levels.is_empty() { 0.0 } else { levels.iter().sum::<f32>() / levels.len() as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_follow_the_levels_at_any_length() {
        for levels in [10, 64, 65, 1023, 1024, 1025, 1_000_000] {
            let mut envelope = Envelope::default();
            (0..levels).for_each(|at| envelope.push(if at < levels / 2 { 0.1 } else { 0.5 }));
            assert!(envelope.bins.len() < BINS);
            let peaks = envelope.of_samples();
            assert_eq!(peaks.len(), levels.min(PEAKS), "{levels}");
            assert_eq!((peaks[0], peaks[peaks.len() - 1]), (51, 255), "{levels}");
        }
    }

    #[test]
    fn sizes_that_hardly_differ_give_no_bars() {
        let of = |sizes: &[f32]| {
            let mut envelope = Envelope::default();
            sizes.iter().for_each(|size| envelope.push(*size));
            envelope.of_sizes()
        };
        assert_eq!(of(&[100.0, 110.0, 124.0]), Vec::<u8>::new());
        assert_eq!(of(&[100.0, 110.0, 125.0]), vec![0, 102, 255]);
        assert_eq!(of(&[]), Vec::<u8>::new());
        assert_eq!(of(&[f32::NAN, f32::INFINITY]).len(), 2);
    }
}
