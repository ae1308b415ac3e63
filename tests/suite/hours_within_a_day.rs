//! Issue 17 item 1: what is worked one after the other shares the hours of a day; resources used together; offsets
//! of each way. The tables of dates are in `tests/scenarios/hours_within_a_day.txt`.

use crate::{
    reference::{Row, World},
    scenarios, support,
    worlds::{Tables, add, date},
};
use promised::{
    ledger::World as Live,
    model::{DayPart, Quantity},
    promising::{
        self,
        answer::{LineResult, PegSource, Relaxation, Worked},
        request::{Remedies, Request},
    },
};
use std::sync::Arc;

const HOURS_A_DAY: i64 = 24;

fn world(tables: Tables) -> World {
    World { as_of: crate::worlds::AS_OF, horizon_days: 120, tables }
}

/// A shop in which every job is a chain of items, each made on a machine of what was made before.
fn shop(jobs: &[Vec<(usize, i64)>], n_machines: usize) -> World {
    let mut tables = Tables::new();
    add(&mut tables, "locations", &[("location", "SHOP".into())]);
    for machine in 0..n_machines {
        let row = [
            ("resource", format!("M{machine}")),
            ("location", "SHOP".into()),
            ("hours_per_day", HOURS_A_DAY.to_string()),
        ];
        add(&mut tables, "resources", &row);
    }
    for (job, steps) in jobs.iter().enumerate() {
        for (step, (machine, hours)) in steps.iter().enumerate() {
            let item = format!("J{job}S{step}");
            add(&mut tables, "items", &[("item", item.clone())]);
            let work = ("work_definition", item.clone());
            let row = [work.clone(), ("item", item), ("location", "SHOP".into())];
            add(&mut tables, "work_definitions", &row);
            let row = [
                work.clone(),
                ("operation", "10".into()),
                ("resource", format!("M{machine}")),
                ("hours", hours.to_string()),
                ("basis", "lot".into()),
            ];
            add(&mut tables, "work_definition_operations", &row);
            if 0 < step {
                let before = format!("J{job}S{}", step - 1);
                let row = [work, ("component", before), ("quantity", "1".into())];
                add(&mut tables, "work_definition_components", &row);
            }
        }
    }
    world(tables)
}

fn order(number: usize, item: &str, day: i64) -> Row {
    let cells = [
        ("order", format!("O{number:02}")),
        ("item", item.into()),
        ("quantity", "1".into()),
        ("requested_date", date(day)),
    ];
    cells.map(|(name, cell)| (name.to_string(), cell)).into()
}

/// What is promised, one order after the other.
fn promised(world: &World, orders: &[Row]) -> Vec<LineResult> {
    let snapshot = Arc::new(support::snapshot(world));
    let mut live = Live::new(Arc::clone(&snapshot));
    let mut results = Vec::new();
    for request in support::requests(orders) {
        let query = request.resolve(&snapshot).expect("it names what exists");
        let promise = promising::plan(&live, &query);
        live = support::commit(live, &request, &promise);
        results.extend(promise.lines);
    }
    results
}

fn worked(result: &LineResult) -> Vec<Worked> {
    let legs = result.option.iter().flat_map(|option| &option.legs);
    let hours = legs.flat_map(|leg| &leg.pegs).flat_map(|peg| match &peg.source {
        PegSource::Make { hours, .. } => hours.clone(),
        _ => Vec::new(),
    });
    hours.collect()
}

fn ships(result: &LineResult) -> i64 {
    i64::from(result.option.as_ref().expect("it is promised").legs[0].ship.0)
}

/// Fisher and Thompson's ten jobs on ten machines (1963): machine and hours of each step.
const FT10: &str = "
    0 29 1 78 2 9 3 36 4 49 5 11 6 62 7 56 8 44 9 21
    0 43 2 90 4 75 9 11 3 69 1 28 6 46 5 46 7 72 8 30
    1 91 0 85 3 39 2 74 8 90 5 10 7 12 6 89 9 45 4 33
    1 81 2 95 0 71 4 99 6 9 8 52 7 85 3 98 9 22 5 43
    2 14 0 6 1 22 5 61 3 26 4 69 8 21 7 49 9 72 6 53
    2 84 1 2 5 52 3 95 8 48 9 72 0 47 6 65 4 6 7 25
    1 46 0 37 3 61 2 13 6 32 5 21 9 32 8 89 7 30 4 55
    2 31 0 86 1 46 5 74 4 32 6 88 8 19 9 48 7 36 3 79
    0 76 1 69 3 76 5 51 2 85 9 11 6 40 7 89 4 26 8 74
    1 85 0 13 2 61 6 7 8 64 9 76 5 47 3 52 4 90 7 45";

fn ft10() -> Vec<Vec<(usize, i64)>> {
    let job = |line: &str| {
        let numbers: Vec<i64> = line.split_whitespace().map(|n| n.parse().unwrap()).collect();
        numbers.chunks(2).map(|step| (step[0] as usize, step[1])).collect()
    };
    FT10.lines().skip(1).map(job).collect()
}

/// What all promises together take of the machines can be worked: no machine does two things at once, no step begins
/// before the one before it is done, and no job ends before the sum of its own hours.
#[test]
fn a_job_shop_keeps_its_dates() {
    let jobs = ft10();
    let orders: Vec<Row> = (0..jobs.len())
        .map(|job| order(job, &format!("J{job}S{}", jobs[job].len() - 1), 0))
        .collect();
    let world = shop(&jobs, 10);
    let snapshot = support::snapshot(&world);
    let results = promised(&world, &orders);
    let mut of_machine: std::collections::BTreeMap<_, Vec<Worked>> = Default::default();
    for (job, result) in results.iter().enumerate() {
        let hours: i64 = jobs[job].iter().map(|(_, hours)| hours).sum();
        let last = ships(result);
        assert!(
            hours <= (last + 1) * HOURS_A_DAY,
            "job {job}: {hours} hours by the end of day {last}"
        );
        let worked = worked(result);
        let sum: Quantity = worked.iter().map(|worked| worked.hours).sum();
        assert_eq!(sum, Quantity::units(hours), "job {job}");
        // The steps of a chain follow each other, in the order of their machines.
        let mut steps: Vec<(_, _)> = Vec::new();
        for (machine, _) in &jobs[job] {
            let of_step = worked.iter().filter(|each| {
                let machine = format!("M{machine}");
                snapshot.resources.names.name(each.resource) == machine
            });
            let of_step: Vec<Worked> = of_step.copied().collect();
            let first = of_step.iter().map(|each| (each.day, each.from)).min().unwrap();
            let last = of_step.iter().map(|each| (each.day, each.to)).max().unwrap();
            steps.push((first, last));
        }
        assert!(steps.windows(2).all(|pair| pair[0].1 <= pair[1].0), "job {job}: {steps:?}");
        worked
            .iter()
            .for_each(|each| of_machine.entry((each.resource, each.day)).or_default().push(*each));
    }
    for ((_, day), worked) in of_machine {
        let sum: Quantity = worked.iter().map(|each| each.hours).sum();
        assert!(sum <= Quantity::units(HOURS_A_DAY), "{sum} hours on {day:?}");
    }
}

#[test]
fn two_orders_of_one_chain_do_not_use_one_days_end_twice() {
    let chain = vec![vec![(0, 12), (1, 12)]];
    let orders = [order(0, "J0S1", 0), order(1, "J0S1", 0)];
    let results = promised(&shop(&chain, 2), &orders);
    assert_eq!(results.iter().map(ships).collect::<Vec<_>>(), [0, 1]);
    let parts = |worked: Worked| {
        let (day, from, to) = (worked.day.0, worked.from.to_string(), worked.to.to_string());
        format!("{} h on d{day} from {from} to {to}", worked.hours)
    };
    let told: Vec<Vec<String>> =
        results.iter().map(|result| worked(result).into_iter().map(parts).collect()).collect();
    assert_eq!(told[0], ["12 h on d0 from 0.5 to 1", "12 h on d0 from 0 to 0.5"]);
    assert_eq!(told[1], ["12 h on d1 from 0.5 to 1", "12 h on d1 from 0 to 0.5"]);
}

#[test]
fn three_steps_of_20_hours_take_three_days_and_of_8_hours_one() {
    let days = |hours| {
        let chain = vec![vec![(0, hours), (1, hours), (2, hours)]];
        ships(&promised(&shop(&chain, 3), &[order(0, "J0S2", 0)])[0]) + 1
    };
    assert_eq!([days(20), days(8), days(9), days(24), days(1)], [3, 1, 2, 3, 1]);
    // On one machine as well: what is worked later is taken first.
    let on_one = |hours| {
        let chain = vec![vec![(0, hours), (0, hours), (0, hours)]];
        ships(&promised(&shop(&chain, 1), &[order(0, "J0S2", 0)])[0]) + 1
    };
    assert_eq!([on_one(20), on_one(8), on_one(9)], [3, 1, 2]);
}

fn told(tables: &str) -> Vec<String> {
    let scenario = scenarios::read(tables);
    let (_, mut problems) = support::built(&scenario.world);
    problems.retain(|problem| problem.contains("work_definition_operations"));
    problems
}

const MADE: &str = "
[items]
item
A

[resources]
resource | location | hours_per_day
R1 | HAM | 8
R2 | HAM | 8
R3 | HAM | 8

[work_definitions]
work_definition | item | location
W | A | HAM

[work_definition_operations]
work_definition | operation | resource | hours | alternate_rank | offset_days
";

#[test]
fn rows_of_one_way_agree_on_their_offset_and_another_way_has_its_own() {
    let rows = format!("{MADE}W | 10 | R1 | 1 | | 1\nW | 10 | R2 | 1 | 0 | 2\n");
    let faults = told(&rows);
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].contains("row 2") && faults[0].contains("offset_days"), "{faults:?}");
    let rows = format!("{MADE}W | 10 | R1 | 1 | | 1\nW | 10 | R2 | 1 | 1 | 2\n");
    assert_eq!(told(&rows), Vec::<String>::new());
}

/// Issue 17 item 7 and contract 1: alternate_rank is a part of the key.
#[test]
fn a_resource_may_stand_in_several_ranks_of_one_operation() {
    let rows = format!("{MADE}W | 10 | R1 | 1 | | 1\nW | 10 | R1 | 2 | 1 | 2\n");
    assert_eq!(told(&rows), Vec::<String>::new());
    let rows = format!("{MADE}W | 10 | R1 | 1 | 1 | \nW | 10 | R1 | 2 | 1 | \n");
    let faults = told(&rows);
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].contains("alternate_rank"), "{faults:?}");
}

#[test]
fn a_rank_with_fewer_resources_than_the_primary_one_is_a_warning() {
    let rows = format!("{MADE}W | 10 | R1 | 1 | |\nW | 10 | R2 | 1 | |\nW | 10 | R3 | 1 | 1 |\n");
    let warnings = told(&rows);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("alternate_rank"), "{warnings:?}");
    assert!(warnings[0].contains("each of the 2 resources"), "{warnings:?}");
}

/// With 24 hours a day two steps of 16 hours take two days; with 8 more on each machine, one each.
#[test]
fn more_hours_make_the_parts_of_a_day_smaller() {
    let jobs = vec![vec![(0, 16), (0, 16)]];
    let world = shop(&jobs, 1);
    let snapshot = Arc::new(support::snapshot(&world));
    let live = Live::new(Arc::clone(&snapshot));
    let line = support::requests(&[order(0, "J0S1", 0)]).remove(0).lines.remove(0);
    let request = Request {
        lines: vec![line],
        objective: None,
        alternatives: 0,
        remedies: Remedies::Sought,
        now: None,
    };
    let result = promising::plan(&live, &request.resolve(&snapshot).unwrap()).lines.remove(0);
    assert_eq!(ships(&result), 1);
    let hours = result.remedies.iter().find_map(|remedy| match &remedy.relaxation {
        Relaxation::Hours { extra, .. } => Some((extra.clone(), remedy.option.clone())),
        _ => None,
    });
    let (extra, option) = hours.expect("more hours would do");
    assert_eq!(extra.iter().map(|(_, hours)| *hours).sum::<Quantity>(), Quantity::units(8));
    let taken: Vec<Worked> = option.legs[0]
        .pegs
        .iter()
        .flat_map(|peg| match &peg.source {
            PegSource::Make { hours, .. } => hours.clone(),
            _ => Vec::new(),
        })
        .collect();
    let half = DayPart::of(Quantity::units(1), Quantity::units(2));
    assert_eq!(
        [(taken[0].from, taken[0].to), (taken[1].from, taken[1].to)],
        [(half, DayPart::END), (DayPart::BEGIN, half)]
    );
}
