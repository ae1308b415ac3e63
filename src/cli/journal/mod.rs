//! `promised journal`: looks at the journal of a data directory that no server uses, and mends it.

mod check;
mod dump;

use super::{
    failure::Failure,
    keep,
    output::{self, AnswerFormat},
};
use crate::journal::local::{self, Mended};
use std::{io::Write, path::PathBuf};

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  promised journal check data
      what it holds and what is wrong with it; promised journal COMMAND --help has more")]
pub(super) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

/// What can be done with a journal.
#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Reads all of a journal, and tells what it holds and what is wrong with it
    Check(check::Args),
    /// Prints the entries of a journal as JSON, one a line
    Dump(dump::Args),
    /// Mends a damaged journal: keeps what can be read, and says what is lost
    Repair(RepairArgs),
}

/// What a mend needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised journal check data
      says first what is wrong, and what a mend would give up
  promised journal repair data
      mends it; the file as it was stays beside it as journal.damaged-1

Entries before the first damage are kept, those after it are given up. Damage that only old entries
have, before the newest checkpoint, costs no promise. Where damage and a kill came together the store
may not open at all: then only a copy of the directory helps, and repair says so.
A server must not use the directory meanwhile.")]
struct RepairArgs {
    /// The data directory of a server
    #[arg(value_name = "DIR")]
    data: PathBuf,
    /// How the answer is shown
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: AnswerFormat,
}

/// Does what is asked.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    match &args.verb {
        Verb::Check(args) => check::run(args),
        Verb::Dump(args) => dump::run(args),
        Verb::Repair(args) => repair(args),
    }
}

/// What a mend did, by name; a sound journal has lost nothing, and no file is saved.
fn facts(mended: Option<Mended>) -> Vec<(&'static str, serde_json::Value)> {
    let mut facts = vec![("mended", mended.is_some().into())];
    if let Some(Mended { last, n_lost, n_old_lost, checkpoints, saved }) = mended {
        facts.extend([
            ("last_entry", last.into()),
            ("lost", n_lost.into()),
            ("old_lost", n_old_lost.into()),
            ("checkpoints_given_up", checkpoints.into()),
            ("saved", saved.display().to_string().into()),
        ]);
    }
    facts
}

fn repair(args: &RepairArgs) -> Result<(), Failure> {
    let mended = local::repair(&args.data).map_err(|error| keep::failure(&error))?;
    if args.format != AnswerFormat::Table {
        return output::facts(args.format, &facts(mended));
    }
    let mut out = output::stdout();
    let Some(mended) = mended else {
        writeln!(out, "nothing is wrong with it; nothing was changed")?;
        return Ok(out.flush()?);
    };
    writeln!(out, "mended: its last entry is {}", mended.last)?;
    for checkpoint in &mended.checkpoints {
        writeln!(out, "given up: the checkpoint at entry {checkpoint}")?;
    }
    if 0 < mended.n_old_lost {
        let lost = output::count(mended.n_old_lost, "old entry");
        writeln!(out, "given up: {lost} before the newest checkpoint; no promise is lost by it")?;
    }
    if 0 < mended.n_lost {
        let lost = output::count(mended.n_lost, "entry");
        writeln!(out, "LOST: {lost} at the end that had been acknowledged")?;
    }
    writeln!(out, "the file as it was: {}", mended.saved.display())?;
    Ok(out.flush()?)
}
