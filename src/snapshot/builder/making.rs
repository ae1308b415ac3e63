//! Rows of making: resources, work definitions, their components; `operations` has the rest.

use super::Builder;
use crate::{
    model::{Day, Index, Quantity, index::Grouped},
    snapshot::{
        CapacityIx, ItemIx, ResourceIx, WorkIx,
        capacity::{CapacityRow, Owner},
        item::Validity,
        kinds::{BASES, Basis},
        making::{Amount, Component, ComponentSubstitute, Resource, WorkDefinition},
        row::Row,
        schema::{Column, TableName},
    },
};
use std::collections::BTreeSet;

/// A row of components as read.
#[derive(Debug)]
struct ComponentRow {
    work: WorkIx,
    item: ItemIx,
    operation: i32,
    quantity: Quantity,
    basis: Basis,
    substitute_of: Option<ItemIx>,
    rank: i32,
    validity: Validity,
    row: u64,
}

/// Work definition, component, operation, basis, what it stands in for, first day.
type ComponentKey = (WorkIx, ItemIx, i32, Basis, Option<ItemIx>, i32);

/// Components until all are there.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// Work definitions whose own row is faulty: what they make, and where, is not known.
    broken: BTreeSet<WorkIx>,
    /// Whether a component was left out for a fault.
    lacks_components: bool,
    components: Vec<ComponentRow>,
    component_keys: BTreeSet<ComponentKey>,
}

impl Builder {
    pub(super) fn resource(&mut self, row: &mut Row<'_>) {
        let resource: ResourceIx = row.define(Column::Resource, &mut self.resources.names);
        let location = row.reference(Column::Location, &self.locations.names);
        let hours = row.quantity(Column::HoursPerDay);
        let own = row.reference_or_none(Column::Calendar, &self.calendars.names);
        let place = self.locations.rows.get(location);
        let calendar = own.or_else(|| place.and_then(|place| place.manufacturing));
        let has_calendars = !self.calendars.names.is_empty() && row.is_clean(TableName::Locations);
        if calendar.is_none() && has_calendars && !row.is_faulty() {
            row.warn(Column::Calendar, "a calendar here or at its location; it works every day");
        }
        let cost_per_hour = row.money(Column::CostPerHour);
        if self.resources.rows.len() == self.resources.names.len() {
            return;
        }
        let capacity = CapacityRow::new(Owner::Resource(resource), hours, calendar);
        let capacity = self.capacities.push(capacity);
        self.resources.rows.push(Resource { location, calendar, cost_per_hour, capacity });
    }

    pub(super) fn resource_capacity(&mut self, row: &mut Row<'_>) {
        if let Some((capacity, day, hours)) = self.dated_hours(row) {
            push_once(&mut self.capacities[capacity].dated, (day, hours), row);
        }
    }

    pub(super) fn resource_load(&mut self, row: &mut Row<'_>) {
        if let Some((capacity, day, hours)) = self.dated_hours(row) {
            push_once(&mut self.capacities[capacity].taken, (day, hours), row);
        }
    }

    /// A row of resource, date and hours; none if it is faulty.
    fn dated_hours(&self, row: &mut Row<'_>) -> Option<(CapacityIx, Day, Quantity)> {
        let resource: ResourceIx = row.reference(Column::Resource, &self.resources.names);
        let day = self.day(row.date(Column::Date));
        let hours = row.quantity(Column::Hours);
        (!row.is_faulty()).then(|| (self.resources.rows[resource].capacity, day, hours))
    }

    pub(super) fn work_definition(&mut self, row: &mut Row<'_>) {
        row.define::<WorkIx>(Column::WorkDefinition, &mut self.works.names);
        let item = row.reference(Column::Item, &self.items.names);
        let lots = |column: Column, row: &mut Row<'_>| {
            let own = row.positive_or_none(column);
            self.keep_or_none(item, own, (column, row))
        };
        let work = WorkDefinition {
            item,
            location: row.reference(Column::Location, &self.locations.names),
            priority: row.rank(Column::Priority, 1),
            fixed_days: row.days_or_none(Column::FixedDays).unwrap_or(0),
            variable_days: row
                .not_negative_or_none(Column::VariableDaysPerUnit)
                .unwrap_or(Quantity::ZERO),
            minimum: lots(Column::MinimumQuantity, row),
            maximum: lots(Column::MaximumQuantity, row),
            lot_multiple: lots(Column::LotMultiple, row),
            yield_rate: yield_rate(row),
            unit_cost: row.money(Column::UnitCost),
            validity: self.validity(row),
            own: self.items.own(item),
        };
        if let Some(maximum) = work.maximum.filter(|_| !row.is_faulty()) {
            let lot = work.lot_multiple.unwrap_or(Quantity::micros(1));
            if maximum.down_to(lot) != maximum {
                row.fault(
                    Column::MaximumQuantity,
                    "a maximum_quantity that is a multiple of lot_multiple",
                );
            }
            if work.minimum.is_some_and(|minimum| maximum < minimum) {
                row.fault(
                    Column::MaximumQuantity,
                    "a maximum_quantity that is not below minimum_quantity",
                );
            }
        }
        if self.works.rows.len() == self.works.names.len() {
            return;
        }
        let pair = (work.item, work.location);
        let at = self.works.rows.push(work);
        if row.is_faulty() {
            self.making.broken.insert(at);
        } else {
            self.stock.name_pair(pair, true);
        }
    }

    /// Work definitions whose own row is sound.
    pub(super) fn sound_works(&self) -> impl Iterator<Item = (WorkIx, &WorkDefinition)> {
        self.works.rows.iter().filter(|(work, _)| !self.making.broken.contains(work))
    }

    pub(super) fn component(&mut self, row: &mut Row<'_>) {
        let work = row.reference(Column::WorkDefinition, &self.works.names);
        let item = row.reference(Column::Component, &self.items.names);
        let quantity = row.positive(Column::Quantity);
        let operation = row.whole_or_none(Column::Operation, 0, 1_000_000_000).unwrap_or(10);
        let basis = row.choice_or_none(Column::Basis, BASES).unwrap_or_default();
        let substitute_of = row.reference_or_none(Column::SubstituteOf, &self.items.names);
        let rank = row.rank(Column::SubstituteRank, 1);
        let validity = self.validity(row);
        if row.is_faulty() {
            self.making.lacks_components = true;
            return;
        }
        let key = (work, item, operation, basis, substitute_of, validity.from.0);
        if !self.making.component_keys.insert(key) {
            row.fault_of_key(
                &[
                    Column::WorkDefinition,
                    Column::Component,
                    Column::Operation,
                    Column::Basis,
                    Column::SubstituteOf,
                    Column::EffectiveFrom,
                ],
                "one row a work definition, component, operation, basis, substitute_of and date",
            );
            return;
        }
        let row = row.number();
        self.making.components.push(ComponentRow {
            work,
            item,
            operation,
            quantity,
            basis,
            substitute_of,
            rank,
            validity,
            row,
        });
    }

    /// Groups components and operations, and looks for cycles.
    pub(super) fn finish_making(&mut self) {
        let n_works = self.works.names.len();
        let rows = std::mem::take(&mut self.making.components);
        let named: Vec<_> = rows.iter().map(|row| (row.work, row.operation)).collect();
        let operations = self.group_operations(named.into_iter());
        self.works.operations = Grouped::new(n_works, operations);
        let components = self.group_components(rows);
        self.works.components = Grouped::new(n_works, components);
        let mut by_item: Vec<_> = self.sound_works().map(|(work, row)| (row.item, work)).collect();
        by_item.sort_by(|(_, a), (_, b)| self.work_order(*a).cmp(&self.work_order(*b)));
        self.works.by_item = Grouped::new(self.items.names.len(), by_item);
        self.find_structure_cycle();
    }

    fn work_order(&self, work: WorkIx) -> (usize, i32, &str) {
        let row = &self.works.rows[work];
        (row.location.to_usize(), row.priority, self.works.names.name(work))
    }

    fn group_components(&mut self, mut rows: Vec<ComponentRow>) -> Vec<(WorkIx, Component)> {
        let name = |item: ItemIx| self.items.names.name(item);
        rows.sort_by(|a, b| {
            let place = |row: &ComponentRow| (row.work, row.operation);
            place(a).cmp(&place(b)).then_with(|| name(a.item).cmp(name(b.item)))
        });
        let (substitutes, primaries): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| row.substitute_of.is_some());
        let mut components: Vec<(WorkIx, i32, Component)> = Vec::with_capacity(primaries.len());
        for row in primaries {
            let operations = self.works.operations.of(row.work);
            let operation = operations.binary_search_by_key(&row.operation, |each| each.number);
            let operation = operation.expect("what components name is listed");
            let component = Component {
                item: row.item,
                operation: u32::try_from(operation).expect("few operations"),
                amount: self.amount(&row),
                validity: row.validity,
                substitutes: Vec::new(),
            };
            components.push((row.work, row.operation, component));
        }
        for row in substitutes {
            self.attach_substitute(&row, &mut components);
        }
        components.into_iter().map(|(work, _, component)| (work, component)).collect()
    }

    /// How much of a component is needed, in the unit that it is kept in.
    fn amount(&self, row: &ComponentRow) -> Amount {
        match row.basis {
            Basis::Lot => Amount::Lot(self.items.keep(row.item, row.quantity)),
            Basis::Unit => {
                let made = self.works.rows.get(row.work).map(|work| work.item);
                let kept = self.items.stocking(row.item);
                let each = made.and_then(|made| kept.then(self.items.own(made)));
                Amount::Unit(row.quantity, each.unwrap_or(kept))
            }
        }
    }

    fn attach_substitute(
        &mut self,
        row: &ComponentRow,
        components: &mut [(WorkIx, i32, Component)],
    ) {
        let of = row.substitute_of.expect("partitioned by it");
        let fits = |(work, operation, component): &&mut (WorkIx, i32, Component)| {
            (*work, *operation, component.item) == (row.work, row.operation, of)
        };
        let substitute = ComponentSubstitute {
            item: row.item,
            amount: self.amount(row),
            rank: row.rank,
            validity: row.validity,
        };
        let mut attached = false;
        for (_, _, component) in components.iter_mut().filter(fits) {
            component.substitutes.push(substitute.clone());
            let names = &self.items.names;
            component.substitutes.sort_by(|a, b| {
                a.rank.cmp(&b.rank).then_with(|| names.name(a.item).cmp(names.name(b.item)))
            });
            attached = true;
        }
        let knows_all = !self.making.lacks_components
            && self.gaps.is_whole(TableName::WorkDefinitionComponents);
        if !attached && knows_all {
            let of = self.items.names.name(of).to_string();
            let expected = "a component of the same work definition and operation";
            self.fault_at(
                (TableName::WorkDefinitionComponents, row.row),
                Column::SubstituteOf,
                &of,
                expected,
            );
        }
    }

    /// A structure that contains itself can never be made: names the path.
    fn find_structure_cycle(&mut self) {
        // 0 not seen, 1 on the path, 2 done. An explicit stack: structures may be deep and hostile.
        let mut state = vec![0u8; self.items.names.len()];
        for root in self.items.names.indices() {
            if let Some(path) = self.cycle_below(root, &mut state) {
                let names: Vec<_> = path.iter().map(|&item| self.items.names.name(item)).collect();
                let path = names.join(" > ");
                let expected = "a structure without a cycle; this path leads back to its start";
                self.fault_at(
                    (TableName::WorkDefinitionComponents, 0),
                    Column::Component,
                    &path,
                    expected,
                );
                return;
            }
        }
    }

    fn components_of_item(&self, item: ItemIx) -> Vec<ItemIx> {
        self.works.by_item.of(item).iter().flat_map(|&work| self.works.goods(work)).collect()
    }

    fn cycle_below(&self, root: ItemIx, state: &mut [u8]) -> Option<Vec<ItemIx>> {
        if state[root.to_usize()] != 0 {
            return None;
        }
        let mut path = vec![(root, self.components_of_item(root))];
        state[root.to_usize()] = 1;
        while let Some((item, rest)) = path.last_mut() {
            let Some(next) = rest.pop() else {
                state[item.to_usize()] = 2;
                path.pop();
                continue;
            };
            match state[next.to_usize()] {
                0 => {
                    state[next.to_usize()] = 1;
                    path.push((next, self.components_of_item(next)));
                }
                1 => {
                    let start =
                        path.iter().position(|(item, _)| *item == next).expect("on the path");
                    let mut looped: Vec<_> = path[start..].iter().map(|(item, _)| *item).collect();
                    looped.push(next);
                    return Some(looped);
                }
                _ => {}
            }
        }
        None
    }
}

fn push_once(list: &mut Vec<(Day, Quantity)>, (day, hours): (Day, Quantity), row: &mut Row<'_>) {
    if list.iter().any(|(other, _)| *other == day) {
        row.fault_of_key(&[Column::Resource, Column::Date], "one row a resource and date");
        return;
    }
    list.push((day, hours));
}

fn yield_rate(row: &mut Row<'_>) -> Quantity {
    let rate = row.positive_or_none(Column::Yield).unwrap_or(Quantity::ONE);
    if Quantity::ONE < rate {
        row.fault(Column::Yield, "a yield above 0 and at most 1");
    }
    rate
}
