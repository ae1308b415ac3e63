//! The one thread that changes the world.
//!
//! It takes what waits in the queue, ends the holds that are due, and does each command on the live ledger,
//! in memory. What it did since then is handed over as one group whenever the journal's thread
//! (`durable.rs`) is free: that thread makes it durable, publishes the new world, and only then answers.
//! Batches, back pressure and group commit all come from the one bounded queue; nothing is copied, and no
//! lock is taken.
//!
//! Invariant: groups are handed over in the order of their entries.

use super::{
    aside::{Aside, Back, Sent},
    clock::Moment,
    current::Current,
    durable::{Gone, Group, Kind, Link},
    ending::{Ending, Stopped},
    error::Error,
    fence::Fence,
    forgetting::Forgetting,
    lane::Lane,
    pending::Pending,
    remembered::Remembered,
    room::{LINES_A_GROUP, Room},
    standing::Standing,
    time::Time,
    traced::Stage,
    work::Work,
};
use crate::{
    ledger::{Entry, Leap, Ledger},
    limits,
};
use crossbeam::channel::{Receiver, select};
use std::{collections::VecDeque, sync::Arc, time::Duration};

/// How long a writer without room sleeps: as long as the journal's thread, which looks for some.
const NO_ROOM_SLEEP: Duration = Duration::from_secs(1);

/// What the thread owns.
pub(super) struct Writer {
    pub(super) queue: Receiver<Work>,
    pub(super) time: Arc<Time>,
    pub(super) ledger: Ledger,
    /// The world that is durable.
    pub(super) durable: Arc<Current>,
    pub(super) remembered: Remembered,
    /// Where slow plans are made again.
    pub(super) aside: Aside,
    /// Who waits for one of them.
    pub(super) fence: Fence,
    /// What is long is worked out beside.
    pub(super) lane: Lane,
    /// What was done and not yet handed over.
    pub(super) entries: Vec<Arc<Entry>>,
    pub(super) pending: Vec<Pending>,
    /// Groups that nothing may be added to, oldest first.
    pub(super) closed: VecDeque<Group>,
    /// Lines of what was done and not yet handed over.
    pub(super) n_lines: usize,
    pub(super) room: Room,
    pub(super) forgetting: Forgetting,
    pub(super) standing: Standing,
    /// Engine time in this turn.
    pub(super) now: i64,
    /// The steady clock in this turn.
    pub(super) moment: Moment,
}

/// Why the thread woke up.
enum Woken {
    Work(Work),
    /// A plan was made again beside the writer.
    Back(Sent<Back>),
    /// A hold may be due.
    Due,
    /// The journal's thread takes the next group.
    Free,
    /// Nobody holds the engine any more.
    Alone,
    /// The journal's thread has ended.
    Gone,
}

/// Whether the thread goes on.
enum Then {
    GoOn,
    Stop,
}

/// What is to be done next.
enum Next {
    Work(Work),
    /// What was planned again beside the writer.
    Back(Sent<Back>),
}

impl Writer {
    /// The thread's whole life.
    pub(super) fn run(mut self, link: Link, mut ending: Ending) {
        // Where the journal has failed, its thread has told so.
        let _served = self.serve(&link);
        // What still waits was not done; the journal is closed before anybody hears of the end.
        while let Ok(work) = self.queue.try_recv() {
            work.refuse(Error::Stopped);
        }
        drop(self);
        link.close();
        ending.tell(Stopped::Asked);
    }

    fn serve(&mut self, link: &Link) -> Result<(), Gone> {
        loop {
            let next = match self.wait(link) {
                Woken::Work(work) => self.batch(Some(Next::Work(work))),
                Woken::Back(back) => {
                    self.aside.came();
                    self.batch(Some(Next::Back(back)))
                }
                Woken::Due => self.batch(None),
                Woken::Free => {
                    self.hand_over(link)?;
                    Then::GoOn
                }
                Woken::Alone => Then::Stop,
                Woken::Gone => return Err(Gone),
            };
            match next {
                Then::Stop => return self.finish(link),
                Then::GoOn if self.has_group() && link.free.try_recv().is_ok() => {
                    self.hand_over(link)?;
                }
                Then::GoOn => (),
            }
        }
    }

    /// Whether all that was done is handed over.
    fn is_idle(&self) -> bool {
        self.closed.is_empty() && self.entries.is_empty() && self.pending.is_empty()
    }

    /// Whether something was done that can be handed over.
    fn has_group(&self) -> bool {
        !self.is_idle() && !self.ledger.is_late()
    }

    /// Sleeps until there is something to do.
    fn wait(&self, link: &Link) -> Woken {
        let is_full = self.is_full();
        if self.is_behind() {
            return Woken::Due;
        }
        let left = self.until_due();
        if self.is_idle() {
            return select! {
                recv(self.queue) -> work => work.map_or(Woken::Alone, Woken::Work),
                recv(self.aside.back()) -> work => work.map_or(Woken::Gone, Woken::Back),
                default(left) => Woken::Due,
            };
        }
        if is_full {
            // The journal is slower than we are: the queue fills, and callers are told so.
            return link.free.recv().map_or(Woken::Gone, |()| Woken::Free);
        }
        select! {
            recv(link.free) -> token => token.map_or(Woken::Gone, |()| Woken::Free),
            recv(self.queue) -> work => work.map_or(Woken::Alone, Woken::Work),
            recv(self.aside.back()) -> work => work.map_or(Woken::Gone, Woken::Back),
            default(left) => Woken::Due,
        }
    }

    /// How long until a hold is due.
    fn until_due(&self) -> Duration {
        if !self.standing.leads() {
            // Nothing ends here by itself.
            return NO_ROOM_SLEEP;
        }
        let left = self.time.until(self.ledger.next_due());
        // Where there is no room nothing ends; nor while nothing is to change.
        let is_still = self.room.is_full() || self.lane.holds_all();
        if is_still { left.max(NO_ROOM_SLEEP) } else { left }
    }

    /// Does what waits, in memory.
    fn batch(&mut self, first: Option<Next>) -> Then {
        self.look_at_the_clock();
        self.remembered.durable_to(self.durable.pin().position);
        self.place_some();
        if self.standing.leads() {
            // A follower forgets as its leader did: it goes by the entries, not by its own clock.
            self.remembered.forget(self.now);
        }
        self.expire();
        let mut n_done = 0;
        let mut next = first.or_else(|| self.next());
        while let Some(one) = next {
            match one {
                Next::Work(Work::Stop) => return Then::Stop,
                Next::Work(Work::Stand(stand, caller)) => self.stand(stand, caller),
                next @ (Next::Work(_) | Next::Back(_)) => n_done += self.take(next),
            }
            next = if self.is_full() { None } else { self.next() };
        }
        self.forget_some(n_done);
        self.note_takers();
        Then::GoOn
    }

    /// Does one thing; gives how many lines it was of.
    fn take(&mut self, next: Next) -> usize {
        let n_before = self.pending.len();
        let n_lines = match next {
            Next::Work(work) => {
                let n_lines = work.n_lines();
                if let Some(traced) = work.trace() {
                    traced.on_to(Stage::Commit);
                }
                self.perform(work);
                n_lines
            }
            Next::Back(back) => {
                self.come_back(back);
                1
            }
        };
        let done = self.pending.get(n_before..).unwrap_or_default();
        done.iter().filter_map(Pending::trace).for_each(|traced| traced.on_to(Stage::Sync));
        n_lines
    }

    /// Whether as much was done and not yet handed over as there may be.
    fn is_full(&self) -> bool {
        limits::BATCH_MAX <= self.pending.len().max(self.entries.len())
            || LINES_A_GROUP <= self.n_lines
    }

    /// Goes on to what the clocks show. Where engine time follows the wall, all that runs out is moved first.
    fn look_at_the_clock(&mut self) {
        // A leap is an entry: it waits until there is room for one.
        let waits = !self.standing.leads()
            || self.room.is_full()
            || self.lane.is_leaping()
            || self.lane.is_still();
        let leap = if waits { None } else { self.time.due_leap() };
        self.now = self.time.now();
        self.moment = self.time.steady();
        let Some(leap) = leap else { return };
        if self.lane.is_small(self.ledger.n_due()) {
            self.leap_by(leap);
            let stamp = self.stamp();
            self.entries.push(Arc::new(self.ledger.leap(leap).commit(stamp)));
        } else if !self.is_lane_busy() {
            self.begin_leap(leap);
        }
    }

    /// Engine time follows the wall; the entry that says so is made next.
    pub(super) fn leap_by(&mut self, leap: Leap) {
        let seconds = leap.by / 1_000_000;
        tracing::warn!(seconds, "the clock has leapt; holds are moved by as much");
        self.time.leap(leap);
        self.now = self.time.now();
        self.remembered.leap(leap, self.ledger.world().position + 1);
    }

    /// What is to be done next, if anything waits: first what was planned again, then who waited for that.
    fn next(&mut self) -> Option<Next> {
        let back = self.aside.take().map(Next::Back);
        let waited = back.or_else(|| self.next_waiting().map(Next::Work));
        waited.or_else(|| self.queue.try_recv().ok().map(Next::Work))
    }

    /// Who has waited for something that was worked out beside, and whose turn it is.
    fn next_waiting(&mut self) -> Option<Work> {
        if self.ledger.is_late() {
            return self.fence.next();
        }
        self.fence.next().or_else(|| self.lane.next())
    }

    /// Ends the holds that are due, as many as one group takes; the others with the next one.
    fn expire(&mut self) {
        let stamp = self.stamp();
        while self.standing.leads()
            && !self.is_full()
            && !self.room.is_full()
            && !self.lane.holds_all()
            && let Some(admitted) = self.ledger.expire(self.now)
        {
            self.entries.push(Arc::new(admitted.commit(stamp.clone())));
        }
    }

    /// Gives what was done to the journal's thread, whose token was taken.
    fn hand_over(&mut self, link: &Link) -> Result<(), Gone> {
        self.take_group().map_or(Ok(()), |group| link.hand_over(group))
    }

    /// Puts what was done so far into a group of its own.
    pub(super) fn close_group(&mut self) {
        self.close_group_as(Kind::Made);
    }

    /// The same, of what came about in another way.
    pub(super) fn close_group_as(&mut self, kind: Kind) {
        if let Some(group) = self.open_group() {
            self.closed.push_back(Group { kind, ..group });
        }
    }

    /// The oldest of what was done and not yet handed over, if it is all in its place.
    pub(super) fn take_group(&mut self) -> Option<Group> {
        if self.ledger.is_late() {
            return None;
        }
        self.closed.pop_front().or_else(|| self.open_group())
    }

    fn open_group(&mut self) -> Option<Group> {
        if self.entries.is_empty() && self.pending.is_empty() {
            return None;
        }
        self.n_lines = 0;
        let entries = std::mem::take(&mut self.entries);
        let pending = std::mem::take(&mut self.pending);
        let world = Arc::new(self.ledger.world().clone());
        Some(Group { entries, world, pending, kind: Kind::Made })
    }

    /// Whether there is something to do for it that nobody brings.
    pub(super) fn is_behind(&self) -> bool {
        let has_next = self.fence.has_next() || self.lane.has_next();
        self.ledger.is_late() || (has_next && !self.is_full())
    }

    /// Does what waits, without waiting for more.
    pub(super) fn step(&mut self) {
        let first = self.next();
        // Where it is told to stop, whoever steps it just steps it no more.
        let _next = self.batch(first);
    }

    /// Does what is planned again beside it, and hands over the rest.
    fn finish(&mut self, link: &Link) -> Result<(), Gone> {
        loop {
            self.place_some();
            if let Some(work) = self.next_waiting() {
                self.take(Next::Work(work));
            } else if let Some(back) = self.aside.wait() {
                self.take(Next::Back(back));
            } else if !self.ledger.is_late() {
                break;
            }
        }
        while !self.is_idle() {
            link.free.recv().map_err(|_| Gone)?;
            self.hand_over(link)?;
        }
        Ok(())
    }
}
