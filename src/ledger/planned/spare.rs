//! Where to look: by account the promises that have planned supply there of which others may take, or that they
//! take nothing of themselves, or postings that wait for a count.
//!
//! Many promises have the rest of a lot, and others may take of it. Nearly none has supply that it takes nothing of:
//! until a promise ends or shrinks there is none, and to look for what is idle costs nothing.

use crate::{
    ledger::{reservation::Reservation, trie::Trie},
    model::{AccountIx, Posting, Quantity},
};
use std::{collections::BTreeSet, sync::Arc};

/// Numbers of promises by account. Clones in constant time.
#[derive(Clone, Debug, Default)]
pub(in crate::ledger) struct Numbers(Trie<Arc<Trie<()>>>);

impl Numbers {
    /// Notes that a promise is to be found on these accounts, where it was on those.
    pub(in crate::ledger) fn replace(
        &mut self,
        number: u64,
        was: &BTreeSet<AccountIx>,
        is: &BTreeSet<AccountIx>,
    ) {
        for account in was.difference(is) {
            let numbers = self.0.get_or_insert_with(account.0, Arc::default);
            Arc::make_mut(numbers).remove(number);
            if numbers.is_empty() {
                self.0.remove(account.0);
            }
        }
        for account in is.difference(was) {
            let numbers = self.0.get_or_insert_with(account.0, Arc::default);
            Arc::make_mut(numbers).insert(number, ());
        }
    }

    /// The promises to be found on some accounts.
    pub(in crate::ledger) fn on(&self, accounts: &BTreeSet<AccountIx>) -> BTreeSet<u64> {
        if self.0.is_empty() {
            return BTreeSet::new();
        }
        let of = accounts.iter().filter_map(|account| self.0.get(account.0));
        of.flat_map(|numbers| numbers.iter().map(|(number, ())| number)).collect()
    }

    /// All accounts on which there are any.
    pub(in crate::ledger) fn accounts(&self) -> BTreeSet<AccountIx> {
        self.0.iter().map(|(account, _)| AccountIx(account)).collect()
    }
}

/// The accounts on which a promise has planned supply that others may take of.
pub(in crate::ledger) fn shared(reservation: &Reservation) -> BTreeSet<AccountIx> {
    if reservation.plan.is_empty() {
        return BTreeSet::new();
    }
    let rest = reservation.unshipped_rest();
    rest.flat_map(|(planned, _)| given_to(reservation, planned.number)).collect()
}

/// The accounts on which a promise has planned supply that it takes nothing of itself: what is idle unless others
/// count on it.
pub(in crate::ledger) fn spare(reservation: &Reservation) -> BTreeSet<AccountIx> {
    reservation.spare().flat_map(|planned| given_to(reservation, planned.number)).collect()
}

/// The accounts that a planned supply gives to. One of which nobody said what it is made of may give to several.
fn given_to(reservation: &Reservation, number: u32) -> impl Iterator<Item = AccountIx> {
    let gives =
        move |posting: &&Posting| posting.planned == number && Quantity::ZERO < posting.quantity;
    reservation.postings.iter().filter(gives).map(|posting| posting.account)
}

/// The accounts whose next count has something in it that a promise posts.
pub(in crate::ledger) fn uncounted(reservation: &Reservation) -> BTreeSet<AccountIx> {
    let has_shipped = reservation.shipped.is_some()
        || reservation.plan.iter().any(|planned| planned.shipped.is_some());
    if !has_shipped {
        return BTreeSet::new();
    }
    let own = reservation.own().iter();
    let waits = own.filter(|posting| reservation.shipped_with(posting.planned).is_some());
    waits.map(|posting| posting.account).collect()
}
