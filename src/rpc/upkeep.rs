//! The history of a promise and the engine's self-check, as messages.

use super::{encode, proto, reservation, text::Words};
use crate::{
    engine::selfcheck::{SelfCheck, WrongBalance},
    ledger::{Mover, Note, Past, Reservation, World, reservation::Step},
    snapshot::ItemIx,
};

/// A promise with what it has been through.
pub(super) fn with_history(
    words: Words<'_>,
    world: &World,
    kept: &Reservation,
) -> proto::Reservation {
    let step = |past: &Past| step(words, kept.facts.item, past);
    let history = world.history(kept).iter().map(step).collect();
    proto::Reservation { history, ..reservation::told(words, world, kept) }
}

fn step(words: Words<'_>, item: ItemIx, past: &Past) -> proto::PastStep {
    use proto::past_step::Step as Wire;
    let step = match past.step {
        None => Wire::Promised,
        Some(Step::Confirm) => Wire::Confirmed,
        Some(Step::Cancel) => Wire::Cancelled,
        Some(Step::Amend) => Wire::Amended,
        Some(Step::Fulfil) => Wire::Fulfilled,
        Some(Step::Expire) => Wire::Expired,
        Some(Step::Extend) => Wire::Extended,
        Some(Step::Reopen) => Wire::Reopened,
        Some(Step::Revert) => Wire::Reverted,
    };
    proto::PastStep {
        step: step.into(),
        at: Some(reservation::instant(past.at)),
        sequence: past.position,
        state: reservation::state(past.state).into(),
        quantity: encode::quantity(words.quantity(item, past.quantity)),
        ship_date: past.ship.map(|date| date.to_string()).unwrap_or_default(),
        by: match past.step {
            Some(Step::Expire) => String::new(),
            _ => reservation::name_of(past.by.as_deref()),
        },
        mover: past.mover.map_or("", Mover::word).to_string(),
    }
}

/// Balances that are wrong, as notes for those who follow: the first of them.
pub(super) fn diverged(found: &proto::SelfCheckResponse) -> Vec<Note> {
    const TOLD_MAX: usize = 20;
    let note = |one: &proto::self_check_response::Divergence| Note::Diverged {
        account: one.account.as_str().into(),
        why: format!(
            "on {}: the promises say {}, the balance {}",
            one.date, one.promised, one.running
        )
        .into(),
    };
    found.divergences.iter().take(TOLD_MAX).map(note).collect()
}

/// What a self-check of a world found.
pub(super) fn checked(world: &World, found: SelfCheck) -> proto::SelfCheckResponse {
    let divergence = |found: WrongBalance| proto::self_check_response::Divergence {
        account: found.account,
        date: found.date.to_string(),
        promised: encode::quantity(found.promised),
        running: encode::quantity(found.running),
    };
    proto::SelfCheckResponse {
        promises: found.n_promises,
        accounts: found.n_accounts,
        divergences: found.divergences.into_iter().map(divergence).collect(),
        overcommitted: found.overcommitted,
        idle: found.idle,
        version: Some(encode::version(world, world.position)),
    }
}
