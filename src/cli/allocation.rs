//! `promised allocation`: what became of the shares of an item at a location, by period and class.

use super::{
    book::Book,
    data,
    failure::Failure,
    output,
    render::{self, Align, Mood, cell},
    stream,
};
use crate::{
    model::{Index, Quantity},
    promising::allocation::{self, AllocationTable, Form, NodeRow, Period},
    rpc,
    snapshot::{ClassIx, ItemIx, LocationIx, Names, Snapshot, allocation::Method},
};
use comfy_table::Cell;
use std::{io::Write, path::PathBuf};

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised allocation snapshots/allocation-demo BK-M82S-42 --location PLANT
      who was given what share, who took it, what is left
  promised allocation snapshots/allocation-demo BK-M82S-42 --location PLANT --orders snapshots/allocation-demo/orders.csv
      the same after the lines of a file are promised
  promised allocation snapshots/allocation-demo BK-M82S-42 --location PLANT --format csv
      for programs

A share adds up: brought from the period before + allocated + produced + shifted - consumed by its own
class - taken by others = left. Under percentages of what is left, protected units and caps, allocated is
what the rule says and left is what the class may still have.")]
pub(super) struct Args {
    /// The snapshot: a directory with manifest.json and its tables
    #[arg(value_name = "SNAPSHOT")]
    snapshot: PathBuf,
    /// The item
    #[arg(value_name = "ITEM")]
    item: String,
    /// The location
    #[arg(long, value_name = "L")]
    location: String,
    /// Order lines to promise first, in file order
    #[arg(long, value_name = "ORDERS")]
    orders: Option<PathBuf>,
    /// How it is shown; csv and json are for programs
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: output::Format,
}

/// Loads the snapshot, promises what is to be promised, and shows the shares.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let snapshot = data::snapshot(&args.snapshot)?.snapshot;
    let item = data::find(&snapshot.items.names, &args.item, "items")?;
    let location = data::find(&snapshot.locations.names, &args.location, "locations")?;
    let mut book = Book::open(snapshot);
    if let Some(path) = &args.orders {
        let requests = stream::requests(data::orders(path)?, None, 0);
        for step in stream::resolve(path, &book.world().snapshot, requests)? {
            book.promise(&step)?;
        }
    }
    let world = book.world();
    let Some(table) = allocation::table(world, item, location) else {
        return Err(Failure::new(
            format!("no allocation rule holds for {} at {}", args.item, args.location),
            "a row of allocation_assignments that fits, or another item or location",
        ));
    };
    let mut out = output::stdout();
    match args.format {
        output::Format::Table => show(&mut out, &world.snapshot, (item, location), &table)?,
        output::Format::Csv => csv(&mut out, &world.snapshot, (item, location), &table)?,
        output::Format::Json => {
            let answer = rpc::allocation::answer(world, item, location);
            writeln!(out, "{}", rpc::to_json(&answer))?;
        }
    }
    out.flush()?;
    Ok(())
}

fn show(
    out: &mut impl Write,
    snapshot: &Snapshot,
    (item, location): (ItemIx, LocationIx),
    table: &AllocationTable,
) -> Result<(), Failure> {
    let (item, location) =
        (snapshot.items.names.name(item), snapshot.locations.names.name(location));
    let rule = snapshot.allocation.names.name(table.rule);
    let title = format!("{item} at {location}, rule {rule}");
    writeln!(out, "{}", render::printable(&title))?;
    for period in &table.periods {
        let epoch = snapshot.epoch();
        let (from, to) = (epoch.date(period.from), epoch.date(period.until.plus(-1)));
        writeln!(out, "\n{from} to {to}")?;
        write!(out, "{}", period_table(snapshot, period))?;
    }
    Ok(())
}

/// Columns that are left out where they are nothing in every row.
type Optional = (&'static str, fn(&NodeRow) -> Quantity);

const OPTIONAL: [Optional; 3] = [
    ("brought", |row| row.brought),
    ("produced", |row| row.produced),
    ("shifted", |row| row.shifted),
];

fn period_table(snapshot: &Snapshot, period: &Period) -> String {
    let used: Vec<&Optional> = OPTIONAL
        .iter()
        .filter(|(_, value)| period.rows.iter().any(|row| value(row) != Quantity::ZERO))
        .collect();
    let mut columns = vec![
        ("class", Align::Left),
        ("rank", Align::Right),
        ("rule", Align::Left),
        ("allocated", Align::Right),
    ];
    columns.extend(used.iter().map(|(name, _)| (*name, Align::Right)));
    columns.extend([
        ("own", Align::Right),
        ("left", Align::Right),
        ("taken by others", Align::Left),
        ("took from others", Align::Left),
    ]);
    let line = |row: &NodeRow| -> Vec<Cell> {
        let depth = snapshot.classes.tree.depth(row.class);
        let name = format!("{}{}", "  ".repeat(depth), snapshot.classes.names.name(row.class));
        let mood = if row.left.is_positive() { Mood::Good } else { Mood::Bad };
        let mut cells = vec![
            cell(name, None),
            cell(snapshot.classes.rows[row.class].rank, None),
            cell(rule_words(row), None),
            cell(row.allocated, None),
        ];
        cells.extend(used.iter().map(|(_, value)| cell(value(row), None)));
        let by = row.taken_by.iter().map(|&(class, part)| (class, part));
        let from = row.took_from.iter().map(|&(class, part)| (Some(class), part));
        cells.extend([
            cell(row.consumed, None),
            cell(row.left, Some(mood)),
            cell(list(&snapshot.classes.names, by), None),
            cell(list(&snapshot.classes.names, from), None),
        ]);
        cells
    };
    render::table(&columns, period.rows.iter().map(line))
}

/// "20 percent", "at most 50", "50 kept".
fn rule_words(row: &NodeRow) -> String {
    let Some((method, value)) = row.share else {
        return String::new();
    };
    match (row.form, method) {
        (Form::Protect, _) => format!("{value} kept"),
        (Form::Cap, _) => format!("at most {value}"),
        (Form::Remaining, _) => format!("{value} percent of what is left"),
        (Form::Share, Method::Percent) => format!("{value} percent"),
        (Form::Share, Method::Ratio) => format!("ratio {value}"),
        (Form::Share, Method::Quantity) => format!("{value} units"),
    }
}

/// "20 Northeast, 3 (no class)".
fn list<I: Index>(names: &Names<I>, parts: impl Iterator<Item = (Option<I>, Quantity)>) -> String {
    let word = |(class, part): (Option<I>, Quantity)| {
        format!("{part} {}", class.map_or("(no class)", |class| names.name(class)))
    };
    parts.map(word).collect::<Vec<_>>().join(", ")
}

fn csv(
    out: &mut impl Write,
    snapshot: &Snapshot,
    (item, location): (ItemIx, LocationIx),
    table: &AllocationTable,
) -> Result<(), Failure> {
    let mut csv = csv::Writer::from_writer(out);
    let header = "item,location,rule,from,to,demand_class,kind,method,value,brought,allocated,produced,\
                  shifted,consumed,taken_by,took_from,left";
    csv.write_record(header.split(',')).map_err(output::csv_failure)?;
    let names = &snapshot.classes.names;
    let date = |day| snapshot.epoch().date(day).to_string();
    for period in &table.periods {
        for row in &period.rows {
            let by = row.taken_by.iter().map(|&(class, part)| (class, part));
            let from = row.took_from.iter().map(|&(class, part)| (Some(class), part));
            let (method, value) = method_words(row);
            let fields = [
                snapshot.items.names.name(item).to_string(),
                snapshot.locations.names.name(location).to_string(),
                snapshot.allocation.names.name(table.rule).to_string(),
                date(period.from),
                date(period.until.plus(-1)),
                names.name(row.class).to_string(),
                kind_word(row.form).to_string(),
                method.to_string(),
                value,
                row.brought.to_string(),
                row.allocated.to_string(),
                row.produced.to_string(),
                row.shifted.to_string(),
                row.consumed.to_string(),
                pairs(names, by),
                pairs(names, from),
                row.left.to_string(),
            ];
            csv.write_record(fields).map_err(output::csv_failure)?;
        }
    }
    csv.flush()?;
    Ok(())
}

/// `Northeast=20;=3`: classes and quantities in one cell.
fn pairs(
    names: &Names<ClassIx>,
    parts: impl Iterator<Item = (Option<ClassIx>, Quantity)>,
) -> String {
    let word = |(class, part): (Option<ClassIx>, Quantity)| {
        format!("{}={part}", class.map_or("", |class| names.name(class)))
    };
    parts.map(word).collect::<Vec<_>>().join(";")
}

fn method_words(row: &NodeRow) -> (&'static str, String) {
    match row.share {
        None => ("", String::new()),
        Some((Method::Percent, value)) => ("percent", value.to_string()),
        Some((Method::Ratio, value)) => ("ratio", value.to_string()),
        Some((Method::Quantity, value)) => ("quantity", value.to_string()),
    }
}

fn kind_word(form: Form) -> &'static str {
    match form {
        Form::Share => "share",
        Form::Remaining => "remaining",
        Form::Protect => "protect",
        Form::Cap => "cap",
    }
}
