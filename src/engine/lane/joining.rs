//! The writer's part of what is worked out beside it: what goes there, and what becomes of it when it comes back.

use super::{
    super::{command::deed::Work, error::Error, live::LookedUp, task::Task, writer::Writer},
    Came, Hold, LAST_STEP_MAX, Lane, LaneJob, PLACED_AT_ONCE, ROUNDS_MAX, TaskDone, TaskJob,
    UNNOTED_MAX, Way, Worked,
};
use crate::ledger::{Entry, Fork, Leap, Stamp};
use std::sync::Arc;

impl Writer {
    /// Whether something is worked out, or not in its place yet.
    pub(in crate::engine) fn is_lane_busy(&self) -> bool {
        self.lane.is_out || self.live.ledger.is_late()
    }

    /// Gives work back whose turn it is.
    pub(in crate::engine) fn pass_lane(&mut self, work: Work) -> Option<Work> {
        let queue = if self.lane.is_held(&*work, self.live.world()) {
            &mut self.lane.held
        } else if work.is_long(&self.live) && self.is_lane_busy() {
            &mut self.lane.waiting
        } else {
            return Some(work);
        };
        if let Some(work) = Lane::keep(queue, work) {
            if work.is_fenced() {
                self.fence.lower();
            }
            work.refuse(Error::Busy);
        }
        None
    }

    /// Moves many holds by a leap of the clock, beside the writer.
    pub(in crate::engine) fn begin_leap(&mut self, leap: Leap) {
        self.lane.is_leaping = true;
        self.send_out(Box::new(leap), self.live.stamp(), None);
    }

    pub(in crate::engine) fn begin(&mut self, task: Box<dyn Task>) {
        match self.look_up_task(&*task) {
            Ok(LookedUp::New(stamp)) => self.send_out(task, stamp, None),
            Ok(LookedUp::Before(entry)) => self.end(task, Ok(entry)),
            Err(error) => self.end(task, Err(error)),
        }
    }

    fn look_up_task(&self, task: &dyn Task) -> Result<LookedUp, Error> {
        match task.ticket() {
            Some(ticket) => self.live.look_up(ticket),
            None if self.live.room.is_full() => Err(Error::DiskFull),
            None => Ok(LookedUp::New(self.live.stamp())),
        }
    }

    fn send_out(&mut self, task: Box<dyn Task>, stamp: Stamp, lost: Option<Box<Fork>>) {
        let world = self.live.world().clone();
        let way = Way::Begin(world, Box::new(self.live.ledger.fork()));
        self.send_long(LaneJob::Work(Box::new(TaskJob { task, stamp, way, lost })));
    }

    pub(in crate::engine) fn send_long(&mut self, job: LaneJob) {
        self.lane.is_out = true;
        self.aside.send_long(job);
    }

    /// What was worked out becomes live, or is to be worked out further.
    pub(in crate::engine) fn come_back_long(&mut self, worked: Worked) {
        match worked {
            Worked::Work(done) => self.come_back_task(*done),
            Worked::Swap(done) => self.come_back_swap(*done),
            Worked::Notes(notes) => {
                self.live.ledger.take_back(*notes);
                self.free_lane();
            }
        }
    }

    /// Has it noted beside who takes from what, where much has changed since and nothing else is to be done there.
    pub(in crate::engine) fn note_takers(&mut self) {
        let is_free = !self.is_lane_busy() && self.lane.waiting.is_empty();
        if is_free && UNNOTED_MAX <= self.live.ledger.ahead() {
            let notes = self.live.ledger.notes();
            self.send_long(LaneJob::Notes(Box::new(notes)));
        }
    }

    fn come_back_task(&mut self, done: TaskDone) {
        let TaskDone { task, stamp, came } = done;
        let is_heard = task.ticket().is_none_or(|ticket| !ticket.patience.is_over());
        // It may be too late by now, or there is no room for it any more.
        let seen = if is_heard { self.look_up_task(&*task) } else { Err(Error::DeadlineExceeded) };
        let fork = match (seen, came) {
            (Err(error), _) | (Ok(LookedUp::New(_)), Came::Refused(error)) => {
                return self.end(task, Err(error));
            }
            (Ok(LookedUp::Before(entry)), _) => return self.end(task, Ok(entry)),
            (Ok(LookedUp::New(_)), Came::GivenUp) => {
                return self.end(task, Err(Error::DeadlineExceeded));
            }
            (Ok(LookedUp::New(_)), Came::Lost(fork)) => {
                return self.work_out_anew(task, stamp, fork);
            }
            (Ok(LookedUp::New(_)), Came::Forked(fork)) => fork,
        };
        if LAST_STEP_MAX < fork.behind(self.live.world()) {
            self.lane.n_rounds += 1;
            if ROUNDS_MAX <= self.lane.n_rounds {
                self.lane.hold = Some(Hold::All);
            }
            let way = Way::CatchUp(fork, self.live.world().clone());
            let lost = None;
            return self.send_long(LaneJob::Work(Box::new(TaskJob { task, stamp, way, lost })));
        }
        if let Some(leap) = task.leap() {
            self.leap_by(leap);
        }
        match self.live.ledger.join(fork, self.live.now) {
            Ok(entry) => {
                let entry = self.live.keep(entry);
                self.n_lines += task.n_lines();
                self.end(task, Ok(entry));
            }
            Err(fork) => self.work_out_anew(task, stamp, fork),
        }
    }

    /// What it was worked out from has changed: it is worked out anew, and who would change that again waits.
    fn work_out_anew(&mut self, task: Box<dyn Task>, stamp: Stamp, fork: Box<Fork>) {
        self.lane.n_lost += 1;
        let print = fork.footprint();
        self.lane.hold = Some(match self.lane.n_lost {
            1 if !print.makes() => Hold::Of(print),
            _ => Hold::All,
        });
        self.send_out(task, stamp, Some(fork));
    }

    /// It is done, or refused.
    fn end(&mut self, task: Box<dyn Task>, done: Result<Arc<Entry>, Error>) {
        self.free_lane();
        self.pending.extend(task.pending(done));
    }

    /// The next one may come, and who was kept waiting goes on.
    pub(in crate::engine) fn free_lane(&mut self) {
        let lane = &mut self.lane;
        (lane.is_out, lane.is_leaping, lane.hold) = (false, false, None);
        (lane.n_lost, lane.n_rounds) = (0, 0);
        lane.released.append(&mut lane.held);
    }

    /// Says of some promises that the entry changed which was joined last which entry that is.
    pub(in crate::engine) fn place_some(&mut self) {
        if self.live.ledger.is_late() {
            self.live.ledger.place(PLACED_AT_ONCE);
        }
        if !self.live.ledger.is_late()
            && let Some(swapped) = self.lane.swapped.take()
        {
            self.swapped(*swapped);
        }
    }
}
