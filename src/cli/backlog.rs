//! `promised backlog`: the orders of a file, or a server's promises, promised again by other priorities.

use super::{
    compared::{self, Extent, LinesShown},
    data,
    failure::Failure,
    keep, money,
    output::{self, AnswerFormat},
    progress,
    remote::Remote,
    render, runs, simulate, whatif,
};
use crate::{
    backlog::{
        Filter, Sequence, attribute,
        spec::{FALLBACKS, STRATEGIES},
    },
    compare::{self, Grouping},
    engine::backlog::{self as planning, RunGoal},
    ledger::World,
    promising::patience::Patience,
    rpc::{self, proto},
    snapshot::row::choice,
};
use proto::run_backlog_request::Segment;
use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

const EXAMPLES: &str = "\
Examples:
  promised backlog SNAPSHOT ORDERS --sequence demand_class,priority,requested_date
      all orders pooled and served anew, class by class
  promised backlog SNAPSHOT ORDERS --segment win:demand_class=KEY --segment fill:demand_class=WEB --otherwise gain
      key accounts win, the web may lose to them, nobody else gets worse
  promised backlog SNAPSHOT ORDERS --change changes.csv --first SO-7 --first SO-9/2
      after changes of the snapshot; two orders before all others
  promised backlog SNAPSHOT ORDERS --most-value 10s
      looks ten seconds for a better sequence
  promised backlog --server http://127.0.0.1:50051 --change changes.csv --segment win:demand_class=KEY --apply
      the same with the live promises of a server, and makes it live in one step; without --apply it is
      only shown. Ctrl-C stops it there too
  promised backlog --server http://127.0.0.1:50051 --saved night
      a run that the server's configuration names ([[run]]); its result is kept for three days
  promised backlog --server http://127.0.0.1:50051 --runs
      the runs under way and those that have ended, and the runs that the configuration names
  promised backlog --server http://127.0.0.1:50051 --stop S1-7
      stops a run that is under way

The orders of a file are first promised in file order without the changes: that is the before. Strategies are win,
gain, redistribute, fill, lose. A filter is conditions separated by spaces, such as
\"demand_class=KEY|GOLD priority<=2 requested_date<2026-12-01\"; a sequence is attributes separated by commas,
- before one that goes down.
Attributes: ";

/// Examples, and what lines can be told apart by.
fn help() -> String {
    format!("{EXAMPLES}{}.", attribute::words())
}

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = help())]
pub(super) struct Args {
    /// The snapshot: a directory with manifest.json and its tables
    #[arg(value_name = "SNAPSHOT", required_unless_present = "server")]
    snapshot: Option<PathBuf>,
    /// The order lines: a .csv or .parquet file
    #[arg(value_name = "ORDERS", required_unless_present = "server")]
    orders: Option<PathBuf>,
    /// Runs on the promises of this server instead, in a scenario of its own
    #[arg(
        long, value_name = "URL", num_args = 0..=1, default_missing_value = "",
        conflicts_with_all = ["snapshot", "orders"]
    )]
    server: Option<String>,
    /// Makes the outcome live at once, with the changes; where live moves on meanwhile it is done again
    #[arg(long, requires = "server")]
    apply: bool,
    /// Runs what the server's configuration names so, and keeps the result there
    #[arg(
        long,
        value_name = "NAME",
        requires = "server",
        default_value = "",
        hide_default_value = true
    )]
    saved: String,
    /// Shows the runs of the server
    #[arg(long, requires = "server", conflicts_with_all = ["apply", "change", "stop"])]
    runs: bool,
    /// Stops a run of the server
    #[arg(long, value_name = "RUN", requires = "server", conflicts_with_all = ["apply", "change"])]
    stop: Option<String>,
    /// Changes of the snapshot before the run: a .csv or .parquet file
    #[arg(long, value_name = "CHANGES")]
    change: Option<PathBuf>,
    /// Which lines are promised again [default: all]
    #[arg(long, value_name = "FILTER", value_parser = filter)]
    filter: Option<String>,
    /// In which order [default: priority,requested_date]
    #[arg(long, value_name = "SEQUENCE", value_parser = sequence, allow_hyphen_values = true)]
    sequence: Option<String>,
    /// An order, or a line of one, that comes before all others; may be given several times
    #[arg(long, value_name = "ORDER[/LINE]")]
    first: Vec<String>,
    /// Lines that share a strategy; the first that fits holds
    #[arg(long, value_name = "STRATEGY:FILTER", value_parser = segment)]
    segment: Vec<Segment>,
    /// The strategy of all other lines [default: redistribute]
    #[arg(long, value_name = "STRATEGY", value_parser = strategy)]
    otherwise: Option<String>,
    /// Lines that stay as they are
    #[arg(long, value_name = "FILTER", value_parser = filter)]
    lock: Vec<String>,
    /// Lines that may not become better
    #[arg(long, value_name = "FILTER", value_parser = filter)]
    keep: Vec<String>,
    /// What becomes of a line that is to win and cannot: gain or keep [default: gain]
    #[arg(long, value_name = "FALLBACK", value_parser = fallback)]
    fallback: Option<String>,
    /// Looks for a sequence worth more, for so long: 10s, 5m, or so many seconds
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    most_value: Option<u32>,
    /// Tables by demand_class, customer, item, location; separated by commas
    #[arg(long, value_name = "BY", value_delimiter = ',', default_value = "demand_class", value_parser = simulate::dimension)]
    by: Vec<Grouping>,
    /// Lines and groups shown of each kind
    #[arg(long, value_name = "N", default_value_t = 20)]
    most: u32,
    /// How the answer is shown; csv and json are for programs
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: AnswerFormat,
}

// Texts are read here to refuse wrong ones; the run itself reads them again, as a server does.

fn strategy(word: &str) -> Result<String, String> {
    choice(STRATEGIES, word).map_err(|expected| format!("{expected} is expected"))?;
    Ok(word.to_string())
}

fn fallback(word: &str) -> Result<String, String> {
    choice(FALLBACKS, word).map_err(|expected| format!("{expected} is expected"))?;
    Ok(word.to_string())
}

/// Whole seconds, at most an hour of them.
fn seconds(text: &str) -> Result<u32, String> {
    let bare = text.parse().ok().map(Duration::from_secs);
    let time = bare.map_or_else(|| keep::time(text), Ok)?;
    let whole = u32::try_from(time.as_secs()).ok().filter(|n| (1..=3_600).contains(n));
    whole.ok_or_else(|| "1s to 1h are expected".to_string())
}

fn filter(text: &str) -> Result<String, String> {
    Filter::parse(text).map(|_| text.to_string())
}

fn sequence(text: &str) -> Result<String, String> {
    Sequence::parse(text).map(|_| text.to_string())
}

fn segment(text: &str) -> Result<Segment, String> {
    let (word, rest) = text.split_once(':').unwrap_or((text, ""));
    Ok(Segment { strategy: strategy(word)?, filter: filter(rest)? })
}

impl Args {
    fn view(&self) -> Extent {
        Extent { most: self.most, lines: LinesShown::Shown, by: self.by.clone() }
    }

    /// What is asked for, as a server is asked.
    fn request(&self) -> proto::RunBacklogRequest {
        let limits = self.view().limits(self.format);
        proto::RunBacklogRequest {
            scenario_id: String::new(),
            filter: self.filter.clone().unwrap_or_default(),
            sequence: self.sequence.clone().unwrap_or_default(),
            first: self.first.clone(),
            segments: self.segment.clone(),
            otherwise: self.otherwise.clone().unwrap_or_default(),
            lock: self.lock.clone(),
            keep: self.keep.clone(),
            fallback: self.fallback.clone().unwrap_or_default(),
            most_value_seconds: self.most_value.unwrap_or(0),
            apply: self.apply,
            request_id: String::new(),
            lines_max: limits.lines,
            groups_max: limits.groups,
            saved: self.saved.clone(),
        }
    }
}

/// Promises again and compares, here or there.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    if let Some(url) = args.server.as_ref().filter(|_| args.runs) {
        return runs::show(url, args.format);
    }
    if let (Some(url), Some(run_id)) = (&args.server, &args.stop) {
        return runs::stop(url, run_id, args.format);
    }
    let ran = match (&args.server, &args.snapshot, &args.orders) {
        (Some(url), ..) => there(args, url)?,
        (None, Some(snapshot), Some(orders)) => here(args, snapshot, orders)?,
        (None, ..) => unreachable!("clap asks for one of them"),
    };
    let mut out = output::stdout();
    let compared = ran.compared.clone().unwrap_or_default();
    compared::write(&mut out, args.format, &compared, &args.view())?;
    out.flush()?;
    tell(&ran, args.most_value)?;
    if !args.saved.is_empty() {
        writeln!(std::io::stderr(), "kept as scenario {}", ran.run_id)?;
    }
    match ran.applied {
        None => {
            let after = if args.server.is_some() { "; --apply makes it live" } else { "" };
            writeln!(
                std::io::stderr(),
                "a what-if, nothing was promised and nothing has changed{after}"
            )?;
            Ok(())
        }
        Some(applied) if applied.applied => {
            writeln!(std::io::stderr(), "applied: live since position {}", applied.sequence)?;
            Ok(())
        }
        Some(applied) => Err(Failure::new(
            format!("not applied: {} {}", applied.why, applied.unfit_promise_ids.join(" ")),
            "run it again",
        )),
    }
}

/// Runs on the promises of a server.
fn there(args: &Args, url: &str) -> Result<proto::RunBacklogResponse, Failure> {
    let changes = args.change.as_deref().map(whatif::changes).transpose()?.unwrap_or_default();
    let mut remote = Remote::connect(url)?;
    // A saved run without changes has a scenario of its own, which is kept.
    let is_kept = !args.saved.is_empty();
    let scenario_id = match changes.as_slice() {
        [] if is_kept => String::new(),
        changes => remote.scenario("promised backlog", changes)?,
    };
    let request = proto::RunBacklogRequest { scenario_id: scenario_id.clone(), ..args.request() };
    let ran = remote.run(request);
    if ran.is_err() && !scenario_id.is_empty() {
        return remote.discarding(&scenario_id, ran);
    }
    let mut run = ran?;
    if !args.apply && !is_kept {
        remote.discard(std::mem::take(&mut run.run_id))?;
    }
    Ok(run)
}

/// Loads, promises in file order, makes the changes, promises again.
fn here(args: &Args, snapshot: &Path, orders: &Path) -> Result<proto::RunBacklogResponse, Failure> {
    let request = args.request();
    let spec = rpc::backlog::spec(&request).map_err(|refused| {
        Failure::new(refused, "promised backlog --help shows what filters and sequences look like")
    })?;
    let opened = data::snapshot(snapshot)?;
    let unknown: Vec<_> = spec
        .unknown(&opened.snapshot)
        .into_iter()
        .map(|(field, text)| format!("{field}: {text}"))
        .collect();
    if !unknown.is_empty() {
        return Err(Failure::new(unknown.join("; "), "name keys of the snapshot"));
    }
    let steps = whatif::steps(orders, &opened)?;
    let changes = whatif::given(args.change.as_deref(), &opened.formats)?;
    let before = whatif::promise_all(World::new(Arc::new(opened.snapshot)), &steps)?;
    let changed = whatif::changed(&before, &changes)?;
    let seconds = args.most_value.map(|seconds| Duration::from_secs(seconds.into()));
    let objective = seconds.map_or(RunGoal::Sequence, RunGoal::MostValue);
    let patience = Patience::endless().telling();
    let bar = progress::work("promising again");
    let run = bar.over(&patience, || planning::run_within(&changed, &spec, objective, &patience));
    drop(bar);
    let patience = Patience::endless().telling();
    let compared = progress::work("comparing")
        .over(&patience, || compare::compare_within(&before, &run.world, &patience));
    let told = rpc::compared::told(&compared, args.view().limits(args.format));
    Ok(proto::RunBacklogResponse { compared: Some(told), ..rpc::backlog::told(&run) })
}

/// What a person wants to know of the run itself.
fn tell(run: &proto::RunBacklogResponse, most_value: Option<u32>) -> Result<(), Failure> {
    let mut err = std::io::stderr().lock();
    let served = STRATEGIES
        .iter()
        .filter_map(|(word, _)| run.strategies.get(*word).map(|lines| format!("{lines} {word}")));
    let counts: Vec<_> = served.collect();
    let parts = output::count(run.parts.into(), "independent part");
    let lines = output::count(run.lines.into(), "line");
    writeln!(err, "{lines} promised again in {parts}: {}", counts.join(", "))?;
    if !run.cannot_win.is_empty() {
        const NAMED: usize = 10;
        let named = run.cannot_win.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        let lines = output::count(run.cannot_win.len() as u64, "line");
        let more = if NAMED < run.cannot_win.len() { ", .." } else { "" };
        writeln!(err, "{lines} cannot win: {}{more}", render::printable(&named))?;
    }
    if most_value.is_some() {
        let (given, found) = (run.value_given, run.value_found);
        let currency = run.compared.as_ref().map_or("", |compared| compared.currency.as_str());
        let [given, found, more] =
            [given, found, found - given].map(|amount| money::with_currency(amount, currency));
        writeln!(err, "profit {given} by the sequence given, {found} found: {more} more")?;
    }
    Ok(())
}
