//! Items: their categories, units of measure, prices and substitutes.

use super::{CategoryIx, CustomerIx, ItemIx, Names};
use crate::model::{Day, Money, Quantity, Ratio, Table, index::Grouped};
use std::sync::Arc;

/// One item.
#[derive(Clone, Debug)]
pub struct Item {
    /// What it is, in words.
    pub description: Box<str>,
    /// Its category.
    pub category: Option<CategoryIx>,
    /// Its unit of measure; empty where not given.
    pub uom: Box<str>,
    /// Order quantities are multiples of it.
    pub lot_multiple: Option<Quantity>,
    /// Price of one where the line has none.
    pub list_price: Money,
    /// Cost of one where the supply has none.
    pub unit_cost: Money,
}

/// Something that may be promised instead of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Substitute {
    /// What is promised instead.
    pub item: ItemIx,
    /// 1 is tried first.
    pub rank: i32,
    /// So many of the substitute for one of the item.
    pub ratio: Ratio,
    /// Only for this customer.
    pub customer: Option<CustomerIx>,
    /// Ship days on which it may be used, both inclusive.
    pub validity: Validity,
}

/// Days from and to, both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
}

impl Validity {
    /// Any day.
    pub const ALWAYS: Validity = Validity { from: Day(i32::MIN), to: Day(i32::MAX) };

    /// The day after the last.
    pub fn end(self) -> Day {
        Day(self.to.0.saturating_add(1))
    }

    /// The days of both.
    #[must_use]
    pub fn and(self, other: Validity) -> Self {
        Self { from: self.from.max(other.from), to: self.to.min(other.to) }
    }

    /// Whether a day is within.
    pub fn holds(self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }
}

/// A conversion between units of measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// Only for this item.
    pub item: Option<ItemIx>,
    /// One of these ...
    pub from: Box<str>,
    /// ... is `factor` of those.
    pub to: Box<str>,
    /// See `to`.
    pub factor: Quantity,
}

/// All items.
#[derive(Clone, Debug, Default)]
pub struct Items {
    /// Their keys.
    pub names: Names<ItemIx>,
    /// Their rows.
    pub rows: Table<ItemIx, Item>,
    /// Keys of categories.
    pub categories: Names<CategoryIx>,
    /// What may be promised instead of an item, by rank.
    pub substitutes: Grouped<ItemIx, Substitute>,
    /// Conversions between units of measure.
    pub conversions: Arc<Vec<Conversion>>,
}

impl Items {
    /// The category of an item.
    pub fn category(&self, item: ItemIx) -> Option<CategoryIx> {
        self.rows[item].category
    }

    /// A quantity in a unit of measure, in the item's own unit, rounded up; none if nothing converts it.
    ///
    /// The item's own conversions come before those of all items, the given direction before its inverse.
    pub fn convert(&self, item: ItemIx, quantity: Quantity, uom: &str) -> Option<Quantity> {
        let own = &*self.rows[item].uom;
        if uom.is_empty() || uom == own {
            return Some(quantity);
        }
        for owner in [Some(item), None] {
            let of_owner = || self.conversions.iter().filter(|c| c.item == owner);
            if let Some(conversion) = of_owner().find(|c| &*c.from == uom && &*c.to == own) {
                return Some(quantity.times(conversion.factor));
            }
            if let Some(conversion) = of_owner().find(|c| &*c.from == own && &*c.to == uom) {
                return Some(quantity.over(conversion.factor));
            }
        }
        None
    }
}
