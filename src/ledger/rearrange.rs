//! Planning data changes below the promises, or many promises change hands at once: all of it or nothing.

use super::{
    Admitted, Fact, Ledger, Origin, Refusal, Reservation, World,
    fit::Moves,
    refresh::{self, Changed, Lookup},
};
use crate::change::{Change, Fault};
use std::sync::Arc;

/// One promise of a rearrangement: as it was when that was planned, and as it is to be.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// As it was; none where the plan made it. That gets a number of its own then.
    pub before: Option<Arc<Reservation>>,
    /// As it is to be.
    pub after: Arc<Reservation>,
}

/// Why a rearrangement is not made; nothing of it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Another snapshot serves than the one that it was planned on; both by id.
    Refreshed {
        /// The one that it was planned on.
        planned: Arc<str>,
        /// The one that serves.
        serves: Arc<str>,
    },
    /// The planning data cannot be changed so any more.
    Changes(Vec<Fault>),
    /// These promises are not any more what they were.
    MovedOn(Vec<u64>),
    /// What it takes is not there any more; the promises take part in that.
    Exceeds(Refusal, Vec<u64>),
}

impl Ledger {
    /// Admits lists of changes of planning data, each made after the one before it, and promises that
    /// change hands, all together.
    ///
    /// # Errors
    /// What does not fit any more, in the order of [`Unfit`].
    pub fn rearrange(
        &mut self,
        lists: &[Arc<[Change]>],
        exchanges: &[Exchange],
    ) -> Result<Admitted<'_>, Unfit> {
        let made =
            lists.iter().try_fold(self.world.clone(), |world, list| world.with_changes(list));
        // As one list, settled: what a replay makes of it.
        let changes = made.map_err(Unfit::Changes)?.changes_since(&self.world);
        let world = self.world.with_lists(Arc::clone(&changes), Origin::PLANNING);
        let world = world.map_err(Unfit::Changes)?;
        let moved_on = moved_on(&self.world, exchanges);
        if !moved_on.is_empty() {
            return Err(Unfit::MovedOn(moved_on));
        }
        let mut moves = Moves::default();
        for exchange in exchanges {
            let before = exchange.before.as_ref().map_or(&[][..], |before| &before.postings);
            moves.add(before, &exchange.after.postings);
        }
        if let Err(refusal) = moves.judge(&world) {
            return Err(Unfit::Exceeds(refusal, part_of(&refusal, exchanges)));
        }
        let mut next = self.world.next_number();
        let after = exchanges.iter().map(|exchange| {
            if exchange.before.is_some() {
                return Arc::clone(&exchange.after);
            }
            next += 1;
            Arc::new(Reservation { number: next - 1, ..(*exchange.after).clone() })
        });
        let fact = Fact::Rearranged { changes, after: after.collect() };
        Ok(self.admitted_over(world, fact))
    }
}

impl Ledger {
    /// Admits a source's changes of planning data, and what they mean for promises: whatever is left of
    /// what was promised, they are made.
    ///
    /// # Errors
    /// Every fault of the changes; then none is made.
    pub fn change(
        &mut self,
        changes: Arc<[Change]>,
        origin: Origin,
    ) -> Result<Admitted<'_>, Vec<Fault>> {
        let Self { world, lookup, .. } = self;
        let (below, changed, also) = refresh::net(world, (changes, origin), lookup)?;
        let fact = Fact::Changed(Arc::new(changed));
        Ok(Admitted { also, ..self.admitted_over(below, fact) })
    }
}

impl World {
    /// What a source's changes would mean for the promises of this world.
    ///
    /// # Errors
    /// Every fault of the changes.
    pub fn preview(&self, changes: Arc<[Change]>, origin: Origin) -> Result<Changed, Vec<Fault>> {
        let (_, changed, _) = refresh::net(self, (changes, origin), &mut Lookup::default())?;
        Ok(changed)
    }
}

/// The promises that are not any more what they were.
pub(super) fn moved_on(live: &World, exchanges: &[Exchange]) -> Vec<u64> {
    // Whether it is at risk is for the changed world to say.
    let is_same = |was: &Reservation, is: &Reservation| {
        let plain = Reservation { at_risk: was.at_risk, ..is.clone() };
        plain == *was
    };
    let has_moved = |before: &&Arc<Reservation>| {
        let now = live.reservation(before.number);
        !now.is_some_and(|now| is_same(before, now))
    };
    let known = exchanges.iter().filter_map(|exchange| exchange.before.as_ref());
    known.filter(has_moved).map(|before| before.number).collect()
}

/// The promises that take from the account of a refusal.
pub(super) fn part_of(refusal: &Refusal, exchanges: &[Exchange]) -> Vec<u64> {
    let account = match refusal {
        Refusal::ExceedsAvailable { account, .. }
        | Refusal::OutsideHorizon { account, .. }
        | Refusal::BalanceOutOfRange { account, .. } => *account,
        Refusal::NothingToReserve
        | Refusal::DoesNotExist { .. }
        | Refusal::StateForbids { .. }
        | Refusal::HoldEnded { .. }
        | Refusal::NotInLots { .. }
        | Refusal::QuantityOutOfRange { .. } => return Vec::new(),
    };
    let takes = |exchange: &&Exchange| {
        exchange.after.postings.iter().any(|posting| posting.account == account)
    };
    let known = exchanges.iter().filter(takes).filter_map(|exchange| exchange.before.as_ref());
    known.map(|before| before.number).collect()
}
