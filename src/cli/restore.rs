//! `promised restore`: a backup becomes a data directory.

use super::{backup::failed, failure::Failure, output, render};
use crate::engine::backup;
use std::{io::Write, path::PathBuf};

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
}

/// Restores, and says how far.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let about = backup::restore(&args.dir, &args.data, args.position).map_err(failed)?;
    let mut out = output::stdout();
    writeln!(out, "snapshot {}", render::printable(&about.snapshot_id))?;
    writeln!(out, "position {}", about.position)?;
    out.flush()?;
    Ok(())
}
