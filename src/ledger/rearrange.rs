//! Planning data changes below the promises, or many promises change hands at once: all of it or nothing.

use super::{
    Admitted, Fact, Ledger, Origin, Refusal, Reservation, State, World, consumption,
    fit::Moves,
    planned::is_counted_on,
    refresh::{self, Lookup, NetChange},
};
use crate::{
    change::{Change, Fault},
    model::Posting,
};
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
        let mut next = self.world.next_number();
        let after = exchanges.iter().map(|exchange| {
            if exchange.before.is_some() {
                return Arc::clone(&exchange.after);
            }
            next += 1;
            Arc::new(Reservation { number: next - 1, ..(*exchange.after).clone() })
        });
        let after: Vec<Arc<Reservation>> = after.collect();
        judge(&world, exchanges, &after)?;
        let fact = Fact::Rearranged { changes, after };
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
    pub fn preview(&self, changes: Arc<[Change]>, origin: Origin) -> Result<NetChange, Vec<Fault>> {
        let (_, changed, _) = refresh::net(self, (changes, origin), &mut Lookup::default())?;
        Ok(changed)
    }
}

/// Judges promises that are to be as `after` says: what they take must be there. What has left has left, and whoever
/// takes beside it must find enough; planned supply that goes may have covered what the snapshot lacks by itself: nobody
/// counts on that.
pub(super) fn judge(
    world: &World,
    exchanges: &[Exchange],
    after: &[Arc<Reservation>],
) -> Result<(), Unfit> {
    let mut without = world.clone();
    let both = exchanges.iter().zip(after);
    both.filter(|(exchange, _)| leaves(exchange))
        .for_each(|(_, after)| without.put(Arc::clone(after)));
    let judged = || exchanges.iter().filter(|exchange| !leaves(exchange));
    let unfit = |refusal: Refusal| Unfit::Exceeds(refusal, part_of(&refusal, exchanges));
    let Err(refusal) = moves_of(world, judged()).judge(&without) else { return Ok(()) };
    let gone: Vec<Posting> = judged().flat_map(gone_with).collect();
    if gone.is_empty() || !matches!(refusal, Refusal::ExceedsAvailable { .. }) {
        return Err(unfit(refusal));
    }
    let mut but_for_it = moves_of(world, judged());
    but_for_it.add(&[], &gone);
    but_for_it.judge(&without).map_err(unfit)?;
    let mut with_it = world.clone();
    after.iter().for_each(|after| with_it.put(Arc::clone(after)));
    gone.iter().for_each(|posting| with_it.view.post(&world.snapshot, *posting));
    match is_counted_on(&with_it, &gone) {
        true => Err(unfit(refusal)),
        false => Ok(()),
    }
}

/// Whether a promise ships by it.
fn leaves(exchange: &Exchange) -> bool {
    let is_gone = |found: &Reservation| found.state == State::Fulfilled;
    is_gone(&exchange.after) && !exchange.before.as_deref().is_some_and(is_gone)
}

fn moves_of<'a>(world: &World, exchanges: impl Iterator<Item = &'a Exchange>) -> Moves {
    let mut moves = Moves::default();
    let uses = |of: &Reservation| consumption::of(&world.snapshot, of);
    for Exchange { before, after } in exchanges {
        let used = before.as_deref().map(uses).unwrap_or_default();
        moves.add(&used, &uses(after));
        let before = before.as_ref().map_or(&[][..], |before| &before.postings);
        moves.add(before, &after.postings);
    }
    moves
}

/// What a promise's planned supply gives before and not after.
fn gone_with(exchange: &Exchange) -> Vec<Posting> {
    let gives = |found: &Reservation| -> Vec<Posting> {
        let given =
            found.postings.iter().filter(|one| one.planned != 0 && one.quantity.is_positive());
        given.map(|posting| Posting { planned: 0, ..*posting }).collect()
    };
    let mut gone = exchange.before.as_deref().map(gives).unwrap_or_default();
    for still in gives(&exchange.after) {
        if let Some(at) = gone.iter().position(|one| *one == still) {
            gone.swap_remove(at);
        }
    }
    gone
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
