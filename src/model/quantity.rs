//! Fixed-point numbers: quantities and money, six decimals each, never a float (semantics 1).
//!
//! Sums are bounded where data enters (`limits`), so plain `+` and `-` cannot overflow on valid data;
//! should they, overflow checks stop the request rather than give a wrong answer. Products go through
//! 128 bits and round up, because a need that is derived by division rounds up.

use crate::limits::{AMOUNT_MAX, BALANCE_MAX, SCALE};
use std::fmt;

/// Why a text is not a quantity or an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberFault {
    /// Not a decimal number at all (this includes NaN and infinities).
    NotANumber,
    /// More than six digits after the point.
    TooPrecise,
    /// Above the largest amount that files and requests may carry.
    TooLarge,
}

impl fmt::Display for NumberFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotANumber => "a decimal number",
            Self::TooPrecise => "a number with at most 6 decimals",
            Self::TooLarge => "a number of at most 1000000000",
        })
    }
}

/// Reads a decimal number exactly: sign, digits, point, exponent; no float on the way.
fn parse(text: &str) -> Result<i64, NumberFault> {
    let text = text.trim();
    if let Some(micros) = plain(text.as_bytes()) {
        return Ok(micros);
    }
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => {
            (mantissa, exponent.parse::<i32>().map_err(|_| NumberFault::NotANumber)?)
        }
        None => (text, 0),
    };
    let (negative, digits) = match mantissa.as_bytes().first() {
        Some(b'-') => (true, &mantissa[1..]),
        Some(b'+') => (false, &mantissa[1..]),
        _ => (false, mantissa),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
        return Err(NumberFault::NotANumber);
    }
    let micros = scaled(whole, fraction, exponent)?;
    Ok(if negative { -micros } else { micros })
}

/// What nearly all numbers are: up to nine digits, perhaps a point and up to six more. None where it is
/// anything else, be it a number or not.
fn plain(text: &[u8]) -> Option<i64> {
    let point = text.iter().position(|&byte| byte == b'.');
    let (whole, fraction) = match point {
        Some(point) => (&text[..point], &text[point + 1..]),
        None => (text, &[][..]),
    };
    if whole.is_empty() || 9 < whole.len() || 6 < fraction.len() {
        return None;
    }
    let digit =
        |value: i64, byte: &u8| byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0'));
    let value = whole.iter().chain(fraction).try_fold(0, digit)?;
    Some((fraction.len()..6).fold(value, |value, _| value * 10))
}

/// The value of `whole.fraction * 10^exponent` in millionths.
fn scaled(whole: &str, fraction: &str, exponent: i32) -> Result<i64, NumberFault> {
    let fraction = fraction.trim_end_matches('0');
    let digits = [whole, fraction].concat();
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return Ok(0);
    }
    let places = i64::try_from(fraction.len()).map_err(|_| NumberFault::TooPrecise)?;
    // Trailing zeros of a whole number may make up for a negative exponent: 1200e-8 has six decimals.
    let trimmed = significant.trim_end_matches('0');
    let zeros =
        i64::try_from(significant.len() - trimmed.len()).map_err(|_| NumberFault::TooLarge)?;
    let shift = 6 - places + i64::from(exponent) + zeros;
    let micros = match usize::try_from(shift) {
        Ok(shift) if WHOLE_DIGITS_MAX < trimmed.len() + shift => Err(NumberFault::TooLarge),
        Ok(shift) => Ok(digits_value(trimmed) * 10_i64.pow(u32::try_from(shift).expect("small"))),
        Err(_) => nearest(trimmed, shift.unsigned_abs()),
    }?;
    if AMOUNT_MAX * SCALE < micros { Err(NumberFault::TooLarge) } else { Ok(micros) }
}

/// Digits of millionths beyond which a number is above every limit.
const WHOLE_DIGITS_MAX: usize = 16;

/// Digits behind the millionths that are looked at; any further ones only show that there are some.
const LOOKED_AT: usize = 18;

/// The value of at most 18 digits.
fn digits_value(digits: &str) -> i64 {
    digits.bytes().fold(0, |value, digit| value * 10 + i64::from(digit - b'0'))
}

/// The whole number of millionths next to digits whose last `beyond` stand behind the millionths, if it is so near
/// that calculating with floats explains the difference: one part in 10^12 of it, or less than 10^-12
/// (semantics 12.2, *Numbers*).
fn nearest(digits: &str, beyond: u64) -> Result<i64, NumberFault> {
    let beyond = usize::try_from(beyond).unwrap_or(usize::MAX);
    let n_whole = digits.len().saturating_sub(beyond);
    if WHOLE_DIGITS_MAX < n_whole {
        return Err(NumberFault::TooLarge);
    }
    let (whole, fraction) = digits.split_at(n_whole);
    let n_zeros = beyond.saturating_sub(digits.len()).min(LOOKED_AT);
    let shown = &fraction[..fraction.len().min(LOOKED_AT - n_zeros)];
    let missing = LOOKED_AT - n_zeros - shown.len();
    let one = 10_i128.pow(18);
    // All twice, so that digits that are not looked at are a half.
    let rest = i128::from(shown.len() < fraction.len());
    let above =
        2 * i128::from(digits_value(shown)) * 10_i128.pow(u32::try_from(missing).expect("small"))
            + rest;
    let below = 2 * one - above;
    let floor = digits_value(whole);
    let (micros, away) = if above < below { (floor, above) } else { (floor + 1, below) };
    // A millionth of a millionth is 10^12 here, and one part in 10^12 of so many millionths 10^6 each.
    let is_noise = away < 2 * 10_i128.pow(12) || away <= 2 * i128::from(micros) * 10_i128.pow(6);
    if is_noise { Ok(micros) } else { Err(NumberFault::TooPrecise) }
}

fn write_micros(micros: i64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let sign = if micros < 0 { "-" } else { "" };
    let magnitude = micros.unsigned_abs();
    let (whole, fraction) = (magnitude / SCALE as u64, magnitude % SCALE as u64);
    let text = if fraction == 0 {
        format!("{sign}{whole}")
    } else {
        let digits = format!("{fraction:06}");
        format!("{sign}{whole}.{}", digits.trim_end_matches('0'))
    };
    f.pad(&text)
}

/// `a * b / c` in 128 bits, rounded up, saturating: an absurd need is then simply never there.
fn mul_div_up(a: i64, b: i64, c: i64) -> i64 {
    assert!(0 < c, "a divisor is positive by validation");
    let product = i128::from(a) * i128::from(b);
    let c = i128::from(c);
    let quotient = product.div_euclid(c) + i128::from(product.rem_euclid(c) != 0);
    let bound = i128::from(BALANCE_MAX);
    i64::try_from(quotient.clamp(-bound, bound)).expect("clamped to a balance")
}

macro_rules! fixed_point {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);
            /// One whole unit.
            pub const ONE: Self = Self(SCALE);

            /// From millionths.
            pub const fn micros(value: i64) -> Self {
                Self(value)
            }

            /// From whole units.
            pub const fn units(value: i64) -> Self {
                Self(value * SCALE)
            }

            /// In millionths.
            pub const fn raw(self) -> i64 {
                self.0
            }

            /// Reads decimal text, exactly.
            ///
            /// # Errors
            /// What is wrong with the text.
            pub fn parse(text: &str) -> Result<Self, NumberFault> {
                parse(text).map(Self)
            }

            /// The smaller of two.
            pub fn min(self, other: Self) -> Self {
                Ord::min(self, other)
            }

            /// The larger of two.
            pub fn max(self, other: Self) -> Self {
                Ord::max(self, other)
            }

            /// Whether it is more than nothing.
            pub const fn is_positive(self) -> bool {
                0 < self.0
            }
        }

        impl std::ops::Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }
        impl std::ops::Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }
        impl std::ops::Neg for $name {
            type Output = Self;
            fn neg(self) -> Self {
                Self(-self.0)
            }
        }
        impl std::ops::AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                *self = *self + other;
            }
        }
        impl std::ops::SubAssign for $name {
            fn sub_assign(&mut self, other: Self) {
                *self = *self - other;
            }
        }
        impl std::iter::Sum for $name {
            fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
                iter.fold(Self::ZERO, |sum, next| sum + next)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_micros(self.0, f)
            }
        }
    };
}

fixed_point! {
    /// An amount of something, in millionths of its unit: pieces of an item, hours of a resource.
    ///
    /// ```
    /// use promised::model::{NumberFault, Quantity};
    /// let boxes = Quantity::parse("2.5")?;
    /// assert_eq!(boxes + Quantity::units(1), Quantity::micros(3_500_000));
    /// // What is derived is rounded up: a need is never understated.
    /// assert_eq!(Quantity::units(1).over(Quantity::units(3)).to_string(), "0.333334");
    /// assert_eq!(boxes.up_to(Quantity::ONE).to_string(), "3");
    /// assert_eq!(Quantity::parse("1,5"), Err(NumberFault::NotANumber));
    /// # Ok::<(), NumberFault>(())
    /// ```
    Quantity
}
fixed_point! {
    /// An amount of money, in millionths of the snapshot's one currency.
    ///
    /// ```
    /// use promised::model::{Money, Quantity};
    /// let freight = Money::units(12) + Money::micros(500_000);
    /// assert_eq!(freight.to_string(), "12.5");
    /// assert_eq!(Quantity::units(40).at(freight), Money::units(500));
    /// ```
    Money
}

impl Quantity {
    /// `self * factor`, rounded up.
    pub fn times(self, factor: Quantity) -> Quantity {
        Self(mul_div_up(self.0, factor.0, SCALE))
    }

    /// `self / divisor`, rounded up.
    pub fn over(self, divisor: Quantity) -> Quantity {
        Self(mul_div_up(self.0, SCALE, divisor.0))
    }

    /// `self * numerator / divisor`, rounded up once.
    pub fn scaled(self, numerator: Quantity, divisor: Quantity) -> Quantity {
        Self(mul_div_up(self.0, numerator.0, divisor.0))
    }

    /// `self * numerator / divisor`, rounded down once.
    pub fn scaled_down(self, numerator: Quantity, divisor: Quantity) -> Quantity {
        Self(-mul_div_up(-self.0, numerator.0, divisor.0))
    }

    /// The smallest multiple of `lot` that is not less.
    pub fn up_to(self, lot: Quantity) -> Quantity {
        assert!(lot.is_positive());
        let lots = self.0.div_euclid(lot.0) + i64::from(self.0.rem_euclid(lot.0) != 0);
        Self(lots.saturating_mul(lot.0).min(BALANCE_MAX))
    }

    /// The largest multiple of `lot` that is not more.
    pub fn down_to(self, lot: Quantity) -> Quantity {
        assert!(lot.is_positive());
        Self(self.0 - self.0.rem_euclid(lot.0))
    }

    /// The smallest quantity that is a multiple of both; none where it outgrows a quantity.
    pub fn common_multiple(self, other: Self) -> Option<Self> {
        assert!(self.is_positive() && other.is_positive());
        let (mut a, mut b) = (self.0, other.0);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        (self.0 / a).checked_mul(other.0).map(Self)
    }

    /// What this quantity costs at a price for one unit, rounded up to the millionth.
    pub fn at(self, price: Money) -> Money {
        Money(mul_div_up(self.0, price.0, SCALE))
    }
}

/// Quantities, each with the price of one, as far as their average goes.
///
/// ```
/// use promised::model::{Money, Quantity, Ratio, quantity::Priced};
/// let mut priced = Priced::default();
/// priced.add_where_known(Quantity::units(3), Some(Money::units(10)));
/// priced.add_where_known(Quantity::units(1), Some(Money::units(14)));
/// priced.add_where_known(Quantity::units(5), None);
/// assert_eq!(Quantity::units(2).at_average(Ratio::ONE, priced), Money::units(22));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Priced {
    units: i128,
    sum: i128,
}

impl Priced {
    /// The quantities whose price is known, and what they come to: in millionths, and in millionths of those.
    pub(super) fn terms(self) -> (i128, i128) {
        (self.units, self.sum)
    }

    /// Counts a quantity whose price is known.
    pub fn add_where_known(&mut self, quantity: Quantity, price: Option<Money>) {
        if let Some(price) = price {
            self.units += i128::from(quantity.0);
            self.sum += i128::from(quantity.0) * i128::from(price.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: Result<i64, NumberFault>) {
        assert_eq!(Quantity::parse(text).map(Quantity::raw), want, "{text}");
    }

    #[test]
    fn numbers_are_read_exactly_or_refused() {
        check("40", Ok(40_000_000));
        check("0.000001", Ok(1));
        check("-1.5", Ok(-1_500_000));
        check("1.500000000", Ok(1_500_000));
        check("1e3", Ok(1_000_000_000));
        check("25E-1", Ok(2_500_000));
        check("1200e-8", Ok(12));
        check("1000000000", Ok(1_000_000_000_000_000));
        check("1000000000.000001", Err(NumberFault::TooLarge));
        check("1e300", Err(NumberFault::TooLarge));
        check("0.0000001", Err(NumberFault::TooPrecise));
        for text in ["", "NaN", "inf", "-", ".", "1,5", "0x10", "1e", "１"] {
            check(text, Err(NumberFault::NotANumber));
        }
    }

    /// Issue 17 item 4: what floats make of decimals is those decimals.
    #[test]
    fn float_noise_is_the_number_that_was_meant() {
        check("0.30000000000000004", Ok(300_000));
        check("3.3000000000000003", Ok(3_300_000));
        check("0.1000000000000000055511151231257827", Ok(100_000));
        check("2.9999999999999996", Ok(3_000_000));
        check("-3.3000000000000003", Ok(-3_300_000));
        check("330.00000000000006e-2", Ok(3_300_000));
        check("0.0000009999999999999", Ok(1));
        // One part in 10^12 of it, exactly, and the least more.
        check("1.000000000001", Ok(1_000_000));
        check("1.0000000000011", Err(NumberFault::TooPrecise));
        check("1.00000000000100000000000000000000000001", Err(NumberFault::TooPrecise));
        check("0.999999999999", Ok(1_000_000));
        check("0.9999999999989", Err(NumberFault::TooPrecise));
        // Less than 10^-12 away, however small it is.
        check("0.0000000000009", Ok(0));
        check("0.000000000001", Err(NumberFault::TooPrecise));
        check("0.0000010000009", Ok(1));
        check("1e-300", Ok(0));
        // From half a million on every further digit is noise.
        check("123456789.1234567", Ok(123_456_789_123_457));
        check("999999999.9999996", Ok(1_000_000_000_000_000));
        check("1000000000.0000004", Ok(1_000_000_000_000_000));
        check("1000000000.0000006", Err(NumberFault::TooLarge));
        check("12345678901234567890.5", Err(NumberFault::TooLarge));
    }

    #[test]
    fn derived_needs_round_up() {
        let third = Quantity::units(1).over(Quantity::units(3));
        assert_eq!(third.raw(), 333_334);
        assert_eq!(Quantity::units(10).over(Quantity::micros(900_000)).to_string(), "11.111112");
        assert_eq!(Quantity::units(7).up_to(Quantity::units(5)), Quantity::units(10));
        assert_eq!(Quantity::units(7).down_to(Quantity::units(5)), Quantity::units(5));
        assert_eq!(Quantity::micros(1).at(Money::micros(1)), Money::micros(1));
    }

    #[test]
    fn printing_is_the_inverse_of_reading() {
        for micros in [0, 1, -1, 1_500_000, 12_345_678, -40_000_000] {
            let text = Quantity::micros(micros).to_string();
            assert_eq!(Quantity::parse(&text).map(Quantity::raw), Ok(micros));
        }
    }
}
