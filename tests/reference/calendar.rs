//! Calendars (semantics 1 and 11 "Time"): a weekly pattern plus dated exceptions.

use super::text::Day;
use std::collections::BTreeMap;

/// Which days are working days.
#[derive(Clone)]
pub struct Calendar {
    /// Monday first.
    pub weekdays: [bool; 7],
    pub exceptions: BTreeMap<Day, bool>,
    /// Weekday of day 0; Monday is 0.
    pub first_weekday: i32,
}

/// How far a calendar is searched for a working day.
const FAR: i32 = 4_000;

impl Calendar {
    /// "No calendar means every day works."
    pub fn every_day() -> Calendar {
        Calendar { weekdays: [true; 7], exceptions: BTreeMap::new(), first_weekday: 0 }
    }

    /// `"Mon Tue Wed"` as a pattern.
    pub fn weekdays(names: &str) -> [bool; 7] {
        let lower = names.to_lowercase();
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map(|name| lower.contains(name))
    }

    pub fn is_open(&self, day: Day) -> bool {
        let weekday = (self.first_weekday + day).rem_euclid(7) as usize;
        self.exceptions.get(&day).copied().unwrap_or(self.weekdays[weekday])
    }

    /// The day itself or the next working day.
    pub fn next(&self, day: Day) -> Day {
        (day..day + FAR).find(|&day| self.is_open(day)).expect("a calendar with working days")
    }

    /// The day itself or the working day before it.
    pub fn previous(&self, day: Day) -> Day {
        (day - FAR..=day).rev().find(|&day| self.is_open(day)).expect("a calendar with days")
    }

    /// "The n-th working day strictly after d; `add(d, 0)` is d or the next working day."
    pub fn add(&self, day: Day, count: i32) -> Day {
        if count == 0 {
            return self.next(day);
        }
        (0..count).fold(day, |day, _| self.next(day + 1))
    }

    /// The n-th working day strictly before d; `back(d, 0)` is d or the working day before it.
    pub fn back(&self, day: Day, count: i32) -> Day {
        if count == 0 {
            return self.previous(day);
        }
        (0..count).fold(day, |day, _| self.previous(day - 1))
    }
}
