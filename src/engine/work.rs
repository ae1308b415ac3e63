//! What waits for the writer, and what becomes of it before it is durable.

use super::{
    activate::{ActivateWork, Swapped},
    caller::Caller,
    clock::SteadyTime,
    command::{Commitment, Completeness, PlannedOn, Turn, Which},
    error::Error,
    many::{self, Many},
    outcome::{ChangeOutcome, ManyOutcome, NetOutcome, PromiseOutcome},
    planned::CallerPlan,
    standing::Stand,
    traced::Traced,
};
use crate::{
    change::Change,
    ledger::{
        Acknowledgement, Entry, Exchange, Fact, Made, Note, RequestStamp, Reservation, Undone,
        World, reservation::Force,
    },
    model::Quantity,
    promising::{answer::Promise, patience::Patience},
};
use std::sync::Arc;

/// What every command brings: who it is, and until when it may be done.
#[derive(Clone, Debug)]
pub(super) struct Ticket {
    /// The caller's id and the digest of the body; none where there is no id.
    pub(super) request: Option<RequestStamp>,
    /// The principal that sent it, where that is known.
    pub(super) by: Option<Arc<str>>,
    /// The digest by which entries of the first version know the body, where it is another one and there
    /// may be such.
    pub(super) older: Option<u128>,
    /// On the steady clock.
    pub(super) deadline: Option<SteadyTime>,
    /// For as long as the caller waits.
    pub(super) patience: Patience,
}

impl Ticket {
    pub(super) fn new(request_id: &str, digest: u128, deadline: Option<SteadyTime>) -> Self {
        let stamp = || RequestStamp { id: request_id.into(), digest };
        let request = (!request_id.is_empty()).then(stamp);
        Self { request, by: None, older: None, deadline, patience: Patience::endless() }
    }
}

/// Who waits for a promise.
pub(super) type PromiseCaller = Caller<PromiseOutcome>;

/// Who waits for a change.
pub(super) type ChangeCaller = Caller<ChangeOutcome>;

/// Who waits for the first answer of a request.
#[derive(Debug)]
pub(super) enum Recaller {
    Promise(PromiseCaller),
    Change(ChangeCaller),
}

/// Who waits for a rearrangement: he is told its position.
pub(super) type RearrangeCaller = Caller<u64>;

/// Who waits for the entry that a command made, if it was done before.
pub(super) type FindCaller = Caller<Option<Arc<Entry>>>;

/// Who waits for an acknowledgement: the world that has it.
pub(super) type SeenCaller = Caller<Arc<World>>;

/// Who waits for a step of many promises.
pub(super) type ManyCaller = Caller<ManyOutcome>;

/// A scenario or a backlog run to become live.
#[derive(Debug)]
pub(super) struct RearrangeWork {
    pub(super) ticket: Ticket,
    pub(super) changes: Vec<Arc<[Change]>>,
    pub(super) exchanges: Vec<Exchange>,
    pub(super) planned_on: Option<PlannedOn>,
    pub(super) told: Option<Arc<[u8]>>,
    pub(super) undoes: Option<Undone>,
}

/// Who waits for a change of planning data: he is told its entry.
pub(super) type NetCaller = Caller<NetOutcome>;

/// A source's changes of planning data.
#[derive(Debug)]
pub(super) struct NetWork {
    pub(super) ticket: Ticket,
    pub(super) changes: Arc<[Change]>,
    pub(super) source: Option<Arc<str>>,
    pub(super) known_at: Option<i64>,
    pub(super) position: Option<Arc<str>>,
    pub(super) after: Option<Arc<str>>,
}

/// Lines to be promised.
#[derive(Debug)]
pub(super) struct PromiseWork {
    pub(super) ticket: Ticket,
    pub(super) planned: CallerPlan,
    pub(super) terms: PromiseTerms,
}

/// On which terms lines are promised.
#[derive(Debug)]
pub(super) struct PromiseTerms {
    pub(super) commitment: Commitment,
    pub(super) completeness: Completeness,
    pub(super) force: Option<Force>,
    pub(super) turn: Turn,
}

/// A line to take the place of what was promised.
#[derive(Debug)]
pub(super) struct AmendWork {
    pub(super) ticket: Ticket,
    pub(super) number: u64,
    pub(super) planned: CallerPlan,
    pub(super) force: Option<Force>,
}

/// A step that needs no planning.
#[derive(Clone, Debug)]
pub(super) enum Verb {
    Confirm { number: u64, part: Option<Quantity> },
    Cancel { number: u64, part: Option<Quantity> },
    Fulfil { which: Which, quantity: Option<Quantity>, at: Option<i64> },
    Reopen { number: u64 },
}

/// Everything that the writer can be asked to do.
#[derive(Debug)]
pub(super) enum Work {
    Promise(Box<PromiseWork>, PromiseCaller),
    Amend(Box<AmendWork>, ChangeCaller),
    Change(Ticket, Verb, ChangeCaller),
    /// A request that does not resolve any more. It gets its first answer if it was done before, when the
    /// snapshot still had its names; else the faults.
    Recall(Ticket, Error, Recaller),
    /// Lets another snapshot serve.
    Activate(Box<ActivateWork>, Caller<Swapped>),
    Rearrange(Box<RearrangeWork>, RearrangeCaller),
    /// A step of many promises.
    Many(Ticket, Box<Many>, ManyCaller),
    /// What a command did, if it was done before.
    Find(Ticket, FindCaller),
    /// What a command of which nothing came is answered.
    Remember(Ticket, Arc<[u8]>, FindCaller),
    /// Somebody has seen an exception.
    Acknowledge(Ticket, Box<Acknowledgement>, SeenCaller),
    /// What came about by itself, if it is still so in a world no younger than this position.
    Note(Vec<Note>, Caller<u64>),
    /// Changes planning data below the promises.
    Net(Box<NetWork>, NetCaller),
    /// Ends the holds that are due, and answers with the position after it.
    Tick(Caller<u64>),
    /// What this node of a cluster is to do from now on; answers with the position after it.
    Stand(Stand, Caller<u64>),
    /// Ends the thread after this batch.
    Stop,
}

impl Work {
    /// Whether only the node that leads can do it.
    pub(super) fn is_for_leader(&self) -> bool {
        !matches!(self, Self::Tick(_) | Self::Stand(..) | Self::Stop)
    }

    /// Whether others wait for its plan.
    pub(super) fn is_fenced(&self) -> bool {
        match self {
            Self::Promise(work, _) => work.planned.is_fenced,
            Self::Amend(work, _) => work.planned.is_fenced,
            Self::Change(..)
            | Self::Recall(..)
            | Self::Activate(..)
            | Self::Rearrange(..)
            | Self::Many(..)
            | Self::Find(..)
            | Self::Remember(..)
            | Self::Acknowledge(..)
            | Self::Note(..)
            | Self::Net(..)
            | Self::Tick(_)
            | Self::Stand(..)
            | Self::Stop => false,
        }
    }

    /// The lines, or changes, that it is about.
    pub(super) fn n_lines(&self) -> usize {
        match self {
            Self::Promise(work, _) => work.planned.n_lines(),
            Self::Net(work, _) => work.changes.len(),
            Self::Rearrange(work, _) => work.exchanges.len(),
            Self::Many(_, work, _) => work.n_lines(),
            Self::Amend(..)
            | Self::Change(..)
            | Self::Recall(..)
            | Self::Activate(..)
            | Self::Find(..)
            | Self::Remember(..)
            | Self::Acknowledge(..)
            | Self::Note(..)
            | Self::Tick(_)
            | Self::Stand(..)
            | Self::Stop => 1,
        }
    }

    /// The trace of its call, if it has one.
    pub(super) fn trace(&self) -> Option<&Arc<Traced>> {
        match self {
            Self::Promise(_, caller) | Self::Recall(_, _, Recaller::Promise(caller)) => {
                caller.trace()
            }
            Self::Amend(_, caller)
            | Self::Change(_, _, caller)
            | Self::Recall(_, _, Recaller::Change(caller)) => caller.trace(),
            Self::Activate(_, caller) => caller.trace(),
            Self::Many(_, _, caller) => caller.trace(),
            Self::Find(_, caller) | Self::Remember(_, _, caller) => caller.trace(),
            Self::Net(_, caller) => caller.trace(),
            Self::Acknowledge(_, _, caller) => caller.trace(),
            Self::Rearrange(_, caller)
            | Self::Note(_, caller)
            | Self::Tick(caller)
            | Self::Stand(_, caller) => caller.trace(),
            Self::Stop => None,
        }
    }

    /// Answers that it was not done.
    pub(super) fn refuse(self, error: Error) {
        match self {
            Self::Promise(_, caller) => drop(caller.send(Err(error))),
            Self::Amend(_, caller) | Self::Change(_, _, caller) => drop(caller.send(Err(error))),
            Self::Recall(_, _, Recaller::Promise(caller)) => drop(caller.send(Err(error))),
            Self::Recall(_, _, Recaller::Change(caller)) => drop(caller.send(Err(error))),
            Self::Activate(_, caller) => drop(caller.send(Err(error))),
            Self::Rearrange(_, caller) => drop(caller.send(Err(error))),
            Self::Many(_, _, caller) => drop(caller.send(Err(error))),
            Self::Find(_, caller) | Self::Remember(_, _, caller) => drop(caller.send(Err(error))),
            Self::Net(_, caller) => drop(caller.send(Err(error))),
            Self::Acknowledge(_, _, caller) => drop(caller.send(Err(error))),
            Self::Note(_, caller) => drop(caller.send(Err(error))),
            Self::Tick(caller) | Self::Stand(_, caller) => drop(caller.send(Err(error))),
            Self::Stop => (),
        }
    }
}

/// A promise that was made and is not yet durable.
#[derive(Debug)]
pub(super) struct PendingPromise {
    pub(super) promise: Promise,
    pub(super) made: Vec<Made>,
    pub(super) position: u64,
}

impl PendingPromise {
    /// A promise of which nothing was kept.
    pub(super) fn nothing(promise: Promise, made: Vec<Made>, position: u64) -> Self {
        Self { promise, made, position }
    }

    /// What an entry says of the promise that it keeps.
    pub(super) fn kept(promise: Promise, entry: &Entry) -> Self {
        let Fact::Promised { lines } = &entry.fact else {
            unreachable!("a promise makes an entry of its own kind");
        };
        Self { promise, made: lines.clone(), position: entry.position }
    }

    pub(super) fn with(self, world: Arc<World>) -> PromiseOutcome {
        let Self { promise, made, position } = self;
        let reservations = made.iter().map(|made| made.promise().cloned()).collect();
        PromiseOutcome { promise, reservations, made, position, world }
    }
}

/// A change that was made and is not yet durable.
#[derive(Debug)]
pub(super) struct PendingChange {
    pub(super) reservation: Arc<Reservation>,
    pub(super) rest: Option<Arc<Reservation>>,
    pub(super) promise: Option<Promise>,
    pub(super) changed: bool,
    pub(super) position: u64,
}

impl PendingChange {
    /// A change that was not made: the old promise stands.
    pub(super) fn nothing(reservation: Arc<Reservation>, promise: Promise, position: u64) -> Self {
        Self { reservation, rest: None, promise: Some(promise), changed: false, position }
    }

    /// What an entry says of the change that it keeps.
    pub(super) fn kept(promise: Option<Promise>, entry: &Entry) -> Self {
        let (reservation, rest) = match &entry.fact {
            Fact::Confirmed { kept, rest } | Fact::Fulfilled { after: kept, rest } => {
                (kept, rest.clone())
            }
            Fact::Stepped { after, .. } if after.len() == 1 => (&after[0], None),
            Fact::Promised { lines } => {
                let renewed = lines.iter().find_map(Made::reservation);
                (renewed.expect("a hold that had ended was promised anew"), None)
            }
            Fact::PartlyReleased { after }
            | Fact::Released { after }
            | Fact::Amended { after }
            | Fact::Unchanged { stands: after }
            | Fact::Expired { after } => (after, None),
            Fact::Activated(_)
            | Fact::Rearranged { .. }
            | Fact::Changed(_)
            | Fact::Leapt(_)
            | Fact::Stepped { .. }
            | Fact::Answered
            | Fact::Reverted { .. }
            | Fact::Noted { .. }
            | Fact::Acknowledged(_)
            | Fact::Ruled { .. }
            | Fact::Forgotten { .. } => {
                unreachable!("a change makes an entry of its own kind")
            }
        };
        let changed = !matches!(entry.fact, Fact::Unchanged { .. });
        let (reservation, position) = (Arc::clone(reservation), entry.position);
        Self { reservation, rest, promise, changed, position }
    }

    pub(super) fn with(self, world: Arc<World>) -> ChangeOutcome {
        let Self { reservation, rest, promise, changed, position } = self;
        ChangeOutcome { reservation, rest, promise, changed, position, world }
    }
}

/// A step of many promises that was made and is not yet durable.
#[derive(Debug)]
pub(super) struct PendingStep {
    reservations: Vec<Arc<Reservation>>,
    position: u64,
}

impl PendingStep {
    /// What an entry says of the step that it keeps.
    pub(super) fn kept(entry: &Entry) -> Self {
        Self { reservations: many::told(entry).to_vec(), position: entry.position }
    }

    pub(super) fn with(self, world: Arc<World>) -> ManyOutcome {
        let Self { reservations, position } = self;
        ManyOutcome { reservations, position, world }
    }
}

/// What an entry says of changes of planning data, and its position.
pub(super) type Netted = (Arc<crate::ledger::refresh::NetChange>, u64);
