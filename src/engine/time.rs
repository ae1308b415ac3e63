//! Engine time (semantics 12.5): what stamps, holds and forgetting go by.
//!
//! It runs by the steady clock, from the last stamp of the journal on, and it never goes back. Where the clock
//! on the wall is ahead, it follows: at once up to a limit, beyond it when the wall has stood there for a minute,
//! for a clock that jumps by hours is more often wrong than right. Where the wall is behind, it runs at half
//! speed until they meet. Every time that it follows is a [`Leap`], which the writer makes an entry of: what runs
//! out by engine time is moved by as much, so nobody's hold ends because somebody set a clock.

use super::clock::{Clock, SteadyTime, micros};
use crate::ledger::Leap;
use jiff::Timestamp;
use parking_lot::Mutex;
use std::time::Duration;

/// The wall may be ahead by less than this without anybody following: it is not worth an entry.
const DRIFT: i64 = 1_000_000;

/// How long the wall must stand where it is, if that is far ahead.
const STAND: i64 = 60_000_000;

/// The longest sleep of who waits for a time: the clock may be set meanwhile.
const SLEEP_MAX: Duration = Duration::from_secs(60);

/// The longest sleep while it is seen whether the wall stands where it is.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The engine's time, for all of its threads.
pub(super) struct EngineTime {
    clock: Clock,
    run: Mutex<Run>,
}

/// How engine time runs. Pure: it is told what the clocks show.
#[derive(Debug)]
struct Run {
    /// Engine time, in microseconds since 1970 UTC, at `at`.
    now: i64,
    at: SteadyTime,
    /// The wall may be ahead by so much and is followed at once.
    jump: i64,
    /// Since when the wall stands far ahead, and by how much.
    standing: Option<(SteadyTime, i64)>,
    /// From where on in the journal things move with the next leap; from its beginning, but for a gap that was
    /// found at the start: what was there before the stop runs by its stamps.
    moves_from: (u64, u64),
}

impl EngineTime {
    /// Goes on from the last stamp of a journal; `began` is its position then, and the next promise's number.
    pub(super) fn start(clock: Clock, jump: i64, last: i64, began: (u64, u64)) -> Self {
        let (wall, steady) = (micros(clock.wall()), clock.steady());
        let run = Run::start((wall, steady), jump, last, began);
        Self { clock, run: Mutex::new(run) }
    }

    /// Goes on from the last stamp of a journal that others have written, as after a restart.
    pub(super) fn go_on_from(&self, last: i64, began: (u64, u64)) {
        let mut run = self.run.lock();
        let now = (micros(self.clock.wall()), self.clock.steady());
        *run = Run::start(now, run.jump, last, began);
    }

    /// Engine time now, without following the wall.
    pub(super) fn now(&self) -> i64 {
        let mut run = self.run.lock();
        run.go_on(micros(self.clock.wall()), self.clock.steady());
        run.now
    }

    /// The same as a timestamp.
    pub(super) fn timestamp(&self) -> Timestamp {
        Timestamp::from_microsecond(self.now()).unwrap_or(Timestamp::MAX)
    }

    /// The time by which people's dates are judged: what the wall shows, or engine time where that is later.
    pub(super) fn civil(&self) -> Timestamp {
        self.timestamp().max(self.clock.wall())
    }

    /// The steady clock, for deadlines.
    pub(super) fn steady(&self) -> SteadyTime {
        self.clock.steady()
    }

    /// By how much the wall is to be followed, if it is to be now. For the writer alone: it makes an entry of it.
    pub(super) fn due_leap(&self) -> Option<Leap> {
        self.run.lock().due_leap(micros(self.clock.wall()), self.clock.steady())
    }

    /// Follows the wall by a leap that was due.
    pub(super) fn leap(&self, leap: Leap) {
        let mut run = self.run.lock();
        run.go_on(micros(self.clock.wall()), self.clock.steady());
        run.leap(leap);
    }

    /// How long to sleep until an instant of engine time, or until the clocks are to be looked at again.
    pub(super) fn until(&self, due: Option<i64>) -> Duration {
        let mut run = self.run.lock();
        let wall = micros(self.clock.wall());
        run.go_on(wall, self.clock.steady());
        let at_most = if run.standing.is_some() { LOOK_EVERY } else { SLEEP_MAX };
        let Some(due) = due else { return at_most };
        let left = due.saturating_sub(run.now).max(0);
        // At half speed it takes twice as long; where the wall is met on the way, one more look is needed.
        let left = if wall < run.now { left.saturating_mul(2) } else { left };
        Duration::from_micros(left.unsigned_abs()).min(at_most)
    }
}

impl Run {
    fn start((wall, at): (i64, SteadyTime), jump: i64, last: i64, began: (u64, u64)) -> Self {
        let ahead = wall.saturating_sub(last);
        // A journal without an entry has no last stamp.
        let is_first = last == i64::MIN;
        if is_first || (0..=jump).contains(&ahead) {
            return Self { now: wall, at, jump, standing: None, moves_from: (0, 0) };
        }
        let is_gap = 0 < ahead;
        let standing = is_gap.then_some((at, ahead));
        let moves_from = if is_gap { began } else { (0, 0) };
        Self { now: last, at, jump, standing, moves_from }
    }

    fn go_on(&mut self, wall: i64, steady: SteadyTime) {
        let passed = steady.micros_since(self.at);
        let by_steady = self.now.saturating_add(passed);
        if by_steady <= wall {
            (self.now, self.at) = (by_steady, steady);
            return;
        }
        let half = self.now.saturating_add(passed / 2);
        if half < wall {
            (self.now, self.at) = (wall, steady);
        } else {
            // What is left of an odd microsecond counts the next time.
            let rest = Duration::from_micros(passed.unsigned_abs() / 2 * 2);
            (self.now, self.at) = (half, self.at.after(rest));
        }
    }

    fn due_leap(&mut self, wall: i64, steady: SteadyTime) -> Option<Leap> {
        self.go_on(wall, steady);
        let ahead = wall.saturating_sub(self.now);
        if ahead < DRIFT {
            // What was found at the start is gone: the wall was set back.
            (self.standing, self.moves_from) = (None, (0, 0));
            return None;
        }
        if self.jump < ahead {
            let (since, by) = *self.standing.get_or_insert((steady, ahead));
            if self.jump < ahead.abs_diff(by).try_into().unwrap_or(i64::MAX) {
                self.standing = Some((steady, ahead));
                return None;
            }
            if steady.micros_since(since) < STAND {
                return None;
            }
        }
        let (from_position, from_number) = self.moves_from;
        Some(Leap { by: ahead, from_position, from_number })
    }

    fn leap(&mut self, leap: Leap) {
        self.now = self.now.saturating_add(leap.by);
        (self.standing, self.moves_from) = (None, (0, 0));
    }
}

#[cfg(test)]
mod tests;
