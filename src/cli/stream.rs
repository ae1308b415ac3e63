//! An orders file as requests: the lines of one order are promised together, wherever they stand.
//!
//! All keys are resolved before the first line is promised, so that a file with an unknown item in its
//! last row is refused as a whole, with every such row named.

use super::{
    data::{self, OrderLines},
    failure::Failure,
    rejects::Rejects,
};
use crate::{
    loader::Reject,
    model::digest::Digest,
    promising::{
        meaning,
        query::Query,
        request::{REPEATS, Remedies, Repeat, Request, Violation},
    },
    snapshot::{
        Snapshot,
        atp_rule::{OBJECTIVES, Objective},
        problem::{Problem, Problems, Severity},
    },
};
use std::{
    collections::{BTreeSet, HashMap},
    path::Path,
    sync::Arc,
};

/// One order of the file, ready to be promised.
pub(super) struct ReadyOrder {
    /// The lines as asked.
    pub(super) request: Request,
    /// The same in indices.
    pub(super) query: Query,
    /// How many requests of the same order come before it in the file: a line that stands there again.
    pub(super) nth: usize,
}

impl ReadyOrder {
    /// The order, which all lines of a step share.
    pub(super) fn order(&self) -> &str {
        &self.request.lines[0].order
    }

    /// An id of what it asks for: the same lines in the same place of their order have the same.
    pub(super) fn id(&self) -> String {
        let mut digest = Digest::default();
        meaning::request(&mut digest, &self.request);
        digest.number(i64::try_from(self.nth).unwrap_or(i64::MAX));
        format!("promised promise {:032x}", digest.value())
    }
}

/// Lines that are asked for together, and the rows that they stand in.
pub(super) struct OrderRows {
    pub(super) request: Request,
    rows: Vec<u64>,
    nth: usize,
    file: Arc<str>,
}

/// Groups lines by order, wherever they stand: in the place of the first. A line that stands there again
/// begins another request, in its own place.
pub(super) fn requests(
    read: OrderLines,
    objective: Option<Objective>,
    alternatives: usize,
) -> Vec<OrderRows> {
    let file: Arc<str> = read.file.into();
    let mut asked: Vec<OrderRows> = Vec::new();
    // Of each order the requests, and of each of its lines how often it stood there.
    let mut orders: HashMap<String, (Vec<usize>, HashMap<String, usize>)> = HashMap::new();
    for (line, row) in read.lines.into_iter().zip(read.rows) {
        let (requests, seen) = orders.entry(line.order.clone()).or_default();
        let nth = seen.entry(line.line.clone()).or_insert(0);
        if let Some(&at) = requests.get(*nth) {
            asked[at].request.lines.push(line);
            asked[at].rows.push(row);
        } else {
            requests.push(asked.len());
            let (lines, remedies) = (vec![line], Remedies::None);
            let request = Request { lines, objective, alternatives, remedies, now: None };
            asked.push(OrderRows { request, rows: vec![row], nth: *nth, file: Arc::clone(&file) });
        }
        *nth += 1;
    }
    asked
}

/// Resolves the requests of a file; every row with an unknown key is shown, and none is promised then.
pub(super) fn resolve(
    path: &Path,
    snapshot: &Snapshot,
    asked: Vec<OrderRows>,
) -> Result<Vec<ReadyOrder>, Failure> {
    let mut steps = Vec::with_capacity(asked.len());
    let mut found = Vec::new();
    for asked in asked {
        match asked.request.resolve(snapshot) {
            Ok(query) => steps.push(ReadyOrder { request: asked.request, query, nth: asked.nth }),
            Err(violations) => {
                let told = violations.into_iter().map(|one| problem(one, (snapshot, &asked)));
                found.extend(told);
            }
        }
    }
    found.sort_by_key(|problem| problem.row);
    let mut problems = Problems::default();
    found.into_iter().for_each(|problem| problems.push(problem));
    data::refuse_faulty_orders(path, &problems)?;
    Ok(steps)
}

/// The same without the rows that have an unknown key, where the caller says so: they join the other rejects.
pub(super) fn resolve_without(
    path: &Path,
    snapshot: &Snapshot,
    (asked, rejects): (Vec<OrderRows>, &Rejects),
    rejected: &mut Vec<Reject>,
) -> Result<Vec<ReadyOrder>, Failure> {
    if !rejects.are_taken() {
        return resolve(path, snapshot, asked);
    }
    let mut steps = Vec::with_capacity(asked.len());
    for mut asked in asked {
        while !asked.request.lines.is_empty() {
            let violations = match asked.request.resolve(snapshot) {
                Ok(query) => {
                    steps.push(ReadyOrder { request: asked.request, query, nth: asked.nth });
                    break;
                }
                Err(violations) => violations,
            };
            let last = asked.rows.len() - 1;
            let faulty: BTreeSet<usize> = violations.iter().map(|one| one.line.min(last)).collect();
            let told = violations.into_iter().map(|one| problem(one, (snapshot, &asked)));
            rejected.extend(told.filter_map(|problem| Reject::of(&problem)));
            for line in faulty.into_iter().rev() {
                asked.request.lines.remove(line);
                asked.rows.remove(line);
            }
        }
    }
    Ok(steps)
}

/// A violation as a fault of the file.
fn problem(violation: Violation, (snapshot, asked): (&Snapshot, &OrderRows)) -> Problem {
    let row = asked.rows.get(violation.line).or(asked.rows.first()).copied();
    let mut expected = violation.expected;
    let alike = (violation.field == "item").then(|| snapshot.items.names.alike(&violation.value));
    if let Some(alike) = alike.flatten() {
        expected.push_str(&format!("; {alike} differs from it by case or zeros only"));
    }
    Problem {
        severity: Severity::Error,
        table: "orders".to_string(),
        row,
        file: Some(asked.file.to_string()),
        column: Some(column(violation.field).to_string()),
        value: violation.value,
        expected,
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

/// Reads what becomes of lines that are promised already.
pub(super) fn repeat(word: &str) -> Result<Repeat, String> {
    crate::snapshot::row::choice(REPEATS, word)
        .map_err(|expected| format!("{expected} is expected"))
}
