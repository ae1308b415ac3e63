//! Fulfil: a promise, or a part of it, has shipped.

use super::act::{Act, is_met};
use crate::{
    engine::{
        Answer, ChangeOutcome, Engine, Error, body, clock::SteadyTime, outcome::PendingChange,
    },
    ledger::{Entry, Footprint, Ledger, Reservation, Shipment, Stamp, State, World},
    model::Quantity,
    promising::meaning::optional_number,
};
use jiff::Timestamp;
use std::sync::Arc;

/// Which promise is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// The one of this number.
    Number(u64),
    /// The first one of this order and line that is confirmed.
    Line {
        /// The order's key.
        order: String,
        /// The line's key within it.
        line: String,
    },
}

/// Says that a confirmed promise, or a part of it, has shipped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FulfilCommand {
    /// The caller's id of this command.
    pub request_id: String,
    /// Which promise.
    pub which: Which,
    /// How much of it; all that is left where not given.
    pub quantity: Option<Quantity>,
    /// When; now where not given.
    pub shipped_at: Option<Timestamp>,
    /// The instant after which it must not be committed any more.
    pub deadline: Option<SteadyTime>,
}

impl FulfilCommand {
    fn digest(&self) -> u128 {
        let Self { which, quantity, shipped_at, .. } = self;
        let mut digest = match which {
            Which::Number(number) => {
                let mut digest = body::begin("fulfil");
                digest.bytes(&number.to_le_bytes());
                digest
            }
            Which::Line { order, line } => {
                let mut digest = body::begin("fulfil line");
                digest.text(order);
                digest.text(line);
                digest
            }
        };
        optional_number(&mut digest, quantity.map(Quantity::raw));
        if let Some(at) = shipped_at {
            digest.number(at.as_microsecond());
        }
        digest.value()
    }

    /// As entries of the first version know it.
    fn first_digest(&self) -> Option<u128> {
        match self.which {
            Which::Number(number) => Some(body::part("fulfil", number, None)),
            Which::Line { .. } => None,
        }
    }
}

impl Engine {
    /// Says that a confirmed promise, or a part of it, has shipped.
    pub fn fulfil(&self, command: FulfilCommand) -> Answer<ChangeOutcome> {
        let mut ticket = self.ticket(&command.request_id, command.digest(), command.deadline);
        ticket.older = self.has_older.then(|| command.first_digest()).flatten();
        self.ask(ticket, command)
    }

    /// Says in a scenario that a confirmed promise, or a part of it, has shipped.
    pub fn fulfil_in(&self, id: &str, command: &FulfilCommand) -> Answer<ChangeOutcome> {
        self.act_in(id, command)
    }
}

impl Act for FulfilCommand {
    type Outcome = ChangeOutcome;

    fn act(&self, ledger: &mut Ledger, stamp: Stamp) -> Result<Entry, Error> {
        let at = self.shipped_at.map_or(stamp.at, Timestamp::as_microsecond);
        let shipment = Shipment { quantity: self.quantity, at };
        let number = confirmed(ledger.world(), &self.which)?;
        Ok(ledger.fulfil(number, shipment).map_err(Error::Refused)?.commit(stamp))
    }

    fn told(entry: &Arc<Entry>, world: Arc<World>) -> ChangeOutcome {
        PendingChange::kept(None, entry).with(world)
    }

    fn meets(&self, print: &Footprint, world: &World) -> bool {
        confirmed(world, &self.which).is_ok_and(|number| is_met(number, print, world))
    }
}

/// The number of the promise that is meant to have shipped.
fn confirmed(world: &World, which: &Which) -> Result<u64, Error> {
    let (order, line) = match which {
        Which::Number(number) => return Ok(*number),
        Which::Line { order, line } => (order, line),
    };
    let all = || world.promises_of(order, line);
    let is_confirmed = |found: &&Arc<Reservation>| found.state == State::Confirmed;
    // One that is not confirmed is refused by its state.
    let found = all().find(is_confirmed).or_else(|| all().last());
    let none = || Error::NoPromise { order: order.clone(), line: line.clone() };
    found.map(|found| found.number).ok_or_else(none)
}
