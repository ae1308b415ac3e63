//! Exact ratios: so many of one thing stand for so many of another (item substitutes, semantics 5).

use super::Quantity;

/// `numerator / denominator` of one thing for one of another; both positive, in lowest terms.
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

    /// What stands for a quantity, rounded down to the micro-unit.
    pub fn apply_down(self, quantity: Quantity) -> Quantity {
        quantity.scaled_down(self.numerator, self.denominator)
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

    #[test]
    fn terms_that_outgrow_a_quantity_are_no_ratio() {
        let odd = Ratio::of(Quantity::micros(999_999_999_999_999));
        assert_eq!(odd.then(odd), None);
    }
}
