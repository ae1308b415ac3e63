//! Rows of conversions between units, and the stocking unit of each item (semantics 12.2, *Units*).

use super::Builder;
use crate::{
    limits::AMOUNT_MAX,
    model::{Quantity, Ratio},
    snapshot::{
        ItemIx,
        item::ExactUnit,
        row::Row,
        schema::{Column, TableName},
        units::{Conversion, Disagreement},
    },
};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of units while tables are read.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// For how many items and conversions the stocking units were worked out last.
    settled: (usize, u64),
    /// Pairs of rows of which no unit carries both.
    apart: BTreeSet<(u64, u64)>,
}

impl Builder {
    pub(super) fn uom_conversion(&mut self, row: &mut Row<'_>) {
        let from = row.key(Column::FromUom).into();
        let to = row.key(Column::ToUom).into();
        let factor = row.positive(Column::Factor);
        let item = row.reference_or_none(Column::Item, &self.items.names);
        if row.is_faulty() {
            return;
        }
        let conversion = Conversion { from, to, factor, row: row.number() };
        if !self.items.units.add(item, conversion) {
            row.fault_of_key(
                &[Column::Item, Column::FromUom, Column::ToUom],
                "one conversion an item and pair of units",
            );
        }
    }

    /// Works out the stocking unit of each item: before the first row that has a quantity of one.
    pub(super) fn settle_units(&mut self) {
        let n_conversions = self.rows.get("uom_conversions").copied().unwrap_or(0);
        let state = (self.items.names.len(), n_conversions);
        if n_conversions == 0 || self.units.settled == state {
            return;
        }
        self.units.settled = state;
        self.units.apart.clear();
        let of_item: BTreeSet<ItemIx> = self.items.units.items().collect();
        let mut general: BTreeMap<&str, Result<(&str, Ratio), Disagreement>> = BTreeMap::new();
        let (mut kept, mut apart) = (BTreeMap::new(), BTreeSet::new());
        let units = &self.items.units;
        for item in self.items.names.indices().take(self.items.n_rows()) {
            let own = self.items.uom(item);
            let found = match of_item.contains(&item) {
                true => units.stocking(Some(item), own),
                false => *general.entry(own).or_insert_with(|| units.stocking(None, own)),
            };
            match found {
                Ok((uom, each)) if uom != own => {
                    drop(kept.insert(item, ExactUnit { uom: uom.into(), each }))
                }
                Ok(_) => {}
                Err(rows) => drop(apart.insert((rows.second, rows.first))),
            }
        }
        self.units.apart = apart;
        self.items.stock_in(kept);
    }

    /// A quantity of an item in its own unit, as it is kept; one that outgrows the limit there is a fault.
    pub(super) fn keep(
        &self,
        item: ItemIx,
        own: Quantity,
        (column, row): (Column, &mut Row<'_>),
    ) -> Quantity {
        let Some(unit) = self.items.stocking_unit(item).filter(|_| !row.is_faulty()) else {
            return own;
        };
        let kept = self.items.keep(item, own);
        if AMOUNT_MAX * crate::limits::SCALE < kept.raw().abs() {
            row.fault(
                column,
                format!("a quantity of at most 1000000000 {}, in which the item is kept", unit.uom),
            );
        }
        kept
    }

    /// The same, where a quantity may be missing.
    pub(super) fn keep_or_none(
        &self,
        item: ItemIx,
        own: Option<Quantity>,
        place: (Column, &mut Row<'_>),
    ) -> Option<Quantity> {
        own.map(|own| self.keep(item, own, place))
    }

    /// Conversions that cannot be what is meant: ways that do not agree, parts that are cut to six decimals, units of which
    /// none carries all.
    pub(super) fn finish_units(&mut self) {
        self.settle_units();
        let items = &self.items;
        let mut differ: BTreeSet<(u64, u64)> = BTreeSet::new();
        let mut note = |found: Option<Disagreement>| {
            differ.extend(found.map(|found| (found.second, found.first)));
        };
        for item in items.units.items() {
            note(items.units.disagreement(item, items.uom(item)));
        }
        let uoms: BTreeSet<&str> = items.names.indices().map(|item| items.uom(item)).collect();
        for uom in uoms.into_iter().filter(|uom| !uom.is_empty()) {
            note(items.units.general_disagreement(uom));
        }
        let cut = items.units.cut_parts();
        let at_fault: BTreeSet<u64> =
            differ.iter().flat_map(|(row, before)| [*row, *before]).collect();
        for (row, before) in differ {
            let expected = format!(
                "a factor that agrees with row {before}: two ways between the same units differ"
            );
            self.fault_at((TableName::UomConversions, row), Column::Factor, "", &expected);
        }
        let cut_rows: BTreeSet<u64> = cut.iter().map(|(row, _)| *row).collect();
        for (row, whole) in cut {
            let expected = format!(
                "an exact factor; this is one part of {whole}, cut to 6 decimals: turn the row round, with factor {whole}"
            );
            self.fault_at((TableName::UomConversions, row), Column::Factor, "", &expected);
        }
        for (row, before) in std::mem::take(&mut self.units.apart) {
            if [row, before].iter().any(|row| at_fault.contains(row) || cut_rows.contains(row)) {
                continue;
            }
            let expected = format!(
                "a unit in which those of row {before} are exact to 6 decimals too: no unit carries all; leave one of them out, or add one that both are whole numbers of"
            );
            self.fault_at((TableName::UomConversions, row), Column::Factor, "", &expected);
        }
    }
}
