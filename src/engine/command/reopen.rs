//! Reopen: a shipment is taken back.

use super::act::{Act, is_met};
use crate::{
    engine::{
        Answer, ChangeOutcome, Engine, Error, body, clock::SteadyTime, outcome::PendingChange,
    },
    ledger::{Entry, Footprint, Ledger, Stamp, World},
};
use std::sync::Arc;

/// Takes a shipment back: the promise is confirmed again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReopenCommand {
    /// The caller's id of this command.
    pub request_id: String,
    /// Which promise.
    pub number: u64,
    /// The moment after which it must not be committed any more.
    pub deadline: Option<SteadyTime>,
}

impl ReopenCommand {
    fn digest(&self) -> u128 {
        body::part("reopen", self.number, None)
    }
}

impl Engine {
    /// Takes a shipment back.
    pub fn reopen(&self, command: ReopenCommand) -> Answer<ChangeOutcome> {
        self.ask(self.ticket(&command.request_id, command.digest(), command.deadline), command)
    }

    /// Takes a shipment back in a scenario.
    pub fn reopen_in(&self, id: &str, command: &ReopenCommand) -> Answer<ChangeOutcome> {
        self.act_in(id, command)
    }
}

impl Act for ReopenCommand {
    type Outcome = ChangeOutcome;

    fn act(&self, ledger: &mut Ledger, stamp: Stamp) -> Result<Entry, Error> {
        let reopened = ledger.reopen(self.number, stamp.at);
        Ok(reopened.map_err(Error::Refused)?.commit(stamp))
    }

    fn told(entry: &Arc<Entry>, world: Arc<World>) -> ChangeOutcome {
        PendingChange::kept(None, entry).with(world)
    }

    fn meets(&self, print: &Footprint, world: &World) -> bool {
        is_met(self.number, print, world)
    }
}
