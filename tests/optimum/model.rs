//! The exact time-indexed model of a plant: can the line ship by a day, by any plan at all?
//!
//! Balances of every item at every place stay at or above zero on every day; hours, lead times, lots and
//! minima hold; what is made, bought and moved may be kept. [`Orders::Several`] lets a need be made in any
//! number of work orders (a linear program but for lots and minima), [`Orders::One`] makes each need one
//! work order a work definition, as semantics 11 says: with one start and one end. An order for a need of another
//! one is done before the part of the day at which that begins (semantics 12.3); several orders know whole days.

use super::plant::{ITEMS, Offer, PLACES, Plant, Work};
use good_lp::{
    Constraint, Expression, ProblemVariables, ResolutionError, SolverModel, Variable,
    WithTimeLimit, microlp, variable,
};

/// In how many work orders a need is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orders {
    One,
    Several,
}

/// What the model says of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Possible,
    Impossible,
    /// The solver's time ran out.
    Unknown,
}

/// What flows on each day, and on which day, if it is one order's.
struct Flow {
    on: Vec<Expression>,
    is_on: Vec<Option<Variable>>,
}

/// Before which part of each day it must be done: one is its end.
type Parts = Vec<Expression>;

struct Model<'a> {
    plant: &'a Plant,
    orders: Orders,
    variables: ProblemVariables,
    rows: Vec<Constraint>,
    /// What is added to each item at each place on each day.
    net: Vec<Vec<Vec<Expression>>>,
    /// Half hours taken of each resource on each day.
    hours: Vec<Vec<Expression>>,
}

/// Whether the line can ship on a day or before it.
pub fn ships_by(plant: &Plant, day: usize, orders: Orders) -> Answer {
    const SECONDS: f64 = 5.0;
    let empty = vec![Expression::default(); plant.n_days];
    let mut model = Model {
        plant,
        orders,
        variables: ProblemVariables::new(),
        rows: Vec::new(),
        net: vec![vec![empty.clone(); PLACES.len()]; ITEMS.len()],
        hours: vec![empty; plant.hours.len()],
    };
    model.make(0, plant.quantity, &vec![Expression::from(1.0); plant.n_days]);
    plant.offers.iter().for_each(|offer| model.buy(offer));
    plant.moved.iter().for_each(|&(item, days)| model.transfer(item, days));
    model.balance(day);
    let problem = model.variables.minimise(Expression::default()).using(microlp);
    let problem = model.rows.into_iter().fold(problem, SolverModel::with);
    match problem.with_time_limit(SECONDS).solve() {
        Ok(_) => Answer::Possible,
        Err(ResolutionError::Infeasible) => Answer::Impossible,
        Err(ResolutionError::Other(_)) => Answer::Unknown,
        Err(error) => panic!("the solver: {error}"),
    }
}

fn number(n: i64) -> f64 {
    n as f64
}

/// The sum of what flows on the days up to one.
fn until(flow: &[Expression], day: Option<usize>) -> Expression {
    day.map_or(Expression::default(), |day| flow[..=day].iter().cloned().sum())
}

impl Model<'_> {
    fn amount(&mut self) -> Variable {
        self.variables.add(variable().min(0))
    }

    fn whole(&mut self, most: i64) -> Variable {
        self.variables.add(variable().integer().min(0).max(number(most) as i32))
    }

    /// A quantity that flows on some days: in whole lots if there are any, on one day only if it is one
    /// order's.
    fn flow(&mut self, is_open: impl Fn(usize) -> bool, lot: Option<i64>, most: i64) -> Flow {
        let mut flow = vec![Expression::default(); self.plant.n_days];
        let mut is_on = vec![None; self.plant.n_days];
        let mut chosen = Expression::default();
        for day in (0..self.plant.n_days).filter(|&day| is_open(day)) {
            flow[day] = match lot {
                Some(lot) => number(lot) * self.whole((most + lot - 1) / lot),
                None => self.amount().into(),
            };
            if self.orders == Orders::One {
                let is_this = self.whole(1);
                let most = lot.map_or(most, |lot| (most + lot - 1) / lot * lot);
                self.rows.push(flow[day].clone().leq(number(most) * is_this));
                chosen += is_this;
                is_on[day] = Some(is_this);
            }
        }
        if self.orders == Orders::One {
            self.rows.push(chosen.leq(1.0));
        }
        Flow { on: flow, is_on }
    }

    /// Work orders for a need of an item, and for what each of them needs in turn.
    fn make(&mut self, item: usize, most: i64, before: &Parts) {
        let plant = self.plant;
        for work in plant.works.iter().filter(|work| work.item == item) {
            let most = work.lot.map_or(most, |lot| (most + lot - 1) / lot * lot);
            let begins = self.work_order(work, most, before);
            for &(component, quantity) in &work.components {
                self.make(component, most * quantity, &begins);
            }
        }
    }

    /// One order, done before a part of the day; before which parts of the day it begins itself.
    fn work_order(&mut self, work: &Work, most: i64, before: &Parts) -> Parts {
        let plant = self.plant;
        let is_open = |day: usize| plant.is_open(day);
        let ended = self.flow(is_open, work.lot, most);
        let begun = self.flow(|_| true, work.lot, most);
        let worked = work.operation.map(|(resource, halves, offset)| {
            let worked: Vec<Expression> = (0..plant.n_days).map(|_| self.amount().into()).collect();
            for day in 0..plant.n_days {
                self.hours[resource][day] += worked[day].clone();
                // Nobody works at what has not begun.
                let begun = number(halves) * until(&begun.on, Some(day));
                self.rows.push(until(&worked, Some(day)).leq(begun));
            }
            (worked, halves, (resource, offset))
        });
        for end in (0..plant.n_days).filter(|&day| is_open(day)) {
            let out = until(&ended.on, Some(end));
            let start = plant.back(end, work.fixed_days);
            self.rows.push(out.clone().leq(until(&begun.on, start)));
            if let Some((worked, halves, (resource, offset))) = &worked {
                let last = plant.back(end, *offset);
                let done = match last {
                    Some(last) => self.done_before((worked, *resource), last, &before[end]),
                    None => Expression::default(),
                };
                self.rows.push((number(*halves) * out).leq(done));
            }
        }
        for day in 0..plant.n_days {
            self.net[work.item][0][day] += ended.on[day].clone();
            for &(component, quantity) in &work.components {
                self.net[component][0][day] -= number(quantity) * begun.on[day].clone();
            }
        }
        let worked =
            worked.as_ref().map(|(worked, _, (resource, offset))| (worked, *resource, *offset));
        self.begins(work, (&ended, &begun), worked, before)
    }

    /// The hours worked by a part of a day.
    fn done_before(
        &mut self,
        (worked, resource): (&[Expression], usize),
        last: usize,
        part: &Expression,
    ) -> Expression {
        let whole = until(worked, last.checked_sub(1));
        let on_last: Expression = self.amount().into();
        self.rows.push(on_last.clone().leq(worked[last].clone()));
        self.rows
            .push(on_last.clone().leq(number(self.plant.of_day[resource][last]) * part.clone()));
        whole + on_last
    }

    /// The parts of the days before which all must be there that an order needs: the part at which it begins on the
    /// day on which it begins, else the end of the day. What it takes of others' stock may be replaced later.
    fn begins(
        &mut self,
        work: &Work,
        (ended, begun): (&Flow, &Flow),
        worked: Option<(&Vec<Expression>, usize, usize)>,
        before: &Parts,
    ) -> Parts {
        let plant = self.plant;
        let mut parts = vec![Expression::from(1.0); plant.n_days];
        if self.orders == Orders::Several {
            return parts;
        }
        let part: Vec<Variable> =
            (0..plant.n_days).map(|_| self.variables.add(variable().min(0).max(1))).collect();
        for day in 0..plant.n_days {
            let Some(begins) = begun.is_on[day] else {
                continue;
            };
            parts[day] = 1.0 - begins + part[day];
            self.rows.push(Expression::from(part[day]).leq(begins));
            let Some((worked, resource, _)) = worked else {
                continue;
            };
            let of_day = plant.of_day[resource][day];
            if 0 < of_day {
                let free = number(plant.hours[resource][day].max(0)) - worked[day].clone();
                self.rows.push((number(of_day) * part[day]).leq(free));
            }
        }
        // On the day on which it ends it begins before the part by which it is done, less what is worked.
        for end in (0..plant.n_days).filter(|&day| plant.is_open(day)) {
            let Some(ends) = ended.is_on[end] else {
                continue;
            };
            if let Some(start) = plant.back(end, work.fixed_days) {
                self.rows.push((part[start] + ends).leq(before[end].clone() + 1.0));
            }
            let Some((worked, resource, offset)) = worked else {
                continue;
            };
            let Some(last) = plant.back(end, offset) else {
                continue;
            };
            let of_day = plant.of_day[resource][last];
            if 0 < of_day {
                let taken = worked[last].clone() * (1.0 / number(of_day));
                self.rows.push((part[last] + ends + taken).leq(before[end].clone() + 1.0));
            }
        }
        parts
    }

    /// Purchases that arrive on any day from the lead time on.
    fn buy(&mut self, offer: &Offer) {
        const MOST: i64 = 400;
        let mut claimed = Expression::default();
        let mut arrived = Expression::default();
        for day in offer.lead_time..self.plant.n_days {
            let quantity: Expression = match offer.lot {
                Some(lot) => number(lot) * self.whole(MOST),
                None => self.amount().into(),
            };
            if let Some(minimum) = offer.minimum {
                let is_bought = self.whole(1);
                self.rows.push((number(minimum) * is_bought).leq(quantity.clone()));
                self.rows.push(quantity.clone().leq(number(MOST) * is_bought));
            }
            if let Some(capacity) = offer.capacity {
                // A purchase claims days up to its arrival.
                let on_day = self.variables.add(variable().min(0).max(number(capacity)));
                claimed += on_day;
                arrived += quantity.clone();
                self.rows.push(arrived.clone().leq(claimed.clone()));
            }
            self.net[offer.item][offer.place][day] += quantity;
        }
    }

    fn transfer(&mut self, item: usize, days: usize) {
        for leaves in 0..self.plant.n_days.saturating_sub(days) {
            let quantity = self.amount();
            self.net[item][1][leaves] -= quantity;
            self.net[item][0][leaves + days] += quantity;
        }
    }

    /// No balance below zero, no hours that are not there, the line's quantity gone by its day.
    fn balance(&mut self, ship: usize) {
        let plant = self.plant;
        for item in 0..ITEMS.len() {
            for place in 0..PLACES.len() {
                for day in 0..plant.n_days {
                    let before: i64 = plant.net[item][place][..=day].iter().sum();
                    let shipped =
                        if (item, place) == (0, 0) && ship <= day { plant.quantity } else { 0 };
                    let balance = until(&self.net[item][place], Some(day));
                    self.rows.push(balance.geq(number(shipped - before)));
                }
            }
        }
        for (taken, free) in self.hours.iter().zip(&plant.hours) {
            for (taken, &free) in taken.iter().zip(free) {
                self.rows.push(taken.clone().leq(number(free.max(0))));
            }
        }
    }
}
