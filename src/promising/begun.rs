//! Until when the operations of a work order begin, as far as that is known before anything is tried: it goes back from
//! its end by its duration, and by the hours of its operations on days on which there are any left.

use super::{make, netted::Begun, search::Search};
use crate::{
    model::{Calendar, Day, Quantity},
    snapshot::{
        WorkIx,
        making::{Hours, Operation, Way, WorkDefinition},
    },
};

/// The end of a work order, and the least of it that may be started.
struct End<'a> {
    work: &'a WorkDefinition,
    calendar: &'a Calendar,
    day: Day,
    least: Quantity,
    /// Nothing begins before it.
    today: Day,
}

impl Search<'_> {
    /// Until when the operations begin, the first one first, of a work order that is done by a day; none where it cannot be
    /// done by then.
    pub(super) fn begun_until<'b>(
        &self,
        begun: &'b mut Begun,
        work_ix: WorkIx,
        (today, done): (Day, Day),
    ) -> Option<&'b [Day]> {
        if let Some(known) = begun.known.get(&(work_ix, done)) {
            return known.clone().map(|days| &begun.days[days]);
        }
        let from = begun.days.len();
        let is_done = self.begins_until(&mut begun.days, work_ix, (today, done)).is_some();
        if !is_done {
            begun.days.truncate(from);
        }
        let days = is_done.then_some(from..begun.days.len());
        begun.known.insert((work_ix, done), days.clone());
        days.map(|days| &begun.days[days])
    }

    /// Puts those days behind others; some where it cannot be done.
    fn begins_until(
        &self,
        days: &mut Vec<Day>,
        work_ix: WorkIx,
        (today, done): (Day, Day),
    ) -> Option<()> {
        let snapshot = self.snapshot();
        let work = &snapshot.works.rows[work_ix];
        let calendar = snapshot.calendars.of(snapshot.locations.rows[work.location].manufacturing);
        let day = calendar.previous(done)?;
        let least = make::lot_size(work, Quantity::micros(1));
        let end = End { work, calendar, day, least, today };
        let operations = snapshot.works.operations.of(work_ix);
        let (from, mut next) = (days.len(), day);
        for operation in operations.iter().rev() {
            next = self.operation_until(&end, operation, next)?;
            days.push(next);
        }
        let begun = &mut days[from..];
        begun.reverse();
        // The first one begins on the start day at the latest.
        let start = make::back(calendar, day, make::duration(work, least))?;
        if let Some(first) = begun.first_mut() {
            *first = start.min(*first);
        }
        (today <= start && begun.first().is_none_or(|first| today <= *first)).then_some(())
    }

    /// Until when an operation begins before another one does.
    fn operation_until(&self, end: &End<'_>, operation: &Operation, next: Day) -> Option<Day> {
        if operation.ways.is_empty() {
            return Some(next);
        }
        operation.ways.iter().filter_map(|way| self.way_until(end, way, next)).max()
    }

    /// All of its hours are worked by then, those of each resource apart.
    fn way_until(&self, end: &End<'_>, way: &Way, next: Day) -> Option<Day> {
        let until = make::back(end.calendar, end.day, way.offset_days)?.min(next);
        let back = |each: &Hours| {
            let hours = end.work.hours(each, end.least);
            let capacity = self.capacity_of(self.hours_of(each.resource));
            capacity.reaches_back(end.today, until, hours)
        };
        way.hours.iter().map(back).try_fold(until, |first, day| Some(first.min(day?)))
    }
}
