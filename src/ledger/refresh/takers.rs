//! Who takes from an account: what is looked up when an account has become short.
//!
//! Promising does not pay for it: it is built when it is first asked for, beside the live world where a
//! refresh does it anyway, and then kept up with what has changed since. It holds what is true of the
//! world it is kept up with and no more: a promise that is amended, cancelled or forgotten leaves no trace.
//! Copies cost nothing, so whoever works something out beside the writer takes one along.

use crate::{
    ledger::{
        effective,
        planned::{Planned, given},
        reservation::Reservation,
        trie::Trie,
    },
    model::{AccountIx, Quantity},
};
use std::{collections::BTreeSet, sync::Arc};

/// An account, and the number of a reservation that takes from it.
type Take = (AccountIx, u64);

/// Numbers of reservations by account, in order. Clones in constant time.
#[derive(Clone, Debug, Default)]
struct Numbers(Trie<Arc<Vec<u64>>>);

impl Numbers {
    fn insert(&mut self, (account, number): Take) {
        let of_account = Arc::make_mut(self.0.get_or_insert_with(account.0, Arc::default));
        // Most come in order of number.
        if of_account.last().is_none_or(|last| *last < number) {
            of_account.push(number);
        } else if let Err(at) = of_account.binary_search(&number) {
            of_account.insert(at, number);
        }
    }

    fn remove(&mut self, (account, number): Take) {
        let Some(at) = self.on(account).binary_search(&number).ok() else { return };
        let of_account = Arc::make_mut(self.0.get_or_insert_with(account.0, Arc::default));
        of_account.remove(at);
        if of_account.is_empty() {
            self.0.remove(account.0);
        }
    }

    fn on(&self, account: AccountIx) -> &[u64] {
        self.0.get(account.0).map_or(&[], |numbers| numbers)
    }

    /// Those of some accounts, in order and each once.
    fn on_any(&self, accounts: &BTreeSet<AccountIx>) -> BTreeSet<u64> {
        accounts.iter().flat_map(|account| self.on(*account)).copied().collect()
    }
}

/// Reservations by the accounts that they take from, and those at risk.
#[derive(Clone, Debug, Default)]
pub(in crate::ledger) struct Takers {
    /// Up to which world they are known.
    known: Trie<Arc<Reservation>>,
    all: Numbers,
    at_risk: Numbers,
    /// By the accounts on which they plan supply.
    planners: Numbers,
    /// The accounts that were asked for, where somebody wants to know.
    asked: Option<BTreeSet<AccountIx>>,
    /// How many promises were noted, or noted anew.
    noted: u64,
}

impl Takers {
    /// Notes what has changed since the last time, among the reservations of a world of the same snapshot.
    pub(super) fn keep_up(&mut self, reservations: &Trie<Arc<Reservation>>) {
        for number in self.known.changed_since(reservations, Arc::ptr_eq) {
            let before = self.known.get(number).expect("it was known");
            for take in takes(before) {
                self.all.remove(take);
                self.at_risk.remove(take);
            }
            for take in plans(before) {
                self.planners.remove(take);
            }
        }
        for number in reservations.changed_since(&self.known, Arc::ptr_eq) {
            let after = reservations.get(number).expect("it has changed");
            self.noted += 1;
            plans(after).for_each(|take| self.planners.insert(take));
            for take in takes(after) {
                self.all.insert(take);
                if after.at_risk {
                    self.at_risk.insert(take);
                }
            }
        }
        self.known = reservations.clone();
    }

    /// How many promises were noted, or noted anew.
    pub(super) fn noted(&self) -> u64 {
        self.noted
    }

    /// The same, that was worked out beside another one, which counts its own work alone.
    pub(super) fn beside(self, other: &Self) -> Self {
        Self { noted: other.noted, ..self }
    }

    /// Lets it be noted which accounts are asked for from now on.
    pub(super) fn note_asked(&mut self) {
        self.asked = Some(BTreeSet::new());
    }

    /// Notes that accounts are looked at.
    pub(super) fn ask(&mut self, accounts: &BTreeSet<AccountIx>) {
        if let Some(asked) = &mut self.asked {
            asked.extend(accounts);
        }
    }

    /// The accounts that were asked for since somebody wanted to know.
    pub(super) fn take_asked(&mut self) -> BTreeSet<AccountIx> {
        self.asked.take().unwrap_or_default()
    }

    /// All accounts that anybody takes from.
    pub(super) fn accounts(&self) -> BTreeSet<AccountIx> {
        self.all.0.iter().map(|(account, _)| AccountIx(account)).collect()
    }

    /// The numbers of those that take from one of some accounts.
    pub(super) fn of(&self, accounts: &BTreeSet<AccountIx>) -> BTreeSet<u64> {
        self.all.on_any(accounts)
    }

    /// All accounts that anybody plans supply on.
    pub(super) fn planned_on(&self) -> impl Iterator<Item = AccountIx> {
        self.planners.0.iter().map(|(account, _)| AccountIx(account))
    }

    /// The numbers of those that plan supply on an account.
    pub(super) fn planning(&self, account: AccountIx) -> BTreeSet<u64> {
        self.planners.on(account).iter().copied().collect()
    }

    /// The numbers of those at risk that take from one of some accounts.
    pub(super) fn at_risk_on(&self, accounts: &BTreeSet<AccountIx>) -> BTreeSet<u64> {
        self.at_risk.on_any(accounts)
    }
}

fn takes(reservation: &Reservation) -> impl Iterator<Item = Take> {
    taken(reservation).map(|account| (account, reservation.number))
}

fn plans(reservation: &Reservation) -> impl Iterator<Item = Take> {
    planned_on(reservation).map(|account| (account, reservation.number))
}

/// The accounts on which a promise plans supply.
pub(super) fn planned_on(reservation: &Reservation) -> impl Iterator<Item = AccountIx> {
    let given = |planned: &Planned| given(&reservation.postings, planned.number);
    reservation.plan.iter().filter_map(given).map(|gives| gives.account)
}

/// The accounts that a promise takes from, by its own postings or by the demand that absorbed it.
pub(super) fn taken(reservation: &Reservation) -> impl Iterator<Item = AccountIx> {
    let takes = effective::moves(reservation).filter(|posting| posting.quantity < Quantity::ZERO);
    takes.map(|posting| posting.account)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ledger::reservation::{DateType, Facts, State},
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
            date_type: DateType::Ship,
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

    fn all(numbers: &Numbers) -> BTreeSet<Take> {
        let of = |(account, numbers): (u64, &Arc<Vec<u64>>)| {
            let takes = numbers.iter().map(move |number| (AccountIx(account), *number));
            takes.collect::<Vec<Take>>()
        };
        numbers.0.iter().flat_map(of).collect()
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
                    let known = (all(&takers.all), all(&takers.at_risk));
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
