//! Takes away planned supply that nobody counts on (semantics 12.1, *Planned supply belongs to all*).

use super::{Planned, counted::is_counted_on, given};
use crate::{
    ledger::{
        reservation::{Reservation, id},
        world::World,
    },
    model::{AccountIx, Posting},
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Whether what has begun stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ledger) enum Begun {
    /// Until the next snapshot.
    Stays,
    /// Here is the next snapshot.
    Goes,
}

impl World {
    /// Withdraws what nobody counts on any more of what is spare on some accounts, as a command on the ledger does.
    pub fn settle(&mut self, touched: BTreeSet<AccountIx>) {
        self.withdraw(touched, Begun::Stays);
    }

    /// Withdraws what is spare on some accounts and nobody counts on: latest planned first, in whole supplies,
    /// from the goods down to their parts. Gives the promises that this changed, as they are now, by number.
    pub(in crate::ledger) fn withdraw(
        &mut self,
        mut touched: BTreeSet<AccountIx>,
        begun: Begun,
    ) -> BTreeMap<u64, Arc<Reservation>> {
        let mut changed = BTreeMap::new();
        while !touched.is_empty() {
            let numbers = self.spare.on(&touched);
            touched.clear();
            for number in numbers.into_iter().rev() {
                let freed = self.withdraw_of(number, begun);
                if !freed.is_empty() {
                    touched.extend(freed);
                    let now = self.reservation(number).expect("it is there");
                    changed.insert(number, Arc::clone(now));
                }
            }
        }
        changed
    }

    /// The same for one promise alone; gives the accounts that were given back to.
    pub(in crate::ledger) fn withdraw_of(&mut self, number: u64, begun: Begun) -> Vec<AccountIx> {
        let mut freed = Vec::new();
        while let Some((after, postings)) = self.next_idle(number, begun) {
            self.put(Arc::new(after));
            freed.extend(postings.iter().map(|posting| posting.account));
        }
        freed
    }

    /// A promise without the first planned supply of its own that is spare and that nobody counts on, and what
    /// that posted.
    fn next_idle(&self, number: u64, begun: Begun) -> Option<(Reservation, Vec<Posting>)> {
        let reservation = self.reservation(number)?;
        let stays = |planned: &Planned| planned.has_begun() && begun == Begun::Stays;
        let mut spare: Vec<&Planned> = reservation.spare().filter(|one| !stays(one)).collect();
        spare.sort_by_key(|one| (depth(reservation, one), Reverse(one.number)));
        spare.into_iter().find_map(|planned| {
            let of = |posting: &&Posting| posting.planned == planned.number;
            let postings: Vec<Posting> = reservation.postings.iter().filter(of).copied().collect();
            let is_idle =
                given(&postings, planned.number).is_some() && !is_counted_on(self, &postings);
            is_idle.then(|| (reservation.without_planned(planned.number), postings))
        })
    }
}

/// How far below the goods a planned supply stands.
fn depth(reservation: &Reservation, planned: &Planned) -> usize {
    let parent = |one: &&Planned| reservation.plan.iter().find(|other| other.number == one.parent);
    std::iter::successors(Some(planned), parent).count()
}

/// A planned supply that nobody counts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Idle {
    /// The number of the promise that planned it.
    pub promise: u64,
    /// What it gives.
    pub given: Posting,
}

impl Idle {
    /// In words, such as `10 of A@F on 2026-12-05, planned for P3`.
    pub fn in_words(&self, world: &World) -> String {
        let Posting { account, day, quantity, .. } = self.given;
        let (name, date) = (world.snapshot.account_name(account), world.snapshot.epoch().date(day));
        format!("{quantity} of {name} on {date}, planned for {}", id(self.promise))
    }
}

/// L7: the planned supplies that nobody takes of or counts on, though they have not begun. Empty if it holds.
pub fn idle(world: &World) -> Vec<Idle> {
    world.reservations_from(0).flat_map(|found| idle_of(world, found)).collect()
}

/// The same for promises that have spare supply on some accounts.
pub(in crate::ledger) fn idle_on(world: &World, accounts: &BTreeSet<AccountIx>) -> Vec<Idle> {
    let found = |number| world.reservation(number).expect("it is noted while it is there");
    let numbers = world.spare.on(accounts).into_iter();
    numbers.flat_map(|number| idle_of(world, found(number))).collect()
}

fn idle_of(world: &World, reservation: &Reservation) -> Vec<Idle> {
    let spare = reservation.spare().filter(|planned| !planned.has_begun());
    let idle = spare.filter_map(|planned| {
        let of = |posting: &&Posting| posting.planned == planned.number;
        let postings: Vec<Posting> = reservation.postings.iter().filter(of).copied().collect();
        let given = given(&postings, planned.number)?;
        let is_idle = !is_counted_on(world, &postings);
        is_idle.then_some(Idle { promise: reservation.number, given })
    });
    idle.collect()
}
