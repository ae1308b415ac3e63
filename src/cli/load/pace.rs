//! When the calls of a load test are due: at a rate, whatever became of those before, or one after the other.
//!
//! In an open loop a thread of its own lets calls loose at the rate: the timer of an async runtime ticks
//! in milliseconds, which is longer than an answer takes.

use crate::engine::clock::Stopwatch;
use std::{cell::Cell, sync::Arc, time::Duration};
use tokio::sync::Semaphore;

/// The pacing thread sleeps no shorter than this: the kernel would wake it no earlier.
const NAP_MIN: Duration = Duration::from_micros(50);

/// When the calls of one thread of clients are due.
#[derive(Debug)]
pub(super) struct Pace {
    watch: Stopwatch,
    end: Duration,
    open: Option<Open>,
}

/// Calls at a rate.
#[derive(Debug)]
struct Open {
    schedule: Schedule,
    /// The next call.
    next: Cell<u64>,
    /// A permit for each call that is due by now and not begun.
    due: Arc<Semaphore>,
}

/// Calls at equal distances.
#[derive(Clone, Copy, Debug)]
struct Schedule {
    /// Nanoseconds between two calls.
    interval: f64,
    /// How many there are.
    total: u64,
}

impl Schedule {
    /// When a call is due, from the start on.
    fn due(&self, call: u64) -> Duration {
        Duration::from_secs_f64(self.interval * call as f64 / 1e9)
    }

    /// How many calls from one on are due at a time.
    fn n_due(&self, from: u64, now: Duration) -> u64 {
        (from..self.total).take_while(|&call| self.due(call) <= now).count() as u64
    }
}

impl Pace {
    /// As fast as answers come.
    pub(super) fn closed(watch: Stopwatch, end: Duration) -> Self {
        Self { watch, end, open: None }
    }

    /// So many calls a second. A thread lets them loose; it ends by itself.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of calls")]
    pub(super) fn open(watch: Stopwatch, end: Duration, a_second: f64, n_callers: usize) -> Self {
        let total = (a_second * end.as_secs_f64()) as u64;
        let schedule = Schedule { interval: 1e9 / a_second, total };
        let due = Arc::new(Semaphore::new(0));
        let permits = Arc::clone(&due);
        std::thread::spawn(move || release(watch, schedule, &permits, n_callers));
        Self { watch, end, open: Some(Open { schedule, next: Cell::new(0), due }) }
    }

    /// Waits until the next call is due, and says since when it is; none when the run is over.
    pub(super) async fn next(&self) -> Option<Duration> {
        let Some(open) = &self.open else {
            return Some(self.watch.elapsed()).filter(|now| *now < self.end);
        };
        open.due.acquire().await.ok()?.forget();
        let call = open.next.get();
        open.next.set(call + 1);
        (call < open.schedule.total).then(|| open.schedule.due(call))
    }

    /// Whether the run is over: calls that were due in it and could not begin are given up.
    pub(super) fn is_over(&self) -> bool {
        self.end < self.watch.elapsed()
    }
}

/// Gives a permit for each call when it is due, and at the end one for each caller, to let it go home.
fn release(watch: Stopwatch, schedule: Schedule, permits: &Semaphore, n_callers: usize) {
    let mut call = 0;
    while call < schedule.total {
        let now = watch.elapsed();
        let n_due = schedule.n_due(call, now);
        permits.add_permits(usize::try_from(n_due).expect("a run has fewer calls"));
        call += n_due;
        std::thread::sleep(schedule.due(call).saturating_sub(now).max(NAP_MIN));
    }
    permits.add_permits(n_callers);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_due_at_equal_distances_from_the_start() {
        let schedule = Schedule { interval: 250_000.0, total: 10 };
        assert_eq!(schedule.due(4), Duration::from_millis(1));
        assert_eq!(schedule.n_due(0, Duration::ZERO), 1);
        assert_eq!(schedule.n_due(1, Duration::from_millis(1)), 4);
        assert_eq!(schedule.n_due(5, Duration::from_secs(1)), 5);
    }
}
