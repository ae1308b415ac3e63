//! Ship sets and arrival sets: all lines on one day, or none of them (semantics 5 and 11).
//!
//! Lines of a set are not split and take no substitutes. Each line sees what those before it take.

use super::{
    answer::{LineOption, LineResult, LineStatus, Reason, SetResult},
    attempt::Attempt,
    candidates::{Candidate, candidates},
    choose::{self, Found},
    leg::is_acceptable,
    query::{Line, Query, Set, Together},
    rank::{compare, is_on_time, sort},
    relax,
    request::Remedies,
    search::Search,
    shared_costs,
};
use crate::model::Day;
use std::collections::BTreeSet;

/// One option for each line of a set, in the order of the lines.
type Options = Vec<LineOption>;

/// What came of a set.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) set: SetResult,
    /// A result for each line of the set, in their order.
    pub(super) lines: Vec<LineResult>,
}

/// The positions of a set's lines in the request.
pub(super) fn members(query: &Query, set: Set) -> Vec<usize> {
    (set.first..query.lines.len()).filter(|&at| query.lines[at].set == Some(set)).collect()
}

/// Whether all lines that go together if possible are on time if they do.
pub(super) fn is_possible(search: &mut Search<'_>, query: &Query, set: Set) -> bool {
    let lines = lines_of(query, &members(query, set));
    on_time(search, &lines, set.together).is_some()
}

/// The lines of a set as they are promised in it: whole, and themselves.
fn lines_of(query: &Query, members: &[usize]) -> Vec<Line> {
    let line = |&at: &usize| Line { split: None, substitutes: false, ..query.lines[at].clone() };
    members.iter().map(line).collect()
}

/// Promises a set against everything that the search holds. Leaves nothing behind.
pub(super) fn set(search: &mut Search<'_>, query: &Query, set: Set) -> Outcome {
    let members = members(query, set);
    let lines = lines_of(query, &members);
    let accepted = options(search, &lines, set.together);
    let is_bound = lines.iter().any(|line| line.latest.is_some());
    let too_late = if accepted.is_empty() && is_bound {
        let patient: Vec<_> =
            lines.iter().map(|line| Line { latest: None, ..line.clone() }).collect();
        options(search, &patient, set.together)
    } else {
        Vec::new()
    };
    let day = accepted.first().map(|best| common_day(best, set.together));
    let mut results = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let of_line = |options: &[Options]| options.iter().map(|lines| lines[at].clone()).collect();
        let found = Found { accepted: of_line(&accepted), too_late: of_line(&too_late) };
        let own = candidates(search.snapshot(), line).0;
        results.push(choose::result(search, line, (found, &own), query.alternatives));
    }
    explain(search, (&lines, &members), &mut results);
    let is_late = |result: &LineResult| result.status != LineStatus::OnTime;
    if query.remedies == Remedies::Sought && results.iter().any(is_late) {
        let remedies = relax::of_set(search, (&lines, set.together), &results);
        for (result, remedies) in results.iter_mut().zip(remedies) {
            result.remedies = remedies;
        }
    }
    let together = set.together;
    Outcome { set: SetResult { lines: members, together, day }, lines: results }
}

/// The best options of a set of which every line is on time; none if there are none.
pub(super) fn on_time(
    search: &mut Search<'_>,
    lines: &[Line],
    together: Together,
) -> Option<Vec<LineOption>> {
    let best = options(search, lines, together).into_iter().next()?;
    lines.iter().zip(&best).all(|(line, option)| is_on_time(line, option)).then_some(best)
}

/// The options of a set by the latest acceptable dates, best first.
fn options(search: &mut Search<'_>, lines: &[Line], together: Together) -> Vec<Options> {
    match together {
        Together::Ship | Together::IfPossible => ship_set(search, lines),
        Together::Arrive => arrival_set(search, lines).into_iter().collect(),
    }
}

/// Leaves one location on one day by one method: the smallest on which all lines fit together. Every
/// ship-from has its own; the objective of the first line chooses.
fn ship_set(search: &mut Search<'_>, lines: &[Line]) -> Vec<Options> {
    let snapshot = search.snapshot();
    let candidates: Vec<_> = lines.iter().map(|line| candidates(snapshot, line).0).collect();
    let mut found: Vec<(LineOption, Options)> = Vec::new();
    for first in &candidates[0] {
        let way = |candidate: &Candidate<'_>| {
            (candidate.route.location, candidate.route.lane.map(|lane| lane.method))
        };
        let same = |(line, candidates)| {
            let candidates: &Vec<Candidate<'_>> = candidates;
            let candidate = candidates.iter().find(|other| way(other) == way(first))?;
            search.attempt(line, candidate)
        };
        let group: Option<Vec<_>> = lines.iter().zip(&candidates).map(same).collect();
        let options = group.and_then(|group| on_group_day(search, &group));
        found.extend(options.map(|mut options| {
            shared_costs::share(snapshot, lines, &mut options);
            (sum(&options), options)
        }));
    }
    let quantity = lines.iter().map(|line| line.quantity).sum();
    let whole = Line { quantity, ..lines[0].clone() };
    found.sort_by(|(a, _), (b, _)| compare(snapshot, &whole, a, b));
    found.into_iter().map(|(_, options)| options).collect()
}

/// The lines of a set as one option, to compare it with others.
fn sum(options: &[LineOption]) -> LineOption {
    LineOption::new(options.iter().flat_map(|option| option.legs.clone()).collect(), Vec::new())
}

/// Every line on the smallest day on which all of them fit.
fn on_group_day(search: &mut Search<'_>, group: &[Attempt<'_>]) -> Option<Options> {
    let days = group.iter().map(|attempt| attempt.days).reduce(|days, other| days.and(other))?;
    // The first line bounds the day from below; from there every day is looked at: lines that share a
    // component may fit together on a day and not on a later one.
    let alone = &group[0];
    let first = search.first_supplied(alone, alone.line.quantity, (&days, 0));
    let options = (first..days.len()).find_map(|at| all_on(search, group, days.nth(at)))?;
    let mut legs = group.iter().zip(&options);
    legs.all(|(attempt, option)| is_acceptable(attempt.line, &option.legs[0])).then_some(options)
}

/// Every line on a ship day, each seeing those before it.
fn all_on(search: &mut Search<'_>, group: &[Attempt<'_>], ship: Day) -> Option<Options> {
    one_after_another(search, group, |search, attempt| {
        let start = search.point();
        let leg = search.leg_on(attempt, attempt.line.quantity, ship)?;
        Some(search.option_of(start, vec![leg]))
    })
}

/// An option for each member of a set, each seeing what those before it take. Leaves nothing behind.
fn one_after_another<T>(
    search: &mut Search<'_>,
    members: &[T],
    mut option: impl FnMut(&mut Search<'_>, &T) -> Option<LineOption>,
) -> Option<Options> {
    let start = search.point();
    let mut options = Vec::new();
    for member in members {
        let Some(found) = option(search, member) else {
            break;
        };
        search.take(&found);
        options.push(found);
    }
    search.cut(start);
    (options.len() == members.len()).then_some(options)
}

/// Arrives on one day, from wherever each line chooses anew for it: the smallest day on which all can.
fn arrival_set(search: &mut Search<'_>, lines: &[Line]) -> Option<Options> {
    let snapshot = search.snapshot();
    let candidates: Vec<_> = lines.iter().map(|line| candidates(snapshot, line).0).collect();
    let attempts = |(line, candidates)| -> Vec<Attempt<'_>> {
        let candidates: &Vec<Candidate<'_>> = candidates;
        candidates.iter().filter_map(|candidate| search.attempt(line, candidate)).collect()
    };
    let members: Vec<_> = lines.iter().zip(&candidates).map(attempts).collect();
    // The set arrives when its first line does, and that never before it could by itself.
    let alone = |attempt| search.whole(attempt).map(|option| option.arrival());
    let first = members[0].iter().filter_map(alone).min()?;
    let arrivals = |attempt: &Attempt<'_>| -> Vec<Day> {
        let route = attempt.candidate.route;
        attempt.days.iter().filter_map(|ship| route.arrival(ship)).collect()
    };
    let days: BTreeSet<Day> = members[0].iter().flat_map(arrivals).collect();
    let mut options = days.range(first..).find_map(|&day| {
        one_after_another(search, &members, |search, attempts| arriving(search, attempts, day))
    })?;
    shared_costs::share(snapshot, lines, &mut options);
    Some(options)
}

/// The best option of a line that arrives on a day.
fn arriving(search: &mut Search<'_>, attempts: &[Attempt<'_>], day: Day) -> Option<LineOption> {
    let line = attempts.first()?.line;
    let mut options = Vec::new();
    for attempt in attempts {
        let start = search.point();
        let route = attempt.candidate.route;
        let earlier = |ship| route.arrival(ship).is_some_and(|arrival| arrival < day);
        let first = attempt.days.first_not(earlier);
        let days = (first..attempt.days.len()).map(|at| attempt.days.nth(at));
        let mut days = days.take_while(|&ship| route.arrival(ship) == Some(day));
        let leg = days.find_map(|ship| search.leg_on(attempt, line.quantity, ship));
        let leg = leg.filter(|leg| is_acceptable(line, leg));
        match leg {
            Some(leg) => options.push(search.option_of(start, vec![leg])),
            None => search.cut(start),
        }
    }
    sort(search.snapshot(), line, &mut options);
    options.into_iter().next()
}

/// The day that the lines of a set have in common.
fn common_day(best: &Options, together: Together) -> Day {
    let leg = &best[0].legs[0];
    match together {
        Together::Ship | Together::IfPossible => leg.ship,
        Together::Arrive => leg.arrival,
    }
}

/// Says of every line that is not on time whether it waits for another or is what the others wait for.
fn explain(
    search: &mut Search<'_>,
    (lines, members): (&[Line], &[usize]),
    results: &mut [LineResult],
) {
    if results.iter().all(|result| result.status == LineStatus::OnTime) {
        return;
    }
    let alone = |line: &Line| choose::line(search, &Line { set: None, ..line.clone() }, 0);
    let alone: Vec<_> = lines.iter().map(alone).collect();
    let fails = |result: &LineResult| result.option.is_none();
    // If each could be had by itself, it is the last that finds nothing left.
    let culprit = alone.iter().position(fails).unwrap_or(lines.len() - 1);
    for (at, (result, alone)) in results.iter_mut().zip(alone).enumerate() {
        let of_set = result.option.as_ref().map(|option| choose::date(&lines[at], option));
        let by_itself = alone.option.as_ref().map(|option| choose::date(&lines[at], option));
        match (of_set, by_itself) {
            (Some(day), Some(sooner)) if sooner < day => {
                result.reasons.push(Reason::SetWaits { day });
            }
            (Some(_), _) if result.status == LineStatus::OnTime => {}
            (None, _) if at != culprit => {
                result.reasons.push(Reason::SetFailed { line: members[culprit] });
            }
            (None, Some(_)) if alone.status == LineStatus::OnTime => {
                result.reasons.push(Reason::SetTakes);
            }
            (Some(_) | None, _) => result.reasons.extend(alone.reasons),
        }
    }
}
