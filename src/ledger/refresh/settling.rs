//! Planned supply in the next world: the source's own takes its place, and what nobody counts on any more is withdrawn,
//! be it that it has begun (semantics 12.1).
//!
//! It is settled where promises are decided, not when commands stand still. What has changed since is settled anew,
//! together with all that meets it on an account: those promises are put back as they were decided, and what comes of them is
//! what would have come of them if all had been settled at once.

use super::{
    takeover::{Gain, TakenOver, gain, take_over},
    takers::Takers,
    translate::Translation,
};
use crate::{
    change::Change,
    ledger::{
        consumption,
        planned::{Begun, idle_on},
        reservation::Reservation,
        uses::changed_by,
        world::World,
    },
    model::{AccountIx, Posting},
    snapshot::Snapshot,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Promises as they were before something became of them.
type Before = BTreeMap<u64, Arc<Reservation>>;

/// What has become of planned supply so far.
#[derive(Debug, Default)]
pub(super) struct Settling {
    /// What accounts have gained on which promises plan; those alone where that can take anything's place.
    gains: BTreeMap<AccountIx, Gain>,
    /// The promises that are otherwise now, as they were decided.
    decided: Before,
    /// Those by the accounts that their plans post on.
    places: BTreeMap<AccountIx, BTreeSet<u64>>,
    taken_over: BTreeMap<AccountIx, Vec<TakenOver>>,
}

/// The accounts of a snapshot that have, or had, the supplies that changes name: whether one is new there depends on both
/// snapshots.
pub(super) fn supplied<'a>(
    snapshot: &'a Snapshot,
    changes: impl Iterator<Item = &'a Change>,
) -> impl Iterator<Item = AccountIx> {
    let supplies = changes.filter_map(Change::supply);
    let known = supplies.filter_map(|id| snapshot.supplies.names.get(id));
    known.filter_map(|known| Some(snapshot.supplies.account(known)?.ix()))
}

/// The stock accounts that postings change, each as a whole.
fn stocks<'a>(
    snapshot: &'a Snapshot,
    postings: impl IntoIterator<Item = &'a Posting>,
) -> impl Iterator<Item = AccountIx> {
    let all = postings.into_iter().map(|posting| changed_by(snapshot, posting.account));
    all.filter(|account| snapshot.as_stock(*account).is_some())
}

/// The stock accounts that a promise's plan posts on.
fn plan_places(snapshot: &Snapshot, reservation: &Reservation) -> BTreeSet<AccountIx> {
    let planned = reservation.postings.iter().filter(|posting| posting.planned != 0);
    stocks(snapshot, planned).collect()
}

impl Settling {
    /// Planned supply whose place the source's own has taken.
    pub(super) fn take_taken_over(&mut self) -> Vec<TakenOver> {
        std::mem::take(&mut self.taken_over).into_values().flatten().collect()
    }

    /// Looks at what accounts have gained, of the next snapshot.
    pub(super) fn look_at(
        &mut self,
        translation: &Translation<'_>,
        accounts: impl IntoIterator<Item = AccountIx>,
    ) {
        for account in accounts {
            if translation.to.as_whole(account).is_none() {
                continue;
            }
            let gain = gain(translation, account);
            if gain.is_any() {
                self.gains.insert(account, gain);
            } else {
                self.gains.remove(&account);
            }
        }
    }

    /// All accounts on which anything is to be settled, or was.
    pub(super) fn accounts(&self, world: &World) -> BTreeSet<AccountIx> {
        let ours = self.gains.keys().chain(self.places.keys()).copied();
        ours.chain(world.spare.accounts()).collect()
    }

    /// Notes the stock accounts that a promise has to do with, by what it posts or would post and by what stands for it at its
    /// source.
    pub(super) fn note(&self, world: &World, number: u64, touched: &mut BTreeSet<AccountIx>) {
        let Some(is) = world.reservation(number) else { return };
        let uses = consumption::of(&world.snapshot, is);
        touched.extend(stocks(&world.snapshot, &uses));
        for one in [Some(is), self.decided.get(&number)].into_iter().flatten() {
            let theirs = one.standing.as_deref().map(|standing| &standing.theirs[..]);
            let all = one.postings.iter().chain(one.own().iter()).chain(theirs.unwrap_or_default());
            touched.extend(stocks(&world.snapshot, all));
        }
    }

    /// Forgets how a promise was decided, which is decided anew or lost; gives that.
    pub(super) fn forget(&mut self, snapshot: &Snapshot, number: u64) -> Option<Arc<Reservation>> {
        let decided = self.decided.remove(&number)?;
        for account in plan_places(snapshot, &decided) {
            if let Some(numbers) = self.places.get_mut(&account) {
                numbers.remove(&number);
                if numbers.is_empty() {
                    self.places.remove(&account);
                }
            }
        }
        Some(decided)
    }

    fn keep(&mut self, snapshot: &Snapshot, decided: Arc<Reservation>) {
        for account in plan_places(snapshot, &decided) {
            self.places.entry(account).or_default().insert(decided.number);
        }
        self.decided.insert(decided.number, decided);
    }

    /// Settles what is planned on accounts, of which something has changed, and all that meets it. Gives the promises
    /// that this changed, as they were.
    pub(super) fn settle(
        &mut self,
        world: &mut World,
        takers: &mut Takers,
        touched: BTreeSet<AccountIx>,
    ) -> Before {
        takers.keep_up(world.reservations());
        let snapshot = Arc::clone(&world.snapshot);
        let (accounts, mut was) = self.meeting(world, takers, touched);
        for (number, found) in &was {
            if let Some(decided) = self.forget(&snapshot, *number) {
                // Whether it is at risk is asked later, and only where anything has become another.
                let decided = Reservation { at_risk: found.at_risk, ..(*decided).clone() };
                world.put(Arc::new(decided));
            }
        }
        takers.keep_up(world.reservations());
        let as_is = |number: &u64| Some((*number, Arc::clone(world.reservation(*number)?)));
        let decided: Before = was.keys().filter_map(as_is).collect();
        for account in &accounts {
            self.taken_over.remove(account);
            let Some(gain) = self.gains.get(account) else { continue };
            let taken = take_over(world, *account, gain.clone(), &takers.planning(*account));
            if !taken.is_empty() {
                self.taken_over.insert(*account, taken);
            }
        }
        world.withdraw(accounts.clone(), Begun::Goes);
        let idle = idle_on(world, &accounts);
        assert!(idle.is_empty(), "L7: nobody counts on {}", idle[0].in_words(world));
        for (number, decided) in decided {
            if world.reservation(number) != Some(&decided) {
                self.keep(&snapshot, decided);
            }
        }
        was.retain(|number, was| world.reservation(*number) != Some(was));
        was
    }

    /// The promises whose planned supply may fare otherwise where something has changed on accounts, and all accounts
    /// that they plan anything on: what is settled there has nothing to do with the rest.
    fn meeting(
        &self,
        world: &World,
        takers: &Takers,
        touched: BTreeSet<AccountIx>,
    ) -> (BTreeSet<AccountIx>, Before) {
        let (mut accounts, mut found) = (BTreeSet::new(), Before::new());
        let mut next: Vec<AccountIx> = touched.into_iter().collect();
        while let Some(account) = next.pop() {
            if !accounts.insert(account) {
                continue;
            }
            let mut numbers = world.spare.on(&[account].into());
            numbers.extend(self.places.get(&account).into_iter().flatten());
            if self.gains.contains_key(&account) {
                numbers.extend(takers.planning(account));
            }
            for number in numbers {
                let Some(is) = world.reservation(number).filter(|_| !found.contains_key(&number))
                else {
                    continue;
                };
                let decided = self.decided.get(&number).unwrap_or(is);
                next.extend(plan_places(&world.snapshot, decided));
                found.insert(number, Arc::clone(is));
            }
        }
        (accounts, found)
    }
}
