//! The two clocks of the machine: the one on the wall, which people set and which may jump, and a steady one,
//! which only ever runs on. They are read here; everybody else gets a timestamp or a moment.

use jiff::Timestamp;
use std::{
    fmt,
    sync::{Arc, LazyLock},
    time::{Duration, Instant},
};

/// A point on the steady clock: it compares with others of the same process, and with nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SteadyTime(i64);

impl SteadyTime {
    /// So many microseconds after the steady clock began.
    pub fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// The moment so much later; the last one there is where that would be after it.
    #[must_use]
    pub fn after(self, time: Duration) -> Self {
        Self(self.0.saturating_add(micros_of(time)))
    }

    /// Microseconds since an earlier moment; 0 since a later one.
    pub fn micros_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0).max(0)
    }
}

/// By what the today of a request goes (semantics 12.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Today {
    /// The snapshot's `as_of`, or the day of `ordered_at` where that is later.
    #[default]
    AsOf,
    /// The engine's day too, where that is later still; a line that does not say when it was ordered is ordered now.
    Clock,
}

/// Tells both times when asked. Tests pass one that they move themselves.
#[derive(Clone)]
pub struct Clock {
    wall: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    steady: Arc<dyn Fn() -> SteadyTime + Send + Sync>,
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clock").field("wall", &self.wall()).finish_non_exhaustive()
    }
}

impl Clock {
    /// A clock of two hands.
    pub fn new(
        wall: impl Fn() -> Timestamp + Send + Sync + 'static,
        steady: impl Fn() -> SteadyTime + Send + Sync + 'static,
    ) -> Self {
        Self { wall: Arc::new(wall), steady: Arc::new(steady) }
    }

    /// What the clock on the wall shows: it may jump, forward and back.
    pub fn wall(&self) -> Timestamp {
        (self.wall)()
    }

    /// What the steady clock shows: it never jumps.
    pub fn steady(&self) -> SteadyTime {
        (self.steady)()
    }
}

/// The clocks of the machine.
pub fn system() -> Clock {
    static BEGAN: LazyLock<Stopwatch> = LazyLock::new(Stopwatch::start);
    Clock::new(now, || SteadyTime::default().after(BEGAN.elapsed()))
}

/// The time of the machine's clock on the wall.
#[expect(clippy::disallowed_methods, reason = "this is the one clock")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// Measures how long something takes, by the machine's steady clock; never part of an answer.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts to measure.
    #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// A timestamp as the ledger keeps it: microseconds since 1970 UTC.
pub(super) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// A span in microseconds; the longest there is where it is longer.
pub(super) fn micros_of(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}
