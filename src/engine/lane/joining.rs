//! The writer's part of what is worked out beside it: what goes there, and what becomes of it when it comes back.

use super::{
    super::{
        command::deed::{Beside, Performed, Work},
        error::Error,
        live::LookedUp,
        remembered::DoneBefore,
        task::Task,
        writer::Writer,
    },
    Came, Hold, LAST_STEP_MAX, LaneEnd, LaneJob, PLACED_AT_ONCE, Part, ROUNDS_MAX, TaskDone,
    TaskJob, UNNOTED_MAX, Way, WorkedOut,
};
use crate::ledger::{Entry, Fork, Leap};

impl Writer {
    /// Whether something is worked out, or not in its place yet.
    pub(in crate::engine) fn is_lane_busy(&self) -> bool {
        self.lane.is_out || self.live.ledger.is_late()
    }

    /// Gives work back that nobody has asked for before who still waits for his turn: whatever comes from outside is looked
    /// at here, so whoever drives the writer, a repetition does not overtake its first.
    pub(in crate::engine) fn behind_its_first(&mut self, work: Work) -> Option<Work> {
        match self.lane.queue_of_first(&*work) {
            Some(queue) => {
                let left = LaneEnd::keep(queue, work);
                self.turn_away(left);
                None
            }
            None => Some(work),
        }
    }

    /// Gives work back whose turn it is.
    pub(in crate::engine) fn pass_lane(&mut self, work: Work) -> Option<Work> {
        let lane = &self.lane;
        let queue = if lane.is_held(&*work, self.live.world())
            || LaneEnd::has_first_of(&lane.held, &*work)
        {
            &mut self.lane.held
        } else if work.is_long(&self.live) && self.is_lane_busy() {
            &mut self.lane.waiting
        } else {
            return Some(work);
        };
        let left = LaneEnd::keep(queue, work);
        self.turn_away(left);
        None
    }

    /// Tells one for whom there is no room to come back.
    fn turn_away(&mut self, left: Option<Work>) {
        let Some(work) = left else { return };
        if work.is_fenced() {
            self.fence.lower();
        }
        work.refuse(Error::Busy);
    }

    /// Moves many holds by a leap of the clock, beside the writer.
    pub(in crate::engine) fn begin_leap(&mut self, leap: Leap) {
        self.lane.is_leaping = true;
        let part = Part { task: Box::new(leap), stamp: self.live.stamp(), refused: None };
        self.send_out(vec![part], None);
    }

    /// Has a task worked out, and with it those like it that wait next.
    pub(in crate::engine) fn begin(&mut self, task: Box<dyn Task>) {
        let mut parts = Vec::new();
        self.add(&mut parts, task);
        while let Some(work) = self.lane.next_together(&parts) {
            match work.perform(&mut self.live) {
                Performed::Beside(Beside::Task(task)) => self.add(&mut parts, task),
                Performed::Beside(Beside::Swap(_)) | Performed::Done(_) | Performed::Lost(_) => {
                    unreachable!("one of many is worked out beside the writer")
                }
            }
        }
        self.send_out(parts, None);
    }

    /// Looks a task up, and answers it where that is all there is to do.
    fn add(&mut self, parts: &mut Vec<Part>, task: Box<dyn Task>) {
        match self.look_up_task(&*task) {
            Ok(LookedUp::New(stamp)) => parts.push(Part { task, stamp, refused: None }),
            Ok(LookedUp::Before(found)) => self.answer(task, Ok(found)),
            Err(error) => self.answer(task, Err(error)),
        }
    }

    fn look_up_task(&self, task: &dyn Task) -> Result<LookedUp, Error> {
        match task.ticket() {
            Some(ticket) => self.live.look_up(ticket),
            None if self.live.room.is_full() => Err(Error::DiskFull),
            None => Ok(LookedUp::New(self.live.stamp())),
        }
    }

    /// Has tasks worked out, if there are any.
    fn send_out(&mut self, parts: Vec<Part>, lost: Option<Box<Fork>>) {
        if parts.is_empty() {
            return self.free_lane();
        }
        let world = self.live.world().clone();
        let way = Way::Begin(world, Box::new(self.live.ledger.fork()));
        self.send_long(LaneJob::Work(Box::new(TaskJob { parts, way, lost })));
    }

    pub(in crate::engine) fn send_long(&mut self, job: LaneJob) {
        self.lane.is_out = true;
        self.aside.send_long(job);
    }

    /// What was worked out becomes live, or is to be worked out further.
    pub(in crate::engine) fn come_back_long(&mut self, worked: WorkedOut) {
        match worked {
            WorkedOut::Work(done) => self.come_back_task(*done),
            WorkedOut::Swap(done) => self.come_back_swap(*done),
            WorkedOut::Notes(notes) => {
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
        let TaskDone { mut parts, came } = done;
        let fork = match came {
            Came::GivenUp(at) => {
                let gone = parts.remove(at);
                self.answer(gone.task, Err(Error::DeadlineExceeded));
                return self.work_out_anew(parts, None);
            }
            Came::Lost(fork) => return self.lost(parts, fork),
            Came::Nothing => None,
            Came::Forked(fork) => Some(fork),
        };
        let n_parts = parts.len();
        let parts = self.still_wanted(parts);
        let Some(fork) = fork else {
            return self.end(parts, Vec::new());
        };
        if parts.len() < n_parts {
            // The others were worked out on what is not done.
            return self.work_out_anew(parts, Some(fork));
        }
        if LAST_STEP_MAX < fork.behind(self.live.world()) {
            self.lane.n_rounds += 1;
            if ROUNDS_MAX <= self.lane.n_rounds {
                self.lane.hold = Some(Hold::All);
            }
            let way = Way::CatchUp(fork, self.live.world().clone());
            return self.send_long(LaneJob::Work(Box::new(TaskJob { parts, way, lost: None })));
        }
        if let Some(leap) = parts[0].task.leap() {
            self.leap_by(leap);
        }
        match self.live.ledger.join(fork, self.live.now) {
            Ok(entries) => self.end(parts, entries),
            Err(fork) => self.lost(parts, fork),
        }
    }

    /// Answers those for whom it is too late by now, that were done before, or for which there is no room any more;
    /// gives the others.
    fn still_wanted(&mut self, parts: Vec<Part>) -> Vec<Part> {
        let mut wanted = Vec::with_capacity(parts.len());
        for part in parts {
            let ticket = part.task.ticket();
            let is_heard = ticket.is_none_or(|ticket| !ticket.patience.is_over());
            let seen = match is_heard {
                true => self.look_up_task(&*part.task),
                false => Err(Error::DeadlineExceeded),
            };
            match seen {
                Ok(LookedUp::New(_)) => wanted.push(part),
                // Nothing was done on a refusal.
                Ok(LookedUp::Before(_)) | Err(_) if part.refused.is_some() => wanted.push(part),
                Ok(LookedUp::Before(found)) => self.answer(part.task, Ok(found)),
                Err(error) => self.answer(part.task, Err(error)),
            }
        }
        wanted
    }

    /// What they were worked out from has changed: who would change that again waits.
    fn lost(&mut self, parts: Vec<Part>, fork: Box<Fork>) {
        self.lane.n_lost += 1;
        let print = fork.footprint();
        self.lane.hold = Some(match self.lane.n_lost {
            1 if !print.makes() => Hold::Of(print),
            _ => Hold::All,
        });
        self.work_out_anew(parts, Some(fork));
    }

    fn work_out_anew(&mut self, mut parts: Vec<Part>, lost: Option<Box<Fork>>) {
        parts.iter_mut().for_each(|part| part.refused = None);
        self.send_out(parts, lost);
    }

    /// They are done, or refused: each is answered, in order.
    fn end(&mut self, parts: Vec<Part>, entries: Vec<Entry>) {
        self.free_lane();
        let mut entries = entries.into_iter();
        for Part { task, refused, .. } in parts {
            let done = match refused {
                Some(error) => Err(error),
                None => {
                    self.n_lines += task.n_lines();
                    let entry = entries.next().expect("each that is not refused has one");
                    Ok(DoneBefore::now(self.live.keep(entry)))
                }
            };
            self.answer(task, done);
        }
    }

    fn answer(&mut self, task: Box<dyn Task>, done: Result<DoneBefore, Error>) {
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
