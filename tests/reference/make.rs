//! Making by a work definition (semantics 6.2 and 11 "Make").

use super::book::{Account, Draft, Place};
use super::fill::{self, Filling};
use super::model::Model;
use super::replenish::Source;
use super::sources::{Component, Operation, WorkDefinition};
use super::text::{Day, UNIT, fraction_up, over_up, round_up, times, times_down, times_up};
use std::collections::BTreeMap;

/// One work order.
struct WorkOrder<'a> {
    filling: &'a Filling<'a>,
    definition: &'a WorkDefinition,
    started: i64,
    start: Day,
    end: Day,
}

/// Work orders that yield `quantity` by the day: "the last day is the need day or the manufacturing
/// day before it"; "a need above `maximum_quantity` becomes several work orders, each with its own
/// duration, hours and components".
pub fn make(
    filling: &Filling,
    source: &Source,
    definition: &WorkDefinition,
    draft: &Draft,
    quantity: i64,
    day: Day,
) -> Option<Draft> {
    let end = manufacturing(filling).previous(source.last_day(day));
    if !source.is_valid(end) || !filling.is_in_time(end, day) {
        return None;
    }
    let mut draft = draft.clone();
    let mut rest = quantity;
    while rest > 0 {
        let started = started(definition, rest);
        let start = start_day(filling, definition, started, end);
        let order = WorkOrder { filling, definition, started, start, end };
        draft = order.planned(&draft)?;
        rest -= times_down(started, definition.yield_);
    }
    Some(draft)
}

fn manufacturing(filling: &Filling) -> super::calendar::Calendar {
    filling.search.model.manufacturing(&filling.place.location)
}

/// "Started quantity = need / yield, rounded up to the lot"; minimum first, at most the maximum.
fn started(definition: &WorkDefinition, need: i64) -> i64 {
    let started = over_up(need, definition.yield_).max(definition.minimum_quantity.unwrap_or(0));
    let started = round_up(started, definition.lot_multiple);
    started.min(definition.maximum_quantity.unwrap_or(i64::MAX))
}

/// "The start day is end - duration": fixed days + variable days x quantity, in whole working days.
fn start_day(filling: &Filling, definition: &WorkDefinition, started: i64, end: Day) -> Day {
    let duration = definition.fixed_days + times_up(started, definition.variable_days_per_unit);
    let days = fraction_up(duration, 1, i128::from(UNIT));
    manufacturing(filling).back(end, days as i32)
}

impl WorkOrder<'_> {
    fn model(&self) -> &Model {
        self.filling.search.model
    }

    /// The work order with its hours and components, the yield of the whole lot posted on its last
    /// day.
    fn planned(&self, draft: &Draft) -> Option<Draft> {
        if self.start < self.filling.search.today {
            return None;
        }
        let mut operations: Vec<i32> = self.operations().iter().map(|row| row.operation).collect();
        operations.sort();
        operations.dedup();
        let mut draft = self.hours(draft, &operations, BTreeMap::new())?;
        draft.spent += times(self.started, self.definition.unit_cost);
        let produced = times_down(self.started, self.definition.yield_);
        draft.post_stock(&self.filling.place, self.end, produced);
        Some(draft)
    }

    fn operations(&self) -> Vec<Operation> {
        let name = &self.definition.work_definition;
        let rows = self.model().operations.iter();
        rows.filter(|row| row.work_definition == *name).cloned().collect()
    }

    /// "Hours of all operations first, then components; an alternate resource is tried when hours
    /// lack or when the work order then does not fit." `begins` is the day each operation starts.
    fn hours(
        &self,
        draft: &Draft,
        operations: &[i32],
        begins: BTreeMap<i32, Day>,
    ) -> Option<Draft> {
        let Some(&operation) = operations.first() else {
            return self.components(draft, &begins);
        };
        let rows: Vec<Operation> =
            self.operations().into_iter().filter(|row| row.operation == operation).collect();
        let mut ranks: Vec<i32> = rows.iter().map(|row| row.alternate_rank).collect();
        ranks.sort();
        ranks.dedup();
        ranks.into_iter().find_map(|rank| {
            let mut rows = rows.clone();
            rows.retain(|row| row.alternate_rank == rank);
            rows.sort_by_key(|row| row.resource.clone());
            let (after, first_hours) = self.claim_all(draft, &rows)?;
            let mut begins = begins.clone();
            let first_operation = begins.is_empty();
            begins.insert(operation, self.begin(first_hours, first_operation));
            self.hours(&after, &operations[1..], begins)
        })
    }

    /// "The first operation starts on the first day it takes hours, at the latest on that start
    /// day; a later one on the first day it takes hours; an operation without hours: the start
    /// day."
    fn begin(&self, first_hours: Option<Day>, first_operation: bool) -> Day {
        match first_hours {
            Some(day) if first_operation => day.min(self.start),
            Some(day) => day,
            None => self.start,
        }
    }

    /// The hours of all resources an operation needs together; the first day that has some.
    fn claim_all(&self, draft: &Draft, rows: &[Operation]) -> Option<(Draft, Option<Day>)> {
        let mut draft = draft.clone();
        let mut first: Option<Day> = None;
        for row in rows {
            let hours = if row.per_lot { row.hours } else { times_up(self.started, row.hours) };
            let end = manufacturing(self.filling).back(self.end, row.offset_days);
            let day = self.claim(&mut draft, &row.resource, hours, end)?;
            draft.spent += times(hours, self.model().resources[&row.resource].cost_per_hour);
            first = [first, day].into_iter().flatten().min();
        }
        Some((draft, first))
    }

    /// "Takes its resource hours, latest day first, from the capacity of the days up to its end."
    /// None where hours lack; else the first day that gives some.
    fn claim(
        &self,
        draft: &mut Draft,
        resource: &str,
        hours: i64,
        end: Day,
    ) -> Option<Option<Day>> {
        let account = Account::Resource(resource.to_string());
        let (mut rest, mut first) = (hours, None);
        for day in (self.filling.search.today..=end).rev() {
            let left = capacity(self.model(), resource, day) - draft.claimed(&account, day);
            let taken = rest.min(left.max(0));
            if taken > 0 {
                draft.post(account.clone(), day, -taken, "");
                first = Some(day);
                rest -= taken;
            }
        }
        (rest == 0).then_some(first)
    }

    /// "Components claim in the order of operation, then name", on the day their operation starts,
    /// if they are effective on it.
    fn components(&self, draft: &Draft, begins: &BTreeMap<i32, Day>) -> Option<Draft> {
        let mut draft = draft.clone();
        let mut rows = self.rows_of("");
        rows.sort_by_key(|row| (row.operation, row.component.clone()));
        for row in rows {
            let day = begins.get(&row.operation).copied().unwrap_or(self.start);
            if row.window.holds(day) {
                draft = self.component(&draft, &row, day)?;
            }
        }
        Some(draft)
    }

    fn rows_of(&self, substitute_of: &str) -> Vec<Component> {
        let name = &self.definition.work_definition;
        let rows = self.model().components.iter();
        let rows = rows.filter(|row| row.work_definition == *name);
        rows.filter(|row| row.substitute_of == substitute_of).cloned().collect()
    }

    fn needs(&self, row: &Component) -> i64 {
        if row.per_lot { row.quantity } else { times_up(self.started, row.quantity) }
    }

    /// "A component that is short in part is filled up by its substitutes", by rank, then name.
    fn component(&self, draft: &Draft, row: &Component, day: Day) -> Option<Draft> {
        let mut substitutes = self.rows_of(&row.component);
        substitutes.retain(|each| each.operation == row.operation && each.window.holds(day));
        substitutes.sort_by_key(|each| (each.substitute_rank, each.component.clone()));
        let need = self.needs(row);
        let (mut draft, mut short) = self.fill(draft, row, need, day, substitutes.is_empty());
        for (index, substitute) in substitutes.iter().enumerate() {
            if short == 0 {
                break;
            }
            let last = index + 1 == substitutes.len();
            let full = self.needs(substitute);
            let instead = fraction_up(short, i128::from(full), i128::from(need));
            let (after, lacks) = self.fill(&draft, substitute, instead, day, last);
            draft = after;
            short = fraction_up(lacks, i128::from(need), i128::from(full));
        }
        (short == 0).then_some(draft)
    }

    fn fill(
        &self,
        draft: &Draft,
        row: &Component,
        quantity: i64,
        day: Day,
        all: bool,
    ) -> (Draft, i64) {
        let place = Place::new(&row.component, &self.filling.place.location);
        fill::fill(self.filling.search, draft, &place, quantity, day, &self.filling.path, all)
    }
}

/// Hours of a resource on a day, less its load: on its own calendar, else on its location's
/// manufacturing calendar; "a dated capacity row counts even on a day off".
fn capacity(model: &Model, resource: &str, day: Day) -> i64 {
    let row = &model.resources[resource];
    let on_day = |rows: &[super::sources::Dated]| {
        let rows = rows.iter().filter(|dated| dated.name == resource && dated.day == day);
        rows.map(|dated| dated.amount).collect::<Vec<i64>>()
    };
    let calendar = if row.calendar.is_empty() {
        model.manufacturing(&row.location)
    } else {
        model.calendar(&row.calendar)
    };
    let usual = if calendar.is_open(day) { row.hours_per_day } else { 0 };
    let capacity = on_day(&model.resource_capacity).first().copied().unwrap_or(usual);
    capacity - on_day(&model.resource_load).iter().sum::<i64>()
}
