//! Small random plants with one order line: as tables for the engine, as numbers for the exact optimum.
//!
//! Whole units and half hours only, so that a solver in floating point is exact. What is planned already
//! is never below zero.

use crate::{
    reference::{Row, World},
    worlds::{AS_OF, Dice, Tables, add, date},
};

/// Of everything: END is made of SUB1, SUB2 and raw parts, those of raw parts.
pub const ITEMS: &[&str] = &["END", "SUB1", "SUB2", "RAW1", "RAW2"];
/// Where the line ships from and everything is made; and where some of it can be moved from.
pub const PLACES: &[&str] = &["BER", "MUC"];
const END: usize = 0;
const RESOURCES: &[&str] = &["R1", "R2"];

/// A work definition in BER; quantities and hours are a unit.
pub struct Work {
    pub item: usize,
    pub lot: Option<i64>,
    pub fixed_days: usize,
    pub components: Vec<(usize, i64)>,
    /// Resource, half hours, offset in days; at most one, at which the components are needed.
    pub operation: Option<(usize, i64, usize)>,
}

/// Who sells an item, and where to.
pub struct Offer {
    pub item: usize,
    pub place: usize,
    pub lead_time: usize,
    pub minimum: Option<i64>,
    pub lot: Option<i64>,
    pub capacity: Option<i64>,
}

/// A plant and the one line.
pub struct Plant {
    pub n_days: usize,
    /// Works Monday to Friday only.
    pub week: bool,
    /// Supply less demand of each item at each place on each day.
    pub net: Vec<Vec<Vec<i64>>>,
    /// Free half hours of each resource on each day.
    pub hours: Vec<Vec<i64>>,
    /// Half hours that each resource has on each day, whatever is taken of them.
    pub of_day: Vec<Vec<i64>>,
    pub works: Vec<Work>,
    pub offers: Vec<Offer>,
    /// Items that are moved from MUC to BER, and the days that takes.
    pub moved: Vec<(usize, usize)>,
    pub quantity: i64,
    pub requested: usize,
    tables: Tables,
}

impl Plant {
    pub fn new(seed: u64) -> Self {
        let dice = &mut Dice(seed ^ 5 << 60);
        let n_days = usize::try_from(dice.roll(8, 13)).unwrap();
        let mut plant = Self {
            n_days,
            week: dice.one_in(3),
            net: vec![vec![vec![0; n_days]; PLACES.len()]; ITEMS.len()],
            hours: Vec::new(),
            of_day: Vec::new(),
            works: Vec::new(),
            offers: Vec::new(),
            moved: Vec::new(),
            quantity: dice.roll(1, 8),
            requested: usize::try_from(dice.roll(0, 3)).unwrap(),
            tables: Tables::new(),
        };
        plant.masters();
        plant.resources(dice);
        plant.stock(dice);
        plant.make(dice);
        plant.buy(dice);
        plant.transfer(dice);
        plant
    }

    /// The tables and the order line.
    pub fn world(&self) -> (World, Row) {
        let horizon_days = i32::try_from(self.n_days).unwrap();
        let world = World { as_of: AS_OF, horizon_days, tables: self.tables.clone() };
        let cells = [
            ("order", "O1".to_string()),
            ("item", ITEMS[END].to_string()),
            ("quantity", self.quantity.to_string()),
            ("requested_date", day(self.requested)),
            ("location", PLACES[0].to_string()),
        ];
        (world, cells.map(|(name, cell)| (name.to_string(), cell)).into())
    }

    /// Whether anything is made on a day; day 0 is a Monday.
    pub fn is_open(&self, day: usize) -> bool {
        !self.week || day % 7 < 5
    }

    /// The open day so many open days before an open day.
    pub fn back(&self, end: usize, n: usize) -> Option<usize> {
        let mut open = (0..=end).rev().filter(|&day| self.is_open(day));
        open.nth(n)
    }

    fn masters(&mut self) {
        let names =
            [("calendar", "WEEK".to_string()), ("working_days", "Mon Tue Wed Thu Fri".into())];
        add(&mut self.tables, "calendars", &names);
        let calendar = if self.week { "WEEK" } else { "" };
        for place in PLACES {
            let row = [("location", (*place).into()), ("manufacturing_calendar", calendar.into())];
            add(&mut self.tables, "locations", &row);
        }
        ITEMS.iter().for_each(|item| add(&mut self.tables, "items", &[("item", (*item).into())]));
        add(&mut self.tables, "suppliers", &[("supplier", "V".into())]);
        add(&mut self.tables, "suppliers", &[("supplier", "W".into())]);
    }

    fn resources(&mut self, dice: &mut Dice) {
        for resource in RESOURCES {
            let a_day = dice.roll(2, 8);
            let row = [
                ("resource", (*resource).into()),
                ("location", PLACES[0].into()),
                ("hours_per_day", a_day.to_string()),
            ];
            add(&mut self.tables, "resources", &row);
            let mut hours: Vec<i64> =
                (0..self.n_days).map(|day| if self.is_open(day) { 2 * a_day } else { 0 }).collect();
            self.of_day.push(hours.clone());
            for at in 0..self.n_days {
                if self.is_open(at) && dice.one_in(3) {
                    let load = dice.roll(1, a_day);
                    hours[at] -= 2 * load;
                    let row = [
                        ("resource", (*resource).into()),
                        ("date", day(at)),
                        ("hours", load.to_string()),
                    ];
                    add(&mut self.tables, "resource_load", &row);
                }
            }
            self.hours.push(hours);
        }
    }

    fn stock(&mut self, dice: &mut Dice) {
        for item in 0..ITEMS.len() {
            for place in 0..PLACES.len() {
                let raw = 3 <= item;
                if dice.one_in(if raw { 2 } else { 3 }) {
                    let quantity = dice.roll(1, if raw { 12 } else { 4 });
                    self.net[item][place][0] += quantity;
                    self.row("on_hand", (item, place), &[("quantity", quantity.to_string())]);
                }
                for n in 0..dice.roll(0, 2) {
                    let at = usize::try_from(dice.roll(1, self.n_days as i64 - 1)).unwrap();
                    let quantity = dice.roll(1, 6);
                    self.net[item][place][at] += quantity;
                    let rest = [
                        ("supply", format!("S{item}{place}{n}")),
                        ("type", "purchase_order".into()),
                        ("date", day(at)),
                        ("quantity", quantity.to_string()),
                    ];
                    self.row("supplies", (item, place), &rest);
                }
                if dice.one_in(2) {
                    self.sold(dice, (item, place));
                }
            }
        }
    }

    /// Sells some of what stays until the end.
    fn sold(&mut self, dice: &mut Dice, (item, place): (usize, usize)) {
        let at = usize::try_from(dice.roll(0, self.n_days as i64 - 1)).unwrap();
        let net = &mut self.net[item][place];
        let balance = |until: usize| net[..=until].iter().sum::<i64>();
        let most = (at..net.len()).map(balance).min().unwrap();
        if 0 < most {
            let quantity = dice.roll(1, most);
            net[at] -= quantity;
            let rest = [
                ("demand", format!("D{item}{place}/1")),
                ("date", day(at)),
                ("quantity", quantity.to_string()),
            ];
            self.row("demands", (item, place), &rest);
        }
    }

    fn row(&mut self, table: &str, (item, place): (usize, usize), rest: &[(&str, String)]) {
        let key = [("item", ITEMS[item].to_string()), ("location", PLACES[place].to_string())];
        add(&mut self.tables, table, &[key.as_slice(), rest].concat());
    }

    fn make(&mut self, dice: &mut Dice) {
        for item in [END, END, 1, 2] {
            let is_second = self.works.iter().any(|work| work.item == item);
            if dice.one_in(if is_second { 2 } else { 8 }) {
                continue;
            }
            let number = self.works.len();
            let work = Work {
                item,
                lot: dice.one_in(4).then(|| dice.roll(2, 4)),
                fixed_days: usize::try_from(dice.roll(0, 2)).unwrap(),
                components: (item.max(if is_second { 2 } else { 0 }) + 1..ITEMS.len())
                    .filter(|&component| component != 2 || item == END)
                    .filter_map(|component| dice.one_in(2).then(|| (component, dice.roll(1, 2))))
                    .collect(),
                operation: (!dice.one_in(4)).then(|| {
                    let resource = usize::try_from(dice.roll(0, 1)).unwrap();
                    (resource, dice.roll(1, 4), usize::from(dice.one_in(4)))
                }),
            };
            self.table_work(number, &work);
            self.works.push(work);
        }
    }

    fn table_work(&mut self, number: usize, work: &Work) {
        let name = ("work_definition", format!("W{number}"));
        let lot = work.lot.map_or(String::new(), |lot| lot.to_string());
        let rest = [
            name.clone(),
            ("priority", number.to_string()),
            ("fixed_days", work.fixed_days.to_string()),
            ("lot_multiple", lot),
        ];
        self.row("work_definitions", (work.item, 0), &rest);
        for &(component, quantity) in &work.components {
            let row = [
                name.clone(),
                ("component", ITEMS[component].into()),
                ("quantity", quantity.to_string()),
            ];
            add(&mut self.tables, "work_definition_components", &row);
        }
        if let Some((resource, halves, offset)) = work.operation {
            let row = [
                name,
                ("operation", "10".into()),
                ("resource", RESOURCES[resource].into()),
                ("hours", format!("{}.{}", halves / 2, halves % 2 * 5)),
                ("offset_days", offset.to_string()),
            ];
            add(&mut self.tables, "work_definition_operations", &row);
        }
    }

    fn buy(&mut self, dice: &mut Dice) {
        for item in 1..ITEMS.len() {
            for supplier in ["V", "W"] {
                if !dice.one_in(if 3 <= item { 2 } else { 4 }) {
                    continue;
                }
                let place = usize::from(dice.one_in(4));
                let offer = Offer {
                    item,
                    place,
                    lead_time: usize::try_from(dice.roll(1, 8)).unwrap(),
                    minimum: dice.one_in(4).then(|| dice.roll(2, 6)),
                    lot: dice.one_in(4).then(|| dice.roll(2, 4)),
                    capacity: dice.one_in(3).then(|| dice.roll(1, 4)),
                };
                let number = |number: Option<i64>| number.map_or(String::new(), |n| n.to_string());
                let rest = [
                    ("supplier", supplier.into()),
                    ("lead_time_days", offer.lead_time.to_string()),
                    ("minimum_quantity", number(offer.minimum)),
                    ("lot_multiple", number(offer.lot)),
                    ("capacity_per_day", number(offer.capacity)),
                ];
                self.row("item_suppliers", (item, place), &rest);
                self.offers.push(offer);
            }
        }
    }

    fn transfer(&mut self, dice: &mut Dice) {
        let days = usize::try_from(dice.roll(1, 3)).unwrap();
        for item in 0..ITEMS.len() {
            if !dice.one_in(3) {
                continue;
            }
            self.moved.push((item, days));
            let rule = ("rule", format!("L{item}"));
            let source = |kind: &str, from: &str, rank: i64| {
                [
                    rule.clone(),
                    ("source_type", kind.into()),
                    ("source", from.into()),
                    ("rank", rank.to_string()),
                ]
            };
            for (kind, from) in [("transfer", PLACES[1]), ("make", ""), ("buy", "")] {
                let row = source(kind, from, dice.roll(1, 3));
                add(&mut self.tables, "sourcing_rules", &row);
            }
            let key =
                [rule.clone(), ("item", ITEMS[item].into()), ("location", PLACES[0].to_string())];
            add(&mut self.tables, "sourcing_assignments", &key);
        }
        let lane = [
            ("origin", PLACES[1].into()),
            ("destination", PLACES[0].into()),
            ("transit_days", days.to_string()),
        ];
        add(&mut self.tables, "shipping_lanes", &lane);
    }
}

fn day(at: usize) -> String {
    date(i64::try_from(at).unwrap())
}
