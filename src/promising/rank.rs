//! The order among options (semantics 5 and 11): on time, then whole, then by the objective.

use super::{answer::LineOption, query::Line};
use crate::{
    model::{Day, Quantity},
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

/// Of groups of options the one whose best brings most of the line, then soonest; the first of equals.
pub(super) fn best_of(line: &Line, groups: &[Vec<LineOption>]) -> Option<usize> {
    let worth = |option: &LineOption| (line.quantity - option.quantity(), option.arrival());
    let best = |group: &Vec<LineOption>| group.iter().map(worth).min();
    let found = groups.iter().enumerate().filter_map(|(at, group)| Some((best(group)?, at)));
    found.min().map(|(_, at): ((Quantity, Day), usize)| at)
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
fn measure(line: &Line, option: &LineOption) -> (i64, i64, i64, i64) {
    let rank = i64::from(option.rank);
    let cost = option.economics.cost().raw();
    let profit = option.economics.profit().raw();
    let arrival = i64::from(option.arrival().0);
    match line.objective {
        Objective::SourcingRank if is_on_time(line, option) => (rank, cost, arrival, 0),
        Objective::SourcingRank | Objective::Earliest => (arrival, rank, cost, 0),
        Objective::LowestCost => (cost, rank, arrival, 0),
        Objective::HighestProfit => (-profit, rank, cost, arrival),
    }
}

/// The last ties: the location's name, then the ship method's.
fn names<'a>(snapshot: &'a Snapshot, option: &LineOption) -> (&'a str, &'a str) {
    let leg = option.legs.first().expect("an option has a leg");
    let method = leg.method.map_or("", |method| snapshot.methods.names.name(method));
    (snapshot.locations.names.name(leg.location), method)
}
