//! `promised load`: asks a running server as much as it is told to, and measures how long answers take.
//!
//! In a *closed loop* each client asks again as soon as it has its answer: that finds the most that a
//! server can do. In an *open loop* calls come at a rate, whether the server keeps up or not, and a
//! latency counts from the instant at which its call was due: a server that stops for a second makes
//! every call of that second late, as it does to callers (no coordinated omission).
//!
//! Invariant: nothing here knows how the server works; it speaks the public messages only.
//! Start at [`run`], then [`drive`].

mod mix;
mod how;
mod keys;
mod pace;
mod questions;
mod record;
mod report;
mod plot;
mod stream;
mod caller;
mod drive;

use super::{data, failure::Failure, generate::Sizes};
use how::{AskedArgs, How};
use keys::Keys;
use std::path::PathBuf;

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised load snapshots/adventureworks --seconds 10 --clients 16
      closed loop: 16 clients on one connection ask QuickCheck as fast as they are answered
  promised load snapshots/adventureworks --rate 5000 --connections 4 --plot latency.svg
      open loop: 5,000 calls a second over 4 connections; latencies count from when a call was due
  promised load snapshots/tiny --mix quick=80,check=15,promise=4,cancel=1 --skew 1
      a mix; popular items are asked for more often (Zipf)
  promised load --items 1000000 --locations 1 --depth 0 --batch 100 --clients 4
      the keys that `promised generate` gives for these sizes, without reading a snapshot

Calls of the warm-up are made and not counted. Exit code: 0 when it ran, 1 if no call was answered.")]
pub(super) struct Args {
    /// The snapshot that the server serves, for its keys; without it, those that the sizes below give
    #[arg(value_name = "SNAPSHOT")]
    snapshot: Option<PathBuf>,
    /// The server
    #[arg(long, value_name = "URL", env = "PROMISED_SERVER", default_value = crate::cli::ask::SERVER)]
    server: String,
    #[command(flatten)]
    how: How,
    #[command(flatten)]
    what: AskedArgs,
    /// How the summary is shown
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: super::output::AnswerFormat,
    /// Writes the whole distribution of latencies to a CSV file
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Draws latencies by percentile into an SVG file
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    #[command(flatten)]
    sizes: Sizes,
}

/// Asks, measures, tells.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let keys = match &args.snapshot {
        Some(path) => Keys::of_snapshot(&data::snapshot(path)?.snapshot),
        None => Keys::of_sizes(args.sizes)?,
    };
    if keys.stocks.is_empty() {
        return Err(Failure::new("the snapshot keeps no item anywhere", "one with stock"));
    }
    let seed = args.sizes.seed;
    let record =
        drive::run(&args.server, &args.how, questions::Maker::new(keys, &args.what, seed))?;
    report::summary(&record, &args.how, args.format)?;
    if let Some(path) = &args.csv {
        report::distribution(&record, path)?;
    }
    if let Some(path) = &args.plot {
        plot::draw(&record, path)?;
    }
    match record.n_answered() {
        0 => Err(Failure::new(
            format!("no call was answered: {}", record.first_error()),
            "promised serve, and --server with its address",
        )),
        _ => Ok(()),
    }
}
