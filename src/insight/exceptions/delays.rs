//! How many days later than promised promises at risk would come: from what is there and scheduled, as it is by now.
//!
//! No search is made for it. On each account that is short the takes of all promises at risk are taken out, and each is
//! made again on the first day from its own on that has it, the oldest promise first: what came first is kept first. What
//! could be made or bought instead is not looked at; `Explain` looks.

use super::limit::shortage;
use crate::{
    ledger::{Reservation, World, effective::moves},
    model::{AccountIx, Day, Quantity},
};
use std::{collections::BTreeMap, sync::Arc};

/// The days by which promises at risk would come later, by number.
#[derive(Debug, Default)]
pub struct Delays(BTreeMap<u64, Option<i32>>);

/// What promises take of an account, by number and day.
type Takes = BTreeMap<(u64, Day), Quantity>;

impl Delays {
    /// Those of a world.
    pub fn of(world: &World) -> Self {
        let at_risk = world.marks().filter(|(_, mark)| mark.at_risk.is_some());
        let promises = at_risk.filter_map(|(number, _)| world.reservation(number));
        let mut accounts: BTreeMap<AccountIx, Takes> = BTreeMap::new();
        for promise in promises.filter(|promise| promise.at_risk && promise.is_live()) {
            for posting in moves(promise).filter(|posting| posting.quantity < Quantity::ZERO) {
                let takes = accounts.entry(posting.account).or_default();
                *takes.entry((promise.number, posting.day)).or_default() -= posting.quantity;
            }
        }
        let mut all = Self::default();
        let short = accounts.iter().filter(|(account, _)| shortage(world, **account).is_some());
        short.for_each(|(account, takes)| all.take_again(world, (*account, takes)));
        all
    }

    /// Makes takes of an account again, one after the other, and notes by how much each comes later.
    fn take_again(&mut self, world: &World, (account, takes): (AccountIx, &Takes)) {
        let mut profile = world.profile(account).to_owned();
        for ((_, day), taken) in takes {
            profile.unpost(*day, -*taken);
        }
        for ((number, day), taken) in takes {
            let then = profile.as_ref().earliest(*day, *taken);
            if let Some(then) = then {
                profile.post(then, -*taken);
            }
            let later = then.map(|then| then.since(*day));
            let known = self.0.entry(*number).or_insert(Some(0));
            *known = known.zip(later).map(|(known, later)| known.max(later));
        }
    }

    /// By how many days a promise would come later; none where nothing comes in the place of what it lacks.
    pub fn days(&self, promise: &Arc<Reservation>) -> Option<i32> {
        self.0.get(&promise.number).copied().flatten()
    }
}
