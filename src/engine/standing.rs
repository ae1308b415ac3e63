//! Whether this engine leads a cluster, follows in it, or is the only one, which leads.
//!
//! One that follows makes no entries: it applies those that others have made and its journal has, by the code that a
//! restart uses, and answers questions. One that stops to lead takes back what it did in memory and nobody has: its
//! live world is the published one again, a value, so nothing is undone. The node (`node.rs`) says what is to be done,
//! in this order: stand down, follow, lead.

use super::{
    Answer, Engine, Error,
    caller::Caller,
    handle::AwaitHeld,
    job::Provenance,
    live::Live,
    message::{Message, Stand},
    pending::Pending,
    recovery::{self, Snapshots},
    writer::Writer,
};
use crate::ledger::{Fact, Ledger, World, rules::RULES};
use std::sync::{Arc, atomic::Ordering};

/// Entries that are applied in one go, before somebody else has his turn.
const FOLLOWED_AT_ONCE: u64 = 2_048;

impl Engine {
    /// Whether it leads, or is the only one.
    pub fn is_leading(&self) -> bool {
        self.leads.load(Ordering::Relaxed)
    }

    /// Applies what its journal has, up to a position or some entries on the way there: how far it has come.
    pub fn follow_to(&self, position: u64) -> Answer<u64> {
        self.send_patiently(|caller| Message::Stand(Stand::Follow(position), caller))
    }

    /// Leads from now on, under an epoch. It must have applied all that its journal has.
    pub fn lead(&self, epoch: u64) -> Answer<u64> {
        self.send_patiently(|caller| Message::Stand(Stand::Lead(epoch), caller))
    }

    /// Leads no more: what was not durable is answered so, and nothing of it was done. What was handed over to the
    /// journal has ended when this is answered.
    pub fn step_down(&self) -> Answer<u64> {
        self.send_patiently(|caller| Message::Stand(Stand::Down, caller))
    }
}

impl Engine {
    /// The last world that other nodes compare with theirs, once.
    pub(super) fn take_marked(&self) -> Option<Arc<World>> {
        self.current.take_marked()
    }

    /// Has snapshots wait until most nodes have them.
    pub(super) fn await_held_by(&self, held: AwaitHeld) {
        // An engine is one node's.
        drop(self.held.set(held));
    }

    /// Waits until most nodes have the files of a snapshot, so that whoever leads next can go on with it. Not to be
    /// called on a runtime's thread.
    ///
    /// # Errors
    /// They do not get them.
    pub(super) fn await_held(&self, snapshot_id: &str) -> Result<(), Error> {
        match self.held.get() {
            Some(held) if !held(snapshot_id) => Err(Error::NotHeld),
            Some(_) | None => Ok(()),
        }
    }
}

impl Writer {
    pub(super) fn stand(&mut self, stand: Stand, caller: Caller<u64>) {
        // What was joined last is in its place first: a group is a world that is whole.
        while self.live.ledger.is_late() {
            self.place_some();
        }
        self.close_group();
        let (kind, stood) = match stand {
            Stand::Follow(until) => (Provenance::Followed, self.follow(until)),
            Stand::Lead(epoch) => (Provenance::Made, self.lead(epoch)),
            Stand::Down => {
                self.step_down();
                (Provenance::SteppedDown, Ok(self.durable.pin().position))
            }
        };
        self.pending.push(Pending::new(caller, stood, |stood, _| stood));
        self.close_group_as(kind);
    }

    fn step_down(&mut self) {
        self.standing.leads.store(false, Ordering::Relaxed);
        self.standing.is_stale = true;
        // Whatever it made is no later than this: its time never goes back.
        self.standing.last_at = self.standing.last_at.max(self.live.now);
        self.aside.stop_leading();
        self.fence.lower();
        while let Some(work) = self.fence.next() {
            work.refuse(Error::NotLeader);
        }
        self.lane.step_down().for_each(|work| work.refuse(Error::NotLeader));
        self.live.entries.clear();
        let closed = std::mem::take(&mut self.closed).into_iter().flat_map(|group| group.pending);
        let pending = closed.chain(std::mem::take(&mut self.pending));
        pending.for_each(|one| one.refuse(Error::NotLeader));
        self.n_lines = 0;
    }

    /// What was done in memory and nobody has was not done.
    fn take_back(&mut self) {
        let world = self.durable.pin();
        self.live.ledger = Ledger::new(World::clone(&world));
        self.live.remembered.take_back(world.position);
        self.standing.is_stale = false;
    }

    fn follow(&mut self, until: u64) -> Result<u64, Error> {
        if self.standing.leads() {
            return Err(Error::NotLeader);
        }
        if self.standing.is_stale {
            self.take_back();
        }
        let Self { live: Live { ledger, remembered, entries, .. }, standing, .. } = self;
        let (given, kept) = &standing.snapshots;
        let given = &given.upgrade().unwrap_or_else(|| Arc::clone(ledger.world().loaded()));
        let (snapshots, last_at) = (Snapshots { given, kept }, &mut standing.last_at);
        let until = until.min(ledger.world().position + FOLLOWED_AT_ONCE);
        let reader = Arc::clone(remembered.reader());
        let followed = recovery::go_on(&*reader, ledger, &snapshots, &mut |entry| {
            if until < entry.position {
                return false;
            }
            *last_at = entry.stamp.at.max(*last_at);
            if let Fact::Leapt(leap) = &entry.fact {
                remembered.leap(*leap, entry.position);
            }
            remembered.forget(entry.stamp.at);
            remembered.remember(entry);
            entries.push(Arc::clone(entry));
            true
        });
        let position = ledger.world().position;
        if followed.is_err() {
            // The one that could not be applied was noted before it was tried.
            remembered.take_back(position);
            entries.retain(|entry| entry.position <= position);
        }
        followed.map(|()| position)
    }

    fn lead(&mut self, epoch: u64) -> Result<u64, Error> {
        if self.standing.is_stale {
            self.take_back();
        }
        let (position, rules) = (self.live.world().position, self.live.world().rules());
        if RULES < rules {
            let fault = crate::journal::Malformed::Rules(rules);
            return Err(crate::journal::Error::Damaged { position, fault }.into());
        }
        let began = (position + 1, self.live.world().next_number());
        self.time.go_on_from(self.standing.last_at, began);
        self.live.now = self.time.now();
        self.live.epoch = epoch;
        self.standing.leads.store(true, Ordering::Relaxed);
        let stamp = self.live.stamp();
        if let Some(admitted) = self.live.ledger.adopt_rules() {
            self.live.entries.push(Arc::new(admitted.commit(stamp)));
        }
        Ok(position)
    }
}
