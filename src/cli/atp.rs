//! `promised atp`: the time-phased table of an item, as a snapshot or a server has it, a bar a day.

use super::{
    data,
    failure::Failure,
    output,
    remote::Asker,
    render::{self, Align, Mood, bar, cell},
};
use crate::{
    ledger::World,
    model::Day,
    promising::availability::{self, AtpQuestion},
    rpc::{
        encode::{quantity, version},
        proto::{
            self, GetAvailabilityResponse, availability_service_client::AvailabilityServiceClient,
            get_availability_response as told,
        },
    },
    snapshot::{ItemIx, LocationIx, Snapshot},
};
use jiff::civil::Date;
use std::{io::Write, path::Path, sync::Arc};

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
  promised atp VALVE --location HAM --server http://127.0.0.1:50051
      of a running server: what it has promised is taken

On hand counts as supply of the first day. The balance may be negative; available is what can be
promised on a day without taking it from a later commitment. What could still be made, bought or moved
is left out: `promised check ITEM QTY DATE` counts it.")]
pub(super) struct Args {
    /// The snapshot (a directory; not with --server), and the item
    #[arg(value_names = ["SNAPSHOT", "ITEM"], num_args = 1..=2, required = true)]
    what: Vec<String>,
    /// Asks this server instead of files; without a value the one that PROMISED_SERVER names
    #[arg(long, value_name = "URL", num_args = 0..=1, default_missing_value = "")]
    server: Option<String>,
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
    format: output::AnswerFormat,
}

/// Asks a snapshot or a server, and shows the item's tables.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let (answer, about) = match (&args.server, args.what.as_slice()) {
        (None, [snapshot, item]) => here(args, Path::new(snapshot), item)?,
        (Some(server), [item]) => (there(args, server, item)?, String::new()),
        (None, _) => {
            return Err(Failure::Misused {
                cause: "a snapshot and an item are needed".to_string(),
                mend: "promised atp SNAPSHOT ITEM, or --server URL for a running server"
                    .to_string(),
            });
        }
        (Some(_), _) => {
            return Err(Failure::Misused {
                cause: "a server has its own snapshot".to_string(),
                mend: "promised atp ITEM --server URL".to_string(),
            });
        }
    };
    let mut out = output::stdout();
    match args.format {
        output::AnswerFormat::Table => table(&mut out, &answer, &about)?,
        output::AnswerFormat::Csv => csv(&mut out, &answer)?,
        output::AnswerFormat::Json => json(&mut out, &answer)?,
    }
    out.flush()?;
    Ok(())
}

/// Asks a server.
fn there(args: &Args, server: &str, item: &str) -> Result<GetAvailabilityResponse, Failure> {
    let asker = Asker::connect(server)?;
    let request = proto::GetAvailabilityRequest {
        item: item.to_string(),
        locations: args.location.iter().cloned().collect(),
        demand_class: args.class.clone().unwrap_or_default(),
        from: args.from.map(|date| date.to_string()).unwrap_or_default(),
        days: args.days.into(),
        scenario_id: String::new(),
    };
    asker.wait(AvailabilityServiceClient::new(asker.channel()).get_availability(request))
}

/// Loads a snapshot and asks it; the item's description too.
fn here(
    args: &Args,
    snapshot: &Path,
    name: &str,
) -> Result<(GetAvailabilityResponse, String), Failure> {
    let snapshot = data::snapshot(snapshot)?.snapshot;
    let item = data::find(&snapshot.items.names, name, "items")?;
    let locations = locations(&snapshot, (item, name), args)?;
    let class = match &args.class {
        Some(class) => Some(data::find(&snapshot.classes.names, class, "demand_classes")?),
        None => None,
    };
    let days = days(&snapshot, args)?;
    let world = World::new(Arc::new(snapshot));
    let place = |location: &LocationIx| told::Table {
        location: world.snapshot.locations.names.name(*location).to_string(),
        days: rows(&world, AtpQuestion { item, location: *location, class }, days),
    };
    let items = &world.snapshot.items;
    let answer = GetAvailabilityResponse {
        item: name.to_string(),
        uom: items.uom(item).to_string(),
        tables: locations.iter().map(place).collect(),
        version: Some(version(&world, world.position)),
    };
    Ok((answer, items.description(item).to_string()))
}

/// The days of an account, in the item's own unit.
fn rows(world: &World, asked: AtpQuestion, (from, n_days): (Day, usize)) -> Vec<told::Day> {
    let shown = |kept| quantity(world.snapshot.items.shown(asked.item, kept));
    let rows = availability::table(world, asked, from, n_days).into_iter();
    let day = rows.map(|row| told::Day {
        date: world.snapshot.epoch().date(row.day).to_string(),
        supply: shown(row.supply),
        demand: shown(row.demand),
        balance: shown(row.balance),
        available: shown(row.available),
    });
    day.collect()
}

/// The locations to show, by name.
fn locations(
    snapshot: &Snapshot,
    (item, name): (ItemIx, &str),
    args: &Args,
) -> Result<Vec<LocationIx>, Failure> {
    let names = &snapshot.locations.names;
    let mut keepers: Vec<LocationIx> = snapshot.stocks.keepers(item).collect();
    keepers.sort_by_key(|location| names.name(*location));
    let Some(wanted) = &args.location else {
        return if keepers.is_empty() {
            Err(Failure::new(
                format!("no location keeps or makes {}", name),
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
        writeln!(std::io::stderr(), "note: {wanted} does not keep {}; kept: {kept}", name)?;
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
    answer: &GetAvailabilityResponse,
    about: &str,
) -> Result<(), Failure> {
    let title = format!("{}  {about}", answer.item);
    writeln!(out, "{}", render::printable(title.trim_end()))?;
    let uom = match answer.uom.as_str() {
        "" => String::new(),
        uom => format!(", in {uom}"),
    };
    for place in &answer.tables {
        writeln!(out, "\n{}{uom}", render::printable(&place.location))?;
        write!(out, "{}", place_table(&place.days))?;
    }
    writeln!(out, "\nnot counted: what could be made, bought or moved")?;
    Ok(())
}

fn place_table(days: &[told::Day]) -> String {
    let columns = [
        ("date", Align::Left),
        ("supply", Align::Right),
        ("demand", Align::Right),
        ("balance", Align::Right),
        ("available", Align::Right),
        ("", Align::Left),
    ];
    // Bars need no more digits than a number of them has.
    #[expect(clippy::cast_possible_truncation, reason = "a bar is as long as its line at most")]
    let size = |balance: f64| (balance * crate::limits::SCALE as f64).round() as i64;
    let largest = days.iter().map(|row| size(row.balance).saturating_abs()).max().unwrap_or(0);
    let line = |row: &told::Day| {
        let mood = if row.balance < 0.0 { Some(Mood::Bad) } else { None };
        vec![
            cell(&row.date, None),
            cell(row.supply, None),
            cell(row.demand, None),
            cell(row.balance, mood),
            cell(row.available, None),
            cell(bar(size(row.balance), largest, BAR_WIDTH), mood.or(Some(Mood::Good))),
        ]
    };
    render::table(&columns, days.iter().map(line))
}

fn csv(out: &mut impl Write, answer: &GetAvailabilityResponse) -> Result<(), Failure> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["item", "location", "date", "supply", "demand", "balance", "available"])
        .map_err(output::csv_failure)?;
    for place in &answer.tables {
        for row in &place.days {
            let numbers = [row.supply, row.demand, row.balance, row.available];
            let numbers = numbers.map(|number| number.to_string());
            let keys = [answer.item.as_str(), &place.location, &row.date];
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
    days: Vec<AnswerDay<'a>>,
}

#[derive(serde::Serialize)]
struct AnswerDay<'a> {
    date: &'a str,
    supply: serde_json::Number,
    demand: serde_json::Number,
    balance: serde_json::Number,
    available: serde_json::Number,
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Version<'a> {
    snapshot_id: &'a str,
    as_of: &'a str,
}

fn json(out: &mut impl Write, answer: &GetAvailabilityResponse) -> Result<(), Failure> {
    // The shortest text of a number is the quantity that it came from.
    let number = |quantity: f64| quantity.to_string().parse().expect("decimals are JSON");
    let version = answer.version.clone().unwrap_or_default();
    let shown = Answer {
        item: &answer.item,
        uom: &answer.uom,
        tables: answer
            .tables
            .iter()
            .map(|place| AnswerTable {
                location: &place.location,
                days: place
                    .days
                    .iter()
                    .map(|row| AnswerDay {
                        date: &row.date,
                        supply: number(row.supply),
                        demand: number(row.demand),
                        balance: number(row.balance),
                        available: number(row.available),
                    })
                    .collect(),
            })
            .collect(),
        version: Version { snapshot_id: &version.snapshot_id, as_of: &version.as_of },
    };
    writeln!(out, "{}", output::json(&shown))?;
    Ok(())
}
