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
mod live;
mod lookups;
mod message;
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
mod swap;
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
mod writer;

pub use amending::amended_to;
pub use background::yield_to_others;
pub use clock::{Clock, SteadyTime, Today};
pub use command::*;
pub use config::Config;
pub use ending::{StopHook, Stopped};
pub use error::Error;
pub use identity::Identity;
pub use list::{ListFilter, ListPage, Page};
pub use outcome::{Answer, ChangeOutcome, ManyOutcome, NetOutcome, PromiseOutcome};
pub use planned::misnamed;
pub use stepped::Steps;
pub use swap::Swapped;
pub use watching::{News, Watch};

use crate::{
    journal::Journal,
    ledger::{Entry, World},
    promising::request::Request,
    snapshot::Snapshot,
};
use assembled::Assembled;
use crossbeam::channel::Sender;
use current::Current;
use durable::Link;
use earlier::Earlier;
use ending::Ending;
use message::Message;
use parking_lot::Mutex;
use room::Room;
use scenarios::Scenarios;
use std::{
    collections::BTreeSet,
    sync::{Arc, OnceLock, atomic::AtomicBool},
    thread::JoinHandle,
};
use time::Time;
use traced::Traced;

/// Gives the snapshot of an id, if it is kept.
pub type SnapshotSource = Arc<dyn Fn(&str) -> Option<Snapshot> + Send + Sync>;

/// A handle on the running engine. Clones are handles on the same one; [`PromiseCommand`] shows how it is used.
#[derive(Clone)]
pub struct Engine {
    current: Arc<Current>,
    time: Arc<Time>,
    today: Today,
    queue: Sender<Message>,
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
    pub fn moment(&self) -> SteadyTime {
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
        drop(self.queue.send(Message::Stop));
        if let Some(thread) = self.thread.lock().take() {
            // A panic was told to `on_stop`.
            drop(thread.join());
        }
    }
}
