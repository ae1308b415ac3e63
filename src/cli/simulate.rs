//! `promised simulate`: an orders file against a snapshot with changes, compared with the same without.

use super::{
    compared::{self, View},
    data,
    failure::Failure,
    output::{self, Format},
    vary::{self, Vary},
    whatif,
};
use crate::{
    compare::{self, Dimension},
    ledger::World,
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

A row of changes.csv is a kind of change and its cells, in the keys of the snapshot's tables:
  change,supply,item,location,date,days,quantity
  supply_moved,PO-4711,,,,14,
  on_hand_adjusted,,PUMP,BER,,,-5
Orders are promised in file order, once without the changes and once with them.
--vary takes supply:ID:DAYS, on_hand:ITEM/LOCATION:UNITS, capacity:RESOURCE:HOURS (more or less a
working day), lead_time:SUPPLIER/ITEM:DAYS, share:RULE/CLASS/DATE:VALUE; a range is FROM..TO or
FROM..TO:STEP.")]
pub(super) struct Args {
    /// The snapshot: a directory with manifest.json and its tables
    #[arg(value_name = "SNAPSHOT")]
    snapshot: PathBuf,
    /// The order lines: a .csv or .parquet file
    #[arg(value_name = "ORDERS")]
    orders: PathBuf,
    /// The changes: a .csv or .parquet file
    #[arg(long, value_name = "CHANGES")]
    change: Option<PathBuf>,
    /// Shows who is better and who is worse off; without it the figures alone
    #[arg(long)]
    compare: bool,
    /// Tables by demand_class, customer, item, location; separated by commas
    #[arg(long, value_name = "BY", value_delimiter = ',', value_parser = dimension)]
    by: Vec<Dimension>,
    /// Lines and groups shown of each kind
    #[arg(long, value_name = "N", default_value_t = 20)]
    most: usize,
    /// One parameter over a range, and the figures for each of its values
    #[arg(long, value_name = "WHAT:KEY:RANGE", value_parser = vary::parse, allow_hyphen_values = true)]
    vary: Option<Vary>,
    /// Draws the figures of --vary into an SVG file
    #[arg(long, value_name = "FILE", requires = "vary")]
    plot: Option<PathBuf>,
    /// How the answer is shown; csv and json are for programs
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

/// Reads a dimension of an argument.
pub(super) fn dimension(word: &str) -> Result<Dimension, String> {
    let words: Vec<_> = Dimension::ALL.iter().map(|dimension| dimension.word()).collect();
    let found = Dimension::ALL.into_iter().find(|dimension| dimension.word() == word);
    found.ok_or_else(|| format!("one of {} is expected", words.join(", ")))
}

/// Loads, promises twice, compares.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let opened = data::snapshot(&args.snapshot)?;
    let steps = whatif::steps(&args.orders, &opened.snapshot)?;
    let live = World::new(Arc::new(opened.snapshot));
    let changes = args.change.as_deref().map(whatif::changes).transpose()?.unwrap_or_default();
    let path = args.change.as_deref().unwrap_or(Path::new("changes"));
    let changed = whatif::changed(path, &live, &changes)?;
    let mut out = output::stdout();
    if let Some(parameter) = &args.vary {
        let table = vary::table(&changed, &steps, parameter)?;
        vary::write(&mut out, args.format, parameter, &table)?;
        if let Some(plot) = &args.plot {
            vary::plot(plot, parameter, &table)?;
        }
        out.flush()?;
        return Ok(());
    }
    let before = whatif::promise_all(live, &steps)?;
    let after = whatif::promise_all(changed, &steps)?;
    let result = compare::compare(&before, &after);
    let most = if args.compare { args.most } else { 0 };
    let by = if args.by.is_empty() && args.compare {
        vec![Dimension::Customer]
    } else {
        args.by.clone()
    };
    compared::write(&mut out, args.format, &result, &View { most, by })?;
    out.flush()?;
    Ok(())
}
