//! One line on a product of three levels with four components each, 85 nodes: `cargo bench --bench structure`.
//!
//! Nothing is in stock, every make takes hours of both resources of its level, what is below is bought. The same
//! from stock; and in snapshots of ten thousand and a million items, for a plan touches only its own nodes.

mod common;

use criterion::{Criterion, criterion_group, criterion_main};
use promised::{
    ledger::World,
    model::Quantity,
    promising::{
        self,
        query::Query,
        request::{OrderLine, Remedies, Request},
    },
    snapshot::{Builder, Manifest, Snapshot, schema::TABLES},
};
use std::{collections::BTreeMap, hint::black_box, sync::Arc};

type Rows = Vec<Vec<String>>;

const LEVELS: usize = 3;
const COMPONENTS: usize = 4;
const COLUMNS: &[(&str, &[&str])] = &[
    ("items", &["item"]),
    ("locations", &["location"]),
    ("on_hand", &["item", "location", "quantity"]),
    ("resources", &["resource", "location", "hours_per_day"]),
    ("work_definitions", &["work_definition", "item", "location", "fixed_days"]),
    ("work_definition_components", &["work_definition", "component", "quantity"]),
    ("work_definition_operations", &["work_definition", "operation", "resource", "hours"]),
    ("suppliers", &["supplier"]),
    ("item_suppliers", &["item", "supplier", "lead_time_days"]),
];

/// The rows of the product below an item, and those of the item itself.
fn structure(item: &str, level: usize, rows: &mut BTreeMap<&str, Rows>) {
    let mut add = |table: &'static str, cells: &[&str]| {
        let cells = cells.iter().map(ToString::to_string).collect();
        rows.entry(table).or_default().push(cells);
    };
    add("items", &[item]);
    if level == LEVELS {
        return add("item_suppliers", &[item, "VENDOR", "10"]);
    }
    add("work_definitions", &[item, item, "PLANT", "1"]);
    for resource in 0..2 {
        let (operation, name) = (10 + resource * 10, format!("R{level}{resource}"));
        add("work_definition_operations", &[item, &operation.to_string(), &name, "0.1"]);
    }
    for at in 0..COMPONENTS {
        let component = format!("{item}{at}");
        add("work_definition_components", &[item, &component, "1"]);
    }
    for at in 0..COMPONENTS {
        structure(&format!("{item}{at}"), level + 1, rows);
    }
}

fn snapshot(n_items: usize) -> Arc<Snapshot> {
    let mut rows = BTreeMap::from([
        ("locations", vec![vec!["PLANT".to_string()]]),
        ("suppliers", vec![vec!["VENDOR".to_string()]]),
    ]);
    structure("A", 0, &mut rows);
    assert_eq!(rows["items"].len(), 85);
    for level in 0..LEVELS {
        for resource in 0..2 {
            let row = vec![format!("R{level}{resource}"), "PLANT".to_string(), "24".to_string()];
            rows.entry("resources").or_default().push(row);
        }
    }
    for item in (85..n_items).map(|at| format!("I{at}")).chain(["STOCKED".to_string()]) {
        rows.entry("items").or_default().push(vec![item.clone()]);
        let row = vec![item, "PLANT".to_string(), "1000".to_string()];
        rows.entry("on_hand").or_default().push(row);
    }
    let mut builder = Builder::new(Manifest {
        snapshot_id: "structure".into(),
        as_of: jiff::civil::date(2026, 11, 23),
        horizon_days: 365,
        currency: "USD".into(),
        watermarks: BTreeMap::new(),
    });
    for schema in TABLES {
        for (_, columns) in COLUMNS.iter().filter(|(name, _)| *name == schema.name) {
            let mapping = builder.open(schema, columns);
            for (number, row) in (1..).zip(&rows[schema.name]) {
                let cells: Vec<_> = row.iter().map(|cell| Some(cell.as_str())).collect();
                builder.row(&mapping, number, &cells);
            }
        }
    }
    Arc::new(builder.finish().snapshot.expect("it has no error"))
}

fn query(snapshot: &Snapshot, item: &str) -> Query {
    let requested = jiff::civil::date(2027, 1, 29);
    let line = OrderLine {
        location: Some("PLANT".into()),
        ..OrderLine::new("O1", item, Quantity::units(3), requested)
    };
    let request = Request {
        lines: vec![line],
        objective: None,
        alternatives: 0,
        remedies: Remedies::None,
        now: None,
    };
    request.resolve(snapshot).expect("the item is there")
}

fn plan(criterion: &mut Criterion) {
    let sizes: &[usize] = if common::is_test() { &[10_000] } else { &[10_000, 1_000_000] };
    for &n_items in sizes {
        let snapshot = snapshot(n_items);
        let world = World::new(Arc::clone(&snapshot));
        for (name, item, pegs) in [("made", "A", 85), ("stocked", "STOCKED", 1)] {
            let query = query(&snapshot, item);
            let promise = promising::plan(&world, &query);
            let option = promise.lines[0].option.as_ref().expect("it can be promised");
            assert_eq!((option.days_late, option.legs[0].pegs.len()), (0, pegs));
            let mut planner = promising::Planner::default();
            criterion.bench_function(&format!("plan/{name}/{n_items}"), |bench| {
                bench.iter(|| planner.plan(&world, black_box(&query)));
            });
        }
    }
}

criterion_group!(benches, plan);
criterion_main!(benches);
