//! `promised backlog`: the orders of a file promised again, by other priorities and strategies.

use super::{
    compared::{self, View},
    data,
    failure::Failure,
    output::{self, Format},
    simulate, whatif,
};
use crate::{
    backlog::{
        Fallback, Filter, Segment, Sequence, Spec, Strategy,
        spec::{FALLBACKS, STRATEGIES},
    },
    compare::{self, Dimension},
    engine::backlog::{self as runs, Objective, Run},
    ledger::World,
    snapshot::row::choice,
};
use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised backlog SNAPSHOT ORDERS --sequence demand_class,priority,requested_date
      all orders pooled and served anew, class by class
  promised backlog SNAPSHOT ORDERS --segment win:demand_class=KEY --segment fill:demand_class=WEB --otherwise gain
      key accounts win, the web may lose to them, nobody else gets worse
  promised backlog SNAPSHOT ORDERS --change changes.csv --first SO-7 --first SO-9/2
      after changes of the snapshot; two orders before all others
  promised backlog SNAPSHOT ORDERS --most-value 10
      looks ten seconds for a better sequence

The orders are first promised in file order without the changes: that is the before. Strategies are win,
gain, redistribute, fill, lose. A filter is conditions separated by spaces, such as
\"demand_class=KEY|GOLD priority<=2 requested_date<2026-12-01\"; a sequence is attributes separated by commas,
- before one that goes down: order, line, customer, demand_class, zone, item, category, location, priority,
requested_date, quantity, promised, value, profit, days_late, age.")]
pub(super) struct Args {
    /// The snapshot: a directory with manifest.json and its tables
    #[arg(value_name = "SNAPSHOT")]
    snapshot: PathBuf,
    /// The order lines: a .csv or .parquet file
    #[arg(value_name = "ORDERS")]
    orders: PathBuf,
    /// Changes of the snapshot before the run: a .csv or .parquet file
    #[arg(long, value_name = "CHANGES")]
    change: Option<PathBuf>,
    /// Which lines are promised again [default: all]
    #[arg(long, value_name = "FILTER", value_parser = Filter::parse)]
    filter: Option<Filter>,
    /// In which order [default: priority,requested_date]
    #[arg(long, value_name = "SEQUENCE", value_parser = Sequence::parse, allow_hyphen_values = true)]
    sequence: Option<Sequence>,
    /// An order, or a line of one, that comes before all others; may be given several times
    #[arg(long, value_name = "ORDER[/LINE]")]
    first: Vec<String>,
    /// Lines that share a strategy; the first that fits holds
    #[arg(long, value_name = "STRATEGY:FILTER", value_parser = segment)]
    segment: Vec<Segment>,
    /// The strategy of all other lines
    #[arg(long, value_name = "STRATEGY", default_value = "redistribute", value_parser = strategy)]
    otherwise: Strategy,
    /// Lines that stay as they are
    #[arg(long, value_name = "FILTER", value_parser = Filter::parse)]
    lock: Vec<Filter>,
    /// Lines that may not become better
    #[arg(long, value_name = "FILTER", value_parser = Filter::parse)]
    keep: Vec<Filter>,
    /// What becomes of a line that is to win and cannot: gain or keep
    #[arg(long, value_name = "FALLBACK", default_value = "gain", value_parser = fallback)]
    fallback: Fallback,
    /// Looks for a sequence worth more, for so many seconds
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3_600))]
    most_value: Option<u64>,
    /// Tables by demand_class, customer, item, location; separated by commas
    #[arg(long, value_name = "BY", value_delimiter = ',', default_value = "demand_class", value_parser = simulate::dimension)]
    by: Vec<Dimension>,
    /// Lines and groups shown of each kind
    #[arg(long, value_name = "N", default_value_t = 20)]
    most: usize,
    /// How the answer is shown; csv and json are for programs
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

fn strategy(word: &str) -> Result<Strategy, String> {
    choice(STRATEGIES, word).map_err(|expected| format!("{expected} is expected"))
}

fn fallback(word: &str) -> Result<Fallback, String> {
    choice(FALLBACKS, word).map_err(|expected| format!("{expected} is expected"))
}

fn segment(text: &str) -> Result<Segment, String> {
    let (word, filter) = text.split_once(':').unwrap_or((text, ""));
    Ok(Segment { strategy: strategy(word)?, filter: Filter::parse(filter)? })
}

impl Args {
    fn spec(&self) -> Spec {
        let first = self.first.iter().map(|key| {
            let (order, line) = key.split_once('/').unwrap_or((key, ""));
            (order.into(), line.into())
        });
        Spec {
            filter: self.filter.clone().unwrap_or_default(),
            sequence: self.sequence.clone().unwrap_or_default(),
            first: first.collect(),
            segments: self.segment.clone(),
            otherwise: self.otherwise,
            locked: self.lock.clone(),
            kept: self.keep.clone(),
            fallback: self.fallback,
        }
    }
}

/// Loads, promises, promises again, compares.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let opened = data::snapshot(&args.snapshot)?;
    let steps = whatif::steps(&args.orders, &opened.snapshot)?;
    let asked = whatif::asked(&steps);
    let before = whatif::promise_all(World::new(Arc::new(opened.snapshot)), &steps)?;
    let changes = args.change.as_deref().map(whatif::changes).transpose()?.unwrap_or_default();
    let path = args.change.as_deref().unwrap_or(Path::new("changes"));
    let changed = whatif::changed(path, &before, &changes)?;
    let objective = args
        .most_value
        .map_or(Objective::Sequence, |seconds| Objective::MostValue(Duration::from_secs(seconds)));
    let run = runs::run(&changed, &args.spec(), objective, |found| whatif::asked_of(&asked, found));
    let result = compare::compare(&before, &run.world);
    let mut out = output::stdout();
    let view = View { most: args.most, by: args.by.clone() };
    compared::write(&mut out, args.format, &result, &view)?;
    out.flush()?;
    tell(&run, objective)
}

/// What a person wants to know of the run itself.
fn tell(run: &Run, objective: Objective) -> Result<(), Failure> {
    let mut err = std::io::stderr().lock();
    let word = |strategy: &Strategy| {
        STRATEGIES.iter().find(|(_, other)| other == strategy).map_or("", |(word, _)| word)
    };
    let counts: Vec<_> =
        run.strategies.iter().map(|(strategy, n)| format!("{n} {}", word(strategy))).collect();
    let parts = output::count(run.parts as u64, "independent part");
    let lines = output::count(run.changed.len() as u64, "line");
    writeln!(err, "{lines} promised again in {parts}: {}", counts.join(", "))?;
    let missed: Vec<_> = run
        .cannot_win()
        .map(|line| format!("{}/{}", line.before.facts.order, line.before.facts.line))
        .collect();
    if !missed.is_empty() {
        let named = missed.iter().take(10).cloned().collect::<Vec<_>>().join(", ");
        let lines = output::count(missed.len() as u64, "line");
        writeln!(
            err,
            "{lines} cannot win: {named}{}",
            if 10 < missed.len() { ", .." } else { "" }
        )?;
    }
    if objective != Objective::Sequence {
        let (given, found) = run.value;
        writeln!(
            err,
            "profit {given} by the sequence given, {found} found: {} more",
            found - given
        )?;
    }
    Ok(())
}
