//! How an engine runs.

use super::{Clock, Identity, SnapshotSource, StopHook, Today, clock, traced::Traced};
use crate::{insight::exceptions::ExceptionSettings, limits};
use std::{path::PathBuf, sync::Arc, time::Duration};

/// How an engine runs.
///
/// ```
/// use promised::engine::{Config, Today};
/// use std::time::Duration;
/// let mut config = Config::new();
/// config.today = Today::Clock;
/// config.keep_over_for = Duration::from_secs(90 * 24 * 3_600);
/// ```
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
    /// Where what is done in scenarios is kept for a restart; it is not, where none is given.
    pub scenarios: Option<PathBuf>,
    /// Bytes of memory that all scenarios together may hold beyond live.
    pub scenario_bytes_at_most: u64,
    /// A plan that does not fit any more is made again by the writer, if that takes no more needs than this; else
    /// beside it.
    pub needs_on_writer: u64,
    /// A step of so many promises, or a leap of the clock over so many holds, is done by the writer; one of more is
    /// worked out beside it.
    pub promises_on_writer: u64,
    /// Entries between two checkpoints; a restart reads at most so many, and those that come while one
    /// is being made.
    pub checkpoint_every: u64,
    /// Where the snapshots are that a journal names.
    pub snapshots: SnapshotSource,
    /// How often all balances are recomputed and compared in the background; never if not given.
    pub check_every: Option<Duration>,
    /// When exceptions are told.
    pub exceptions: ExceptionSettings,
    /// Which ledger it is, and which start of it.
    pub identity: Identity,
    /// Tells on whose word a command is made that comes in on this thread; its entry keeps that.
    pub by: fn() -> Option<Arc<str>>,
    /// Gives the trace of the call that this thread works for, if it has one.
    pub traced: fn() -> Option<Arc<Traced>>,
    /// Whether it begins as a follower of a cluster: then it does nothing by itself until it is told to lead.
    pub follows: bool,
    /// Called when the writer ends. After anything but `Stopped::Asked` the process must end too.
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
            by: || None,
            traced: || None,
            scenarios: None,
            scenario_bytes_at_most: limits::SCENARIO_BYTES_DEFAULT,
            needs_on_writer: limits::NEEDS_AT_ONCE,
            promises_on_writer: limits::PROMISES_AT_ONCE,
            checkpoint_every: 250_000,
            snapshots: Arc::new(|_| None),
            check_every: None,
            exceptions: ExceptionSettings::default(),
            identity: Identity::new(),
            follows: false,
            on_stop: Box::new(|_| ()),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::new()
    }
}
