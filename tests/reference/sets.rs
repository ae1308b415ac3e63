//! Ship sets and arrival sets (semantics 5, and 11 "Sets", "More of sets"): no splits, no
//! substitutes.

use super::book::Draft;
use super::candidates::{self, Candidate};
use super::choice::{self, Choice};
use super::leg::{Attempt, Fills, Leg};
use super::line::Line;
use super::model::Model;
use super::text::Day;
use super::when;

/// A choice for every line of the set, each seeing those before it; none if one cannot: "if one
/// line cannot, the set cannot, and nothing of it is consumed".
pub fn promise(model: &Model, draft: &Draft, lines: &[Line]) -> Option<Vec<Choice>> {
    if lines[0].ship_set.is_empty() {
        arrival_set(model, draft, lines)
    } else {
        ship_set(model, draft, lines)
    }
}

fn own_candidates(model: &Model, line: &Line) -> Vec<Candidate> {
    candidates::candidates(model, line, &line.item)
}

/// "Leaves one location on one day by one method"; "the group day is per ship-from, and the
/// objective chooses the ship-from": that of the first line.
fn ship_set(model: &Model, draft: &Draft, lines: &[Line]) -> Option<Vec<Choice>> {
    let mut options: Vec<(Choice, Vec<Choice>)> = Vec::new();
    for first in own_candidates(model, &lines[0]) {
        let same = |other: &Candidate| {
            other.location == first.location && other.ship_method() == first.ship_method()
        };
        let group = lines.iter().map(|line| own_candidates(model, line).into_iter().find(same));
        let Some(group) = group.collect::<Option<Vec<Candidate>>>() else { continue };
        if let Some(choices) = on_group_day(model, draft, lines, &group) {
            let choices = paying_once(model, choices);
            options.push((together(&choices), choices));
        }
    }
    let sums = options.iter().map(|(sum, _)| sum.clone()).collect();
    let best = choice::best_index(sums, lines[0].objective)?;
    Some(options[best].1.clone())
}

/// "The group day is the smallest on which all its lines fit together, and every line is promised
/// at that day, not earlier."
fn on_group_day(
    model: &Model,
    draft: &Draft,
    lines: &[Line],
    group: &[Candidate],
) -> Option<Vec<Choice>> {
    let attempt = |line, candidate| Attempt { model, draft, line, candidate };
    let attempts = || lines.iter().zip(group).map(|(line, candidate)| attempt(line, candidate));
    let first = attempts().map(|attempt| attempt.first_day()).max()?;
    let last = attempts().map(|attempt| attempt.last_day()).max()?;
    let choices = (first..last).find_map(|ship| all_on(model, draft, lines, group, ship))?;
    let acceptable = choices.iter().all(|choice| choice.legs[0].acceptable);
    acceptable.then_some(choices)
}

/// Every line on the day, each seeing those before it.
fn all_on(
    model: &Model,
    draft: &Draft,
    lines: &[Line],
    group: &[Candidate],
    ship: Day,
) -> Option<Vec<Choice>> {
    let mut draft = draft.clone();
    let mut choices = Vec::new();
    for (line, candidate) in lines.iter().zip(group) {
        let attempt = Attempt { model, draft: &draft, line, candidate };
        let (leg, after) = attempt.leg_on(line.quantity, ship, &mut Fills::new())?;
        choices.push(Choice::single(leg, after.clone()));
        draft = after;
    }
    Some(choices)
}

/// The lines of a set as one choice, to compare it with others.
fn together(choices: &[Choice]) -> Choice {
    Choice {
        legs: choices.iter().flat_map(|choice| choice.legs.clone()).collect(),
        draft: Draft::default(),
        asked: choices.iter().map(|choice| choice.asked).sum(),
    }
}

/// "Arrives on one day, locations may differ"; the smallest day on which all lines can; every day
/// on which the first line could arrive is tried.
fn arrival_set(model: &Model, draft: &Draft, lines: &[Line]) -> Option<Vec<Choice>> {
    let mut days = Vec::new();
    for candidate in own_candidates(model, &lines[0]) {
        let attempt = Attempt { model, draft, line: &lines[0], candidate: &candidate };
        let ships = attempt.first_day()..attempt.last_day();
        days.extend(ships.map(|ship| when::arrival(model, &lines[0], &candidate, ship)));
    }
    days.sort();
    days.dedup();
    let choices = days.into_iter().find_map(|day| all_arriving(model, draft, lines, day))?;
    Some(paying_once(model, choices))
}

/// "`cost_per_shipment` and the handling cost fall due once for all that leaves one place on one day by one
/// lane for one order's set; its lines share them by quantity x price (by quantity where all prices are
/// zero), each share rounded down to the micro-unit of money, the remainder to the first line."
fn paying_once(model: &Model, mut choices: Vec<Choice>) -> Vec<Choice> {
    let key = |leg: &Leg| {
        let lane = leg.candidate.lane.as_ref();
        let by = lane.map(|lane| (lane.destination.clone(), lane.ship_method.clone()));
        (leg.candidate.location.clone(), leg.ship, by)
    };
    for first in 0..choices.len() {
        let shipment = key(&choices[first].legs[0]);
        let same = |at: &usize| key(&choices[*at].legs[0]) == shipment;
        let members: Vec<usize> = (0..choices.len()).filter(same).collect();
        if members[0] != first || members.len() == 1 {
            continue;
        }
        let leg = choices[first].legs[0].clone();
        let freight = leg.candidate.lane.as_ref().map_or(0, |lane| lane.cost_per_shipment);
        let handling = model.locations[&leg.candidate.location].handling_cost;
        let price = |at: &usize| choices[*at].legs[0].cost + choices[*at].legs[0].profit;
        let prices: Vec<i64> = members.iter().map(price).collect();
        let weights = if prices.iter().all(|price| *price == 0) {
            members.iter().map(|&at| choices[at].legs[0].covers).collect()
        } else {
            prices
        };
        for amount in [freight, handling] {
            let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
            let share = |weight: &i64| (i128::from(amount) * i128::from(*weight) / sum) as i64;
            let mut shares: Vec<i64> = weights.iter().map(share).collect();
            shares[0] += amount - shares.iter().sum::<i64>();
            for (&at, share) in members.iter().zip(shares) {
                choices[at].legs[0].cost += share - amount;
                choices[at].legs[0].profit -= share - amount;
            }
        }
    }
    choices
}

/// "Each line chooses its ship-from anew for that day", by its own objective.
fn all_arriving(model: &Model, draft: &Draft, lines: &[Line], day: Day) -> Option<Vec<Choice>> {
    let mut draft = draft.clone();
    let mut choices = Vec::new();
    for line in lines {
        let candidates = own_candidates(model, line);
        let arriving = |candidate: &Candidate| {
            let attempt = Attempt { model, draft: &draft, line, candidate };
            arriving(&attempt, day)
        };
        let options = candidates.iter().filter_map(arriving).collect();
        let choice = choice::best(options, line.objective)?;
        draft = choice.draft.clone();
        choices.push(choice);
    }
    Some(choices)
}

/// The first ship day from which the line arrives on the day.
fn arriving(attempt: &Attempt, day: Day) -> Option<Choice> {
    let (model, line, candidate) = (attempt.model, attempt.line, attempt.candidate);
    let ships = attempt.first_day()..attempt.last_day();
    let mut ships = ships.filter(|&ship| when::arrival(model, line, candidate, ship) == day);
    let found = ships.find_map(|ship| attempt.leg_on(line.quantity, ship, &mut Fills::new()))?;
    found.0.acceptable.then(|| Choice::single(found.0, found.1))
}
