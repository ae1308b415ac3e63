//! Issue 17 item 10: work without end. Needs are counted, not time.

use crate::{
    reference::{Row, World},
    support,
    worlds::{Dice, Tables, add, date},
};
use promised::{
    ledger::World as Live,
    limits,
    loader::{self, Silent},
    promising::{
        Planner,
        answer::{LineResult, Reason},
        request::{Remedies, Request},
    },
};
use std::{path::Path, process::Command, sync::Arc};

#[path = "../../benches/make_to_order/model.rs"]
mod make_to_order;

/// Items of some levels, each made of all of the next level, at some plants that fetch from each other, each
/// made in some ways.
#[derive(Clone, Copy, Debug)]
struct Web {
    levels: usize,
    /// Items on each level below the first.
    width: usize,
    plants: usize,
    ways: usize,
}

fn items(web: Web) -> Vec<(usize, String)> {
    let level = |level: usize| {
        let width = if level == 0 { 1 } else { web.width };
        (0..width).map(move |at| (level, format!("L{level}-{at}")))
    };
    (0..web.levels).flat_map(level).collect()
}

fn world(web: Web, seed: u64) -> (World, Vec<Row>) {
    let dice = &mut Dice(seed);
    let mut tables = Tables::new();
    let t = &mut tables;
    let items = items(web);
    for (_, item) in &items {
        add(t, "items", &[("item", item.clone())]);
    }
    for plant in 0..web.plants {
        add(t, "suppliers", &[("supplier", format!("S{plant}"))]);
        let location = ("location", format!("P{plant}"));
        add(t, "locations", &[location.clone()]);
        for way in 0..web.ways {
            let row = [
                ("resource", format!("P{plant}W{way}")),
                location.clone(),
                ("hours_per_day", dice.roll(4, 12).to_string()),
            ];
            add(t, "resources", &row);
        }
        for other in (0..web.plants).filter(|&other| other != plant) {
            let row = [
                ("origin", format!("P{plant}")),
                ("destination", format!("P{other}")),
                ("transit_days", dice.roll(0, 2).to_string()),
            ];
            add(t, "shipping_lanes", &row);
        }
        if 1 < web.plants {
            let rule = ("rule", format!("R{plant}"));
            let kinds = [("make", String::new()), ("buy", String::new())].into_iter();
            let others = (0..web.plants).filter(|&other| other != plant);
            let transfers = others.map(|other| ("transfer", format!("P{other}")));
            for (rank, (kind, source)) in kinds.chain(transfers).enumerate() {
                let row = [
                    rule.clone(),
                    ("source_type", kind.into()),
                    ("source", source),
                    ("rank", (rank + 1).to_string()),
                ];
                add(t, "sourcing_rules", &row);
            }
            add(t, "sourcing_assignments", &[rule, location.clone()]);
        }
        for (level, item) in &items {
            made(t, dice, web, (plant, *level, item));
        }
    }
    let orders = (0..1).map(|number| {
        let cells = [
            ("order", format!("O{number}")),
            ("item", "L0-0".into()),
            ("quantity", dice.roll(5, 20).to_string()),
            ("requested_date", date(dice.roll(0, 6))),
            ("location", "P0".into()),
        ];
        cells.map(|(name, cell)| (name.to_string(), cell)).into()
    });
    let orders = orders.collect();
    (World { as_of: crate::worlds::AS_OF, horizon_days: 120, tables }, orders)
}

fn made(t: &mut Tables, dice: &mut Dice, web: Web, (plant, level, item): (usize, usize, &str)) {
    let location = ("location", format!("P{plant}"));
    if dice.one_in(3) {
        let row =
            [("item", item.into()), location.clone(), ("quantity", dice.roll(1, 6).to_string())];
        add(t, "on_hand", &row);
    }
    if level + 1 == web.levels {
        let row = [
            ("item", item.into()),
            ("supplier", format!("S{plant}")),
            location,
            ("lead_time_days", dice.roll(2, 9).to_string()),
            ("capacity_per_day", dice.roll(2, 9).to_string()),
        ];
        add(t, "item_suppliers", &row[..4 + usize::from(dice.one_in(2))]);
        return;
    }
    for way in 0..web.ways {
        let work = ("work_definition", format!("{item}P{plant}W{way}"));
        let row =
            [work.clone(), ("item", item.into()), location.clone(), ("priority", way.to_string())];
        add(t, "work_definitions", &row);
        let row = [
            work.clone(),
            ("operation", "10".into()),
            ("resource", format!("P{plant}W{way}")),
            ("hours", dice.pick(&["0.5", "1", "0.25"]).to_string()),
        ];
        add(t, "work_definition_operations", &row);
        for (_, component) in items(web).iter().filter(|(below, _)| *below == level + 1) {
            let row = [work.clone(), ("component", component.clone()), ("quantity", "1".into())];
            add(t, "work_definition_components", &row);
        }
    }
}

/// What is promised, and the most needs that were opened for a line.
fn promised((world, orders): (World, Vec<Row>)) -> (Vec<LineResult>, u32) {
    let snapshot = Arc::new(support::snapshot(&world));
    let mut live = Live::new(Arc::clone(&snapshot));
    let (mut results, mut most) = (Vec::new(), 0);
    for request in support::requests(&orders) {
        let query = request.resolve(&snapshot).expect("it names what exists");
        let mut planner = Planner::default();
        let promise = planner.plan(&live, &query);
        most = most.max(planner.most_needs());
        live = support::commit(live, &request, &promise);
        results.extend(promise.lines);
    }
    (results, most)
}

fn is_cut_short(result: &LineResult) -> bool {
    result.reasons.contains(&Reason::Effort)
}

/// Every line of some worlds of a shape is answered, by so many needs at most, the same each time.
fn check(web: Web, seeds: std::ops::Range<u64>) {
    for seed in seeds {
        let (results, most) = promised(world(web, seed));
        let n_cut = results.iter().filter(|result| is_cut_short(result)).count();
        if std::env::var_os("PROMISED_SHOW").is_some() {
            let found = results.iter().filter(|result| result.option.is_some()).count();
            eprintln!("{web:?} seed {seed}: {most} needs, {found} found, {n_cut} cut short");
        }
        assert!(most <= limits::NEEDS_MAX, "{web:?} seed {seed}: {most}");
        // Whoever gives up says so, and nobody else does.
        assert_eq!(0 < n_cut, most == limits::NEEDS_MAX, "{web:?} seed {seed}: {most}, {n_cut}");
        for result in results {
            assert!(result.option.is_some() || !result.reasons.is_empty(), "{result:?}");
        }
    }
}

#[test]
fn two_plants_that_fetch_from_each_other() {
    check(Web { levels: 4, width: 2, plants: 2, ways: 1 }, 0..3);
}

#[test]
fn three_plants_of_three_levels() {
    check(Web { levels: 3, width: 2, plants: 3, ways: 1 }, 0..3);
}

#[test]
fn two_ways_on_six_levels() {
    check(Web { levels: 6, width: 1, plants: 1, ways: 2 }, 0..3);
}

/// Promises all orders of a file, one after the other; the most needs that a line opened. None may meet the limit.
fn all_of(snapshot: &Path, orders: &Path) -> u32 {
    let loaded = loader::open(snapshot, &Silent).expect("it loads");
    let orders = loader::orders(orders).expect("they load");
    let mut live = Live::new(Arc::new(loaded.snapshot.expect("it is without fault")));
    let mut planner = Planner::default();
    let mut most = 0;
    for line in orders.lines {
        let request = Request {
            lines: vec![line],
            objective: None,
            alternatives: 0,
            remedies: Remedies::None,
            now: None,
        };
        let query = request.resolve(&live.snapshot).expect("it names what exists");
        let promise = planner.plan(&live, &query);
        assert!(!promise.lines.iter().any(is_cut_short), "{:?}", request.lines);
        most = most.max(planner.most_needs());
        live = support::commit(live, &request, &promise);
    }
    if std::env::var_os("PROMISED_SHOW").is_some() {
        eprintln!("{}: {most} needs", snapshot.display());
    }
    most
}

/// Half of the limit and more is left for what is larger.
fn check_all_of(snapshot: &Path, orders: &Path) {
    let most = all_of(snapshot, orders);
    assert!(most <= limits::NEEDS_MAX / 2, "{most} needs");
}

#[test]
fn no_line_of_the_snapshots_meets_the_limit() {
    for name in ["adventureworks", "tiny", "allocation-demo"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots").join(name);
        check_all_of(&folder, &folder.join("orders.csv"));
    }
}

#[test]
fn no_line_of_what_generate_makes_meets_the_limit() {
    let folder = tempfile::tempdir().expect("there is room");
    for (seed, depth) in [("1", "3"), ("2", "5")] {
        let folder = folder.path().join(seed);
        let generated = Command::new(env!("CARGO_BIN_EXE_promised"))
            .arg("generate")
            .arg(&folder)
            .args(["--items", "200", "--orders", "1500", "--seed", seed, "--depth", depth])
            .output()
            .expect("it runs");
        assert!(generated.status.success(), "{generated:?}");
        check_all_of(&folder, &folder.join("orders.csv"));
    }
}

#[test]
fn no_line_made_to_order_meets_the_limit() {
    for (seed, split) in [(1, false), (2, true)] {
        let folder = tempfile::tempdir().expect("there is room");
        let shape = make_to_order::Shape {
            items: 60,
            orders: 900,
            stations: None,
            utilisation: 90,
            split,
            seed,
        };
        make_to_order::Model::new(&shape).write(&shape, folder.path()).expect("it is written");
        check_all_of(&folder.path().join("snapshot"), &folder.path().join("orders.csv"));
    }
}

/// A shape that no search ends with. What is found is an answer with its reason, the same each time.
#[test]
fn a_line_that_meets_the_limit_is_answered_and_says_so() {
    let web = Web { levels: 9, width: 2, plants: 3, ways: 2 };
    let (results, most) = promised(world(web, 0));
    assert_eq!(most, limits::NEEDS_MAX);
    assert!(results.iter().any(is_cut_short), "none meets the limit");
    assert_eq!((results, most), promised(world(web, 0)), "the same again");
}
