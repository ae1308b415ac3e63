//! A server's answer as the rows and the JSON that the same answer has without a server.

use super::{
    remote,
    results::{REASON, ResultCells, STATUS, TOGETHER, status},
};
use crate::{
    model::Money,
    promising::answer::LineStatus,
    rpc::proto::{self, line_result},
};

/// The rows of all lines of an answer.
pub(super) fn all_rows(
    answer: &proto::PromiseResponse,
    alternatives: usize,
) -> impl Iterator<Item = ResultCells> {
    answer.promises.iter().flat_map(move |line| {
        let mut rows = rows(line, alternatives);
        let together = together(answer, line);
        rows.iter_mut().for_each(|row| row[TOGETHER] = together.to_string());
        rows
    })
}

/// What became of a line that is to leave with others if possible: kept or given_up; of others nothing.
fn together(answer: &proto::PromiseResponse, line: &proto::PromisedLine) -> &'static str {
    let is_of = |set: &&proto::SetResult| {
        set.kind() == proto::set_result::Kind::ShipTogether
            && set.order == line.order
            && set.lines.contains(&line.line)
    };
    let found = answer.sets.iter().find(is_of);
    found.map_or("", |set| if set.given_up { "given_up" } else { "kept" })
}

/// The rows of a line: the default option, then so many alternatives.
fn rows(line: &proto::PromisedLine, alternatives: usize) -> Vec<ResultCells> {
    let mut first = ResultCells::default();
    first[0].clone_from(&line.order);
    first[1].clone_from(&line.line);
    first[3] = "0".to_string();
    let Some(result) = &line.result else {
        first[STATUS] = status(LineStatus::Refused).to_string();
        first[REASON] = line.error.as_ref().map(fault).unwrap_or_default();
        return vec![first];
    };
    first[STATUS] = status(remote::status(result)).to_string();
    first[REASON] = reasons(result);
    let others = (1..).zip(result.alternatives.iter().take(alternatives));
    let options = result.default_option.iter().map(|option| (0, option)).chain(others);
    let mut rows = if result.default_option.is_none() { vec![first.clone()] } else { Vec::new() };
    for (number, option) in options {
        for (at, leg) in option.legs.iter().enumerate() {
            let mut row = first.clone();
            row[3] = number.to_string();
            if !rows.is_empty() {
                row[REASON] = String::new();
            }
            fill_leg(&mut row, at, leg);
            rows.push(row);
        }
    }
    rows
}

fn fill_leg(row: &mut ResultCells, at: usize, leg: &proto::Leg) {
    row[4] = (at + 1).to_string();
    row[5].clone_from(&leg.item);
    row[6].clone_from(&leg.location);
    row[7].clone_from(&leg.ship_method);
    row[8] = leg.quantity.to_string();
    row[9].clone_from(&leg.ship_date);
    row[10].clone_from(&leg.arrival_date);
    row[11] = leg.days_late.to_string();
    row[12].clone_from(&leg.supply);
    row[13] = leg.rank.to_string();
    row[14] = leg.cost.map(money).unwrap_or_default();
    row[15] = leg.profit.map(money).unwrap_or_default();
}

/// An amount as files have it.
fn money(amount: f64) -> String {
    let shown = format!("{amount:.6}");
    let micros: String = shown.chars().filter(|one| *one != '.').collect();
    micros.parse().map_or(shown, |micros| Money::micros(micros).to_string())
}

/// Why a line is not on time, in one cell.
pub(super) fn reasons(result: &proto::LineResult) -> String {
    if result.status() == line_result::Status::OnTime {
        return String::new();
    }
    use proto::reason::Code;
    // A place that is no ship-from is a reason only where there is no other.
    let rules_out = |reason: &&proto::Reason| {
        matches!(reason.code(), Code::NoShipFrom | Code::NoLane | Code::NoMethod)
    };
    let is_bound = result.reasons.iter().any(|reason| !rules_out(&reason));
    let told = result.reasons.iter().filter(|reason| !is_bound || !rules_out(reason));
    told.map(|reason| reason.text.as_str()).collect::<Vec<_>>().join("; ")
}

fn fault(error: &proto::Error) -> String {
    error.message.clone()
}

/// The same as the answer to a question.
pub(super) fn as_check(answer: &proto::PromiseResponse) -> proto::CheckAvailabilityResponse {
    let result = |line: &proto::PromisedLine| {
        line.result.clone().unwrap_or_else(|| proto::LineResult {
            order: line.order.clone(),
            line: line.line.clone(),
            status: line_result::Status::Refused.into(),
            ..proto::LineResult::default()
        })
    };
    proto::CheckAvailabilityResponse {
        results: answer.promises.iter().map(result).collect(),
        sets: answer.sets.clone(),
        version: answer.version.clone(),
        now: answer.now,
    }
}
