//! Lines in file order, each seeing those before it; from choices to result rows (semantics 5 and
//! 11).

use super::book::Draft;
use super::candidates;
use super::choice::{self, Choice};
use super::leg::{Attempt, Leg};
use super::line::{self, Line};
use super::model::Model;
use super::text::date_of;
use super::{ResultRow, Row};

/// How a line came out.
pub enum Outcome {
    Promised(Choice),
    /// "`refused`: only after the latest acceptable date."
    Refused,
    /// "`unavailable`: nothing within the horizon."
    Unavailable,
}

pub fn serve(model: &Model, orders: &[Row]) -> Vec<Vec<ResultRow>> {
    let lines: Vec<Line> = orders.iter().map(|row| line::read(model, row)).collect();
    let mut draft = Draft::default();
    let mut results = Vec::new();
    for line in &lines {
        let outcome = promise_line(model, &draft, line);
        if let Outcome::Promised(choice) = &outcome {
            draft = choice.draft.clone();
        }
        results.push(rows(model, line, &outcome));
    }
    results
}

/// Every candidate gives an option; the best of the acceptable ones is the answer.
fn promise_line(model: &Model, draft: &Draft, line: &Line) -> Outcome {
    let candidates = candidates::candidates(model, line);
    let options = candidates.iter().filter_map(|candidate| {
        let attempt = Attempt { model, draft, line, candidate };
        attempt.earliest(line.quantity).map(|(leg, draft)| Choice::single(leg, draft))
    });
    let options: Vec<Choice> = options.collect();
    let refused = !options.is_empty();
    let acceptable = options.into_iter().filter(|choice| choice.legs[0].acceptable).collect();
    match choice::best(acceptable, line.objective) {
        Some(choice) => Outcome::Promised(choice),
        None if refused => Outcome::Refused,
        None => Outcome::Unavailable,
    }
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
