//! Which option is the answer (semantics 5): by rank, date, cost or profit, on time first.

use super::{
    answer::{LineOption, LineResult, Reason, Status},
    candidates::{Candidate, candidates},
    fill::Search,
    query::Line,
    route::dated,
};
use crate::{
    model::{Day, Money, Quantity},
    snapshot::{Snapshot, atp_rule::Objective},
};
use std::cmp::Ordering;

/// The result of one line against everything that the search holds.
pub(super) fn line(search: &mut Search<'_>, line: &Line, alternatives: usize) -> LineResult {
    let snapshot = search.snapshot();
    let (candidates, mut reasons) = candidates(snapshot, line);
    let available = candidates.iter().map(|c| search.available_on_target(line, c));
    let available_on_requested = available.max().unwrap_or(Quantity::ZERO);
    let mut options: Vec<(LineOption, usize)> = Vec::new();
    for (at, candidate) in candidates.iter().enumerate() {
        options.extend(search.option(line, candidate).map(|option| (option, at)));
    }
    options.sort_by(|(a, _), (b, _)| compare(snapshot, line.objective, a, b));
    let (in_time, too_late): (Vec<_>, Vec<_>) =
        options.into_iter().partition(|(option, _)| is_acceptable(line, option));
    let status = match (in_time.first(), too_late.first()) {
        (Some((option, _)), _) if option.days_late == 0 => Status::OnTime,
        (Some(_), _) => Status::Late,
        (None, Some(_)) => Status::Refused,
        (None, None) => Status::Unavailable,
    };
    let best = in_time.first().or(too_late.first()).map(|(_, at)| &candidates[*at]);
    if status != Status::OnTime {
        if let Some((option, _)) = too_late.first().filter(|_| status == Status::Refused) {
            reasons.push(Reason::AfterLatest { day: date(line, option) });
        }
        reasons.extend(blockers(search, line, best, &candidates));
    }
    let mut accepted = in_time.into_iter().map(|(option, _)| option);
    let mut option = accepted.next();
    let n_further = alternatives.max(usize::from(status == Status::Refused));
    let further = accepted.chain(too_late.into_iter().map(|(option, _)| option));
    let mut alternatives: Vec<_> = further.take(n_further).collect();
    for leg in option.iter_mut().chain(&mut alternatives).flat_map(|option| &mut option.legs) {
        search.name_supplies(&mut leg.pegs);
    }
    LineResult { status, option, alternatives, available_on_requested, reasons }
}

/// What is in the way of the chosen candidate, or of every one where none was found.
fn blockers(
    search: &mut Search<'_>,
    line: &Line,
    best: Option<&Candidate<'_>>,
    all: &[Candidate<'_>],
) -> Vec<Reason> {
    const CANDIDATES_EXPLAINED: usize = 3;
    let explained: Vec<_> = match best {
        Some(candidate) => vec![candidate],
        None => all.iter().take(CANDIDATES_EXPLAINED).collect(),
    };
    explained.into_iter().flat_map(|candidate| search.blockers(line, candidate)).collect()
}

/// The date of the request's own type of the latest leg.
fn date(line: &Line, option: &LineOption) -> Day {
    let dates = option.legs.iter().map(|leg| dated(line, leg.ship, leg.arrival));
    dates.max().expect("an option has a leg")
}

fn is_acceptable(line: &Line, option: &LineOption) -> bool {
    line.latest.is_none_or(|latest| date(line, option) <= latest)
}

/// The better option first.
fn compare(snapshot: &Snapshot, objective: Objective, a: &LineOption, b: &LineOption) -> Ordering {
    let on_time = |option: &LineOption| option.days_late == 0;
    on_time(b)
        .cmp(&on_time(a))
        .then_with(|| measure(objective, a).cmp(&measure(objective, b)))
        .then_with(|| names(snapshot, a).cmp(&names(snapshot, b)))
}

/// What options of one punctuality are ordered by: smaller is better.
fn measure(objective: Objective, option: &LineOption) -> (i64, i64, i64, i64) {
    let rank = i64::from(option.rank);
    let cost = option.economics.cost().raw();
    let arrival = i64::from(option.arrival().0);
    match objective {
        Objective::SourcingRank if option.days_late == 0 => (rank, cost, arrival, 0),
        Objective::SourcingRank => (arrival, rank, cost, 0),
        Objective::Earliest => (arrival, rank, cost, 0),
        Objective::LowestCost => (cost, rank, arrival, 0),
        Objective::HighestProfit => (-profit(option).raw(), rank, cost, arrival),
    }
}

fn profit(option: &LineOption) -> Money {
    option.economics.profit()
}

/// The last ties: the location's name, then the ship method's.
fn names<'a>(snapshot: &'a Snapshot, option: &LineOption) -> (&'a str, &'a str) {
    let leg = option.legs.first().expect("an option has a leg");
    let method = leg.method.map_or("", |method| snapshot.methods.names.name(method));
    (snapshot.locations.names.name(leg.location), method)
}
