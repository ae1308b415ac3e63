//! A backlog run (semantics 10): "takes a set of orders, a priority sequence, and promises them again,
//! each by its strategy."

use super::book::Draft;
use super::line::{self, Line};
use super::model::Model;
use super::promises::{Promise, draft, give_back};
use super::serve;
use super::spec::{self, Spec, Strategy};
use super::text::{UNIT, date_of};
use super::withdraw;

/// A promise after a run.
#[derive(Clone)]
pub struct Ran {
    pub promise: Promise,
    /// It was to win, "in full on the requested date, and reported if impossible".
    pub cannot_win: bool,
}

/// Lines that are promised together: those of a set, or one.
struct Unit {
    /// Their positions among the promises, in the order of their numbers.
    members: Vec<usize>,
    strategy: Strategy,
}

/// All promises after a run, those that it leaves alone included.
pub fn run(model: &Model, before: &[Promise], spec: &Spec) -> Vec<Ran> {
    let units = units(model, before, spec);
    let mut now = before.to_vec();
    // "Quantities of lose, redistribute and fill are released first": what was promised last goes first,
    // for it may live on what was made for an earlier one.
    let is_pooled = |unit: &&Unit| unit.strategy > Strategy::Gain;
    let pooled: Vec<usize> =
        units.iter().filter(is_pooled).flat_map(|unit| unit.members.clone()).collect();
    release(model, &mut now, pooled);
    // "Then win, gain, redistribute, fill are served, each in priority order."
    let mut losers = Vec::new();
    for unit in &units {
        if !serve(model, before, &mut now, spec, unit) {
            losers.extend(unit.members.clone());
        }
    }
    withdraw::settle(model, &Draft::default(), &mut now);
    let ran = |(at, promise): (usize, Promise)| Ran { promise, cannot_win: losers.contains(&at) };
    now.into_iter().enumerate().map(ran).collect()
}

fn release(model: &Model, now: &mut [Promise], mut members: Vec<usize>) {
    members.sort();
    for at in members.into_iter().rev() {
        let number = now[at].number;
        give_back(model, now, number);
    }
}

/// Which set a line is in: its order, and a ship set or an arrival set of it.
fn set(line: &Line) -> Option<(String, String, String)> {
    let (ship, arrival) = (&line.ship_set, &line.arrival_set);
    let is_in_set = !ship.is_empty() || !arrival.is_empty();
    is_in_set.then(|| (line.order.clone(), ship.clone(), arrival.clone()))
}

/// By strategy, then in the sequence. A set is promised again as a whole, where and as its first line is;
/// not at all where a line of it is locked or not asked for.
fn units(model: &Model, promises: &[Promise], spec: &Spec) -> Vec<Unit> {
    let is_meant = |promise: &Promise| {
        spec::fits(model, promise, &spec.filter) && !spec::any_fits(model, promise, &spec.locked)
    };
    let is_whole = |promise: &Promise| {
        let set = set(&promise.line);
        let mut all =
            promises.iter().filter(|other| set.is_some() && self::set(&other.line) == set);
        all.all(is_meant)
    };
    let mut sorted: Vec<usize> = (0..promises.len())
        .filter(|&at| is_meant(&promises[at]) && is_whole(&promises[at]))
        .collect();
    sorted.sort_by(|&one, &other| spec::compare(model, spec, &promises[one], &promises[other]));
    let mut units: Vec<Unit> = Vec::new();
    for at in sorted {
        let set_of = |at: usize| set(&promises[at].line);
        let same = |unit: &&mut Unit| set_of(at).is_some() && set_of(unit.members[0]) == set_of(at);
        match units.iter_mut().find(same) {
            Some(unit) => unit.members.push(at),
            None => {
                let strategy = spec::strategy(model, spec, &promises[at]);
                units.push(Unit { members: vec![at], strategy });
            }
        }
    }
    units.iter_mut().for_each(|unit| unit.members.sort());
    units.sort_by_key(|unit| unit.strategy);
    units
}

/// Promises a unit again; false if it was to win and cannot.
fn serve(model: &Model, before: &[Promise], now: &mut [Promise], spec: &Spec, unit: &Unit) -> bool {
    if unit.strategy <= Strategy::Gain {
        release(model, now, unit.members.clone());
    }
    let after = again(model, before, now, spec, unit);
    let after = after.as_deref();
    let both = |after: &'_ [Promise]| -> Vec<(Promise, Promise)> {
        unit.members.iter().map(|&at| before[at].clone()).zip(after.iter().cloned()).collect()
    };
    let wins = |after: &[Promise]| {
        both(after).iter().all(|(before, after)| {
            after.quantity() >= before.line.quantity
                && after.legs.iter().all(|leg| leg.days_late == 0)
        })
    };
    let is_no_worse =
        |after: &[Promise]| both(after).iter().all(|(before, after)| !is_worse(before, after));
    let is_met = unit.strategy != Strategy::Win || after.is_some_and(wins);
    let is_taken = match unit.strategy {
        Strategy::Win => is_met || (!spec.keep_losers && after.is_some_and(is_no_worse)),
        // "Keeps at least what it has, may improve."
        Strategy::Gain => after.is_some_and(is_no_worse),
        Strategy::Redistribute | Strategy::Fill | Strategy::Lose => true,
    };
    for (place, &at) in unit.members.iter().enumerate() {
        match after {
            Some(after) if is_taken => now[at] = after[place].clone(),
            // What was given back stays given back.
            None if is_taken => (),
            _ => now[at] = before[at].clone(),
        }
    }
    is_met
}

/// The lines of a unit as they are promised again; none where nothing is asked for.
fn again(
    model: &Model,
    before: &[Promise],
    now: &[Promise],
    spec: &Spec,
    unit: &Unit,
) -> Option<Vec<Promise>> {
    let asked = unit.members.iter().map(|&at| asked(model, &before[at], spec, unit.strategy));
    let lines: Vec<Line> = asked.collect::<Option<_>>()?;
    let served = serve::together(model, &draft(now), &lines);
    let members = unit.members.iter().map(|&at| &now[at]);
    Some(members.zip(&served).map(|(promise, served)| promise.anew(served)).collect())
}

/// What is asked for of a line. `fill`: "never more than it has", and a line that is kept from improving:
/// no more than it has, and no sooner than the last of it.
fn asked(model: &Model, before: &Promise, spec: &Spec, strategy: Strategy) -> Option<Line> {
    if strategy == Strategy::Lose {
        return None;
    }
    if strategy != Strategy::Fill && !spec::any_fits(model, before, &spec.kept) {
        return Some(before.line.clone());
    }
    let line = &before.line;
    let last = before.legs.iter().map(|leg| if line.by_arrival { leg.arrival } else { leg.ship });
    let earliest = line.earliest.max(last.max())?;
    let mut row = before.row.clone();
    let quantity = before.quantity();
    row.insert("quantity".to_string(), format!("{}.{:06}", quantity / UNIT, quantity % UNIT));
    row.insert("earliest_date".to_string(), date_of(earliest, model.as_of).to_string());
    row.remove("uom");
    (quantity > 0).then(|| line::read(model, &row))
}

/// Whether less is promised than before, in all or by some number of days after the date.
fn is_worse(before: &Promise, after: &Promise) -> bool {
    let by = |promise: &Promise, days: i64| -> i64 {
        let legs = promise.legs.iter().filter(|leg| leg.days_late <= days);
        legs.map(|leg| leg.covers).sum()
    };
    let last = before.legs.iter().map(|leg| leg.days_late).max().unwrap_or(0);
    after.quantity() < before.quantity()
        || (0..=last).any(|days| by(after, days) < by(before, days))
}
