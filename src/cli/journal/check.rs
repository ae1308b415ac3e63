//! `promised journal check`: what a journal holds, and what is wrong with it.

use crate::{
    cli::{backup, data, failure::Failure, keep, output, render},
    engine::{
        backup::restore,
        refresh,
        selfcheck::{self, SelfCheck},
    },
    journal::{
        Local,
        local::{self, Findings},
    },
};
use serde::Serialize;
use std::{io::Write, path::PathBuf, sync::Arc};

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised journal check data
      reads every byte: check sums, missing entries, checkpoints
  promised journal check data --snapshot snapshots/adventureworks
      also replays it: the digests of the checkpoints, and every balance recomputed from the promises
  promised journal check data --format json
      for programs
  promised journal check --server http://127.0.0.1:50051
      of a server that goes on meanwhile

Exit code: 0 all is well, 1 something is wrong. A server must not use the directory meanwhile.")]
pub(super) struct Args {
    /// The data directory of a server
    #[arg(value_name = "DIR", required_unless_present = "server")]
    data: Option<PathBuf>,
    /// A running server: what it keeps is copied to a directory that vanishes, and looked at there
    #[arg(long, value_name = "URL", conflicts_with = "data")]
    server: Option<String>,
    /// The snapshot that the promises were made against: replays the journal over it
    #[arg(long, value_name = "SNAPSHOT")]
    snapshot: Option<PathBuf>,
    /// How the answer is shown
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Shape,
}

/// How the answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Shape {
    /// For people
    Table,
    /// For programs
    Json,
}

/// What was found, for programs.
#[derive(Debug, Serialize)]
struct Report {
    first_entry: u64,
    last_entry: u64,
    acknowledged: u64,
    entry_bytes: u64,
    cut: bool,
    checkpoints: Vec<Checkpoint>,
    replayed: Option<Replayed>,
    faults: Vec<Fault>,
}

#[derive(Debug, Serialize)]
struct Checkpoint {
    entry: u64,
    snapshot: String,
    promises: u64,
}

#[derive(Debug, Serialize)]
struct Replayed {
    promises: u64,
    accounts_changed: u64,
    accounts_overcommitted: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Fault {
    cause: String,
    mend: String,
}

/// Reads the journal and tells.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let copy = args.server.as_deref().map(copied).transpose()?;
    let copy = copy.as_ref().map(|copy| copy.path().join("data"));
    let Some(data) = copy.as_ref().or(args.data.as_ref()) else {
        unreachable!("clap asks for one of them")
    };
    let found = local::check(data).map_err(|error| keep::failure(&error))?;
    let mut report = report(&found);
    if let (Some(path), true) = (&args.snapshot, report.faults.is_empty()) {
        let snapshot = Arc::new(data::snapshot(path)?.snapshot);
        let (mut journal, _) = Local::open(data).map_err(|error| keep::failure(&error))?;
        match selfcheck::replay(&mut journal, &snapshot, &refresh::source(Some(data))) {
            Ok(checked) => add(&mut report, &checked),
            Err(error) => report.faults.push(Fault {
                cause: error.to_string(),
                mend: "give the snapshot that the journal was written against".to_string(),
            }),
        }
    }
    let mut out = output::stdout();
    match args.format {
        Shape::Table => table(&mut out, &report)?,
        Shape::Json => writeln!(out, "{}", output::json(&report))?,
    }
    out.flush()?;
    if report.faults.is_empty() { Ok(()) } else { Err(Failure::Reported) }
}

/// What a running server keeps, in a directory of its own.
fn copied(server: &str) -> Result<tempfile::TempDir, Failure> {
    let dir = tempfile::tempdir().map_err(|error| {
        Failure::new(error, "make room in the directory for temporary files (TMPDIR)")
    })?;
    let saved = dir.path().join("saved");
    backup::take(server, &saved)?;
    restore(&saved, &dir.path().join("data"), None).map_err(backup::failed)?;
    Ok(dir)
}

fn report(found: &Findings) -> Report {
    let checkpoint = |head: &crate::journal::checkpoint::CheckpointHead| Checkpoint {
        entry: head.position,
        snapshot: head.snapshot_id.clone(),
        promises: head.n_reservations,
    };
    let fault = |error: &crate::journal::Error| Fault {
        cause: error.to_string(),
        mend: error.mend().to_string(),
    };
    Report {
        first_entry: found.first,
        last_entry: found.last,
        acknowledged: found.acknowledged,
        entry_bytes: found.bytes,
        cut: found.cut,
        checkpoints: found.checkpoints.iter().map(checkpoint).collect(),
        replayed: None,
        faults: found.faults.iter().map(fault).collect(),
    }
}

/// Adds what a replay found.
fn add(report: &mut Report, checked: &SelfCheck) {
    report.replayed = Some(Replayed {
        promises: checked.n_promises,
        accounts_changed: checked.n_accounts,
        accounts_overcommitted: checked.overcommitted.clone(),
    });
    report.faults.extend(checked.divergences.iter().map(|found| Fault {
        cause: found.to_string(),
        mend: "report this: it is a fault of this program".to_string(),
    }));
}

fn table(out: &mut impl Write, report: &Report) -> Result<(), Failure> {
    let Report { first_entry, last_entry, entry_bytes, .. } = report;
    if last_entry < first_entry {
        writeln!(out, "entries       none")?;
    } else {
        writeln!(out, "entries       {first_entry} to {last_entry}, {entry_bytes} bytes")?;
    }
    writeln!(out, "acknowledged  {}", report.acknowledged)?;
    for Checkpoint { entry, snapshot, promises } in &report.checkpoints {
        let promises = output::count(*promises, "promise");
        let snapshot = render::printable(snapshot);
        writeln!(out, "checkpoint    at entry {entry}: snapshot {snapshot}, {promises}")?;
    }
    if report.cut {
        writeln!(out, "cut           a batch at the end that was never acknowledged")?;
    }
    if let Some(replayed) = &report.replayed {
        let promises = output::count(replayed.promises, "promise");
        let accounts = output::count(replayed.accounts_changed, "account");
        writeln!(
            out,
            "replayed      {promises}, {accounts} changed; digests and balances compared"
        )?;
        for account in &replayed.accounts_overcommitted {
            writeln!(out, "overcommitted {}", render::printable(account))?;
        }
    }
    for Fault { cause, mend } in &report.faults {
        writeln!(out, "FAULT         {cause}")?;
        writeln!(out, "              try: {mend}")?;
    }
    if report.faults.is_empty() {
        writeln!(out, "all is well")?;
    }
    Ok(())
}
