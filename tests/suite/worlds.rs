//! Random small worlds in the contract's tables: one seed, one world, the same everywhere.

use crate::reference::{Row, World};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What a world is made to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Balances and ATP rules.
    Stock,
    /// Ship-froms, lanes, calendars, dates, costs, objectives.
    Sourcing,
    /// Buying, making, moving.
    Capable,
    /// Docks: receiving days, cut-offs by weekday and method, departures, stock below zero, days about the horizon.
    Dates,
    /// Forecasts of several periods, for all, for classes and for customers, and orders that consume them.
    Forecast,
}

/// splitmix64: enough for tests, and the same on every machine.
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn roll(&mut self, low: i64, high: i64) -> i64 {
        low + i64::try_from(self.next() % u64::try_from(high - low + 1).unwrap()).unwrap()
    }

    /// A position below `n`.
    pub fn up_to(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).unwrap()
    }

    pub fn one_in(&mut self, n: i64) -> bool {
        self.roll(1, n) == 1
    }

    pub fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[usize::try_from(self.roll(0, words.len() as i64 - 1)).unwrap()]
    }

    /// A number once in `n`, else nothing.
    pub fn number(&mut self, n: i64, low: i64, high: i64) -> String {
        if self.one_in(n) { self.roll(low, high).to_string() } else { String::new() }
    }

    /// A word once in `n`, else nothing.
    pub fn word(&mut self, n: i64, words: &[&str]) -> String {
        if self.one_in(n) { self.pick(words).to_string() } else { String::new() }
    }
}

/// Day 0 of every world, a Monday.
pub const AS_OF: Date = jiff::civil::date(2026, 11, 23);

pub fn date(day: i64) -> String {
    AS_OF.checked_add(jiff::Span::new().days(day)).unwrap().to_string()
}

fn cells(text: &[(&str, String)]) -> Row {
    let given = text.iter().filter(|(_, text)| !text.is_empty());
    given.map(|(name, text)| ((*name).to_string(), text.clone())).collect()
}

pub type Tables = BTreeMap<String, Vec<Row>>;

pub fn add(tables: &mut Tables, table: &str, row: &[(&str, String)]) {
    tables.entry(table.to_string()).or_default().push(cells(row));
}

pub const ITEMS: &[&str] = &["A", "B", "C"];
pub const PLACES: &[&str] = &["BER", "HAM", "MUC"];

/// The world and the order lines of a seed.
pub fn world(seed: u64, kind: Kind) -> (World, Vec<Row>) {
    let dice = &mut Dice(seed ^ (kind as u64) << 60);
    let horizon = dice.roll(12, 24);
    let mut tables = Tables::new();
    masters(dice, &mut tables, kind, horizon);
    rules(dice, &mut tables, kind);
    stock(dice, &mut tables, kind, horizon);
    if kind != Kind::Stock {
        lanes(dice, &mut tables, kind);
    }
    if kind == Kind::Sourcing || (kind == Kind::Dates && dice.one_in(3)) {
        global_sourcing(dice, &mut tables);
    }
    if kind == Kind::Forecast {
        forecasts(dice, &mut tables, horizon);
    }
    if kind == Kind::Capable || kind == Kind::Dates || (kind == Kind::Forecast && dice.one_in(2)) {
        capable(dice, &mut tables, horizon);
    }
    let orders = orders(dice, kind, horizon);
    let horizon_days = i32::try_from(horizon).unwrap();
    (World { as_of: AS_OF, horizon_days, tables }, orders)
}

fn calendar(dice: &mut Dice) -> String {
    dice.pick(&["", "WEEK", "ODD"]).to_string()
}

fn masters(dice: &mut Dice, tables: &mut Tables, kind: Kind, horizon: i64) {
    for (name, days) in [("WEEK", "Mon Tue Wed Thu Fri"), ("ODD", "Mon Wed Sat")] {
        add(tables, "calendars", &[("calendar", name.into()), ("working_days", days.into())]);
    }
    let day = date(dice.roll(0, horizon - 1));
    let working = dice.one_in(2).to_string();
    let name = "WEEK".to_string();
    add(tables, "calendar_exceptions", &[("calendar", name), ("date", day), ("working", working)]);
    for (zone, parent) in [("WORLD", ""), ("EU", "WORLD"), ("DE", "EU"), ("US", "WORLD")] {
        add(tables, "zones", &[("zone", zone.into()), ("parent", parent.into())]);
    }
    for (class, parent) in [("ALL", ""), ("gold", "ALL"), ("web", "ALL")] {
        let penalty = dice.number(2, 1, 3);
        add(
            tables,
            "demand_classes",
            &[
                ("demand_class", class.into()),
                ("parent", parent.into()),
                ("lateness_penalty_per_unit_day", penalty),
            ],
        );
    }
    for (customer, zone) in [("K1", "DE"), ("K2", "US"), ("K3", "")] {
        add(
            tables,
            "customers",
            &[
                ("customer", customer.into()),
                ("zone", zone.into()),
                ("demand_class", dice.word(2, &["gold", "web"])),
                ("receiving_calendar", calendar(dice)),
            ],
        );
    }
    for item in ITEMS {
        add(
            tables,
            "items",
            &[
                ("item", (*item).into()),
                ("category", dice.word(2, &["X", "Y"])),
                ("list_price", dice.number(2, 10, 30)),
                ("unit_cost", dice.number(2, 1, 9)),
            ],
        );
    }
    for place in PLACES {
        let plain = kind == Kind::Stock;
        let some = |text: String| if plain { String::new() } else { text };
        let row = [
            ("location", (*place).into()),
            ("shipping_calendar", some(calendar(dice))),
            ("receiving_calendar", some(calendar(dice))),
            ("manufacturing_calendar", some(calendar(dice))),
            ("cutoff_time", some(dice.word(3, &["09:00", "14:30"]))),
            ("time_zone", some(dice.word(2, &["Europe/Berlin", "America/New_York"]))),
            ("pick_pack_days", some(dice.number(2, 0, 2))),
            ("handling_cost", some(dice.number(2, 1, 5))),
            ("order_lines_per_day", some(dice.number(4, 1, 2))),
        ];
        add(tables, "locations", &row);
        if kind == Kind::Dates && dice.one_in(2) {
            cutoffs(dice, tables, place);
        }
    }
}

/// Rows for one method or weekday, beside the location's own for all.
fn cutoffs(dice: &mut Dice, tables: &mut Tables, place: &str) {
    for (method, weekday) in [("express", ""), ("", "Sat"), ("standard", "Mon"), ("", "Wed")] {
        if dice.one_in(2) {
            let row = [
                ("location", place.into()),
                ("ship_method", method.into()),
                ("weekday", weekday.into()),
                ("days_before", dice.number(2, 0, 4)),
                ("time", dice.pick(&["10:00", "13:30"]).into()),
            ];
            add(tables, "location_cutoffs", &row);
        }
    }
}

fn rules(dice: &mut Dice, tables: &mut Tables, kind: Kind) {
    add(
        tables,
        "atp_rules",
        &[("rule", "BASE".into()), ("replenish_by", dice.word(2, &["need_day"]))],
    );
    add(tables, "atp_rule_assignments", &[("rule", "BASE".into())]);
    if kind == Kind::Capable && dice.one_in(2) {
        return;
    }
    add(
        tables,
        "atp_rules",
        &[
            ("rule", "R".into()),
            ("replenish_by", dice.word(2, &["need_day"])),
            ("mode", dice.word(8, &["lead_time", "infinite"])),
            ("supply_types", dice.word(5, &["on_hand purchase_order", "work_order"])),
            ("demand_types", dice.word(5, &["sales_order", "forecast safety_stock"])),
            ("consumption", dice.word(3, &["backward", "none"])),
            ("past_due_supply_days", dice.number(4, 0, 5)),
            ("past_due_supply_delay_days", dice.number(4, 0, 5)),
            ("past_due_demand_days", dice.number(4, 0, 5)),
            ("infinite_fence_days", dice.number(5, 3, 40)),
            ("atp_fence_days", dice.number(4, 0, 8)),
            ("lead_time_days", dice.number(2, 0, 5)),
            ("search_sources", dice.word(4, &["false"])),
            ("objective", dice.word(2, &["earliest", "lowest_cost", "highest_profit"])),
        ],
    );
    add(
        tables,
        "atp_rule_assignments",
        &[("rule", "R".into()), ("item", "A".into()), ("location", dice.word(2, PLACES))],
    );
}

fn stock(dice: &mut Dice, tables: &mut Tables, kind: Kind, horizon: i64) {
    let least = if kind == Kind::Dates { -3 } else { 0 };
    for item in ITEMS {
        for place in PLACES {
            if dice.one_in(2) {
                add(
                    tables,
                    "on_hand",
                    &[
                        ("item", (*item).into()),
                        ("location", (*place).into()),
                        ("quantity", dice.roll(least, 12).to_string()),
                        ("status", dice.word(9, &["hold"])),
                    ],
                );
            }
        }
    }
    let kinds: &[&str] = match kind {
        Kind::Dates => &[
            "purchase_order",
            "requisition",
            "in_receiving",
            "in_transit",
            "transfer_order",
            "return",
        ],
        Kind::Stock | Kind::Sourcing | Kind::Capable | Kind::Forecast => {
            &["purchase_order", "work_order", "in_transit", "return"]
        }
    };
    for n in 0..dice.roll(0, 8) {
        add(
            tables,
            "supplies",
            &[
                ("supply", format!("S{n}")),
                ("type", dice.pick(kinds).into()),
                ("item", dice.pick(ITEMS).into()),
                ("location", dice.pick(PLACES).into()),
                ("date", date(dice.roll(-6, horizon + 3))),
                ("quantity", format!("{}.5", dice.roll(1, 12))),
            ],
        );
    }
    let kinds = &["sales_order", "work_order_component", "forecast", ""];
    for n in 0..dice.roll(0, 8) {
        add(
            tables,
            "demands",
            &[
                ("demand", format!("D{n}/1")),
                ("type", dice.pick(kinds).into()),
                ("item", dice.pick(ITEMS).into()),
                ("location", dice.pick(PLACES).into()),
                ("date", date(dice.roll(-6, horizon + 3))),
                ("quantity", dice.roll(1, 9).to_string()),
            ],
        );
    }
    for (n, day) in [-3, 4, 9].into_iter().enumerate() {
        if dice.one_in(3) {
            add(
                tables,
                "demands",
                &[
                    ("demand", format!("SS{n}")),
                    ("type", "safety_stock".into()),
                    ("item", "A".into()),
                    ("location", "BER".into()),
                    ("date", date(day)),
                    ("quantity", dice.roll(0, 5).to_string()),
                ],
            );
        }
    }
}

fn forecasts(dice: &mut Dice, tables: &mut Tables, horizon: i64) {
    for n in 0..dice.roll(1, 9) {
        let row = [
            ("demand", format!("F{n}")),
            ("type", "forecast".into()),
            ("item", dice.pick(ITEMS).into()),
            ("location", dice.pick(&["BER", "HAM"]).into()),
            ("date", date(dice.roll(-4, horizon + 2))),
            ("quantity", dice.roll(1, 12).to_string()),
            ("customer", dice.word(4, &["K1", "K2", "K3"])),
            ("demand_class", dice.word(3, &["ALL", "gold", "web"])),
        ];
        add(tables, "demands", &row);
    }
}

fn lanes(dice: &mut Dice, tables: &mut Tables, kind: Kind) {
    let leaves = |dice: &mut Dice| match kind {
        Kind::Dates => dice.word(3, &["WEEK", "ODD"]),
        Kind::Stock | Kind::Sourcing | Kind::Capable | Kind::Forecast => String::new(),
    };
    if dice.one_in(8) {
        return;
    }
    for origin in PLACES {
        for destination in ["WORLD", "DE", "BER", "HAM", "MUC"] {
            for method in ["standard", "express"] {
                if *origin != destination && dice.one_in(2) {
                    add(
                        tables,
                        "shipping_lanes",
                        &[
                            ("origin", (*origin).into()),
                            ("destination", destination.into()),
                            ("ship_method", method.into()),
                            ("transit_days", dice.roll(0, 4).to_string()),
                            ("calendar", calendar(dice)),
                            ("departure_calendar", leaves(dice)),
                            ("cost_per_unit", dice.number(2, 1, 3)),
                            ("cost_per_shipment", dice.number(2, 1, 20)),
                        ],
                    );
                }
            }
        }
    }
}

fn global_sourcing(dice: &mut Dice, tables: &mut Tables) {
    for rule in ["G1", "G2"] {
        for place in PLACES {
            if dice.one_in(2) || *place == "BER" {
                add(
                    tables,
                    "sourcing_rules",
                    &[
                        ("rule", rule.into()),
                        ("source_type", "transfer".into()),
                        ("source", (*place).into()),
                        ("rank", dice.roll(1, 2).to_string()),
                        ("ship_method", dice.word(4, &["express"])),
                        ("effective_from", if dice.one_in(5) { date(3) } else { String::new() }),
                        ("effective_to", if dice.one_in(5) { date(12) } else { String::new() }),
                    ],
                );
            }
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..dice.roll(0, 3) {
        let what = dice.pick(&["item", "category", ""]);
        let who = dice.pick(&["customer", "zone", "demand_class", ""]);
        let what_key = if what == "item" { dice.pick(ITEMS) } else { dice.pick(&["X", "Y"]) };
        let who_key = match who {
            "customer" => dice.pick(&["K1", "K2", "K3"]),
            "zone" => dice.pick(&["WORLD", "EU", "DE"]),
            _ => dice.pick(&["ALL", "gold", "web"]),
        };
        let known = |category: &str| {
            tables["items"].iter().any(|row| row.get("category").is_some_and(|c| c == category))
        };
        if (what == "category" && !known(what_key)) || !seen.insert((what, what_key, who, who_key))
        {
            continue;
        }
        let level = (
            if what.is_empty() { "" } else { what_key },
            if who.is_empty() { "" } else { who_key },
        );
        if !seen.insert((what, level.0, who, level.1)) && (what.is_empty() || who.is_empty()) {
            continue;
        }
        let mut row = vec![("rule", dice.pick(&["G1", "G2"]).to_string())];
        if !what.is_empty() {
            row.push((what, what_key.into()));
        }
        if !who.is_empty() {
            row.push((who, who_key.into()));
        }
        add(tables, "sourcing_assignments", &row);
    }
}

fn capable(dice: &mut Dice, tables: &mut Tables, horizon: i64) {
    for supplier in ["V1", "V2"] {
        add(tables, "suppliers", &[("supplier", supplier.into()), ("calendar", calendar(dice))]);
        for item in ["B", "C"] {
            if dice.one_in(2) {
                add(
                    tables,
                    "item_suppliers",
                    &[
                        ("item", item.into()),
                        ("supplier", supplier.into()),
                        ("location", dice.word(3, PLACES)),
                        ("lead_time_days", dice.roll(0, 9).to_string()),
                        ("minimum_quantity", dice.number(3, 1, 10)),
                        ("lot_multiple", dice.number(3, 1, 5)),
                        ("unit_cost", dice.number(2, 1, 9)),
                        ("capacity_per_day", dice.number(4, 1, 6)),
                        ("priority", dice.number(2, 1, 3)),
                    ],
                );
            }
        }
    }
    for resource in ["M1", "M2"] {
        add(
            tables,
            "resources",
            &[
                ("resource", resource.into()),
                ("location", "BER".into()),
                ("hours_per_day", dice.roll(2, 16).to_string()),
                ("calendar", calendar(dice)),
                ("cost_per_hour", dice.number(2, 1, 4)),
            ],
        );
        if dice.one_in(2) {
            add(
                tables,
                "resource_load",
                &[
                    ("resource", resource.into()),
                    ("date", date(dice.roll(0, horizon - 1))),
                    ("hours", dice.roll(1, 12).to_string()),
                ],
            );
        }
    }
    for work in ["W1", "W2"] {
        if dice.one_in(3) {
            continue;
        }
        let lot = dice.number(3, 1, 4);
        add(
            tables,
            "work_definitions",
            &[
                ("work_definition", work.into()),
                ("item", "A".into()),
                ("location", "BER".into()),
                ("priority", dice.number(2, 1, 2)),
                ("fixed_days", dice.number(2, 0, 3)),
                ("variable_days_per_unit", dice.word(3, &["0.1", "0.25"])),
                ("minimum_quantity", dice.number(3, 1, 6)),
                ("lot_multiple", lot),
                ("yield", dice.word(4, &["0.9", "0.5"])),
                ("unit_cost", dice.number(2, 1, 5)),
            ],
        );
        for component in ["B", "C"] {
            if dice.one_in(2) {
                add(
                    tables,
                    "work_definition_components",
                    &[
                        ("work_definition", work.into()),
                        ("component", component.into()),
                        ("quantity", dice.roll(1, 3).to_string()),
                        ("basis", dice.word(4, &["lot"])),
                        ("operation", dice.word(2, &["20"])),
                    ],
                );
            }
        }
        for (operation, resource) in [("10", "M1"), ("20", "M2")] {
            if dice.one_in(2) {
                add(
                    tables,
                    "work_definition_operations",
                    &[
                        ("work_definition", work.into()),
                        ("operation", operation.into()),
                        ("resource", resource.into()),
                        ("hours", dice.word(1, &["0.5", "1", "2.25"])),
                        ("basis", dice.word(3, &["lot"])),
                        ("offset_days", dice.number(3, 0, 2)),
                    ],
                );
            }
        }
    }
    if dice.one_in(2) {
        let (to, from) = (dice.pick(PLACES), dice.pick(PLACES));
        if to != from {
            for (kind, source, rank) in [("transfer", from, 1), ("make", "", 2), ("buy", "", 2)] {
                add(
                    tables,
                    "sourcing_rules",
                    &[
                        ("rule", "L".into()),
                        ("source_type", kind.into()),
                        ("source", source.into()),
                        ("rank", rank.to_string()),
                    ],
                );
            }
            let item = dice.pick(ITEMS).to_string();
            add(
                tables,
                "sourcing_assignments",
                &[("rule", "L".into()), ("item", item), ("location", to.into())],
            );
        }
    }
}

fn orders(dice: &mut Dice, kind: Kind, horizon: i64) -> Vec<Row> {
    let line = |n: i64, dice: &mut Dice| {
        let plain = kind == Kind::Stock;
        let requested = dice.roll(-3, horizon + 4);
        let some = |text: String| if plain { String::new() } else { text };
        let row = [
            ("order", format!("O{}", n / 2)),
            ("line", (n % 2 + 1).to_string()),
            ("item", dice.pick(ITEMS).to_string()),
            ("quantity", if dice.one_in(5) { "2.5".into() } else { dice.roll(1, 12).to_string() }),
            ("requested_date", date(requested)),
            ("date_type", some(dice.word(2, &["arrival", "ship"]))),
            ("customer", some(dice.word(2, &["K1", "K2", "K3"]))),
            ("zone", some(dice.word(6, &["DE", "US"]))),
            ("location", if plain { dice.pick(PLACES).into() } else { dice.word(4, PLACES) }),
            ("demand_class", some(dice.word(5, &["gold", "web"]))),
            (
                "earliest_date",
                if dice.one_in(6) { date(requested + dice.roll(-2, 3)) } else { String::new() },
            ),
            (
                "latest_date",
                if dice.one_in(6) { date(requested + dice.roll(0, 6)) } else { String::new() },
            ),
            ("objective", some(dice.word(5, &["earliest", "lowest_cost", "highest_profit"]))),
            ("unit_price", dice.number(3, 5, 40)),
            (
                "ordered_at",
                if dice.one_in(3) {
                    format!("{}T{:02}:30:00Z", date(dice.roll(-1, 4)), dice.roll(0, 23))
                } else {
                    String::new()
                },
            ),
        ];
        cells(&row)
    };
    (0..dice.roll(3, 8)).map(|n| line(n, dice)).collect()
}
