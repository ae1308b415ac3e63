//! A step that many promises take together, all of them or none.
//!
//! Each takes it by the verb for one, on a copy of the ledger in which those before it have taken it; what
//! came of all is one entry.

use super::{
    act::{Act, is_met},
    terms::Commitment,
};
use crate::{
    engine::{Answer, Engine, Error, ManyOutcome, body, clock::SteadyTime, live::Live, renew},
    ledger::{
        Also, Entry, Fact, Footprint, Ledger, Refusal, Reservation, Shipment, Stamp, State, World,
        reservation::Step,
    },
    promising::meaning::optional_text,
};
use std::sync::Arc;

/// Which promises take a step together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// Those of these numbers.
    Numbers(Vec<u64>),
    /// Those of an order, or of a line of it, that can take the step.
    Order {
        /// The order.
        order: String,
        /// The line; all where none is named.
        line: Option<String>,
    },
}

/// What step they take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManyStep {
    /// Holds are confirmed.
    Confirm,
    /// They are given back.
    Cancel,
    /// They have shipped.
    Fulfil,
    /// Holds end later.
    Extend {
        /// Seconds from the moment it is committed; 1 to `limits::HOLD_SECONDS_MAX`.
        for_seconds: i64,
    },
}

/// Lets many promises take a step, all of them or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManyCommand {
    /// The caller's id of this command.
    pub request_id: String,
    /// Which promises.
    pub selection: Selection,
    /// Which step.
    pub step: ManyStep,
    /// The instant after which it must not be committed any more.
    pub deadline: Option<SteadyTime>,
}

impl ManyCommand {
    fn digest(&self) -> u128 {
        let mut digest = body::begin("many");
        match &self.selection {
            Selection::Numbers(numbers) => {
                numbers.iter().for_each(|number| digest.bytes(&number.to_le_bytes()));
            }
            Selection::Order { order, line } => {
                digest.text(order);
                optional_text(&mut digest, line.as_deref());
            }
        }
        let (verb, seconds) = match self.step {
            ManyStep::Confirm => ("confirm", 0),
            ManyStep::Cancel => ("cancel", 0),
            ManyStep::Fulfil => ("fulfil", 0),
            ManyStep::Extend { for_seconds } => ("extend", for_seconds),
        };
        digest.text(verb);
        digest.number(seconds);
        digest.value()
    }
}

impl Engine {
    /// Lets many promises take a step, all of them or none.
    pub fn many(&self, command: ManyCommand) -> Answer<ManyOutcome> {
        if let ManyStep::Extend { for_seconds } = command.step
            && let Err(error) = (Commitment::Hold { for_seconds }).check()
        {
            return Answer::ready(Err(error));
        }
        self.ask(self.ticket(&command.request_id, command.digest(), command.deadline), command)
    }

    /// Lets many promises take a step in a scenario, all of them or none.
    pub fn many_in(&self, id: &str, command: ManyCommand) -> Answer<ManyOutcome> {
        self.act_in(id, &command)
    }
}

impl Act for ManyCommand {
    type Outcome = ManyOutcome;

    fn act(&self, ledger: &mut Ledger, stamp: Stamp) -> Result<Entry, Error> {
        step(ledger, self, stamp)
    }

    fn told(entry: &Arc<Entry>, world: Arc<World>) -> ManyOutcome {
        ManyOutcome { reservations: told(entry).to_vec(), position: entry.position, world }
    }

    fn n_lines(&self) -> usize {
        match &self.selection {
            Selection::Numbers(numbers) => numbers.len(),
            Selection::Order { .. } => 1,
        }
    }

    fn meets(&self, print: &Footprint, world: &World) -> bool {
        let numbers = self.selection.numbers(world, self.step.step());
        numbers.is_ok_and(|numbers| numbers.into_iter().any(|one| is_met(one, print, world)))
    }

    fn is_long(&self, live: &Live) -> bool {
        !live.is_small(self.selection.n_at_most(live.world()))
    }
}

impl ManyStep {
    fn step(self) -> Step {
        match self {
            Self::Confirm => Step::Confirm,
            Self::Cancel => Step::Cancel,
            Self::Fulfil => Step::Fulfil,
            Self::Extend { .. } => Step::Extend,
        }
    }
}

/// Commits the step.
///
/// # Errors
/// Why the first of them that cannot take it cannot.
fn step(ledger: &mut Ledger, many: &ManyCommand, stamp: Stamp) -> Result<Entry, Error> {
    let step = many.step.step();
    let numbers = many.selection.numbers(ledger.world(), step)?;
    let mut copy = Ledger::aside(ledger.world().clone());
    let (mut told, mut steps) = (Vec::new(), Vec::new());
    for number in numbers {
        let entry = one(&mut copy, number, many.step, &stamp)?;
        told.extend(of_whom(&entry));
        steps.extend(entry.steps().map(|(step, after)| (step, Arc::clone(after))));
    }
    let position = ledger.world().position;
    let after = |number: &u64| {
        let found = copy.world().reservation(*number);
        Arc::clone(found.expect("it took the step on the copy"))
    };
    let also = also(&steps, &told, copy.world());
    let after = told.iter().map(after).collect();
    let entry = ledger.together(step, after, also).commit(stamp);
    assert_eq!(entry.position, position + 1, "all of it is one entry");
    Ok(entry)
}

/// One promise takes it.
fn one(ledger: &mut Ledger, number: u64, step: ManyStep, stamp: &Stamp) -> Result<Entry, Error> {
    let stamp = Stamp::at(stamp.at);
    let admitted = match step {
        ManyStep::Confirm => {
            let state = ledger.world().reservation(number).map(|found| found.state);
            if state == Some(State::Expired) {
                return renew::confirm(ledger, (number, None), stamp);
            }
            ledger.confirm(number, None)
        }
        ManyStep::Cancel => ledger.cancel(number, None),
        ManyStep::Fulfil => ledger.fulfil(number, Shipment { quantity: None, at: stamp.at }),
        ManyStep::Extend { for_seconds } => {
            ledger.extend(number, stamp.at + for_seconds * 1_000_000)
        }
    };
    Ok(admitted.map_err(Error::Refused)?.commit(stamp))
}

/// The promises that an entry of one step is told of: what it made, or what took the step.
fn of_whom(entry: &Entry) -> Vec<u64> {
    entry.fact.reservations().map(|found| found.number).collect()
}

/// What else changed: each promise once, as it is in the end, with the first step that it took.
fn also(steps: &[(Option<Step>, Arc<Reservation>)], told: &[u64], world: &World) -> Vec<Also> {
    let mut also: Vec<Also> = Vec::new();
    for (step, after) in steps.iter().filter(|(_, after)| !told.contains(&after.number)) {
        let known = also.iter_mut().find(|known| known.after.number == after.number);
        let now = world.reservation(after.number).expect("it changed on the copy");
        match known {
            Some(known) => known.step = known.step.or(*step),
            None => also.push(Also { step: *step, after: Arc::clone(now) }),
        }
    }
    also
}

impl Selection {
    /// How many promises it is of at most.
    fn n_at_most(&self, world: &World) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Order { order, .. } => world.reservations_of(order).count(),
        }
    }

    /// The promises, in order of number.
    ///
    /// # Errors
    /// It names an order of which there are none that can take the step.
    fn numbers(&self, world: &World, step: Step) -> Result<Vec<u64>, Error> {
        let (order, line) = match self {
            Self::Numbers(numbers) => {
                let mut numbers = numbers.clone();
                numbers.sort_unstable();
                numbers.dedup();
                return Ok(numbers);
            }
            Self::Order { order, line } => (order, line),
        };
        let is_of = |found: &&Arc<Reservation>| {
            line.as_ref().is_none_or(|line| **line == *found.facts.line)
        };
        let of_order: Vec<_> = world.reservations_of(order).filter(is_of).collect();
        let can = |found: &&&Arc<Reservation>| is_meant(found, step, &of_order);
        let numbers: Vec<u64> = of_order.iter().filter(can).map(|found| found.number).collect();
        match (numbers.is_empty(), of_order.last()) {
            (false, _) => Ok(numbers),
            (true, Some(found)) => {
                let (number, state) = (found.number, found.state);
                Err(Error::Refused(Refusal::StateForbids { number, state, step }))
            }
            (true, None) => {
                let (order, line) = (order.clone(), line.clone().unwrap_or_default());
                Err(Error::NoPromise { order, line })
            }
        }
    }
}

/// Whether a promise of an order is meant by a step of the whole: it can take it; or it is a hold that has
/// ended, is to be confirmed, and nothing has been promised for its line since.
fn is_meant(found: &Reservation, step: Step, of_order: &[&Arc<Reservation>]) -> bool {
    if step == Step::Confirm && found.state == State::Expired {
        let is_newer = |other: &&Arc<Reservation>| {
            other.facts.line == found.facts.line
                && found.number < other.number
                && (other.state == State::Expired || other.is_live())
        };
        return !of_order.iter().any(is_newer) && !is_live_line(found, of_order);
    }
    found.state.allows(step)
}

fn is_live_line(found: &Reservation, of_order: &[&Arc<Reservation>]) -> bool {
    let same = |other: &&&Arc<Reservation>| other.facts.line == found.facts.line;
    of_order.iter().filter(same).any(|other| other.is_live() || other.state == State::Fulfilled)
}

/// The fact of an entry of many, as its caller is told of it.
fn told(entry: &Entry) -> &[Arc<Reservation>] {
    let Fact::Stepped { after, .. } = &entry.fact else {
        unreachable!("many promises make an entry of its own kind");
    };
    after
}
