//! What is there, what will come and what is sold already, account by account.

use super::{
    super::{failure::Failure, random::Random},
    names,
    products::first_supplier,
    shape::{AS_OF, Shape, Stocked, THOUSAND},
    sheet::{
        CellKind,
        FileCell::{Date, Flag, Micros, Text},
        Output,
    },
};
use jiff::civil;

/// Days over which the entries of an account are spread.
const ENTRY_DAYS: u64 = 120;

/// Days of the year, for the seasons.
const YEAR: u64 = 365;

/// Demand in per cent of the average, month by month from the peak on.
const SEASON: [u64; 12] = [160, 145, 120, 100, 85, 70, 65, 70, 85, 90, 100, 110];

/// Demand on a day in per cent of the average; each category has a peak of its own.
pub(super) fn season(category: u64, day: u64) -> u64 {
    let month = (day % YEAR * 12 / YEAR + category * 5) % 12;
    SEASON[usize::try_from(month).expect("twelve months")]
}

/// The date of a day; demands of a weekend count on the Monday after it.
pub(super) fn weekday(day: u64) -> civil::Date {
    let wait = (day % 7).saturating_sub(4);
    date(day.cast_signed() + if wait == 0 { 0 } else { 3 - wait.cast_signed() })
}

fn date(day: i64) -> civil::Date {
    AS_OF.saturating_add(jiff::Span::new().days(day))
}

/// Whole units for so much demand in thousandths of a unit, as a cell: at least one.
fn units(thousandths: u64) -> u64 {
    thousandths.div_ceil(THOUSAND).max(1) * 1_000_000
}

/// The accounts with their numbers, in the order of the items.
fn accounts(shape: &Shape) -> impl Iterator<Item = (u64, Stocked)> {
    (0..).zip(shape.items().flat_map(|item| shape.accounts_of(item)))
}

/// Writes the stock: five to twenty-five days of demand.
pub(super) fn on_hand(output: &Output, shape: &Shape) -> Result<(), Failure> {
    let columns =
        [("item", CellKind::Text), ("location", CellKind::Text), ("quantity", CellKind::Number)];
    let mut sheet = output.table("on_hand", &columns)?;
    for (at, account) in accounts(shape) {
        let days = Random::of(shape.sizes.seed, "on_hand", at).between(5, 25);
        let item = shape.item_key(account.item);
        let location = shape.location_key(account.location);
        sheet.row(&[Text(&item), Text(&location), Micros(units(account.rate * days))])?;
    }
    sheet.finish()
}

/// Supplies and demands of each account.
fn n_entries(shape: &Shape) -> (u64, u64) {
    let n_supplies = shape.sizes.entries * 2 / 5;
    (n_supplies, shape.sizes.entries - n_supplies)
}

/// Writes the scheduled supplies: twice the demand of the days between them, for the orders to come.
pub(super) fn supplies(output: &Output, shape: &Shape) -> Result<(), Failure> {
    let columns = [
        ("supply", CellKind::Text),
        ("type", CellKind::Text),
        ("item", CellKind::Text),
        ("location", CellKind::Text),
        ("date", CellKind::Date),
        ("quantity", CellKind::Number),
        ("supplier", CellKind::Text),
        ("firm", CellKind::Flag),
    ];
    let mut sheet = output.table("supplies", &columns)?;
    let (n_supplies, _) = n_entries(shape);
    for (at, account) in accounts(shape) {
        let mut random = Random::of(shape.sizes.seed, "supplies", at);
        let item = shape.item_key(account.item);
        let location = shape.location_key(account.location);
        let is_bought = account.location == account.item.plant && !shape.is_made(account.item);
        let supplier = if is_bought {
            names::supplier(first_supplier(shape, account.item))
        } else {
            String::new()
        };
        for n in 0..n_supplies {
            let day = (n * ENTRY_DAYS + random.below(ENTRY_DAYS)) / n_supplies;
            let is_past_due = n == 0 && random.percent(5);
            let due =
                if is_past_due { -random.between(1, 5).cast_signed() } else { day.cast_signed() };
            let quantity = random.around(2 * account.rate * ENTRY_DAYS / n_supplies, 40);
            sheet.row(&[
                Text(&format!("S{at}-{}", n + 1)),
                Text(supply_type(shape, account, day)),
                Text(&item),
                Text(&location),
                Date(date(due)),
                Micros(units(quantity)),
                Text(&supplier),
                Flag(day < 60),
            ])?;
        }
    }
    sheet.finish()
}

fn supply_type(shape: &Shape, account: Stocked, day: u64) -> &'static str {
    let is_near = day < 60;
    if account.location != account.item.plant {
        if day < 4 { "in_transit" } else { "transfer_order" }
    } else if shape.is_made(account.item) {
        if is_near { "work_order" } else { "planned_order" }
    } else if is_near {
        "purchase_order"
    } else {
        "requisition"
    }
}

/// Writes what is sold or needed already.
pub(super) fn demands(output: &Output, shape: &Shape) -> Result<(), Failure> {
    let columns = [
        ("demand", CellKind::Text),
        ("type", CellKind::Text),
        ("item", CellKind::Text),
        ("location", CellKind::Text),
        ("date", CellKind::Date),
        ("quantity", CellKind::Number),
        ("customer", CellKind::Text),
    ];
    let mut sheet = output.table("demands", &columns)?;
    let (_, n_demands) = n_entries(shape);
    for (at, account) in accounts(shape) {
        let mut random = Random::of(shape.sizes.seed, "demands", at);
        let item = shape.item_key(account.item);
        let location = shape.location_key(account.location);
        let is_sold = account.item.level == 0;
        let kind = if is_sold { "sales_order" } else { "work_order_component" };
        for n in 0..n_demands {
            let day = (n * ENTRY_DAYS + random.below(ENTRY_DAYS)) / n_demands;
            let usual = account.rate * ENTRY_DAYS / n_demands;
            let quantity =
                random.around(usual * season(shape.category(account.item), day) / 100, 50);
            let customer = random.zipf(shape.sizes.customers);
            let customer = if is_sold { shape.customer_key(customer) } else { String::new() };
            sheet.row(&[
                Text(&format!("D{at}-{}/1", n + 1)),
                Text(kind),
                Text(&item),
                Text(&location),
                Date(weekday(day)),
                Micros(units(quantity)),
                Text(&customer),
            ])?;
        }
    }
    sheet.finish()
}
