//! Issue 17 item 10: plants that fetch from each other, and parts that are made in several ways. Needs are counted.

use crate::{
    reference::{Row, World},
    support,
    worlds::{Dice, Tables, add, date},
};
use promised::{
    ledger::World as Live,
    promising::{
        Planner,
        answer::{LineResult, Reason},
    },
};
use std::sync::Arc;

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
        add(t, "locations", std::slice::from_ref(&location));
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

/// Every line of some worlds of a shape is answered by so many needs at most, and no search is cut short.
fn check(web: Web, seeds: std::ops::Range<u64>, needs: u32) {
    for seed in seeds {
        let (results, most) = promised(world(web, seed));
        if std::env::var_os("PROMISED_SHOW").is_some() {
            eprintln!("{web:?} seed {seed}: {most} needs");
        }
        assert!(most <= needs, "{web:?} seed {seed}: {most}");
        for result in results {
            assert!(!is_cut_short(&result), "{web:?} seed {seed}");
            assert!(result.option.is_some() || !result.reasons.is_empty(), "{result:?}");
        }
    }
}

/// At most 74,702, where it was 120,728 while parts were found by halves, and 77,582 while what comes too late said nothing.
#[test]
fn two_plants_of_four_levels() {
    check(Web { levels: 4, width: 2, plants: 2, ways: 1 }, 0..3, 80_000);
}

/// At most 7,754, where it was 27,015 and 8,390.
#[test]
fn three_plants_of_three_levels() {
    check(Web { levels: 3, width: 2, plants: 3, ways: 1 }, 0..4, 12_000);
}

/// At most 4,514, where it was 15,207; the second one met the limit of 300,000.
#[test]
fn six_levels_in_two_ways() {
    check(Web { levels: 6, width: 1, plants: 1, ways: 2 }, 0..7, 10_000);
}

/// 34,848 and 43,765: both met the limit while what comes too late said nothing of how much of it would come in time.
#[test]
fn six_levels_in_two_ways_that_met_the_limit() {
    let web = Web { levels: 6, width: 1, plants: 1, ways: 2 };
    check(web, 19..20, 60_000);
    check(web, 30..31, 60_000);
}
