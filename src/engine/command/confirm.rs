//! Confirm: a hold, or a part of it, becomes a promise for good.

use super::act::{Act, is_met};
use crate::{
    engine::{
        Answer, ChangeOutcome, Engine, Error, body, clock::SteadyTime, outcome::PendingChange,
        renew,
    },
    ledger::{Entry, Footprint, Ledger, Stamp, State, World},
    model::Quantity,
};
use std::sync::Arc;

/// Confirms a held promise, or a part of it. The rest stays held, under a number of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfirmCommand {
    /// The caller's id of this command.
    pub request_id: String,
    /// Which promise.
    pub number: u64,
    /// How much of it; all where not given.
    pub quantity: Option<Quantity>,
    /// The moment after which it must not be committed any more.
    pub deadline: Option<SteadyTime>,
}

impl ConfirmCommand {
    fn digest(&self) -> u128 {
        body::part("confirm", self.number, self.quantity)
    }
}

impl Engine {
    /// Confirms a held promise or a part of it.
    pub fn confirm(&self, command: ConfirmCommand) -> Answer<ChangeOutcome> {
        self.ask(self.ticket(&command.request_id, command.digest(), command.deadline), command)
    }

    /// Confirms a held promise in a scenario; as on live, one that has ended is promised anew if it still fits.
    pub fn confirm_in(&self, id: &str, command: ConfirmCommand) -> Answer<ChangeOutcome> {
        self.act_in(id, &command)
    }
}

impl Act for ConfirmCommand {
    type Outcome = ChangeOutcome;

    fn act(&self, ledger: &mut Ledger, stamp: Stamp) -> Result<Entry, Error> {
        let (number, part) = (self.number, self.quantity);
        match ledger.world().reservation(number) {
            Some(found) if found.state == State::Expired => {
                renew::confirm(ledger, (number, part), stamp)
            }
            Some(_) | None => {
                Ok(ledger.confirm(number, part).map_err(Error::Refused)?.commit(stamp))
            }
        }
    }

    fn told(entry: &Arc<Entry>, world: Arc<World>) -> ChangeOutcome {
        PendingChange::kept(None, entry).with(world)
    }

    fn meets(&self, print: &Footprint, world: &World) -> bool {
        is_met(self.number, print, world)
    }
}
