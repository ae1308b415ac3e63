//! A list of changes of planning data and what it means for promises: what the journal says of it.

use super::fates::fate;
use crate::{
    change::Change,
    ledger::{batch::Origin, reservation::Reservation, standing::Fate},
    model::AccountIx,
};
use std::{collections::BTreeSet, sync::Arc};

/// A list of changes, and what it means for promises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetChange {
    /// The changes.
    pub changes: Arc<[Change]>,
    /// Whose they are.
    pub origin: Origin,
    /// The promises whose order line the changes are about, as they stand from now on.
    pub judged: Vec<Arc<Reservation>>,
    /// Other promises that are at risk from now on, or are no more, those of which a count of stock has what they
    /// had shipped, and those whose planned supply another has taken the place of.
    pub flagged: Vec<Arc<Reservation>>,
    /// The accounts that are short, in order, with the promises that are at risk for it.
    pub short: Vec<Short>,
    /// The numbers of the promises that are at risk no more.
    pub eased: Vec<u64>,
}

/// An account that is short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Short {
    /// The account.
    pub account: AccountIx,
    /// The numbers of the promises that are at risk for it, in order.
    pub numbers: Vec<u64>,
}

impl NetChange {
    /// The numbers of the promises that were judged and fared like this.
    pub fn with_fate(&self, wanted: Fate) -> impl Iterator<Item = u64> {
        let fared = self.judged.iter().filter(move |after| fate(after) == wanted);
        fared.map(|after| after.number)
    }

    /// The numbers of the promises that are at risk on the accounts looked at, in order.
    pub fn at_risk(&self) -> BTreeSet<u64> {
        self.short.iter().flat_map(|short| short.numbers.iter().copied()).collect()
    }
}
