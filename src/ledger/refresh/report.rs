//! What a refresh did, for people and for the record.

use super::{
    Lookup,
    balance::{AccountLine, Ledgering},
    fates::{Counts, Risk},
    settling::Settling,
    takeover::TakenOver,
};
use crate::ledger::{
    footprint::BESIDE,
    marks::Since,
    reservation::{Reservation, State, id},
    standing::Fate,
    world::World,
};
use crate::model::Posting;
use std::collections::BTreeMap;

/// The next world, and all that its report is made of.
#[derive(Debug)]
pub struct Reconciled {
    /// The world that it was made from.
    pub old: World,
    /// The next world; its position is the old one's.
    pub new: World,
    /// The numbers of the promises at risk, in order.
    pub at_risk: Vec<u64>,
    /// What became of changes that the snapshot cannot have.
    pub carried: CarriedChanges,
    /// Planned supply whose place the source's own has taken.
    pub taken_over: Vec<TakenOver>,
    /// Planned supply that was to be there before the snapshot's day.
    pub overdue: Vec<Overdue>,
    pub(super) fates: Fates,
    pub(super) balance: Ledgering,
    pub(super) lookup: Lookup,
    /// What is done with, to be freed where nobody waits for that.
    pub(super) _settled: Settling,
    /// Those of whom it is new that they are at risk, once that is noted.
    pub(super) newly_at_risk: Option<Vec<u64>>,
}

/// A planned supply that was to be there before the snapshot's day, and from which nothing had shipped: it has come
/// and is on hand, or it has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overdue {
    /// The promise that planned it.
    pub promise: u64,
    /// What it was to give, by the snapshot before.
    pub given: Posting,
}

/// Changes that are newer than a snapshot's watermarks: made again over it, or left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CarriedChanges {
    /// How many were made again.
    pub made: u64,
    /// How many were left out because the snapshot cannot be changed so.
    pub left_out: u64,
    /// Why, for as many as are spelled out.
    pub why: Vec<String>,
}

impl Reconciled {
    /// The next world; what is looked up beside it takes the place of the live one's, which is ours to
    /// free: that is nothing to stand still for.
    pub(in crate::ledger) fn next(&mut self, lookup: &mut Lookup) -> World {
        let old = lookup.clone();
        lookup.replace(std::mem::replace(&mut self.lookup, old));
        self.new.clone()
    }

    /// Notes in the next world since when promises are at risk, before it has its place.
    pub fn mark(&mut self) {
        let noted = Since { at: 0, position: BESIDE };
        self.newly_at_risk = Some(self.new.take_marks(&self.old, (&self.at_risk, noted)));
    }

    /// Those of whom it is new that they are at risk.
    ///
    /// # Panics
    /// If it is not noted.
    pub(in crate::ledger) fn take_newly_at_risk(&mut self) -> Vec<u64> {
        self.newly_at_risk.take().expect("it is noted before it is put in its place")
    }

    /// How many promises fared how.
    pub fn counts(&self) -> Counts {
        Counts { at_risk: self.at_risk.len() as u64, ..self.fates.counts }
    }

    /// Puts exactly these promises at risk: what was recorded, not what is found now.
    pub fn set_risks(&mut self, at_risk: &[u64]) {
        for number in std::mem::replace(&mut self.at_risk, at_risk.to_vec()) {
            self.new.set_at_risk(number, Risk::None);
        }
        for &number in at_risk {
            self.new.set_at_risk(number, Risk::SupplyGone);
        }
    }

    /// What became of planned supply, in words.
    pub fn planned(&self) -> Vec<String> {
        let taken = self.taken_over.iter().map(|one| {
            let TakenOver { promise, account, quantity, supplies } = one;
            let (name, id) = (self.new.snapshot.account_name(*account), id(*promise));
            let quantity = self.new.snapshot.shown_of(*account, *quantity);
            let by = supplies.join(", ");
            format!("{quantity} of {name}, planned for {id}: {by} has taken its place")
        });
        let overdue = self.overdue.iter().map(|one| {
            let Posting { account, day, quantity, .. } = one.given;
            let name = self.old.snapshot.account_name(account);
            let quantity = self.old.snapshot.shown_of(account, quantity);
            let (date, id) = (self.old.snapshot.epoch().date(day), id(one.promise));
            format!("{quantity} of {name} on {date}, planned for {id}: overdue, counts no more")
        });
        taken.chain(overdue).collect()
    }

    /// The report, and the two worlds, the old one first.
    pub fn report(self) -> (Report, World, World) {
        let counts = self.counts();
        let Self { old, new, at_risk, fates, balance, .. } = self;
        let n_accounts = balance.n_accounts();
        let accounts = balance.into_lines();
        (Report { counts, fates: fates.of, at_risk, accounts, n_accounts }, old, new)
    }
}

/// What became of each promise, counted as they come.
#[derive(Clone, Debug, Default)]
pub(super) struct Fates {
    of: BTreeMap<u64, Fate>,
    counts: Counts,
}

impl Fates {
    pub(super) fn insert(&mut self, number: u64, fate: Fate) {
        self.remove(number);
        self.of.insert(number, fate);
        *self.counts.of(fate) += 1;
    }

    pub(super) fn remove(&mut self, number: u64) {
        if let Some(fate) = self.of.remove(&number) {
            *self.counts.of(fate) -= 1;
        }
    }
}

/// What became of the promises and of the stock accounts.
#[derive(Clone, Debug, Default)]
pub struct Report {
    counts: Counts,
    fates: BTreeMap<u64, Fate>,
    at_risk: Vec<u64>,
    accounts: Vec<AccountLine>,
    n_accounts: u64,
}

/// Whether a report speaks of a reservation: a promise that is live before or after, or one that has
/// shipped and whose goods the snapshot before still had.
pub(super) fn counts(before: &Reservation, after: &Reservation) -> bool {
    let is_shipped = before.state == State::Fulfilled && !before.postings.is_empty();
    before.is_live() || after.is_live() || is_shipped
}

impl Report {
    /// How many fared how.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The numbers of the promises that fared like this, in order.
    pub fn with_fate(&self, wanted: Fate) -> impl Iterator<Item = u64> {
        self.fates.iter().filter(move |(_, fate)| **fate == wanted).map(|(number, _)| *number)
    }

    /// The numbers of the promises at risk, in order.
    pub fn at_risk(&self) -> impl Iterator<Item = u64> {
        self.at_risk.iter().copied()
    }

    /// The stock accounts whose balance or promises changed, in order. All others are as they were.
    pub fn accounts(&self) -> &[AccountLine] {
        &self.accounts
    }

    /// The number of stock accounts whose balance was checked (R1).
    pub fn n_accounts(&self) -> u64 {
        self.n_accounts
    }
}
