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

mod fates;
mod known;
mod net_change;
mod risk;
mod shipments;
mod takers;
mod risks;
mod lookup;
mod translate;
mod balance;
mod decide;
mod takeover;
mod settling;
mod net;
mod report;

pub use balance::{AccountLine, Unexplained};
pub use fates::Counts;
pub(super) use fates::Risk;
pub(super) use known::{Theirs, demand_of};
pub use lookup::Lookup;
pub(super) use lookup::reassess;
pub(super) use net::net;
pub use net_change::{NetChange, Short};
use report::Fates;
pub use report::Overdue;
pub use report::{CarriedChanges, Reconciled, Report};
pub(super) use risk::{blamed, short_accounts};
pub use takeover::TakenOver;
pub use translate::Unknown;

use super::{
    batch::ChangeBatch,
    planned::{Planned, given},
    reservation::Reservation,
    world::World,
};
use crate::{
    change::{Change, Reach},
    model::{AccountIx, Posting},
    snapshot::{Adopted, Snapshot},
};
use balance::Ledgering;
use decide::{LineGroup, decide};
use known::{Gone, Known};
use risks::Risks;
use settling::Settling;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use takers::{Takers, planned_on, taken};
use translate::Translation;

/// Reasons of changes that were left out that a report spells out.
const REASONS_MAX: usize = 1_000;

/// A reconciliation under way.
#[derive(Debug)]
pub struct Refresh {
    /// The live world as far as it is reconciled.
    old: World,
    /// What becomes of it.
    new: World,
    known: Known,
    takers: Takers,
    carried: CarriedChanges,
    fates: Fates,
    at_risk: BTreeSet<u64>,
    balance: Ledgering,
    settling: Settling,
    /// Planned supply that was to be there before the snapshot's day, by promise.
    overdue: BTreeMap<u64, Vec<Posting>>,
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
            takers: Takers::default(),
            carried: CarriedChanges::default(),
            fates: Fates::default(),
            at_risk: BTreeSet::new(),
            balance: Ledgering::default(),
            settling: Settling::default(),
            overdue: BTreeMap::new(),
        };
        world.change_batches().iter().for_each(|batch| refresh.carry(batch));
        refresh.reconcile(world, world.reservations_from(0).map(|found| found.number))?;
        refresh.old = world.clone();
        refresh.settle_all();
        refresh.balance.note_all(&refresh.old, &refresh.new)?;
        refresh.takers.keep_up(refresh.new.reservations());
        refresh.blame(refresh.takers.accounts());
        Ok(refresh)
    }

    /// The position of the live world up to which it is reconciled.
    pub fn position(&self) -> u64 {
        self.old.position
    }

    /// How much there is to catch up with: promises that changed or are forgotten, and changes of planning data.
    pub fn behind(&self, world: &World) -> u64 {
        let promises =
            world.changed_since(&self.old).len() + world.forgotten_since(&self.old).len();
        promises as u64 + world.n_changes() - self.old.n_changes()
    }

    /// Reconciles what has changed since.
    ///
    /// # Errors
    /// The first name that the snapshot has not adopted: begin anew.
    pub fn catch_up(&mut self, world: &World) -> Result<(), Unknown> {
        let batches = world.change_batches_since(&self.old);
        // Not the world: what it holds would be copied when it changes.
        let (mut numbers, carried_before) = (BTreeSet::new(), self.new.changes.clone());
        for batch in &batches {
            self.carry(batch);
            numbers.extend(net::members(world, &batch.changes).into_keys());
        }
        for number in world.changed_since(&self.old) {
            let of = world.reservation(number).expect("it has changed");
            numbers.extend(LineGroup::of(world, of).iter().map(|member| member.number));
        }
        let forgotten = world.forgotten_since(&self.old);
        for number in &forgotten {
            let of = &self.old.reservation(*number).expect("it was there").facts;
            let others = world.reservations_of(&of.order).filter(|one| one.facts.line == of.line);
            numbers.extend(others.map(|one| one.number));
        }
        let carried = ChangeBatch::since(self.new.changes.as_ref(), carried_before.as_ref());
        let before = std::mem::replace(&mut self.old, world.clone());
        let below = self.touched_below(&batches, &carried);
        let (mut touched, mut was_taken) = (below.clone(), BTreeSet::new());
        for number in numbers.iter().chain(&forgotten) {
            self.settling.note(&self.new, *number, &mut touched);
            let was = self.new.reservation(*number);
            was_taken.extend(was.into_iter().flat_map(|found| taken(found)));
            self.forget(&before, *number)?;
        }
        forgotten.into_iter().for_each(|number| self.new.lose(number));
        self.reconcile(world, numbers.iter().copied())?;
        self.look_at_gains(&numbers, (&batches, &carried), &mut touched);
        self.settle(touched);
        let mut touched = self.balance.touched();
        touched.extend(below);
        self.balance.note(&self.old, &self.new, touched.iter().copied())?;
        // One that a demand has absorbed posts nothing where that takes, and may be short there; where it is no more, what it
        // was short of may be another one's.
        touched.extend(was_taken);
        let decided = numbers.iter().filter_map(|number| self.new.reservation(*number));
        touched.extend(decided.flat_map(|found| taken(found)));
        self.blame(touched);
        Ok(())
    }

    /// The accounts of the next world whose base became another one, in it or in the live world.
    fn touched_below(
        &self,
        live: &[Arc<ChangeBatch>],
        carried: &[Arc<ChangeBatch>],
    ) -> BTreeSet<AccountIx> {
        let translation = Translation { from: &self.old.snapshot, to: &self.new.snapshot };
        let live = live.iter().flat_map(|batch| batch.touched.iter());
        // An account whose names the next snapshot does not have is nobody's there.
        let live = live.filter_map(|account| translation.account(*account).ok());
        live.chain(carried.iter().flat_map(|batch| batch.touched.to_vec())).collect()
    }

    /// Makes changes again that are newer than what the snapshot has of their source. What it cannot be
    /// changed by any more is left out.
    fn carry(&mut self, batch: &ChangeBatch) {
        let source = batch.origin.source.as_deref();
        if !self.new.snapshot.watermarks.lack(source, batch.origin.known_at) {
            return;
        }
        let mut changes: Vec<Change> = batch.changes.to_vec();
        // Without those at fault others may be at fault; each time there are fewer.
        while !changes.is_empty() {
            let again = Arc::from(changes.as_slice());
            match self.new.with_lists(Arc::clone(&again), batch.origin.clone()) {
                Ok(next) => {
                    self.new = next;
                    self.known.changed(&again, &self.new.snapshot, Gone::Keep);
                    self.carried.made += again.len() as u64;
                    return;
                }
                Err(faults) => {
                    let at_fault: BTreeSet<usize> =
                        faults.iter().map(|fault| fault.change).collect();
                    self.carried.left_out += at_fault.len() as u64;
                    let room = REASONS_MAX.saturating_sub(self.carried.why.len());
                    self.carried.why.extend(faults.iter().take(room).map(ToString::to_string));
                    let mut at = 0..;
                    changes.retain(|_| at.next().is_some_and(|at| !at_fault.contains(&at)));
                }
            }
        }
    }

    /// Of the live promises that ship on or after the date of the next snapshot: how many are dropped, and how many
    /// there are.
    pub fn dropped_of_shipping(&self) -> (usize, usize) {
        let from = self.new.snapshot.epoch().as_of();
        let epoch = self.old.snapshot.epoch();
        let ships = |one: &&Arc<Reservation>| {
            one.is_live() && one.facts.legs.iter().any(|leg| from <= epoch.date(leg.ship))
        };
        let shipping = self.old.reservations_from(0).filter(ships);
        shipping.fold((0, 0), |(dropped, all), one| {
            let is_live = self.new.reservation(one.number).is_some_and(|after| after.is_live());
            (dropped + usize::from(!is_live), all + 1)
        })
    }

    /// Lays the shortages of accounts on promises.
    fn blame(&mut self, accounts: BTreeSet<AccountIx>) {
        let risks = Risks::of(&mut self.new, (accounts, BTreeSet::new()), &mut self.takers);
        for number in risks.flagged {
            let at_risk = self.new.reservation(number).is_some_and(|found| found.at_risk);
            match at_risk {
                true => self.at_risk.insert(number),
                false => self.at_risk.remove(&number),
            };
        }
    }

    /// The next world, if it adds up (R1). Its cost does not depend on how much there is: the report is
    /// put together later, by [`Reconciled::report`].
    ///
    /// # Errors
    /// The first account that does not.
    pub fn finish(self) -> Result<Reconciled, Unexplained> {
        self.balance.check()?;
        assert_eq!(self.new.n_reservations(), self.old.n_reservations(), "R2: none is lost");
        let Self {
            old,
            mut new,
            known,
            takers,
            carried,
            fates,
            at_risk,
            balance,
            mut settling,
            overdue,
        } = self;
        let taken_over = settling.take_taken_over();
        let overdue = overdue.into_iter().flat_map(|(promise, all)| {
            all.into_iter().map(move |given| Overdue { promise, given })
        });
        let overdue = overdue.collect();
        new.follow(&old);
        let at_risk = at_risk.into_iter().collect();
        let lookup = Lookup { takers, known: Some(known) };
        Ok(Reconciled {
            old,
            new,
            at_risk,
            carried,
            fates,
            balance,
            lookup,
            newly_at_risk: None,
            taken_over,
            overdue,
            _settled: settling,
        })
    }

    /// Settles what all promises have planned.
    fn settle_all(&mut self) {
        self.takers.keep_up(self.new.reservations());
        let translation = Translation { from: &self.old.snapshot, to: &self.new.snapshot };
        self.settling.look_at(&translation, self.takers.planned_on());
        self.settle(self.settling.accounts(&self.new));
    }

    /// Looks anew at what accounts have gained where promises that were decided anew plan supply, or changes were made; notes
    /// those accounts, and all that these promises touch now.
    fn look_at_gains(
        &mut self,
        numbers: &BTreeSet<u64>,
        (live, carried): (&[Arc<ChangeBatch>], &[Arc<ChangeBatch>]),
        touched: &mut BTreeSet<AccountIx>,
    ) {
        let translation = Translation { from: &self.old.snapshot, to: &self.new.snapshot };
        let mut gained = self.touched_below(live, carried);
        let changes = || live.iter().chain(carried).flat_map(|batch| batch.changes.iter());
        gained.extend(settling::supplied(&self.new.snapshot, changes()));
        for number in numbers {
            self.settling.note(&self.new, *number, touched);
            let found = self.new.reservation(*number).expect("it is decided");
            gained.extend(planned_on(found));
        }
        self.settling.look_at(&translation, gained.iter().copied());
        touched.extend(gained);
        let mut carried = carried.iter().flat_map(|batch| batch.changes.iter());
        if carried.any(|change| change.kind().reach() == Reach::Balances) {
            touched.extend(self.settling.accounts(&self.new));
        }
    }

    /// Settles what is planned on accounts of the next world of which something has changed.
    fn settle(&mut self, touched: BTreeSet<AccountIx>) {
        let changed = self.settling.settle(&mut self.new, &mut self.takers, touched);
        let translation = Translation { from: &self.old.snapshot, to: &self.new.snapshot };
        for (number, was) in changed {
            let old = self.old.reservation(number).expect("R2: none is lost");
            let is = self.new.reservation(number).expect("R2: none is lost");
            let known = "what it names was translated before";
            self.balance.take_back(&translation, old, &was).expect(known);
            self.balance.add(&translation, old, is).expect(known);
        }
    }

    /// Notes what of the plan of a decided reservation was overdue.
    fn note_overdue(&mut self, before: &Reservation, after: &Reservation) {
        let is_gone =
            |planned: &&Planned| !after.plan.iter().any(|other| other.number == planned.number);
        let gone = before.plan.iter().filter(is_gone);
        let gone: Vec<Posting> =
            gone.filter_map(|planned| given(&before.postings, planned.number)).collect();
        if !gone.is_empty() {
            self.overdue.insert(before.number, gone);
        }
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
            let group = LineGroup::of(world, before);
            let after = decide(before, &group, &translation, &mut self.known)?;
            self.balance.add(&translation, before, &after)?;
            self.note_overdue(before, &after);
            if report::counts(before, &after) {
                self.fates.insert(number, fates::fate(&after));
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
        self.overdue.remove(&number);
        self.settling.forget(&self.new.snapshot, number);
        Ok(())
    }
}
