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
    /// As it was.
    pub before: Arc<Reservation>,
    /// As it is to be.
    pub after: Arc<Reservation>,
}

/// Why a rearrangement is not made; nothing of it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The planning data cannot be changed so any more.
    Changes(Vec<Fault>),
    /// These promises are not any more what they were.
    MovedOn(Vec<u64>),
    /// What it takes is not there any more; the promises take part in that.
    Exceeds(Refusal, Vec<u64>),
}

impl Ledger {
    /// Admits changes of planning data and promises that change hands, all together.
    ///
    /// # Errors
    /// What does not fit any more, in the order of [`Unfit`].
    pub fn rearrange(
        &mut self,
        changes: &[Change],
        exchanges: &[Exchange],
    ) -> Result<Admitted<'_>, Unfit> {
        let world = self.world.with_changes(changes).map_err(Unfit::Changes)?;
        let moved_on = |exchange: &&Exchange| {
            world.reservation(exchange.before.number) != Some(&exchange.before)
        };
        let moved_on: Vec<u64> =
            exchanges.iter().filter(moved_on).map(|exchange| exchange.before.number).collect();
        if !moved_on.is_empty() {
            return Err(Unfit::MovedOn(moved_on));
        }
        let mut moves = Moves::default();
        for exchange in exchanges {
            moves.add(&exchange.before.postings, &exchange.after.postings);
        }
        if let Err(refusal) = moves.judge(&world) {
            return Err(Unfit::Exceeds(refusal, part_of(&refusal, exchanges)));
        }
        let after = exchanges.iter().map(|exchange| Arc::clone(&exchange.after)).collect();
        let fact = Fact::Rearranged { changes: world.changes_since(&self.world), after };
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
        let (below, changed) = refresh::net(world, (changes, origin), lookup)?;
        Ok(self.admitted_over(below, Fact::Changed(Arc::new(changed))))
    }
}

impl World {
    /// What a source's changes would mean for the promises of this world.
    ///
    /// # Errors
    /// Every fault of the changes.
    pub fn preview(&self, changes: Arc<[Change]>, origin: Origin) -> Result<Changed, Vec<Fault>> {
        let (_, changed) = refresh::net(self, (changes, origin), &mut Lookup::default())?;
        Ok(changed)
    }
}

/// The promises that take from the account of a refusal.
fn part_of(refusal: &Refusal, exchanges: &[Exchange]) -> Vec<u64> {
    let account = match refusal {
        Refusal::ExceedsAvailable { account, .. }
        | Refusal::OutsideHorizon { account, .. }
        | Refusal::BalanceOutOfRange { account, .. } => *account,
        Refusal::NothingToReserve
        | Refusal::DoesNotExist { .. }
        | Refusal::StateForbids { .. }
        | Refusal::QuantityOutOfRange { .. } => return Vec::new(),
    };
    let takes = |exchange: &&Exchange| {
        exchange.after.postings.iter().any(|posting| posting.account == account)
    };
    exchanges.iter().filter(takes).map(|exchange| exchange.before.number).collect()
}
