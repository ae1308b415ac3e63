//! Which option is the answer (semantics 5): the item on time, a substitute on time, a split on time;
//! else the earliest of all.

use super::{
    answer::{LineOption, LineResult, Reason, Status},
    candidates::{Candidate, candidates, instead_candidates},
    fill::Search,
    leg::{Attempt, is_acceptable},
    query::Line,
    rank::{best_of, compare, is_on_time, sort},
    route::dated,
    substitutes,
};
use crate::model::{Day, Quantity};

/// What was found for a line: the options that it may take, best first.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) accepted: Vec<LineOption>,
    /// Options that come after the latest acceptable date, where no other is there.
    pub(super) too_late: Vec<LineOption>,
}

impl Found {
    fn best(&self) -> Option<&LineOption> {
        self.accepted.first().or(self.too_late.first())
    }
}

/// The result of one line against everything that the search holds. Leaves nothing behind.
pub(super) fn line(search: &mut Search<'_>, line: &Line, alternatives: usize) -> LineResult {
    let (own, mut reasons) = candidates(search.snapshot(), line);
    let found = find(search, line, &own);
    if status(line, &found) != Status::OnTime {
        reasons.extend(search.blockers_of(line, found.best(), &own));
    }
    let mut result = result(search, line, (found, &own), alternatives);
    result.reasons.extend(reasons);
    result
}

/// The result of a line of which this was found over its own candidates; the reasons for its date are not in it yet.
pub(super) fn result(
    search: &mut Search<'_>,
    line: &Line,
    (found, own): (Found, &[Candidate<'_>]),
    alternatives: usize,
) -> LineResult {
    let status = status(line, &found);
    let available = own.iter().map(|candidate| search.available_on_target(line, candidate));
    let available_on_requested = available.max().unwrap_or(Quantity::ZERO);
    let mut reasons = Vec::new();
    if status == Status::Refused {
        reasons.extend(found.best().map(|best| Reason::AfterLatest { day: date(line, best) }));
    }
    let mut accepted = found.accepted.into_iter();
    let mut option = accepted.next();
    let n_further = alternatives.max(usize::from(status == Status::Refused));
    let mut alternatives: Vec<_> = accepted.chain(found.too_late).take(n_further).collect();
    for leg in option.iter_mut().chain(&mut alternatives).flat_map(|option| &mut option.legs) {
        search.name_supplies(&mut leg.pegs);
    }
    let remedies = Vec::new();
    LineResult { status, option, alternatives, available_on_requested, reasons, remedies }
}

fn status(line: &Line, found: &Found) -> Status {
    match (found.accepted.first(), found.too_late.first()) {
        (Some(option), _) if option.quantity() < line.quantity => Status::Partial,
        (Some(option), _) if option.days_late == 0 => Status::OnTime,
        (Some(_), _) => Status::Late,
        (None, Some(_)) => Status::Refused,
        (None, None) => Status::Unavailable,
    }
}

fn find(search: &mut Search<'_>, line: &Line, own: &[Candidate<'_>]) -> Found {
    let accepted = options(search, line, own);
    if !accepted.is_empty() || line.latest.is_none() {
        return Found { accepted, too_late: Vec::new() };
    }
    let patient = Line { latest: None, ..line.clone() };
    Found { accepted, too_late: options(search, &patient, own) }
}

/// The item itself or a substitute, with what each of its candidates gives in whole.
struct Group<'a> {
    attempts: Vec<Attempt<'a>>,
    wholes: Vec<Option<LineOption>>,
}

impl<'a> Group<'a> {
    fn new(search: &mut Search<'_>, line: &'a Line, candidates: &'a [Candidate<'a>]) -> Self {
        let attempts: Vec<_> =
            candidates.iter().filter_map(|candidate| search.attempt(line, candidate)).collect();
        let is_acceptable = |option: &LineOption| is_acceptable(line, &option.legs[0]);
        let wholes =
            attempts.iter().map(|attempt| search.whole(attempt).filter(is_acceptable)).collect();
        Self { attempts, wholes }
    }

    fn has_on_time(&self, line: &Line) -> bool {
        self.wholes.iter().flatten().any(|option| is_on_time(line, option))
    }

    fn into_wholes(self) -> Vec<LineOption> {
        self.wholes.into_iter().flatten().collect()
    }

    /// What each candidate gives, split by date where that brings more.
    fn into_by_date(self, search: &mut Search<'_>) -> Vec<LineOption> {
        let options = self.attempts.iter().zip(self.wholes);
        options.filter_map(|(attempt, whole)| search.by_date(attempt, whole)).collect()
    }
}

/// The best option of a line that is on time in full; none if there is none.
pub(super) fn on_time(search: &mut Search<'_>, line: &Line) -> Option<LineOption> {
    let (own, _) = candidates(search.snapshot(), line);
    let best = options(search, line, &own).into_iter().next();
    best.filter(|option| is_on_time(line, option))
}

/// The options that come by the latest acceptable date, best first.
fn options(search: &mut Search<'_>, line: &Line, own: &[Candidate<'_>]) -> Vec<LineOption> {
    let snapshot = search.snapshot();
    let own = Group::new(search, line, own);
    if own.has_on_time(line) {
        return sorted(search, line, own.into_wholes());
    }
    let substitutes =
        if line.substitutes { substitutes::in_order(snapshot, line) } else { Vec::new() };
    let candidates: Vec<_> = substitutes
        .into_iter()
        .map(|instead| instead_candidates(snapshot, line, instead).0)
        .collect();
    let mut groups = vec![own];
    for candidates in &candidates {
        let group = Group::new(search, line, candidates);
        let is_found = group.has_on_time(line);
        groups.push(group);
        if is_found {
            let best = groups.pop().map_or(Vec::new(), Group::into_wholes);
            return led_by(search, line, best, wholes_of(groups));
        }
    }
    split_options(search, line, groups)
}

fn wholes_of(groups: Vec<Group<'_>>) -> Vec<LineOption> {
    groups.into_iter().flat_map(Group::into_wholes).collect()
}

/// The options of a line of which nothing whole is on time.
fn split_options(search: &mut Search<'_>, line: &Line, groups: Vec<Group<'_>>) -> Vec<LineOption> {
    let by_ship_from = search.split(&groups[0].attempts);
    let is_on_time = |option: &LineOption| is_on_time(line, option);
    if by_ship_from.as_ref().is_some_and(is_on_time) {
        return led_by(search, line, Vec::from_iter(by_ship_from), wholes_of(groups));
    }
    let all: Vec<_> = groups.iter().flat_map(|group| &group.attempts).copied().collect();
    let by_substitute = if groups.len() == 1 { None } else { search.split(&all) };
    if by_substitute.as_ref().is_some_and(is_on_time) {
        return led_by(search, line, Vec::from_iter(by_substitute), wholes_of(groups));
    }
    let mut found: Vec<Vec<LineOption>> = match line.split {
        None => groups.into_iter().map(Group::into_wholes).collect(),
        Some(_) => groups.into_iter().map(|group| group.into_by_date(search)).collect(),
    };
    found[0].extend(by_ship_from);
    found.push(Vec::from_iter(by_substitute));
    let Some(best) = best_of(line, &found) else {
        return Vec::new();
    };
    let best = found.remove(best);
    led_by(search, line, best, found.into_iter().flatten().collect())
}

fn sorted(search: &Search<'_>, line: &Line, mut options: Vec<LineOption>) -> Vec<LineOption> {
    sort(search.snapshot(), line, &mut options);
    options
}

/// The best of some options, then all others in order.
fn led_by(
    search: &Search<'_>,
    line: &Line,
    first: Vec<LineOption>,
    mut others: Vec<LineOption>,
) -> Vec<LineOption> {
    let mut first = sorted(search, line, first);
    others.extend(first.drain(1..));
    first.extend(sorted(search, line, others));
    first.dedup_by(|a, b| compare(search.snapshot(), line, a, b).is_eq() && a.legs == b.legs);
    first
}

/// The date of the request's own type of the latest leg.
pub(super) fn date(line: &Line, option: &LineOption) -> Day {
    let dates = option.legs.iter().map(|leg| dated(line, leg.ship, leg.arrival));
    dates.max().expect("an option has a leg")
}
