//! Making: lots, durations, hours of resources, components (semantics 6 and 11).

use super::{
    answer::Reason,
    fill::{Need, Search, Stand, Want},
    trace::{Run, Via},
    trial::Point,
};
use crate::{
    model::{AccountIx, Calendar, Day, Quantity},
    snapshot::{
        ResourceIx, WorkIx,
        item::Validity,
        kinds::Basis,
        making::{Alternate, Component, Operation, Work},
    },
};

/// A work order that is being placed.
struct Order<'a> {
    stand: Stand,
    work: &'a Work,
    operations: &'a [Operation],
    components: &'a [Component],
    calendar: &'a Calendar,
    /// What is made for, and what is started for that.
    needed: Quantity,
    started: Quantity,
    end: Day,
    /// The day `duration` working days before the end.
    start: Day,
    /// Where the start days of its operations begin among those of all orders being placed.
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
        if self.make_all(need, work_ix, by) {
            return Quantity::ZERO;
        }
        if want == Want::Whole {
            return need.quantity;
        }
        // The largest part: over whole lots where there are lots.
        let lot = work.lot_multiple.unwrap_or(Quantity::micros(1)).times(work.yield_rate);
        let lot = lot.max(Quantity::micros(1));
        let most = need.quantity.raw() / lot.raw();
        let least = self.largest(1..=most, lot, |search, lots| {
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
        let Some(start) = back(calendar, end, duration).filter(|start| need.stand.today <= *start)
        else {
            self.note(|_| Reason::Duration { work: work_ix, days: duration });
            return false;
        };
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
            first: self.starts.len(),
        };
        let point = self.point();
        let makes = |start, hours| Via::Make { work: work_ix, start, started, hours };
        let at = self.push(need, makes(start, Run::default()));
        let Some(hours) = self.place(&order, point) else {
            self.cut(point);
            return false;
        };
        let starts = self.starts.drain(order.first..);
        let first = starts.min().unwrap_or(start).min(start);
        self.trial.trace.found[at].via = makes(first, hours);
        let account = snapshot.stock(need.item, need.location);
        self.give_and_take(account, (end, made), (need.day, need.quantity));
        true
    }

    /// Places the operations that are not placed yet, then the components. Alternates are tried by rank
    /// when hours lack or when what comes after does not fit. Returns the hours taken since the order's
    /// beginning and leaves the start days of its operations; none if the order does not fit.
    fn place(&mut self, order: &Order<'_>, begin: Point) -> Option<Run> {
        let n_placed = self.starts.len() - order.first;
        let Some(operation) = order.operations.get(n_placed) else {
            let hours = self.trial.trace.hours_since(begin.trace());
            return self.claim_components(order).then_some(hours);
        };
        let end = back(order.calendar, order.end, operation.offset_days)?;
        for way in operation.ways() {
            let point = self.point();
            if let Some(first) = self.take_together(order, way, end) {
                let starts = first.unwrap_or(order.start);
                self.starts.push(if n_placed == 0 { starts.min(order.start) } else { starts });
                if let Some(hours) = self.place(order, begin) {
                    return Some(hours);
                }
                self.starts.pop();
            }
            self.cut(point);
        }
        None
    }

    /// Takes the hours of all resources that an operation needs at once. None if some are not there;
    /// else the first day on which hours are taken, if any are needed.
    fn take_together(
        &mut self,
        order: &Order<'_>,
        way: &[Alternate],
        end: Day,
    ) -> Option<Option<Day>> {
        let mut first = None;
        for alternate in way {
            let hours = match alternate.basis {
                Basis::Unit => alternate.hours.times(order.started),
                Basis::Lot => alternate.hours,
            };
            let taken = self.take_hours(order, (alternate.resource, hours), end);
            let Some(day) = taken else {
                if self.memo.lack.is_asked() {
                    let account = self.hours_of(alternate.resource);
                    let left = self.capacity_of(account).between(order.stand.today, end);
                    self.in_share((order.needed, hours), |search| {
                        search.memo.lack.note(hours - left)
                    });
                }
                return None;
            };
            first = [first, day].into_iter().flatten().min();
        }
        Some(first)
    }

    /// Takes hours of a resource, latest day first. None if they are not there; else the first day on
    /// which hours are taken, if any are needed.
    fn take_hours(
        &mut self,
        order: &Order<'_>,
        (resource, hours): (ResourceIx, Quantity),
        end: Day,
    ) -> Option<Option<Day>> {
        let account = self.hours_of(resource);
        // Told in a few steps, so that a full resource is not walked back to today to no avail.
        if self.capacity_of(account).reaches_back(order.stand.today, end, hours).is_none() {
            self.note(|search| search.resource_reason(resource, end));
            return None;
        }
        let (mut left, mut until, mut first) = (hours, end, None);
        while left.is_positive() {
            let capacity = self.capacity_of(account);
            let day = capacity.last_open(until).expect("there are enough hours from today on");
            let part = capacity.available(day).min(left);
            self.trial.trace.push_hours(resource, day, part);
            self.post(account, day, -part);
            left -= part;
            first = Some(day);
            until = day.plus(-1);
        }
        Some(first)
    }

    fn hours_of(&self, resource: ResourceIx) -> AccountIx {
        let snapshot = self.snapshot();
        snapshot.capacity(snapshot.resources.rows[resource].capacity)
    }

    fn resource_reason(&self, resource: ResourceIx, end: Day) -> Reason {
        let account = self.hours_of(resource);
        let until = self.trial.overlay.profile(account).earliest(end.plus(1), Quantity::micros(1));
        Reason::Resource { resource, until }
    }

    /// Fills every component on the day on which its operation starts, short ones up with substitutes.
    fn claim_components(&mut self, order: &Order<'_>) -> bool {
        order.components.iter().all(|component| {
            // An operation that the work definition does not list takes no hours.
            let operation = component.operation.map(|at| order.first + at as usize);
            let day = operation.map_or(order.start, |at| self.starts[at]);
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
        let stand = order.stand;
        let need = Need { stand, item: component.item, location, quantity: whole, day };
        let usable = || component.substitutes.iter().filter(|other| other.validity.holds(day));
        let want = if usable().next().is_none() { Want::Whole } else { Want::Most };
        let share = (order.needed, whole);
        let before = self.memo.lack.before();
        let mut short = self.in_share(share, |search| search.fill_apart(need, want));
        for substitute in usable() {
            if !short.is_positive() {
                break;
            }
            let all = amount(substitute.quantity, substitute.basis);
            let quantity = all.scaled(short, whole);
            let need = Need { stand, item: substitute.item, location, quantity, day };
            let share = (order.needed, quantity);
            let still = self.in_share(share, |search| search.fill_apart(need, Want::Most));
            short = short.scaled(still, quantity);
        }
        self.in_share(share, |search| search.memo.lack.after(before, short));
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
