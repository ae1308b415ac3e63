//! On which day supplies and demands count, and the profile that they make (semantics 2, 11).
//!
//! The one place where an account's balance comes from, for a build and for a change alike.

use super::{
    atp_rule::AtpRule,
    kinds::{DemandKind, SupplyKind},
    stock::{Demand, Supply},
};
use crate::{
    limits::BALANCE_MAX,
    model::{Day, Quantity, Stock, profile::Change},
};

/// The day on which a supply of this date counts; none if the rule leaves it out.
pub fn supply_day(rule: &AtpRule, kind: SupplyKind, due: Day) -> Option<Day> {
    if !rule.counts_supply(kind) {
        return None;
    }
    if Day::ZERO <= due {
        return Some(due);
    }
    let age = Day::ZERO.since(due);
    let counts = rule.past_due_supply_days.is_none_or(|days| age <= i32::from(days));
    counts.then_some(Day(i32::from(rule.past_due_supply_delay_days)))
}

/// The day on which a demand of this date counts; none if the rule leaves it out. A safety stock level
/// holds whatever its age, from day 0 on at the latest.
pub fn demand_day(rule: &AtpRule, kind: DemandKind, due: Day) -> Option<Day> {
    if !rule.counts_demand(kind) {
        return None;
    }
    if Day::ZERO <= due || kind == DemandKind::SafetyStock {
        return Some(due.max(Day::ZERO));
    }
    let age = Day::ZERO.since(due);
    let counts = rule.past_due_demand_days.is_none_or(|days| age <= i32::from(days));
    counts.then_some(Day::ZERO)
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

/// The profile that supplies and demands make under a rule. What is dated on or after the end of the
/// horizon, or the rule's infinite fence, has no place in it.
///
/// # Errors
/// More than [`BALANCE_MAX`] in all.
pub fn profile(
    rule: &AtpRule,
    end: Day,
    supplies: &[Supply],
    demands: &[Demand],
) -> Result<Stock, OutOfRange> {
    let fence = rule.infinite_fence_days.map_or(i32::MAX, i32::from);
    let end = Day(end.0.min(fence));
    let mut changes = Vec::with_capacity(supplies.len() + demands.len());
    for supply in supplies {
        if let Some(day) = supply.day.filter(|&day| day < end) {
            changes.push(Change { day, net: supply.quantity, committed: Quantity::ZERO });
        }
    }
    for demand in demands {
        let committed = if demand.kind.is_commitment() { demand.quantity } else { Quantity::ZERO };
        if let Some(day) = demand.day.filter(|&day| day < end) {
            changes.push(Change { day, net: -demand.quantity, committed });
        }
    }
    let total: i128 = changes.iter().map(|change| i128::from(change.net.raw().abs())).sum();
    if i128::from(BALANCE_MAX) < total {
        return Err(OutOfRange);
    }
    Ok(Stock::new(rule.consumption, changes_by_day(changes)))
}

/// Sums dated changes into one a day, in order of day.
fn changes_by_day(mut changes: Vec<Change>) -> Vec<Change> {
    changes.sort_by_key(|change| change.day);
    let mut sums: Vec<Change> = Vec::with_capacity(changes.len());
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
