//! The naive reference engine: the rules of `semantics.md`, each as plainly as it can be said.
//! Slow, no index, no cache, every day tried in turn, every state cloned. Differential tests
//! compare the real engine with it on small random worlds. Points the rules leave open are settled
//! in `CHOICES.md`.

#![allow(
    dead_code,
    unused_imports,
    reason = "each of the binaries that compare with it uses a part"
)]

mod admission;
mod again;
mod allocation;
mod backlog;
mod book;
mod borrow;
mod buy;
mod calendar;
mod candidates;
mod checks;
mod checks_allocation;
mod checks_capable;
mod checks_options;
mod choice;
mod cost;
mod fill;
mod forecast;
mod leg;
mod line;
mod loaded;
mod lots;
mod make;
mod master;
mod model;
mod moment;
mod patience;
mod promises;
mod replenish;
mod rules;
mod selfcheck;
mod serve;
mod sets;
mod shares;
mod sources;
pub mod spec;
mod split;
mod stock;
mod substitutes;
mod text;
mod transfer;
mod units;
mod when;
mod withdraw;
pub mod worlds;

use jiff::civil::Date;
use std::collections::BTreeMap;

/// Column to text; a missing or empty column is the default.
pub type Row = BTreeMap<String, String>;

/// A snapshot: the tables of contract 1.
#[derive(Clone)]
pub struct World {
    pub as_of: Date,
    pub horizon_days: i32,
    pub tables: BTreeMap<String, Vec<Row>>,
}

/// A leg of the default option; or, with `leg` 0, that nothing is promised. Quantities and money
/// are in micro-units; cost and profit are the leg's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultRow {
    pub order: String,
    pub line: String,
    pub status: String,
    pub option: u32,
    pub leg: u32,
    pub item: String,
    pub location: String,
    pub ship_method: String,
    pub quantity: i64,
    pub ship_date: Option<Date>,
    pub arrival_date: Option<Date>,
    pub days_late: i64,
    pub rank: i64,
    pub cost: i64,
    pub profit: i64,
}

/// Promises the lines in file order, each seeing those before it; consecutive lines of one order
/// are one request. For each line its rows.
pub fn promise(world: &World, orders: &[Row]) -> Vec<Vec<ResultRow>> {
    serve::serve(&model::Model::of(world), orders)
}

/// `promise`, or none if it takes more than so many fills (of a stock, a component, an origin): for
/// tests over many random worlds, of which a few in a hundred take thousands of times as long as
/// the others.
pub fn promise_within(world: &World, orders: &[Row], fills: u64) -> Option<Vec<Vec<ResultRow>>> {
    patience::within(fills, || promise(world, orders))
}

/// Promises rows in file order, each as a request of its own, where lines may have been promised before (`repeat`) or
/// be demands of the snapshot. For each row its rows.
pub fn promise_again(world: &World, rows: &[Row]) -> Vec<Vec<ResultRow>> {
    again::in_turn(&model::Model::of(world), rows)
}

/// A promise before or after a backlog run, in micro-units; legs and money are what the ledger keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingRow {
    pub number: usize,
    pub order: String,
    pub line: String,
    pub quantity: i64,
    pub legs: Vec<ResultRow>,
    pub cost: i64,
    pub profit: i64,
    /// It was to win in the last run, and could not.
    pub cannot_win: bool,
}

/// Promises the lines, and then runs backlogs over them, one on the result of the other: the promises at
/// first and after each, with what is available of every item at every location on every day.
pub fn backlogs(
    world: &World,
    orders: &[Row],
    specs: &[spec::Spec],
) -> Vec<(Vec<StandingRow>, Left)> {
    let model = model::Model::of(world);
    let mut promises = promises::promised(&model, orders);
    let told = |promises: &[promises::Promise], losers: &[bool]| {
        let rows =
            promises.iter().zip(losers).map(|(promise, lost)| standing(&model, promise, *lost));
        (rows.collect(), left(&model, promises))
    };
    let mut all = vec![told(&promises, &vec![false; promises.len()])];
    for spec in specs {
        let ran = backlog::run(&model, &promises, spec);
        let losers: Vec<bool> = ran.iter().map(|ran| ran.cannot_win).collect();
        promises = ran.into_iter().map(|ran| ran.promise).collect();
        all.push(told(&promises, &losers));
    }
    all
}

/// What is available, by item and location, day by day; behind the infinite fence nothing is consumed.
pub type Left = BTreeMap<(String, String), Vec<i64>>;

fn left(model: &model::Model, promises: &[promises::Promise]) -> Left {
    let draft = promises::draft(promises);
    let of = |place: &book::Place| {
        let end = stock::look_ahead_end(model, &model.at(place).rule);
        stock::atp(model, &draft, place)[..end as usize].to_vec()
    };
    let places = model.loaded.keys();
    places.map(|place| ((place.item.clone(), place.location.clone()), of(place))).collect()
}

fn standing(model: &model::Model, promise: &promises::Promise, cannot_win: bool) -> StandingRow {
    let choice = choice::Choice {
        legs: promise.legs.clone(),
        draft: book::Draft::default(),
        asked: promise.line.quantity,
    };
    StandingRow {
        number: promise.number,
        order: promise.line.order.clone(),
        line: promise.line.line.clone(),
        quantity: promise.quantity(),
        legs: serve::rows(model, &promise.line, &serve::Outcome::Promised(choice)),
        cost: promise.cost(),
        profit: promise.profit(),
        cannot_win,
    }
}

/// What is available on every day of the horizon, before any order.
pub fn atp(world: &World, item: &str, location: &str) -> Vec<i64> {
    let place = book::Place::new(item, location);
    stock::atp(&model::Model::of(world), &book::Draft::default(), &place)
}
