//! Who takes from an account: what is looked up when an account has become short.
//!
//! Promising does not pay for it: it is built when it is first asked for, beside the live world where a
//! refresh does it anyway, and then kept up with what has changed since. It holds what is true of the
//! world it is kept up with and no more: a promise that is amended, cancelled or forgotten leaves no trace.

use crate::{
    ledger::{
        planned::{Planned, given},
        reservation::Reservation,
        standing,
        trie::Trie,
    },
    model::{AccountIx, Quantity},
};
use std::{collections::BTreeSet, sync::Arc};

/// An account, and the number of a reservation that takes from it.
type Take = (AccountIx, u64);

/// Reservations by the accounts that they take from, and those at risk.
#[derive(Clone, Debug, Default)]
pub(super) struct Takers {
    /// Up to which world they are known.
    known: Trie<Arc<Reservation>>,
    all: BTreeSet<Take>,
    at_risk: BTreeSet<Take>,
    /// By the accounts on which they plan supply.
    planners: BTreeSet<Take>,
}

impl Takers {
    /// Notes what has changed since the last time, among the reservations of a world of the same snapshot.
    pub(super) fn keep_up(&mut self, reservations: &Trie<Arc<Reservation>>) {
        for number in self.known.changed_since(reservations, Arc::ptr_eq) {
            let before = self.known.get(number).expect("it was known");
            for take in takes(before) {
                self.all.remove(&take);
                self.at_risk.remove(&take);
            }
            for take in plans(before) {
                self.planners.remove(&take);
            }
        }
        let changed = reservations.changed_since(&self.known, Arc::ptr_eq);
        let after = changed.iter().filter_map(|number| reservations.get(*number));
        self.planners.extend(after.clone().flat_map(|after| plans(after)));
        let new: BTreeSet<Take> = after.clone().flat_map(|after| takes(after)).collect();
        // Where nothing is known yet, what was sorted in one go stays as it is.
        if self.all.is_empty() {
            self.all = new;
        } else {
            self.all.extend(new);
        }
        self.at_risk.extend(after.filter(|after| after.at_risk).flat_map(|after| takes(after)));
        self.known = reservations.clone();
    }

    /// All accounts that anybody takes from.
    pub(super) fn accounts(&self) -> BTreeSet<AccountIx> {
        self.all.iter().map(|(account, _)| *account).collect()
    }

    /// The numbers of those that take from one of some accounts.
    pub(super) fn of(&self, accounts: &BTreeSet<AccountIx>) -> BTreeSet<u64> {
        numbers(&self.all, accounts)
    }

    /// The numbers of those that plan supply on an account.
    pub(super) fn planning(&self, account: AccountIx) -> BTreeSet<u64> {
        numbers(&self.planners, &[account].into())
    }

    /// The numbers of those at risk that take from one of some accounts.
    pub(super) fn at_risk_on(&self, accounts: &BTreeSet<AccountIx>) -> BTreeSet<u64> {
        numbers(&self.at_risk, accounts)
    }
}

fn numbers(takes: &BTreeSet<Take>, accounts: &BTreeSet<AccountIx>) -> BTreeSet<u64> {
    let of_account = |account: &AccountIx| takes.range((*account, 0)..=(*account, u64::MAX));
    accounts.iter().flat_map(of_account).map(|(_, number)| *number).collect()
}

fn takes(reservation: &Reservation) -> impl Iterator<Item = Take> {
    taken(reservation).map(|account| (account, reservation.number))
}

fn plans(reservation: &Reservation) -> impl Iterator<Item = Take> {
    let given = |planned: &Planned| given(&reservation.postings, planned.number);
    let all = reservation.plan.iter().filter_map(given);
    all.map(|gives| (gives.account, reservation.number))
}

/// The accounts that a promise takes from, by its own postings or by the demand that absorbed it.
pub(super) fn taken(reservation: &Reservation) -> impl Iterator<Item = AccountIx> {
    let takes = standing::moves(reservation).filter(|posting| posting.quantity < Quantity::ZERO);
    takes.map(|posting| posting.account)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ledger::reservation::{Facts, State, Target},
        model::{Day, Index, Money, Posting},
        snapshot::ItemIx,
    };
    use proptest::prelude::*;

    fn facts() -> Facts {
        Facts {
            source: None,
            revision: 0,
            order: "O".into(),
            line: "1".into(),
            customer: None,
            zone: None,
            class: None,
            item: ItemIx::from_usize(0),
            quantity_requested: Quantity::units(1),
            priority: None,
            requested: Day(0),
            target: Target::Ship,
            unit_price: None,
            terms: crate::ledger::Terms::default(),
            legs: Vec::new(),
            rank: 1,
            cost: Money::ZERO,
            profit: Money::ZERO,
            created: 0,
            force: None,
        }
    }

    /// A promise that takes from some accounts, twice from the first, and gives to another.
    fn reservation(number: u64, accounts: &BTreeSet<u64>, at_risk: bool) -> Arc<Reservation> {
        let posting = |account: u64, units: i64| Posting {
            account: AccountIx(account),
            day: Day(0),
            quantity: Quantity::units(units),
            planned: 0,
        };
        let takes = accounts.iter().chain(accounts.first()).map(|account| posting(*account, -1));
        Arc::new(Reservation {
            number,
            state: State::Confirmed,
            quantity: Quantity::units(1),
            postings: takes.chain([posting(9, 1)]).collect(),
            plan: Arc::from([]),
            facts: Arc::new(facts()),
            standing: None,
            at_risk,
            shipped: None,
        })
    }

    /// All that is known, sought by looking at every promise.
    fn naive(reservations: &Trie<Arc<Reservation>>) -> (BTreeSet<Take>, BTreeSet<Take>) {
        let all = reservations.iter().flat_map(|(_, one)| takes(one)).collect();
        let risky = reservations.iter().filter(|(_, one)| one.at_risk);
        (all, risky.flat_map(|(_, one)| takes(one)).collect())
    }

    proptest! {
        #[test]
        fn it_knows_all_that_take_and_nobody_else(
            steps in proptest::collection::vec(
                (0u64..30, proptest::collection::btree_set(0u64..6, 0..4), 0u8..4), 0..120),
        ) {
            let (mut reservations, mut takers) = (Trie::default(), Takers::default());
            for (at, (number, accounts, kind)) in steps.into_iter().enumerate() {
                if kind == 0 {
                    reservations.remove(number);
                } else {
                    reservations.insert(number, reservation(number, &accounts, kind == 1));
                }
                if at % 3 == 0 {
                    takers.keep_up(&reservations);
                    let known = (takers.all.clone(), takers.at_risk.clone());
                    prop_assert_eq!(known, naive(&reservations));
                }
            }
            takers.keep_up(&reservations);
            let some = BTreeSet::from([AccountIx(1), AccountIx(4)]);
            let takes_of_some = |one: &Reservation| taken(one).any(|account| some.contains(&account));
            let found = reservations.iter().filter(|(_, one)| takes_of_some(one));
            prop_assert_eq!(takers.of(&some), found.map(|(number, _)| number).collect::<BTreeSet<_>>());
        }
    }
}
