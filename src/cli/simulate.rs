//! `promised simulate`: an orders file against a snapshot with changes, compared with the same without.

use super::{
    compared::{self, Extent, LinesShown},
    data,
    failure::Failure,
    output::{self, AnswerFormat},
    plot,
    remote::Remote,
    vary::{self, VaryRow},
    whatif,
};
use crate::{
    change::Vary,
    compare::{self, Grouping},
    ledger::World,
    rpc::{self, proto},
};
use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised simulate snapshots/adventureworks snapshots/adventureworks/orders.csv --change changes.csv --compare
      who is better and who is worse off, and the figures in sum
  promised simulate SNAPSHOT ORDERS --change changes.csv --compare --by customer,demand_class --most 5
      the same with tables by customer and by class, the five largest differences of each
  promised simulate SNAPSHOT ORDERS --vary supply:PO-4711:-7d..+14d --plot slip.svg
      what each day that a purchase order comes sooner or later costs or brings
  promised simulate SNAPSHOT ORDERS --vary share:RULE/KEY/2026-11-23:0..60:10 --by demand_class --plot share.svg
      the share of a class against the lateness of the others
  promised simulate --server http://127.0.0.1:50051 --change changes.csv --compare
      which live promises of a server would be at risk
  promised simulate --server http://127.0.0.1:50051 --vary supply:PO-4711:-7d..+14d
      what each day would mean for the live promises of a server, promised again with each value

A row of changes.csv is a kind of change and its cells, in the keys of the snapshot's tables:
  change,supply,item,location,date,days,quantity
  supply_moved,PO-4711,,,,14,
  on_hand_adjusted,,PUMP,BER,,,-5
Orders are promised in file order, once without the changes and once with them.
--vary takes supply:ID:DAYS, on_hand:ITEM/LOCATION:UNITS, capacity:RESOURCE:HOURS (more or less a
working day), capacity:LOCATION:LINES (order lines a day), lead_time:SUPPLIER/ITEM:DAYS,
share:RULE/CLASS/DATE:VALUE; a range is FROM..TO or FROM..TO:STEP.")]
pub(super) struct Args {
    /// The snapshot: a directory with manifest.json and its tables
    #[arg(value_name = "SNAPSHOT", required_unless_present = "server")]
    snapshot: Option<PathBuf>,
    /// The order lines: a .csv or .parquet file
    #[arg(value_name = "ORDERS", required_unless_present = "server")]
    orders: Option<PathBuf>,
    /// Looks what the changes would do to the promises of this server instead; live is not touched
    #[arg(
        long, value_name = "URL", num_args = 0..=1, default_missing_value = "",
        conflicts_with_all = ["snapshot", "orders"]
    )]
    server: Option<String>,
    /// The changes: a .csv or .parquet file
    #[arg(long, value_name = "CHANGES")]
    change: Option<PathBuf>,
    /// Shows who is better and who is worse off; without it the figures alone
    #[arg(long)]
    compare: bool,
    /// Tables by demand_class, customer, item, location; separated by commas. With --vary the first of them
    /// gives two columns a group
    #[arg(long, value_name = "BY", value_delimiter = ',', value_parser = dimension)]
    by: Vec<Grouping>,
    /// Lines and groups shown of each kind
    #[arg(long, value_name = "N", default_value_t = 20)]
    most: u32,
    /// One parameter over a range, and the figures for each of its values
    #[arg(long, value_name = "WHAT:KEY:RANGE", value_parser = Vary::parse, allow_hyphen_values = true)]
    vary: Option<Vary>,
    /// Draws service, lateness, money and service against cost over --vary into an SVG file; with --by also
    /// for each group
    #[arg(long, value_name = "FILE", requires = "vary")]
    plot: Option<PathBuf>,
    /// How the answer is shown; csv and json are for programs
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: AnswerFormat,
}

/// Reads a dimension of an argument.
pub(super) fn dimension(word: &str) -> Result<Grouping, String> {
    let words: Vec<_> = Grouping::ALL.iter().map(|dimension| dimension.word()).collect();
    let found = Grouping::ALL.into_iter().find(|dimension| dimension.word() == word);
    found.ok_or_else(|| format!("one of {} is expected", words.join(", ")))
}

impl Args {
    fn view(&self) -> Extent {
        let lines = if self.compare { LinesShown::Shown } else { LinesShown::Counted };
        let by = match self.by.as_slice() {
            [] if self.compare => vec![Grouping::Customer],
            by => by.to_vec(),
        };
        Extent { most: self.most, lines, by }
    }
}

/// Looks what changes would do, to an orders file or to a server's promises.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let compared = match (&args.server, &args.snapshot, &args.orders) {
        (Some(url), ..) => there(args, url)?,
        (None, Some(snapshot), Some(orders)) => here(args, snapshot, orders)?,
        (None, ..) => unreachable!("clap asks for one of them"),
    };
    let mut out = output::stdout();
    if let Some(compared) = compared {
        compared::write(&mut out, args.format, &compared, &args.view())?;
    }
    out.flush()?;
    writeln!(std::io::stderr(), "a what-if, nothing was promised and nothing has changed")?;
    Ok(())
}

/// Writes the table of --vary, and draws it.
fn varied(
    args: &Args,
    (parameter, currency): (&Vary, &str),
    table: &[VaryRow],
) -> Result<(), Failure> {
    let mut out = output::stdout();
    vary::write(&mut out, args.format, (parameter, currency), table)?;
    out.flush()?;
    args.plot.as_ref().map_or(Ok(()), |path| plot::draw(path, parameter, table))
}

/// Tries the changes, or the values of a parameter, in a scenario of a server; of values the table is shown.
fn there(args: &Args, url: &str) -> Result<Option<proto::CompareResponse>, Failure> {
    if args.change.is_none() && args.vary.is_none() {
        return Err(Failure::Misused {
            cause: "there is nothing to try on the server".to_string(),
            mend: "--change FILE, or --vary WHAT:KEY:RANGE".to_string(),
        });
    }
    let changes = args.change.as_deref().map(whatif::changes).transpose()?.unwrap_or_default();
    let mut remote = Remote::connect(url)?;
    if let Some(parameter) = &args.vary {
        let scenario_id = match changes.as_slice() {
            [] => String::new(),
            changes => remote.scenario("promised simulate", changes)?,
        };
        let by = args.by.first().map(|by| by.word().to_string()).unwrap_or_default();
        let request = proto::VaryRequest {
            scenario_id: scenario_id.clone(),
            parameter: parameter.text().to_string(),
            by,
            run: Some(proto::RunBacklogRequest::default()),
            ..proto::VaryRequest::default()
        };
        let table = match scenario_id.as_str() {
            "" => remote.vary(request)?,
            id => {
                let table = remote.vary(request);
                remote.discarding(id, table)?
            }
        };
        let currency = table.first().map(|row| row.currency.clone()).unwrap_or_default();
        let table: Vec<_> = table.into_iter().map(VaryRow::of).collect();
        varied(args, (parameter, &currency), &table)?;
        return Ok(None);
    }
    let scenario_id = remote.scenario("promised simulate", &changes)?;
    let limits = args.view().limits(args.format);
    let compared = remote.compare(proto::CompareRequest {
        scenario_id: scenario_id.clone(),
        with_scenario_id: String::new(),
        lines_max: limits.lines,
        groups_max: limits.groups,
    });
    remote.discarding(&scenario_id, compared).map(Some)
}

/// Loads, promises twice, compares; or shows the table of --vary, and nothing is left to be shown.
fn here(
    args: &Args,
    snapshot: &Path,
    orders: &Path,
) -> Result<Option<proto::CompareResponse>, Failure> {
    let opened = data::snapshot(snapshot)?;
    let steps = whatif::steps(orders, &opened)?;
    let changes = whatif::given(args.change.as_deref(), &opened.formats)?;
    let live = World::new(Arc::new(opened.snapshot));
    let changed = whatif::changed(&live, &changes)?;
    if let Some(parameter) = &args.vary {
        let orders: Vec<_> = steps.into_iter().map(|step| (step.request, step.query)).collect();
        let table = vary::table(&changed, &orders, parameter, args.by.first().copied())?;
        varied(args, (parameter, changed.snapshot.currency()), &table)?;
        return Ok(None);
    }
    let before = whatif::promise_all(live, &steps)?;
    let after = whatif::promise_all(changed, &steps)?;
    let result = compare::compare(&before, &after);
    Ok(Some(rpc::compared::told(&result, args.view().limits(args.format))))
}
