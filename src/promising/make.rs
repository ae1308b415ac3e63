//! Making: lots, durations, operations one after the other, components (semantics 6, 11 and 12.3).

use super::{
    answer::Reason,
    hours::Wanted,
    parts::Giver,
    search::{Need, Search, Stand, Want},
    trace::{Run, Via},
    trial::Point,
};
use crate::{
    model::{Calendar, Day, Moment, Quantity},
    snapshot::{
        Snapshot, WorkIx,
        item::Validity,
        making::{Component, Hours, Operation, Way, WorkDefinition},
    },
};

/// A work order that is being placed.
struct Order<'a> {
    stand: Stand,
    work: &'a WorkDefinition,
    operations: &'a [Operation],
    components: &'a [Component],
    calendar: &'a Calendar,
    /// What is made for, and what is started for that.
    needed: Quantity,
    started: Quantity,
    /// When it must be done, on a manufacturing day.
    end: Moment,
    /// The same part of the day `duration` working days before: its first operation begins then at the latest.
    start: Moment,
    /// Where the beginnings of its operations stand among those of all orders being placed.
    first: usize,
}

impl Search<'_> {
    /// Makes as much of a need as a work definition can by a day; returns what is short.
    pub(super) fn make(
        &mut self,
        need: Need,
        work_ix: WorkIx,
        valid: Validity,
        want: Want,
    ) -> Quantity {
        let snapshot = self.snapshot();
        let work = &snapshot.works.rows[work_ix];
        let calendar = snapshot.calendars.of(snapshot.locations.rows[work.location].manufacturing);
        let first = work.validity.from.max(valid.from).max(need.stand.today);
        let last = need.day.min(work.validity.to).min(valid.to);
        let Some(by) = calendar.previous(last).filter(|by| first <= *by) else {
            return need.quantity;
        };
        if by < need.day && !self.can_keep(need) {
            return need.quantity;
        }
        // Where the last manufacturing day lies before the need's day, all of it may be worked.
        let end = if by == need.day { need.moment() } else { Moment::end(by) };
        let made = match want {
            Want::Whole if self.make_all(need, work_ix, end) => need.quantity,
            Want::Whole => Quantity::ZERO,
            Want::Most => {
                // Over whole lots where there are lots.
                let lots = work.lot_multiple.filter(|_| self.is_steady_here());
                let lot = lots.unwrap_or(Quantity::micros(1)).times(work.yield_rate);
                let sizes = (need.quantity, lot.max(Quantity::micros(1)));
                self.as_much_as_fits((Giver::Work(work_ix), end), sizes, |search, part| {
                    search.make_all(need.of(part), work_ix, end)
                })
            }
        };
        need.quantity - made
    }

    /// Makes all of a need, in as many work orders as the maximum asks for; else leaves nothing.
    fn make_all(&mut self, need: Need, work_ix: WorkIx, end: Moment) -> bool {
        let point = self.point();
        let work = &self.snapshot().works.rows[work_ix];
        let mut left = need.quantity;
        while left.is_positive() {
            let started = lot_size(work, left);
            let made = started.scaled_down(work.yield_rate, Quantity::ONE);
            let used = made.min(left);
            if !used.is_positive() || !self.work_order(need.of(used), work_ix, (started, made), end)
            {
                self.cut(point);
                return false;
            }
            left -= used;
        }
        true
    }

    /// Places one work order; else leaves nothing.
    fn work_order(
        &mut self,
        need: Need,
        work_ix: WorkIx,
        (started, made): (Quantity, Quantity),
        end: Moment,
    ) -> bool {
        let snapshot = self.snapshot();
        let work = &snapshot.works.rows[work_ix];
        let place = &snapshot.locations.rows[work.location];
        let calendar = snapshot.calendars.of(place.manufacturing);
        let duration = duration(work, started);
        let start = back(calendar, end.day, duration).filter(|start| need.stand.today <= *start);
        let Some(start) = start else {
            self.note(|_| Reason::Duration { work: work_ix, days: duration });
            return false;
        };
        let start = Moment { day: start, ..end };
        let order = Order {
            stand: need.stand,
            work,
            operations: snapshot.works.operations.of(work_ix),
            components: snapshot.works.components.of(work_ix),
            calendar,
            needed: need.quantity,
            started,
            end,
            start,
            first: self.begins.len(),
        };
        let point = self.point();
        let makes = |start, hours| Via::Make { work: work_ix, start, started, hours };
        let planned = self.next_planned();
        let at = self.push_planned(need, planned, makes(start.day, Run::default()));
        let Some(hours) = self.placing(planned, |search| search.place(&order, point)) else {
            self.cut(point);
            return false;
        };
        let begins = self.begins.drain(order.first..);
        let first = begins.min().unwrap_or(start).min(start);
        self.trial.trace.found[at].via = makes(first.day, hours);
        let account = snapshot.stock(need.item, need.location);
        self.give_and_take((account, planned), (end.day, made), (need.day, need.quantity));
        true
    }

    /// Places the operations that are not placed yet, the last one first, then the components. Alternates are
    /// tried by rank when hours lack or when what comes after does not fit. Returns the hours taken since the
    /// order's beginning and leaves the beginnings of its operations, the last one first; none if the order
    /// does not fit.
    fn place(&mut self, order: &Order<'_>, begin: Point) -> Option<Run> {
        let n_placed = self.begins.len() - order.first;
        let Some(at) = order.operations.len().checked_sub(n_placed + 1) else {
            let hours = self.trial.trace.hours_since(begin.trace());
            return self.claim_components(order, hours).then_some(hours);
        };
        let operation = &order.operations[at];
        let next = self.begins[order.first..].last().copied().unwrap_or(order.end);
        if operation.ways.is_empty() {
            return self.place_before(order, (at, next), begin);
        }
        let n_ways = if self.memo.effort.is_plain() { 1 } else { operation.ways.len() };
        for way in &operation.ways[..n_ways] {
            let point = self.point();
            let end = back(order.calendar, order.end.day, way.offset_days);
            let end = end.map(|day| next.min(Moment { day, ..order.end }));
            if let Some(from) = end.and_then(|end| self.take_together(order, way, end))
                && let Some(hours) = self.place_before(order, (at, from), begin)
            {
                return Some(hours);
            }
            self.cut(point);
        }
        None
    }

    /// Places what comes before an operation that begins then.
    fn place_before(
        &mut self,
        order: &Order<'_>,
        (at, from): (usize, Moment),
        begin: Point,
    ) -> Option<Run> {
        self.begins.push(if at == 0 { from.min(order.start) } else { from });
        let hours = self.place(order, begin);
        if hours.is_none() {
            self.begins.pop();
        }
        hours
    }

    /// Takes the hours of all resources that a way of doing an operation needs at once. None if some are
    /// not there; else when it begins.
    fn take_together(&mut self, order: &Order<'_>, way: &Way, end: Moment) -> Option<Moment> {
        let wanted = |each: &Hours| Wanted {
            resource: each.resource,
            hours: order.work.hours(each, order.started),
        };
        let wanted = way.hours.iter().map(wanted).filter(|each| each.hours.is_positive());
        let wanted: Vec<Wanted> = wanted.collect();
        let begin = self.take_hours(order.stand, &wanted, end);
        if begin.is_none() && self.memo.lack.is_asked() {
            for each in wanted {
                let left = self.hours_until(order.stand, each.resource, end);
                let lacking = each.hours - left;
                if lacking.is_positive() {
                    let share = (order.needed, each.hours);
                    self.in_share(share, |search| search.memo.lack.note(lacking));
                }
            }
        }
        begin
    }

    /// Fills every component before its operation begins, short ones up with substitutes.
    fn claim_components(&mut self, order: &Order<'_>, hours: Run) -> bool {
        order.components.iter().all(|component| {
            let from_last = order.operations.len() - 1 - component.operation as usize;
            let by = self.begins[order.first + from_last];
            !component.validity.holds(by.day) || self.claim((order, hours), component, by)
        })
    }

    fn claim(
        &mut self,
        (order, hours): (&Order<'_>, Run),
        component: &Component,
        by: Moment,
    ) -> bool {
        let whole = component.amount.of(order.started);
        let location = order.work.location;
        let stand = order.stand;
        let Moment { day, part } = by;
        let need = Need { stand, item: component.item, location, quantity: whole, day, part };
        let usable = || component.substitutes.iter().filter(|other| other.validity.holds(by.day));
        let want = if usable().next().is_none() { Want::Whole } else { Want::Most };
        let share = (order.needed, whole);
        let before = self.memo.lack.before();
        let mut short = self.in_share(share, |search| search.fill_apart(need, want));
        for substitute in usable() {
            if !short.is_positive() {
                break;
            }
            let all = substitute.amount.of(order.started);
            let quantity = all.scaled(short, whole);
            let need = Need { item: substitute.item, quantity, ..need };
            let share = (order.needed, quantity);
            let still = self.in_share(share, |search| search.fill_apart(need, Want::Most));
            short = short.scaled(still, quantity);
        }
        self.in_share(share, |search| search.memo.lack.after(before, short));
        if short.is_positive() {
            self.note_late(need, (order.needed, hours));
        }
        !short.is_positive()
    }

    /// Fills unless the account is being filled further up.
    fn fill_apart(&mut self, need: Need, want: Want) -> Quantity {
        if self.is_on_path(self.snapshot().stock(need.item, need.location)) {
            return need.quantity;
        }
        self.fill(need, want)
    }
}

/// Units started for one work order of at most a need: yield, lot, minimum, maximum.
pub(super) fn lot_size(work: &WorkDefinition, needed: Quantity) -> Quantity {
    let least = needed.over(work.yield_rate);
    let least = work.minimum.map_or(least, |minimum| least.max(minimum));
    let lots = work.lot_multiple.map_or(least, |lot| least.up_to(lot));
    work.maximum.map_or(lots, |maximum| lots.min(maximum))
}

/// Working days that a work order takes, rounded up to whole days.
pub(super) fn duration(work: &WorkDefinition, started: Quantity) -> u16 {
    let variable = work.variable_days.times_of(started, work.own).up_to(Quantity::ONE);
    let days = Quantity::units(i64::from(work.fixed_days)) + variable;
    u16::try_from(days.raw() / crate::limits::SCALE).unwrap_or(u16::MAX)
}

/// The latest day on which a work order that ends on a day begins, if its resources have nothing else to do; none if that
/// is before the calendar begins.
pub fn latest_start(
    snapshot: &Snapshot,
    (work, started): (WorkIx, Quantity),
    end: Day,
) -> Option<Day> {
    let row = &snapshot.works.rows[work];
    let calendar = snapshot.calendars.of(snapshot.locations.rows[row.location].manufacturing);
    let end = calendar.previous(end)?;
    let start = back(calendar, end, duration(row, started))?;
    let operations = snapshot.works.operations.of(work).iter();
    let offsets = operations.filter_map(|operation| Some(operation.ways.first()?.offset_days));
    let begins = offsets.filter_map(|offset| back(calendar, end, offset));
    Some(begins.fold(start, Day::min))
}

/// The working day `n` working days before a working day; none before the first.
pub(super) fn back(calendar: &Calendar, end: Day, n: u16) -> Option<Day> {
    match n {
        0 => Some(end),
        _ if end < Day::ZERO => None,
        n => calendar.previous(calendar.subtract(end, n)?),
    }
}
