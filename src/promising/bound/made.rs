//! A moment before which a work order cannot be done: its components, then its operations, one after another.

use super::{Ask, less, share};
use crate::{
    model::{Calendar, Capacity, Day, DayPart, Moment, Quantity},
    promising::{
        make,
        outline::Outline,
        search::{Need, Search},
    },
    snapshot::{
        WorkIx,
        making::{Component, Hours, Operation, Way},
    },
};

impl Search<'_> {
    pub(super) fn made_from(&mut self, ask: Ask, work_ix: WorkIx) -> Option<Moment> {
        let snapshot = self.snapshot();
        let work = &snapshot.works.rows[work_ix];
        let (from, to) = (work.validity.from, work.validity.to);
        let ask = ask.since(ask.floor.min(to));
        let calendar = snapshot.calendars.of(snapshot.locations.rows[work.location].manufacturing);
        let outline = Outline::new(ask, work, calendar, snapshot.works.components.of(work_ix));
        let operations = snapshot.works.operations.of(work_ix);
        let latest = self.latest_begins(&outline, operations);
        let duration = make::duration(work, outline.one);
        let start = make::back(calendar, outline.floor, duration);
        let mut end = Moment::begin(from.max(ask.floor));
        let mut done = Moment::begin(outline.stand.today);
        end = end.max(later(calendar, done, duration)?);
        for (at, operation) in (0..).zip(operations) {
            // The first operation begins on the start day at the latest.
            let latest = latest[at as usize]
                .map(|day| if at == 0 { start.map_or(day, |start| day.min(start)) } else { day });
            let begin = self.begins(&outline, (at, done), latest)?;
            if at == 0 {
                end = end.max(later(calendar, begin, duration)?);
            }
            let worked = self.worked_from(&outline, operation, begin)?;
            end = end.max(worked.end);
            done = worked.done;
        }
        (end.day <= to).then_some(end)
    }

    /// The days on which operations begin if their order ends on the floor; none for one that cannot.
    fn latest_begins(&self, order: &Outline<'_>, operations: &[Operation]) -> Vec<Option<Day>> {
        let today = order.stand.today;
        let mut next = Some(order.floor);
        let mut latest: Vec<Option<Day>> = Vec::with_capacity(operations.len());
        for operation in operations.iter().rev() {
            let begins = |way: &Way| {
                let until = make::back(order.calendar, order.floor, way.offset_days)?.min(next?);
                let hours = |each: &Hours| order.work.hours(each, order.one);
                let back = |each: &Hours| self.hours(each).reaches_back(today, until, hours(each));
                way.hours.iter().map(back).try_fold(until, |first, day| Some(first.min(day?)))
            };
            if !operation.ways.is_empty() {
                next = operation.ways.iter().filter_map(begins).min();
            }
            latest.push(next);
        }
        latest.reverse();
        latest
    }

    /// The first moment at which all components of an operation can be there, and not before the operation
    /// before it is done. Days up to the one on which it would begin anyway are all the same.
    fn begins(
        &mut self,
        order: &Outline<'_>,
        (at, done): (u32, Moment),
        latest: Option<Day>,
    ) -> Option<Moment> {
        let today = order.stand.today;
        let floor = latest.unwrap_or(today).max(today);
        let mut begin = done;
        for component in order.components.iter().filter(|component| component.operation == at) {
            let floor = floor.max(begin.day);
            let there = self.component_from(order, component, floor)?;
            if Moment::begin(floor) < there {
                begin = begin.max(there);
            }
        }
        Some(begin)
    }

    fn hours(&self, of: &Hours) -> &Capacity {
        self.capacity_seen(self.hours_of(of.resource))
    }

    /// When an operation can be done, and its order with it, where no order begins it before a moment
    /// and all orders together take their hours at any time.
    fn worked_from(
        &self,
        order: &Outline<'_>,
        operation: &Operation,
        begin: Moment,
    ) -> Option<WorkedFrom> {
        if operation.ways.is_empty() {
            return Some(WorkedFrom { done: begin, end: later(order.calendar, begin, 0)? });
        }
        let has_one_way = operation.ways.len() == 1;
        let reaches = |each: &Hours| {
            let hours = |started| order.work.hours(each, started);
            let one = self.hours_from(each, begin, hours(order.one))?;
            if !has_one_way || order.all == order.one {
                return Some(one);
            }
            let all = self.hours(each).reaches(order.stand.today, hours(order.all))?;
            Some(one.max(Moment::begin(all)))
        };
        let done = |way: &Way| {
            way.hours.iter().map(reaches).try_fold(begin, |last, done| Some(last.max(done?)))
        };
        let mut worked: Option<WorkedFrom> = None;
        for way in &operation.ways {
            let Some(done) = done(way) else {
                continue;
            };
            let Some(end) = later(order.calendar, done, way.offset_days) else {
                continue;
            };
            let before = worked.unwrap_or(WorkedFrom { done, end });
            worked = Some(WorkedFrom { done: before.done.min(done), end: before.end.min(end) });
        }
        worked
    }

    /// When so many hours of a resource can be worked that do not begin before a moment. Roundings of what a
    /// plan takes may bring it forward by a little: so much is left off.
    fn hours_from(&self, of: &Hours, begin: Moment, hours: Quantity) -> Option<Moment> {
        const SLACK: Quantity = Quantity::micros(2);
        let hours = hours - SLACK;
        if !hours.is_positive() {
            return Some(begin);
        }
        let row = self.snapshot().resources.rows[of.resource].capacity;
        let capacity = self.hours(of);
        let of_day = |day| self.of_day(row, day).max(capacity.available(day));
        let gone = (begin.part.hours(of_day(begin.day)) - SLACK).max(Quantity::ZERO);
        let on_first = (capacity.available(begin.day) - gone).max(Quantity::ZERO);
        if hours <= on_first {
            let worked = DayPart::of(hours, of_day(begin.day));
            let part = begin.part.and(worked).unwrap_or(DayPart::END).a_little_less();
            return Some(Moment { part: part.max(begin.part), ..begin });
        }
        let second = begin.day.plus(1);
        let day = capacity.reaches(second, hours - on_first)?;
        let on_last = hours - on_first - capacity.between(second, day.plus(-1));
        Some(Moment { day, part: DayPart::of(on_last, of_day(day)).a_little_less() })
    }

    fn component_from(
        &mut self,
        order: &Outline<'_>,
        component: &Component,
        floor: Day,
    ) -> Option<Moment> {
        let least = Moment::begin(floor);
        let whole = component.amount.of(order.all);
        // One that is not used on some day may be done without.
        let end = self.snapshot().epoch().end();
        if !component.validity.covers(order.stand.today, end) || !whole.is_positive() {
            return Some(least);
        }
        let location = order.work.location;
        let ask = |item, quantity| Ask {
            need: Need {
                stand: order.stand,
                item,
                location,
                quantity,
                day: floor,
                part: DayPart::END,
            },
            floor,
            orders: order.orders,
        };
        let part = share(whole, 1 + component.substitutes.len());
        let mut soonest = self.there_from(ask(component.item, part));
        for other in &component.substitutes {
            if soonest.is_some_and(|there| there <= least) {
                break;
            }
            let all = other.amount.of(order.all);
            let quantity = less(all.scaled(part, whole));
            let there = self.there_from(ask(other.item, quantity));
            soonest = [soonest, there].into_iter().flatten().min();
        }
        soonest
    }
}

/// When an operation can be done, and an order that it belongs to.
#[derive(Clone, Copy)]
struct WorkedFrom {
    done: Moment,
    end: Moment,
}

/// The same part of the day so many working days after a moment; of the next working day its beginning.
fn later(calendar: &Calendar, moment: Moment, n: u16) -> Option<Moment> {
    let from = calendar.next(moment.day)?;
    let part = if from == moment.day { moment.part } else { DayPart::BEGIN };
    Some(Moment { day: calendar.add(from, n)?, part })
}
