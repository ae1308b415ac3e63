//! `promised journal dump`: the entries of a journal as JSON, one a line.

use crate::{
    cli::{
        data,
        failure::Failure,
        keep,
        output::{self, AnswerFormat},
        render::{Align, Heading},
    },
    journal::{EntryHead, Error, Journal, Local, RawEntry},
    ledger::{SourcePosition, reservation},
    rpc,
    snapshot::Snapshot,
};
use serde_json::{Value, json};
use std::{io::Write, path::PathBuf};

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised journal dump data
      position, time, request id and kind of each entry
  promised journal dump data --snapshot snapshots/adventureworks --promise P17
      what became of one promise, each time in full

A server must not use the directory meanwhile.")]
pub(super) struct Args {
    /// The data directory of a server
    #[arg(value_name = "DIR")]
    data: PathBuf,
    /// The snapshot that the promises were made against: entries are shown with all they say
    #[arg(long, value_name = "SNAPSHOT")]
    snapshot: Option<PathBuf>,
    /// The first entry
    #[arg(long, value_name = "N", default_value_t = 1)]
    from: u64,
    /// The last entry
    #[arg(long, value_name = "N")]
    to: Option<u64>,
    /// Only entries of this promise
    #[arg(long, value_name = "ID", requires = "snapshot", value_parser = promise)]
    promise: Option<u64>,
    /// How entries are shown: json has all that they say, an object a line; csv and table have a row each
    #[arg(long, value_name = "FORMAT", default_value = "json")]
    format: AnswerFormat,
}

fn promise(text: &str) -> Result<u64, String> {
    reservation::number(text).ok_or_else(|| "an id such as P17 is expected".to_string())
}

/// Prints the entries.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let snapshot = args.snapshot.as_deref().map(data::snapshot).transpose()?;
    let snapshot = snapshot.map(|opened| opened.snapshot);
    let (journal, _) = Local::open(&args.data).map_err(|error| keep::failure(&error))?;
    let reader = journal.reader();
    let first = reader.first().map_err(|error| keep::failure(&error))?;
    let mut out = output::stdout();
    let mut printed = Ok(());
    let mut rows = Vec::new();
    let read = reader.read_from(args.from.max(first), &mut |record| {
        if args.to.is_some_and(|to| to < record.position()) {
            return Err(Error::Enough);
        }
        if let Some(line) = shown(&record, snapshot.as_ref(), args.promise)? {
            match args.format {
                AnswerFormat::Json => printed = writeln!(out, "{line}"),
                AnswerFormat::Table | AnswerFormat::Csv => rows.push(row(&line)),
            }
        }
        if printed.is_ok() { Ok(()) } else { Err(Error::Enough) }
    });
    printed?;
    out.flush()?;
    drop(out);
    read.map_err(|error| keep::failure(&error))?;
    match args.format {
        AnswerFormat::Json => Ok(()),
        format @ (AnswerFormat::Table | AnswerFormat::Csv) => output::list(format, &COLUMNS, &rows),
    }
}

/// The columns of entries in a row each.
const COLUMNS: [Heading<'_>; 7] = [
    ("position", Align::Right),
    ("at", Align::Left),
    ("kind", Align::Left),
    ("request_id", Align::Left),
    ("by", Align::Left),
    ("source", Align::Left),
    ("promises", Align::Left),
];

/// An entry as a row: of promises the ids, where a snapshot names them.
fn row(line: &Value) -> Vec<Value> {
    let text = |value: &Value| Value::from(value.as_str().unwrap_or_default());
    let promises = line["promises"].as_array().into_iter().flatten();
    let ids: Vec<_> = promises.filter_map(|one| one["promiseId"].as_str()).collect();
    let source = ["source", "position"].map(|of| line["source"][of].as_str().unwrap_or_default());
    vec![
        line["position"].clone(),
        text(&line["at"]),
        text(&line["kind"]),
        text(&line["requestId"]),
        text(&line["by"]),
        source.join(" ").trim().into(),
        ids.join(" ").into(),
    ]
}

/// One entry as JSON, if it is of the promise asked for.
fn shown(
    record: &RawEntry<'_>,
    snapshot: Option<&Snapshot>,
    promise: Option<u64>,
) -> Result<Option<Value>, Error> {
    let EntryHead { position, at, request, by, source, kind, .. } = record.head()?;
    let at = jiff::Timestamp::from_microsecond(at).map(|at| at.to_string());
    let mut line = json!({
        "position": position,
        "at": at.unwrap_or_default(),
        "requestId": request.map(|request| request.id.to_string()),
        "kind": kind,
    });
    if let Some(by) = by {
        line["by"] = json!(*by);
    }
    if let Some(SourcePosition { source, position }) = source {
        line["source"] = json!({ "source": *source, "position": *position });
    }
    if let Some(snapshot) = snapshot {
        let entry = record.entry(snapshot)?;
        let mut reservations = entry.fact.reservations();
        if promise.is_some_and(|number| !reservations.any(|one| one.number == number)) {
            return Ok(None);
        }
        let promises = entry.fact.reservations().map(|one| rpc::promise_json(snapshot, one));
        line["promises"] = promises.collect();
    }
    Ok(Some(line))
}
