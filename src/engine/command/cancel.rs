//! Cancel: a promise, or a part of it, is given back.

use super::act::{Act, is_met};
use crate::{
    engine::{
        Answer, ChangeOutcome, Engine, Error, body, clock::SteadyTime, outcome::PendingChange,
    },
    ledger::{Entry, Footprint, Ledger, Stamp, World},
    model::Quantity,
};
use std::sync::Arc;

/// Cancels a promise, or a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancelCommand {
    /// The caller's id of this command.
    pub request_id: String,
    /// Which promise.
    pub number: u64,
    /// How much of it; all where not given.
    pub quantity: Option<Quantity>,
    /// The moment after which it must not be committed any more.
    pub deadline: Option<SteadyTime>,
}

impl CancelCommand {
    fn digest(&self) -> u128 {
        body::part("cancel", self.number, self.quantity)
    }
}

impl Engine {
    /// Cancels a promise or a part of it.
    pub fn cancel(&self, command: CancelCommand) -> Answer<ChangeOutcome> {
        self.ask(self.ticket(&command.request_id, command.digest(), command.deadline), command)
    }

    /// Gives a promise back in a scenario.
    pub fn cancel_in(&self, id: &str, command: CancelCommand) -> Answer<ChangeOutcome> {
        self.act_in(id, &command)
    }
}

impl Act for CancelCommand {
    type Outcome = ChangeOutcome;

    fn act(&self, ledger: &mut Ledger, stamp: Stamp) -> Result<Entry, Error> {
        let cancelled = ledger.cancel(self.number, self.quantity);
        Ok(cancelled.map_err(Error::Refused)?.commit(stamp))
    }

    fn told(entry: &Arc<Entry>, world: Arc<World>) -> ChangeOutcome {
        PendingChange::kept(None, entry).with(world)
    }

    fn meets(&self, print: &Footprint, world: &World) -> bool {
        is_met(self.number, print, world)
    }
}
