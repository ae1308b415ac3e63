//! Checks under allocation rules: `cargo bench --bench allocation`.
//!
//! A thousand pumps, each with stock, twenty supplies and twenty demands. The same question is asked
//! where no rule holds at all, where rules hold for other items only, and where a rule of fifty
//! nodes holds: of a class on the fourth tier that may steal, before and after promises.

mod common;

use criterion::{Criterion, criterion_group, criterion_main};
use promised::{
    engine::draft,
    ledger::{Admission, Ledger, Proposal, Stamp, Start, World},
    loader,
    model::{Day, Quantity},
    promising::{
        Planner, availability,
        request::{OrderLine, Remedies, Request},
    },
    snapshot::{ClassIx, ItemIx, LocationIx},
};
use std::{fmt::Write, fs, hint::black_box, path::Path, sync::Arc};

const ITEMS: usize = 1_000;
const NODES: usize = 50;

/// Where rules hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rules {
    Nowhere,
    Elsewhere,
    Everywhere,
}

/// A world of a thousand pumps and one valve.
fn world(rules: Rules) -> World {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path();
    let put = |name: &str, text: &str| fs::write(path.join(name), text).expect("a file is written");
    put(
        "manifest.json",
        "{\"snapshot_id\": \"bench\", \"as_of\": \"2026-01-05\", \"horizon_days\": 365}",
    );
    put("locations.csv", "location\nDC\n");
    let (mut items, mut on_hand) =
        ("item\nVALVE\n".to_string(), "item,location,quantity\n".to_string());
    let mut supplies = "supply,type,item,location,date,quantity\n".to_string();
    let mut demands = "demand,item,location,date,quantity,demand_class,priority\n".to_string();
    for item in 0..ITEMS {
        writeln!(items, "P{item}").expect("memory takes it");
        writeln!(on_hand, "P{item},DC,1000").expect("memory takes it");
        for n in 0..20 {
            let date = date(n * 7);
            writeln!(supplies, "S{item}-{n},purchase_order,P{item},DC,{date},200")
                .expect("memory takes it");
            let class = (item + n) % NODES;
            writeln!(demands, "D{item}-{n}/1,P{item},DC,{date},90,C{class},{}", n % 3)
                .expect("memory takes it");
        }
    }
    put("items.csv", &items);
    put("on_hand.csv", &on_hand);
    put("supplies.csv", &supplies);
    put("demands.csv", &demands);
    let mut classes = "demand_class,parent,rank\n".to_string();
    let mut shares = "rule,demand_class,value,steal\n".to_string();
    for class in 0..NODES {
        let parent = class.checked_sub(1).map_or(String::new(), |n| format!("C{}", n / 3));
        writeln!(classes, "C{class},{parent},{class}").expect("memory takes it");
        writeln!(shares, "R,C{class},2,true").expect("memory takes it");
    }
    put("demand_classes.csv", &classes);
    if rules != Rules::Nowhere {
        put("allocation_rules.csv", &shares);
        let item = if rules == Rules::Elsewhere { "VALVE" } else { "" };
        put("allocation_assignments.csv", &format!("rule,item\nR,{item}\n"));
    }
    load(path)
}

fn date(day: usize) -> jiff::civil::Date {
    let days = i64::try_from(day).expect("a small number");
    jiff::civil::date(2026, 1, 5).saturating_add(jiff::Span::new().days(days))
}

fn load(path: &Path) -> World {
    let loaded = loader::open(path, &loader::Silent).expect("it was just written");
    let problems: Vec<_> = loaded.problems.listed().iter().map(ToString::to_string).collect();
    World::new(Arc::new(loaded.snapshot.unwrap_or_else(|| panic!("{}", problems.join("\n")))))
}

/// The items, the one location, and a class of the last tier.
fn asked(world: &World) -> (Vec<ItemIx>, LocationIx, Option<ClassIx>) {
    let snapshot = &world.snapshot;
    let known = "it was just written";
    let items = (0..ITEMS).map(|item| snapshot.items.names.get(&format!("P{item}")).expect(known));
    let class = snapshot.classes.names.get("C30").expect(known);
    (items.collect(), snapshot.locations.names.get("DC").expect(known), Some(class))
}

fn line(order: usize, quantity: i64) -> Request {
    let item = format!("P{}", order % ITEMS);
    let requested = date(order % 100);
    let line = OrderLine {
        demand_class: Some(format!("C{}", 17 + order % 33)),
        ..OrderLine::new(&format!("O{order}"), &item, Quantity::units(quantity), requested)
    };
    Request {
        lines: vec![line],
        objective: None,
        alternatives: 0,
        remedies: Remedies::None,
        now: None,
    }
}

/// The world after two promises an item.
fn promised(world: &World) -> World {
    let mut ledger = Ledger::new(world.clone());
    let mut planner = Planner::default();
    for order in 0..2 * ITEMS {
        let request = line(order, 10);
        let query = request.resolve(&world.snapshot).expect("it names what is there");
        let promise = planner.plan(ledger.world(), &query);
        let lines = draft::lines(&request, &query, &promise, 0);
        let proposal = Proposal { lines, start: Start::Confirmed, admission: Admission::Fits };
        ledger.admit(proposal).expect("there is enough").commit(Stamp::default());
    }
    ledger.world().clone()
}

/// A quick check of one item after the other; every account was asked for before.
fn check(criterion: &mut Criterion, name: &str, world: &World) {
    let (items, location, class) = asked(world);
    let ask = |item: ItemIx| {
        let asked = availability::AtpQuestion { item, location, class };
        availability::quick(world, asked, Quantity::units(15), Day(30))
    };
    items.iter().for_each(|&item| assert!(ask(item).earliest.is_some()));
    let mut next = items.iter().cycle();
    criterion.bench_function(&format!("check/{name}"), |bench| {
        bench.iter(|| ask(black_box(*next.next().expect("a cycle never ends"))));
    });
}

fn plan(criterion: &mut Criterion, name: &str, world: &World) {
    let mut planner = Planner::default();
    let queries: Vec<_> = (0..ITEMS)
        .map(|order| line(order, 15).resolve(&world.snapshot).expect("it names what is there"))
        .collect();
    let mut next = queries.iter().cycle();
    criterion.bench_function(&format!("plan/{name}"), |bench| {
        bench.iter(|| planner.plan(world, black_box(next.next().expect("a cycle never ends"))));
    });
}

/// Works out the nodes of an account that nobody has asked for yet: a world of its own each time.
fn first(criterion: &mut Criterion, world: &World) {
    let (items, location, class) = asked(world);
    criterion.bench_function("first check of an account/50 nodes", |bench| {
        bench.iter_batched(
            || world.with_changes(&[again()]).expect("the rule is there"),
            |fresh| {
                let asked = availability::AtpQuestion { item: items[0], location, class };
                availability::quick(&fresh, asked, Quantity::units(15), Day(30))
            },
            criterion::BatchSize::LargeInput,
        );
    });
}

/// A change that changes nothing but makes every account be worked out anew.
fn again() -> promised::change::Change {
    let cells =
        [("rule", "R"), ("demand_class", "C1"), ("effective_from", "2026-06-01"), ("value", "2")];
    let cell = |name: &str| cells.iter().find(|(other, _)| *other == name).map(|(_, text)| *text);
    promised::change::Change::read(0, "share_changed", cell).expect("a change")
}

fn all(criterion: &mut Criterion) {
    let nowhere = world(Rules::Nowhere);
    check(criterion, "no rules at all", &nowhere);
    plan(criterion, "no rules at all", &nowhere);
    let elsewhere = world(Rules::Elsewhere);
    check(criterion, "no rule here", &elsewhere);
    plan(criterion, "no rule here", &elsewhere);
    let everywhere = world(Rules::Everywhere);
    check(criterion, "50 nodes", &everywhere);
    plan(criterion, "50 nodes", &everywhere);
    let promised = promised(&everywhere);
    check(criterion, "50 nodes, promises", &promised);
    plan(criterion, "50 nodes, promises", &promised);
    first(criterion, &everywhere);
}

criterion_group!(benches, all);
criterion_main!(benches);
