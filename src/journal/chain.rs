//! What stands before an entry, as one number: the sum over the bytes of the entry before it, which hold the
//! same of the one before that.
//!
//! No security: it tells apart journals of different histories, such as a restored copy that went on.

/// Bytes that are fed at once.
const WORD_LEN: usize = 8;

/// The prime of FNV-1a in 128 bits; fed word by word, not byte by byte, because the journal's thread waits.
const PRIME: u128 = 0x0100_0000_0000_0000_0000_013b;

/// All entries up to one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chain(u128);

impl Chain {
    /// Before the first entry, and before the first one that says what stands before it.
    pub const BEGIN: Self = Self(0);

    /// Bytes of it.
    pub(super) const LEN: usize = 16;

    /// Up to an entry of these bytes.
    pub fn after(entry: &[u8]) -> Self {
        let mut sum = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d ^ entry.len() as u128;
        let mut feed = |word: u64| {
            sum = (sum ^ u128::from(word)).wrapping_mul(PRIME);
            // A product carries upwards alone; so the low bits hear of the high ones.
            sum ^= sum >> 71;
        };
        let (words, rest) = entry.as_chunks::<WORD_LEN>();
        words.iter().for_each(|word| feed(u64::from_le_bytes(*word)));
        let mut last = [0; WORD_LEN];
        last[..rest.len()].copy_from_slice(rest);
        feed(u64::from_le_bytes(last));
        Self(sum)
    }

    pub(super) fn to_bytes(self) -> [u8; Self::LEN] {
        self.0.to_le_bytes()
    }

    pub(super) fn of_bytes(bytes: [u8; Self::LEN]) -> Self {
        Self(u128::from_le_bytes(bytes))
    }
}

impl std::fmt::Display for Chain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_counts_and_so_does_the_length() {
        let bytes = [7u8; 21];
        for at in 0..bytes.len() {
            let mut other = bytes;
            other[at] ^= 1;
            assert_ne!(Chain::after(&bytes), Chain::after(&other), "{at}");
        }
        assert_ne!(Chain::after(&[0]), Chain::after(&[0, 0]));
    }
}
