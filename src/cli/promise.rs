//! `promised promise`: promises an orders file, line after line, without a server.

use super::{
    book::OwnWorld,
    data,
    failure::Failure,
    output, peer, progress,
    rejects::Rejects,
    remote::Remote,
    stream::{self, ReadyOrder},
    tally::StatusTally,
    writer::{AnswerDetail, Writer},
};
use crate::{
    engine::clock::Stopwatch, limits::ALTERNATIVES_MAX, promising::request::Repeat,
    snapshot::atp_rule::Objective,
};
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

  promised promise snapshots/tiny snapshots/tiny/orders.csv --server http://127.0.0.1:50051 --on-existing replace
      lines that are promised already are promised anew, with the quantity of the file

Lines are promised in file order, each seeing those before it; the lines of one order are one request,
in the place of the first, wherever they stand. A line that is promised already (the server may know it)
takes nothing and is told so, unless its column repeat or --on-existing says otherwise; the rest goes on.
On a server the same file again gives the first answers. Cost and profit stand in the row of each leg.
Exit code: 0 when it ran, whatever the answers; 1 if a row is faulty: then nothing is promised. On a
server 1 also where it refused some lines: the others are promised, and the rows say which.")]
pub(super) struct Args {
    /// The snapshot: a directory with manifest.json and its tables, a .zip of one, or a workbook
    #[arg(value_name = "SNAPSHOT")]
    snapshot: PathBuf,
    /// The order lines: a .csv, .xlsx or .parquet file, packed (.gz, .zip) or not; - is standard input
    #[arg(value_name = "ORDERS")]
    orders: PathBuf,
    /// How the results are shown; csv and json are for programs
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: output::AnswerFormat,
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
    /// Promises them live on this server instead; the same file a second time gives the first answers
    #[arg(
        long, value_name = "URL", num_args = 0..=1, default_missing_value = "",
        conflicts_with = "commit"
    )]
    server: Option<String>,
    /// What becomes of lines that are promised already and do not say so themselves (column repeat):
    /// refuse takes nothing, add takes the quantity on top, replace makes it the quantity of the whole line
    #[arg(long, value_name = "WHAT", value_parser = stream::repeat)]
    on_existing: Option<Repeat>,
    #[command(flatten)]
    rejects: Rejects,
    /// Says what planning counted for a line, on standard error
    #[arg(long, hide = true)]
    counts: bool,
}

/// Promises the orders of a file on a server, and tells how each fares.
fn there(args: &Args, url: &str, steps: &[ReadyOrder]) -> Result<(), Failure> {
    let alternatives = usize::try_from(args.alternatives).expect("at most ALTERNATIVES_MAX");
    let remote = Remote::connect(url)?;
    let mut tally = StatusTally::default();
    let shown = AnswerDetail::of(steps, alternatives);
    let mut writer = Writer::begin(output::stdout(), args.format, shown)?;
    let bar = progress::lines(steps.iter().map(|step| step.request.lines.len() as u64).sum());
    let mut n_refused = 0;
    remote.promise_all(steps, args.format == output::AnswerFormat::Json, |step, answer| {
        n_refused += tally.count_answer(answer);
        bar.inc(step.request.lines.len() as u64);
        writer.write_answer(answer)
    })?;
    bar.finish_and_clear();
    writer.finish()?;
    writeln!(
        std::io::stderr(),
        "live on {}: {}",
        peer::named(url),
        tally.shares(steps.len() as u64)
    )?;
    match n_refused {
        0 => Ok(()),
        n => Err(Failure::new(
            format!("the server refused {}; the others are promised", output::count(n, "line")),
            "correct the lines whose rows say why and send the file again: the others keep their answers",
        )),
    }
}

/// The requests of the file; rows that are refused are left out where the caller says so.
fn steps(args: &Args, opened: &mut data::OpenedSnapshot) -> Result<Vec<ReadyOrder>, Failure> {
    let said = (args.on_existing, &opened.formats);
    let mut lines = data::orders_with(&args.orders, said, &args.rejects)?;
    let rejected = &mut opened.rejects;
    rejected.append(&mut lines.rejects);
    let alternatives = usize::try_from(args.alternatives).expect("at most ALTERNATIVES_MAX");
    let requests = stream::requests(lines, args.objective, alternatives);
    let asked = (requests, &args.rejects);
    let steps = stream::resolve_without(&args.orders, &opened.snapshot, asked, rejected)?;
    args.rejects.write(rejected)?;
    if steps.is_empty() && !rejected.is_empty() {
        return Err(Failure::new(
            "every row is refused; nothing was promised",
            "correct the rows that the rejects name",
        ));
    }
    Ok(steps)
}

/// Loads, promises, writes.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let mut opened = data::snapshot_without(&args.snapshot, &args.rejects)?;
    let steps = steps(args, &mut opened)?;
    let alternatives = usize::try_from(args.alternatives).expect("at most ALTERNATIVES_MAX");
    if let Some(url) = &args.server {
        return there(args, url, &steps);
    }
    let mut book = OwnWorld::open(opened.snapshot);
    let mut tally = StatusTally::default();
    let shown = AnswerDetail::of(&steps, alternatives);
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
    let shares = tally.shares(steps.len() as u64);
    writeln!(err, "a dry run, nothing was promised: {shares}")?;
    writeln!(err, "{}", tally.speed(opened.took, took))?;
    if args.counts {
        writeln!(err, "{}", tally.spent(book.spent()))?;
    }
    Ok(())
}
