//! Who takes what is short: the largest demands and promises of a stock account (semantics 12.4 "Reasons").

use super::{
    answer::{Reason, Taker},
    search::{Need, Search},
};
use crate::{
    allocation,
    ledger::{consumption::Use, unforeseen::unforeseen},
    model::{Day, Quantity, StockAccount, StockRef},
    snapshot::{forecast::Bucket, kinds::DemandKind, stock::Demand},
};
use std::cmp::Reverse;

/// So many takers are named.
const TAKERS_NAMED: usize = 3;

impl Search<'_> {
    /// That a need is short of stock, who has it, and when all of it would be there. Asked before anything is
    /// taken.
    pub(super) fn stock_reason(&self, need: Need, available: Quantity) -> Reason {
        let account = self.snapshot().stock(need.item, need.location);
        let until = self.earliest_for_asker(need, account);
        let by_forecast = self.earliest_by_forecast(need, account);
        let until = [until, by_forecast].into_iter().flatten().min();
        let takers = self.takers(account, need.day);
        let (item, location, day) = (need.item, need.location, need.day);
        Reason::Stock { item, location, day, available, until, takers }
    }

    /// The first day on which all of a need is there for an order that ships then and uses a forecast up by it.
    fn earliest_by_forecast(&self, need: Need, account: StockAccount) -> Option<Day> {
        let (snapshot, overlay) = (self.snapshot(), &self.trial.overlay);
        let buckets = snapshot.forecasts.of(account).iter().enumerate();
        let within = |(at, bucket): (usize, &Bucket)| {
            let from = bucket.from.max(bucket.day).max(need.day);
            let shipped = need.stand.asker.shipped(need.item, from)?;
            let is_its = snapshot.consumed_bucket(account, shipped) == Some(at);
            let rest = bucket.rest(overlay.used(Use { account, bucket: at }));
            if !is_its || rest < need.quantity {
                return None;
            }
            let stock = unforeseen(overlay, account)?;
            let day = stock.as_ref().earliest(from, need.quantity)?;
            (day < bucket.end).then_some(day)
        };
        buckets.filter_map(within).min()
    }

    /// The largest takers up to the day on which the balance is lowest, from a day on.
    fn takers(&self, account: StockAccount, day: Day) -> Vec<Taker> {
        let snapshot = self.snapshot();
        let lowest = lowest_after(self.stock_of(account), day);
        let mut largest = Vec::with_capacity(TAKERS_NAMED + 1);
        let demands = snapshot.demands.of(account);
        if snapshot.forecasts.of(account).is_empty() {
            for demand in demands.largest_until(lowest) {
                let (kind, demand_ix, quantity) =
                    (Some(demand.kind), Some(demand.demand), demand.quantity);
                let day = demand.day.expect("it counts by a day");
                add(&mut largest, Taker { kind, demand: demand_ix, quantity, day });
            }
        } else {
            self.add_beside_forecasts(account, lowest, &mut largest);
        }
        self.add_promised(account, lowest, &mut largest);
        largest
    }

    /// The same of an account with forecasts, of which counts what orders have not used up.
    fn add_beside_forecasts(&self, account: StockAccount, lowest: Day, largest: &mut Vec<Taker>) {
        let snapshot = self.snapshot();
        let demands = snapshot.demands.of(account);
        for demand in demands.iter().filter(|demand| demand.kind != DemandKind::Forecast) {
            if let Some(on) = demand.day.filter(|on| *on <= lowest) {
                let (kind, demand_ix) = (Some(demand.kind), Some(demand.demand));
                let taker = Taker { kind, demand: demand_ix, quantity: demand.quantity, day: on };
                add(largest, taker);
            }
        }
        // Of a forecast what orders have not used up.
        let buckets = snapshot.forecasts.of(account).iter().enumerate();
        for (bucket, of) in buckets.filter(|(_, of)| of.day <= lowest) {
            let is_its = |row: &Demand| {
                row.kind == DemandKind::Forecast
                    && (row.customer, row.class, row.due) == (of.customer, of.class, of.from)
            };
            let demand = demands.iter().find(is_its).map(|row| row.demand);
            let quantity = of.rest(self.trial.overlay.used(Use { account, bucket }));
            let kind = Some(DemandKind::Forecast);
            add(largest, Taker { kind, demand, quantity, day: of.day });
        }
    }

    /// What promises take of an account, day by day: what is taken there beyond the snapshot's demands.
    fn add_promised(&self, account: StockAccount, last: Day, largest: &mut Vec<Taker>) {
        let base = allocation::stock(self.snapshot(), account);
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
