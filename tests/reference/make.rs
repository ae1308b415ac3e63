//! Making by a work definition (semantics 6.2 and 11 "Make").

use super::book::{Account, Draft, Place};
use super::fill::{self, Filling};
use super::model::Model;
use super::moment::{self, DAY, Moment};
use super::replenish::Source;
use super::sources::{Component, Operation, WorkDefinition};
use super::text::{Day, UNIT, fraction_up, over_up, round_up, times, times_down};
use std::collections::BTreeMap;

/// One work order.
struct WorkOrder<'a> {
    filling: &'a Filling<'a>,
    definition: &'a WorkDefinition,
    started: i64,
    /// The first operation begins then at the latest.
    start: Moment,
    /// When all must be done.
    end: Moment,
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
    by: Moment,
) -> Option<Draft> {
    let day = by.day;
    let last = manufacturing(filling).previous(source.last_day(day));
    if !source.is_valid(last) || !filling.is_in_time(last, day) {
        return None;
    }
    let end = if last == day { by } else { Moment::end(last) };
    let mut draft = draft.clone();
    let mut rest = quantity;
    while rest > 0 {
        let started = started(definition, rest);
        let start = Moment { day: start_day(filling, definition, started, last), ..end };
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
    let duration = definition.fixed_days
        + filling.search.model.rate(&definition.item, started, definition.variable_days_per_unit);
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
        if self.start.day < self.filling.search.today {
            return None;
        }
        // "An operation that only components name is one."
        let mut operations: Vec<i32> = self.operations().iter().map(|row| row.operation).collect();
        operations.extend(self.rows_of("").iter().map(|row| row.operation));
        operations.sort();
        operations.dedup();
        let mark = draft.mark();
        let mut draft = self.hours(draft, &operations, BTreeMap::new())?;
        let item = &self.definition.item;
        draft.spent += self.model().worth(item, self.started, self.definition.unit_cost);
        let produced = times_down(self.started, self.definition.yield_);
        draft.post_stock(&self.filling.place, self.end.day, produced);
        draft.plan(mark);
        Some(draft)
    }

    fn operations(&self) -> Vec<Operation> {
        let name = &self.definition.work_definition;
        let rows = self.model().operations.iter();
        rows.filter(|row| row.work_definition == *name).cloned().collect()
    }

    /// "Hours of all operations first, then components; an alternate resource is tried when hours
    /// lack or when the work order then does not fit." "Operations of one work order follow each
    /// other, the latest first": `begins` is when each one placed so far begins.
    fn hours(
        &self,
        draft: &Draft,
        operations: &[i32],
        begins: BTreeMap<i32, Moment>,
    ) -> Option<Draft> {
        let Some((&operation, before)) = operations.split_last() else {
            return self.components(draft, &begins);
        };
        let next = begins.first_key_value().map_or(self.end, |(_, begin)| *begin);
        let rows: Vec<Operation> =
            self.operations().into_iter().filter(|row| row.operation == operation).collect();
        let mut ranks: Vec<i32> = rows.iter().map(|row| row.alternate_rank).collect();
        ranks.sort();
        ranks.dedup();
        if ranks.is_empty() {
            // "An operation without hours takes no time: it begins where the next one begins."
            return self.before(draft, before, begins, operation, next);
        }
        ranks.into_iter().find_map(|rank| {
            let mut rows = rows.clone();
            rows.retain(|row| row.alternate_rank == rank);
            rows.sort_by_key(|row| row.resource.clone());
            // "An operation with `offset_days` ends at the same part of the day so many working days
            // earlier, or where the next operation begins, whichever is earlier."
            let day = manufacturing(self.filling).back(self.end.day, rows[0].offset_days);
            let done = next.min(Moment { day, ..self.end });
            let (after, begin) = self.claim_together(draft, &rows, done)?;
            self.before(&after, before, begins.clone(), operation, begin)
        })
    }

    /// The operations before one that begins then; "the first of the work order at the latest on its
    /// start day".
    fn before(
        &self,
        draft: &Draft,
        operations: &[i32],
        mut begins: BTreeMap<i32, Moment>,
        operation: i32,
        begin: Moment,
    ) -> Option<Draft> {
        let begin = if operations.is_empty() { begin.min(self.start) } else { begin };
        begins.insert(operation, begin);
        self.hours(draft, operations, begins)
    }

    /// "Rows of one operation of one rank take their hours on the same days, in the same proportion,
    /// and the largest of their parts of a day." Latest day first; when they begin.
    fn claim_together(
        &self,
        draft: &Draft,
        rows: &[Operation],
        done: Moment,
    ) -> Option<(Draft, Moment)> {
        let model = self.model();
        let mut draft = draft.clone();
        let mut begin = done;
        let mut rest: Vec<(&str, i64)> = Vec::new();
        for row in rows {
            let hours = if row.per_lot {
                row.hours
            } else {
                model.rate(&self.definition.item, self.started, row.hours)
            };
            draft.spent += times(hours, model.resources[&row.resource].cost_per_hour);
            if hours > 0 {
                rest.push((row.resource.as_str(), hours));
            }
        }
        for day in (self.filling.search.today..=done.day).rev() {
            if rest.iter().all(|(_, hours)| *hours == 0) {
                break;
            }
            let p = if day == done.day { done.part } else { DAY };
            let room = |resource: &str| Room::new(model, &draft, resource, day, p);
            let rooms: Vec<Room> = rest.iter().map(|(resource, _)| room(resource)).collect();
            // The one that has the least of what it needs says how much of all is done.
            let share = |at: usize| (i128::from(rooms[at].most), i128::from(rest[at].1));
            let least = (0..rest.len())
                .min_by(|&a, &b| (share(a).0 * share(b).1).cmp(&(share(b).0 * share(a).1)))?;
            let (most, of) = (rooms[least].most, rest[least].1);
            if most == 0 {
                continue;
            }
            let ends = rooms.iter().map(|room| moment::part(room.free, room.of_day));
            let end = ends.fold(p, i64::min);
            let mut longest = 0;
            for (room, (resource, hours)) in rooms.iter().zip(&mut rest) {
                let taken = if most >= of {
                    *hours
                } else {
                    (i128::from(*hours) * i128::from(most) / i128::from(of)) as i64
                };
                draft.post(Account::Resource(resource.to_string()), day, -taken, "");
                *hours -= taken;
                longest = longest.max(moment::part(taken, room.of_day));
            }
            begin = Moment { day, part: (end - longest).max(0) };
        }
        rest.iter().all(|(_, hours)| *hours == 0).then_some((draft, begin))
    }

    /// "Components claim in the order of operation, then name", before their operation begins, if they
    /// are effective on that day.
    fn components(&self, draft: &Draft, begins: &BTreeMap<i32, Moment>) -> Option<Draft> {
        let mut draft = draft.clone();
        let mut rows = self.rows_of("");
        rows.sort_by_key(|row| (row.operation, row.component.clone()));
        for row in rows {
            let by = begins[&row.operation];
            if row.window.holds(by.day) {
                draft = self.component(&draft, &row, by)?;
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
        if row.per_lot {
            return row.quantity;
        }
        let model = self.model();
        let (kept, own) = (model.kept[&row.component], model.kept[&self.definition.item]);
        let numerator = i128::from(row.quantity) * kept.0 * own.1;
        fraction_up(self.started, numerator, i128::from(UNIT) * kept.1 * own.0)
    }

    /// "A component that is short in part is filled up by its substitutes", by rank, then name.
    fn component(&self, draft: &Draft, row: &Component, by: Moment) -> Option<Draft> {
        let day = by.day;
        let mut substitutes = self.rows_of(&row.component);
        substitutes.retain(|each| each.operation == row.operation && each.window.holds(day));
        substitutes.sort_by_key(|each| (each.substitute_rank, each.component.clone()));
        let need = self.needs(row);
        let (mut draft, mut short) = self.fill(draft, row, need, by, substitutes.is_empty());
        for (index, substitute) in substitutes.iter().enumerate() {
            if short == 0 {
                break;
            }
            let last = index + 1 == substitutes.len();
            let full = self.needs(substitute);
            let instead = fraction_up(short, i128::from(full), i128::from(need));
            let (after, lacks) = self.fill(&draft, substitute, instead, by, last);
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
        by: Moment,
        all: bool,
    ) -> (Draft, i64) {
        let place = Place::new(&row.component, &self.filling.place.location);
        fill::fill(self.filling.search, draft, &place, quantity, by, &self.filling.path, all)
    }
}

/// What a resource can give on a day to what must be done before the part `p` of it.
struct Room {
    of_day: i64,
    free: i64,
    /// "At most p x H of each resource, never more than is free."
    most: i64,
}

impl Room {
    fn new(model: &Model, draft: &Draft, resource: &str, day: Day, p: i64) -> Room {
        let of_day = capacity(model, resource, day);
        let loads = model.resource_load.iter();
        let loads = loads.filter(|load| load.name == resource && load.day == day);
        let taken = draft.claimed(&Account::Resource(resource.to_string()), day);
        let free = (of_day - loads.map(|load| load.amount).sum::<i64>() - taken).max(0);
        Room { of_day, free, most: moment::hours(p, of_day).min(free) }
    }
}

/// "H is that day's capacity, whatever is taken of it": on its own calendar, else on its location's
/// manufacturing calendar; "a dated capacity row counts even on a day off".
fn capacity(model: &Model, resource: &str, day: Day) -> i64 {
    let row = &model.resources[resource];
    let calendar = if row.calendar.is_empty() {
        model.manufacturing(&row.location)
    } else {
        model.calendar(&row.calendar)
    };
    let mut dated = model.resource_capacity.iter();
    let dated = dated.find(|dated| dated.name == resource && dated.day == day);
    let usual = if calendar.is_open(day) { row.hours_per_day } else { 0 };
    dated.map_or(usual, |dated| dated.amount)
}
