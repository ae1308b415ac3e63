//! How an amended line would fare, asked and not done.

use super::{
    command::AmendCommand,
    error::Error,
    outcome::ChangeOutcome,
    planned::{CallerPlan, Unplanned},
};
use crate::{
    ledger::{Refusal, World, reservation::Step},
    promising::{
        patience::{Patience, give_up},
        request::{OrderLine, Remedies, Repeat, Request},
    },
};
use jiff::Timestamp;
use std::sync::Arc;

/// How an amended line would fare in a world; nothing is changed. Only within [`heard_out`](crate::promising::patience::heard_out).
///
/// # Errors
/// There is no such promise, it cannot be amended any more, or the line has faults.
pub fn amended_to(
    world: &Arc<World>,
    (command, today): (AmendCommand, Option<Timestamp>),
    patience: &Patience,
) -> Result<ChangeOutcome, Error> {
    let AmendCommand { number, line, objective, .. } = command;
    let refused = Error::Refused;
    let before = world.reservation(number).ok_or(refused(Refusal::DoesNotExist { number }))?;
    let (state, step) = (before.state, Step::Amend);
    if !state.allows(step) {
        return Err(refused(Refusal::StateForbids { number, state, step }));
    }
    // It names the promise that it is about: others of the line stay.
    let lines = vec![OrderLine { repeat: Some(Repeat::Add), ..line }];
    let request =
        Request { lines, objective, alternatives: 0, remedies: Remedies::None, now: None };
    let request = request.dated(today);
    let planned = match CallerPlan::within(request, &world.without(number), patience) {
        Ok(planned) => planned,
        Err(Unplanned::Invalid(error)) => return Err(error),
        Err(Unplanned::GivenUp(_)) => give_up(),
    };
    planned.check_order(&before.facts)?;
    Ok(ChangeOutcome {
        reservation: Arc::clone(before),
        rest: None,
        promise: Some(planned.promise),
        changed: false,
        position: world.position,
        world: Arc::clone(world),
    })
}
