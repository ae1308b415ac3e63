//! Issue 19 item 2: a line that comes late costs a few times what one on time costs, however many days are full.

use crate::{
    reference::{Row, World},
    support,
    worlds::{AS_OF, Tables, add, date},
};
use promised::{
    ledger::World as Live,
    promising::{Planner, Spent, answer::LineStatus},
};
use std::sync::Arc;

/// A bicycle of so many parts, each made in some hours of one shop; all parts are in stock, so many of each.
#[derive(Clone, Copy, Debug)]
struct Shop {
    parts: usize,
    hours: &'static str,
    hours_per_day: &'static str,
    stock: u32,
    /// Bicycles in stock, which somebody takes two days after the orders want theirs.
    taken_later: u32,
    /// Orders, each for one.
    orders: usize,
    wanted: i64,
}

fn world(shop: Shop) -> (World, Vec<Row>) {
    let mut tables = Tables::new();
    let t = &mut tables;
    let parts: Vec<String> = (0..shop.parts).map(|part| format!("PART{part}")).collect();
    let text = |text: &str| text.to_string();
    add(t, "locations", &[("location", text("P"))]);
    for resource in ["PARTS", "ASSEMBLY"] {
        let row = [
            ("resource", text(resource)),
            ("location", text("P")),
            ("hours_per_day", text(shop.hours_per_day)),
        ];
        add(t, "resources", &row);
    }
    let made = |t: &mut Tables, item: &str, resource: &str, hours: &str| {
        add(t, "items", &[("item", text(item))]);
        let work = ("work_definition", format!("W{item}"));
        add(t, "work_definitions", &[work.clone(), ("item", text(item)), ("location", text("P"))]);
        let row = [
            work,
            ("operation", text("10")),
            ("resource", text(resource)),
            ("hours", text(hours)),
            ("basis", text("lot")),
        ];
        add(t, "work_definition_operations", &row);
    };
    made(t, "BIKE", "ASSEMBLY", "1");
    for part in &parts {
        made(t, part, "PARTS", shop.hours);
        let row = [
            ("work_definition", text("WBIKE")),
            ("component", part.clone()),
            ("quantity", text("1")),
        ];
        add(t, "work_definition_components", &row);
        let row =
            [("item", part.clone()), ("location", text("P")), ("quantity", shop.stock.to_string())];
        add(t, "on_hand", &row);
    }
    if 0 < shop.taken_later {
        let cells = [("item", text("BIKE")), ("location", text("P"))];
        let quantity = ("quantity", shop.taken_later.to_string());
        add(t, "on_hand", &[&cells[..], std::slice::from_ref(&quantity)].concat());
        let demand = [
            ("demand", text("LATER/1")),
            ("type", text("sales_order")),
            ("date", date(shop.wanted + 2)),
            quantity,
        ];
        add(t, "demands", &[&cells[..], &demand].concat());
    }
    let orders = (0..shop.orders).map(|number| {
        let cells = [
            ("order", format!("O{number}")),
            ("item", text("BIKE")),
            ("quantity", text("1")),
            ("requested_date", date(shop.wanted)),
        ];
        cells.map(|(name, cell)| (name.to_string(), cell)).into()
    });
    let orders = orders.collect();
    (World { as_of: AS_OF, horizon_days: 200, tables }, orders)
}

/// What each line took, and how it fared.
fn promised(shop: Shop) -> Vec<(LineStatus, Spent)> {
    let (world, orders) = world(shop);
    let snapshot = Arc::new(support::snapshot(&world));
    let mut live = Live::new(Arc::clone(&snapshot));
    let mut planner = Planner::default();
    let mut all = Vec::new();
    for request in support::requests(&orders) {
        let query = request.resolve(&snapshot).expect("it names what exists");
        let before = planner.spent();
        let promise = planner.plan(&live, &query);
        all.push((promise.lines[0].status, planner.spent() - before));
        live = support::commit(live, &request, &promise);
    }
    all
}

/// The needs that the dearest line on time opens, and those of the dearest late one.
fn dearest(shop: Shop) -> (u64, u64) {
    let all = promised(shop);
    let most = |status: LineStatus| {
        let of_status = all.iter().filter(|(found, _)| *found == status);
        of_status.map(|(_, spent)| spent.fills).max().expect("there are such lines")
    };
    if std::env::var_os("PROMISED_SHOW").is_some() {
        all.iter().for_each(|line| eprintln!("{line:?}"));
    }
    (most(LineStatus::OnTime), most(LineStatus::Late))
}

/// Each part would fit by itself; all of them together do not, on any of sixty days.
#[test]
fn hours_that_are_left_over_are_not_tried_day_by_day() {
    let shop = Shop {
        parts: 9,
        hours: "3",
        hours_per_day: "20",
        stock: 40,
        taken_later: 0,
        orders: 110,
        wanted: 60,
    };
    let (on_time, late) = dearest(shop);
    assert!(late <= 10 * on_time, "{late} against {on_time}");
}

#[test]
fn nor_where_nothing_is_in_stock() {
    let shop = Shop {
        parts: 9,
        hours: "3",
        hours_per_day: "20",
        stock: 0,
        taken_later: 0,
        orders: 60,
        wanted: 60,
    };
    let (on_time, late) = dearest(shop);
    assert!(late <= 10 * on_time, "{late} against {on_time}");
}

/// Stock that somebody waits for might be lent on any of sixty days; what would replace it is not there, and is looked for
/// once.
#[test]
fn what_cannot_be_replaced_is_not_looked_for_on_each_day() {
    let shop = Shop {
        parts: 9,
        hours: "3",
        hours_per_day: "20",
        stock: 0,
        taken_later: 20,
        orders: 60,
        wanted: 60,
    };
    let (on_time, late) = dearest(shop);
    assert!(late <= 10 * on_time, "{late} against {on_time}");
}

/// As much as can be asked for, made in any of twelve ways that take as long as can be said: more hours in all than a
/// number of ours can count.
#[test]
fn more_hours_than_can_be_counted_are_not_there() {
    let text = |text: &str| text.to_string();
    let mut tables = Tables::new();
    let t = &mut tables;
    add(t, "locations", &[("location", text("P"))]);
    add(t, "items", &[("item", text("A"))]);
    let work = ("work_definition", text("W"));
    add(t, "work_definitions", &[work.clone(), ("item", text("A")), ("location", text("P"))]);
    for way in 0..12 {
        let resource = ("resource", format!("R{way}"));
        let row = [resource.clone(), ("location", text("P")), ("hours_per_day", text("8"))];
        add(t, "resources", &row);
        let operation = ("operation", text("10"));
        let hours = ("hours", text("1000"));
        let row = [work.clone(), operation, resource, hours, ("alternate_rank", way.to_string())];
        add(t, "work_definition_operations", &row);
    }
    let world = World { as_of: AS_OF, horizon_days: 200, tables };
    let cells = [
        ("order", text("O")),
        ("item", text("A")),
        ("quantity", text("1000000000")),
        ("requested_date", date(10)),
    ];
    let order: Row = cells.map(|(name, cell)| (name.to_string(), cell)).into();
    let snapshot = Arc::new(support::snapshot(&world));
    let request = support::requests(&[order]).remove(0);
    let query = request.resolve(&snapshot).expect("it names what exists");
    let promise = Planner::default().plan(&Live::new(Arc::clone(&snapshot)), &query);
    assert_eq!(promise.lines[0].status, LineStatus::Unavailable);
}
