//! Exact ratios: so many of one thing stand for so many of another (item substitutes, semantics 5).

use super::{Money, Quantity, quantity::Priced};
use crate::limits::{BALANCE_MAX, SCALE};

/// `numerator / denominator` of one thing for one of another; both positive, in lowest terms.
///
/// ```
/// use promised::model::{Quantity, Ratio};
/// // Twelve eggs are one carton.
/// let carton = Ratio::of(Quantity::units(12));
/// assert_eq!(carton.apply(Quantity::units(2)), Quantity::units(24));
/// assert_eq!(carton.inverse().apply(Quantity::units(24)), Quantity::units(2));
/// assert_eq!(carton.then(carton.inverse()), Some(Ratio::ONE));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    numerator: Quantity,
    denominator: Quantity,
}

impl Ratio {
    /// One for one.
    pub const ONE: Ratio = Ratio { numerator: Quantity::ONE, denominator: Quantity::ONE };

    /// So many for one; `many` is positive.
    pub fn of(many: Quantity) -> Self {
        assert!(many.is_positive(), "a ratio is positive by validation");
        reduced(many.raw().into(), Quantity::ONE.raw().into()).expect("no larger than it was")
    }

    /// The other way round.
    #[must_use]
    pub fn inverse(self) -> Self {
        Self { numerator: self.denominator, denominator: self.numerator }
    }

    /// One ratio after the other, exactly; none where the terms outgrow a quantity.
    pub fn then(self, next: Self) -> Option<Self> {
        let product = |a: Quantity, b: Quantity| i128::from(a.raw()) * i128::from(b.raw());
        let numerator = product(self.numerator, next.numerator);
        reduced(numerator, product(self.denominator, next.denominator))
    }

    /// Numerator and denominator.
    pub fn terms(self) -> (Quantity, Quantity) {
        (self.numerator, self.denominator)
    }

    /// Whether one of them is a whole number of micro-units.
    pub fn is_exact(self) -> bool {
        let one = i128::from(Quantity::ONE.raw()) * i128::from(self.numerator.raw());
        one % i128::from(self.denominator.raw()) == 0
    }

    /// How it compares with another.
    pub fn compare(self, other: Self) -> std::cmp::Ordering {
        let product = |a: Quantity, b: Quantity| i128::from(a.raw()) * i128::from(b.raw());
        let ours = product(self.numerator, other.denominator);
        ours.cmp(&product(other.numerator, self.denominator))
    }

    /// Whether it is less than one for one.
    pub fn is_less_than_one(self) -> bool {
        self.numerator < self.denominator
    }

    /// What stands for a quantity, rounded down to the micro-unit.
    pub fn apply_down(self, quantity: Quantity) -> Quantity {
        quantity.scaled_down(self.numerator, self.denominator)
    }

    /// What stands for a quantity, exactly; none where that is no whole number of micro-units.
    pub fn apply_exactly(self, quantity: Quantity) -> Option<Quantity> {
        let up = self.apply(quantity);
        (up == self.apply_down(quantity)).then_some(up)
    }

    /// What stands for a quantity, to the nearest micro-unit, halves up.
    pub fn apply_nearest(self, quantity: Quantity) -> Quantity {
        if self == Self::ONE {
            return quantity;
        }
        let (numerator, denominator) =
            (i128::from(self.numerator.raw()), i128::from(self.denominator.raw()));
        let twice = 2 * i128::from(quantity.raw()) * numerator + denominator;
        let bound = i128::from(crate::limits::BALANCE_MAX);
        let nearest = twice.div_euclid(2 * denominator).clamp(-bound, bound);
        Quantity::micros(i64::try_from(nearest).expect("clamped to a balance"))
    }

    /// What a quantity of a unit is in the finest one, of which so many are one of it: the whole number of those that lies
    /// within half a micro-unit of the coarser one, which was rounded; else rounded up to the micro-unit (semantics 12.2).
    pub fn in_finest(self, quantity: Quantity) -> Quantity {
        if self == Self::ONE {
            return quantity;
        }
        let (numerator, denominator) =
            (i128::from(self.numerator.raw()), i128::from(self.denominator.raw()));
        let one = i128::from(Quantity::ONE.raw());
        let exactly = i128::from(quantity.raw()) * numerator;
        let whole = (2 * exactly + one * denominator).div_euclid(2 * one * denominator);
        let away = (exactly - whole * one * denominator).abs();
        let is_whole = !self.is_less_than_one() && 2 * away <= numerator;
        let bound = i128::from(crate::limits::BALANCE_MAX);
        match i64::try_from((whole * one).clamp(-bound, bound)) {
            Ok(whole) if is_whole => Quantity::micros(whole),
            Ok(_) | Err(_) => self.apply(quantity),
        }
    }

    /// What stands for a quantity, rounded up to the micro-unit.
    pub fn apply(self, quantity: Quantity) -> Quantity {
        if self == Self::ONE { quantity } else { quantity.scaled(self.numerator, self.denominator) }
    }

    /// What a quantity stands for, rounded down to the micro-unit.
    pub fn undo(self, quantity: Quantity) -> Quantity {
        if self == Self::ONE {
            return quantity;
        }
        quantity.scaled_down(self.denominator, self.numerator)
    }
}

/// In lowest terms, but one for one as [`Ratio::ONE`] has it.
fn reduced(numerator: i128, denominator: i128) -> Option<Ratio> {
    if numerator == denominator {
        return Some(Ratio::ONE);
    }
    let (mut a, mut b) = (numerator, denominator);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let term = |n: i128| i64::try_from(n / a).ok().map(Quantity::micros);
    Some(Ratio { numerator: term(numerator)?, denominator: term(denominator)? })
}

/// `a * b * n / (d * scale)` for a ratio `n / d`, rounded up once, saturating.
fn mul_ratio_up(a: i64, b: i64, ratio: Ratio) -> i64 {
    let (numerator, denominator) = ratio.terms();
    let product = i128::from(a) * i128::from(b);
    let divisor = i128::from(denominator.raw()) * i128::from(SCALE);
    // Where it outgrows 128 bits, what is lost by dividing first is less than a part in 10^18 of it.
    let quotient = match product.checked_mul(i128::from(numerator.raw())) {
        Some(all) => all.div_euclid(divisor) + i128::from(all.rem_euclid(divisor) != 0),
        None => (product / divisor).saturating_mul(i128::from(numerator.raw())),
    };
    let bound = i128::from(BALANCE_MAX);
    i64::try_from(quotient.clamp(-bound, bound)).expect("clamped to a balance")
}

impl Quantity {
    /// `self * factor`, where a factor is so many of what `self` is for one of, rounded up once.
    pub fn times_of(self, factor: Quantity, each: Ratio) -> Quantity {
        if each == Ratio::ONE {
            return self.times(factor);
        }
        Self::micros(mul_ratio_up(self.raw(), factor.raw(), each))
    }

    /// What this quantity costs at a price for each of another unit, of which so many are one of this one's; rounded up to
    /// the millionth.
    pub fn at_each(self, each: Ratio, price: Money) -> Money {
        if each == Ratio::ONE {
            return self.at(price);
        }
        Money::micros(mul_ratio_up(self.raw(), price.raw(), each))
    }

    /// What this quantity costs at an average price for each of another unit; to the nearest millionth. Without prices, nothing.
    pub fn at_average(self, each: Ratio, of: Priced) -> Money {
        let (units, sum) = of.terms();
        if units <= 0 {
            return Money::ZERO;
        }
        let (price, rest) = (sum.div_euclid(units), sum.rem_euclid(units));
        let quantity = i128::from(self.raw());
        let cost = quantity * price + quantity * rest / units;
        let (numerator, denominator) = each.terms();
        let scale = i128::from(SCALE) * i128::from(denominator.raw());
        let cost = cost.saturating_mul(i128::from(numerator.raw()));
        let bound = i128::from(BALANCE_MAX);
        let nearest = cost.saturating_add(scale / 2).div_euclid(scale).clamp(-bound, bound);
        Money::micros(i64::try_from(nearest).expect("clamped to a balance"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_multiplies_and_comes_back() {
        let pairs = Ratio::of(Quantity::units(2));
        let thirds = Ratio::of(Quantity::units(3)).inverse();
        let chain = pairs.then(thirds).expect("small terms");
        assert_eq!(chain.apply(Quantity::units(6)), Quantity::units(4));
        assert_eq!(chain.apply(Quantity::micros(1)), Quantity::micros(1), "rounded up");
        assert_eq!(chain.then(chain.inverse()), Some(Ratio::ONE));
    }

    /// Issue 17 item 4, *Units*: what was rounded in a coarser unit is the whole number that was meant.
    #[test]
    fn whole_finest_units_are_known_again() {
        let dozen = Ratio::of(Quantity::units(12));
        let in_pieces = |micros| dozen.in_finest(Quantity::micros(micros)).raw();
        // 0.916667 dozen are 11.000004: within half a micro-dozen, which is 0.000006.
        assert_eq!(in_pieces(916_667), 11_000_000);
        assert_eq!(in_pieces(916_666), 10_999_992, "0.000008 away is not");
        assert_eq!(in_pieces(83_333), 1_000_000);
        assert_eq!(in_pieces(1_000_000), 12_000_000);
        assert_eq!(in_pieces(41_667), 500_004, "half an egg is no whole one");
        assert_eq!(in_pieces(-83_333), -1_000_000);
        let shown = |micros| dozen.inverse().apply_nearest(Quantity::micros(micros)).raw();
        assert_eq!(
            [shown(11_000_000), shown(4_000_000), shown(500_000)],
            [916_667, 333_333, 41_667]
        );
        // Each whole number of pieces is known again by what is shown of it.
        assert!((0..1_000).all(|n| in_pieces(shown(n * 1_000_000)) == n * 1_000_000));
        // A unit that is finer than the one it is kept in is rounded up.
        let gram = Ratio::of(Quantity::micros(1_000));
        assert_eq!(gram.in_finest(Quantity::micros(1_500)).raw(), 2);
    }

    #[test]
    fn rates_of_another_unit_are_exact() {
        let dozen = Ratio::of(Quantity::units(12)).inverse();
        let money = |micros| crate::model::Money::micros(micros);
        // 4 eggs at 12 a dozen, at 10 a dozen; 3 eggs take a quarter of the hours of a dozen.
        assert_eq!(Quantity::units(4).at_each(dozen, money(12_000_000)), money(4_000_000));
        assert_eq!(Quantity::units(4).at_each(dozen, money(10_000_000)), money(3_333_334));
        assert_eq!(
            Quantity::units(2).times_of(Quantity::units(3), dozen),
            Quantity::micros(500_000)
        );
    }

    #[test]
    fn terms_that_outgrow_a_quantity_are_no_ratio() {
        let odd = Ratio::of(Quantity::micros(999_999_999_999_999));
        assert_eq!(odd.then(odd), None);
    }
}
