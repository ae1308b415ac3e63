//! `promised change`: changes of planning data go to a running server, and what they mean comes back.

use super::{
    failure::Failure,
    output::{self, Format},
    push, remote,
    render::printable,
    whatif,
};
use crate::{
    change::{Change, Column, Kind},
    limits::CHANGES_MAX,
    rpc::{self, proto},
};
use std::{io::Write, path::PathBuf};

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = help())]
pub(super) struct Args {
    /// The changes, CSV or Parquet
    #[arg(value_name = "FILE")]
    changes: PathBuf,
    /// The server
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:50051")]
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
    /// How the answer is shown
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  promised change late.csv --server http://127.0.0.1:50051
      makes the changes of the file, all or none, and prints whose promises are at risk now
  promised change late.csv --validate
      says what is wrong with them and what they would mean, and changes nothing
  promised change late.csv --source erp --request-id erp-4711
      names the source system, and is done once however often it is sent

late.csv has a column `change` with the kind and the columns that this kind has:
  change,supply,days
  supply_moved,PO-1,14

The kinds, and their columns; those in brackets may be left out:
";

/// Examples, and all kinds of change.
fn help() -> String {
    let names = |columns: &[Column]| -> Vec<&'static str> {
        columns.iter().map(|column| column.name()).collect()
    };
    let mut help = EXAMPLES.to_string();
    for kind in Kind::ALL {
        let (required, optional) = (names(kind.required()), names(kind.optional()));
        let mut columns = required.join(", ");
        if !optional.is_empty() {
            let space = if columns.is_empty() { "" } else { " " };
            columns.push_str(&format!("{space}[{}]", optional.join(", ")));
        }
        help.push_str(&format!("  {}:{}\n      {columns}\n", kind.word(), kind.about()));
    }
    help
}

/// Sends and prints.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let changes = whatif::changes(&args.changes)?;
    if changes.is_empty() || CHANGES_MAX < changes.len() {
        return Err(Failure::new(
            format!(
                "{} has {}",
                args.changes.display(),
                output::count(changes.len() as u64, "change")
            ),
            format!("send 1 to {CHANGES_MAX} at a time: they are made together or not at all"),
        ));
    }
    let answer = remote::runtime()?.block_on(send(args, &changes))?;
    match args.format {
        Format::Table => print(&answer, changes.len() as u64),
        Format::Csv => csv(&answer),
        Format::Json => Ok(writeln!(std::io::stdout(), "{}", rpc::to_json(&answer))?),
    }
}

async fn send(args: &Args, changes: &[Change]) -> Result<proto::ApplyChangesResponse, Failure> {
    let change = |change: &Change| proto::Change {
        change: change.kind().word().to_string(),
        cells: change.cells().map(|(name, text)| (name.to_string(), text)).collect(),
    };
    let request = proto::ApplyChangesRequest {
        request_id: args.request_id.clone(),
        changes: changes.iter().map(change).collect(),
        source: args.source.clone(),
        known_at: None,
        validate_only: args.validate,
    };
    let mut client = push::connect(&args.server).await?;
    let answer = client.apply_changes(request).await.map_err(|status| {
        Failure::new(
            format!("the server refused: {}", status.message()),
            "mend what it says and send all of them again; none was made",
        )
    })?;
    Ok(answer.into_inner())
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
    let told = [
        ("absorbed", &answer.absorbed),
        ("carried over", &answer.carried),
        ("dropped", &answer.dropped),
        ("no longer at risk", &answer.no_longer_at_risk),
    ];
    for (what, ids) in told.into_iter().filter(|(_, ids)| !ids.is_empty()) {
        writeln!(out, "  {what}: {}", ids.join(" "))?;
    }
    for short in &answer.short {
        let account = printable(&short.account);
        writeln!(out, "  {account} is short; at risk: {}", short.promise_ids.join(" "))?;
    }
    Ok(out.flush()?)
}

/// A row for each promise and what became of it.
fn csv(answer: &proto::ApplyChangesResponse) -> Result<(), Failure> {
    let mut rows = csv::Writer::from_writer(output::stdout());
    rows.write_record(["promise", "outcome", "account"]).map_err(output::csv_failure)?;
    let mut row = |id: &str, outcome: &str, account: &str| {
        rows.write_record([id, outcome, account]).map_err(output::csv_failure)
    };
    let told = [
        ("absorbed", &answer.absorbed),
        ("carried", &answer.carried),
        ("dropped", &answer.dropped),
        ("no_longer_at_risk", &answer.no_longer_at_risk),
    ];
    for (outcome, ids) in told {
        ids.iter().try_for_each(|id| row(id, outcome, ""))?;
    }
    for short in &answer.short {
        short.promise_ids.iter().try_for_each(|id| row(id, "at_risk", &short.account))?;
    }
    Ok(rows.flush()?)
}
