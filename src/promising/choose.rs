//! Which option is the answer (semantics 5 and 12.4): the item on time, a substitute on time, a split on
//! time; else a split that is no later than what is whole; else the best of what is whole.

use super::{
    answer::{LineOption, LineResult, LineStatus, OptionLeg, Reason},
    attempt::Attempt,
    candidates::{Candidate, candidates, instead_candidates},
    leg::is_acceptable,
    query::Line,
    rank::{is_on_time, sort},
    search::Search,
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
    let (own, ruled_out) = candidates(search.snapshot(), line);
    let others = if alternatives == 0 { Others::Unwanted } else { Others::Wanted };
    let found = find(search, line, &own, others);
    let mut reasons = Vec::new();
    if status(line, &found) != LineStatus::OnTime {
        reasons = search.blockers_of(line, found.best(), &own);
    }
    let mut result = result(search, line, (found, &own), alternatives);
    // First what bounds it, then which places are none.
    result.reasons.extend(reasons.into_iter().chain(ruled_out));
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
    if status == LineStatus::Refused {
        reasons.extend(found.best().map(|best| Reason::AfterLatest { day: date(line, best) }));
    }
    let mut accepted = found.accepted.into_iter();
    let mut option = accepted.next();
    let n_further = alternatives.max(usize::from(status == LineStatus::Refused));
    let mut alternatives: Vec<_> = accepted.chain(found.too_late).take(n_further).collect();
    for leg in option.iter_mut().chain(&mut alternatives).flat_map(|option| &mut option.legs) {
        search.name_supplies(&mut leg.pegs);
    }
    let remedies = Vec::new();
    LineResult { status, option, alternatives, available_on_requested, reasons, remedies }
}

fn status(line: &Line, found: &Found) -> LineStatus {
    match (found.accepted.first(), found.too_late.first()) {
        (Some(option), _) if option.quantity() < line.quantity => LineStatus::Partial,
        (Some(option), _) if option.days_late == 0 => LineStatus::OnTime,
        (Some(_), _) => LineStatus::Late,
        (None, Some(_)) => LineStatus::Refused,
        (None, None) => LineStatus::Unavailable,
    }
}

fn find(search: &mut Search<'_>, line: &Line, own: &[Candidate<'_>], others: Others) -> Found {
    let accepted = options(search, line, own, others);
    if !accepted.is_empty() || line.latest.is_none() {
        return Found { accepted, too_late: Vec::new() };
    }
    let patient = Line { latest: None, ..line.clone() };
    Found { accepted, too_late: options(search, &patient, own, others) }
}

/// The item itself or a substitute, with what each of its candidates gives in whole.
struct Group<'a> {
    attempts: Vec<Attempt<'a>>,
    wholes: Vec<LineOption>,
}

impl<'a> Group<'a> {
    fn new(search: &mut Search<'_>, line: &'a Line, candidates: &'a [Candidate<'a>]) -> Self {
        let attempts: Vec<_> =
            candidates.iter().filter_map(|candidate| search.attempt(line, candidate)).collect();
        let is_acceptable = |option: &LineOption| is_acceptable(line, &option.legs[0]);
        let wholes = attempts.iter().filter_map(|attempt| search.whole(attempt));
        let wholes = wholes.filter(is_acceptable).collect();
        Self { attempts, wholes }
    }

    fn has_on_time(&self, line: &Line) -> bool {
        self.wholes.iter().any(|option| is_on_time(line, option))
    }
}

/// The best option of a line that is on time in full; none if there is none.
pub(super) fn on_time(search: &mut Search<'_>, line: &Line) -> Option<LineOption> {
    let (own, _) = candidates(search.snapshot(), line);
    let best = options(search, line, &own, Others::Unwanted).into_iter().next();
    best.filter(|option| is_on_time(line, option))
}

/// Whether options are wanted that cannot be the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Others {
    /// No: whatever can only follow the best may be missing.
    Unwanted,
    /// Yes: every substitute gives its options.
    Wanted,
}

/// The options that come by the latest acceptable date, best first.
fn options(
    search: &mut Search<'_>,
    line: &Line,
    own: &[Candidate<'_>],
    others: Others,
) -> Vec<LineOption> {
    let snapshot = search.snapshot();
    let mut groups = vec![Group::new(search, line, own)];
    let mut is_found = groups[0].has_on_time(line);
    let is_enough = |is_found: bool| is_found && others == Others::Unwanted;
    let substitutes = if line.substitutes && !is_enough(is_found) {
        substitutes::in_order(snapshot, line)
    } else {
        Vec::new()
    };
    let candidates: Vec<_> = substitutes
        .into_iter()
        .map(|instead| instead_candidates(snapshot, line, instead).0)
        .collect();
    for candidates in &candidates {
        if is_enough(is_found) {
            break;
        }
        let group = Group::new(search, line, candidates);
        is_found |= group.has_on_time(line);
        groups.push(group);
    }
    let split = if is_found { None } else { best_split(search, line, &groups) };
    let mut options: Vec<_> = groups.into_iter().flat_map(|group| group.wholes).collect();
    sort(snapshot, line, &mut options);
    let Some(split) = split else {
        return options;
    };
    // In one leg it is one of those that are whole.
    if options.iter().any(|option| option.legs == split.legs) {
        return options;
    }
    if leads(line, &split, &options) {
        options.insert(0, split);
    } else {
        options.push(split);
        sort(snapshot, line, &mut options);
    }
    options
}

/// The best split of a line of which nothing whole is on time: of the item itself if that is all on time,
/// else with its substitutes, if that is better.
fn best_split(search: &mut Search<'_>, line: &Line, groups: &[Group<'_>]) -> Option<LineOption> {
    let own = search.split(line, &groups[0].attempts);
    let is_on_time = |option: &LineOption| is_on_time(line, option);
    if groups.len() == 1 || own.as_ref().is_some_and(is_on_time) {
        return own;
    }
    let all: Vec<_> = groups.iter().flat_map(|group| &group.attempts).copied().collect();
    let mixed = search.split(line, &all);
    own.into_iter().chain(mixed).min_by_key(|option| worth(line, option))
}

/// More of a line is better, then sooner, then more of it on time, then the item itself.
fn worth(line: &Line, option: &LineOption) -> (Quantity, i32, Quantity, u16) {
    let on_time = option.legs.iter().filter(|leg| leg.days_late == 0);
    let late = option.quantity() - on_time.map(|leg| leg.covers).sum();
    (line.quantity - option.quantity(), option.days_late, late, option.turn)
}

/// Whether a split comes before all that is whole: what can be on time goes on time, and what is late is no
/// later.
fn leads(line: &Line, split: &LineOption, wholes: &[LineOption]) -> bool {
    wholes.iter().map(|whole| whole.days_late).min().is_none_or(|days_late| {
        let is_sooner = |leg: &OptionLeg| leg.days_late < days_late;
        split.quantity() == line.quantity
            && split.days_late <= days_late
            && split.legs.iter().any(is_sooner)
    })
}

/// The date of the request's own type of the latest leg.
pub(super) fn date(line: &Line, option: &LineOption) -> Day {
    let dates = option.legs.iter().map(|leg| leg.dated(line.date_type));
    dates.max().expect("an option has a leg")
}
