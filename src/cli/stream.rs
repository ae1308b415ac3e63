//! An orders file as requests: consecutive lines of one order are promised together.
//!
//! All keys are resolved before the first line is promised, so that a file with an unknown item in its
//! last row is refused as a whole, with every such row named.

use super::{data, failure::Failure};
use crate::{
    promising::{
        query::Query,
        request::{OrderLine, Remedies, Request, Violation},
    },
    snapshot::{
        Snapshot,
        atp_rule::{OBJECTIVES, Objective},
        problem::{Problem, Problems, Severity},
    },
};
use std::path::Path;

/// One order of the file, ready to be promised.
pub(super) struct Step {
    /// The lines as asked.
    pub(super) request: Request,
    /// The same in indices.
    pub(super) query: Query,
}

impl Step {
    /// The order, which all lines of a step share.
    pub(super) fn order(&self) -> &str {
        &self.request.lines[0].order
    }
}

/// Groups lines by order.
pub(super) fn requests(
    lines: Vec<OrderLine>,
    objective: Option<Objective>,
    alternatives: usize,
) -> Vec<Request> {
    let mut requests: Vec<Request> = Vec::new();
    for line in lines {
        match requests.last_mut() {
            Some(last) if last.lines[0].order == line.order => last.lines.push(line),
            Some(_) | None => requests.push(Request {
                lines: vec![line],
                objective,
                alternatives,
                remedies: Remedies::None,
                now: None,
            }),
        }
    }
    requests
}

/// Resolves the requests of a file; every row with an unknown key is shown, and none is promised then.
pub(super) fn resolve(
    path: &Path,
    snapshot: &Snapshot,
    requests: Vec<Request>,
) -> Result<Vec<Step>, Failure> {
    let mut steps = Vec::with_capacity(requests.len());
    let mut problems = Problems::default();
    let mut n_rows = 0;
    for request in requests {
        let n_lines = request.lines.len();
        match request.resolve(snapshot) {
            Ok(query) => steps.push(Step { request, query }),
            Err(violations) => {
                violations.into_iter().for_each(|found| problems.push(problem(found, n_rows)));
            }
        }
        n_rows += n_lines;
    }
    data::refuse_faulty_orders(path, &problems)?;
    Ok(steps)
}

/// A violation as a fault of the file: the first row after the header is 1.
fn problem(violation: Violation, rows_before: usize) -> Problem {
    let row = u64::try_from(rows_before + violation.line + 1).expect("a file has fewer rows");
    Problem {
        severity: Severity::Error,
        table: "orders".to_string(),
        row: Some(row),
        column: Some(column(violation.field).to_string()),
        value: violation.value,
        expected: violation.expected,
    }
}

/// The column that a field of a request stands in.
fn column(field: &'static str) -> &'static str {
    match field {
        "lines" => "order",
        column => column,
    }
}

/// Reads an objective of an argument.
pub(super) fn objective(word: &str) -> Result<Objective, String> {
    crate::snapshot::row::choice(OBJECTIVES, word)
        .map_err(|expected| format!("{expected} is expected"))
}
