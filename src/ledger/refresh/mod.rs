//! From the live world and a new snapshot to the next world: reconciliation (semantics 9).
//!
//! [`Refresh::begin`] decides for every promise whether the snapshot absorbed it, whether it is carried
//! over or dropped, and posts what is left of it over the new snapshot. Promises go on meanwhile
//! against the old world: [`Refresh::catch_up`] does the same for those that have changed since, as
//! often as wanted, and [`Refresh::finish`] gives the next world. Nothing here plans, waits or asks
//! the time: the same world and snapshot give the same next world, so a journal need keep no more
//! than the name of the snapshot.
//!
//! Invariants: R1, for every stock account the new balance is the old one plus what the report
//! explains; R2, a reservation is never lost: the next world has every number that the old one has.

mod balance;
mod decide;
mod known;
mod report;
mod risk;
mod translate;

pub use balance::{AccountLine, Unexplained};
use report::Fates;
pub(super) use report::Risk;
pub use report::{Counts, Reconciled, Report};
pub use translate::Unknown;

use super::world::World;
use crate::snapshot::{Adopted, Snapshot};
use balance::Ledgering;
use decide::{Group, decide};
use known::Known;
use std::{collections::BTreeSet, sync::Arc};
use translate::Translation;

/// A reconciliation under way.
#[derive(Debug)]
pub struct Refresh {
    /// The live world as far as it is reconciled.
    old: World,
    /// What becomes of it.
    new: World,
    known: Known,
    fates: Fates,
    at_risk: BTreeSet<u64>,
    balance: Ledgering,
}

/// What promises name that a snapshot does not have: to be adopted by it before it can be reconciled.
pub fn missing(world: &World, snapshot: &Snapshot) -> Adopted {
    let translation = Translation { from: &world.snapshot, to: snapshot };
    let mut missing = Adopted::default();
    for reservation in world.reservations_from(0) {
        translation.note_missing(reservation, &mut missing);
    }
    missing
}

impl Refresh {
    /// Reconciles a world with a snapshot that has adopted what is [`missing`].
    ///
    /// # Errors
    /// The first name that it has not adopted.
    pub fn begin(world: &World, snapshot: Arc<Snapshot>) -> Result<Self, Unknown> {
        let mut refresh = Self {
            old: World::new(Arc::clone(&world.snapshot)),
            new: World::new(Arc::clone(&snapshot)),
            known: Known::new(snapshot),
            fates: Fates::default(),
            at_risk: BTreeSet::new(),
            balance: Ledgering::default(),
        };
        refresh.reconcile(world, world.reservations_from(0).map(|found| found.number))?;
        refresh.old = world.clone();
        refresh.balance.note_all(&refresh.old, &refresh.new)?;
        let short = risk::short_accounts(&refresh.new, refresh.new.view.changed().map(|(a, _)| a));
        let everybody = refresh.new.reservations_from(0);
        refresh.at_risk = risk::blamed(&refresh.new, &short, everybody);
        refresh.flag(refresh.at_risk.clone());
        Ok(refresh)
    }

    /// The position of the live world up to which it is reconciled.
    pub fn position(&self) -> u64 {
        self.old.position
    }

    /// Reconciles what has changed since.
    ///
    /// # Errors
    /// The first name that the snapshot has not adopted: begin anew.
    pub fn catch_up(&mut self, world: &World) -> Result<(), Unknown> {
        let changed = world.changed_since(&self.old);
        let mut numbers = BTreeSet::new();
        for number in changed {
            let of = world.reservation(number).expect("it has changed");
            numbers.extend(Group::of(world, of).iter().map(|member| member.number));
        }
        let before = std::mem::replace(&mut self.old, world.clone());
        for number in &numbers {
            self.forget(&before, *number)?;
        }
        self.reconcile(&world.clone(), numbers.iter().copied())?;
        let touched = self.balance.touched();
        self.balance.note(&self.old, &self.new, touched.iter().copied())?;
        let short = risk::short_accounts(&self.new, touched);
        let candidates = numbers.iter().filter_map(|number| self.new.reservation(*number));
        let blamed = risk::blamed(&self.new, &short, candidates);
        self.at_risk.extend(blamed.iter().copied());
        self.flag(blamed);
        Ok(())
    }

    /// The next world, if it adds up (R1). Its cost does not depend on how much there is: the report is
    /// put together later, by [`Reconciled::report`].
    ///
    /// # Errors
    /// The first account that does not.
    pub fn finish(self) -> Result<Reconciled, Unexplained> {
        self.balance.check()?;
        assert_eq!(self.new.n_reservations(), self.old.n_reservations(), "R2: none is lost");
        let Self { old, mut new, fates, at_risk, balance, .. } = self;
        new.follow(&old);
        let at_risk_now = at_risk.iter().copied().collect();
        Ok(Reconciled { old, new, at_risk: at_risk_now, fates, balance })
    }

    /// Decides reservations of a world, in order of number, and posts what becomes of them.
    fn reconcile(
        &mut self,
        world: &World,
        numbers: impl Iterator<Item = u64>,
    ) -> Result<(), Unknown> {
        let from = Arc::clone(&world.snapshot);
        let to = Arc::clone(&self.new.snapshot);
        let translation = Translation { from: &from, to: &to };
        for number in numbers {
            let before = world.reservation(number).expect("a number of this world");
            let group = Group::of(world, before);
            let after = decide(before, &group, &translation, &self.known)?;
            self.balance.add(&translation, before, &after)?;
            if report::counts(before, &after) {
                self.fates.insert(number, report::fate(&after));
            }
            self.new.put(Arc::new(after));
        }
        Ok(())
    }

    /// Takes back what was decided for a reservation of the world before.
    fn forget(&mut self, before: &World, number: u64) -> Result<(), Unknown> {
        let (Some(old), Some(new)) = (before.reservation(number), self.new.reservation(number))
        else {
            return Ok(());
        };
        let to = Arc::clone(&self.new.snapshot);
        let translation = Translation { from: &before.snapshot, to: &to };
        self.balance.take_back(&translation, old, new)?;
        self.fates.remove(number);
        self.at_risk.remove(&number);
        Ok(())
    }

    /// Says of reservations that they are at risk.
    fn flag(&mut self, numbers: BTreeSet<u64>) {
        for number in numbers {
            self.new.set_at_risk(number, Risk::SupplyGone);
        }
    }
}
