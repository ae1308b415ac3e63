//! What becomes of plans on the live ledger.
//!
//! A plan that still fits is taken as it is, however old it is. One that lost a race is planned again by the writer,
//! on the live ledger, where nothing can come between the plan and its admission; but only as far as some needs go.
//! One that takes more is planned again beside the writer (`aside.rs`), and who wants the same waits for it (`fence.rs`):
//! no hot item can starve it, and nobody else waits for it.

use super::{
    error::Error,
    planned::{CallerPlan, Unmade},
    told::answer,
};
use crate::{
    ledger::{Admitted, Entry, Refusal, Stamp, World, reservation::Force},
    limits::RACES_MAX,
    promising::{answer::Promise, patience::Patience},
};
use std::sync::Arc;

/// Where a plan that lost its race is made again.
pub(super) enum Replanned {
    /// It was, by the writer.
    Here,
    /// It will be, beside it.
    Aside,
}

/// Makes a plan that lost its race again here, if that takes no more patience than there is.
pub(super) fn make_again(
    planned: &mut CallerPlan,
    (world, force): (&World, Option<&Force>),
    patience: &Patience,
) -> Result<Replanned, Error> {
    metrics::counter!("promised_replans_total").increment(1);
    let why = planned.lost_to(world);
    let lost = |made_again: &'static str| {
        let labels = [("why", why), ("made_again", made_again)];
        metrics::counter!("promised_races_lost_total", &labels).increment(1);
    };
    if !planned.is_long {
        match planned.again(world, force, patience) {
            Ok(()) => {
                lost("by the writer");
                return Ok(Replanned::Here);
            }
            Err(Unmade::Invalid(error)) => return Err(error),
            Err(Unmade::GivenUp) => planned.is_long = true,
        }
    }
    lost("beside");
    if planned.races < RACES_MAX { Ok(Replanned::Aside) } else { Err(Error::Busy) }
}

/// Whether a plan cannot be taken as it is: the snapshot is another one by now, a line was promised
/// meanwhile, or it is late and its caller overrides that.
pub(super) fn is_unfit((world, planned): (&World, &CallerPlan), force: Option<&Force>) -> bool {
    let is_overridden = force.is_none() || !planned.overridden.is_empty();
    !planned.is_of(world) || !(is_overridden || planned.is_on_time())
}

/// Whether to plan again, on the live ledger: somebody was faster, or the plan is unfit.
pub(super) fn is_lost(
    plan: (&World, &CallerPlan),
    force: Option<&Force>,
    entry: &Result<Arc<Entry>, Refusal>,
) -> bool {
    match entry {
        Ok(_) => false,
        Err(Refusal::ExceedsAvailable { .. }) => true,
        Err(Refusal::NothingToReserve) => is_unfit(plan, force),
        Err(
            Refusal::DoesNotExist { .. }
            | Refusal::StateForbids { .. }
            | Refusal::HoldEnded { .. }
            | Refusal::NotInLots { .. }
            | Refusal::QuantityOutOfRange { .. }
            | Refusal::OutsideHorizon { .. }
            | Refusal::BalanceOutOfRange { .. },
        ) => false,
    }
}

/// Commits with what the caller is told, where he may ask again.
pub(super) fn committed(admitted: Admitted<'_>, promise: &Promise, stamp: &Stamp) -> Entry {
    let told = stamp.request.as_ref().map(|_| answer(promise, admitted.fact()));
    admitted.commit_told(stamp.clone(), told)
}
