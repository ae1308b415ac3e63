//! A make-to-order model of any size, in the contract's tables.
//!
//! Three levels: end item <- 2 subassemblies <- 2 bought components each (lead time 5 to 30 days). One
//! plant. Lines and cells of two machines each, round the clock; hours a piece are chosen so that the
//! orders load them to the given utilisation over 180 days, set-ups of an hour an order on top. The
//! parameters and shape are those of `shared/models/make_to_order.py`; the random numbers are not.

use jiff::{ToSpan, civil::Date};
use std::{fs, io, path::Path};

/// What to make.
#[derive(Clone, Debug, clap::Args)]
pub struct Shape {
    /// End items; half as many subassemblies, and half as many components.
    #[arg(long, default_value_t = 1_000)]
    pub items: usize,
    /// Order lines.
    #[arg(long, default_value_t = 10_000)]
    pub orders: usize,
    /// Lines, and as many cells [default: one for 20 end items].
    #[arg(long)]
    pub stations: Option<usize>,
    /// Hours of work in percent of the hours there are.
    #[arg(long, default_value_t = 75)]
    pub utilisation: u64,
    /// Whether order lines may be split.
    #[arg(long)]
    pub split: bool,
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// A table: its name, its columns, its rows.
pub type Table = (&'static str, Vec<&'static str>, Vec<Vec<String>>);

/// An order line.
#[derive(Clone, Debug)]
pub struct Order {
    pub order: String,
    pub item: String,
    pub quantity: u64,
    pub requested: Date,
    pub priority: u64,
}

/// The model: tables of a snapshot, and order lines in the order in which they are promised.
pub struct Model {
    pub tables: Vec<Table>,
    pub orders: Vec<Order>,
}

pub const AS_OF: Date = jiff::civil::date(2026, 1, 1);
pub const HORIZON_DAYS: u16 = 730;
const DAYS: u64 = 180;
const MACHINES: u64 = 2;
/// Stock at the start, in percent of what all orders need.
const ON_HAND: u64 = 5;

/// splitmix64.
struct Random(u64);

impl Random {
    fn between(&mut self, low: u64, high: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        low + (z ^ (z >> 31)) % (high - low + 1)
    }

    fn below(&mut self, n: usize) -> usize {
        self.between(0, n as u64 - 1) as usize
    }

    fn two_below(&mut self, n: usize) -> [usize; 2] {
        let first = self.below(n);
        let second = self.below(n - 1);
        [first, if second < first { second } else { second + 1 }]
    }
}

impl Model {
    pub fn new(shape: &Shape) -> Model {
        let mut random = Random(shape.seed);
        let n_parts = (shape.items / 2).max(2);
        let ends: Vec<_> = (0..shape.items).map(|_| random.two_below(n_parts)).collect();
        let subs: Vec<_> = (0..n_parts).map(|_| random.two_below(n_parts)).collect();
        let mut orders: Vec<(usize, Order)> =
            (0..shape.orders).map(|at| order(&mut random, at, shape.items)).collect();
        orders.sort_by_key(|(_, order)| (order.priority, order.requested, order.quantity));
        let tables = tables(shape, (&ends, &subs), &orders, &mut random);
        Model { tables, orders: orders.into_iter().map(|(_, order)| order).collect() }
    }

    /// Writes `DIR/snapshot` and `DIR/orders.csv`.
    pub fn write(&self, shape: &Shape, dir: &Path) -> io::Result<()> {
        let snapshot = dir.join("snapshot");
        fs::create_dir_all(&snapshot)?;
        let Shape { items, orders, utilisation, seed, .. } = shape;
        let manifest = format!(
            "{{\"snapshot_id\": \"make-to-order-{items}-{orders}-{utilisation}-{seed}\", \
             \"as_of\": \"{AS_OF}\", \"horizon_days\": {HORIZON_DAYS}}}\n"
        );
        fs::write(snapshot.join("manifest.json"), manifest)?;
        for (name, columns, rows) in &self.tables {
            let path = snapshot.join(format!("{name}.csv"));
            fs::write(path, csv(columns, rows.iter().map(|row| row.join(","))))?;
        }
        let columns =
            ["order", "item", "quantity", "requested_date", "location", "priority", "split"];
        let rows = self.orders.iter().map(|order| {
            let Order { order, item, quantity, requested, priority } = order;
            format!("{order},{item},{quantity},{requested},PLANT,{priority},{}", shape.split)
        });
        fs::write(dir.join("orders.csv"), csv(&columns, rows))
    }
}

fn csv(columns: &[&str], rows: impl Iterator<Item = String>) -> String {
    std::iter::once(columns.join(",")).chain(rows).map(|row| row + "\n").collect()
}

fn order(random: &mut Random, at: usize, n_items: usize) -> (usize, Order) {
    let item = random.below(n_items);
    let quantity = random.between(1, 20);
    let requested = AS_OF.saturating_add((random.between(1, DAYS) as i64).days());
    let priority = random.between(1, 10);
    let order =
        Order { order: format!("D{at}"), item: format!("FG{item}"), quantity, requested, priority };
    (item, order)
}

/// Hours a piece, to the minute at least, with six decimals.
fn hours(available: u64, pieces: u64) -> String {
    let micros = (available * 1_000_000 / pieces.max(1)).max(1_000_000 / 60);
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

/// What is in stock at the start of subassemblies and of components.
fn at_start(
    (ends, subs): (&[[usize; 2]], &[[usize; 2]]),
    orders: &[(usize, Order)],
) -> (Vec<u64>, Vec<u64>) {
    let n_parts = subs.len();
    let (mut need_subs, mut need_parts) = (vec![0; n_parts], vec![0; n_parts]);
    for (item, order) in orders {
        ends[*item].iter().for_each(|&sub| need_subs[sub] += order.quantity);
    }
    for (sub, parts) in subs.iter().enumerate() {
        parts.iter().for_each(|&part| need_parts[part] += need_subs[sub]);
    }
    let stock_subs = need_subs.iter().map(|need| need * ON_HAND / 100).collect();
    let stock_parts = need_parts.iter().map(|need| need * 4 * ON_HAND / 100).collect();
    (stock_subs, stock_parts)
}

fn tables(
    shape: &Shape,
    (ends, subs): (&[[usize; 2]], &[[usize; 2]]),
    orders: &[(usize, Order)],
    random: &mut Random,
) -> Vec<Table> {
    let n_parts = subs.len();
    let n_stations = shape.stations.unwrap_or((shape.items / 20).max(1));
    let pieces: u64 = orders.iter().map(|(_, order)| order.quantity).sum();
    let available = n_stations as u64 * MACHINES * DAYS * 24 * shape.utilisation / 100;
    let (of_end, of_sub) = (hours(available, pieces), hours(available, 2 * pieces));
    let (stock_subs, stock_parts) = at_start((ends, subs), orders);
    let row = |cells: &[&str]| cells.iter().map(ToString::to_string).collect::<Vec<_>>();
    let named = |prefix: &str, n: usize| -> Vec<String> {
        (0..n).map(|at| format!("{prefix}{at}")).collect()
    };
    let (end_names, sub_names) = (named("FG", ends.len()), named("SA", n_parts));
    let (part_names, lines) = (named("CO", n_parts), named("LINE", n_stations));
    let cells = named("CELL", n_stations);
    let (mut works, mut components, mut operations) = (Vec::new(), Vec::new(), Vec::new());
    let made = [(ends, &end_names, &sub_names, &lines, &of_end)];
    let made = made.into_iter().chain([(subs, &sub_names, &part_names, &cells, &of_sub)]);
    for (structure, names, below, stations, hours) in made {
        for (at, (name, needs)) in names.iter().zip(structure).enumerate() {
            let work = format!("make {name}");
            let station = &stations[at % n_stations];
            works.push(row(&[&work, name, "PLANT"]));
            components.extend(needs.iter().map(|&need| row(&[&work, &below[need], "1"])));
            operations.push(row(&[&work, "10", station, "1", "lot"]));
            operations.push(row(&[&work, "20", station, hours, "unit"]));
        }
    }
    let stock = sub_names.iter().zip(stock_subs);
    let parts = part_names.iter().zip(stock_parts);
    let on_hand = stock.chain(parts).filter(|(_, quantity)| 0 < *quantity);
    let offers = part_names.iter().map(|part| {
        let days = random.between(5, 30).to_string();
        row(&[part, "VENDOR", &days])
    });
    let per_day = (24 * MACHINES).to_string();
    vec![
        (
            "items",
            vec!["item"],
            [end_names.as_slice(), &sub_names, &part_names]
                .concat()
                .iter()
                .map(|name| row(&[name]))
                .collect(),
        ),
        ("locations", vec!["location", "kind"], vec![row(&["PLANT", "plant"])]),
        (
            "on_hand",
            vec!["item", "location", "quantity"],
            on_hand.map(|(item, quantity)| row(&[item, "PLANT", &quantity.to_string()])).collect(),
        ),
        (
            "resources",
            vec!["resource", "location", "hours_per_day"],
            lines.iter().chain(&cells).map(|name| row(&[name, "PLANT", &per_day])).collect(),
        ),
        ("work_definitions", vec!["work_definition", "item", "location"], works),
        (
            "work_definition_components",
            vec!["work_definition", "component", "quantity"],
            components,
        ),
        (
            "work_definition_operations",
            vec!["work_definition", "operation", "resource", "hours", "basis"],
            operations,
        ),
        ("suppliers", vec!["supplier"], vec![row(&["VENDOR"])]),
        ("item_suppliers", vec!["item", "supplier", "lead_time_days"], offers.collect()),
    ]
}
