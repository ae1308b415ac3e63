//! Promises that stand, and how one is given back (semantics 8): what a backlog run works on.

use super::Row;
use super::book::{Account, Draft, Place, Plan, Posting, PromisedLeg};
use super::forecast::Shipped;
use super::leg::Leg;
use super::line::{self, Line};
use super::model::Model;
use super::rules::Consumption;
use super::serve::{self, Outcome, Served};
use super::stock;
use super::text::UNIT;
use super::when;
use std::rc::Rc;

/// A promised line.
#[derive(Clone)]
pub struct Promise {
    /// Counted from 1 in the order in which they were made.
    pub number: usize,
    /// As it was asked for.
    pub row: Row,
    pub line: Line,
    pub legs: Vec<Leg>,
    pub postings: Vec<Rc<Posting>>,
    pub counted: Vec<Rc<PromisedLeg>>,
    pub plans: Vec<Plan>,
    /// The planned supplies that it takes nothing of any more.
    pub spare: Vec<u32>,
}

impl Promise {
    /// Of the ordered item.
    pub fn quantity(&self) -> i64 {
        self.legs.iter().map(|leg| leg.covers).sum()
    }

    pub fn cost(&self) -> i64 {
        self.legs.iter().map(|leg| leg.cost).sum()
    }

    pub fn profit(&self) -> i64 {
        self.legs.iter().map(|leg| leg.profit).sum()
    }

    /// The same line with what was promised anew; what is left of the old postings stays.
    pub fn anew(&self, served: &Served) -> Promise {
        let Outcome::Promised(choice) = &served.outcome else { return self.clone() };
        let (before, after) = (&served.before, &choice.draft);
        let new = after.postings.iter().skip(before.postings.len());
        let counted = after.legs.iter().skip(before.legs.len());
        let postings = self.postings.iter().chain(new).cloned().collect();
        let plans = after.plans.iter().skip(before.plans.len());
        let plans = self.plans.iter().chain(plans).cloned().collect();
        Promise {
            legs: choice.legs.clone(),
            postings,
            plans,
            counted: counted.cloned().collect(),
            ..self.clone()
        }
    }

    /// A line of which nothing is promised yet.
    pub fn nothing(number: usize, row: Row, line: Line) -> Promise {
        let (legs, postings, counted) = (Vec::new(), Vec::new(), Vec::new());
        let (plans, spare) = (Vec::new(), Vec::new());
        Promise { number, row, line, legs, postings, counted, plans, spare }
    }

    /// Of which nothing is left but what was planned.
    fn bare(&self, postings: Vec<Rc<Posting>>) -> Promise {
        let is_left = |plan: &Plan| postings.iter().any(|one| one.planned == plan.number);
        let plans: Vec<Plan> = self.plans.iter().filter(|plan| is_left(plan)).cloned().collect();
        let spare = plans.iter().map(|plan| plan.number).collect();
        Promise { postings, plans, spare, legs: Vec::new(), counted: Vec::new(), ..self.clone() }
    }
}

/// Lines promised in turn: those of which something was promised.
pub fn promised(model: &Model, orders: &[Row]) -> Vec<Promise> {
    let lines: Vec<Line> = orders.iter().map(|row| line::read(model, row)).collect();
    let served = serve::in_turn(model, &lines);
    let mut promises: Vec<Promise> = Vec::new();
    for ((row, line), served) in orders.iter().zip(lines).zip(&served) {
        if let Outcome::Promised(_) = served.outcome {
            let asked = Promise::nothing(promises.len() + 1, row.clone(), line);
            promises.push(asked.anew(served));
        }
    }
    promises
}

/// All that they post.
pub fn draft(promises: &[Promise]) -> Draft {
    let postings = promises.iter().flat_map(|promise| promise.postings.clone()).collect();
    let legs = promises.iter().flat_map(|promise| promise.counted.clone()).collect();
    let plans = promises.iter().flat_map(|promise| promise.plans.clone()).collect();
    let of_promise = |promise: &Promise| -> Vec<Rc<Shipped>> {
        let of_leg = |leg: &Leg| Shipped {
            place: Place::new(&leg.candidate.item, &leg.candidate.location),
            customer: promise.line.customer.clone(),
            class: promise.line.class.clone(),
            ship: leg.ship,
            quantity: leg.quantity,
        };
        promise.legs.iter().map(|leg| Rc::new(of_leg(leg))).collect()
    };
    let shipped = promises.iter().flat_map(of_promise).collect();
    Draft { postings, legs, plans, shipped, spent: 0 }
}

/// Takes a promise back. All that was made, bought and moved for it goes with it, unless others count
/// on that by now (section 3: "the rest of the lot is everyone's"): then only what it took from stock,
/// and its order lines, are given back.
pub fn give_back(model: &Model, promises: &mut [Promise], number: usize) {
    let at = promises.iter().position(|promise| promise.number == number).expect("it is there");
    let promise = promises[at].clone();
    let before = draft(promises);
    promises[at] = promise.bare(Vec::new());
    // What it consumes of forecasts is given back afterwards.
    let after = Draft { shipped: before.shipped.clone(), ..draft(promises) };
    if is_short(model, &before, &after, &promise) {
        promises[at] = promise.bare(planned(model, &promise));
    }
}

/// A promise that takes nothing any more, with all that it planned.
pub fn left_behind(model: &Model, promise: &Promise) -> Promise {
    promise.bare(planned(model, promise))
}

/// What is left of a promise's postings without those by which its legs leave stock and house.
fn planned(model: &Model, promise: &Promise) -> Vec<Rc<Posting>> {
    let mut postings = promise.postings.clone();
    for leg in &promise.legs {
        let (item, location) = (&leg.candidate.item, &leg.candidate.location);
        let stock = Account::Stock(Place::new(item, location));
        let need = when::need_day(model, location, leg.ship);
        take_out(&mut postings, &stock, need, leg.quantity);
        take_out(&mut postings, &Account::OrderLines(location.clone()), leg.ship, UNIT);
    }
    postings.into_iter().filter(|posting| posting.quantity != 0).collect()
}

/// Makes what is taken from an account on a day less by a quantity.
fn take_out(postings: &mut [Rc<Posting>], account: &Account, day: i32, mut quantity: i64) {
    for posting in postings.iter_mut() {
        let is_own = posting.planned == 0 && posting.quantity < 0;
        if posting.account == *account && posting.day == day && is_own {
            let part = quantity.min(-posting.quantity);
            Rc::make_mut(posting).quantity += part;
            quantity -= part;
        }
    }
}

/// Whether an account of the promise lacks more, on some day, than before.
fn is_short(model: &Model, before: &Draft, after: &Draft, promise: &Promise) -> bool {
    promise.postings.iter().any(|posting| match &posting.account {
        Account::Stock(place) => {
            let (before, after) = (lacks(model, before, place), lacks(model, after, place));
            before.iter().zip(&after).any(|(before, after)| before < after)
        }
        // What expires is only ever taken from.
        Account::Resource(_) | Account::Supplier(..) | Account::OrderLines(_) => false,
    })
}

/// What is lacking on each day: under `both` of the balance, under `none` of the day alone; under
/// `backward` what has been written off by then.
pub fn lacks(model: &Model, draft: &Draft, place: &Place) -> Vec<i64> {
    let net = stock::net(model, draft, place);
    let consumption = model.at(place).rule.consumption;
    let lack = |level: &i64| (-level).max(0);
    match consumption {
        Consumption::Both => stock::balance(&net, consumption).iter().map(lack).collect(),
        Consumption::None => net.iter().map(lack).collect(),
        Consumption::Backward => {
            let (mut balance, mut off) = (0, 0);
            let by_day = |net: &i64| {
                let level = balance + net;
                off += lack(&level);
                balance = level.max(0);
                off
            };
            net.iter().map(by_day).collect()
        }
    }
}
