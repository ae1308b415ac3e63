//! The one clock. It is read here, by the writer, once a batch; everybody else gets a timestamp.

use jiff::Timestamp;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Tells the time when asked. Tests pass one that they move themselves.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The clock of the machine.
pub fn system() -> Clock {
    Arc::new(now)
}

/// The time of the machine's clock.
#[expect(clippy::disallowed_methods, reason = "this is the one clock")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// Measures how long something takes, by the machine's monotonic clock; never part of an answer.
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
