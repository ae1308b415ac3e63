//! Many promises change hands at once: a scenario or a backlog run becomes live, all of it or nothing.

use super::{Admitted, Fact, Ledger, Refusal, Reservation, fit::Moves};
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
        let fact = Fact::Rearranged { changes: changes.into(), after };
        Ok(self.admitted(fact))
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
