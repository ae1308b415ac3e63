//! `promised promise`: promises an orders file, line after line, without a server.

use super::{
    book::Book,
    data,
    failure::Failure,
    output, progress,
    remote::Remote,
    stream::{self, Step},
    tally::Tally,
    writer::{Shown, Writer},
};
use crate::{engine::clock::Stopwatch, limits::ALTERNATIVES_MAX, snapshot::atp_rule::Objective};
use std::{io::Write, path::PathBuf};

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised promise snapshots/tiny snapshots/tiny/orders.csv
      a table for people
  promised promise snapshots/adventureworks snapshots/adventureworks/orders.csv --format csv
      a row for each leg; how many lines are on time is said on standard error
  promised promise snapshots/tiny snapshots/tiny/orders.csv --objective lowest_cost --alternatives 2
      the cheapest options, and two others for each line
  promised promise snapshots/tiny snapshots/tiny/orders.csv --commit=false
      each line as if it were the only one
  promised promise snapshots/tiny snapshots/tiny/orders.csv --server http://127.0.0.1:50051
      promises them live on a server; the snapshot is there to check the rows

Lines are promised in file order, each seeing those before it; consecutive lines of one order are
one request. Cost and profit are those of the whole option and stand in the row of its first leg.
Exit code: 0 when it ran, whatever the answers; 1 if a row is faulty: then nothing is promised.")]
pub(super) struct Args {
    /// The snapshot: a directory with manifest.json and its tables
    #[arg(value_name = "SNAPSHOT")]
    snapshot: PathBuf,
    /// The order lines: a .csv or .parquet file
    #[arg(value_name = "ORDERS")]
    orders: PathBuf,
    /// How the results are shown; csv and json are for programs
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: output::Format,
    /// Further options shown besides the default
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=ALTERNATIVES_MAX as u64))]
    alternatives: u64,
    /// Whether later lines see what earlier ones have taken
    #[arg(
        long, value_name = "true|false", default_value_t = true, num_args = 0..=1,
        require_equals = true, default_missing_value = "true", action = clap::ArgAction::Set
    )]
    commit: bool,
    /// By what the default option is chosen where a line does not say: sourcing_rank, earliest,
    /// lowest_cost, highest_profit [default: the item's rule]
    #[arg(long, value_name = "OBJECTIVE", value_parser = stream::objective)]
    objective: Option<Objective>,
    /// Promises them live on this server instead; a second time does nothing, an order is promised once
    #[arg(long, value_name = "URL", conflicts_with_all = ["alternatives", "commit"])]
    server: Option<String>,
}

/// Promises the orders of a file on a server, and counts.
fn there(url: &str, steps: &[Step]) -> Result<(), Failure> {
    let mut remote = Remote::connect(url)?;
    let mut tally = Tally::default();
    let bar = progress::lines(steps.iter().map(|step| step.request.lines.len() as u64).sum());
    for step in steps {
        for status in remote.promise(&step.request)? {
            tally.count_one(status);
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    writeln!(std::io::stderr(), "live on {url}: {}", tally.shares(steps.len() as u64))?;
    Ok(())
}

/// Loads, promises, writes.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let opened = data::snapshot(&args.snapshot)?;
    let lines = data::orders(&args.orders)?;
    let alternatives = usize::try_from(args.alternatives).expect("at most ALTERNATIVES_MAX");
    let requests = stream::requests(lines, args.objective, alternatives);
    let steps = stream::resolve(&args.orders, &opened.snapshot, requests)?;
    if let Some(url) = &args.server {
        return there(url, &steps);
    }
    let mut book = Book::open(opened.snapshot);
    let mut tally = Tally::default();
    let shown = Shown::of(&steps, alternatives);
    let mut writer = Writer::begin(output::stdout(), args.format, shown)?;
    let bar = progress::lines(steps.iter().map(|step| step.request.lines.len() as u64).sum());
    let watch = Stopwatch::start();
    for step in &steps {
        let promise = if args.commit { book.promise(step)? } else { book.plan(step) };
        tally.count(&promise);
        writer.write(book.world(), step, &promise)?;
        bar.inc(promise.lines.len() as u64);
    }
    bar.finish_and_clear();
    let took = watch.elapsed();
    writer.finish()?;
    let mut err = std::io::stderr().lock();
    writeln!(err, "{}", tally.shares(steps.len() as u64))?;
    writeln!(err, "{}", tally.speed(opened.took, took))?;
    Ok(())
}
