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
mod amending;
mod aside;
mod asked;
mod assembled;
pub mod apply;
mod background;
pub mod backup;
pub mod backlog;
pub mod body;
mod caller;
pub mod clock;
pub mod command;
mod config;
mod current;
pub mod draft;
mod durable;
mod earlier;
mod ending;
pub mod error;
pub mod feed;
mod fence;
mod force;
mod forgetting;
mod grouping;
pub mod identity;
mod job;
pub mod list;
mod lane;
mod lookups;
mod many;
pub mod node;
pub mod outcome;
mod pending;
mod perform;
mod planned;
pub mod planning;
mod plans;
pub mod reading;
mod recovery;
pub mod refresh;
mod remembered;
mod renew;
pub mod revert;
mod saving;
mod sending;
mod room;
pub mod selfcheck;
pub mod sorted;
mod standing;
pub mod stepped;
pub mod sweep;
mod task;
mod threaded;
mod time;
mod told;
pub mod traced;
mod waking;
mod watch;
mod watching;
pub mod whatif;
pub mod scenarios;
pub mod within;
mod work;
mod writer;

pub use activate::Swapped;
pub use amending::amended_to;
pub use background::yield_to_others;
pub use clock::{Clock, Moment, Today};
pub use command::{
    AmendCommand, CancelCommand, Commitment, Completeness, ConfirmCommand, Faulty, FulfilCommand,
    ManyCommand, ManyStep, NetCommand, PromiseCommand, RearrangeCommand, ReopenCommand, Selection,
    Turn, Which,
};
pub use config::Config;
pub use ending::{StopHook, Stopped};
pub use error::Error;
pub use identity::Identity;
pub use list::{Filter, ListPage, Page};
pub use outcome::{Answer, ChangeOutcome, ManyOutcome, NetOutcome, PromiseOutcome};
pub use planned::misnamed;
pub use stepped::Steps;
pub use watching::{News, Watch};

use crate::{
    change::Change,
    journal::Journal,
    ledger::{Acknowledgement, Entry, Origin, World},
    promising::{
        patience::{GivenUp, Patience, heard_out_here},
        request::{OrderLine, Remedies, Repeat, Request},
    },
    snapshot::Snapshot,
};
use assembled::Assembled;
use crossbeam::channel::Sender;
use current::Current;
use durable::Link;
use earlier::Earlier;
use ending::Ending;
use many::Many;
use parking_lot::Mutex;
use planned::{Planned, Unplanned};
use room::Room;
use scenarios::Scenarios;
use std::{
    collections::BTreeSet,
    sync::{Arc, OnceLock, atomic::AtomicBool},
    thread::JoinHandle,
};
use time::Time;
use traced::Traced;
use work::{AmendWork, NetWork, RearrangeWork, Recaller, Ticket, Verb, Work};

/// Gives the snapshot of an id, if it is kept.
pub type SnapshotSource = Arc<dyn Fn(&str) -> Option<Snapshot> + Send + Sync>;

/// A handle on the running engine. Clones are handles on the same one; [`PromiseCommand`] shows how it is used.
#[derive(Clone)]
pub struct Engine {
    current: Arc<Current>,
    time: Arc<Time>,
    today: Today,
    queue: Sender<Work>,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
    scenarios: Arc<Scenarios>,
    earlier: Arc<Earlier>,
    lookups: Arc<lookups::Lookups>,
    watching: Arc<watching::Watching>,
    readers: reading::Readers,
    ruled: Option<Arc<Entry>>,
    room: Room,
    /// Whether ids may be remembered by digests of the first version of entries.
    has_older: bool,
    /// Tells on whose word a command is made that comes in on this thread.
    by: fn() -> Option<Arc<str>>,
    /// The trace of the call that this thread works for.
    traced: fn() -> Option<Arc<Traced>>,
    /// Whether this is the node that leads, or the only one.
    leads: Arc<AtomicBool>,
    /// What waits until most nodes have a snapshot; nothing where there is one.
    held: Arc<OnceLock<node::AwaitHeld>>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("position", &self.pin().position).finish_non_exhaustive()
    }
}

impl Engine {
    /// Whether commands are refused because the disk has no room.
    pub fn is_disk_full(&self) -> bool {
        self.room.is_full()
    }

    /// Commands that wait for the writer.
    pub fn queue_depth(&self) -> usize {
        self.queue.len()
    }

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
        planner.start(&ending);
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
        request.dated(self.today())
    }

    /// The instant by which today goes, where it goes by the clock.
    pub fn today(&self) -> Option<jiff::Timestamp> {
        match self.today {
            Today::AsOf => None,
            Today::Clock => Some(self.now()),
        }
    }

    /// Confirms a held promise or a part of it.
    pub fn confirm(&self, command: ConfirmCommand) -> Answer<ChangeOutcome> {
        let ticket = self.ticket(&command.request_id, body::confirm(&command), command.deadline);
        let verb = Verb::Confirm { number: command.number, part: command.quantity };
        self.send(|caller, _| Work::Change(ticket, verb, caller))
    }

    /// Cancels a promise or a part of it.
    pub fn cancel(&self, command: CancelCommand) -> Answer<ChangeOutcome> {
        let ticket = self.ticket(&command.request_id, body::cancel(&command), command.deadline);
        let verb = Verb::Cancel { number: command.number, part: command.quantity };
        self.send(|caller, _| Work::Change(ticket, verb, caller))
    }

    /// Takes a shipment back.
    pub fn reopen(&self, command: ReopenCommand) -> Answer<ChangeOutcome> {
        let ticket = self.ticket(&command.request_id, body::reopen(&command), command.deadline);
        let verb = Verb::Reopen { number: command.number };
        self.send(|caller, _| Work::Change(ticket, verb, caller))
    }

    /// Says that a confirmed promise, or a part of it, has shipped.
    pub fn fulfil(&self, command: FulfilCommand) -> Answer<ChangeOutcome> {
        let mut ticket = self.ticket(&command.request_id, body::fulfil(&command), command.deadline);
        ticket.older = self.has_older.then(|| body::first::fulfil(&command)).flatten();
        let FulfilCommand { which, quantity, shipped_at, .. } = command;
        let at = shipped_at.map(|at| at.as_microsecond());
        let verb = Verb::Fulfil { which, quantity, at };
        self.send(|caller, _| Work::Change(ticket, verb, caller))
    }

    /// Promises a line anew in place of what was promised. Unless all of the new line can be promised
    /// (late counts), the old promise stands and the outcome says `changed: false`.
    pub fn amend(&self, command: AmendCommand) -> Answer<ChangeOutcome> {
        let amended = self.amend_within(command, &Patience::endless());
        amended.expect("endless patience gives nothing up")
    }

    /// The same, as long as somebody waits for the plan, and for as many needs as that has patience for.
    ///
    /// # Errors
    /// The plan was given up: the command comes back, and nothing was done.
    pub fn amend_within(
        &self,
        command: AmendCommand,
        patience: &Patience,
    ) -> Result<Answer<ChangeOutcome>, Box<AmendCommand>> {
        let mut ticket = self.ticket(&command.request_id, body::amend(&command), command.deadline);
        ticket.older = self.has_older.then(|| body::first::amend(&command));
        let (number, force) = (command.number, command.force.clone());
        // It names the promise that it is about: others of the line stay.
        let line = OrderLine { repeat: Some(Repeat::Add), ..command.line.clone() };
        let (lines, objective) = (vec![line], command.objective);
        let request =
            Request { lines, objective, alternatives: 0, remedies: Remedies::None, now: None };
        let request = self.dated(request);
        self.trace_plan();
        let planned = match Planned::within(request, &self.pin().without(number), patience) {
            Ok(planned) => planned,
            Err(Unplanned::Invalid(error)) => {
                return Ok(self.recall(ticket, error, Recaller::Change));
            }
            Err(Unplanned::GivenUp(_)) => return Err(Box::new(command)),
        };
        Ok(self.send(|caller, patience| {
            ticket.patience = patience;
            Work::Amend(Box::new(AmendWork { ticket, number, planned, force }), caller)
        }))
    }

    /// Lets many promises take a step, all of them or none.
    pub fn many(&self, command: ManyCommand) -> Answer<ManyOutcome> {
        if let ManyStep::Extend { for_seconds } = command.step
            && let Err(error) = (Commitment::Hold { for_seconds }).check()
        {
            return Answer::ready(Err(error));
        }
        let ticket = self.ticket(&command.request_id, body::many(&command), command.deadline);
        let ManyCommand { selection, step, .. } = command;
        self.send(|caller, patience| {
            let ticket = Ticket { patience, ..ticket };
            Work::Many(ticket, Box::new(Many { selection, step }), caller)
        })
    }

    /// Notes that somebody has seen an exception, or wants to hear of it later; the answer is the world that has it.
    pub fn acknowledge(&self, request_id: &str, seen: Acknowledgement) -> Answer<Arc<World>> {
        let ticket = Ticket::new(request_id, body::seen(&seen), None);
        self.send(|caller, _| Work::Acknowledge(ticket, Box::new(seen), caller))
    }

    /// The entry that a command made, if it was done before; `digest` is that of what it asked for.
    pub fn find(&self, request_id: &str, digest: u128) -> Answer<Option<Arc<Entry>>> {
        if request_id.is_empty() {
            return Answer::ready(Ok(None));
        }
        self.send(|caller, _| Work::Find(self.ticket(request_id, digest, None), caller))
    }

    /// Notes the answer to a command that was answered and changed nothing, and gives the entry that has the
    /// first one.
    pub fn remember(
        &self,
        request_id: &str,
        digest: u128,
        told: Arc<[u8]>,
    ) -> Answer<Option<Arc<Entry>>> {
        if request_id.is_empty() {
            return Answer::ready(Ok(None));
        }
        self.send(|caller, _| Work::Remember(self.ticket(request_id, digest, None), told, caller))
    }

    /// Makes what was planned in a scenario or a backlog run live, in one step; all of it or nothing. The
    /// answer is the position of its entry.
    pub fn rearrange(&self, command: RearrangeCommand) -> Answer<u64> {
        self.rearrange_within(command, &Patience::endless())
    }

    /// The same, as long as somebody waits for it.
    pub(crate) fn rearrange_within(
        &self,
        command: RearrangeCommand,
        patience: &Patience,
    ) -> Answer<u64> {
        let asked = command.asked.unwrap_or_else(|| body::rearrange(&command));
        let ticket = self.ticket(&command.request_id, asked, command.deadline);
        let ticket = Ticket { patience: patience.clone(), ..ticket };
        let RearrangeCommand { changes, exchanges, planned_on, told, undoes, .. } = command;
        let work = RearrangeWork { ticket, changes, exchanges, planned_on, told, undoes };
        self.send(|caller, _| Work::Rearrange(Box::new(work), caller))
    }

    /// Changes planning data as a source says, all changes or none, and tells what that means for
    /// promises. Whoever counts on what is gone stays promised, and at risk.
    pub fn change(&self, command: NetCommand) -> Answer<NetOutcome> {
        let ticket = self.ticket(&command.request_id, body::net(&command), command.deadline);
        let NetCommand { changes, source, known_at, position, after, .. } = command;
        let known_at = known_at.map(|at| at.as_microsecond());
        let changes = changes.into();
        self.send(|caller, patience| {
            let ticket = Ticket { patience, ..ticket };
            let work = NetWork { ticket, changes, source, known_at, position, after };
            Work::Net(Box::new(work), caller)
        })
    }

    /// What changes would mean for promises now, as long as somebody waits for it; nothing is changed.
    ///
    /// # Errors
    /// It was given up; within, every fault of the changes.
    pub fn preview(
        &self,
        changes: Vec<Change>,
        patience: &Patience,
    ) -> Result<Result<NetOutcome, Error>, GivenUp> {
        let world = self.pin();
        let preview = || world.preview(changes.into(), Origin::PLANNING);
        Ok(match heard_out_here(patience, preview)? {
            Err(faults) => Err(Error::Faulty(faults)),
            Ok(changed) => {
                Ok(NetOutcome { changed: Arc::new(changed), position: world.position, world })
            }
        })
    }

    /// The what-if worlds beside the live one.
    pub fn scenarios(&self) -> &Scenarios {
        &self.scenarios
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
}
