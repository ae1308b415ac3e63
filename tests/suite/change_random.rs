//! Random changes of random worlds, each also made in the world's tables.

use crate::{
    reference::Row,
    worlds::{Dice, ITEMS, PLACES, Tables, add, date},
};
use promised::change::Change;

/// Cells of one change.
pub type Cells = Vec<(&'static str, String)>;

/// A change of these cells; `change` is the first.
pub fn change(cells: &[(&'static str, String)]) -> Change {
    let cell =
        |name: &str| cells.iter().find(|(other, _)| *other == name).map(|(_, text)| text.as_str());
    Change::read(0, cell("change").unwrap(), cell).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn keys(tables: &Tables, table: &str, column: &str) -> Vec<String> {
    tables.get(table).into_iter().flatten().filter_map(|row| row.get(column).cloned()).collect()
}

fn pick_row<'a>(dice: &mut Dice, rows: &'a mut [Row]) -> Option<&'a mut Row> {
    let most = i64::try_from(rows.len()).unwrap() - 1;
    (0 <= most).then(|| dice.roll(0, most)).map(|at| &mut rows[usize::try_from(at).unwrap()])
}

fn set(row: &mut Row, column: &str, text: impl ToString) {
    row.insert(column.into(), text.to_string());
}

fn micros(text: &str) -> i64 {
    promised::model::Quantity::parse(text).unwrap().raw()
}

fn decimal(micros: i64) -> String {
    promised::model::Quantity::micros(micros).to_string()
}

/// One random change, made in the tables too; nothing where the world has nothing of the kind.
pub fn roll(dice: &mut Dice, tables: &mut Tables, horizon: i64, n: i64) -> Option<Cells> {
    match dice.roll(0, 15) {
        0 => Some(supply_added(dice, tables, horizon, n)),
        1 => supply_moved(dice, tables, horizon),
        2 => supply_cut(dice, tables),
        3 => supply_gone(dice, tables, "supply_cancelled"),
        4 => supply_gone(dice, tables, "supply_received"),
        5 => Some(on_hand(dice, tables)),
        6 => Some(demand_created(dice, tables, horizon, n)),
        7 => demand_changed(dice, tables, horizon),
        8 => demand_cancelled(dice, tables),
        9 => Some(atp_rule(dice, tables)),
        10 => Some(atp_assigned(dice, tables)),
        11 => capacity(dice, tables, horizon),
        12 => lead_time(dice, tables),
        13 => priority(dice, tables),
        14 => source_set(dice, tables),
        _ => demand_shipped(dice, tables),
    }
}

fn supply_added(dice: &mut Dice, tables: &mut Tables, horizon: i64, n: i64) -> Cells {
    let cells = vec![
        ("change", "supply_added".to_string()),
        ("supply", format!("NEW{n}")),
        ("type", dice.pick(&["purchase_order", "work_order", "planned_order"]).to_string()),
        ("item", dice.pick(ITEMS).to_string()),
        ("location", dice.pick(PLACES).to_string()),
        ("date", date(dice.roll(-6, horizon + 3))),
        ("quantity", dice.roll(1, 12).to_string()),
        ("unit_cost", dice.number(2, 1, 9)),
    ];
    add(tables, "supplies", &cells[1..]);
    cells
}

fn supply_moved(dice: &mut Dice, tables: &mut Tables, horizon: i64) -> Option<Cells> {
    let row = pick_row(dice, tables.get_mut("supplies")?)?;
    let mut cells = vec![("change", "supply_moved".to_string()), ("supply", row["supply"].clone())];
    let to = if dice.one_in(2) {
        let to = date(dice.roll(-6, horizon + 3));
        cells.push(("date", to.clone()));
        to
    } else {
        let days = dice.roll(-5, 14);
        cells.push(("days", days.to_string()));
        let before: jiff::civil::Date = row["date"].parse().unwrap();
        before.checked_add(jiff::Span::new().days(days)).unwrap().to_string()
    };
    set(row, "date", to);
    Some(cells)
}

fn supply_cut(dice: &mut Dice, tables: &mut Tables) -> Option<Cells> {
    let row = pick_row(dice, tables.get_mut("supplies")?)?;
    let left = decimal(dice.roll(0, micros(&row["quantity"])));
    set(row, "quantity", &left);
    let supply = row["supply"].clone();
    Some(vec![("change", "supply_cut".into()), ("supply", supply), ("quantity", left)])
}

fn supply_gone(dice: &mut Dice, tables: &mut Tables, word: &str) -> Option<Cells> {
    let row = pick_row(dice, tables.get_mut("supplies")?)?.clone();
    let mut cells = vec![("change", word.to_string()), ("supply", row["supply"].clone())];
    let all = micros(&row["quantity"]);
    let received = if dice.one_in(2) { dice.roll(1, all + 3) } else { all };
    let rows = tables.get_mut("supplies").unwrap();
    if word == "supply_received" && received < all {
        let of_it = rows.iter_mut().find(|other| other["supply"] == row["supply"]).unwrap();
        set(of_it, "quantity", decimal(all - received));
    } else {
        rows.retain(|other| other["supply"] != row["supply"]);
    }
    if word == "supply_received" {
        if received != all {
            cells.push(("quantity", decimal(received)));
        }
        let lot = [
            ("item", row["item"].clone()),
            ("location", row["location"].clone()),
            ("lot", format!("of {}", row["supply"])),
            ("quantity", decimal(received)),
        ];
        add(tables, "on_hand", &lot);
    }
    Some(cells)
}

fn is_usable(row: &Row) -> bool {
    row.get("status").is_none_or(|status| status != "hold")
}

/// Puts one lot in the place of all usable ones of a pair.
fn put_on_hand(tables: &mut Tables, item: &str, place: &str, quantity: i64) {
    let is_here = |row: &Row| row["item"] == item && row["location"] == place && is_usable(row);
    tables.entry("on_hand".into()).or_default().retain(|row| !is_here(row));
    let lot = [
        ("item", item.to_string()),
        ("location", place.to_string()),
        ("lot", "counted".to_string()),
        ("quantity", decimal(quantity)),
    ];
    add(tables, "on_hand", &lot);
}

fn there(tables: &Tables, item: &str, place: &str) -> i64 {
    let rows = tables.get("on_hand").into_iter().flatten();
    let here = rows.filter(|row| row["item"] == item && row["location"] == place && is_usable(row));
    here.map(|row| micros(&row["quantity"])).sum()
}

fn on_hand(dice: &mut Dice, tables: &mut Tables) -> Cells {
    let (item, place) = (dice.pick(ITEMS), dice.pick(PLACES));
    let before = there(tables, item, place);
    let after = dice.roll(0, 15) * 1_000_000;
    put_on_hand(tables, item, place, after);
    let (word, quantity) =
        if dice.one_in(2) { ("on_hand_set", after) } else { ("on_hand_adjusted", after - before) };
    vec![
        ("change", word.into()),
        ("item", item.into()),
        ("location", place.into()),
        ("quantity", decimal(quantity)),
    ]
}

fn demand_created(dice: &mut Dice, tables: &mut Tables, horizon: i64, n: i64) -> Cells {
    let kinds = &["sales_order", "work_order_component", "forecast", ""];
    let cells = vec![
        ("change", "demand_created".to_string()),
        ("demand", format!("NEW{n}/1")),
        ("type", dice.pick(kinds).to_string()),
        ("item", dice.pick(ITEMS).to_string()),
        ("location", dice.pick(PLACES).to_string()),
        ("date", date(dice.roll(-6, horizon + 3))),
        ("quantity", dice.roll(1, 9).to_string()),
        ("customer", dice.word(3, &["K1", "K2"])),
    ];
    add(tables, "demands", &cells[1..]);
    cells
}

fn demand_changed(dice: &mut Dice, tables: &mut Tables, horizon: i64) -> Option<Cells> {
    let row = pick_row(dice, tables.get_mut("demands")?)?;
    let is_level = row.get("type").is_some_and(|kind| kind == "safety_stock");
    let mut cells =
        vec![("change", "demand_changed".to_string()), ("demand", row["demand"].clone())];
    if !is_level && dice.one_in(2) {
        let to = date(dice.roll(-6, horizon + 3));
        set(row, "date", &to);
        cells.push(("date", to));
    }
    if dice.one_in(2) {
        let quantity = dice.roll(0, 9).to_string();
        set(row, "quantity", &quantity);
        cells.push(("quantity", quantity));
    }
    Some(cells)
}

fn demand_cancelled(dice: &mut Dice, tables: &mut Tables) -> Option<Cells> {
    let demand = pick_row(dice, tables.get_mut("demands")?)?["demand"].clone();
    tables.get_mut("demands").unwrap().retain(|row| row["demand"] != demand);
    Some(vec![("change", "demand_cancelled".into()), ("demand", demand)])
}

fn demand_shipped(dice: &mut Dice, tables: &mut Tables) -> Option<Cells> {
    let row = pick_row(dice, tables.get_mut("demands")?)?.clone();
    let (item, place) = (row["item"].clone(), row["location"].clone());
    let (asked, there) = (micros(&row["quantity"]), there(tables, &item, &place));
    let shipped = dice.roll(0, asked);
    if there < shipped || row.get("type").is_some_and(|kind| kind == "safety_stock") {
        return None;
    }
    put_on_hand(tables, &item, &place, there - shipped);
    let rows = tables.get_mut("demands").unwrap();
    if shipped == asked {
        rows.retain(|other| other["demand"] != row["demand"]);
    } else {
        let of_it = rows.iter_mut().find(|other| other["demand"] == row["demand"]).unwrap();
        set(of_it, "quantity", decimal(asked - shipped));
    }
    let quantity = decimal(shipped);
    Some(vec![
        ("change", "demand_shipped".into()),
        ("demand", row["demand"].clone()),
        ("quantity", quantity),
    ])
}

fn atp_rule(dice: &mut Dice, tables: &mut Tables) -> Cells {
    let row = pick_row(dice, tables.get_mut("atp_rules").unwrap()).unwrap();
    let (setting, value) = match dice.roll(0, 8) {
        0 => ("supply_types", dice.pick(&["on_hand", "on_hand purchase_order", ""])),
        1 => ("demand_types", dice.pick(&["sales_order", "forecast safety_stock", ""])),
        2 => ("consumption", dice.pick(&["both", "backward", "none"])),
        3 => ("past_due_supply_days", dice.pick(&["0", "3", ""])),
        4 => ("past_due_demand_days", dice.pick(&["0", "3", ""])),
        5 => ("infinite_fence_days", dice.pick(&["3", "9", ""])),
        6 => ("replenish_by", dice.pick(&["need_day", "commitment"])),
        7 => ("objective", dice.pick(&["earliest", "lowest_cost", ""])),
        _ => ("past_due_supply_delay_days", dice.pick(&["2", ""])),
    };
    set(row, setting, value);
    if value.is_empty() {
        row.remove(setting);
    }
    let rule = row["rule"].clone();
    vec![
        ("change", "atp_rule_set".into()),
        ("rule", rule),
        ("setting", setting.into()),
        ("value", value.into()),
    ]
}

fn atp_assigned(dice: &mut Dice, tables: &mut Tables) -> Cells {
    let rules = keys(tables, "atp_rules", "rule");
    let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
    let cells = vec![
        ("change", "atp_rule_assigned".to_string()),
        ("rule", dice.pick(&rules).to_string()),
        ("item", dice.pick(&["A", "B"]).to_string()),
        ("location", dice.word(2, PLACES)),
    ];
    let place = |row: &Row| (row.get("item").cloned(), row.get("location").cloned());
    let rows = tables.get_mut("atp_rule_assignments").unwrap();
    let location = Some(cells[3].1.clone()).filter(|text| !text.is_empty());
    let wanted = (Some(cells[2].1.clone()), location);
    rows.retain(|row| place(row) != wanted);
    add(tables, "atp_rule_assignments", &cells[1..]);
    cells
}

fn capacity(dice: &mut Dice, tables: &mut Tables, horizon: i64) -> Option<Cells> {
    let resource = pick_row(dice, tables.get_mut("resources")?)?["resource"].clone();
    let cells = vec![
        ("change", "capacity_set".to_string()),
        ("resource", resource.clone()),
        ("date", date(dice.roll(0, horizon - 1))),
        ("quantity", dice.roll(0, 20).to_string()),
    ];
    let rows = tables.entry("resource_capacity".into()).or_default();
    rows.retain(|row| row["resource"] != resource || row["date"] != cells[2].1);
    let row = [("resource", resource), ("date", cells[2].1.clone()), ("hours", cells[3].1.clone())];
    add(tables, "resource_capacity", &row);
    Some(cells)
}

fn lead_time(dice: &mut Dice, tables: &mut Tables) -> Option<Cells> {
    let days = dice.roll(0, 6).to_string();
    if dice.one_in(2) {
        let row = pick_row(dice, tables.get_mut("work_definitions")?)?;
        set(row, "fixed_days", &days);
        let work = row["work_definition"].clone();
        return Some(vec![
            ("change", "lead_time_set".into()),
            ("work_definition", work),
            ("days", days),
        ]);
    }
    let row = pick_row(dice, tables.get_mut("item_suppliers")?)?.clone();
    let is_same =
        |other: &Row| other["item"] == row["item"] && other["supplier"] == row["supplier"];
    for other in tables.get_mut("item_suppliers")?.iter_mut().filter(|other| is_same(other)) {
        set(other, "lead_time_days", &days);
    }
    Some(vec![
        ("change", "lead_time_set".into()),
        ("supplier", row["supplier"].clone()),
        ("item", row["item"].clone()),
        ("days", days),
    ])
}

fn priority(dice: &mut Dice, tables: &mut Tables) -> Option<Cells> {
    let priority = dice.roll(1, 3).to_string();
    let row = pick_row(dice, tables.get_mut("work_definitions")?)?;
    set(row, "priority", &priority);
    let work = row["work_definition"].clone();
    Some(vec![("change", "priority_set".into()), ("work_definition", work), ("priority", priority)])
}

fn source_set(dice: &mut Dice, tables: &mut Tables) -> Option<Cells> {
    let row = pick_row(dice, tables.get_mut("sourcing_rules")?)?;
    let rank = dice.roll(1, 3).to_string();
    let mut cells = vec![("change", "source_set".to_string())];
    set(row, "rank", &rank);
    for column in [
        "rule",
        "source_type",
        "source",
        "allocation_percent",
        "ship_method",
        "effective_from",
        "effective_to",
        "rank",
    ] {
        if let Some(text) = row.get(column) {
            cells.push((column, text.clone()));
        }
    }
    Some(cells)
}
