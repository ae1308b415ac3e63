//! Who takes what is short: the largest demands and promises of a stock account (semantics 12.4 "Reasons").

use super::{
    answer::{Reason, Taker},
    fill::{Need, Search},
};
use crate::model::{AccountIx, Day, ProfileRef, Quantity, StockRef};
use std::cmp::Reverse;

/// So many takers are named.
const TAKERS_NAMED: usize = 3;

impl Search<'_> {
    /// That a need is short of stock, who has it, and when all of it would be there. Asked before anything is
    /// taken.
    pub(super) fn stock_reason(&self, need: Need, available: Quantity) -> Reason {
        let account = self.snapshot().stock(need.item, need.location);
        let until = self.earliest_for_asker(need, account);
        let takers = self.takers(account, need.day);
        let (item, location, day) = (need.item, need.location, need.day);
        Reason::Stock { item, location, day, available, until, takers }
    }

    /// The largest takers up to the day on which the balance is lowest, from a day on.
    fn takers(&self, account: AccountIx, day: Day) -> Vec<Taker> {
        let snapshot = self.snapshot();
        let lowest = lowest_after(self.stock_of(account), day);
        let mut largest = Vec::with_capacity(TAKERS_NAMED + 1);
        for demand in snapshot.demands.of(account).largest_until(lowest) {
            let (kind, demand_ix, quantity) =
                (Some(demand.kind), Some(demand.demand), demand.quantity);
            let day = demand.day.expect("it counts by a day");
            add(&mut largest, Taker { kind, demand: demand_ix, quantity, day });
        }
        self.add_promised(account, lowest, &mut largest);
        largest
    }

    /// What promises take of an account, day by day: what is taken there beyond the snapshot's demands.
    fn add_promised(&self, account: AccountIx, last: Day, largest: &mut Vec<Taker>) {
        let ProfileRef::Stock(base) = self.snapshot().profile(account) else {
            unreachable!("an item at a location has a stock account");
        };
        let mut base = base.changes().peekable();
        for change in self.stock_of(account).changes().take_while(|change| change.day <= last) {
            while base.peek().is_some_and(|before| before.day < change.day) {
                base.next();
            }
            let before = base.next_if(|before| before.day == change.day);
            let quantity = before.map_or(Quantity::ZERO, |before| before.net) - change.net;
            add(largest, Taker { kind: None, demand: None, quantity, day: change.day });
        }
    }
}

/// Keeps the largest takers, of equal ones the first.
fn add(largest: &mut Vec<Taker>, taker: Taker) {
    if !taker.quantity.is_positive() {
        return;
    }
    let key = |taker: &Taker| (Reverse(taker.quantity), taker.day);
    let at = largest.partition_point(|known| key(known) <= key(&taker));
    if at < TAKERS_NAMED {
        largest.insert(at, taker);
        largest.truncate(TAKERS_NAMED);
    }
}

/// The day on which the balance of an account is lowest, from a day on.
fn lowest_after(stock: StockRef<'_>, day: Day) -> Day {
    let mut balance = stock.balance(day);
    let mut lowest = (balance, day);
    for change in stock.changes().skip_while(|change| change.day <= day) {
        balance += change.net;
        if balance < lowest.0 {
            lowest = (balance, change.day);
        }
    }
    lowest.1
}
