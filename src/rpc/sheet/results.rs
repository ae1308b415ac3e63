//! What becomes of order lines, as rows: one for each leg of the default option (contract 3).

use super::{Cell, SheetRow};
use crate::rpc::proto::{self, line_result, reason::Code, reservation::State};

/// The columns of results (contract 3).
const COLUMNS: [&str; 17] = [
    "order",
    "line",
    "status",
    "option",
    "leg",
    "item",
    "location",
    "ship_method",
    "quantity",
    "ship_date",
    "arrival_date",
    "days_late",
    "supply",
    "rank",
    "cost",
    "profit",
    "reason",
];

/// The columns of results, then others: so many in all.
pub const fn with_results<const ALL: usize>(others: &[&'static str]) -> [&'static str; ALL] {
    assert!(ALL == COLUMNS.len() + others.len());
    let mut all = [""; ALL];
    let mut at = 0;
    while at < ALL {
        all[at] = if at < COLUMNS.len() { COLUMNS[at] } else { others[at - COLUMNS.len()] };
        at += 1;
    }
    all
}

/// The columns of results, and then those of what was promised.
pub const RESULTS: &[&str] = &with_results::<20>(&["promise_id", "state", "held_until"]);

/// The same where any line is to leave with others if possible.
pub const RESULTS_TOGETHER: &[&str] =
    &with_results::<21>(&["together", "promise_id", "state", "held_until"]);

/// Cells of a row that say which line it is about, and how it fares.
const OF_LINE: usize = 4;

/// Cells of a leg.
const OF_LEG: usize = 12;

/// How a line fares, in the contract's word.
pub fn fares(status: line_result::Status) -> &'static str {
    match status {
        line_result::Status::OnTime => "on_time",
        line_result::Status::Late => "late",
        line_result::Status::Partial => "partial",
        line_result::Status::Refused => "refused",
        line_result::Status::AlreadyPromised => "already_promised",
        line_result::Status::Unavailable | line_result::Status::Unspecified => "unavailable",
    }
}

/// The state of a promise, in the contract's word.
pub(super) fn state(state: State) -> &'static str {
    match state {
        State::Unspecified => "",
        State::Held => "held",
        State::Confirmed => "confirmed",
        State::Fulfilled => "fulfilled",
        State::Cancelled => "cancelled",
        State::Expired => "expired",
    }
}

/// What became of a line that is to leave with others if possible: kept or given_up; of others nothing.
pub fn together(answer: &proto::PromiseResponse, line: &proto::PromisedLine) -> &'static str {
    let is_of = |set: &&proto::SetResult| {
        set.kind() == proto::set_result::Kind::ShipTogether
            && set.order == line.order
            && set.lines.contains(&line.line)
    };
    let found = answer.sets.iter().find(is_of);
    found.map_or("", |set| if set.given_up { "given_up" } else { "kept" })
}

/// The rows of a line: of its default option, then of so many alternatives. With `together` they have that column.
pub fn line(
    line: &proto::PromisedLine,
    alternatives: usize,
    together: Option<&'static str>,
) -> Vec<SheetRow> {
    let none = proto::LineResult::default();
    let result = line.result.as_ref().unwrap_or(&none);
    let status = match &line.error {
        Some(_) => line_result::Status::Refused,
        None => result.status(),
    };
    let reason = match &line.error {
        Some(error) => error.message.clone(),
        None => reasons(result),
    };
    let held_until = line.held_until.as_ref().map(ToString::to_string).unwrap_or_default();
    let row = |option: usize, leg: SheetRow, is_first: bool| {
        let mut row = vec![
            Cell::text(line.order.as_str()),
            Cell::text(line.line.as_str()),
            Cell::text(fares(status)),
            Cell::Whole(i64::try_from(option).unwrap_or(i64::MAX)),
        ];
        debug_assert_eq!((row.len(), leg.len()), (OF_LINE, OF_LEG));
        row.extend(leg);
        row.push(Cell::text(if is_first { reason.as_str() } else { "" }));
        row.extend(together.map(Cell::text));
        row.extend([
            Cell::text(line.promise_id.as_str()),
            Cell::text(state(line.state())),
            Cell::text(held_until.as_str()),
        ]);
        row
    };
    let others = result.alternatives.iter().take(alternatives);
    let mut rows = Vec::new();
    if result.default_option.is_none() {
        rows.push(row(0, vec![Cell::Empty; OF_LEG], true));
    }
    for (number, option) in result.default_option.iter().chain(others).enumerate() {
        let number = number + usize::from(result.default_option.is_none());
        for (at, leg) in (1..).zip(&option.legs) {
            rows.push(row(number, leg_cells(at, leg), rows.is_empty()));
        }
    }
    rows
}

/// The cells of a leg, from its number to its profit.
pub(super) fn leg_cells(at: i64, leg: &proto::Leg) -> SheetRow {
    vec![
        Cell::Whole(at),
        Cell::text(leg.item.as_str()),
        Cell::text(leg.location.as_str()),
        Cell::text(leg.ship_method.as_str()),
        Cell::Number(leg.quantity),
        Cell::text(leg.ship_date.as_str()),
        Cell::text(leg.arrival_date.as_str()),
        Cell::Whole(leg.days_late.into()),
        Cell::text(leg.supply.as_str()),
        Cell::Whole(leg.rank.into()),
        Cell::number(leg.cost),
        Cell::number(leg.profit),
    ]
}

/// Why a line is not on time, in one cell.
fn reasons(result: &proto::LineResult) -> String {
    if result.status() == line_result::Status::OnTime {
        return String::new();
    }
    // A place that is no ship-from is a reason only where there is no other.
    let rules_out = |reason: &&proto::Reason| {
        matches!(reason.code(), Code::NoShipFrom | Code::NoLane | Code::NoMethod)
    };
    let is_bound = result.reasons.iter().any(|reason| !rules_out(&reason));
    let told = result.reasons.iter().filter(|reason| !is_bound || !rules_out(reason));
    told.map(|reason| reason.text.as_str()).collect::<Vec<_>>().join("; ")
}
