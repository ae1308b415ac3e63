//! The one place where state, time and threads meet.
//!
//! An [`Engine`] is a handle: everybody who holds one may read the current [`World`] without a lock and
//! ask for a change. Changes go through one bounded queue to one writer thread (`writer.rs`), which
//! admits and commits in memory; a second thread (`durable.rs`) journals, publishes and then answers:
//! nothing is visible, and nobody is answered, before it is durable. Questions that change nothing need no operation here: they are planned by the
//! caller against [`Engine::pin`].
//!
//! What is absent: no lock around the state, no second way to change it, no clock but the one passed in.

mod activate;
mod aside;
pub mod apply;
mod background;
pub mod backlog;
mod body;
pub mod clock;
pub mod command;
mod current;
pub mod draft;
mod durable;
mod earlier;
mod ending;
pub mod error;
mod force;
mod forgetting;
pub mod list;
pub mod outcome;
mod perform;
pub mod planning;
mod recovery;
pub mod refresh;
mod remembered;
mod saving;
pub mod selfcheck;
pub mod stepped;
mod time;
mod told;
mod watch;
pub mod scenarios;
pub mod within;
mod work;
mod writer;

pub use activate::Swapped;
pub use clock::{Clock, Moment, Today};
pub use command::{
    AmendCommand, CancelCommand, Commitment, Completeness, ConfirmCommand, FulfilCommand,
    NetCommand, PromiseCommand, RearrangeCommand,
};
pub use ending::{StopHook, Stopped};
pub use error::Error;
pub use list::{Filter, ListPage, Page};
pub use outcome::{Answer, ChangeOutcome, NetOutcome, PromiseOutcome};
pub use stepped::Steps;

use crate::{
    change::Change,
    journal::Journal,
    ledger::{Entry, Origin, World},
    limits,
    promising::request::{Remedies, Request},
    snapshot::Snapshot,
};
use aside::Planner;
use clock::micros_of as micros;
use crossbeam::channel::{Sender, TrySendError, bounded};
use current::Current;
use durable::{Durable, Link};
use earlier::Earlier;
use ending::Ending;
use forgetting::Forgetting;
use parking_lot::Mutex;
use recovery::{Recovered, Snapshots};
use remembered::Retention;
use saving::Saving;
use scenarios::Scenarios;
use std::{collections::BTreeSet, sync::Arc, thread::JoinHandle, time::Duration};
use time::Time;
use tokio::sync::oneshot;
use work::{
    AmendWork, NetWork, Planned, PromiseWork, RearrangeWork, Recaller, Terms, Ticket, Verb, Work,
};
use writer::Writer;

/// Gives the snapshot of an id, if it is kept.
pub type SnapshotSource = Arc<dyn Fn(&str) -> Option<Snapshot> + Send + Sync>;

/// How an engine runs.
pub struct Config {
    /// What time it is.
    pub clock: Clock,
    /// Where the clock on the wall is ahead by no more than this, engine time follows it at once.
    pub clock_jump: Duration,
    /// By what the today of a request goes.
    pub today: Today,
    /// How long the ids of commands are remembered, and at least how long entries are kept.
    pub remember_for: Duration,
    /// How many are remembered at most; beyond it the oldest are forgotten first.
    pub remember_at_most: usize,
    /// How long promises that are over are kept, with their history, from the end of their life on.
    pub keep_over_for: Duration,
    /// How many of them are kept at most; beyond it younger ones go too.
    pub keep_over_at_most: usize,
    /// Commands that may wait for the writer; beyond it a caller is told to come back.
    pub queue_at_most: usize,
    /// Bytes of memory that all scenarios together may hold beyond live.
    pub scenario_bytes_at_most: u64,
    /// A plan that took so long or longer, and does not fit any more, is made again beside the writer.
    pub slow_plan: Duration,
    /// Entries between two checkpoints; a restart reads at most so many, and those that come while one
    /// is being made.
    pub checkpoint_every: u64,
    /// Where the snapshots are that a journal names.
    pub snapshots: SnapshotSource,
    /// How often all balances are recomputed and compared in the background; never if not given.
    pub check_every: Option<Duration>,
    /// Called when the writer ends. After anything but [`Stopped::Asked`] the process must end too.
    pub on_stop: StopHook,
}

impl Config {
    /// The machine's clock, followed at once up to an hour; ids for seven days and four million of them, promises that are over for thirty
    /// days and a million of them; the end of the writer goes unheard.
    pub fn new() -> Self {
        Self {
            clock: clock::system(),
            clock_jump: Duration::from_secs(3_600),
            today: Today::default(),
            remember_for: Duration::from_secs(7 * 24 * 3_600),
            remember_at_most: 4_000_000,
            keep_over_for: Duration::from_secs(30 * 24 * 3_600),
            keep_over_at_most: 1_000_000,
            queue_at_most: limits::QUEUE_MAX,
            scenario_bytes_at_most: limits::SCENARIO_BYTES_DEFAULT,
            slow_plan: Duration::from_micros(200),
            checkpoint_every: 250_000,
            snapshots: Arc::new(|_| None),
            check_every: None,
            on_stop: Box::new(|_| ()),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::new()
    }
}

/// A handle on the running engine. Clones are handles on the same one.
#[derive(Clone)]
pub struct Engine {
    current: Arc<Current>,
    time: Arc<Time>,
    today: Today,
    queue: Sender<Work>,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
    scenarios: Arc<Scenarios>,
    earlier: Arc<Earlier>,
    ruled: Option<Arc<Entry>>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("position", &self.pin().position).finish_non_exhaustive()
    }
}

impl Engine {
    /// Rebuilds the world from a journal over a snapshot and starts the threads.
    ///
    /// # Errors
    /// The journal cannot be read, or names what the snapshot does not know.
    pub fn start(
        snapshot: Arc<Snapshot>,
        journal: Box<dyn Journal>,
        config: Config,
    ) -> Result<Self, Error> {
        let Assembled { engine, writer, durable, planner, on_stop } =
            Assembled::new(&snapshot, journal, config)?;
        let ending = Ending::new(on_stop);
        planner.start(ending.clone());
        let link = Link::start(durable, ending.clone());
        let thread = std::thread::Builder::new().name("writer".to_string());
        let thread = thread.spawn(move || writer.run(link, ending));
        *engine.thread.lock() = Some(thread.expect("one thread can be had"));
        Ok(engine)
    }

    /// The same without threads: nothing happens but in [`Steps`]. For simulations.
    ///
    /// # Errors
    /// As for [`Engine::start`].
    pub fn stepped(
        snapshot: Arc<Snapshot>,
        journal: Box<dyn Journal>,
        config: Config,
    ) -> Result<(Self, Steps), Error> {
        let Assembled { engine, writer, durable, planner, on_stop: _ } =
            Assembled::new(&snapshot, journal, config)?;
        Ok((engine, Steps::new(writer, durable, planner)))
    }

    /// The entry by which this start has let later rules hold than those that the journal was written
    /// under, with the promises that are newly at risk by them; none where there was nothing to say.
    pub fn ruled(&self) -> Option<&Entry> {
        self.ruled.as_deref()
    }

    /// The world of this instant. It never changes under its holder; pin once a request.
    pub fn pin(&self) -> Arc<World> {
        self.current.pin()
    }

    /// Engine time (semantics 12.5): it never goes back, and does not jump because somebody set a clock.
    pub fn now(&self) -> jiff::Timestamp {
        self.time.timestamp()
    }

    /// The time by which dates that people give are judged: what the clock on the wall shows, or engine time
    /// where that is later.
    pub fn civil(&self) -> jiff::Timestamp {
        self.time.civil()
    }

    /// The steady clock, by which deadlines go.
    pub fn moment(&self) -> Moment {
        self.time.steady()
    }

    /// A request as it stands at this instant: the clock is read once for all of it, where today goes by it.
    pub fn dated(&self, request: Request) -> Request {
        match self.today {
            Today::AsOf => request,
            Today::Clock => request.at(self.now()),
        }
    }

    /// Promises lines: plans them here, on the caller's thread, and sends the plan to the writer.
    ///
    /// A line that cannot be promised is an answer, not an error.
    pub fn promise(&self, command: PromiseCommand) -> Answer<PromiseOutcome> {
        if let Err(error) = check_hold(command.commitment) {
            return Answer::ready(Err(error));
        }
        let ticket = Ticket::new(&command.request_id, body::promise(&command), command.deadline);
        let PromiseCommand { request, commitment, completeness, force, .. } = command;
        let planned = match Planned::new(self.dated(request), &self.pin()) {
            Ok(planned) => planned,
            Err(error) => return self.recall(ticket, error, Recaller::Promise),
        };
        let work =
            PromiseWork { ticket, planned, terms: Terms { commitment, completeness, force } };
        self.send(|caller| Work::Promise(Box::new(work), caller))
    }

    /// Confirms a held promise or a part of it.
    pub fn confirm(&self, command: ConfirmCommand) -> Answer<ChangeOutcome> {
        let ticket = Ticket::new(&command.request_id, body::confirm(&command), command.deadline);
        let verb = Verb::Confirm { number: command.number, part: command.quantity };
        self.send(|caller| Work::Change(ticket, verb, caller))
    }

    /// Cancels a promise or a part of it.
    pub fn cancel(&self, command: CancelCommand) -> Answer<ChangeOutcome> {
        let ticket = Ticket::new(&command.request_id, body::cancel(&command), command.deadline);
        let verb = Verb::Cancel { number: command.number, part: command.quantity };
        self.send(|caller| Work::Change(ticket, verb, caller))
    }

    /// Says that a confirmed promise has shipped.
    pub fn fulfil(&self, command: FulfilCommand) -> Answer<ChangeOutcome> {
        let ticket = Ticket::new(&command.request_id, body::fulfil(&command), command.deadline);
        let verb = Verb::Fulfil { number: command.number };
        self.send(|caller| Work::Change(ticket, verb, caller))
    }

    /// Promises a line anew in place of what was promised. Unless all of the new line can be promised
    /// (late counts), the old promise stands and the outcome says `changed: false`.
    pub fn amend(&self, command: AmendCommand) -> Answer<ChangeOutcome> {
        let ticket = Ticket::new(&command.request_id, body::amend(&command), command.deadline);
        let AmendCommand { number, line, objective, force, .. } = command;
        let request = Request {
            lines: vec![line],
            objective,
            alternatives: 0,
            remedies: Remedies::None,
            now: None,
        };
        let planned = match Planned::new(self.dated(request), &self.pin().without(number)) {
            Ok(planned) => planned,
            Err(error) => return self.recall(ticket, error, Recaller::Change),
        };
        let work = AmendWork { ticket, number, planned, force };
        self.send(|caller| Work::Amend(Box::new(work), caller))
    }

    /// Makes what was planned in a scenario or a backlog run live, in one step; all of it or nothing. The
    /// answer is the position of its entry.
    pub fn rearrange(&self, command: RearrangeCommand) -> Answer<u64> {
        let ticket = Ticket::new(&command.request_id, body::rearrange(&command), command.deadline);
        let RearrangeCommand { changes, exchanges, planned_on, .. } = command;
        let work = RearrangeWork { ticket, changes, exchanges, planned_on };
        self.send(|caller| Work::Rearrange(Box::new(work), caller))
    }

    /// Changes planning data as a source says, all changes or none, and tells what that means for
    /// promises. Whoever counts on what is gone stays promised, and at risk.
    pub fn change(&self, command: NetCommand) -> Answer<NetOutcome> {
        let ticket = Ticket::new(&command.request_id, body::net(&command), command.deadline);
        let NetCommand { changes, source, known_at, .. } = command;
        let known_at = known_at.map(|at| at.as_microsecond());
        let work = NetWork { ticket, changes: changes.into(), source, known_at };
        self.send(|caller| Work::Net(Box::new(work), caller))
    }

    /// What changes would mean for promises now; nothing is changed.
    ///
    /// # Errors
    /// Every fault of the changes.
    pub fn preview(&self, changes: Vec<Change>) -> Result<NetOutcome, Error> {
        let world = self.pin();
        let previewed = world.preview(changes.into(), Origin::PLANNING);
        let changed = Arc::new(previewed.map_err(Error::Faulty)?);
        Ok(NetOutcome { changed, position: world.position, world })
    }

    /// The what-if worlds beside the live one.
    pub fn scenarios(&self) -> &Scenarios {
        &self.scenarios
    }

    /// Ends the holds that are due now, and answers with the position after it. The writer does so by
    /// itself; this is for those who do not want to wait for it.
    pub fn tick(&self) -> Answer<u64> {
        self.send(Work::Tick)
    }

    /// The snapshots that a restart may need: the one that serves, those of the checkpoints (the older one
    /// is read where the newer is damaged), and all that were activated after the oldest of these.
    ///
    /// # Errors
    /// The journal cannot be read, or is closed.
    pub fn snapshots_needed(&self) -> Result<BTreeSet<String>, Error> {
        let reader = self.earlier.reader.upgrade().ok_or(Error::Stopped)?;
        let mut needed = recovery::snapshots_named(&*reader, &self.pin().snapshot)?;
        needed.insert(self.pin().snapshot.id().to_string());
        Ok(needed)
    }

    /// Lets the writer finish what waits, and ends it. Later commands get [`Error::Stopped`].
    pub fn stop(&self) {
        // A writer that has ended already has dropped its queue.
        drop(self.queue.send(Work::Stop));
        if let Some(thread) = self.thread.lock().take() {
            // A panic was told to `on_stop`.
            drop(thread.join());
        }
    }

    /// The first answer of a command that does not resolve any more; its faults where there is none.
    fn recall<T>(
        &self,
        ticket: Ticket,
        error: Error,
        recaller: impl FnOnce(oneshot::Sender<Result<T, Error>>) -> Recaller,
    ) -> Answer<T> {
        if ticket.request.is_none() {
            return Answer::ready(Err(error));
        }
        self.send(|caller| Work::Recall(ticket, error, recaller(caller)))
    }

    /// Puts work into the queue, or says at once that there is no place.
    fn send<T>(&self, work: impl FnOnce(oneshot::Sender<Result<T, Error>>) -> Work) -> Answer<T> {
        let (caller, answer) = oneshot::channel();
        match self.queue.try_send(work(caller)) {
            Ok(()) => (),
            Err(TrySendError::Full(work)) => work.refuse(Error::Busy),
            Err(TrySendError::Disconnected(work)) => work.refuse(Error::Stopped),
        }
        Answer(answer)
    }
}

/// An engine before anything moves.
struct Assembled {
    engine: Engine,
    writer: Writer,
    durable: Durable,
    planner: Planner,
    on_stop: StopHook,
}

impl Assembled {
    fn new(
        snapshot: &Arc<Snapshot>,
        mut journal: Box<dyn Journal>,
        config: Config,
    ) -> Result<Self, Error> {
        let Config { clock, clock_jump, remember_for, remember_at_most, checkpoint_every, .. } =
            config;
        let Config { keep_over_for, keep_over_at_most, slow_plan, .. } = config;
        let Config { scenario_bytes_at_most, today, .. } = config;
        let Config { on_stop, check_every, queue_at_most, snapshots: kept, .. } = config;
        let snapshots = Snapshots { given: snapshot, kept: &kept };
        let age = micros(remember_for);
        let (keep_over, count) = (micros(keep_over_for), keep_over_at_most);
        let forgetting = Forgetting { age: keep_over, count, next: 0 };
        let retention = Retention { age, count: remember_at_most };
        let Recovered { mut ledger, remembered, now, checkpoint, began_with, leaps } =
            recovery::recover(&mut *journal, &snapshots, retention)?;
        let ruled = recovery::adopt_rules(&mut *journal, &mut ledger, now)?;
        let began = (ledger.world().position + 1, ledger.world().next_number());
        let time = Arc::new(Time::start(clock, micros(clock_jump), now, began));
        let earlier = Earlier {
            reader: Arc::downgrade(remembered.reader()),
            given: Arc::downgrade(snapshot),
            kept: Arc::clone(&kept),
        };
        let current = Arc::new(Current::new(ledger.world().clone()));
        if let Some(every) = check_every {
            watch::start(&current, every);
        }
        let (sender, queue) = bounded(queue_at_most);
        let (aside, planner) = aside::pair(slow_plan);
        let writer = Writer {
            queue,
            time: Arc::clone(&time),
            ledger,
            remembered,
            aside,
            entries: Vec::new(),
            pending: Vec::new(),
            closed: std::collections::VecDeque::new(),
            forgetting,
            now: time.now(),
            moment: time.steady(),
        };
        let saving = Saving::new(checkpoint_every, age, (checkpoint, began_with), leaps);
        let durable = Durable { journal, current: Arc::clone(&current), saving };
        let scenarios = Scenarios::new(Arc::clone(&current), scenario_bytes_at_most);
        let engine = Engine {
            current,
            time,
            today,
            queue: sender,
            thread: Arc::default(),
            scenarios: Arc::new(scenarios),
            earlier: Arc::new(earlier),
            ruled,
        };
        Ok(Self { engine, writer, durable, planner, on_stop })
    }
}

fn check_hold(commitment: Commitment) -> Result<(), Error> {
    match commitment {
        Commitment::Confirm => Ok(()),
        Commitment::Hold { for_seconds }
            if (1..=limits::HOLD_SECONDS_MAX).contains(&for_seconds) =>
        {
            Ok(())
        }
        Commitment::Hold { for_seconds } => Err(Error::OutOfRange {
            field: "hold_for",
            value: format!("{for_seconds}s"),
            expected: format!("1s to {}s", limits::HOLD_SECONDS_MAX),
        }),
    }
}
