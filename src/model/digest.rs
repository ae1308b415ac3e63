//! A sum over bytes that is the same for ever and on every machine.
//!
//! FNV-1a in 128 bits: no security; it tells states apart that came about in different ways.

const PRIME: u128 = 0x0100_0000_0000_0000_0000_013b;

/// Bytes of a number.
const NUMBER_LEN: usize = 8;

/// What so many bytes of zero multiply a sum by.
const POWERS: [u128; NUMBER_LEN + 1] = {
    let mut powers = [1u128; NUMBER_LEN + 1];
    let mut at = 1;
    while at <= NUMBER_LEN {
        powers[at] = powers[at - 1].wrapping_mul(PRIME);
        at += 1;
    }
    powers
};

/// A running FNV-1a sum in 128 bits.
///
/// ```
/// use promised::model::digest::Digest;
/// let of = |texts: &[&str]| {
///     let mut digest = Digest::default();
///     texts.iter().for_each(|text| digest.text(text));
///     digest.value()
/// };
/// assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(u128);

impl Default for Digest {
    fn default() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }
}

impl Digest {
    /// Feeds bytes.
    pub fn bytes(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u128::from(byte)).wrapping_mul(PRIME);
        }
    }

    /// Feeds a number.
    pub fn number(&mut self, number: i64) {
        self.word(number.cast_unsigned());
    }

    /// Feeds the eight bytes of a word, the low ones first. Most are small: the zeros above are one multiplication.
    fn word(&mut self, word: u64) {
        let n_zeros = word.leading_zeros() as usize / 8;
        self.bytes(&word.to_le_bytes()[..NUMBER_LEN - n_zeros]);
        self.0 = self.0.wrapping_mul(POWERS[n_zeros]);
    }

    /// Feeds a text, with its length, so that two texts side by side cannot be taken for others.
    pub fn text(&mut self, text: &str) {
        self.word(text.len() as u64);
        self.bytes(text.as_bytes());
    }

    /// The sum of what was fed so far.
    pub fn value(self) -> u128 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_its_eight_bytes() {
        for number in [0, 1, 255, 256, 65_536, -1, i64::MAX, i64::MIN, 1 << 40] {
            let (mut one, mut other) = (Digest::default(), Digest::default());
            one.number(number);
            other.bytes(&number.to_le_bytes());
            assert_eq!(one, other, "{number}");
        }
    }

    #[test]
    fn the_sum_is_the_published_one() {
        // FNV-1a, 128 bits, of "foobar": from the test suite of its authors.
        let mut digest = Digest::default();
        digest.bytes(b"foobar");
        assert_eq!(digest.value(), 0x343e_1662_793c_64bf_6f0d_3597_ba44_6f18);
    }
}
