//! Rows that say when orders make a shipping day and when lanes leave (semantics 12.3).

use super::{
    Builder,
    master::{WEEKDAYS, time_of_day},
};
use crate::{
    limits::CUTOFF_DAYS_MAX,
    model::Day,
    snapshot::{
        CalendarIx, LocationIx, MethodIx,
        location::{Cutoff, Lane},
        problem::Severity,
        row::Row,
        schema::{Column, TableName},
    },
};
use jiff::civil::{Time, Weekday};
use std::collections::BTreeMap;

/// What waits until calendars are spelled out.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// Lanes that leave on days of their own, with their rows.
    pub(super) lanes: Vec<(LocationIx, MethodIx, u64)>,
}

impl Builder {
    /// Comes after the lanes: a method that none of them has is no method of goods that ship.
    pub(super) fn location_cutoff(&mut self, row: &mut Row<'_>) {
        let location: LocationIx = row.reference(Column::Location, &self.locations.names);
        let time = row.other_or_none(Column::Time, time_of_day);
        if time.is_none() && !row.is_faulty() {
            row.fault(Column::Time, "a time of day such as 16:30; it must not be empty");
        }
        let method = Some(row.text(Column::ShipMethod)).filter(|method| !method.is_empty());
        let method = method.map(|name| {
            if self.methods.names.get(name).is_none() {
                row.warn(
                    Column::ShipMethod,
                    "a ship method that a lane has; nothing ships by this one",
                );
            }
            self.methods.names.intern(name)
        });
        let weekday = row.choice_or_none(Column::Weekday, WEEKDAYS).map(weekday);
        let days_before =
            row.whole_or_none(Column::DaysBefore, 0, i32::from(CUTOFF_DAYS_MAX)).unwrap_or(0);
        let days_before = u16::try_from(days_before).expect("within its bounds");
        if row.is_faulty() {
            return;
        }
        let cutoff =
            Cutoff { method, weekday, days_before, time: time.unwrap_or(Time::midnight()) };
        if !self.locations.rows[location].cutoffs.add(cutoff) {
            let expected = "one cut-off a location, ship method and weekday; locations.cutoff_time \
                            is the one for all";
            row.fault_of_key(&[Column::Location, Column::ShipMethod, Column::Weekday], expected);
        }
    }

    /// Puts the shipping days on which a lane leaves in the place of its calendar of departures.
    pub(super) fn finish_departures(&mut self) {
        let mut known: BTreeMap<(Option<CalendarIx>, CalendarIx), CalendarIx> = BTreeMap::new();
        for ((origin, ..), lane) in &mut self.master.lanes {
            let Some(leaves) = lane.departures else { continue };
            let shipping = self.locations.rows[*origin].shipping;
            let calendars = &mut self.calendars;
            let both = *known.entry((shipping, leaves)).or_insert_with(|| {
                let both = calendars.of(shipping).and(calendars.of(Some(leaves)));
                calendars.rows.push(both)
            });
            lane.departures = Some(both);
        }
        for (origin, method, row) in std::mem::take(&mut self.dates.lanes) {
            let of_row =
                |(from, _, by): &(LocationIx, _, MethodIx)| (*from, *by) == (origin, method);
            let mut lanes = self.master.lanes.iter().filter(|(key, _)| of_row(key));
            if lanes.any(|(_, lane)| self.never_leaves(lane)) {
                let expected = "a day of the horizon that is a shipping day of its origin too; this lane never leaves";
                let at = (TableName::ShippingLanes, row);
                self.problem_at(
                    Severity::Warning,
                    at,
                    (Some(Column::DepartureCalendar), ""),
                    expected,
                );
            }
        }
    }

    fn never_leaves(&self, lane: &Lane) -> bool {
        let leaves = lane.departures.map(|days| &self.calendars.rows[days]);
        leaves
            .is_some_and(|leaves| leaves.next(Day::ZERO).is_none_or(|day| self.epoch.end() <= day))
    }
}

fn weekday(at: usize) -> Weekday {
    let offset = i8::try_from(at).expect("0 to 6");
    Weekday::from_monday_zero_offset(offset).expect("0 to 6")
}
