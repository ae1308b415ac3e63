//! How far from the optimum the greedy search is: the engine's dates beside those of an exact model.
//! Worlds and the way to the engine are those of the suite.
#![allow(
    missing_docs,
    unused,
    clippy::all,
    clippy::pedantic,
    reason = "tests are read by us alone"
)]

mod model;
mod plant;
#[path = "../reference/mod.rs"]
mod reference;
#[path = "../suite/support.rs"]
mod support;
#[path = "../suite/worlds.rs"]
mod worlds;

use model::{Answer, Orders, ships_by};
use plant::Plant;
use promised::{ledger::World as Live, promising};
use std::sync::Arc;

/// The day on which the engine ships the line; none if never.
fn promised(plant: &Plant) -> Option<usize> {
    let (world, order) = plant.world();
    let live = Live::new(Arc::new(support::snapshot(&world)));
    let request = &support::requests(&[order])[0];
    let query = request.resolve(&live.snapshot).expect("it names what exists");
    let result = promising::plan(&live, &query).lines.remove(0);
    result.option.map(|option| usize::try_from(option.legs[0].ship.0).unwrap())
}

/// How many days later than possible a line ships.
fn days_too_late(plant: &Plant, ships: Option<usize>, orders: Orders) -> Option<usize> {
    let ships = ships.unwrap_or(plant.n_days);
    let mut late = 0;
    while plant.requested + late < ships {
        match ships_by(plant, ships - late - 1, orders) {
            Answer::Possible => late += 1,
            Answer::Impossible => return Some(late),
            Answer::Unknown => return None,
        }
    }
    Some(late)
}

/// Per cent of the dates that are the earliest possible. Measured on seeds 0..300: 298, and one more (159) since
/// a day is tried without borrowing too. 244 stays a day too late: its first source can give 3.5 of the 5 wanted,
/// of the parts that the second would need for 3, while 2 of the first and 3 of the second would do. The rules
/// have every source give what it can before the next is asked (semantics 6), so no search by them finds that.
const FLOOR: usize = 97;

#[test]
fn most_dates_are_the_earliest_possible_and_none_is_earlier() {
    let seeds = std::env::var("PROMISED_SEEDS").ok().map_or(0..40, |text| {
        let (from, to) = text.split_once("..").expect("PROMISED_SEEDS=from..to");
        from.parse().expect("a number")..to.parse().expect("a number")
    });
    let (mut promises, mut searched, mut optimal, mut unknown) = (0_usize, 0, 0_usize, 0);
    let mut later: Vec<String> = Vec::new();
    for seed in seeds {
        let plant = Plant::new(seed);
        let ships = promised(&plant);
        if let Some(day) = ships {
            let answer = ships_by(&plant, day, Orders::Several);
            assert_eq!(answer, Answer::Possible, "seed {seed}: promised before it is possible");
        }
        promises += 1;
        searched += usize::from(ships.is_some_and(|day| plant.requested < day));
        // What no number of work orders can do earlier, one a need cannot.
        let late = match days_too_late(&plant, ships, Orders::Several) {
            Some(0) => Some(0),
            _ => days_too_late(&plant, ships, Orders::One),
        };
        match late {
            Some(0) => optimal += 1,
            Some(late) => later.push(format!("seed {seed} ships {ships:?}, {late} days too late")),
            None => unknown += 1,
        }
    }
    eprintln!(
        "{optimal} of {promises} optimal, {searched} late, {unknown} unknown\n{}",
        later.join("\n")
    );
    assert!(FLOOR * promises <= 100 * optimal, "{optimal} of {promises}\n{}", later.join("\n"));
}
