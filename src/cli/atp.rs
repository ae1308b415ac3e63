//! `promised atp`: the time-phased table of an item, as the snapshot has it, a bar a day.

use super::{
    data,
    failure::Failure,
    output,
    render::{self, Align, Mood, bar, cell},
};
use crate::{
    ledger::World,
    model::{Day, Quantity},
    promising::availability::{self, Asked, DayRow},
    snapshot::{ItemIx, LocationIx, Snapshot},
};
use jiff::civil::Date;
use std::{io::Write, path::PathBuf, sync::Arc};

/// Characters of the longest bar.
const BAR_WIDTH: usize = 24;

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised atp snapshots/tiny VALVE --location HAM
      supply, demand, balance and what can be promised, day by day
  promised atp snapshots/adventureworks BK-M68B-38 --days 28
      four weeks, at every location that keeps the item
  promised atp snapshots/tiny VALVE --from 2026-11-27 --days 7 --format csv
      a week for programs

On hand counts as supply of the first day. The balance may be negative; available is what can be
promised on a day without taking it from a later commitment.")]
pub(super) struct Args {
    /// The snapshot: a directory with manifest.json and its tables
    #[arg(value_name = "SNAPSHOT")]
    snapshot: PathBuf,
    /// The item
    #[arg(value_name = "ITEM")]
    item: String,
    /// Only this location [default: every location that keeps or makes the item]
    #[arg(long, value_name = "L")]
    location: Option<String>,
    /// The demand class that asks: what is available is what it may take by the item's allocation rule
    #[arg(long, value_name = "C")]
    class: Option<String>,
    /// The first day, such as 2026-11-23 [default: the snapshot's as_of]
    #[arg(long, value_name = "D", value_parser = output::date)]
    from: Option<Date>,
    /// How many days, at most to the end of the horizon
    #[arg(long, value_name = "N", default_value_t = 14, value_parser = clap::value_parser!(u16).range(1..))]
    days: u16,
    /// How it is shown; csv and json are for programs
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: output::Format,
}

/// The table of one location.
struct Place {
    location: String,
    rows: Vec<DayRow>,
}

/// Loads the snapshot and shows the item's tables.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let snapshot = data::snapshot(&args.snapshot)?.snapshot;
    let item = data::find(&snapshot.items.names, &args.item, "items")?;
    let locations = locations(&snapshot, item, args)?;
    let class = match &args.class {
        Some(class) => Some(data::find(&snapshot.classes.names, class, "demand_classes")?),
        None => None,
    };
    let (from, n_days) = days(&snapshot, args)?;
    let world = World::new(Arc::new(snapshot));
    let place = |location: &LocationIx| Place {
        location: world.snapshot.locations.names.name(*location).to_string(),
        rows: rows(&world, Asked { item, location: *location, class }, (from, n_days)),
    };
    let places: Vec<Place> = locations.iter().map(place).collect();
    let mut out = output::stdout();
    match args.format {
        output::Format::Table => table(&mut out, &world.snapshot, item, &places)?,
        output::Format::Csv => csv(&mut out, &world.snapshot, &args.item, &places)?,
        output::Format::Json => json(&mut out, &world.snapshot, item, &places)?,
    }
    out.flush()?;
    Ok(())
}

/// The days of an account, in the item's own unit.
fn rows(world: &World, asked: Asked, (from, n_days): (Day, usize)) -> Vec<DayRow> {
    let shown = |kept| world.snapshot.items.shown(asked.item, kept);
    let row = |row: DayRow| DayRow {
        supply: shown(row.supply),
        demand: shown(row.demand),
        balance: shown(row.balance),
        available: shown(row.available),
        ..row
    };
    availability::table(world, asked, from, n_days).into_iter().map(row).collect()
}

/// The locations to show, by name.
fn locations(snapshot: &Snapshot, item: ItemIx, args: &Args) -> Result<Vec<LocationIx>, Failure> {
    let names = &snapshot.locations.names;
    let mut keepers: Vec<LocationIx> = snapshot.stocks.keepers(item).collect();
    keepers.sort_by_key(|location| names.name(*location));
    let Some(wanted) = &args.location else {
        return if keepers.is_empty() {
            Err(Failure::new(
                format!("no location keeps or makes {}", args.item),
                "--location L for the table of a location all the same",
            ))
        } else {
            Ok(keepers)
        };
    };
    let wanted_ix = data::find(names, wanted, "locations")?;
    if !keepers.contains(&wanted_ix) {
        let keepers: Vec<_> = keepers.iter().map(|location| names.name(*location)).collect();
        let kept = if keepers.is_empty() { "nowhere".to_string() } else { keepers.join(", ") };
        writeln!(std::io::stderr(), "note: {wanted} does not keep {}; kept: {kept}", args.item)?;
    }
    Ok(vec![wanted_ix])
}

/// The first day and the number of days, cut at the end of the horizon.
fn days(snapshot: &Snapshot, args: &Args) -> Result<(Day, usize), Failure> {
    let epoch = snapshot.epoch();
    let from = args.from.map_or(Day::ZERO, |date| epoch.day(date));
    if !epoch.contains(from) {
        let (first, last) = (epoch.as_of(), epoch.date(epoch.end().plus(-1)));
        return Err(Failure::new(
            format!("{} is not within the snapshot's horizon", epoch.date(from)),
            format!("--from a date from {first} to {last}"),
        ));
    }
    let left = usize::try_from(epoch.end().since(from)).expect("the day is within the horizon");
    Ok((from, left.min(usize::from(args.days))))
}

fn table(
    out: &mut impl Write,
    snapshot: &Snapshot,
    item: ItemIx,
    places: &[Place],
) -> Result<(), Failure> {
    let items = &snapshot.items;
    let title = [items.names.name(item), items.description(item)].join("  ");
    writeln!(out, "{}", render::printable(title.trim_end()))?;
    let uom = items.uom(item);
    let uom = if uom.is_empty() { String::new() } else { format!(", in {uom}") };
    for place in places {
        writeln!(out, "\n{}{uom}", render::printable(&place.location))?;
        write!(out, "{}", place_table(snapshot, place))?;
    }
    Ok(())
}

fn place_table(snapshot: &Snapshot, place: &Place) -> String {
    let columns = [
        ("date", Align::Left),
        ("supply", Align::Right),
        ("demand", Align::Right),
        ("balance", Align::Right),
        ("available", Align::Right),
        ("", Align::Left),
    ];
    let magnitude = |row: &DayRow| row.balance.raw().saturating_abs();
    let largest = place.rows.iter().map(magnitude).max().unwrap_or(0);
    let line = |row: &DayRow| {
        let balance = row.balance.raw();
        let mood = if balance < 0 { Some(Mood::Bad) } else { None };
        vec![
            cell(snapshot.epoch().date(row.day), None),
            cell(row.supply, None),
            cell(row.demand, None),
            cell(row.balance, mood),
            cell(row.available, None),
            cell(bar(balance, largest, BAR_WIDTH), mood.or(Some(Mood::Good))),
        ]
    };
    render::table(&columns, place.rows.iter().map(line))
}

fn csv(
    out: &mut impl Write,
    snapshot: &Snapshot,
    item: &str,
    places: &[Place],
) -> Result<(), Failure> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["item", "location", "date", "supply", "demand", "balance", "available"])
        .map_err(output::csv_failure)?;
    for place in places {
        for row in &place.rows {
            let date = snapshot.epoch().date(row.day).to_string();
            let numbers = [row.supply, row.demand, row.balance, row.available];
            let numbers = numbers.map(|number| number.to_string());
            let keys = [item, &place.location, &date];
            let fields = keys.into_iter().chain(numbers.iter().map(String::as_str));
            csv.write_record(fields).map_err(output::csv_failure)?;
        }
    }
    csv.flush()?;
    Ok(())
}

/// A `GetAvailabilityResponse` in JSON, zeros included.
#[derive(serde::Serialize)]
struct Answer<'a> {
    item: &'a str,
    uom: &'a str,
    tables: Vec<AnswerTable<'a>>,
    version: Version<'a>,
}

#[derive(serde::Serialize)]
struct AnswerTable<'a> {
    location: &'a str,
    days: Vec<AnswerDay>,
}

#[derive(serde::Serialize)]
struct AnswerDay {
    date: String,
    supply: serde_json::Number,
    demand: serde_json::Number,
    balance: serde_json::Number,
    available: serde_json::Number,
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Version<'a> {
    snapshot_id: &'a str,
    as_of: String,
}

fn json(
    out: &mut impl Write,
    snapshot: &Snapshot,
    item: ItemIx,
    places: &[Place],
) -> Result<(), Failure> {
    let number = |quantity: Quantity| quantity.to_string().parse().expect("decimals are JSON");
    let day = |row: &DayRow| AnswerDay {
        date: snapshot.epoch().date(row.day).to_string(),
        supply: number(row.supply),
        demand: number(row.demand),
        balance: number(row.balance),
        available: number(row.available),
    };
    let table = |place: &'_ Place| place.rows.iter().map(day).collect();
    let answer = Answer {
        item: snapshot.items.names.name(item),
        uom: snapshot.items.uom(item),
        tables: places
            .iter()
            .map(|place| AnswerTable { location: &place.location, days: table(place) })
            .collect(),
        version: Version {
            snapshot_id: snapshot.id(),
            as_of: snapshot.epoch().as_of().to_string(),
        },
    };
    writeln!(out, "{}", output::json(&answer))?;
    Ok(())
}
