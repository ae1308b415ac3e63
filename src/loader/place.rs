//! Where a row stands for whoever looks at its file: the file, and the row as a spreadsheet counts it.
//!
//! Inside, the rows of a table are counted through all its files, the first one being 1. People see the row of the file,
//! whose header is row 1.

use crate::snapshot::problem::{Problem, Problems};
use std::collections::BTreeMap;

/// The rows of a table that come from one file.
#[derive(Clone, Debug)]
pub(super) struct Span {
    pub(super) file: String,
    /// Rows of the table before its own.
    pub(super) before: u64,
    pub(super) rows: u64,
    /// What a spreadsheet calls the first of them.
    pub(super) first_row: u64,
    /// What the file was taken for.
    pub(super) told: Vec<String>,
}

/// The files of all tables that were read.
pub(super) type Spans = BTreeMap<&'static str, Vec<Span>>;

/// The file and the row of it, of a row of a table.
pub(super) fn place(spans: &[Span], row: u64) -> Option<(&Span, u64)> {
    let last = spans.iter().rev().find(|span| span.before < row)?;
    Some((last, row - last.before - 1 + last.first_row))
}

/// Has all problems name rows as people count them.
pub(super) fn tell(problems: &mut Problems, spans: &Spans) {
    problems.rewrite(|problem| {
        if let Some(spans) = spans.get(problem.table.as_str()) {
            tell_one(problem, spans);
        }
    });
}

fn tell_one(problem: &mut Problem, spans: &[Span]) {
    problem.expected = rows_in(&problem.expected, spans);
    let Some((span, row)) = problem.row.and_then(|row| place(spans, row)) else { return };
    problem.row = Some(row);
    problem.file = Some(span.file.clone());
}

/// A sentence that speaks of other rows of the same table: `agrees with row 3`.
fn rows_in(text: &str, spans: &[Span]) -> String {
    const BEFORE: &str = " row ";
    let mut told = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(BEFORE) {
        let (head, tail) = rest.split_at(at + BEFORE.len());
        told.push_str(head);
        let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
        let row = tail[..digits].parse().ok().and_then(|row| place(spans, row));
        match row {
            Some((_, row)) => told.push_str(&row.to_string()),
            None => told.push_str(&tail[..digits]),
        }
        rest = &tail[digits..];
    }
    told + rest
}
