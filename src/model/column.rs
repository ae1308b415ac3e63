//! Columns of numbers that take as few bytes as the numbers in them need.
//!
//! A table of millions of rows is kept column by column: [`Ints`] is as wide as its largest number, and a
//! column of nothing but zeros, such as a priority that no row has, takes no memory at all. [`Amounts`]
//! keeps a quantity in four bytes where it has at most eight digits that count, which is what files hold, and
//! [`Texts`] are one text with their ends.
//! What is read is what was written, always.

use super::stored::{Codes, Stored};

/// Powers of ten that an `i64` holds and a code may name.
pub(super) const POWERS: [i64; 15] = {
    let mut powers = [1; 15];
    let mut at = 1;
    while at < powers.len() {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

/// Numbers from 0 on, as wide as the largest of them.
#[derive(Clone, Debug)]
pub struct Ints(Width);

#[derive(Clone, Debug)]
enum Width {
    /// So many zeros.
    None(usize),
    One(Vec<u8>),
    Two(Vec<u16>),
    Four(Vec<u32>),
    Eight(Vec<u64>),
}

impl Default for Ints {
    fn default() -> Self {
        Self(Width::None(0))
    }
}

impl Codes for Ints {
    type Code = u64;

    fn len(&self) -> usize {
        match &self.0 {
            Width::None(len) => *len,
            Width::One(all) => all.len(),
            Width::Two(all) => all.len(),
            Width::Four(all) => all.len(),
            Width::Eight(all) => all.len(),
        }
    }

    fn are_zero(&self) -> bool {
        matches!(self.0, Width::None(_))
    }

    #[inline]
    fn get(&self, at: usize) -> u64 {
        match &self.0 {
            Width::None(_) => 0,
            Width::One(all) => u64::from(all[at]),
            Width::Two(all) => u64::from(all[at]),
            Width::Four(all) => u64::from(all[at]),
            Width::Eight(all) => all[at],
        }
    }

    fn push(&mut self, number: u64) {
        let fits = match &mut self.0 {
            Width::None(len) if number == 0 => {
                *len += 1;
                true
            }
            Width::None(_) => false,
            Width::One(all) => u8::try_from(number).map(|number| all.push(number)).is_ok(),
            Width::Two(all) => u16::try_from(number).map(|number| all.push(number)).is_ok(),
            Width::Four(all) => u32::try_from(number).map(|number| all.push(number)).is_ok(),
            Width::Eight(all) => {
                all.push(number);
                true
            }
        };
        if !fits {
            self.widen(number);
            self.push(number);
        }
    }
}

impl Ints {
    /// Makes each number as wide as this one.
    fn widen(&mut self, number: u64) {
        fn all<T: TryFrom<u64>>(ints: &Ints) -> Vec<T> {
            let narrow = |at| T::try_from(ints.get(at)).ok().expect("each is below the new one");
            // One more place, so that the first push after it does not copy them again.
            let mut wider = Vec::with_capacity(ints.len() + ints.len() / 8 + 1);
            wider.extend((0..ints.len()).map(narrow));
            wider
        }
        self.0 = match number {
            0..=0xff => Width::One(all(self)),
            0x100..=0xffff => Width::Two(all(self)),
            0x1_0000..=0xffff_ffff => Width::Four(all(self)),
            _ => Width::Eight(all(self)),
        };
    }
}

impl Stored for Ints {
    fn shrink(&mut self) {
        match &mut self.0 {
            Width::None(_) => (),
            Width::One(all) => all.shrink_to_fit(),
            Width::Two(all) => all.shrink_to_fit(),
            Width::Four(all) => all.shrink_to_fit(),
            Width::Eight(all) => all.shrink_to_fit(),
        }
    }

    fn bytes(&self) -> usize {
        match &self.0 {
            Width::None(_) => 0,
            Width::One(all) => all.capacity(),
            Width::Two(all) => 2 * all.capacity(),
            Width::Four(all) => 4 * all.capacity(),
            Width::Eight(all) => 8 * all.capacity(),
        }
    }
}

/// A number of either sign as one that is not negative, small ones as small ones.
pub fn folded(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)).cast_unsigned()
}

/// The reverse of [`folded`].
pub fn unfolded(code: u64) -> i64 {
    (code >> 1).cast_signed() ^ -(code & 1).cast_signed()
}

/// Bits of a code that name the power of ten.
const POWER_BITS: u32 = 4;

/// The power that says that an amount does not fit its code.
const LONG: u32 = (1 << POWER_BITS) - 1;

/// Beyond one long amount in so many, all are kept in full.
const SHORT_FOR_A_LONG: usize = 4;

/// Amounts in fixed-point units: four bytes each where they have few digits.
#[derive(Clone, Debug)]
pub struct Amounts(Amount);

#[derive(Clone, Debug)]
enum Amount {
    /// So many zeros.
    None(usize),
    /// Each a whole number in 28 bits and a power of ten; the others by their position, rising.
    Short {
        codes: Vec<u32>,
        long: Vec<(u32, i64)>,
    },
    Full(Vec<i64>),
}

impl Default for Amounts {
    fn default() -> Self {
        Self(Amount::None(0))
    }
}

/// The code of an amount; none where it has too many digits.
fn code(amount: i64) -> Option<u32> {
    let (mut digits, mut power) = (amount, 0);
    loop {
        if let Ok(short) = i32::try_from(digits)
            && (short << POWER_BITS) >> POWER_BITS == short
        {
            return Some((short << POWER_BITS).cast_unsigned() | power);
        }
        power += 1;
        if power == LONG || digits % 10 != 0 {
            return None;
        }
        digits /= 10;
    }
}

impl Codes for Amounts {
    type Code = i64;

    fn len(&self) -> usize {
        match &self.0 {
            Amount::None(len) => *len,
            Amount::Short { codes, .. } => codes.len(),
            Amount::Full(all) => all.len(),
        }
    }

    fn are_zero(&self) -> bool {
        matches!(self.0, Amount::None(_))
    }

    #[inline]
    fn get(&self, at: usize) -> i64 {
        match &self.0 {
            Amount::None(_) => 0,
            Amount::Short { codes, long } => {
                let code = codes[at];
                if code == LONG {
                    return long_at(long, at);
                }
                i64::from(code.cast_signed() >> POWER_BITS) * POWERS[(code & LONG) as usize]
            }
            Amount::Full(all) => all[at],
        }
    }

    fn push(&mut self, amount: i64) {
        match &mut self.0 {
            Amount::None(len) if amount == 0 => *len += 1,
            Amount::None(len) => {
                // The code of nothing is 0.
                self.0 = Amount::Short { codes: vec![0; *len], long: Vec::new() };
                self.push(amount);
            }
            Amount::Full(all) => all.push(amount),
            Amount::Short { codes, long } => {
                let short = code(amount);
                if short.is_none() {
                    long.push((position(codes.len()), amount));
                }
                codes.push(short.unwrap_or(LONG));
                if SHORT_FOR_A_LONG * long.len() > codes.len() + 64 {
                    self.0 = Amount::Full((0..self.len()).map(|at| self.get(at)).collect());
                }
            }
        }
    }
}

impl Stored for Amounts {
    fn shrink(&mut self) {
        match &mut self.0 {
            Amount::None(_) => (),
            Amount::Short { codes, long } => {
                codes.shrink_to_fit();
                long.shrink_to_fit();
            }
            Amount::Full(all) => all.shrink_to_fit(),
        }
    }

    fn bytes(&self) -> usize {
        match &self.0 {
            Amount::None(_) => 0,
            Amount::Short { codes, long } => 4 * codes.capacity() + 16 * long.capacity(),
            Amount::Full(all) => 8 * all.capacity(),
        }
    }
}

/// Texts, one behind the other.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    all: String,
    ends: Ints,
}

impl Texts {
    /// The text at a position.
    pub fn get(&self, at: usize) -> &str {
        let end = |at: usize| usize::try_from(self.ends.get(at)).expect("it was a length");
        let start = at.checked_sub(1).map_or(0, end);
        &self.all[start..end(at)]
    }

    /// Appends a text.
    pub fn push(&mut self, text: &str) {
        self.all.push_str(text);
        self.ends.push(self.all.len() as u64);
    }
}

impl Stored for Texts {
    fn shrink(&mut self) {
        self.all.shrink_to_fit();
        self.ends.shrink();
    }

    fn bytes(&self) -> usize {
        self.all.capacity() + self.ends.bytes()
    }
}

fn long_at(long: &[(u32, i64)], at: usize) -> i64 {
    let found = long.binary_search_by_key(&position(at), |(position, _)| *position);
    long[found.expect("each long amount is in the list")].1
}

fn position(at: usize) -> u32 {
    u32::try_from(at).expect("tables are capped below u32::MAX rows")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Numbers of all sizes, many of them small or round.
    fn amounts() -> impl Strategy<Value = i64> {
        let round = (-500i64..500, 0usize..14).prop_map(|(digits, power)| digits * POWERS[power]);
        prop_oneof![round, -1_000i64..1_000, any::<i64>(), any::<i32>().prop_map(i64::from)]
    }

    proptest! {
        #[test]
        fn a_column_gives_back_what_it_was_given(all in proptest::collection::vec(amounts(), 0..400)) {
            let (mut ints, mut quantities) = (Ints::default(), Amounts::default());
            for &amount in &all {
                ints.push(folded(amount));
                quantities.push(amount);
            }
            ints.shrink();
            quantities.shrink();
            prop_assert_eq!((ints.len(), quantities.len()), (all.len(), all.len()));
            for (at, &amount) in all.iter().enumerate() {
                prop_assert_eq!(unfolded(ints.get(at)), amount);
                prop_assert_eq!(quantities.get(at), amount);
            }
        }
    }

    #[test]
    fn texts_are_read_as_they_were_pushed() {
        let (all, mut texts) = (["", "a", "", "über", ""], Texts::default());
        all.iter().for_each(|text| texts.push(text));
        assert_eq!([0, 1, 2, 3, 4].map(|at| texts.get(at)), all);
    }

    #[test]
    fn a_column_is_as_wide_as_its_largest_number() {
        let bytes = |numbers: &[u64]| {
            let mut ints = Ints::default();
            numbers.iter().for_each(|&number| ints.push(number));
            ints.shrink();
            ints.bytes()
        };
        assert_eq!(bytes(&[0, 0, 0]), 0);
        assert_eq!(bytes(&[0, 255, 3]), 3);
        assert_eq!(bytes(&[0, 256, 3]), 6);
        assert_eq!(bytes(&[1 << 16, 0, 3]), 12);
        assert_eq!(bytes(&[0, 7, 1 << 32]), 24);
    }

    #[test]
    fn few_digits_are_short_at_any_size() {
        let bytes = |amount: i64| {
            let mut amounts = Amounts::default();
            amounts.push(amount);
            amounts.shrink();
            amounts.bytes()
        };
        assert_eq!(bytes(0), 0);
        assert_eq!(bytes(12_345_678_000_000_000), 4);
        assert_eq!(bytes(-100_000_000_000_000), 4);
        assert_eq!(bytes(1_234_567_891), 20);
    }
}
