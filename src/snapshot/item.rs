//! Items: their categories, units of measure, prices and substitutes.

use super::{CategoryIx, CustomerIx, ItemIx, Names, names::FewTexts, units::Units};
use crate::model::{
    Day, Index, Money, Quantity, Ratio,
    coded::{ColumnOf, columns},
    column::Texts,
    index::Grouped,
    layered::Layered,
    stored::{Codes, Stored},
};
use std::{collections::BTreeMap, sync::Arc};

/// A row of the table of items, with texts of its own or of whoever reads the table; what is not given is nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Item<T = Box<str>> {
    /// What it is, in words.
    pub description: T,
    /// Its category.
    pub category: Option<CategoryIx>,
    /// Its unit of measure; empty where not given.
    pub uom: T,
    /// Order quantities are multiples of it, in its own unit.
    pub lot_multiple: Option<Quantity>,
    /// Price of one where the line has none.
    pub list_price: Money,
    /// Cost of one where the supply has none.
    pub unit_cost: Option<Money>,
    /// Its brand, a dimension of figures; empty where not given.
    pub brand: T,
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

    /// Whether all days from one on and before another are within.
    pub fn covers(self, from: Day, end: Day) -> bool {
        self.from <= from && end <= self.end()
    }

    /// Whether it holds on all days from the first one to an end, or on none of them.
    pub fn is_same_until(self, end: Day) -> bool {
        self.covers(Day::ZERO, end) || self.end() <= Day::ZERO || end <= self.from
    }

    /// Whether a day is within.
    pub fn holds(self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }
}

/// All items; millions of them have few categories and units of measure, so their rows lie in columns.
#[derive(Clone, Debug, Default)]
pub struct Items {
    /// Their keys.
    pub names: Names<ItemIx>,
    /// Rows that changes have put in the place of others, or added, stand over those of the table.
    rows: Layered<Rows, Arc<Item>>,
    /// Keys of categories.
    pub categories: Names<CategoryIx>,
    /// What may be promised instead of an item, by rank.
    pub substitutes: Grouped<ItemIx, Substitute>,
    /// Conversions between units of measure.
    pub units: Units,
    /// The stocking units of items whose stocking unit is not their own.
    stocking: Arc<BTreeMap<ItemIx, ExactUnit>>,
}

/// The stocking unit of an item: the coarsest in which all its units are exact (semantics 12.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExactUnit {
    /// Its name.
    pub uom: Box<str>,
    /// How many of it one of the item's own unit is.
    pub each: Ratio,
}

columns! {
    struct Rows {
        descriptions: Texts,
        categories: ColumnOf<Option<CategoryIx>>,
        uoms: FewTexts,
        lot_multiples: ColumnOf<Option<Quantity>>,
        list_prices: ColumnOf<Money>,
        unit_costs: ColumnOf<Option<Money>>,
        brands: FewTexts,
    }
}

impl Items {
    /// Appends a row.
    pub fn push(&mut self, item: Item<&str>) {
        let rows = self.rows.base_mut();
        rows.descriptions.push(item.description);
        rows.categories.push(item.category);
        rows.uoms.push(item.uom);
        rows.lot_multiples.push(item.lot_multiple);
        rows.list_prices.push(item.list_price);
        rows.unit_costs.push(item.unit_cost);
        rows.brands.push(item.brand);
    }

    /// How many rows there are.
    pub fn n_rows(&self) -> usize {
        self.rows.base().categories.codes().len()
    }

    /// Reads the row of an item: the one that a change has put in the place of its own, or that of the table.
    fn read<'a, R>(
        &'a self,
        item: ItemIx,
        edited: impl FnOnce(&'a Item) -> R,
        loaded: impl FnOnce(&'a Rows, usize) -> R,
    ) -> R {
        match self.rows.get(item.to_usize() as u64) {
            Some(row) => edited(row),
            None => loaded(self.rows.base(), item.to_usize()),
        }
    }

    /// The row of an item; an empty one where it was named just now.
    pub fn row(&self, item: ItemIx) -> Item {
        self.read(item, Item::clone, |rows, at| {
            if self.n_rows() <= at {
                return Item::default();
            }
            Item {
                description: rows.descriptions.get(at).into(),
                category: rows.categories.get(at),
                uom: rows.uoms.get(at).into(),
                lot_multiple: rows.lot_multiples.get(at),
                list_price: rows.list_prices.get(at),
                unit_cost: rows.unit_costs.get(at),
                brand: rows.brands.get(at).into(),
            }
        })
    }

    /// Puts a row in the place of an item's.
    pub fn set_row(&mut self, item: ItemIx, row: Item) {
        self.rows.set(item.to_usize() as u64, Arc::new(row));
    }

    /// Gives an item that was named just now an empty row.
    pub fn add(&mut self, item: ItemIx) {
        if item.to_usize() == self.n_rows() {
            self.push(Item::default());
        } else {
            self.set_row(item, Item::default());
        }
    }

    /// Finds the stocking unit of an item that was added: that of the general conversions of its own unit. Where none
    /// carries all, it is its own.
    pub fn settle_unit(&mut self, item: ItemIx) {
        let own = self.uom(item).to_string();
        let found = self.units.stocking(Some(item), &own).ok().filter(|(uom, _)| *uom != own);
        if let Some(kept) = found.map(|(uom, each)| ExactUnit { uom: uom.into(), each }) {
            Arc::make_mut(&mut self.stocking).insert(item, kept);
        }
    }

    /// What an item is, in words.
    pub fn description(&self, item: ItemIx) -> &str {
        self.read(item, |row| &*row.description, |rows, at| rows.descriptions.get(at))
    }

    /// The category of an item.
    pub fn category(&self, item: ItemIx) -> Option<CategoryIx> {
        self.read(item, |row| row.category, |rows, at| rows.categories.get(at))
    }

    /// The unit of measure of an item; empty where it has none.
    pub fn uom(&self, item: ItemIx) -> &str {
        self.read(item, |row| &*row.uom, |rows, at| rows.uoms.get(at))
    }

    /// The brand of an item, which promising never reads; empty where it has none.
    pub fn brand(&self, item: ItemIx) -> &str {
        self.read(item, |row| &*row.brand, |rows, at| rows.brands.get(at))
    }

    /// Order quantities of an item are multiples of this, in its stocking unit.
    pub fn lot_multiple(&self, item: ItemIx) -> Option<Quantity> {
        let lot = self.read(item, |row| row.lot_multiple, |rows, at| rows.lot_multiples.get(at));
        lot.map(|lot| self.keep(item, lot))
    }

    /// Price of one where the line has none.
    pub fn list_price(&self, item: ItemIx) -> Money {
        self.read(item, |row| row.list_price, |rows, at| rows.list_prices.get(at))
    }

    /// Cost of one; nothing where it is not given.
    pub fn unit_cost(&self, item: ItemIx) -> Money {
        self.given_unit_cost(item).unwrap_or_default()
    }

    /// Cost of one, if it is given.
    pub fn given_unit_cost(&self, item: ItemIx) -> Option<Money> {
        self.read(item, |row| row.unit_cost, |rows, at| rows.unit_costs.get(at))
    }

    /// How many of an item's stocking unit one of a unit is, of its own where none is named; none if nothing converts
    /// it.
    pub fn unit(&self, item: ItemIx, uom: &str) -> Option<Ratio> {
        let (own, kept) = (self.uom(item), self.stocking(item));
        if uom.is_empty() || uom == own {
            return Some(kept);
        }
        self.units.ratio(item, own, uom)?.then(kept)
    }

    /// Says which items are stocked in another unit than their own.
    pub(super) fn stock_in(&mut self, stocking: BTreeMap<ItemIx, ExactUnit>) {
        self.stocking = Arc::new(stocking);
    }

    /// The items that are not stocked in their own unit.
    pub fn stocked_otherwise(&self) -> impl Iterator<Item = (ItemIx, &ExactUnit)> {
        self.stocking.iter().map(|(item, unit)| (*item, unit))
    }

    /// How many of an item's stocking unit one of its own is: quantities of it are in that, rates (prices, hours,
    /// components) are of its own.
    pub fn stocking(&self, item: ItemIx) -> Ratio {
        self.stocking_unit(item).map_or(Ratio::ONE, |unit| unit.each)
    }

    /// The stocking unit of an item, if it is not its own.
    pub fn stocking_unit(&self, item: ItemIx) -> Option<&ExactUnit> {
        if self.stocking.is_empty() { None } else { self.stocking.get(&item) }
    }

    /// How many of its own unit one of its stocking unit is: what rates are multiplied by.
    pub fn own(&self, item: ItemIx) -> Ratio {
        self.stocking(item).inverse()
    }

    /// A quantity in an item's own unit as it is kept.
    pub fn keep(&self, item: ItemIx, own: Quantity) -> Quantity {
        self.stocking(item).in_finest(own)
    }

    /// What is kept of an item in its own unit, to the nearest micro-unit: as files and wire show it.
    pub fn shown(&self, item: ItemIx, kept: Quantity) -> Quantity {
        self.own(item).apply_nearest(kept)
    }

    /// What so much of an item costs at a price for one of its own unit.
    pub fn worth(&self, item: ItemIx, kept: Quantity, price: Money) -> Money {
        kept.at_each(self.own(item), price)
    }

    /// A quantity in a unit of measure, of the item's own where none is named, as it is kept; none if nothing converts it.
    pub fn convert(&self, item: ItemIx, quantity: Quantity, uom: &str) -> Option<Quantity> {
        Some(self.unit(item, uom)?.in_finest(quantity))
    }

    /// Bytes of the way to what changes have put in the place of rows, as far as another copy does not share it, about.
    pub fn bytes_beyond(&self, other: &Self) -> usize {
        self.rows.bytes_beyond(&other.rows)
    }
}

/// About: their names and rows.
impl Stored for Items {
    fn shrink(&mut self) {
        self.names.shrink();
        self.rows.shrink();
    }

    fn bytes(&self) -> usize {
        self.names.bytes() + self.rows.bytes()
    }
}
