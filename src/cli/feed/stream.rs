//! Standard input as a stream of lines, or as a table.

use super::super::{data, failure::Failure, output};
use super::{
    FaultyLine, Halt, StreamFormat, StreamTerms, StreamUnit,
    lines::{Lines, Next},
    sender::Sender,
    taker::UnitTaker,
};
use crate::loader::{self, Reject};
use std::{
    io::{BufRead, Read},
    path::Path,
    time::Duration,
};

/// How long a stream may be quiet until what is gathered is sent.
const QUIET: Duration = Duration::from_millis(200);

/// Takes standard input in, and tells what became of it.
pub(in super::super) fn run(
    server: &str,
    terms: &StreamTerms,
    answer: output::AnswerFormat,
) -> Result<(), Failure> {
    let format = match terms.format {
        Some(format) => format,
        None => guess(&mut std::io::stdin().lock())?,
    };
    let sender = Sender::connect(server, &terms.source)?;
    let mut taker = UnitTaker::begin(terms, format, sender)?;
    let taken = match format {
        StreamFormat::Csv => table(&mut taker),
        StreamFormat::Ndjson | StreamFormat::Debezium => lines(&mut taker, terms, std::io::stdin()),
    };
    // What was done is told whatever came after it.
    taker.tally().tell(answer)?;
    Ok(taken?)
}

/// An object or a list begins with a brace; a table does not.
fn guess(input: &mut impl BufRead) -> Result<StreamFormat, Failure> {
    let start = input.fill_buf().map_err(|error| unreadable(&error))?;
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let first = start.iter().find(|byte| !byte.is_ascii_whitespace());
    Ok(if matches!(first, Some(b'{' | b'[')) { StreamFormat::Ndjson } else { StreamFormat::Csv })
}

fn unreadable(error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot read standard input: {error}"), "send the lines to it")
}

fn lines(
    taker: &mut UnitTaker<'_>,
    terms: &StreamTerms,
    input: impl Read + Send + 'static,
) -> Result<(), Halt> {
    let lines = Lines::of(input);
    // Under one id the requests are to be cut alike each time, so no clock cuts them.
    let patience = terms.request_id.is_empty().then_some(QUIET);
    loop {
        match lines.next(patience).map_err(|error| unreadable(&error))? {
            Next::Line(line, text) => taker.take_line(line, text)?,
            Next::Quiet => taker.cut()?,
            Next::End => return taker.cut(),
        }
    }
}

/// Takes a whole table, row by row.
fn table(taker: &mut UnitTaker<'_>) -> Result<(), Halt> {
    let path = Path::new("-");
    let read = loader::changes(path).map_err(|error| data::unloadable(&error))?;
    if !taker.has_letters() {
        data::refuse_faulty_orders(path, &read.problems)?;
    }
    for reject in read.problems.listed().iter().filter_map(Reject::of) {
        let Reject { row, column, value, reason, .. } = reject;
        let text = format!("{column} {value}");
        let fault = format!("{column}: {reason} is expected");
        taker.refuse(FaultyLine { line: row, position: None, text, fault })?;
    }
    for (change, line) in read.changes.into_iter().zip(read.rows) {
        let text = change.to_string();
        taker.take(StreamUnit {
            line,
            position: None,
            known_at: None,
            changes: vec![change],
            text,
        })?;
    }
    taker.cut()
}
