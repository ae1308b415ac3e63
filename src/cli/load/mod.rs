//! `promised load`: asks a running server as much as it is told to, and measures how long answers take.
//!
//! In a *closed loop* each client asks again as soon as it has its answer: that finds the most that a
//! server can do. In an *open loop* calls come at a rate, whether the server keeps up or not, and a
//! latency counts from the instant at which its call was due: a server that stops for a second makes
//! every call of that second late, as it does to callers (no coordinated omission).
//!
//! Invariant: nothing here knows how the server works; it speaks the public messages only.
//! Start at [`run`], then [`drive`].

mod caller;
mod drive;
mod keys;
mod mix;
mod pace;
mod plot;
mod questions;
mod record;
mod report;
mod stream;

use super::{data, failure::Failure, generate::Sizes};
use keys::Keys;
use mix::Mix;
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
    what: What,
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

/// How much is asked, and for how long.
#[derive(Clone, Debug, clap::Args)]
struct How {
    /// Calls a second (open loop); without it, as fast as they are answered (closed loop)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    rate: Option<u64>,
    /// Clients, each with calls of its own under way
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    clients: u64,
    /// Calls of a client under way at once; in an open loop, at most so many
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    in_flight: u64,
    /// Connections, which the clients share
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    connections: u64,
    /// Seconds that are measured
    #[arg(long, value_name = "S", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    seconds: u64,
    /// Seconds before them
    #[arg(long, value_name = "S", default_value_t = 1, value_parser = clap::value_parser!(u64).range(0..=3_600))]
    warm_up: u64,
    /// Threads of this program [default: as many as connections, at most one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_024))]
    threads: Option<u64>,
}

/// What is asked.
#[derive(Clone, Debug, clap::Args)]
struct What {
    /// Shares of the calls: quick (QuickCheck), check (CheckAvailability), promise, stream
    /// (PromiseStream), cancel; with nothing to cancel yet, a cancel is a promise
    #[arg(long, value_name = "KIND=SHARE,..", default_value = "quick=1", value_parser = Mix::parse)]
    mix: Mix,
    /// Queries or lines of a call
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    batch: u64,
    /// How much more often the first items are asked for: 0 all alike, 1 Zipf's law
    #[arg(long, value_name = "S", default_value_t = 0.0, value_parser = skew)]
    skew: f64,
    /// Further options that a CheckAvailability asks for
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(0..=20))]
    alternatives: u32,
    /// Where order lines ship from: any place, to a customer; or the one that keeps the item
    #[arg(long, value_name = "WHERE", default_value = "any")]
    ship_from: ShipFrom,
}

/// What an order line says of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum ShipFrom {
    /// A customer, and no ship-from: by the arrival date
    Any,
    /// The ship-from, and no customer: by the ship date
    Named,
}

fn skew(text: &str) -> Result<f64, String> {
    let found = text.parse().ok().filter(|skew| (0.0..=5.0).contains(skew));
    found.ok_or_else(|| "a number from 0 to 5 is expected".to_string())
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
