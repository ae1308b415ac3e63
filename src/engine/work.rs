//! What waits for the writer, and what becomes of it before it is durable.

use super::{
    activate::{ActivateWork, Swapped},
    clock::{Moment, Stopwatch},
    command::{Commitment, Completeness, PlannedOn},
    draft,
    error::Error,
    force,
    outcome::{ChangeOutcome, NetOutcome, PromiseOutcome},
    planning,
};
use crate::{
    change::Change,
    ledger::{
        Admission, Entry, Exchange, Fact, Line, RequestStamp, Reservation, World,
        reservation::{Facts, Force},
    },
    limits::REPLANS_MAX,
    model::Quantity,
    promising::{
        answer::{Promise, Status},
        query::Query,
        request::Request,
    },
    snapshot::Snapshot,
};
use std::{sync::Arc, time::Duration};
use tokio::sync::oneshot::Sender;

/// What every command brings: who it is, and until when it may be done.
#[derive(Debug)]
pub(super) struct Ticket {
    /// The caller's id and the digest of the body; none where there is no id.
    pub(super) request: Option<RequestStamp>,
    /// On the steady clock.
    pub(super) deadline: Option<Moment>,
}

impl Ticket {
    pub(super) fn new(request_id: &str, digest: u128, deadline: Option<Moment>) -> Self {
        let stamp = || RequestStamp { id: request_id.into(), digest };
        let request = (!request_id.is_empty()).then(stamp);
        Self { request, deadline }
    }
}

/// A plan that was made on the caller's thread, and what it was made against.
#[derive(Debug)]
pub(super) struct Planned {
    request: Request,
    query: Query,
    snapshot: Arc<Snapshot>,
    pub(super) promise: Promise,
    /// The positions of the lines that an override put on the date asked for.
    pub(super) overridden: Vec<usize>,
    /// How long it took.
    pub(super) took: Duration,
    /// How many races it has lost, to be made again beside the writer.
    pub(super) races: u32,
}

impl Planned {
    /// Plans a request against a world.
    ///
    /// # Errors
    /// Every fault of the request.
    pub(super) fn new(request: Request, world: &World) -> Result<Self, Error> {
        let watch = Stopwatch::start();
        let query = request.resolve(&world.snapshot).map_err(Error::Invalid)?;
        let promise = planning::plan(world, &query);
        let (snapshot, overridden) = (Arc::clone(&world.snapshot), Vec::new());
        let took = watch.elapsed();
        Ok(Self { request, query, snapshot, promise, overridden, took, races: 0 })
    }

    /// Makes it again beside the writer. If it cannot be, the writer has to find out why.
    pub(super) fn race(
        &mut self,
        again: impl FnOnce(&mut Self) -> Result<(), Error>,
        watch: Stopwatch,
    ) {
        self.races = match again(self) {
            Ok(()) => self.races + 1,
            Err(_) => REPLANS_MAX,
        };
        self.took = watch.elapsed();
    }

    /// Whether its indices are a snapshot's.
    pub(super) fn is_of(&self, world: &World) -> bool {
        Arc::ptr_eq(&self.snapshot, &world.snapshot)
    }

    /// Checks that the line to take the place of another one is still of the same order and line.
    ///
    /// # Errors
    /// The field that is not the same.
    pub(super) fn check_order(&self, before: &Facts) -> Result<(), Error> {
        let line = self.request.lines.first().expect("an amendment is of one line");
        let same = [("order", &line.order, &before.order), ("line", &line.line, &before.line)];
        match same.into_iter().find(|(_, new, old)| new.as_str() != &***old) {
            None => Ok(()),
            Some((field, new, old)) => Err(Error::OutOfRange {
                field,
                value: new.clone(),
                expected: format!("{old:?}, the key of what was promised"),
            }),
        }
    }

    /// Whether every line is promised in full and on time.
    pub(super) fn is_on_time(&self) -> bool {
        self.promise.lines.iter().all(|line| line.status == Status::OnTime)
    }

    /// Plans it again, against another world; an override puts what is late on the date asked for.
    ///
    /// # Errors
    /// Every fault that the request has against the world's snapshot, if that is another one.
    pub(super) fn again(&mut self, world: &World, force: Option<&Force>) -> Result<(), Error> {
        if !self.is_of(world) {
            self.query = self.request.resolve(&world.snapshot).map_err(Error::Invalid)?;
            self.snapshot = Arc::clone(&world.snapshot);
        }
        self.promise = planning::plan(world, &self.query);
        self.overridden = match force {
            Some(_) => force::override_late(world, &self.query, &mut self.promise),
            None => Vec::new(),
        };
        Ok(())
    }

    /// Whether the ledger must look whether it fits.
    pub(super) fn admission(&self) -> Admission {
        if self.overridden.is_empty() { Admission::Fits } else { Admission::Forced }
    }

    /// What the ledger is to keep of each line; `created` is in microseconds since 1970 UTC.
    pub(super) fn lines(&self, force: Option<&Force>, created: i64) -> Vec<Line> {
        let mut lines = draft::lines(&self.request, &self.query, &self.promise, created);
        for &at in &self.overridden {
            if let Line::Reserve(draft) = &mut lines[at] {
                draft.facts.force = force.cloned();
            }
        }
        lines
    }
}

/// Who waits for a promise.
pub(super) type PromiseCaller = Sender<Result<PromiseOutcome, Error>>;

/// Who waits for a change.
pub(super) type ChangeCaller = Sender<Result<ChangeOutcome, Error>>;

/// Who waits for the first answer of a request.
#[derive(Debug)]
pub(super) enum Recaller {
    Promise(PromiseCaller),
    Change(ChangeCaller),
}

/// Who waits for a rearrangement: he is told its position.
pub(super) type RearrangeCaller = Sender<Result<u64, Error>>;

/// A scenario or a backlog run to become live.
#[derive(Debug)]
pub(super) struct RearrangeWork {
    pub(super) ticket: Ticket,
    pub(super) changes: Vec<Arc<[Change]>>,
    pub(super) exchanges: Vec<Exchange>,
    pub(super) planned_on: Option<PlannedOn>,
}

/// Who waits for a change of planning data: he is told its entry.
pub(super) type NetCaller = Sender<Result<NetOutcome, Error>>;

/// A source's changes of planning data.
#[derive(Debug)]
pub(super) struct NetWork {
    pub(super) ticket: Ticket,
    pub(super) changes: Arc<[Change]>,
    pub(super) source: Option<Arc<str>>,
    pub(super) known_at: Option<i64>,
}

/// Lines to be promised.
#[derive(Debug)]
pub(super) struct PromiseWork {
    pub(super) ticket: Ticket,
    pub(super) planned: Planned,
    pub(super) terms: Terms,
}

/// On which terms lines are promised.
#[derive(Debug)]
pub(super) struct Terms {
    pub(super) commitment: Commitment,
    pub(super) completeness: Completeness,
    pub(super) force: Option<Force>,
}

/// A line to take the place of what was promised.
#[derive(Debug)]
pub(super) struct AmendWork {
    pub(super) ticket: Ticket,
    pub(super) number: u64,
    pub(super) planned: Planned,
    pub(super) force: Option<Force>,
}

/// A step that needs no planning.
#[derive(Clone, Copy, Debug)]
pub(super) enum Verb {
    Confirm { number: u64, part: Option<Quantity> },
    Cancel { number: u64, part: Option<Quantity> },
    Fulfil { number: u64 },
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
    Activate(Box<ActivateWork>, Sender<Result<Swapped, Error>>),
    Rearrange(Box<RearrangeWork>, RearrangeCaller),
    /// Changes planning data below the promises.
    Net(Box<NetWork>, NetCaller),
    /// Ends the holds that are due, and answers with the position after it.
    Tick(Sender<Result<u64, Error>>),
    /// Ends the thread after this batch.
    Stop,
}

impl Work {
    /// Answers that it was not done.
    pub(super) fn refuse(self, error: Error) {
        match self {
            Self::Promise(_, caller) => drop(caller.send(Err(error))),
            Self::Amend(_, caller) | Self::Change(_, _, caller) => drop(caller.send(Err(error))),
            Self::Recall(_, _, Recaller::Promise(caller)) => drop(caller.send(Err(error))),
            Self::Recall(_, _, Recaller::Change(caller)) => drop(caller.send(Err(error))),
            Self::Activate(_, caller) => drop(caller.send(Err(error))),
            Self::Rearrange(_, caller) => drop(caller.send(Err(error))),
            Self::Net(_, caller) => drop(caller.send(Err(error))),
            Self::Tick(caller) => drop(caller.send(Err(error))),
            Self::Stop => (),
        }
    }
}

/// A promise that was made and is not yet durable.
#[derive(Debug)]
pub(super) struct Promised {
    pub(super) promise: Promise,
    pub(super) reservations: Vec<Option<Arc<Reservation>>>,
    pub(super) position: u64,
}

impl Promised {
    /// A promise of which nothing was kept.
    pub(super) fn nothing(promise: Promise, position: u64) -> Self {
        let reservations = vec![None; promise.lines.len()];
        Self { promise, reservations, position }
    }

    /// What an entry says of the promise that it keeps.
    pub(super) fn kept(promise: Promise, entry: &Entry) -> Self {
        let Fact::Promised { lines } = &entry.fact else {
            unreachable!("a promise makes an entry of its own kind");
        };
        let reservations = lines.iter().map(|made| made.promise().cloned()).collect();
        Self { promise, reservations, position: entry.position }
    }

    pub(super) fn with(self, world: Arc<World>) -> PromiseOutcome {
        let Self { promise, reservations, position } = self;
        PromiseOutcome { promise, reservations, position, world }
    }
}

/// A change that was made and is not yet durable.
#[derive(Debug)]
pub(super) struct Changed {
    pub(super) reservation: Arc<Reservation>,
    pub(super) rest: Option<Arc<Reservation>>,
    pub(super) promise: Option<Promise>,
    pub(super) changed: bool,
    pub(super) position: u64,
}

impl Changed {
    /// A change that was not made: the old promise stands.
    pub(super) fn nothing(reservation: Arc<Reservation>, promise: Promise, position: u64) -> Self {
        Self { reservation, rest: None, promise: Some(promise), changed: false, position }
    }

    /// What an entry says of the change that it keeps.
    pub(super) fn kept(promise: Option<Promise>, entry: &Entry) -> Self {
        let (reservation, rest) = match &entry.fact {
            Fact::Confirmed { kept, rest } => (kept, rest.clone()),
            Fact::PartlyReleased { after }
            | Fact::Released { after }
            | Fact::Amended { after }
            | Fact::Fulfilled { after }
            | Fact::Unchanged { stands: after }
            | Fact::Expired { after } => (after, None),
            Fact::Promised { .. }
            | Fact::Activated(_)
            | Fact::Rearranged { .. }
            | Fact::Changed(_)
            | Fact::Leapt(_)
            | Fact::Stepped { .. }
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

/// What an entry says of changes of planning data, and its position.
pub(super) type Netted = (Arc<crate::ledger::refresh::Changed>, u64);
