//! Takes that an allocation rule bounds, judged once more when they are admitted (semantics 7).
//!
//! Under `protect` and `remaining` a plan announces each take before it; what the class sees of the live world by then
//! decides: a stale plan is refused.

use super::{overlay::Overlay, refusal::Refusal, uses::Use, world::World};
use crate::{
    allocation,
    model::{Posting, Quantity},
};

/// Judges the takes that postings announce, each against the world with the postings before it.
pub(super) fn judge(world: &World, postings: &[Posting]) -> Result<(), Refusal> {
    let snapshot = &*world.snapshot;
    let announced = |posting: &Posting| {
        let is_take = Use::of(posting.account).is_none() && posting.quantity < Quantity::ZERO;
        if is_take { allocation::announced(snapshot, posting.account) } else { None }
    };
    if snapshot.allocation.is_empty()
        || !postings.iter().any(|posting| announced(posting).is_some())
    {
        return Ok(());
    }
    // What a line gives back of the source's own demand of it, or of an earlier promise, was there when it was planned,
    // wherever it stands among the postings.
    let is_back = |posting: &&Posting| posting.planned == 0 && posting.quantity.is_positive();
    let mut overlay = Overlay::new(world);
    postings.iter().filter(is_back).for_each(|posting| overlay.post(*posting));
    for posting in postings.iter().filter(|posting| !is_back(posting)) {
        let Posting { day, quantity, .. } = *posting;
        if let Some((account, class)) = announced(posting) {
            let balance = allocation::seen(&overlay, account, class, day);
            if balance < -quantity {
                let account = posting.account;
                return Err(Refusal::ExceedsAvailable { account, day, balance, taken: -quantity });
            }
        }
        overlay.post(*posting);
    }
    Ok(())
}
