//! Items: their categories, units of measure, prices and substitutes.

use super::{BrandIx, CategoryIx, CustomerIx, ItemIx, Names, UnitIx, columns, units::Units};
use crate::model::{
    Day, Index, Money, Quantity, Ratio,
    column::{Amounts, Ints, Texts},
    index::Grouped,
    trie::Trie,
};
use std::{collections::BTreeMap, sync::Arc};

/// A row of the table of items; what is not given is nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Item<'a> {
    /// What it is, in words.
    pub description: &'a str,
    /// Its category.
    pub category: Option<CategoryIx>,
    /// Its unit of measure; empty where not given.
    pub uom: &'a str,
    /// Order quantities are multiples of it.
    pub lot_multiple: Option<Quantity>,
    /// Price of one where the line has none.
    pub list_price: Money,
    /// Cost of one where the supply has none.
    pub unit_cost: Option<Money>,
    /// Its brand, a dimension of figures; empty where not given.
    pub brand: &'a str,
}

/// The same as a value of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemRow {
    /// What it is, in words.
    pub description: Box<str>,
    /// Its category.
    pub category: Option<CategoryIx>,
    /// Its unit of measure; empty where not given.
    pub uom: Box<str>,
    /// Order quantities are multiples of it, in its own unit.
    pub lot_multiple: Option<Quantity>,
    /// Price of one where the line has none.
    pub list_price: Money,
    /// Cost of one where the supply has none.
    pub unit_cost: Option<Money>,
    /// Its brand; empty where not given.
    pub brand: Box<str>,
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
    rows: Arc<Rows>,
    /// Rows that changes have put in the place of those, or added.
    edited: Trie<Arc<ItemRow>>,
    /// Keys of categories.
    pub categories: Names<CategoryIx>,
    /// What may be promised instead of an item, by rank.
    pub substitutes: Grouped<ItemIx, Substitute>,
    /// Conversions between units of measure.
    pub units: Units,
    /// The units that items are kept in which are not kept in their own.
    kept: Arc<BTreeMap<ItemIx, ExactUnit>>,
}

/// The unit in which an item is kept: the coarsest in which all its units are exact (semantics 12.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExactUnit {
    /// Its name.
    pub uom: Box<str>,
    /// How many of it one of the item's own unit is.
    pub each: Ratio,
}

/// Stands for a cost that is not given; costs are not negative.
const NO_COST: i64 = -1;

#[derive(Clone, Debug, Default)]
struct Rows {
    descriptions: Texts,
    categories: Ints,
    uoms: Ints,
    units: Names<UnitIx>,
    /// 0 where an item has none.
    lot_multiples: Amounts,
    list_prices: Amounts,
    unit_costs: Amounts,
    brands: Ints,
    brand_names: Names<BrandIx>,
}

impl Items {
    /// Appends a row.
    pub fn push(&mut self, item: Item<'_>) {
        let rows = Arc::make_mut(&mut self.rows);
        rows.descriptions.push(item.description);
        rows.categories.push(columns::code_of_index(item.category));
        let unit = (!item.uom.is_empty()).then(|| rows.units.intern(item.uom));
        rows.uoms.push(columns::code_of_index(unit));
        rows.lot_multiples.push(item.lot_multiple.map_or(0, Quantity::raw));
        rows.list_prices.push(item.list_price.raw());
        rows.unit_costs.push(item.unit_cost.map_or(NO_COST, Money::raw));
        let brand = (!item.brand.is_empty()).then(|| rows.brand_names.intern(item.brand));
        rows.brands.push(columns::code_of_index(brand));
    }

    /// How many rows there are.
    pub fn n_rows(&self) -> usize {
        self.rows.categories.len()
    }

    /// The row of an item that a change has put in the place of its own.
    fn edited(&self, item: ItemIx) -> Option<&ItemRow> {
        if self.edited.is_empty() {
            return None;
        }
        self.edited.get(item.to_usize() as u64).map(|row| &**row)
    }

    /// The row of an item; an empty one where it was named just now.
    pub fn row(&self, item: ItemIx) -> ItemRow {
        if let Some(row) = self.edited(item) {
            return row.clone();
        }
        if self.n_rows() <= item.to_usize() {
            return ItemRow::default();
        }
        let lot = Quantity::micros(self.rows.lot_multiples.get(item.to_usize()));
        ItemRow {
            description: self.description(item).into(),
            category: self.category(item),
            uom: self.uom(item).into(),
            lot_multiple: lot.is_positive().then_some(lot),
            list_price: self.list_price(item),
            unit_cost: self.given_unit_cost(item),
            brand: self.brand(item).into(),
        }
    }

    /// Puts a row in the place of an item's.
    pub fn set_row(&mut self, item: ItemIx, row: ItemRow) {
        self.edited.insert(item.to_usize() as u64, Arc::new(row));
    }

    /// Gives an item that was named just now an empty row.
    pub fn add(&mut self, item: ItemIx) {
        if item.to_usize() == self.n_rows() {
            self.push(Item::default());
        } else {
            self.set_row(item, ItemRow::default());
        }
    }

    /// Finds the unit that an item which was added is kept in: that of the general conversions of its own. Where none carries
    /// all, it is kept in its own.
    pub fn settle_unit(&mut self, item: ItemIx) {
        let own = self.uom(item).to_string();
        let found = self.units.kept(Some(item), &own).ok().filter(|(uom, _)| *uom != own);
        if let Some(kept) = found.map(|(uom, each)| ExactUnit { uom: uom.into(), each }) {
            Arc::make_mut(&mut self.kept).insert(item, kept);
        }
    }

    /// What an item is, in words.
    pub fn description(&self, item: ItemIx) -> &str {
        if let Some(row) = self.edited(item) {
            return &row.description;
        }
        self.rows.descriptions.get(item.to_usize())
    }

    /// The category of an item.
    pub fn category(&self, item: ItemIx) -> Option<CategoryIx> {
        if let Some(row) = self.edited(item) {
            return row.category;
        }
        columns::index_of(self.rows.categories.get(item.to_usize()))
    }

    /// The unit of measure of an item; empty where it has none.
    pub fn uom(&self, item: ItemIx) -> &str {
        if let Some(row) = self.edited(item) {
            return &row.uom;
        }
        let unit = columns::index_of(self.rows.uoms.get(item.to_usize()));
        unit.map_or("", |unit| self.rows.units.name(unit))
    }

    /// The brand of an item, which promising never reads; empty where it has none.
    pub fn brand(&self, item: ItemIx) -> &str {
        if let Some(row) = self.edited(item) {
            return &row.brand;
        }
        let brand = columns::index_of(self.rows.brands.get(item.to_usize()));
        brand.map_or("", |brand| self.rows.brand_names.name(brand))
    }

    /// Order quantities of an item are multiples of this, in the unit that it is kept in.
    pub fn lot_multiple(&self, item: ItemIx) -> Option<Quantity> {
        if let Some(row) = self.edited(item) {
            return row.lot_multiple.map(|lot| self.keep(item, lot));
        }
        let lot = Quantity::micros(self.rows.lot_multiples.get(item.to_usize()));
        lot.is_positive().then(|| self.keep(item, lot))
    }

    /// Price of one where the line has none.
    pub fn list_price(&self, item: ItemIx) -> Money {
        if let Some(row) = self.edited(item) {
            return row.list_price;
        }
        Money::micros(self.rows.list_prices.get(item.to_usize()))
    }

    /// Cost of one; nothing where it is not given.
    pub fn unit_cost(&self, item: ItemIx) -> Money {
        self.given_unit_cost(item).unwrap_or_default()
    }

    /// Cost of one, if it is given.
    pub fn given_unit_cost(&self, item: ItemIx) -> Option<Money> {
        if let Some(row) = self.edited(item) {
            return row.unit_cost;
        }
        let cost = self.rows.unit_costs.get(item.to_usize());
        (cost != NO_COST).then(|| Money::micros(cost))
    }

    /// Gives back memory that growth left over.
    pub fn shrink(&mut self) {
        self.names.shrink();
        let rows = Arc::make_mut(&mut self.rows);
        rows.descriptions.shrink();
        rows.categories.shrink();
        rows.uoms.shrink();
        rows.lot_multiples.shrink();
        rows.list_prices.shrink();
        rows.unit_costs.shrink();
        rows.brands.shrink();
    }

    /// Bytes that they take, about.
    pub fn bytes(&self) -> usize {
        let rows = &*self.rows;
        let Rows { descriptions, categories, uoms, lot_multiples, list_prices, unit_costs, .. } =
            rows;
        let words = self.names.bytes() + descriptions.bytes() + categories.bytes() + uoms.bytes();
        words
            + rows.brands.bytes()
            + lot_multiples.bytes()
            + list_prices.bytes()
            + unit_costs.bytes()
    }

    /// How many of the unit that an item is kept in one of a unit is, of its own where none is named; none if nothing converts
    /// it.
    pub fn unit(&self, item: ItemIx, uom: &str) -> Option<Ratio> {
        let (own, kept) = (self.uom(item), self.kept(item));
        if uom.is_empty() || uom == own {
            return Some(kept);
        }
        self.units.ratio(item, own, uom)?.then(kept)
    }

    /// Says which items are kept in another unit than their own.
    pub(super) fn keep_in(&mut self, kept: BTreeMap<ItemIx, ExactUnit>) {
        self.kept = Arc::new(kept);
    }

    /// The items that are not kept in their own unit.
    pub fn kept_apart(&self) -> impl Iterator<Item = (ItemIx, &ExactUnit)> {
        self.kept.iter().map(|(item, kept)| (*item, kept))
    }

    /// How many of the unit that an item is kept in one of its own is: quantities of it are in that, rates (prices, hours,
    /// components) are of its own.
    pub fn kept(&self, item: ItemIx) -> Ratio {
        self.kept_unit(item).map_or(Ratio::ONE, |kept| kept.each)
    }

    /// The unit that an item is kept in, if it is not its own.
    pub fn kept_unit(&self, item: ItemIx) -> Option<&ExactUnit> {
        if self.kept.is_empty() { None } else { self.kept.get(&item) }
    }

    /// How many of its own unit one of that is which the item is kept in: what rates are multiplied by.
    pub fn own(&self, item: ItemIx) -> Ratio {
        self.kept(item).inverse()
    }

    /// A quantity in an item's own unit as it is kept.
    pub fn keep(&self, item: ItemIx, own: Quantity) -> Quantity {
        self.kept(item).in_finest(own)
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
}
