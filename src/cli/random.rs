//! Numbers that look random and are the same on every machine: splitmix64, integers only.
//!
//! Each row of each table has a stream of its own, found by seed, table and row number; so tables can be
//! written one after the other, in any order, without keeping a row in memory, and still fit together.

/// One stream of numbers.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    /// The stream of one row of one table.
    pub(super) fn of(seed: u64, table: &str, row: u64) -> Self {
        let table = table.bytes().fold(seed, |hash, byte| mixed(hash ^ u64::from(byte)));
        Self(mixed(table ^ mixed(row)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed(self.0)
    }

    /// A number below a bound, which is above 0.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        assert!(0 < bound);
        let product = u128::from(self.next()) * u128::from(bound);
        u64::try_from(product >> 64).expect("the upper half of 128 bits has 64")
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    /// A number around another: at most so many percent away from it.
    pub(super) fn around(&mut self, middle: u64, percent: u64) -> u64 {
        middle * self.between(100 - percent, 100 + percent) / 100
    }

    /// True in so many of a hundred cases.
    pub(super) fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// One of some values.
    pub(super) fn one_of<T: Copy>(&mut self, values: &[T]) -> T {
        let n = u64::try_from(values.len()).expect("a list fits");
        values[usize::try_from(self.below(n)).expect("below the length of a list")]
    }

    /// A position below `n` by Zipf's law, nearly: each doubling of the position is as likely as the
    /// one before it, so the first few are asked for as often as the last half.
    pub(super) fn zipf(&mut self, n: u64) -> u64 {
        let octaves = octaves(n);
        loop {
            let start = 1 << self.below(octaves);
            let place = start + self.below(start);
            if place <= n {
                return place - 1;
            }
        }
    }
}

/// How many doublings there are from 1 to `n`.
fn octaves(n: u64) -> u64 {
    u64::from(64 - n.leading_zeros())
}

/// How often [`Random::zipf`] gives a position below `n`, in millionths.
pub(super) fn zipf_share(position: u64, n: u64) -> u64 {
    let octave = octaves(position + 1) - 1;
    1_000_000 / octaves(n) / (1 << octave)
}

fn mixed(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_the_same_for_ever() {
        let mut random = Random::of(1, "items", 7);
        let drawn: Vec<_> = (0..4).map(|_| random.below(1_000)).collect();
        let mut again = Random::of(1, "items", 7);
        assert_eq!(drawn, (0..4).map(|_| again.below(1_000)).collect::<Vec<_>>());
        assert_ne!(drawn[0], Random::of(2, "items", 7).below(1_000));
    }

    #[test]
    fn the_first_positions_are_the_popular_ones() {
        let mut random = Random::of(1, "orders", 0);
        let mut drawn = [0u64; 100];
        for _ in 0..100_000 {
            drawn[usize::try_from(random.zipf(100)).expect("below 100")] += 1;
        }
        assert!(10_000 < drawn[0] && drawn[50] < 500, "{drawn:?}");
        assert!(drawn.iter().all(|&n| 0 < n));
        assert_eq!(zipf_share(0, 100), 142_857);
    }
}
