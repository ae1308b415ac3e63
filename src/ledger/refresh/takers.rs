//! Who takes from an account: what is looked up when an account has become short.
//!
//! Promising does not pay for it: it is built when it is first asked for, beside the live world where a
//! refresh does it anyway, and then kept up with what has changed since. Entries are only added; one
//! that is no longer true does no harm, for whoever reads them looks at the reservation itself.

use crate::{
    ledger::{reservation::Reservation, standing, trie::Trie, world::World},
    model::{AccountIx, Quantity},
};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Reservations by the accounts that they take from, and those at risk.
#[derive(Clone, Debug, Default)]
pub(super) struct Takers {
    /// Up to which world they are known.
    known: Trie<Arc<Reservation>>,
    /// The latest link of each account. Look-up only.
    last: HashMap<AccountIx, u32, FxBuildHasher>,
    links: Vec<Link>,
    at_risk: BTreeMap<AccountIx, BTreeSet<u64>>,
}

/// A reservation that takes from an account, and the link before it.
#[derive(Clone, Copy, Debug)]
struct Link {
    number: u64,
    before: Option<u32>,
}

impl Takers {
    /// Notes what has changed since the last time, in a world of the same snapshot.
    pub(super) fn keep_up(&mut self, world: &World) {
        let reservations = world.reservations();
        for number in reservations.changed_since(&self.known, Arc::ptr_eq) {
            let after = reservations.get(number).expect("it has changed");
            if let Some(before) = self.known.get(number).filter(|before| before.at_risk) {
                for account in taken(before) {
                    self.at_risk.entry(account).or_default().remove(&number);
                }
            }
            for account in taken(after) {
                self.note(account, number);
                if after.at_risk {
                    self.at_risk.entry(account).or_default().insert(number);
                }
            }
        }
        self.known = reservations.clone();
    }

    fn note(&mut self, account: AccountIx, number: u64) {
        let before = self.last.get(&account).copied();
        if before.is_some_and(|before| self.links[before as usize].number == number) {
            return;
        }
        let at = u32::try_from(self.links.len()).expect("fewer than u32::MAX postings");
        self.links.push(Link { number, before });
        self.last.insert(account, at);
    }

    /// All accounts that anybody takes from.
    pub(super) fn accounts(&self) -> BTreeSet<AccountIx> {
        self.last.keys().copied().collect()
    }

    /// The numbers of those that take, or once took, from one of some accounts.
    pub(super) fn of(&self, accounts: &BTreeSet<AccountIx>) -> BTreeSet<u64> {
        let link = |at: &u32| self.links[*at as usize];
        let of_account = |account: &AccountIx| {
            let last = self.last.get(account).map(link);
            std::iter::successors(last, move |one| one.before.as_ref().map(link))
        };
        accounts.iter().flat_map(of_account).map(|one| one.number).collect()
    }

    /// The numbers of those at risk that take from one of some accounts.
    pub(super) fn at_risk_on(&self, accounts: &BTreeSet<AccountIx>) -> BTreeSet<u64> {
        let of_account = |account: &AccountIx| self.at_risk.get(account);
        accounts.iter().filter_map(of_account).flatten().copied().collect()
    }
}

/// The accounts that a promise takes from, by its own postings or by the demand that absorbed it.
pub(super) fn taken(reservation: &Reservation) -> impl Iterator<Item = AccountIx> {
    let takes = standing::moves(reservation).filter(|posting| posting.quantity < Quantity::ZERO);
    takes.map(|posting| posting.account)
}
