//! On which day supplies and demands count, and the profile that they make (semantics 2, 11).
//!
//! The one place where an account's balance comes from, for a build and for a change alike.

use super::{
    atp_rule::AtpRule,
    bucket::Bucket,
    kinds::{DemandKind, SupplyKind},
    policy::Classes,
    stock_rows::{Demand, Supply},
};
use crate::{
    limits::BALANCE_MAX,
    model::{Calendar, Day, Quantity, Stock, profile::DayChange},
};

/// By what the rows of one stock account count.
#[derive(Clone, Copy, Debug)]
pub struct Counting<'a> {
    /// Its ATP rule.
    pub rule: &'a AtpRule,
    /// The first day after the horizon.
    pub end: Day,
    /// When its location receives.
    pub receiving: &'a Calendar,
    /// All demand classes.
    pub classes: &'a Classes,
}

impl Counting<'_> {
    /// The day on which a supply of this date counts; none if the rule leaves it out. What comes from outside is there
    /// on the next receiving day; how old it is tells its date.
    pub fn supply_day(self, kind: SupplyKind, due: Day) -> Option<Day> {
        let Self { rule, receiving, .. } = self;
        if !rule.counts_supply(kind) {
            return None;
        }
        let mut day = due;
        if due < Day::ZERO {
            let age = Day::ZERO.since(due);
            if rule.past_due_supply_days.is_some_and(|days| i32::from(days) < age) {
                return None;
            }
            day = Day(i32::from(rule.past_due_supply_delay_days));
        }
        // What comes when no calendar reaches that far does not count either way.
        let received = receiving.next(day).filter(|_| kind.comes_from_outside());
        Some(received.unwrap_or(day))
    }

    /// The day on which a demand of this date counts; none if the rule leaves it out. A safety stock level
    /// holds whatever its age, from day 0 on at the latest. What somebody waits for after the horizon takes its
    /// stock on the last day.
    pub fn demand_day(self, kind: DemandKind, due: Day) -> Option<Day> {
        let Self { rule, end, .. } = self;
        if !rule.counts_demand(kind) {
            return None;
        }
        if end <= due && kind.is_commitment() && !rule.is_infinite_on(due) {
            return Some(end.plus(-1));
        }
        if Day::ZERO <= due || kind == DemandKind::SafetyStock {
            return Some(due.max(Day::ZERO));
        }
        let age = Day::ZERO.since(due);
        let counts = rule.past_due_demand_days.is_none_or(|days| age <= i32::from(days));
        counts.then_some(Day::ZERO)
    }
}

/// Sorts the demands of one account as they are looked up: by the day on which they count, then by
/// date, then as the table has them.
pub fn sort_demands(demands: &mut [Demand]) {
    demands.sort_by_key(|demand| (demand.day, demand.due.min(Day::ZERO), demand.demand));
}

/// Safety stock levels replace each other: turns each level of one account into its change against the
/// one before it. The demands are sorted.
pub fn levels_to_changes(demands: &mut [Demand]) {
    let mut level = Quantity::ZERO;
    for demand in demands.iter_mut().filter(|demand| is_level(demand)) {
        let before = std::mem::replace(&mut level, demand.quantity);
        demand.quantity -= before;
    }
}

/// The reverse of [`levels_to_changes`].
pub fn changes_to_levels(demands: &mut [Demand]) {
    let mut level = Quantity::ZERO;
    for demand in demands.iter_mut().filter(|demand| is_level(demand)) {
        demand.quantity += level;
        level = demand.quantity;
    }
}

fn is_level(demand: &Demand) -> bool {
    demand.kind == DemandKind::SafetyStock && demand.day.is_some()
}

/// The balance of an account is beyond [`BALANCE_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange;

impl Counting<'_> {
    /// Whether what counts on a day has a place in the profile: before the end of the horizon, and the rule's infinite
    /// fence.
    pub(super) fn has_place(self, day: Day) -> bool {
        day < self.end && !self.rule.is_infinite_on(day)
    }

    /// The profile that supplies and demands make, and the buckets of what is forecast: of them only the rest that sales
    /// orders have not consumed counts.
    ///
    /// # Errors
    /// More than [`BALANCE_MAX`] in all.
    pub fn profile(
        self,
        supplies: &[Supply],
        demands: &[Demand],
    ) -> Result<(Stock, Vec<Bucket>), OutOfRange> {
        let counts = |day: &Day| self.has_place(*day);
        let is_forecast = |demand: &&Demand| demand.kind == DemandKind::Forecast;
        let buckets = match demands.iter().any(|demand| is_forecast(&demand)) {
            true => self.buckets(demands),
            false => Vec::new(),
        };
        let mut changes = Vec::with_capacity(supplies.len() + demands.len());
        for supply in supplies {
            if let Some(day) = supply.day.filter(counts) {
                changes.push(DayChange { day, net: supply.quantity, committed: Quantity::ZERO });
            }
        }
        for bucket in buckets.iter().filter(|bucket| counts(&bucket.day)) {
            let net = -bucket.rest(Quantity::ZERO);
            changes.push(DayChange { day: bucket.day, net, committed: Quantity::ZERO });
        }
        for demand in demands.iter().filter(|demand| !is_forecast(demand)) {
            let is_firm = demand.kind.is_commitment();
            let committed = if is_firm { demand.quantity } else { Quantity::ZERO };
            if let Some(day) = demand.day.filter(counts) {
                changes.push(DayChange { day, net: -demand.quantity, committed });
            }
        }
        let total: i128 = changes.iter().map(|change| i128::from(change.net.raw().abs())).sum();
        if i128::from(BALANCE_MAX) < total {
            return Err(OutOfRange);
        }
        Ok((Stock::new(self.rule.consumption, changes_by_day(changes)), buckets))
    }
}

/// Sums dated changes into one a day, in order of day.
fn changes_by_day(mut changes: Vec<DayChange>) -> Vec<DayChange> {
    changes.sort_by_key(|change| change.day);
    let mut sums: Vec<DayChange> = Vec::with_capacity(changes.len());
    for change in changes {
        match sums.last_mut() {
            Some(last) if last.day == change.day => {
                last.net += change.net;
                last.committed += change.committed;
            }
            Some(_) | None => sums.push(change),
        }
    }
    sums
}
