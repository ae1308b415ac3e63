//! `promised change`: changes of planning data go to a running server, and what they mean comes back.

use super::{
    data,
    failure::Failure,
    feed,
    output::{self, AnswerFormat},
    push,
    rejects::Rejects,
    remote,
    render::printable,
};
use crate::{
    change::{Change, ChangeColumn, ChangeKind, select::SELECTORS},
    limits::CHANGES_MAX,
    loader::{self, Changes, Reject},
    rpc::{self, proto},
};
use std::{
    collections::BTreeSet,
    io::Write,
    path::{Path, PathBuf},
};
use tonic_types::StatusExt;

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = help())]
pub(super) struct Args {
    /// The changes: a .csv, .xlsx or .parquet file, packed (.gz, .zip) or not; - is a stream of them on standard input
    #[arg(value_name = "FILE")]
    changes: PathBuf,
    /// The server
    #[arg(long, value_name = "URL", env = "PROMISED_SERVER", default_value = crate::cli::ask::SERVER)]
    server: String,
    /// Only say what is wrong with them and what they would mean
    #[arg(long)]
    validate: bool,
    /// The source system that they come from
    #[arg(long, value_name = "NAME", default_value = "")]
    source: String,
    /// Under which id they are sent
    #[arg(long, value_name = "ID", default_value = "")]
    request_id: String,
    /// How the changes are written: csv for a file of any kind; standard input may be ndjson or debezium too
    /// [default: what they look like]
    #[arg(long, value_name = "FORMAT")]
    format: Option<feed::StreamFormat>,
    /// How the answer is shown; json is the RPC's, of a stream how many changes were made in how many requests
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    answer: AnswerFormat,
    /// What rows of a table mean, for events of Debezium
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// Lines of standard input that cannot be taken in go to this file (NDJSON), and the rest goes on
    #[arg(long, value_name = "FILE")]
    dead_letters: Option<PathBuf>,
    #[command(flatten)]
    rejects: Rejects,
}

const EXAMPLES: &str = "\
Examples:
  promised change late.csv --server http://127.0.0.1:50051
      makes the changes of the file, all or none, and prints whose promises are at risk now
  promised change late.csv --validate
      says what is wrong with them and what they would mean, and changes nothing
  promised change late.csv --answer json
      the answer as the server gives it; --answer csv: a row a promise
  promised change late.csv --source erp --request-id erp-4711
      names the source system, and is done once however often it is sent

  promised change - --source erp < changes.ndjson
      takes a stream in, line by line: {\"change\":\"supply_moved\",\"supply\":\"PO-1\",\"days\":14,\"position\":\"topic/0:4711\"};
      what has a position is taken in once, however often it is sent, and the server knows how far it has read
  promised change - --request-id night-48 < changes.ndjson
      without positions: in requests night-48/1, night-48/2, ..; the same lines sent again count once
  promised change - --format debezium --map map.toml --source erp --dead-letters dead.ndjson
      events of Debezium; docs/feeds.md says what a map file holds

A file is made as a whole or not at all; a stream is cut into requests of 1,000 lines.
late.csv has a column `change` with the kind and the columns that this kind has:
  change,supply,days
  supply_moved,PO-1,14

Where a kind takes supply, or supplier, item, .., the latter name all supplies that fit them together (type as in the table of
supplies, date_from and date_to the dates they come on): supplier X is two weeks late, in one row:
  change,supplier,days
  supply_moved,X,14
The answer says how many each row met; none is an error.

The kinds, and their columns; those in brackets may be left out:
";

/// Examples, and all kinds of change.
fn help() -> String {
    let names = |columns: &[ChangeColumn]| -> Vec<&'static str> {
        columns.iter().map(|column| column.name()).collect()
    };
    let mut help = EXAMPLES.to_string();
    for kind in ChangeKind::ALL {
        let (required, optional) = (names(kind.required()), names(kind.optional()));
        let mut columns = required.join(", ");
        if !optional.is_empty() {
            let space = if columns.is_empty() { "" } else { " " };
            columns.push_str(&format!("{space}[{}]", optional.join(", ")));
        }
        if kind.selects() {
            let (supply, rest) = columns.split_at("supply".len());
            columns = format!("{supply}, or {}{rest}", names(SELECTORS).join(", "));
        }
        help.push_str(&format!("  {}:{}\n      {columns}\n", kind.word(), kind.about()));
    }
    help
}

/// Sends and prints.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    if args.changes == Path::new("-") {
        return stream(args);
    }
    if args.map.is_some() || args.dead_letters.is_some() {
        let cause = "--map and --dead-letters are of a stream";
        return Err(Failure::misused(cause, "promised change - .. < FILE"));
    }
    if args.format.is_some_and(|format| format != feed::StreamFormat::Csv) {
        let cause = "--format ndjson and debezium are of a stream";
        return Err(Failure::misused(
            cause,
            "promised change - .. < FILE; --answer json shows the answer so",
        ));
    }
    let (mut changes, mut rejects) = read(args)?;
    let answer = loop {
        let n_changes = changes.changes.len();
        if n_changes == 0 || CHANGES_MAX < n_changes {
            args.rejects.write(&rejects)?;
            let n_changes = output::count(n_changes as u64, "change");
            return Err(Failure::new(
                format!("{} has {n_changes} to be made", args.changes.display()),
                format!("send 1 to {CHANGES_MAX} at a time: they are made together or not at all"),
            ));
        }
        let status = match remote::runtime()?.block_on(send(args, &changes.changes))? {
            Ok(answer) => break answer,
            Err(status) => status,
        };
        let refused = rejected(&changes, &status);
        if !args.rejects.are_taken() || refused.is_empty() {
            return Err(Failure::new(
                format!("the server refused: {}", status.message()),
                "mend what it says and send all of them again; none was made",
            ));
        }
        leave_out(&mut changes, &refused);
        rejects.extend(refused);
    };
    args.rejects.write(&rejects)?;
    match args.answer {
        AnswerFormat::Table => print(&answer, changes.changes.len() as u64),
        AnswerFormat::Csv => csv(&answer),
        AnswerFormat::Json => Ok(writeln!(std::io::stdout(), "{}", rpc::to_json(&answer))?),
    }
}

/// The changes of the file, and the rows that are left out of it.
fn read(args: &Args) -> Result<(Changes, Vec<Reject>), Failure> {
    let read = loader::changes(&args.changes).map_err(|error| data::unloadable(&error))?;
    if args.rejects.are_taken() && read.problems.silenced().next().is_none() {
        let rejects = read.problems.listed().iter().filter_map(Reject::of).collect();
        return Ok((read, rejects));
    }
    data::refuse_faulty_orders(&args.changes, &read.problems)?;
    Ok((read, Vec::new()))
}

fn stream(args: &Args) -> Result<(), Failure> {
    if args.validate || args.rejects.are_taken() {
        let cause = "--validate and --rejects are of a file";
        return Err(Failure::misused(cause, "a stream has --dead-letters FILE"));
    }
    let terms = feed::StreamTerms {
        format: args.format,
        map: args.map.clone(),
        source: args.source.clone(),
        request_id: args.request_id.clone(),
        dead_letters: args.dead_letters.clone(),
    };
    feed::run(&args.server, &terms, args.answer)
}

async fn send(
    args: &Args,
    changes: &[Change],
) -> Result<Result<proto::ApplyChangesResponse, tonic::Status>, Failure> {
    let change = |change: &Change| proto::Change {
        change: change.kind().word().to_string(),
        cells: change.cells().map(|(name, text)| (name.to_string(), text)).collect(),
    };
    let request = proto::ApplyChangesRequest {
        request_id: args.request_id.clone(),
        changes: changes.iter().map(change).collect(),
        source: args.source.clone(),
        validate_only: args.validate,
        ..proto::ApplyChangesRequest::default()
    };
    let mut client = push::connect(&args.server).await?;
    Ok(client.apply_changes(request).await.map(tonic::Response::into_inner))
}

/// The rows that a server refuses, fault by fault; none where it refuses more than rows.
fn rejected(changes: &Changes, status: &tonic::Status) -> Vec<Reject> {
    let details = status.get_error_details();
    let violations = details.bad_request().into_iter().flat_map(|bad| &bad.field_violations);
    let rejects = violations.map(|violation| {
        let (at, column) = feed::of_change(&violation.field)?;
        Some(Reject {
            table: "changes".to_string(),
            file: changes.file.clone(),
            row: *changes.rows.get(at)?,
            column: column.to_string(),
            value: String::new(),
            reason: violation.description.clone(),
        })
    });
    rejects.collect::<Option<Vec<_>>>().unwrap_or_default()
}

fn leave_out(changes: &mut Changes, refused: &[Reject]) {
    let rows: BTreeSet<u64> = refused.iter().map(|reject| reject.row).collect();
    let keeps: Vec<bool> = changes.rows.iter().map(|row| !rows.contains(row)).collect();
    let mut kept = keeps.iter();
    changes.changes.retain(|_| *kept.next().expect("one for each"));
    changes.rows.retain(|row| !rows.contains(row));
}

fn print(answer: &proto::ApplyChangesResponse, n_changes: u64) -> Result<(), Failure> {
    let mut out = output::stdout();
    let changes = output::count(n_changes, "change");
    let version = answer.version.clone().unwrap_or_default();
    let (id, sequence) = (printable(&version.snapshot_id), version.sequence);
    if answer.applied {
        writeln!(out, "{changes} live: {id} at sequence {sequence}")?;
    } else {
        writeln!(out, "{changes} can be made on {id} at sequence {sequence}; nothing was changed")?;
    }
    for (outcome, ids) in fared(answer).into_iter().filter(|(_, ids)| !ids.is_empty()) {
        let what = match outcome {
            "carried" => "carried over".to_string(),
            other => other.replace('_', " "),
        };
        writeln!(out, "  {what}: {}", ids.join(" "))?;
    }
    for short in &answer.short {
        let account = printable(&short.account);
        writeln!(out, "  {account} is short; at risk: {}", short.promise_ids.join(" "))?;
    }
    Ok(out.flush()?)
}

/// What became of promises, but for those that are at risk: these are told account by account.
fn fared(answer: &proto::ApplyChangesResponse) -> [(&'static str, &[String]); 4] {
    [
        ("absorbed", &answer.absorbed),
        ("carried", &answer.carried),
        ("dropped", &answer.dropped),
        ("no_longer_at_risk", &answer.no_longer_at_risk),
    ]
}

/// A row for each promise and what became of it.
fn csv(answer: &proto::ApplyChangesResponse) -> Result<(), Failure> {
    let mut rows = csv::Writer::from_writer(output::stdout());
    rows.write_record(["promise", "outcome", "account"]).map_err(output::csv_failure)?;
    let mut row = |id: &str, outcome: &str, account: &str| {
        rows.write_record([id, outcome, account]).map_err(output::csv_failure)
    };
    for (outcome, ids) in fared(answer) {
        ids.iter().try_for_each(|id| row(id, outcome, ""))?;
    }
    for short in &answer.short {
        short.promise_ids.iter().try_for_each(|id| row(id, "at_risk", &short.account))?;
    }
    Ok(rows.flush()?)
}
