//! Calendars, zones, customers, locations and the lanes between them.

use super::{
    super::{failure::Failure, random::Random},
    names,
    shape::Shape,
    sheet::{
        CellKind,
        FileCell::{Date, Empty, Flag, Micros, Text, Whole},
        Output,
    },
};
use jiff::civil::date;

const REGIONS: u64 = 4;
const ZONES_A_REGION: u64 = 4;

fn region_key(region: u64) -> String {
    format!("R{}", region + 1)
}

fn zone_key(zone: u64) -> String {
    format!("{}-Z{}", region_key(zone / ZONES_A_REGION), zone % ZONES_A_REGION + 1)
}

/// The region of a location: they are spread evenly.
fn region_of(location: u64) -> u64 {
    location % REGIONS
}

/// Writes the calendars: docks work on weekdays, shops and carriers on Saturdays too.
pub(super) fn calendars(output: &Output) -> Result<(), Failure> {
    let mut sheet = output
        .table("calendars", &[("calendar", CellKind::Text), ("working_days", CellKind::Text)])?;
    for (calendar, days) in [
        ("CARRIER", "Mon Tue Wed Thu Fri Sat"),
        ("DOCK", "Mon Tue Wed Thu Fri"),
        ("SHOP", "Mon Tue Wed Thu Fri Sat"),
    ] {
        sheet.row(&[Text(calendar), Text(days)])?;
    }
    sheet.finish()?;
    let columns =
        [("calendar", CellKind::Text), ("date", CellKind::Date), ("working", CellKind::Flag)];
    let mut sheet = output.table("calendar_exceptions", &columns)?;
    for calendar in ["CARRIER", "DOCK", "SHOP"] {
        for (month, day) in [(4, 3), (4, 6), (5, 1), (12, 25)] {
            sheet.row(&[Text(calendar), Date(date(2026, month, day)), Flag(false)])?;
        }
    }
    sheet.finish()
}

/// Writes the zones: the world, its regions, their zones.
pub(super) fn zones(output: &Output) -> Result<(), Failure> {
    let columns = [("zone", CellKind::Text), ("parent", CellKind::Text), ("name", CellKind::Text)];
    let mut sheet = output.table("zones", &columns)?;
    sheet.row(&[Text("WORLD"), Empty, Text("World")])?;
    for region in 0..REGIONS {
        let name = format!("Region {}", region + 1);
        sheet.row(&[Text(&region_key(region)), Text("WORLD"), Text(&name)])?;
    }
    for zone in 0..REGIONS * ZONES_A_REGION {
        let region = region_key(zone / ZONES_A_REGION);
        sheet.row(&[Text(&zone_key(zone)), Text(&region), Empty])?;
    }
    sheet.finish()
}

/// Writes the demand classes: a tree, three under each; the first ranks are the important ones.
pub(super) fn classes(output: &Output, shape: &Shape) -> Result<(), Failure> {
    if shape.sizes.classes == 0 {
        return Ok(());
    }
    let columns = [
        ("demand_class", CellKind::Text),
        ("parent", CellKind::Text),
        ("rank", CellKind::Whole),
        ("lateness_penalty_per_unit_day", CellKind::Number),
    ];
    let mut sheet = output.table("demand_classes", &columns)?;
    for class in 0..shape.sizes.classes {
        let parent = class.checked_sub(1).map_or(String::new(), |n| names::class(n / 3));
        let penalty = (shape.sizes.classes - class) * 1_000_000 / shape.sizes.classes;
        let penalty = if class == 0 { 0 } else { penalty };
        sheet.row(&[Text(&names::class(class)), Text(&parent), Whole(class), Micros(penalty)])?;
    }
    sheet.finish()
}

/// Writes the customers: few large ones have a priority of their own.
pub(super) fn customers(output: &Output, shape: &Shape) -> Result<(), Failure> {
    let columns = [
        ("customer", CellKind::Text),
        ("name", CellKind::Text),
        ("zone", CellKind::Text),
        ("demand_class", CellKind::Text),
        ("priority", CellKind::Whole),
        ("receiving_calendar", CellKind::Text),
    ];
    let mut sheet = output.table("customers", &columns)?;
    for customer in 0..shape.sizes.customers {
        let mut random = Random::of(shape.sizes.seed, "customers", customer);
        let name = format!("Customer {}", customer + 1);
        let zone = zone_key(random.below(REGIONS * ZONES_A_REGION));
        let class = match shape.sizes.classes {
            0 => String::new(),
            1 => names::class(0),
            n => names::class(1 + random.zipf(n - 1)),
        };
        let priority = if customer < 10 { Whole(customer / 3 + 1) } else { Empty };
        let receiving = if random.percent(70) { "DOCK" } else { "" };
        let key = shape.customer_key(customer);
        sheet.row(&[
            Text(&key),
            Text(&name),
            Text(&zone),
            Text(&class),
            priority,
            Text(receiving),
        ])?;
    }
    sheet.finish()
}

/// Writes the plants and the distribution centres.
pub(super) fn locations(output: &Output, shape: &Shape) -> Result<(), Failure> {
    let columns = [
        ("location", CellKind::Text),
        ("name", CellKind::Text),
        ("kind", CellKind::Text),
        ("zone", CellKind::Text),
        ("shipping_calendar", CellKind::Text),
        ("receiving_calendar", CellKind::Text),
        ("manufacturing_calendar", CellKind::Text),
        ("cutoff_time", CellKind::Text),
        ("pick_pack_days", CellKind::Whole),
        ("handling_cost", CellKind::Number),
    ];
    let mut sheet = output.table("locations", &columns)?;
    for location in 0..shape.sizes.locations {
        let is_plant = location < shape.plants;
        let (kind, title) = if is_plant { ("plant", "Plant") } else { ("warehouse", "Centre") };
        sheet.row(&[
            Text(&shape.location_key(location)),
            Text(&format!("{title} {}", location + 1)),
            Text(kind),
            Text(&region_key(region_of(location))),
            Text("DOCK"),
            Text("DOCK"),
            Text(if is_plant { "SHOP" } else { "" }),
            Text("16:00"),
            Whole(if is_plant { 1 } else { 0 }),
            Micros(if is_plant { 2_500_000 } else { 1_500_000 }),
        ])?;
    }
    sheet.finish()
}

/// Writes the lanes: from everywhere to every region by two methods, and from plants to centres.
pub(super) fn lanes(output: &Output, shape: &Shape) -> Result<(), Failure> {
    let columns = [
        ("origin", CellKind::Text),
        ("destination", CellKind::Text),
        ("ship_method", CellKind::Text),
        ("transit_days", CellKind::Whole),
        ("calendar", CellKind::Text),
        ("cost_per_unit", CellKind::Number),
        ("cost_per_shipment", CellKind::Number),
    ];
    let mut sheet = output.table("shipping_lanes", &columns)?;
    for location in 0..shape.sizes.locations {
        let origin = shape.location_key(location);
        let regions = (0..REGIONS).map(|region| (region_key(region), region));
        let centres = (shape.plants..shape.sizes.locations)
            .filter(|_| location < shape.plants)
            .map(|centre| (shape.location_key(centre), region_of(centre)));
        for (destination, region) in regions.chain(centres) {
            let far = region_of(location).abs_diff(region);
            let lanes = [("STANDARD", 1 + far, 250_000, 4), ("EXPRESS", 1 + far / 2, 900_000, 15)];
            for (method, days, a_unit, a_shipment) in lanes {
                sheet.row(&[
                    Text(&origin),
                    Text(&destination),
                    Text(method),
                    Whole(days),
                    Text("CARRIER"),
                    Micros(a_unit * (1 + far) / 2),
                    Micros(a_shipment * 1_000_000 * (1 + far)),
                ])?;
            }
        }
    }
    sheet.finish()
}

/// Writes how the centres are replenished: each category by transfer from the plant that makes it.
pub(super) fn sourcing(output: &Output, shape: &Shape) -> Result<(), Failure> {
    if shape.centres() == 0 {
        return Ok(());
    }
    let columns =
        [("rule", CellKind::Text), ("source_type", CellKind::Text), ("source", CellKind::Text)];
    let mut sheet = output.table("sourcing_rules", &columns)?;
    let rule = |plant: u64| format!("FROM-{}", shape.location_key(plant));
    for plant in 0..shape.plants {
        sheet.row(&[Text(&rule(plant)), Text("transfer"), Text(&shape.location_key(plant))])?;
    }
    sheet.finish()?;
    let columns =
        [("rule", CellKind::Text), ("category", CellKind::Text), ("location", CellKind::Text)];
    let mut sheet = output.table("sourcing_assignments", &columns)?;
    for category in 0..shape.categories().min(shape.finished()) {
        let plant = category % shape.plants;
        for centre in shape.centres_of(category) {
            let centre = shape.location_key(centre);
            sheet.row(&[Text(&rule(plant)), Text(&names::category(category)), Text(&centre)])?;
        }
    }
    sheet.finish()
}
