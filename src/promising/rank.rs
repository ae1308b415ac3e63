//! The order among options (semantics 5 and 12.4): on time, then whole, then by the objective.

use super::{answer::LineOption, query::Line};
use crate::{
    model::Quantity,
    snapshot::{Snapshot, atp_rule::Objective},
};
use std::cmp::{Ordering, Reverse};

/// The better option first.
pub(super) fn sort(snapshot: &Snapshot, line: &Line, options: &mut [LineOption]) {
    options.sort_by(|a, b| compare(snapshot, line, a, b));
}

/// The order among two options of a line.
pub(super) fn compare(
    snapshot: &Snapshot,
    line: &Line,
    a: &LineOption,
    b: &LineOption,
) -> Ordering {
    completeness(line, a)
        .cmp(&completeness(line, b))
        .then_with(|| measure(line, a).cmp(&measure(line, b)))
        .then_with(|| names(snapshot, a).cmp(&names(snapshot, b)))
}

/// On time in full, then in full, then in part: the larger part first.
fn completeness(line: &Line, option: &LineOption) -> (bool, Reverse<Quantity>) {
    (!is_on_time(line, option), Reverse(option.quantity()))
}

/// Whether all of a line comes, all of it on time.
pub(super) fn is_on_time(line: &Line, option: &LineOption) -> bool {
    option.days_late == 0 && option.quantity() == line.quantity
}

/// What options of one completeness are ordered by: smaller is better.
///
/// On time the item itself comes before its substitutes, whatever the objective (semantics 11); else that is
/// asked after lateness (semantics 12.4).
fn measure(line: &Line, option: &LineOption) -> [i64; 6] {
    let turn = i64::from(option.turn);
    let rank = i64::from(option.rank);
    let cost = option.economics.cost().raw();
    let loss = -option.economics.profit().raw();
    let arrival = i64::from(option.arrival().0);
    let late = i64::from(option.days_late);
    if is_on_time(line, option) {
        return match line.objective {
            Objective::SourcingRank => [turn, rank, cost, arrival, 0, 0],
            Objective::Earliest => [turn, arrival, rank, cost, 0, 0],
            Objective::LowestCost => [turn, cost, rank, arrival, 0, 0],
            Objective::HighestProfit => [turn, loss, rank, cost, arrival, 0],
        };
    }
    match line.objective {
        Objective::SourcingRank | Objective::Earliest => [late, turn, rank, cost, arrival, 0],
        Objective::LowestCost => [cost, late, turn, rank, arrival, 0],
        Objective::HighestProfit => [loss, late, turn, rank, cost, arrival],
    }
}

/// The last ties: the location's name, then the ship method's.
fn names<'a>(snapshot: &'a Snapshot, option: &LineOption) -> (&'a str, &'a str) {
    let leg = option.legs.first().expect("an option has a leg");
    let method = leg.method.map_or("", |method| snapshot.methods.names.name(method));
    (snapshot.locations.names.name(leg.location), method)
}
