//! Capacity and load of what expires, day by day, and who takes it.

use super::takes::Takes;
use crate::{
    ledger::Reservation,
    model::{Day, Quantity},
    snapshot::CapacityIx,
};
use std::{cmp::Reverse, sync::Arc};

/// Who takes capacity on a day.
#[derive(Clone, Debug)]
pub enum CapacityTaker {
    /// The snapshot says that it is taken.
    Scheduled(Quantity),
    /// A promise.
    Promise(Arc<Reservation>, Quantity),
}

/// One day.
#[derive(Clone, Debug)]
pub struct CapacityDay {
    /// The day.
    pub day: Day,
    /// What there is.
    pub capacity: Quantity,
    /// What is taken.
    pub load: Quantity,
    /// Who takes it, the most first.
    pub takers: Vec<CapacityTaker>,
}

impl CapacityDay {
    /// What is left; negative where more is taken than there is.
    pub fn free(&self) -> Quantity {
        self.capacity - self.load
    }
}

/// The days of an expiring account, from a day on and before another.
pub fn days(takes: &Takes, capacity: CapacityIx, (from, end): (Day, Day)) -> Vec<CapacityDay> {
    let world = takes.world();
    let snapshot = &world.snapshot;
    let account = snapshot.capacity(capacity);
    let left = world.capacity(account);
    let row = |day| {
        let gross =
            snapshot.capacities.of_day(capacity, (&snapshot.calendars, snapshot.epoch()), day);
        CapacityDay { day, capacity: gross, load: gross - left.balance(day), takers: Vec::new() }
    };
    let n_days = end.since(from).max(0);
    let mut rows: Vec<CapacityDay> = (0..n_days).map(|n| row(from.plus(n))).collect();
    let at = |day: Day| usize::try_from(day.since(from)).ok();
    for (day, taken) in &snapshot.capacities[capacity].taken {
        if let Some(row) = at(*day).and_then(|at| rows.get_mut(at)) {
            row.takers.push(CapacityTaker::Scheduled(*taken));
        }
    }
    for promise in takes.of(account.ix()) {
        for posting in promise.postings.iter().filter(|posting| posting.account == account) {
            if let Some(row) = at(posting.day).and_then(|at| rows.get_mut(at)) {
                row.add(promise, -posting.quantity);
            }
        }
    }
    for row in &mut rows {
        row.takers.sort_by_key(|taker| match taker {
            CapacityTaker::Scheduled(taken) => (Reverse(*taken), 0),
            CapacityTaker::Promise(promise, taken) => (Reverse(*taken), promise.number),
        });
    }
    rows
}

impl CapacityDay {
    /// Adds what a promise takes: its parts of a day are one.
    fn add(&mut self, promise: &Arc<Reservation>, more: Quantity) {
        if let Some(CapacityTaker::Promise(last, taken)) = self.takers.last_mut()
            && last.number == promise.number
        {
            *taken += more;
            return;
        }
        self.takers.push(CapacityTaker::Promise(Arc::clone(promise), more));
    }
}
