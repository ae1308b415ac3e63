//! The engine and the naive reference agree, line by line, on random small worlds.

use crate::{
    reference::{self, ResultRow, Row, World, worlds::Kind as Full},
    support,
    worlds::{self, Kind},
    worlds_in_units,
};
use promised::{
    ledger::World as Live,
    promising::{Planner, answer::LineResult, draft, request::OrderLine},
    snapshot::Snapshot,
};
use std::sync::Arc;

/// Whether `PROMISED_SHOW` asks for all that both do, to find out why they differ.
fn is_shown() -> bool {
    std::env::var_os("PROMISED_SHOW").is_some()
}

/// Whether `PROMISED_THOROUGH` asks for a planner that tries all, to find out whether what it knows is at fault.
fn is_thorough() -> bool {
    std::env::var_os("PROMISED_THOROUGH").is_some()
}

/// What the engine posts for a line, in the words in which the reference shows what it posts.
fn show(snapshot: &Snapshot, line: &OrderLine, result: &LineResult) {
    for posting in result.option.iter().flat_map(draft::postings) {
        let account = snapshot.account_name(posting.account);
        let (day, quantity) = (posting.day.0, posting.quantity.raw());
        eprintln!("engine {}/{} {account} {day} {quantity}", line.order, line.line);
    }
}

fn words_of_engine(world: &World, orders: &[Row]) -> Vec<String> {
    let snapshot = Arc::new(support::snapshot(world));
    let mut live = Live::new(Arc::clone(&snapshot));
    let mut words = Vec::new();
    let mut planner = if is_thorough() { Planner::thorough() } else { Planner::default() };
    for request in support::requests(orders) {
        let query = request.resolve(&snapshot).expect("random orders name what exists");
        let promise = planner.plan(&live, &query);
        for (line, result) in request.lines.iter().zip(&promise.lines) {
            if is_shown() {
                show(&snapshot, line, result);
            }
            words.extend(support::words(&snapshot, line, result));
        }
        live = support::commit(live, &request, &promise);
    }
    words
}

/// Whether a world was compared; else how the two differ on it.
type Compared = Result<bool, String>;

fn compare(seed: u64, kind: Kind) -> Compared {
    let (world, orders) = worlds::world(seed, kind);
    let wanted = reference::promise(&world, &orders);
    compare_on(&format!("seed {seed} {kind:?}"), (&world, &orders), &wanted)
}

/// The reference's own worlds have every feature; a few take it very long and are left out.
fn compare_full(seed: u64, kind: Full) -> Compared {
    const FILLS: u64 = 12_000;
    let (world, orders) = reference::worlds::world(seed, kind);
    match reference::promise_within(&world, &orders, FILLS) {
        Some(wanted) => {
            compare_on(&format!("full seed {seed} {kind:?}"), (&world, &orders), &wanted)
        }
        None => Ok(false),
    }
}

/// A random world of shares, protection and caps.
pub fn allocation_world(seed: u64) -> (World, Vec<Row>) {
    reference::worlds::world(seed, Full::Allocation)
}

fn compare_on(
    name: &str,
    (world, orders): (&World, &[Row]),
    wanted: &[Vec<ResultRow>],
) -> Compared {
    let wanted: Vec<String> = wanted.iter().flatten().map(support::words_of_reference).collect();
    let got = words_of_engine(world, orders);
    if wanted == got {
        return Ok(true);
    }
    if is_shown() {
        eprintln!("{name} differs");
        for (table, rows) in &world.tables {
            rows.iter().for_each(|row| eprintln!("{table} {row:?}"));
        }
        orders.iter().for_each(|row| eprintln!("order {row:?}"));
    }
    let at = wanted.iter().zip(&got).position(|(a, b)| a != b).unwrap_or(0);
    // All legs of the line at which they part.
    let line = |words: &[String]| {
        let key = words.get(at).or(words.last()).and_then(|row| row.split(' ').next());
        let same = |row: &&String| row.split(' ').next() == key;
        words.iter().filter(same).cloned().collect::<Vec<_>>().join("\n            ")
    };
    Err(format!("{name} row {at}\n  reference {}\n  engine    {}", line(&wanted), line(&got)))
}

/// `PROMISED_SEEDS=from..to` tries other seeds; the message names the seed and the first difference.
fn check(seeds: std::ops::Range<u64>, compare: impl Fn(u64) -> Compared) {
    let asked = std::env::var("PROMISED_SEEDS").ok();
    // Who asks for seeds wants to see all that differ.
    let n_shown = if asked.is_some() { usize::MAX } else { 6 };
    let seeds = asked.map_or(seeds, |text| {
        let (from, to) = text.split_once("..").expect("PROMISED_SEEDS=from..to");
        from.parse().expect("a number")..to.parse().expect("a number")
    });
    let n = seeds.end - seeds.start;
    let (mut found, mut n_compared) = (Vec::new(), 0);
    for seed in seeds {
        match compare(seed) {
            Ok(is_compared) => n_compared += u64::from(is_compared),
            Err(difference) => found.push(difference),
        }
    }
    let shown: Vec<_> = found.iter().take(n_shown).cloned().collect();
    assert!(found.is_empty(), "{} of {n} worlds differ\n{}", found.len(), shown.join("\n"));
    assert!(n * 9 / 10 <= n_compared, "only {n_compared} of {n} worlds were compared");
}

fn check_full(kind: Full, seeds: std::ops::Range<u64>) {
    check(seeds, |seed| compare_full(seed, kind));
}

#[test]
fn balances_and_rules_agree() {
    check(0..300, |seed| compare(seed, Kind::Stock));
}

#[test]
fn ship_froms_dates_and_costs_agree() {
    check(0..300, |seed| compare(seed, Kind::Sourcing));
}

#[test]
fn make_buy_and_transfer_agree() {
    check(0..300, |seed| compare(seed, Kind::Capable));
}

/// Issue 17 items 2 and 4: receiving days, cut-offs, departures, the horizon, stock below zero.
#[test]
fn docks_and_dates_agree() {
    check(0..300, |seed| compare(seed, Kind::Dates));
}

/// Issue 17 item 3: forecast is consumed by orders.
#[test]
fn forecasts_agree() {
    check(0..300, |seed| compare(seed, Kind::Forecast));
}

/// Issue 17 item 4: units over several steps, both ways, some of them finer than the item's own. (Seeds up to 5,000 found
/// one difference: the reference rounded what a day of lateness costs, and not what all of them do.)
#[test]
fn units_over_several_steps_agree() {
    const KINDS: [Kind; 5] =
        [Kind::Stock, Kind::Sourcing, Kind::Capable, Kind::Dates, Kind::Forecast];
    check(0..300, |seed| {
        let kind = KINDS[usize::try_from(seed % 5).expect("it is small")];
        let (world, orders) = worlds_in_units::in_units(seed, kind);
        let wanted = reference::promise(&world, &orders);
        compare_on(&format!("seed {seed} {kind:?} in units"), (&world, &orders), &wanted)
    });
}

/// Worlds on which the two differed once: what a later order waits for was not seen to be lent (2622), make
/// and buy gave all or nothing before stock (2006, 4274, 4360), days between the horizon and the infinite
/// fence hid those before them (2239); parts were moved by the method that is cheapest for the whole, or what
/// was borrowed had to be replaced by what the rest needs (2467, in cost).
#[test]
fn worlds_that_differed_agree() {
    for seed in [2006, 2239, 2467, 2622, 4274, 4360] {
        assert_eq!(compare(seed, Kind::Capable), Ok(true));
    }
}

/// The same of full worlds: safety stock that is short anyway was thought to keep stock from being lent (3637); the
/// reference did not let what is promised without supply consume forecast (1659, 3725, 2544, 4447), or asked a source that
/// two rows of a rule name twice, for two work orders (2845); a part was guessed where less need not fit where more does,
/// under `consumption` none (509) or for a component that holds on some days (the others).
#[test]
fn full_worlds_that_differed_agree() {
    for (seed, kind) in [
        (325, Full::Capable),
        (586, Full::Capable),
        (3399, Full::Capable),
        (4004, Full::Capable),
        (4630, Full::Capable),
        (509, Full::Sets),
        (2845, Full::Sets),
        (3637, Full::Sets),
        (1659, Full::Allocation),
        (3725, Full::Allocation),
        (2544, Full::Stock),
        (4447, Full::Stock),
    ] {
        assert_eq!(compare_full(seed, kind), Ok(true));
    }
}

#[test]
fn full_worlds_of_stock_agree() {
    check_full(Full::Stock, 0..12);
}

#[test]
fn full_worlds_of_sourcing_agree() {
    check_full(Full::Sourcing, 0..12);
}

/// Few, for the reference gives up on many later ones.
#[test]
fn full_worlds_of_making_agree() {
    check_full(Full::Capable, 0..6);
}

#[test]
fn splits_substitutes_and_sets_agree() {
    check_full(Full::Sets, 0..150);
}

#[test]
fn shares_protection_and_caps_agree() {
    check_full(Full::Allocation, 0..100);
}
