//! Slow plans that lost their race are made again beside the writer.
//!
//! What was planned in microseconds the writer plans again itself, at once. A plan that took long would keep
//! everybody else waiting: it goes to a thread of its own, with the live world of that instant, and comes back
//! to be admitted. It may lose again; after [`REPLANS_MAX`] times the writer plans it itself, so that nobody
//! starves. There are two channels and no lock; so few are out at once that neither end ever waits for room.

use super::{clock::Stopwatch, ending::Ending, work::Work};
use crate::{
    ledger::World,
    limits::{ASIDE_MAX, REPLANS_MAX},
};
use crossbeam::channel::{Receiver, Sender, bounded};
use std::{sync::Arc, time::Duration};

/// A plan to be made again, and the world to make it against: nobody else sees that one yet.
#[derive(Debug)]
struct Again {
    work: Work,
    world: Arc<World>,
}

/// The writer's end of it.
pub(super) struct Aside {
    jobs: Sender<Again>,
    back: Receiver<Work>,
    /// How many are out.
    n_out: usize,
    /// From how long a plan on it goes out.
    slow: Duration,
}

/// The planner's end of it.
pub(super) struct Planner {
    jobs: Receiver<Again>,
    back: Sender<Work>,
}

/// The two ends.
pub(super) fn pair(slow: Duration) -> (Aside, Planner) {
    let (jobs, waiting) = bounded(ASIDE_MAX);
    let (done, back) = bounded(ASIDE_MAX);
    (Aside { jobs, back, n_out: 0, slow }, Planner { jobs: waiting, back: done })
}

impl Aside {
    /// Whether a plan that took so long, and has lost so many races already, is to be made again there.
    pub(super) fn takes(&self, took: Duration, races: u32) -> bool {
        self.slow <= took && races < REPLANS_MAX && self.n_out < ASIDE_MAX
    }

    /// Sends a plan out to be made again.
    pub(super) fn send(&mut self, work: Work, world: Arc<World>) {
        match self.jobs.try_send(Again { work, world }) {
            Ok(()) => self.n_out += 1,
            // The planner has ended: the engine ends too, and the caller hears of that.
            Err(error) => tracing::debug!(%error, "nobody plans again"),
        }
    }

    /// What comes back.
    pub(super) fn back(&self) -> &Receiver<Work> {
        &self.back
    }

    /// Notes that one came back.
    pub(super) fn came(&mut self) {
        self.n_out -= 1;
    }

    /// One that is back, if there is one.
    pub(super) fn take(&mut self) -> Option<Work> {
        let work = self.back.try_recv().ok()?;
        self.came();
        Some(work)
    }

    /// Waits for the next one that is out.
    pub(super) fn wait(&mut self) -> Option<Work> {
        if self.n_out == 0 {
            return None;
        }
        let work = self.back.recv().ok()?;
        self.came();
        Some(work)
    }
}

impl Planner {
    /// Starts the thread; it ends with the writer.
    pub(super) fn start(self, ending: Ending) {
        let thread = std::thread::Builder::new().name("planner".to_string());
        let run = move || {
            // A panic of it is the engine's end.
            let _ending = ending;
            while let Ok(again) = self.jobs.recv() {
                self.plan(again);
            }
        };
        drop(thread.spawn(run).expect("a third thread can be had"));
    }

    /// Makes one plan, if one waits.
    pub(super) fn step(&self) -> bool {
        self.jobs.try_recv().map(|again| self.plan(again)).is_ok()
    }

    fn plan(&self, Again { mut work, world }: Again) {
        let watch = Stopwatch::start();
        match &mut work {
            Work::Promise(work, _) => {
                let force = work.terms.force.as_ref();
                work.planned.race(|planned| planned.again(&world, force), watch);
            }
            Work::Amend(work, _) => {
                let world = world.without(work.number);
                let force = work.force.as_ref();
                work.planned.race(|planned| planned.again(&world, force), watch);
            }
            Work::Change(..)
            | Work::Recall(..)
            | Work::Activate(..)
            | Work::Rearrange(..)
            | Work::Net(..)
            | Work::Tick(_)
            | Work::Stop => unreachable!("only plans are made again"),
        }
        // A writer that has ended has refused what waited.
        drop(self.back.send(work));
    }
}
