//! `promised restore`: a backup becomes a data directory.

use super::{backup::failed, failure::Failure, output};
use crate::engine::backup;
use std::path::PathBuf;

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised restore saved --data data
      as it was when the backup was made
  promised restore saved --data data --position 4711
      as it was after entry 4711: answers say as DataVersion.sequence which one that is
  promised serve --data data
      goes on from there")]
pub(super) struct Args {
    /// The backup
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// The data directory to be made: a new or an empty one
    #[arg(long, value_name = "DATA")]
    data: PathBuf,
    /// The last entry that is to be in it; all that there are if not given
    #[arg(long, value_name = "N")]
    position: Option<u64>,
    /// How the answer is shown
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: output::AnswerFormat,
}

/// Restores, and says how far.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let about = backup::restore(&args.dir, &args.data, args.position).map_err(failed)?;
    let facts = [("snapshot", about.snapshot_id.into()), ("position", about.position.into())];
    output::facts(args.format, &facts)
}
