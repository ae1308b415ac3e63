//! All that an entry was worked out from that was worked out beside the live ledger (`fork.rs`), and what is still to be
//! said of it.

use super::{
    entry::{Entry, Fact},
    marks::Placing,
    order_line,
    places::places_of,
    reservation::Reservation,
    uses::changed_by,
    world::World,
};
use crate::{
    change::{Change, Reach},
    model::AccountIx,
    snapshot::Snapshot,
};
use std::{collections::BTreeSet, sync::Arc};

/// Positions of entries that do not have their place yet have this bit.
pub(super) const BESIDE: u64 = 1 << 62;

/// All that entries were worked out from, and all that they change.
#[derive(Clone, Debug, Default)]
pub struct Footprint {
    /// Whether it is everything.
    is_all: bool,
    /// Accounts; one that is divided by shares stands for its parts.
    accounts: BTreeSet<AccountIx>,
    /// Orders of the promises that it changes.
    orders: BTreeSet<Arc<str>>,
    /// Order lines that changes of planning data are about.
    lines: BTreeSet<String>,
    /// The promises that it makes or changes, in order.
    pub(super) numbers: Vec<u64>,
    /// Whether it makes promises.
    makes: bool,
}

/// What is still to be said of promises that entries changed before they had their places.
#[derive(Clone, Debug, Default)]
pub(super) struct Late {
    pub(super) placing: Placing,
    pub(super) numbers: Arc<Footprint>,
    /// How many of them, the last ones first.
    pub(super) left: usize,
}

impl Footprint {
    /// That of promises alone.
    pub(super) fn of_promises(numbers: Vec<u64>) -> Self {
        Self { numbers, ..Self::default() }
    }

    /// Whether a promise is of what it was worked out from.
    pub fn meets(&self, snapshot: &Snapshot, reservation: &Reservation) -> bool {
        let facts = &*reservation.facts;
        self.is_all
            || self.is_about(&facts.order, &facts.line)
            || self.numbers.binary_search(&reservation.number).is_ok()
            || all_places(reservation).any(|account| self.has(snapshot, account))
    }

    /// Whether it is about an order line.
    pub fn is_about(&self, order: &str, line: &str) -> bool {
        self.is_all
            || self.orders.contains(order)
            || (!self.lines.is_empty() && self.lines.contains(&order_line::key(order, line)))
    }

    /// Whether an account is of what it was worked out from.
    pub fn has(&self, snapshot: &Snapshot, account: AccountIx) -> bool {
        self.is_all || self.accounts.contains(&changed_by(snapshot, account))
    }

    /// Whether it makes promises, whose numbers nobody else may take meanwhile.
    pub fn makes(&self) -> bool {
        self.makes
    }

    pub(super) fn of(
        before: &World,
        after: &World,
        entries: &[Entry],
        asked: &BTreeSet<AccountIx>,
    ) -> Self {
        let snapshot = &*after.snapshot;
        let mut print = Self { numbers: after.changed_since(before), ..Self::default() };
        print.accounts.extend(asked.iter().map(|account| changed_by(snapshot, *account)));
        for batch in after.change_batches_since(before) {
            let touched = batch.touched.iter().map(|account| changed_by(snapshot, *account));
            print.accounts.extend(touched);
            let changes = || batch.changes.iter();
            print.lines.extend(changes().filter_map(Change::order_line).map(str::to_string));
            print.is_all |= changes().any(|change| change.kind().reach() != Reach::Rows);
        }
        // What goes back is planning data of any kind.
        print.is_all |= entries.iter().any(|entry| matches!(entry.fact, Fact::Reverted { .. }));
        for &number in &print.numbers {
            let (was, is) = (before.reservation(number), after.reservation(number));
            print.makes |= was.is_none();
            let is = is.expect("it has changed");
            print.orders.insert(Arc::clone(&is.facts.order));
            let posts_the_same = |was: &Arc<Reservation>| {
                was.postings == is.postings && was.standing == is.standing && was.plan == is.plan
            };
            if !was.is_some_and(posts_the_same) {
                let both = was.into_iter().chain([is]);
                let places = both.flat_map(|one| all_places(one));
                print.accounts.extend(places.map(|account| changed_by(snapshot, account)));
            }
        }
        print
    }
}

/// Every account on which a promise posts, or may again.
fn all_places(reservation: &Reservation) -> impl Iterator<Item = AccountIx> {
    let own = reservation.own().iter().map(|posting| posting.account);
    places_of(reservation).chain(own)
}
