//! Who posts on which account, and how its takers and its documents match.
//!
//! A world does not keep this: promising does not need it. It is built when somebody first asks, and then kept up
//! with what has changed since, so that a question costs what it is about and not all promises. What it says is
//! true of the world that it was last kept up with.

use super::{
    exceptions::{Delays, Limiting},
    matching::Matching,
};
use crate::{
    ledger::{Reservation, World},
    model::AccountIx,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Promises by the accounts that they post on.
#[derive(Debug, Default)]
pub struct Takes {
    known: Option<World>,
    all: BTreeSet<(AccountIx, u64)>,
    matchings: BTreeMap<AccountIx, Arc<Matching>>,
    /// What limits what promises have planned, and why, as far as somebody asked.
    pub(super) limits: BTreeMap<(u64, u32), (Limiting, Arc<str>)>,
    /// How much later promises at risk would come, once somebody has asked.
    delays: Option<Arc<Delays>>,
}

impl Takes {
    /// Notes what has changed since the last time; from the start where other planning data serve.
    pub fn keep_up(&mut self, world: &World) {
        if !self.known.as_ref().is_some_and(|known| known.is_same(world)) {
            self.limits.clear();
            self.delays = None;
        }
        let Some(known) = self.known.take().filter(|known| is_kin(known, world)) else {
            self.matchings.clear();
            self.all = world.reservations_from(0).flat_map(|found| posts(found)).collect();
            self.known = Some(world.clone());
            return;
        };
        if !Arc::ptr_eq(&known.snapshot, &world.snapshot) {
            self.matchings.clear();
        }
        let gone = world.forgotten_since(&known);
        for number in world.changed_since(&known).into_iter().chain(gone) {
            for take in known.reservation(number).into_iter().flat_map(|before| posts(before)) {
                self.all.remove(&take);
                self.matchings.remove(&take.0);
            }
            for take in world.reservation(number).into_iter().flat_map(|after| posts(after)) {
                self.matchings.remove(&take.0);
                self.all.insert(take);
            }
        }
        self.known = Some(world.clone());
    }

    /// The world that it is kept up with.
    ///
    /// # Panics
    /// If it was never kept up with any.
    pub fn world(&self) -> &World {
        self.known.as_ref().expect("it was kept up with a world")
    }

    /// The promises that post on an account, in order of number.
    pub fn of(&self, account: AccountIx) -> impl Iterator<Item = &Arc<Reservation>> {
        let numbers = self.all.range((account, 0)..=(account, u64::MAX));
        numbers.filter_map(|(_, number)| self.world().reservation(*number))
    }

    /// The accounts that promises post on.
    pub fn accounts(&self) -> BTreeSet<AccountIx> {
        self.all.iter().map(|(account, _)| *account).collect()
    }

    /// How much later promises at risk would come.
    pub(super) fn delays(&mut self) -> Arc<Delays> {
        if let Some(known) = &self.delays {
            return Arc::clone(known);
        }
        let made = Arc::new(Delays::of(self.world()));
        self.delays = Some(Arc::clone(&made));
        made
    }

    /// How takers and documents of a stock account match, worked out for who asks.
    pub(super) fn matched(&self, account: AccountIx) -> Matching {
        let promises: Vec<&Arc<Reservation>> = self.of(account).collect();
        Matching::of(self.world(), account, &promises)
    }

    /// How takers and documents of a stock account match.
    pub fn matching(&mut self, account: AccountIx) -> Arc<Matching> {
        if let Some(known) = self.matchings.get(&account) {
            return Arc::clone(known);
        }
        let made = Arc::new(self.matched(account));
        self.matchings.insert(account, Arc::clone(&made));
        made
    }
}

/// Whether indices and numbers of one mean the same in the other.
fn is_kin(known: &World, world: &World) -> bool {
    known.generation() == world.generation()
        && known.ledger() == world.ledger()
        && known.snapshot.id() == world.snapshot.id()
}

fn posts(reservation: &Reservation) -> impl Iterator<Item = (AccountIx, u64)> + use<'_> {
    reservation.postings.iter().map(|posting| (posting.account, reservation.number))
}
