//! Making: lots, durations, hours of resources, components (semantics 6 and 11).

use super::{
    answer::{Costs, PegSource, Reason},
    fill::{Need, Search, Want},
};
use crate::{
    model::{Calendar, Day, Money, ProfileRef, Quantity},
    snapshot::{
        ResourceIx, WorkIx,
        item::Validity,
        kinds::Basis,
        making::{Component, Operation, Work},
    },
};

/// A work order that is being placed.
struct Order<'a> {
    work: &'a Work,
    operations: &'a [Operation],
    components: &'a [Component],
    calendar: &'a Calendar,
    started: Quantity,
    end: Day,
    /// The day `duration` working days before the end.
    start: Day,
}

/// Hours taken by the operations placed so far, and the day on which each starts.
#[derive(Default)]
struct Placed {
    hours: Vec<(ResourceIx, Day, Quantity)>,
    starts: Vec<Day>,
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
        let first = work.validity.from.max(valid.from).max(self.today);
        let last = need.day.min(work.validity.to).min(valid.to);
        let Some(by) = calendar.previous(last).filter(|by| first <= *by) else {
            return need.quantity;
        };
        if by < need.day && !self.can_keep(need) {
            return need.quantity;
        }
        if self.make_all(need, work_ix, by) {
            return Quantity::ZERO;
        }
        if want == Want::Whole {
            return need.quantity;
        }
        // The largest part, by bisection: over whole lots where there are lots.
        let lot = work.lot_multiple.unwrap_or(Quantity::micros(1)).times(work.yield_rate);
        let most = need.quantity.raw() / lot.raw().max(1);
        let least = self.largest(1..=most, |search, lots| {
            search.make_all(need.of(Quantity::micros(lots * lot.raw())), work_ix, by)
        });
        let part = Quantity::micros(least.unwrap_or(0) * lot.raw());
        if part.is_positive() && self.make_all(need.of(part), work_ix, by) {
            return need.quantity - part;
        }
        need.quantity
    }

    /// Makes all of a need, in as many work orders as the maximum asks for; else leaves nothing.
    fn make_all(&mut self, need: Need, work_ix: WorkIx, end: Day) -> bool {
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
        end: Day,
    ) -> bool {
        let snapshot = self.snapshot();
        let work = &snapshot.works.rows[work_ix];
        let place = &snapshot.locations.rows[work.location];
        let calendar = snapshot.calendars.of(place.manufacturing);
        let duration = duration(work, started);
        let Some(start) = back(calendar, end, duration).filter(|start| self.today <= *start) else {
            self.note(|_| Reason::Duration { work: work_ix, days: duration });
            return false;
        };
        let order = Order {
            work,
            operations: snapshot.works.operations.of(work_ix),
            components: snapshot.works.components.of(work_ix),
            calendar,
            started,
            end,
            start,
        };
        let point = self.point();
        let at = self.pegs.len();
        let source = PegSource::Make { work: work_ix, start, started, hours: Vec::new() };
        self.push_peg(need, source, Costs::default());
        let mut placed = Placed::default();
        if !self.place(&order, &mut placed) {
            self.cut(point);
            return false;
        }
        let first = placed.starts.iter().copied().min().unwrap_or(start).min(start);
        self.pegs[at].cost.make = started.at(work.unit_cost) + self.cost_of(&placed.hours);
        self.pegs[at].source =
            PegSource::Make { work: work_ix, start: first, started, hours: placed.hours };
        let account = snapshot.stock(need.item, need.location);
        self.post(account, end, made);
        self.post(account, need.day, -need.quantity);
        true
    }

    fn cost_of(&self, hours: &[(ResourceIx, Day, Quantity)]) -> Money {
        let rows = &self.snapshot().resources.rows;
        hours.iter().map(|(resource, _, hours)| hours.at(rows[*resource].cost_per_hour)).sum()
    }

    /// Places the operations that are not placed yet, then the components. Alternates are tried by rank
    /// when hours lack or when what comes after does not fit.
    fn place(&mut self, order: &Order<'_>, placed: &mut Placed) -> bool {
        let Some(operation) = order.operations.get(placed.starts.len()) else {
            return self.claim_components(order, placed);
        };
        let Some(end) = back(order.calendar, order.end, operation.offset_days) else {
            return false;
        };
        for alternate in &operation.alternates {
            let point = self.point();
            let n_hours = placed.hours.len();
            let hours = match alternate.basis {
                Basis::Unit => alternate.hours.times(order.started),
                Basis::Lot => alternate.hours,
            };
            if let Some(first) = self.take_hours(alternate.resource, hours, end, placed) {
                let is_first = placed.starts.is_empty();
                let starts = first.unwrap_or(order.start);
                placed.starts.push(if is_first { starts.min(order.start) } else { starts });
                if self.place(order, placed) {
                    return true;
                }
                placed.starts.pop();
            }
            placed.hours.truncate(n_hours);
            self.cut(point);
        }
        false
    }

    /// Takes hours of a resource, latest day first. None if they are not there; else the first day on
    /// which hours are taken, if any are needed.
    fn take_hours(
        &mut self,
        resource: ResourceIx,
        hours: Quantity,
        end: Day,
        placed: &mut Placed,
    ) -> Option<Option<Day>> {
        let snapshot = self.snapshot();
        let account = snapshot.capacity(snapshot.resources.rows[resource].capacity);
        let ProfileRef::Capacity(capacity) = self.overlay.profile(account) else {
            unreachable!("a resource has a capacity account");
        };
        let n_before = placed.hours.len();
        // Told in a few steps, so that a full resource is not walked back to today to no avail.
        if capacity.reaches_back(self.today, end, hours).is_none() {
            self.note(|search| search.resource_reason(resource, end));
            return None;
        }
        let mut left = hours;
        let mut until = Some(end);
        while left.is_positive() {
            let open = until.and_then(|until| capacity.last_open(until));
            let day = open.expect("there are enough hours from today on");
            let part = capacity.available(day).min(left);
            placed.hours.push((resource, day, part));
            left -= part;
            until = Some(day.plus(-1));
        }
        for &(_, day, part) in &placed.hours[n_before..] {
            self.post(account, day, -part);
        }
        Some(placed.hours[n_before..].last().map(|(_, day, _)| *day))
    }

    fn resource_reason(&self, resource: ResourceIx, end: Day) -> Reason {
        let snapshot = self.snapshot();
        let account = snapshot.capacity(snapshot.resources.rows[resource].capacity);
        let until = self.overlay.profile(account).earliest(end.plus(1), Quantity::micros(1));
        Reason::Resource { resource, until }
    }

    /// Fills every component on the day on which its operation starts, short ones up with substitutes.
    fn claim_components(&mut self, order: &Order<'_>, placed: &Placed) -> bool {
        order.components.iter().all(|component| {
            // An operation that the work definition does not list takes no hours.
            let operation = component.operation.map(|at| at as usize);
            let day = operation.map_or(order.start, |at| placed.starts[at]);
            !component.validity.holds(day) || self.claim(order, component, day)
        })
    }

    fn claim(&mut self, order: &Order<'_>, component: &Component, day: Day) -> bool {
        let amount = |quantity: Quantity, basis| match basis {
            Basis::Unit => quantity.times(order.started),
            Basis::Lot => quantity,
        };
        let whole = amount(component.quantity, component.basis);
        let location = order.work.location;
        let need = Need { item: component.item, location, quantity: whole, day };
        let usable = || component.substitutes.iter().filter(|other| other.validity.holds(day));
        let want = if usable().next().is_none() { Want::Whole } else { Want::Most };
        let mut short = self.fill_apart(need, want);
        for substitute in usable() {
            if !short.is_positive() {
                break;
            }
            let all = amount(substitute.quantity, substitute.basis);
            let quantity = all.scaled(short, whole);
            let need = Need { item: substitute.item, location, quantity, day };
            let still = self.fill_apart(need, Want::Most);
            short = short.scaled(still, quantity);
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
pub(super) fn lot_size(work: &Work, needed: Quantity) -> Quantity {
    let least = needed.over(work.yield_rate);
    let least = work.minimum.map_or(least, |minimum| least.max(minimum));
    let lots = work.lot_multiple.map_or(least, |lot| least.up_to(lot));
    work.maximum.map_or(lots, |maximum| lots.min(maximum))
}

/// Working days that a work order takes, rounded up to whole days.
pub(super) fn duration(work: &Work, started: Quantity) -> u16 {
    let variable = work.variable_days.times(started).up_to(Quantity::ONE);
    let days = Quantity::units(i64::from(work.fixed_days)) + variable;
    u16::try_from(days.raw() / crate::limits::SCALE).unwrap_or(u16::MAX)
}

/// The working day `n` working days before a working day; none before the first.
pub(super) fn back(calendar: &Calendar, end: Day, n: u16) -> Option<Day> {
    match n {
        0 => Some(end),
        _ if end < Day::ZERO => None,
        n => calendar.previous(calendar.subtract(end, n)?),
    }
}
