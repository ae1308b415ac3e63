//! How long texts become that a page gives as differences from each other.
//!
//! `DELTA_LENGTH_BYTE_ARRAY` gives the lengths of all texts first, each as a difference; `DELTA_BYTE_ARRAY` before
//! them how many bytes each begins with that the text before has too. A few bytes may so stand for gigabytes.

use super::compact::{signed, varint};

/// The encodings of texts by differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoded {
    /// Lengths, then texts.
    Lengths,
    /// Beginnings, then lengths, then texts.
    Beginnings,
}

/// Bytes of all texts of a page, if it has at most so many texts; none if it has more, or is damaged.
pub(super) fn texts_len(data: &[u8], encoded: Encoded, n_most: u64) -> Option<u64> {
    let mut numbers = Numbers { data, at: 0 };
    let beginnings = match encoded {
        Encoded::Lengths => 0,
        Encoded::Beginnings => numbers.sum(n_most)?,
    };
    beginnings.checked_add(numbers.sum(n_most)?)
}

/// Runs of whole numbers, one behind the other.
struct Numbers<'a> {
    data: &'a [u8],
    at: usize,
}

impl Numbers<'_> {
    /// The sum of a run of at most so many numbers, none of which is below zero.
    fn sum(&mut self, n_most: u64) -> Option<u64> {
        let (block, parts) = (self.varint()?, self.varint()?);
        let n = self.varint()?;
        let mut number = self.whole()?;
        let is_regular = block.is_multiple_of(128) && parts > 0 && block.is_multiple_of(parts);
        if n_most < n || !is_regular || block > 1 << 20 || !(block / parts).is_multiple_of(32) {
            return None;
        }
        let mut sum = if n > 0 { u64::try_from(number).ok()? } else { 0 };
        let mut left = n.saturating_sub(1);
        while left > 0 {
            let least = self.whole()?;
            let widths = self.at..self.at.checked_add(usize::try_from(parts).ok()?)?;
            self.at = widths.end;
            for at in widths {
                let width = *self.data.get(at)?;
                if left > 0 {
                    let here = left.min(block / parts);
                    sum = sum.checked_add(self.part(width, here, least, &mut number)?)?;
                    left -= here;
                    self.at = self.at.checked_add(bytes_of(width, block / parts)?)?;
                }
            }
        }
        Some(sum)
    }

    /// The sum of some numbers that differ from each other by so many bits more than the least difference.
    fn part(&self, width: u8, n: u64, least: i64, number: &mut i64) -> Option<u64> {
        let data = self.data.get(self.at..)?;
        if width > 32 || data.len() < bytes_of(width, n)? {
            return None;
        }
        let (mut sum, mut bits, mut n_bits, mut bytes) = (0_u64, 0_u64, 0, data.iter());
        for _ in 0..n {
            while n_bits < width {
                bits |= u64::from(*bytes.next()?) << n_bits;
                n_bits += 8;
            }
            let beyond = bits & ((1 << width) - 1);
            bits >>= width;
            n_bits -= width;
            *number = number.checked_add(least)?.checked_add(beyond.cast_signed())?;
            // The numbers of the file have 32 bits, and go round.
            sum = sum.checked_add(u64::try_from(as_32_bits(*number)).ok()?)?;
        }
        Some(sum)
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.data.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn varint(&mut self) -> Option<u64> {
        varint(|| self.byte())
    }

    fn whole(&mut self) -> Option<i64> {
        self.varint().map(signed)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the numbers of the file have 32 bits")]
fn as_32_bits(number: i64) -> i32 {
    number as i32
}

fn bytes_of(width: u8, n: u64) -> Option<usize> {
    usize::try_from((u64::from(width) * n).div_ceil(8)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run of numbers in one block, of four parts of 32.
    fn run(first: u8, n: u8, least: u8, parts: &[(u8, &[u8])]) -> Vec<u8> {
        let mut run = vec![0x80, 1, 4, n, first << 1];
        if n > 1 {
            run.push(least << 1);
            run.extend((0..4).map(|at| parts.get(at).map_or(0, |(width, _)| *width)));
            parts.iter().for_each(|(_, bytes)| run.extend(*bytes));
        }
        run
    }

    #[test]
    fn lengths_add_up() {
        let len = |data: &[u8], n| texts_len(data, Encoded::Lengths, n);
        assert_eq!(len(&run(7, 1, 0, &[]), 1), Some(7));
        assert_eq!(len(&run(0, 0, 0, &[]), 0), Some(0));
        // 3, and each of the next 9 is one longer.
        assert_eq!(len(&run(3, 10, 1, &[(0, &[])]), 10), Some((3..13).sum()));
        assert_eq!(len(&run(3, 10, 1, &[(0, &[])]), 9), None, "more texts than the page says");
        // 1, then by turns 1 and 0 more: bits 1, 0, 1, 0, ...
        assert_eq!(len(&run(1, 5, 0, &[(1, &[0b0101, 0, 0, 0])]), 9), Some(1 + 2 + 2 + 3 + 3));
        assert_eq!(len(&run(1, 5, 0, &[(1, &[])]), 9), None, "it ends too early");
        assert_eq!(len(&[], 9), None);
    }

    #[test]
    fn beginnings_count_too() {
        let mut data = run(0, 3, 5, &[(0, &[])]);
        data.extend(run(5, 3, 0, &[(0, &[])]));
        assert_eq!(texts_len(&data, Encoded::Beginnings, 3), Some((5 + 10) + 3 * 5));
    }
}
