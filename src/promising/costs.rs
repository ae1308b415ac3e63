//! What an option costs and earns (semantics 11).

use crate::model::Money;

/// The cost terms of a peg, a leg or an option (semantics 11).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Costs {
    /// Of what was on hand, scheduled or bought.
    pub supply: Money,
    /// Of making: unit cost of the work definition and hours of its resources.
    pub make: Money,
    /// Of every lane used.
    pub freight: Money,
    /// Of handling at the ship-from.
    pub handling: Money,
    /// The lateness penalty of the class.
    pub lateness: Money,
}

impl std::ops::AddAssign for Costs {
    fn add_assign(&mut self, other: Self) {
        self.supply += other.supply;
        self.make += other.make;
        self.freight += other.freight;
        self.handling += other.handling;
        self.lateness += other.lateness;
    }
}

impl Costs {
    /// All terms together.
    pub fn total(&self) -> Money {
        self.supply + self.make + self.freight + self.handling + self.lateness
    }
}

/// What an option costs and earns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Economics {
    /// The cost terms.
    pub costs: Costs,
    /// Unit price times quantity.
    pub price: Money,
}

impl Economics {
    /// All cost terms together.
    pub fn cost(&self) -> Money {
        self.costs.total()
    }

    /// Price less cost.
    pub fn profit(&self) -> Money {
        self.price - self.cost()
    }
}
