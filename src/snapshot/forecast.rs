//! Forecasts of a stock account, period by period, and which of them an order consumes (semantics 12.2, *Forecast*).
//!
//! Rows of one customer and class are one forecast, and each of its dates begins a period: a [`Bucket`]. Sales orders and
//! promises that ship in the period use a bucket up; what exceeds it uses nothing else up. What is left of a bucket is all
//! that counts of it.
//!
//! Invariant: the profile of an account has of each bucket its rest, `max(0, forecast - ordered - promised)`; so the order in
//! which orders come and go does not matter.

pub use super::bucket::Bucket;

use super::{
    count::Counting,
    index::{ClassIx, CustomerIx},
    kinds::DemandKind,
    stock_rows::Demand,
};
use crate::model::{AccountIx, Day, Quantity, trie::Trie};
use std::{collections::BTreeMap, sync::Arc};

/// Who ships what when: what tells which bucket is used up.
#[derive(Clone, Copy, Debug)]
pub struct Shipped {
    /// For whom.
    pub customer: Option<CustomerIx>,
    /// Of which class.
    pub class: Option<ClassIx>,
    /// When it ships.
    pub ship: Day,
}

/// The buckets of all accounts that have any.
#[derive(Clone, Debug, Default)]
pub struct Forecasts {
    by_account: Trie<Arc<[Bucket]>>,
}

impl Forecasts {
    /// Whether there is none at all.
    pub fn is_empty(&self) -> bool {
        self.by_account.is_empty()
    }

    /// The buckets of an account.
    pub fn of(&self, account: impl Into<AccountIx>) -> &[Bucket] {
        self.by_account.get(account.into().0).map_or(&[], |buckets| buckets)
    }

    /// Puts others in the place of an account's.
    pub(super) fn set(&mut self, account: AccountIx, buckets: Vec<Bucket>) {
        if buckets.is_empty() {
            self.by_account.remove(account.0);
        } else {
            self.by_account.insert(account.0, buckets.into());
        }
    }
}

/// For whom a bucket is.
type Whose = (Option<CustomerIx>, Option<ClassIx>);

/// One who wants something of a bucket: how well it fits, the best first.
type Fit = (bool, usize);

impl Counting<'_> {
    /// The buckets of an account with these demands.
    pub fn buckets(self, demands: &[Demand]) -> Vec<Bucket> {
        let mut rows: BTreeMap<Whose, BTreeMap<Day, (Day, Quantity)>> = BTreeMap::new();
        let counted = demands.iter().filter_map(|demand| Some((demand, demand.day?)));
        for (demand, day) in
            counted.clone().filter(|(demand, _)| demand.kind == DemandKind::Forecast)
        {
            let quantity = if self.has_place(day) { demand.quantity } else { Quantity::ZERO };
            let of_key = rows.entry((demand.customer, demand.class)).or_default();
            of_key.entry(demand.due).or_insert((day, Quantity::ZERO)).1 += quantity;
        }
        let mut buckets = Vec::new();
        for ((customer, class), days) in rows {
            let starts: Vec<Day> = days.keys().copied().collect();
            for (at, (&from, &(day, forecast))) in days.iter().enumerate() {
                let end = starts.get(at + 1).copied();
                // The last lasts as long as the one before it, a single one to the end of the horizon.
                let as_before =
                    || at.checked_sub(1).map(|before| from.plus(from.since(starts[before])));
                let end = end.or_else(as_before).unwrap_or(self.end.max(from.plus(1)));
                let ordered = Quantity::ZERO;
                buckets.push(Bucket { class, customer, from, end, day, forecast, ordered });
            }
        }
        for (demand, day) in counted.filter(|(demand, _)| demand.kind == DemandKind::SalesOrder) {
            // Past due it ships on day 0; dated after the horizon it counts by its own date.
            let ship = demand.due.max(Day::ZERO);
            let who = Shipped { customer: demand.customer, class: demand.class, ship };
            let fitting = self.fitting(&buckets, who).filter(|_| self.has_place(day));
            if let Some(at) = fitting {
                buckets[at].ordered += demand.quantity;
            }
        }
        buckets
    }

    /// Which bucket what is shipped uses up: its customer's, then that of the class nearest to its own, then the one with
    /// neither.
    pub fn fitting(self, buckets: &[Bucket], shipped: Shipped) -> Option<usize> {
        let fit = |bucket: &Bucket| -> Option<Fit> {
            let is_own = match bucket.customer {
                Some(customer) if shipped.customer == Some(customer) => true,
                Some(_) => return None,
                None => false,
            };
            let mut above = shipped.class.into_iter().flat_map(|class| self.classes.up(class));
            let distance = match bucket.class {
                Some(class) => above.position(|own| own == class),
                None => Some(usize::MAX),
            };
            // What names a customer is that customer's, whatever class the line is of.
            let distance = if is_own { Some(distance.unwrap_or(usize::MAX)) } else { distance };
            distance.map(|distance| (!is_own, distance))
        };
        let all = buckets.iter().enumerate().filter(|(_, bucket)| bucket.holds(shipped.ship));
        let fits = all.filter_map(|(at, bucket)| Some((fit(bucket)?, at)));
        fits.min().map(|(_, at)| at)
    }
}
