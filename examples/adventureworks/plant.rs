//! The plant, the world around it and the promising rules: mostly assumptions.
//!
//! The raw data has one plant, without calendars, carriers' transit times or service rules. Each
//! constant here is an assumption and is listed as one in the snapshot's README.

use std::collections::BTreeSet;

use crate::{
    Fallible, cells, decimal,
    output::{Cells, Output},
    raw::{Raw, find},
};

/// The only location: the raw "locations" are stores and work centres inside it.
pub(crate) const PLANT: &str = "PLANT";

/// The top of the zones.
const WORLD: &str = "WORLD";

/// Docks of the plant: weekdays but for public holidays.
const DOCK: &str = "DOCK";
/// Work centres: work orders start evenly on all seven days of the week, in three shifts.
pub(crate) const SHOP: &str = "SHOP";
/// Freight carriers and the receiving docks of resellers.
pub(crate) const WEEKDAYS: &str = "MON-FRI";
/// Parcel carriers.
const PARCEL: &str = "MON-SAT";

const HOLIDAYS: [&str; 6] =
    ["2014-05-26", "2014-07-04", "2014-09-01", "2014-11-27", "2014-12-25", "2015-01-01"];

const GROUND: u32 = 1;
const EXPRESS: u32 = 2;
const OVERSEAS: u32 = 3;
const OVERNIGHT: u32 = 4;
const CARGO: u32 = 5;

/// Zone, raw ship method, transit days and carrier's calendar.
///
/// Ground and cargo go everywhere because the raw orders of all regions were shipped by them.
const LANES: [(&str, u32, u32, &str); 14] = [
    ("Northwest", GROUND, 2, PARCEL),
    ("Northwest", EXPRESS, 1, PARCEL),
    ("Northwest", OVERNIGHT, 1, PARCEL),
    ("Northwest", CARGO, 2, WEEKDAYS),
    ("North America", GROUND, 4, PARCEL),
    ("North America", EXPRESS, 2, PARCEL),
    ("North America", OVERNIGHT, 1, PARCEL),
    ("North America", CARGO, 5, WEEKDAYS),
    ("Europe", GROUND, 7, PARCEL),
    ("Europe", OVERSEAS, 4, PARCEL),
    ("Europe", CARGO, 6, WEEKDAYS),
    ("Pacific", GROUND, 8, PARCEL),
    ("Pacific", OVERSEAS, 5, PARCEL),
    ("Pacific", CARGO, 7, WEEKDAYS),
];

/// Demand class of orders without a sales person, placed on the web.
pub(crate) const WEB: &str = "web";
/// Demand class of stores.
pub(crate) const RESELLER: &str = "reseller";

/// Writes the tables that do not depend on products or customers.
pub(crate) fn write(raw: &Raw, out: &mut Output) -> Fallible<()> {
    write_calendars(out)?;
    write_location(out)?;
    write_zones(raw, out)?;
    write_lanes(raw, out)?;
    write_demand_classes(out)?;
    write_rules(out)
}

fn write_calendars(out: &mut Output) -> Fallible<()> {
    let calendars = vec![
        cells![DOCK, "Mon Tue Wed Thu Fri"],
        cells![SHOP, "Mon Tue Wed Thu Fri Sat Sun"],
        cells![WEEKDAYS, "Mon Tue Wed Thu Fri"],
        cells![PARCEL, "Mon Tue Wed Thu Fri Sat"],
    ];
    out.table("calendars", &["calendar", "working_days"], calendars)?;
    let closed = HOLIDAYS.iter().map(|day| cells![DOCK, day, "false"]).collect();
    out.table("calendar_exceptions", &["calendar", "date", "working"], closed)
}

fn write_location(out: &mut Output) -> Fallible<()> {
    let columns = [
        "location",
        "name",
        "kind",
        "zone",
        "shipping_calendar",
        "receiving_calendar",
        "manufacturing_calendar",
        "cutoff_time",
        "time_zone",
        "pick_pack_days",
    ];
    let name = "Adventure Works Cycles";
    let zone = "Northwest";
    let time_zone = "America/Los_Angeles";
    let plant = cells![PLANT, name, "plant", zone, DOCK, DOCK, SHOP, "16:00", time_zone, 1];
    out.table("locations", &columns, vec![plant])
}

/// Territories stand under their groups, and the groups under the world.
fn write_zones(raw: &Raw, out: &mut Output) -> Fallible<()> {
    let mut zones: BTreeSet<Cells> = BTreeSet::from([cells![WORLD, "", "World"]]);
    for territory in raw.table("SalesTerritory")?.rows() {
        let (name, group) = (territory.text("Name")?, territory.text("Group")?);
        let country = territory.text("CountryRegionCode")?;
        zones.insert(cells![group, WORLD, group]);
        zones.insert(cells![name, group, format!("{name} ({country})")]);
    }
    out.table("zones", &["zone", "parent", "name"], zones.into_iter().collect())
}

fn write_lanes(raw: &Raw, out: &mut Output) -> Fallible<()> {
    let methods = raw.table("ShipMethod")?;
    let methods = methods.by_key("ShipMethodID")?;
    let mut lanes = Vec::new();
    for (zone, method, days, calendar) in LANES {
        let method = find(&methods, method, "ShipMethod")?;
        let name = method.text("Name")?;
        let per_unit = decimal::format(method.number("ShipRate")?);
        let per_shipment = decimal::format(method.number("ShipBase")?);
        lanes.push(cells![PLANT, zone, name, days, calendar, per_unit, per_shipment]);
    }
    let columns = [
        "origin",
        "destination",
        "ship_method",
        "transit_days",
        "calendar",
        "cost_per_unit",
        "cost_per_shipment",
    ];
    out.table("shipping_lanes", &columns, lanes)
}

fn write_demand_classes(out: &mut Output) -> Fallible<()> {
    let columns = ["demand_class", "parent", "rank", "lateness_penalty_per_unit_day"];
    let company = "adventureworks";
    let classes = vec![
        cells![company, "", 0, 0],
        cells![RESELLER, company, 1, "0.5"],
        cells![WEB, company, 2, "0.25"],
    ];
    out.table("demand_classes", &columns, classes)
}

/// One rule for everything.
///
/// Safety stock is in the snapshot but not counted: it is there for orders that cannot wait. The
/// pieces of a work order past its due date are not in stock yet: they are expected five days from
/// now, the delay that late work orders have had most often.
fn write_rules(out: &mut Output) -> Fallible<()> {
    let columns = [
        "rule",
        "mode",
        "demand_types",
        "consumption",
        "past_due_supply_days",
        "past_due_supply_delay_days",
        "past_due_demand_days",
        "search_sources",
        "objective",
        "split",
        "substitutes",
    ];
    let demands = "sales_order work_order_component transfer_order forecast";
    let rule = cells![
        "DEFAULT",
        "supply",
        demands,
        "both",
        30,
        5,
        30,
        true,
        "sourcing_rank",
        false,
        false
    ];
    out.table("atp_rules", &columns, vec![rule])?;
    out.table("atp_rule_assignments", &["rule"], vec![cells!["DEFAULT"]])
}
