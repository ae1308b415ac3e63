//! Planned supply that nobody counts on any more is withdrawn (section 12.1, *Planned supply belongs to all*):
//! "latest planned first, in whole work orders, purchases and transfers, from the goods down to their parts".

use super::book::{Account, Draft, Place, Plan, Posting};
use super::model::Model;
use super::promises::{self, Promise, lacks};
use super::rules::Consumption;
use std::rc::Rc;

/// Withdraws all that can be, beside what is given back of the source's own demands.
pub fn settle(model: &Model, silent: &Draft, promises: &mut [Promise]) {
    let mut goes_on = true;
    while goes_on {
        goes_on = false;
        for at in (0..promises.len()).rev() {
            while let Some(number) = idle(model, silent, promises, at) {
                promises[at].postings.retain(|posting| posting.planned != number);
                promises[at].plans.retain(|plan| plan.number != number);
                goes_on = true;
            }
        }
    }
}

/// The first planned supply of a promise that its own promise takes nothing of, and that nobody counts on.
fn idle(model: &Model, silent: &Draft, promises: &[Promise], at: usize) -> Option<u32> {
    let promise = &promises[at];
    let parent = |plan: &Plan| promise.plans.iter().find(|other| other.number == plan.parent);
    let depth = |plan: &Plan| {
        let (mut depth, mut above) = (0, parent(plan));
        while let Some(plan) = above {
            (depth, above) = (depth + 1, parent(plan));
        }
        depth
    };
    let is_spare = |plan: &&Plan| match plan.parent {
        0 => promise.spare.contains(&plan.number),
        _ => parent(plan).is_none(),
    };
    let mut spare: Vec<&Plan> = promise.plans.iter().filter(is_spare).collect();
    spare.sort_by_key(|plan| (depth(plan), std::cmp::Reverse(plan.number)));
    let mut all = silent.clone();
    all.postings.extend(promises::draft(promises).postings);
    let is_idle = |plan: &&Plan| !is_counted_on(model, &all, plan.number);
    spare.into_iter().find(is_idle).map(|plan| plan.number)
}

/// "If taking that away would bring an account below zero on a day on which it was not", or lower than the snapshot
/// by itself has it.
fn is_counted_on(model: &Model, all: &Draft, number: u32) -> bool {
    let is_of = |posting: &&Rc<Posting>| posting.planned == number;
    let gone: Vec<&Rc<Posting>> = all.postings.iter().filter(is_of).collect();
    let mut without = all.clone();
    without.postings.retain(|posting| posting.planned != number);
    gone.iter().filter(|posting| posting.quantity > 0).any(|posting| match &posting.account {
        Account::Stock(place) => is_missed(model, (all, &without), place),
        Account::Resource(_) | Account::Supplier(..) | Account::OrderLines(_) => false,
    })
}

fn is_missed(model: &Model, (all, without): (&Draft, &Draft), place: &Place) -> bool {
    let [now, after, alone] =
        [all, without, &Draft::default()].map(|draft| lacks(model, draft, place));
    let days = || 0..after.len();
    match model.at(place).rule.consumption {
        Consumption::Both => days().any(|day| after[day] > now[day] && after[day] > alone[day]),
        Consumption::Backward | Consumption::None => {
            days().any(|day| after[day] > now[day]) && days().any(|day| after[day] > alone[day])
        }
    }
}
