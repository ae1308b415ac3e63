//! Hours of the resources that an operation uses together, within the day (semantics 12.3).
//!
//! What must be done before a part of a day may take that part of each resource's hours on it, and never more
//! than is free. Hours taken earlier count as the end of the day: who comes later works before them.

use super::{
    answer::{Reason, Worked},
    search::{Search, Stand},
};
use crate::{
    model::{Capacity, CapacityAccount, Day, DayPart, Moment, Quantity},
    snapshot::{CapacityIx, ResourceIx},
};

/// What an operation still needs of one of its resources.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub(super) resource: ResourceIx,
    pub(super) hours: Quantity,
}

/// What a resource can give before a part of a day.
#[derive(Clone, Copy, Debug)]
struct Room {
    /// What it has on the day, whatever is taken of it.
    of_day: Quantity,
    /// What nobody has taken.
    free: Quantity,
    /// What may be taken.
    usable: Quantity,
}

impl Search<'_> {
    /// Takes hours of all the resources that an operation uses together, latest day first, on the same days
    /// and in the same proportion. None if they are not there, and then something may be left behind; else
    /// when it begins: where it must be done if it takes no time.
    pub(super) fn take_hours(
        &mut self,
        stand: Stand,
        wanted: &[Wanted],
        done: Moment,
    ) -> Option<Moment> {
        // Told in a few steps, so that a full resource is not walked back to today to no avail.
        for each in wanted {
            if !self.has_hours(stand, each, done) {
                self.note(|search| search.resource_reason(each.resource, done.day));
                return None;
            }
        }
        match wanted {
            [] => Some(done),
            [one] => Some(self.take_of_one(*one, done)),
            together => self.take_of_all(stand, together.to_vec(), done),
        }
    }

    /// The hours of a resource that can be taken from today up to a moment.
    pub(super) fn hours_until(&self, stand: Stand, resource: ResourceIx, done: Moment) -> Quantity {
        let capacity = self.capacity_of(self.hours_of(resource));
        let on_last = self.room(resource, done).usable;
        on_last + capacity.between(stand.today, done.day.plus(-1))
    }

    fn has_hours(&self, stand: Stand, wanted: &Wanted, done: Moment) -> bool {
        if done.day < stand.today {
            return false;
        }
        let left = wanted.hours - self.room(wanted.resource, done).usable;
        let capacity = self.capacity_of(self.hours_of(wanted.resource));
        !left.is_positive() || capacity.reaches_back(stand.today, done.day.plus(-1), left).is_some()
    }

    /// Takes hours of a resource that has them; tells when they begin.
    fn take_of_one(&mut self, wanted: Wanted, done: Moment) -> Moment {
        let Wanted { resource, hours } = wanted;
        let account = self.hours_of(resource);
        let (mut left, mut until, mut begin) = (hours, done, done);
        while left.is_positive() {
            let day = self.capacity_of(account).last_open(until.day);
            let day = day.expect("there are enough hours from today on");
            let done = if day == until.day { until } else { Moment::end(day) };
            let room = self.room(resource, done);
            let part = room.usable.min(left);
            if part.is_positive() {
                let to = done.part.min(DayPart::of(room.free, room.of_day));
                let from = to.less(DayPart::of(part, room.of_day));
                self.work(Worked { resource, day, hours: part, from, to });
                left -= part;
                begin = Moment { day, part: from };
            }
            until = Moment::end(day.plus(-1));
        }
        begin
    }

    /// Takes hours of several resources in the same proportion; none if no day has enough of all.
    fn take_of_all(&mut self, stand: Stand, mut left: Vec<Wanted>, done: Moment) -> Option<Moment> {
        let (mut until, mut begin) = (done, done);
        while left.iter().any(|each| each.hours.is_positive()) {
            if until.day < stand.today {
                let slowest = left.iter().max_by_key(|each| each.hours).expect("some are left");
                let resource = slowest.resource;
                self.note(|search| search.resource_reason(resource, done.day));
                return None;
            }
            if let Some(from) = self.take_on_day(&mut left, until) {
                begin = Moment { day: until.day, part: from };
            }
            until = Moment::end(until.day.plus(-1));
        }
        Some(begin)
    }

    /// Takes of several resources what the one that has the least in proportion can give before a part of
    /// a day; tells when that begins. None if it is nothing.
    fn take_on_day(&mut self, left: &mut [Wanted], done: Moment) -> Option<DayPart> {
        let rooms: Vec<Room> = left.iter().map(|each| self.room(each.resource, done)).collect();
        let scarcest = left.iter().zip(&rooms).map(|(each, room)| (room.usable, each.hours));
        let (usable, of) = scarcest.reduce(|least, other| {
            let product = |a: Quantity, b: Quantity| i128::from(a.raw()) * i128::from(b.raw());
            if product(other.0, least.1) < product(least.0, other.1) { other } else { least }
        })?;
        if !usable.is_positive() {
            return None;
        }
        // What is left over by rounding down is taken on the day that has the rest of all.
        let part_of =
            |hours: Quantity| if of <= usable { hours } else { hours.scaled_down(usable, of) };
        let ends = rooms.iter().map(|room| DayPart::of(room.free, room.of_day));
        let to = ends.fold(done.part, DayPart::min);
        let parts = left
            .iter()
            .zip(&rooms)
            .map(|(each, room)| DayPart::of(part_of(each.hours), room.of_day));
        let longest = parts.max()?;
        let from = to.less(longest);
        for each in left {
            let hours = part_of(each.hours);
            let resource = each.resource;
            self.work(Worked { resource, day: done.day, hours, from, to });
            each.hours -= hours;
        }
        Some(from)
    }

    fn work(&mut self, worked: Worked) {
        let account = self.hours_of(worked.resource);
        self.post(account, worked.day, -worked.hours);
        self.trial.trace.push_hours(worked);
    }

    /// What a resource can give of a day before a part of it.
    fn room(&self, resource: ResourceIx, done: Moment) -> Room {
        let row = self.snapshot().resources.rows[resource].capacity;
        let free = self.capacity_of(self.snapshot().capacity(row)).available(done.day);
        let of_day = self.of_day(row, done.day).max(free);
        Room { of_day, free, usable: free.min(done.part.hours(of_day)) }
    }

    /// The hours that there are on a day, whatever is taken of them.
    pub(super) fn of_day(&self, capacity: CapacityIx, day: Day) -> Quantity {
        let snapshot = self.snapshot();
        let of_day = (&snapshot.calendars, snapshot.epoch());
        let overtime = self.overtime.iter().filter(|each| (each.0, each.1) == (capacity, day));
        let overtime: Quantity = overtime.map(|each| each.2).sum();
        snapshot.capacities.of_day(capacity, of_day, day) + overtime
    }

    /// Searches with more hours of a resource than it has. Leaves nothing behind.
    pub(super) fn with_overtime<T>(
        &mut self,
        resource: ResourceIx,
        hours: &[(Day, Quantity)],
        search: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let start = self.point();
        let capacity = self.snapshot().resources.rows[resource].capacity;
        let account = self.snapshot().capacity(capacity);
        for &(day, hours) in hours {
            self.post(account, day, hours);
            self.overtime.push((capacity, day, hours));
        }
        let found = search(self);
        self.overtime.clear();
        self.cut(start);
        found
    }

    pub(super) fn capacity_of(&self, account: CapacityAccount) -> &Capacity {
        self.trial.overlay.capacity(account)
    }

    pub(super) fn hours_of(&self, resource: ResourceIx) -> CapacityAccount {
        let snapshot = self.snapshot();
        snapshot.capacity(snapshot.resources.rows[resource].capacity)
    }

    fn resource_reason(&self, resource: ResourceIx, end: Day) -> Reason {
        let account = self.hours_of(resource);
        let profile = self.trial.overlay.profile(account);
        let until = profile.earliest(end.plus(1), Quantity::micros(1));
        Reason::Resource { resource, until }
    }
}
