//! What a world holds in memory that another one of the same ledger does not: what a what-if costs.
//!
//! Counted is what grows with the differences: promises, accounts, the rows and profiles of what changes of
//! planning data touched, and the nodes on the way to them. The cost of counting is that of the differences.

use super::{
    batch::ChangeBatch,
    reservation::{Facts, Leg, Reservation},
    world::World,
};
use crate::{
    allocation,
    change::Change,
    model::{AccountIx, Posting},
    snapshot::{
        Account, Snapshot,
        stock::{Demand, Supply},
    },
};
use std::{collections::BTreeSet, sync::Arc};

impl World {
    /// Bytes that this world holds beyond another one, about. Where that one has a snapshot of its own, this
    /// one's counts for nothing: see [`Snapshot::bytes`].
    pub fn bytes_beyond(&self, other: &World) -> u64 {
        let bytes = self.bytes_of_promises(other)
            + self.view.bytes_beyond(&other.view)
            + self.bytes_of_changes(other);
        bytes as u64
    }

    fn bytes_of_promises(&self, other: &World) -> usize {
        let of_one = |number: &u64| {
            let found = self.reservation(*number).expect("it has changed");
            let steps = size_of_val(self.steps(*number));
            bytes_of(found, other.reservation(*number)) + steps
        };
        let changed = self.changed_since(other);
        changed.iter().map(of_one).sum::<usize>()
            + self.reservations().bytes_beyond(other.reservations())
    }

    fn bytes_of_changes(&self, other: &World) -> usize {
        let batches = self.change_batches_since(other);
        if batches.is_empty() || !self.snapshot.is_kin_of(&other.snapshot) {
            return 0;
        }
        let touched: BTreeSet<AccountIx> =
            batches.iter().flat_map(|batch| batch.touched.iter().copied()).collect();
        let beside = touched.iter().map(|account| bytes_beside(&self.snapshot, *account));
        size_of::<Snapshot>()
            + self.snapshot.bytes_beyond(&other.snapshot)
            + batches.iter().map(|batch| of_batch(batch)).sum::<usize>()
            + beside.sum::<usize>()
    }
}

/// Bytes of a promise that the one that it is made of does not have, too.
fn bytes_of(found: &Reservation, before: Option<&Arc<Reservation>>) -> usize {
    let facts = &*found.facts;
    let is_same_facts = before.is_some_and(|before| Arc::ptr_eq(&before.facts, &found.facts));
    let is_same_postings =
        before.is_some_and(|before| Arc::ptr_eq(&before.postings, &found.postings));
    let texts = facts.order.len() + facts.line.len() + facts.terms.as_str().len();
    let mut bytes = size_of::<Reservation>();
    if !is_same_postings {
        bytes += size_of::<Posting>() * found.postings.len();
    }
    if !is_same_facts {
        bytes += size_of::<Facts>() + size_of::<Leg>() * facts.legs.capacity();
        bytes += if before.is_none() { texts } else { 0 };
    }
    bytes
}

fn of_batch(batch: &ChangeBatch) -> usize {
    let changes: usize = batch.changes.iter().map(Change::bytes).sum();
    size_of::<ChangeBatch>() + changes + size_of_val(&*batch.touched)
}

/// Bytes of an account that lie beside the shared arrays since a change touched it.
fn bytes_beside(snapshot: &Snapshot, account: AccountIx) -> usize {
    let rows = match snapshot.account(account) {
        Account::Stock(..) => {
            size_of::<Supply>() * snapshot.supplies.of(account).len()
                + size_of::<Demand>() * snapshot.demands.of(account).len()
        }
        Account::Capacity(_) | Account::Part(..) => 0,
    };
    allocation::profile(snapshot, account).bytes() + rows
}
