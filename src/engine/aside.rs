//! Plans that lost their race and take long are made again beside the writer.
//!
//! The writer plans again what takes no more than some needs. What takes more would keep everybody else waiting:
//! it goes to threads of its own, with the live world of that instant, and comes back to be admitted. Those who want
//! the same wait for it (`fence.rs`), so that it is not overtaken again and again. There are two channels and no lock; so few are out at once that neither end ever waits for room. What
//! nobody waits for any more is not planned to its end, and what was sent out before this node stopped to lead
//! (`standing.rs`) comes back for nothing.

mod coming_back;

use super::{
    command::deed::{Replannable, Work},
    ending::Ending,
    lane::{LaneJob, WorkedOut},
};
use crate::{
    ledger::World,
    limits::{ASIDE_MAX, PLANNERS},
};
use crossbeam::channel::{Receiver, Sender, bounded};
use std::sync::Arc;

/// A plan to be made again, and the world to make it against: nobody else sees that one yet.
#[derive(Debug)]
struct Again {
    work: Box<dyn Replannable>,
    world: Arc<World>,
}

/// Something, and how often this node had stopped to lead when it was sent out.
#[derive(Debug)]
pub(super) struct SentOut<T> {
    stops: u64,
    what: T,
}

/// What comes back.
#[derive(Debug)]
pub(super) enum Back {
    /// It was planned again.
    Planned(Work),
    /// Nobody waits for it any more.
    GivenUp(Work),
    /// Something long was worked out.
    Worked(Box<WorkedOut>),
}

/// The writer's end of it.
pub(super) struct Aside {
    jobs: Sender<SentOut<Again>>,
    long: Sender<SentOut<LaneJob>>,
    back: Receiver<SentOut<Back>>,
    /// How often this node has stopped to lead.
    stops: u64,
    /// How many are out.
    n_out: usize,
}

/// The planners' end of it.
#[derive(Clone)]
pub(super) struct PlannersEnd {
    jobs: Receiver<SentOut<Again>>,
    long: Receiver<SentOut<LaneJob>>,
    back: Sender<SentOut<Back>>,
}

/// The two ends.
pub(super) fn pair() -> (Aside, PlannersEnd) {
    let (jobs, waiting) = bounded(ASIDE_MAX);
    // One long command at a time is out beside the plans.
    let (long, one) = bounded(1);
    let (done, back) = bounded(ASIDE_MAX + 1);
    let planner = PlannersEnd { jobs: waiting, long: one, back: done };
    (Aside { jobs, long, back, stops: 0, n_out: 0 }, planner)
}

impl Aside {
    /// Whether there is room for one more.
    pub(super) fn has_room(&self) -> bool {
        self.n_out < ASIDE_MAX
    }

    /// Sends a plan out to be made again.
    pub(super) fn send(&mut self, work: Box<dyn Replannable>, world: Arc<World>) {
        match self.jobs.try_send(SentOut { stops: self.stops, what: Again { work, world } }) {
            Ok(()) => self.n_out += 1,
            // The planners have ended: the engine ends too, and the caller hears of that.
            Err(error) => tracing::debug!(%error, "nobody plans again"),
        }
    }

    /// Sends something long out to be worked out; nothing else like it is out.
    pub(super) fn send_long(&mut self, job: LaneJob) {
        match self.long.try_send(SentOut { stops: self.stops, what: job }) {
            Ok(()) => self.n_out += 1,
            // As for a plan.
            Err(error) => tracing::debug!(%error, "nobody works it out"),
        }
    }

    /// What comes back.
    pub(super) fn back(&self) -> &Receiver<SentOut<Back>> {
        &self.back
    }

    /// What is out comes back for nothing: this node leads no more.
    pub(super) fn stop_leading(&mut self) {
        self.stops += 1;
    }

    /// Notes that one came back.
    pub(super) fn came(&mut self) {
        self.n_out -= 1;
    }

    /// One that is back, if there is one.
    pub(super) fn take(&mut self) -> Option<SentOut<Back>> {
        let back = self.back.try_recv().ok()?;
        self.came();
        Some(back)
    }

    /// Whether something is out.
    pub(super) fn is_out(&self) -> bool {
        self.n_out != 0
    }

    /// Waits for the next one that is out; none where it never comes back.
    pub(super) fn wait(&mut self) -> Option<SentOut<Back>> {
        let back = self.back.recv().ok();
        // Without planners nothing that is out comes back.
        self.n_out = back.as_ref().map_or(0, |_| self.n_out - 1);
        back
    }
}

impl PlannersEnd {
    /// Starts the threads; they end with the writer.
    pub(super) fn start(self, ending: &Ending) {
        for at in 0..PLANNERS {
            let (planner, ending) = (self.clone(), ending.clone());
            let thread = std::thread::Builder::new().name(format!("planner-{at}"));
            let run = move || {
                // A panic of it is the engine's end.
                // At the usual priority: whoever lost a race has waited longest, and others wait for it.
                let _ending = ending;
                while let Ok(again) = planner.jobs.recv() {
                    planner.plan(again);
                }
            };
            drop(thread.spawn(run).expect("a few threads can be had"));
        }
        let (planner, ending) = (self, ending.clone());
        let thread = std::thread::Builder::new().name("beside".to_string());
        // At the usual priority: others may be kept waiting until it is done.
        let run = move || {
            let _ending = ending;
            while let Ok(job) = planner.long.recv() {
                planner.work_out(job);
            }
        };
        drop(thread.spawn(run).expect("a few threads can be had"));
    }

    /// Makes one plan, or works out what is long, if one waits.
    pub(super) fn step(&self) -> bool {
        let plans = self.jobs.try_recv().map(|again| self.plan(again));
        plans.is_ok() || self.long.try_recv().map(|job| self.work_out(job)).is_ok()
    }

    fn work_out(&self, SentOut { stops, what: job }: SentOut<LaneJob>) {
        // A writer that has ended has nobody to answer to.
        drop(self.back.send(SentOut { stops, what: job.done().into() }));
    }

    fn plan(&self, SentOut { stops, what }: SentOut<Again>) {
        let Again { mut work, world } = what;
        let back = if work.plan_again(&world) { Back::Planned(work) } else { Back::GivenUp(work) };
        // A writer that has ended has refused what waited.
        drop(self.back.send(SentOut { stops, what: back }));
    }
}

impl From<WorkedOut> for Back {
    fn from(worked: WorkedOut) -> Self {
        Self::Worked(Box::new(worked))
    }
}
