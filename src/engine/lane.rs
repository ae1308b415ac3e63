//! Commands that may take long are worked out beside the writer, one after the other (issue 18 item 4).
//!
//! A change of planning data, a scenario that is applied, a step of many promises, a leap of the clock over many holds, a swap
//! to another snapshot: each is done on a fork of the live ledger by a thread of its own, while the writer goes on, and then joined
//! (`ledger/fork.rs`). What is left to the writer is in proportion to what happened meanwhile. If that was much, the
//! fork catches up beside the writer first. If it changed what the command was worked out from, that is worked
//! out anew; then who would change it again is kept waiting (and nobody else), and after that whoever would change
//! anything: so nobody starves. What waits here keeps the order in which it came.

use super::{
    activate::{Swap, SwapDone, SwapJob, Swapped},
    aside::Back,
    error::Error,
    perform::{Seen, confirmed},
    task::Task,
    work::{Verb, Work},
    writer::Writer,
};
use crate::{
    ledger::{Entry, Footprint, Fork, Leap, Ledger, Stamp, World},
    limits::BATCH_MAX,
    promising::patience::{GivenUp, heard_out_here},
};
use std::{collections::VecDeque, sync::Arc};

/// So many promises are left for the writer to catch up with.
pub(super) const LAST_STEP_MAX: usize = 200;

/// How often a fork catches up beside the writer before nothing is changed any more until it is joined: each time
/// less has come in between.
pub(super) const ROUNDS_MAX: u32 = 8;

/// Promises of which the writer says at once by which entry they were changed.
pub(super) const PLACED_AT_ONCE: usize = 256;

/// The writer's end of it.
#[derive(Debug)]
pub(super) struct Lane {
    /// A step of so many promises, or a leap over so many holds, is done by the writer itself.
    small: u64,
    /// Whether something is being worked out.
    is_out: bool,
    is_leaping: bool,
    /// How often it was lost, and how often it has caught up.
    n_lost: u32,
    n_rounds: u32,
    hold: Option<Hold>,
    /// Who is kept waiting.
    held: VecDeque<Work>,
    /// Who was, and whose turn it is.
    released: VecDeque<Work>,
    /// What is to be worked out next.
    waiting: VecDeque<Work>,
    /// A swap that is done as soon as all of it is in its place.
    swapped: Option<Box<(Swap, Swapped)>>,
}

/// Who is kept waiting.
#[derive(Debug)]
enum Hold {
    /// Whoever would change what something is worked out from.
    Of(Arc<Footprint>),
    /// Whoever would change anything.
    All,
    /// The same, and who would only have something noted.
    Still,
}

/// What is done beside the writer.
#[derive(Debug)]
pub(super) enum Job {
    Work(Box<TaskJob>),
    Swap(Box<SwapJob>),
}

/// What comes back.
#[derive(Debug)]
pub(super) enum Worked {
    Work(Box<TaskDone>),
    Swap(Box<SwapDone>),
}

impl Job {
    /// Does it.
    pub(super) fn done(self) -> Worked {
        match self {
            Self::Work(job) => Worked::Work(Box::new(job.done())),
            Self::Swap(job) => job.done().into(),
        }
    }
}

/// Something to be worked out, or to catch up.
#[derive(Debug)]
pub(super) struct TaskJob {
    task: Task,
    stamp: Stamp,
    way: Way,
    /// What came of it before, to be freed where nobody waits for that.
    lost: Option<Box<Fork>>,
}

#[derive(Debug)]
enum Way {
    /// On the fork of a world.
    Begin(World, Box<Ledger>),
    /// With a world that is younger.
    CatchUp(Box<Fork>, World),
}

/// What came of it.
#[derive(Debug)]
pub(super) struct TaskDone {
    task: Task,
    stamp: Stamp,
    came: Came,
}

#[derive(Debug)]
enum Came {
    Forked(Box<Fork>),
    Refused(Error),
    /// What it was worked out from has changed.
    Lost(Box<Fork>),
    /// Nobody waits for it any more.
    GivenUp,
}

impl TaskJob {
    fn done(self) -> TaskDone {
        let Self { task, stamp, way, lost } = self;
        drop(lost);
        let came = match way {
            Way::Begin(base, mut ledger) => {
                let patience = task.ticket().map(|ticket| ticket.patience.clone());
                let work = || task.work(&mut ledger, stamp.clone());
                let done = heard_out_here(&patience.unwrap_or_default(), work);
                match done {
                    Ok(Ok(entry)) => Came::Forked(Box::new(Fork::new(base, *ledger, entry))),
                    Ok(Err(error)) => Came::Refused(error),
                    Err(GivenUp) => Came::GivenUp,
                }
            }
            Way::CatchUp(mut fork, live) => match fork.catch_up(&live) {
                Ok(()) => Came::Forked(fork),
                Err(_) => Came::Lost(fork),
            },
        };
        TaskDone { task, stamp, came }
    }
}

impl Lane {
    pub(super) fn new(small: u64) -> Self {
        Self {
            small,
            is_out: false,
            is_leaping: false,
            n_lost: 0,
            n_rounds: 0,
            hold: None,
            held: VecDeque::new(),
            released: VecDeque::new(),
            waiting: VecDeque::new(),
            swapped: None,
        }
    }

    /// Whether a leap is being worked out.
    pub(super) fn is_leaping(&self) -> bool {
        self.is_leaping
    }

    /// Whether so many promises are few enough for the writer.
    pub(super) fn is_small(&self, n: usize) -> bool {
        n as u64 <= self.small
    }

    /// Whether nothing may change until what was worked out is joined.
    pub(super) fn holds_all(&self) -> bool {
        matches!(self.hold, Some(Hold::All | Hold::Still))
    }

    /// Whether not even an entry may be made that changes nothing.
    pub(super) fn is_still(&self) -> bool {
        matches!(self.hold, Some(Hold::Still))
    }

    /// Notes a swap that is done as soon as all of it is in its place.
    pub(super) fn put_in_place(&mut self, swap: Swap, swapped: Swapped) {
        self.swapped = Some(Box::new((swap, swapped)));
    }

    /// Lets nothing be done any more until the lane is free.
    pub(super) fn stand_still(&mut self) {
        self.hold = Some(Hold::Still);
    }

    /// Whether somebody waits whose turn has come.
    pub(super) fn has_next(&self) -> bool {
        !self.released.is_empty() || (!self.is_out && !self.waiting.is_empty())
    }

    /// The next one whose turn has come.
    pub(super) fn next(&mut self) -> Option<Work> {
        let waiting = if self.is_out { None } else { self.waiting.pop_front() };
        waiting.or_else(|| self.released.pop_front())
    }

    /// Keeps work waiting; too many are told to come back.
    fn keep(queue: &mut VecDeque<Work>, work: Work) -> Option<Work> {
        if BATCH_MAX <= queue.len() {
            return Some(work);
        }
        queue.push_back(work);
        None
    }

    /// Whether work would change what is not to be changed now.
    fn is_held(&self, work: &Work, world: &World) -> bool {
        let Some(hold) = &self.hold else { return false };
        let is_met = |number: u64| match (hold, world.reservation(number)) {
            (Hold::All | Hold::Still, _) => true,
            (Hold::Of(print), Some(found)) => print.meets(&world.snapshot, found),
            (Hold::Of(_), None) => false,
        };
        match (work, hold) {
            (Work::Promise(work, _), Hold::Of(print)) => {
                let mut takes = work.planned.takes();
                let mut lines = work.planned.order_lines();
                takes.any(|account| print.has(&world.snapshot, account))
                    || lines.any(|(order, line)| print.is_about(order, line))
            }
            (Work::Amend(work, _), Hold::Of(print)) => {
                let mut takes = work.planned.takes();
                is_met(work.number) || takes.any(|account| print.has(&world.snapshot, account))
            }
            (Work::Change(_, verb, _), Hold::Of(_)) => match verb {
                Verb::Confirm { number, .. }
                | Verb::Cancel { number, .. }
                | Verb::Reopen { number } => is_met(*number),
                Verb::Fulfil { which, .. } => confirmed(world, which).is_ok_and(is_met),
            },
            (Work::Many(_, work, _), Hold::Of(_)) => {
                let numbers = work.selection.numbers(world, work.step.step());
                numbers.is_ok_and(|numbers| numbers.into_iter().any(is_met))
            }
            (
                Work::Promise(..) | Work::Amend(..) | Work::Change(..) | Work::Many(..),
                Hold::All | Hold::Still,
            )
            | (Work::Remember(..) | Work::Acknowledge(..) | Work::Note(..), Hold::Still) => true,
            (
                Work::Recall(..)
                | Work::Activate(..)
                | Work::Rearrange(..)
                | Work::Find(..)
                | Work::Net(..)
                | Work::Tick(_)
                | Work::Stop,
                Hold::Of(_) | Hold::All | Hold::Still,
            )
            | (
                Work::Remember(..) | Work::Acknowledge(..) | Work::Note(..),
                Hold::Of(_) | Hold::All,
            ) => false,
        }
    }
}

impl Writer {
    /// Whether something is worked out, or not in its place yet.
    pub(super) fn is_lane_busy(&self) -> bool {
        self.lane.is_out || self.ledger.is_late()
    }

    /// Gives work back that the writer does itself, now.
    pub(super) fn pass_lane(&mut self, work: Work) -> Option<Work> {
        let world = self.ledger.world();
        let left = if self.lane.is_held(&work, world) {
            Lane::keep(&mut self.lane.held, work)
        } else if !self.is_long(&work) {
            return Some(work);
        } else if self.is_lane_busy() {
            Lane::keep(&mut self.lane.waiting, work)
        } else {
            match Task::of(work) {
                Ok(task) => self.begin(task),
                Err(Work::Activate(work, caller)) => self.begin_swap(*work, caller),
                Err(_) => unreachable!("nothing else is long"),
            }
            None
        };
        if let Some(work) = left {
            if work.is_fenced() {
                self.fence.lower();
            }
            work.refuse(Error::Busy);
        }
        None
    }

    fn is_long(&self, work: &Work) -> bool {
        match work {
            Work::Net(..) | Work::Rearrange(..) | Work::Activate(..) => true,
            Work::Many(_, work, _) => {
                let n = work.selection.n_at_most(self.ledger.world());
                !self.lane.is_small(n)
            }
            Work::Promise(..)
            | Work::Amend(..)
            | Work::Change(..)
            | Work::Recall(..)
            | Work::Find(..)
            | Work::Remember(..)
            | Work::Acknowledge(..)
            | Work::Note(..)
            | Work::Tick(_)
            | Work::Stop => false,
        }
    }

    /// Moves many holds by a leap of the clock, beside the writer.
    pub(super) fn begin_leap(&mut self, leap: Leap) {
        self.lane.is_leaping = true;
        self.send_out(Task::Leap(leap), Stamp::at(self.now), None);
    }

    fn begin(&mut self, task: Task) {
        match self.look_up_task(&task) {
            Ok(Seen::New(stamp)) => self.send_out(task, stamp, None),
            Ok(Seen::Before(entry)) => self.end(task, Ok(entry)),
            Err(error) => self.end(task, Err(error)),
        }
    }

    fn look_up_task(&self, task: &Task) -> Result<Seen, Error> {
        match task.ticket() {
            Some(ticket) => self.look_up(ticket.clone()),
            None => Ok(Seen::New(Stamp::at(self.now))),
        }
    }

    fn send_out(&mut self, task: Task, stamp: Stamp, lost: Option<Box<Fork>>) {
        let world = self.ledger.world().clone();
        let way = Way::Begin(world, Box::new(self.ledger.fork()));
        self.send_long(Job::Work(Box::new(TaskJob { task, stamp, way, lost })));
    }

    pub(super) fn send_long(&mut self, job: Job) {
        self.lane.is_out = true;
        self.aside.send_long(job);
    }

    /// What was worked out becomes live, or is to be worked out further.
    pub(super) fn come_back_long(&mut self, worked: Worked) {
        match worked {
            Worked::Work(done) => self.come_back_task(*done),
            Worked::Swap(done) => self.come_back_swap(*done),
        }
    }

    fn come_back_task(&mut self, done: TaskDone) {
        let TaskDone { task, stamp, came } = done;
        let is_heard = task.ticket().is_none_or(|ticket| !ticket.patience.is_over());
        // It may be too late by now, or there is no room for it any more.
        let seen = if is_heard { self.look_up_task(&task) } else { Err(Error::DeadlineExceeded) };
        let fork = match (seen, came) {
            (Err(error), _) | (Ok(Seen::New(_)), Came::Refused(error)) => {
                return self.end(task, Err(error));
            }
            (Ok(Seen::Before(entry)), _) => return self.end(task, Ok(entry)),
            (Ok(Seen::New(_)), Came::GivenUp) => {
                return self.end(task, Err(Error::DeadlineExceeded));
            }
            (Ok(Seen::New(_)), Came::Lost(fork)) => return self.work_out_anew(task, stamp, fork),
            (Ok(Seen::New(_)), Came::Forked(fork)) => fork,
        };
        if LAST_STEP_MAX < fork.behind(self.ledger.world()) {
            self.lane.n_rounds += 1;
            if ROUNDS_MAX <= self.lane.n_rounds {
                self.lane.hold = Some(Hold::All);
            }
            let way = Way::CatchUp(fork, self.ledger.world().clone());
            let lost = None;
            return self.send_long(Job::Work(Box::new(TaskJob { task, stamp, way, lost })));
        }
        if let Task::Leap(leap) = &task {
            self.leap_by(*leap);
        }
        match self.ledger.join(fork, self.now) {
            Ok(entry) => {
                let entry = self.keep(entry);
                self.n_lines += task.n_lines();
                self.end(task, Ok(entry));
            }
            Err(fork) => self.work_out_anew(task, stamp, fork),
        }
    }

    /// What it was worked out from has changed: it is worked out anew, and who would change that again waits.
    fn work_out_anew(&mut self, task: Task, stamp: Stamp, fork: Box<Fork>) {
        self.lane.n_lost += 1;
        let print = fork.footprint();
        self.lane.hold = Some(match self.lane.n_lost {
            1 if !print.makes() => Hold::Of(print),
            _ => Hold::All,
        });
        self.send_out(task, stamp, Some(fork));
    }

    /// It is done, or refused.
    fn end(&mut self, task: Task, done: Result<Arc<Entry>, Error>) {
        self.free_lane();
        self.pending.extend(task.pending(done));
    }

    /// The next one may come, and who was kept waiting goes on.
    pub(super) fn free_lane(&mut self) {
        let lane = &mut self.lane;
        (lane.is_out, lane.is_leaping, lane.hold) = (false, false, None);
        (lane.n_lost, lane.n_rounds) = (0, 0);
        lane.released.append(&mut lane.held);
    }

    /// Says of some promises that the entry changed which was joined last which entry that is.
    pub(super) fn place_some(&mut self) {
        if self.ledger.is_late() {
            self.ledger.place(PLACED_AT_ONCE);
        }
        if !self.ledger.is_late()
            && let Some(swapped) = self.lane.swapped.take()
        {
            self.swapped(*swapped);
        }
    }
}

impl From<Worked> for Back {
    fn from(worked: Worked) -> Self {
        Self::Worked(Box::new(worked))
    }
}
