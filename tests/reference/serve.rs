//! Lines in file order, each seeing those before it; from choices to result rows (semantics 5 and
//! 11).

use super::book::Draft;
use super::candidates::{self, Candidate};
use super::choice::{self, Choice};
use super::leg::{Attempt, Leg};
use super::line::{self, Line};
use super::model::Model;
use super::split::Split;
use super::text::date_of;
use super::{ResultRow, Row};
use super::{sets, substitutes};

/// How a line came out.
pub enum Outcome {
    Promised(Choice),
    /// "`refused`: only after the latest acceptable date."
    Refused,
    /// "`unavailable`: nothing within the horizon."
    Unavailable,
}

/// How a line came out, and the state before it.
pub struct Served {
    pub before: Draft,
    pub outcome: Outcome,
}

pub fn serve(model: &Model, orders: &[Row]) -> Vec<Vec<ResultRow>> {
    let lines: Vec<Line> = orders.iter().map(|row| line::read(model, row)).collect();
    let served = in_turn(model, &lines);
    lines.iter().zip(&served).map(|(line, served)| rows(model, line, &served.outcome)).collect()
}

/// How each of some lines comes out, each seeing those before it.
pub fn in_turn(model: &Model, lines: &[Line]) -> Vec<Served> {
    let mut draft = Draft::default();
    let mut lines = lines.to_vec();
    let mut all: Vec<Option<Served>> = lines.iter().map(|_| None).collect();
    for index in 0..lines.len() {
        if all[index].is_some() {
            continue; // promised with its set
        }
        settle_together(model, &draft, &mut lines, index);
        let members = members(&lines, index);
        let of_set: Vec<Line> = members.iter().map(|&member| lines[member].clone()).collect();
        for (member, served) in members.into_iter().zip(together(model, &draft, &of_set)) {
            if let Outcome::Promised(choice) = &served.outcome {
                show(&lines[member], &draft, &choice.draft);
                draft = choice.draft.clone();
            }
            all[member] = Some(served);
        }
    }
    all.into_iter().map(|served| served.expect("each line has its turn")).collect()
}

/// "Lines of one order with the same `ship_together` are tried as a ship set; if not every line is on time by
/// its own date, they are promised each by itself, each at its own place in the request": the word becomes a
/// ship set of that name, or nothing.
fn settle_together(model: &Model, draft: &Draft, lines: &mut [Line], first: usize) {
    let (order, word) = (lines[first].order.clone(), lines[first].ship_together.clone());
    if word.is_empty() {
        return;
    }
    let request = (first..lines.len()).take_while(|&index| lines[index].order == order);
    let members: Vec<usize> = request.filter(|&index| lines[index].ship_together == word).collect();
    let as_set = |&index: &usize| Line {
        ship_set: format!("together {word}"),
        ship_together: String::new(),
        ..lines[index].clone()
    };
    let set: Vec<Line> = members.iter().map(as_set).collect();
    let choices = sets::promise(model, draft, &set);
    let kept = choices.is_some_and(|choices| choices.iter().all(Choice::on_time));
    for (&index, line) in members.iter().zip(set) {
        if kept {
            lines[index] = line;
        }
        lines[index].ship_together = String::new();
    }
}

/// The lines of a set, or one line that is in none.
pub fn together(model: &Model, draft: &Draft, lines: &[Line]) -> Vec<Served> {
    let outcomes = if is_in_set(&lines[0]) {
        promise_set(model, draft, lines)
    } else {
        vec![promise_line(model, draft, &lines[0])]
    };
    let mut draft = draft.clone();
    let mut all = Vec::new();
    for outcome in outcomes {
        let before = draft.clone();
        if let Outcome::Promised(choice) = &outcome {
            draft = choice.draft.clone();
        }
        all.push(Served { before, outcome });
    }
    all
}

/// With `PROMISED_SHOW` what is posted for a line, to find out where another engine differs.
pub fn show(line: &Line, before: &Draft, after: &Draft) {
    if std::env::var_os("PROMISED_SHOW").is_some() {
        for posting in after.postings.iter().skip(before.postings.len()) {
            let (account, day, quantity) = (&posting.account, posting.day, posting.quantity);
            let node = &posting.node;
            eprintln!("reference {}/{} {account:?} {node} {day} {quantity}", line.order, line.line);
        }
    }
}

fn is_in_set(line: &Line) -> bool {
    !line.ship_set.is_empty() || !line.arrival_set.is_empty()
}

/// "A set is promised where its first line stands in the request": the lines of the request
/// (consecutive lines of one order) that are in the same set; a line without set is alone.
fn members(lines: &[Line], first: usize) -> Vec<usize> {
    let line = &lines[first];
    let request = (first..lines.len()).take_while(|&index| lines[index].order == line.order);
    let same = |other: &Line| {
        if line.ship_set.is_empty() {
            other.ship_set.is_empty() && other.arrival_set == line.arrival_set
        } else {
            other.ship_set == line.ship_set
        }
    };
    request.filter(|&index| index == first || (is_in_set(line) && same(&lines[index]))).collect()
}

/// "A set that fails is `refused` only if the latest date is the sole reason."
fn promise_set(model: &Model, draft: &Draft, lines: &[Line]) -> Vec<Outcome> {
    if let Some(choices) = sets::promise(model, draft, lines) {
        return choices.into_iter().map(Outcome::Promised).collect();
    }
    let patient: Vec<Line> = lines.iter().map(without_latest).collect();
    let refused = sets::promise(model, draft, &patient).is_some();
    let outcome = |_| if refused { Outcome::Refused } else { Outcome::Unavailable };
    lines.iter().map(outcome).collect()
}

fn promise_line(model: &Model, draft: &Draft, line: &Line) -> Outcome {
    if let Some(choice) = default_option(model, draft, line) {
        return Outcome::Promised(choice);
    }
    match default_option(model, draft, &without_latest(line)) {
        Some(_) => Outcome::Refused,
        None => Outcome::Unavailable,
    }
}

fn without_latest(line: &Line) -> Line {
    Line { latest: None, ..line.clone() }
}

/// The item on time; else the first substitute that is; else a split that is no later than what is whole;
/// else the best of what is whole.
fn default_option(model: &Model, draft: &Draft, line: &Line) -> Option<Choice> {
    let own = candidates::candidates(model, line, &line.item);
    let items = [vec![own.clone()], substitutes::candidates(model, line)].concat();
    let wholes: Vec<Choice> =
        items.iter().flat_map(|candidates| singles(model, draft, line, candidates)).collect();
    if wholes.iter().any(Choice::on_time) {
        return choice::best(wholes, line.objective);
    }
    let all = items.concat();
    let split = |candidates: &[Candidate]| Split { model, line, candidates }.choice(draft);
    let by_itself = split(&own);
    let split = if by_itself.as_ref().is_some_and(Choice::on_time) || items.len() == 1 {
        by_itself
    } else {
        choice::best_split(by_itself.into_iter().chain(split(&all)).collect())
    };
    match split {
        Some(split) if split.leads(&wholes) => Some(split),
        split => choice::best(wholes.into_iter().chain(split).collect(), line.objective),
    }
}

/// "Every ship-from (and substitute, and ship method) that can do it gives an option": in full, on
/// its earliest date.
fn singles(model: &Model, draft: &Draft, line: &Line, candidates: &[Candidate]) -> Vec<Choice> {
    candidates.iter().filter_map(|candidate| single(model, draft, line, candidate)).collect()
}

fn single(model: &Model, draft: &Draft, line: &Line, candidate: &Candidate) -> Option<Choice> {
    let (leg, draft) = Attempt { model, draft, line, candidate }.earliest(line.quantity)?;
    leg.acceptable.then(|| Choice::single(leg, draft))
}

/// "`on_time`: all of it on time; `late`: all of it promised, some of it late; `partial`: some of
/// it not promised."
fn status(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Promised(choice) if choice.on_time() => "on_time",
        Outcome::Promised(choice) if choice.in_full() => "late",
        Outcome::Promised(_) => "partial",
        Outcome::Refused => "refused",
        Outcome::Unavailable => "unavailable",
    }
}

/// One row a leg; "a line with nothing promised has one row with empty leg columns" (contract 3).
pub fn rows(model: &Model, line: &Line, outcome: &Outcome) -> Vec<ResultRow> {
    let empty = ResultRow {
        order: line.order.clone(),
        line: line.line.clone(),
        status: status(outcome).to_string(),
        option: 0,
        leg: 0,
        item: String::new(),
        location: String::new(),
        ship_method: String::new(),
        quantity: 0,
        ship_date: None,
        arrival_date: None,
        days_late: 0,
        rank: 0,
        cost: 0,
        profit: 0,
    };
    let Outcome::Promised(choice) = outcome else { return vec![empty] };
    let row = |(index, leg): (usize, &Leg)| ResultRow {
        leg: index as u32 + 1,
        item: leg.candidate.item.clone(),
        location: leg.candidate.location.clone(),
        ship_method: leg.candidate.ship_method(),
        quantity: leg.quantity,
        ship_date: Some(date_of(leg.ship, model.as_of)),
        arrival_date: Some(date_of(leg.arrival, model.as_of)),
        days_late: leg.days_late,
        rank: leg.candidate.rank,
        cost: leg.cost,
        profit: leg.profit,
        ..empty.clone()
    };
    choice.legs.iter().enumerate().map(row).collect()
}
