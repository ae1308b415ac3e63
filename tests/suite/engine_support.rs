//! A journal and a clock that tests control, commands to an engine, and its answers in words.

use super::{ledger_book::TABLES, ledger_model::snapshot};
use jiff::Timestamp;
use parking_lot::{Condvar, Mutex};
use promised::{
    engine::{
        AmendCommand, CancelCommand, ChangeOutcome, Clock, Commitment, Completeness, Config,
        ConfirmCommand, Engine, Error, PromiseCommand, PromiseOutcome, SteadyTime,
    },
    journal::{self, Batch, Journal, Memory, RawEntry, Reader, Visit, VisitPart},
    ledger::{World, audit, digest},
    model::Quantity,
    promising::request::{OrderLine, Repeat, Request},
};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// A journal that several engines can use one after the other, that can be stopped and broken.
#[derive(Clone, Default)]
pub struct Shared(Arc<Inner>);

#[derive(Default)]
struct Inner {
    memory: Mutex<Memory>,
    /// How many batches may still be appended; none: any number.
    gate: Mutex<Option<usize>>,
    opened: Condvar,
    broken: Mutex<bool>,
}

impl Shared {
    pub fn close(&self) {
        *self.0.gate.lock() = Some(0);
    }

    pub fn break_down(&self) {
        *self.0.broken.lock() = true;
    }

    pub fn open(&self) {
        *self.0.gate.lock() = None;
        self.0.opened.notify_all();
    }
}

impl Journal for Shared {
    fn position(&self) -> u64 {
        self.0.memory.lock().position()
    }

    fn append(&mut self, batch: Batch<'_>) -> Result<(), journal::Error> {
        let mut gate = self.0.gate.lock();
        self.0.opened.wait_while(&mut gate, |gate| gate.is_some());
        if *self.0.broken.lock() {
            return Err(journal::Error::storage(
                "append",
                std::io::Error::other("the disk is on fire"),
            ));
        }
        self.0.memory.lock().append(batch)
    }

    fn put_part(&mut self, at: u64, part: u32, bytes: &[u8]) -> Result<(), journal::Error> {
        self.0.memory.lock().put_part(at, part, bytes)
    }

    fn seal(&mut self, at: u64, n_parts: u32) -> Result<(), journal::Error> {
        self.0.memory.lock().seal(at, n_parts)
    }

    fn forget_before(&mut self, position: u64) -> Result<(), journal::Error> {
        self.0.memory.lock().forget_before(position)
    }

    fn reader(&self) -> Arc<dyn Reader> {
        Arc::new(self.clone())
    }
}

impl Reader for Shared {
    fn first(&self) -> Result<u64, journal::Error> {
        self.0.memory.lock().first()
    }

    fn read_from(&self, from: u64, visit: Visit<'_>) -> Result<(), journal::Error> {
        // By way of bytes, as a real journal does.
        let snapshot = snapshot(TABLES);
        self.0.memory.lock().read_from(from, &mut |record| {
            let bytes = journal::codec::encode(&*record.entry(&snapshot)?, &snapshot);
            visit(RawEntry::Bytes { position: record.position(), bytes: &bytes })
        })
    }

    fn checkpoints(&self) -> Result<Vec<u64>, journal::Error> {
        self.0.memory.lock().checkpoints()
    }

    fn read_parts(&self, at: u64, visit: VisitPart<'_>) -> Result<(), journal::Error> {
        self.0.memory.lock().read_parts(at, visit)
    }
}

/// A clock that the test moves: seconds since 2026-11-23. The steady one goes on with the one on the wall, but not back.
#[derive(Clone, Default)]
pub struct Hands {
    wall: Arc<AtomicI64>,
    steady: Arc<AtomicI64>,
}

impl Hands {
    pub fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_392_000 + second).unwrap()
    }

    pub fn set(&self, second: i64) {
        let before = self.wall.swap(second, Ordering::SeqCst);
        self.steady.fetch_add((second - before).max(0), Ordering::SeqCst);
    }

    /// Somebody sets the clock on the wall; no time passes.
    pub fn jump(&self, second: i64) {
        self.wall.store(second, Ordering::SeqCst);
    }

    /// Time passes.
    pub fn pass(&self, seconds: i64) {
        self.wall.fetch_add(seconds, Ordering::SeqCst);
        self.steady.fetch_add(seconds, Ordering::SeqCst);
    }

    /// What the clock on the wall shows.
    pub fn wall(&self) -> i64 {
        self.wall.load(Ordering::SeqCst)
    }

    /// The steady clock, so many seconds from now or before it.
    pub fn moment(&self, seconds: i64) -> SteadyTime {
        SteadyTime::from_micros((self.steady.load(Ordering::SeqCst) + seconds) * 1_000_000)
    }

    pub fn clock(&self) -> Clock {
        let (wall, steady) = (self.clone(), self.clone());
        Clock::new(move || Self::at(wall.wall()), move || steady.moment(0))
    }

    pub fn config(&self) -> Config {
        let clock = self.clock();
        // Whoever lost a race is planned again in its turn: answers must not depend on how long a plan took.
        Config { clock, needs_on_writer: u64::MAX, ..Config::new() }
    }
}

pub fn start(journal: &Shared, hands: &Hands) -> Engine {
    let snapshot = Arc::new(snapshot(TABLES));
    Engine::start(snapshot, Box::new(journal.clone()), hands.config()).unwrap()
}

pub fn fresh() -> (Engine, Hands, Shared) {
    let (journal, hands) = (Shared::default(), Hands::default());
    (start(&journal, &hands), hands, journal)
}

pub fn line(item: &str, quantity: i64) -> OrderLine {
    let requested = "2026-11-23".parse().unwrap();
    OrderLine {
        location: Some("BER".to_string()),
        // Tests of other things promise one line again and again.
        repeat: Some(Repeat::Add),
        ..OrderLine::new("O1", item, Quantity::units(quantity), requested)
    }
}

pub fn command(request_id: &str, lines: &[(&str, i64)]) -> PromiseCommand {
    let numbered = |(at, (item, quantity)): (usize, &(&str, i64))| OrderLine {
        line: (at + 1).to_string(),
        ..line(item, *quantity)
    };
    PromiseCommand {
        request_id: request_id.to_string(),
        request: Request {
            lines: lines.iter().enumerate().map(numbered).collect(),
            objective: None,
            alternatives: 0,
            remedies: promised::promising::request::Remedies::None,
            now: None,
        },
        commitment: Commitment::Confirm,
        completeness: Completeness::BestEffort,
        faulty: Default::default(),
        turn: Default::default(),
        force: None,
        deadline: None,
    }
}

pub fn confirm(id: &str, number: u64, quantity: Option<i64>) -> ConfirmCommand {
    let quantity = quantity.map(Quantity::units);
    ConfirmCommand { request_id: id.to_string(), number, quantity, deadline: None }
}

pub fn cancel(id: &str, number: u64, quantity: Option<i64>) -> CancelCommand {
    let quantity = quantity.map(Quantity::units);
    CancelCommand { request_id: id.to_string(), number, quantity, deadline: None }
}

pub fn amend(number: u64, item: &str, quantity: i64) -> AmendCommand {
    AmendCommand {
        request_id: String::new(),
        number,
        line: line(item, quantity),
        objective: None,
        force: None,
        deadline: None,
    }
}

/// The reservation of each line, and how the line fares.
pub fn say(outcome: &PromiseOutcome) -> String {
    let lines = outcome.promise.lines.iter().zip(&outcome.reservations);
    let word = |(result, kept): (&promised::promising::answer::LineResult, &Option<_>)| {
        let kept: Option<String> =
            Option::as_ref(kept).map(|kept: &Arc<promised::ledger::Reservation>| {
                format!("{} {} {}", kept.id(), kept.state, kept.quantity)
            });
        format!("{:?} {}", result.status, kept.unwrap_or("nothing".to_string()))
    };
    format!("{} at {}", lines.map(word).collect::<Vec<_>>().join(", "), outcome.position)
}

pub fn say_change(result: Result<ChangeOutcome, Error>) -> String {
    match result {
        Ok(outcome) => {
            let kept = &outcome.reservation;
            let rest = outcome
                .rest
                .map(|rest| format!(", {} {} {}", rest.id(), rest.state, rest.quantity));
            let rest = rest.unwrap_or_default();
            let changed = if outcome.changed { "" } else { "unchanged " };
            format!(
                "{changed}{} {} {}{rest} at {}",
                kept.id(),
                kept.state,
                kept.quantity,
                outcome.position
            )
        }
        Err(Error::Refused(refusal)) => refusal.reason().to_string(),
        Err(error) => format!("{error}"),
    }
}

/// Everything adds up in a world, and a replay of its entries has made the same one, to each step of a promise.
#[track_caller]
pub fn is_what_a_replay_makes(world: &World, again: &World) {
    assert_eq!(audit::divergences(world), [], "L2");
    assert_eq!(digest::of(again), digest::of(world), "L6");
    let notes = |world: &World| {
        let histories: Vec<_> =
            world.histories().map(|(number, past)| (number, past.to_vec())).collect();
        (histories, world.marks().collect::<Vec<_>>())
    };
    assert_eq!(notes(again), notes(world), "each step by its entry");
}
