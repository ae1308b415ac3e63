//! A handle on the running engine: what everybody who holds one may ask at once.

use super::{
    clock::{SteadyTime, Today},
    current::Current,
    lookups::Lookups,
    message::Message,
    reading::Readers,
    room::Room,
    scenarios::Scenarios,
    snapshot_source::Rebuilding,
    time::EngineTime,
    traced::Traced,
    watching::Watching,
};
use crate::{
    ledger::{Entry, World},
    promising::request::Request,
};
use crossbeam::channel::Sender;
use parking_lot::Mutex;
use std::{
    sync::{Arc, OnceLock, atomic::AtomicBool},
    thread::JoinHandle,
};

/// Waits until most nodes have the files of a snapshot; whether they do.
pub(super) type AwaitHeld = Box<dyn Fn(&str) -> bool + Send + Sync>;

/// A handle on the running engine. Clones are handles on the same one; [`PromiseCommand`](super::PromiseCommand) shows how it is used.
#[derive(Clone)]
pub struct Engine {
    pub(super) current: Arc<Current>,
    pub(super) time: Arc<EngineTime>,
    pub(super) today: Today,
    pub(super) queue: Sender<Message>,
    pub(super) thread: Arc<Mutex<Option<JoinHandle<()>>>>,
    pub(super) scenarios: Arc<Scenarios>,
    pub(super) earlier: Arc<Rebuilding>,
    pub(super) lookups: Arc<Lookups>,
    pub(super) watching: Arc<Watching>,
    pub(super) readers: Readers,
    pub(super) ruled: Option<Arc<Entry>>,
    pub(super) room: Room,
    /// Whether ids may be remembered by digests of the first version of entries.
    pub(super) has_older: bool,
    /// Tells on whose word a command is made that comes in on this thread.
    pub(super) by: fn() -> Option<Arc<str>>,
    /// The trace of the call that this thread works for.
    pub(super) traced: fn() -> Option<Arc<Traced>>,
    /// Whether this is the node that leads, or the only one.
    pub(super) leads: Arc<AtomicBool>,
    /// What waits until most nodes have a snapshot; nothing where there is one.
    pub(super) held: Arc<OnceLock<AwaitHeld>>,
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
}
