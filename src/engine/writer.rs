//! The one who changes the world, as a state machine: something happens, and he does in memory what is to be done.
//!
//! He takes what waits in the queue, ends the holds that are due, and does each command on the live ledger. What he did
//! since then goes as one group to the journal whenever that is free (`durable.rs`): it makes the group durable,
//! publishes the new world, and only then answers. Batches, back pressure and group commit all come from the one
//! bounded queue; nothing is copied, and no lock is taken.
//!
//! He neither sleeps nor hands anything over himself: [`Writer::on`] is told what happened and says what is to be done
//! about it. His thread (`threaded.rs`) and the simulation (`stepped.rs`) drive the same machine, its end included.
//!
//! Invariant: groups are handed over in the order of their entries.

use super::{
    aside::{Aside, Back, SentOut},
    command::deed::Work,
    current::Current,
    error::Error,
    fence::Fence,
    job::CommitGroup,
    lane::LaneEnd,
    leadership::Leadership,
    live::Live,
    message::Message,
    pending::Pending,
    time::EngineTime,
    traced::Stage,
};
use crate::ledger::Leap;
use crossbeam::channel::Receiver;
use std::{collections::VecDeque, sync::Arc};

/// What he owns.
pub(super) struct Writer {
    pub(super) queue: Receiver<Message>,
    pub(super) time: Arc<EngineTime>,
    /// What he does commands on.
    pub(super) live: Live,
    /// The world that is durable.
    pub(super) durable: Arc<Current>,
    /// Where slow plans are made again.
    pub(super) aside: Aside,
    /// Who waits for one of them.
    pub(super) fence: Fence,
    /// What is long is worked out beside.
    pub(super) lane: LaneEnd,
    /// Who waits for what was done and not yet handed over.
    pub(super) pending: Vec<Pending>,
    /// Groups that nothing may be added to, oldest first.
    pub(super) closed: VecDeque<CommitGroup>,
    /// Lines of what was done and not yet handed over.
    pub(super) n_lines: usize,
    pub(super) forgetting: Forgetting,
    pub(super) standing: Leadership,
    /// Whether he takes nothing new: what was taken is done, and then he ends.
    pub(super) is_ending: bool,
}

/// For how long promises that are over are kept, and how many.
#[derive(Clone, Copy, Debug)]
pub(super) struct Forgetting {
    /// In microseconds.
    pub(super) age: i64,
    pub(super) count: usize,
    /// The number to look at next.
    pub(super) next: u64,
}

/// What happens.
pub(super) enum WriterEvent {
    /// Somebody wants something, or something is back.
    Next(Next),
    /// A hold may be due, or there is something left to do.
    Due,
    /// The journal takes a group.
    Free,
    /// Nothing new is to be taken any more.
    End,
}

/// What is to be done next.
pub(super) enum Next {
    Message(Message),
    /// One who has waited, and whose turn it is.
    Waited(Work),
    /// What was planned again, or worked out, beside the writer.
    Back(SentOut<Back>),
}

/// What is to be done about an event outside of the machine.
pub(super) enum WriterEffect {
    Nothing,
    /// The journal gets a group; it takes no other one before it says that it is free.
    HandOver(CommitGroup),
    /// All is done and handed over: nothing happens any more.
    Ended,
}

impl Writer {
    /// Something happens: does in memory what is to be done, and says what is to be done outside.
    pub(super) fn on(&mut self, event: WriterEvent) -> WriterEffect {
        match event {
            WriterEvent::Free => {
                if let Some(group) = self.take_group() {
                    return WriterEffect::HandOver(group);
                }
            }
            WriterEvent::End => self.is_ending = true,
            WriterEvent::Next(next) if self.is_ending => self.finish(Some(next)),
            WriterEvent::Due if self.is_ending => self.finish(None),
            WriterEvent::Next(next) => self.batch(Some(next)),
            WriterEvent::Due => self.batch(None),
        }
        if self.is_over() { WriterEffect::Ended } else { WriterEffect::Nothing }
    }

    /// Whether nothing is left to be done before he ends.
    fn is_over(&self) -> bool {
        self.is_ending && self.is_idle() && !self.is_unfinished() && !self.aside.is_out()
    }

    /// Whether something is left to do that nobody brings.
    pub(super) fn is_unfinished(&self) -> bool {
        self.live.ledger.is_late() || self.fence.has_next() || self.lane.has_next()
    }

    /// The same, as far as there is room for what comes of it.
    pub(super) fn is_behind(&self) -> bool {
        self.live.ledger.is_late() || (self.is_unfinished() && !self.is_full())
    }

    /// What waits, as an event; that something may be due where nothing does.
    pub(super) fn next_event(&mut self) -> WriterEvent {
        self.next().map_or(WriterEvent::Due, WriterEvent::Next)
    }

    /// Refuses what is still in the queue: it was not done.
    pub(super) fn refuse_rest(&mut self) {
        while let Ok(message) = self.queue.try_recv() {
            message.refuse(Error::Stopped);
        }
    }

    /// In the end: does what was back or waits, and nothing that is due by itself.
    fn finish(&mut self, back: Option<Next>) {
        self.place_some();
        if let Some(next) = back.or_else(|| self.next_waiting()) {
            self.take(next);
        }
    }

    /// Does what waits, in memory.
    fn batch(&mut self, first: Option<Next>) {
        self.look_at_the_clock();
        self.live.remembered.durable_to(self.durable.pin().position);
        self.place_some();
        if self.standing.leads() {
            // A follower forgets as its leader did: it goes by the entries, not by its own clock.
            self.live.remembered.forget(self.live.now);
        }
        self.expire();
        let mut n_done = 0;
        let mut next = first.or_else(|| self.next());
        while let Some(one) = next {
            n_done += self.take(one);
            if self.is_ending {
                return;
            }
            next = if self.is_full() { None } else { self.next() };
        }
        self.forget_some(n_done);
        self.note_takers();
    }

    /// Does one thing; gives how many lines it was of.
    fn take(&mut self, next: Next) -> usize {
        let n_before = self.pending.len();
        let n_lines = match next {
            Next::Message(Message::Do(work)) => {
                let n_lines = work.n_lines();
                if let Some(work) = self.behind_its_first(work) {
                    self.do_work(work);
                }
                n_lines
            }
            Next::Waited(work) => {
                let n_lines = work.n_lines();
                self.do_work(work);
                n_lines
            }
            Next::Message(Message::Stand(stand, caller)) => {
                self.stand(stand, caller);
                0
            }
            Next::Message(Message::Stop) => {
                self.is_ending = true;
                0
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

    fn do_work(&mut self, work: Work) {
        if let Some(traced) = work.trace() {
            traced.on_to(Stage::Commit);
        }
        self.perform(work);
    }

    /// Goes on to what the clocks show. Where engine time follows the wall, all that runs out is moved first.
    fn look_at_the_clock(&mut self) {
        // A leap is an entry: it waits until there is room for one.
        let waits = !self.standing.leads()
            || self.live.room.is_full()
            || self.lane.is_leaping()
            || self.lane.is_still();
        let leap = if waits { None } else { self.time.due_leap() };
        self.live.now = self.time.now();
        self.live.moment = self.time.steady();
        let Some(leap) = leap else { return };
        if self.live.is_small(self.live.ledger.n_due()) {
            self.leap_by(leap);
            let stamp = self.live.stamp();
            self.live.entries.push(Arc::new(self.live.ledger.leap(leap).commit(stamp)));
        } else if !self.is_lane_busy() {
            self.begin_leap(leap);
        }
    }

    /// Engine time follows the wall; the entry that says so is made next.
    pub(super) fn leap_by(&mut self, leap: Leap) {
        let seconds = leap.by / 1_000_000;
        tracing::warn!(seconds, "the clock has leapt; holds are moved by as much");
        self.time.leap(leap);
        self.live.now = self.time.now();
        self.live.remembered.leap(leap, self.live.world().position + 1);
    }

    /// What is to be done next, if anything waits: first what was planned again, then who waited for that.
    fn next(&mut self) -> Option<Next> {
        let back = self.aside.take().map(Next::Back);
        let waited = back.or_else(|| self.next_waiting());
        if self.is_ending {
            return waited;
        }
        waited.or_else(|| self.queue.try_recv().ok().map(Next::Message))
    }

    /// Who has waited for something that was worked out beside, and whose turn it is.
    fn next_waiting(&mut self) -> Option<Next> {
        let fenced = self.fence.next();
        let is_late = self.live.ledger.is_late();
        let next = fenced.or_else(|| if is_late { None } else { self.lane.next() });
        next.map(Next::Waited)
    }

    /// Ends the holds that are due, as many as one group takes; the others with the next one.
    fn expire(&mut self) {
        let stamp = self.live.stamp();
        while self.standing.leads()
            && !self.is_full()
            && !self.live.room.is_full()
            && !self.lane.holds_all()
            && let Some(admitted) = self.live.ledger.expire(self.live.now)
        {
            self.live.entries.push(Arc::new(admitted.commit(stamp.clone())));
        }
    }
}
