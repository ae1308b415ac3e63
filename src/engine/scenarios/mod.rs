//! What-if worlds beside the live one: named copies that change on their own (semantics 10).
//!
//! A scenario is a [`World`] value; taking one costs a few pointers, and it shares with live all that it
//! did not change. Scenarios live in memory; what was done in them is kept (`log.rs`), and done again at the first
//! question after a restart. Nothing here writes to live;
//! [`Scenario::exchanges`] says what the engine would have to do to make one live (`apply.rs`).
//!
//! How much memory each holds beyond live is counted where it changes, and all together may hold only so
//! much; what live has replaced since and scenarios still hold is counted too (`bases.rs`), and whole snapshots.
//!
//! A scenario never changes under its holder. Who changes one makes the next one of it and swaps it in,
//! if nobody else was faster: no lock is held while anything is worked out.

mod bases;
mod missing;
mod scenario;
mod kept;
mod log;

pub use missing::Missing;
pub use scenario::{Differences, Phase, Reprioritised, Scenario, ScenarioStep};

use super::current::Current;
use crate::{
    ledger::World,
    limits::{SCENARIO_SECONDS_MAX, SCENARIOS_MAX},
};
use jiff::Timestamp;
use kept::Holdings;
use log::{Asleep, Log};
use parking_lot::Mutex;
use scenario::Title;
use std::{collections::BTreeSet, io, path::PathBuf, sync::Arc};

/// All scenarios.
#[derive(Debug)]
pub struct Scenarios {
    kept: Mutex<Holdings>,
    live: Arc<Current>,
    /// Bytes that they may hold together.
    bytes_at_most: u64,
    /// The number of the start of the server: ids begin with it.
    start: u64,
    /// What was done in them, for a restart.
    log: Log,
    /// Who asks for one just now.
    by: By,
}

/// Tells on whose word something is done just now.
type By = fn() -> Option<Arc<str>>;

/// How much memory scenarios hold beyond live, and how much they may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScenarioMemory {
    /// Bytes that all of them hold, about, with the snapshots that serve nobody else any more.
    pub bytes: u64,
    /// Bytes that they may hold.
    pub at_most: u64,
}

/// The start of the server on which a scenario was made, by its id.
pub fn start_of(id: &str) -> Option<u64> {
    id.strip_prefix('S')?.split_once('-')?.0.parse().ok()
}

/// What a scenario is taken from.
#[derive(Clone, Copy, Debug)]
pub enum ScenarioBase<'a> {
    /// Live, now or as it was at an earlier position.
    Live(&'a World),
    /// Another scenario, as it is.
    Scenario(&'a str),
}

impl Scenarios {
    /// Of a server's start; what is done in them is kept in a directory, where one is given.
    ///
    /// # Errors
    /// It cannot be made or read.
    pub(super) fn new(
        live: Arc<Current>,
        bytes_at_most: u64,
        (start, dir, by): (u64, Option<PathBuf>, By),
    ) -> io::Result<Self> {
        Ok(Self { kept: Mutex::default(), live, bytes_at_most, start, log: Log::open(dir)?, by })
    }

    /// How much memory they hold.
    pub fn memory(&self) -> ScenarioMemory {
        let bytes = self.kept.lock().bytes_beyond(&self.live.pin());
        ScenarioMemory { bytes, at_most: self.bytes_at_most }
    }

    /// Whether there is room for so many bytes more.
    fn check_room(&self, kept: &mut Holdings, live: &World, more: u64) -> Result<(), Missing> {
        let would_hold = kept.bytes_beyond(live).saturating_add(more);
        let at_most = self.bytes_at_most;
        // What takes no more than before may be done however much there is.
        if more == 0 || would_hold <= at_most {
            return Ok(());
        }
        Err(Missing::TooLarge { would_hold, at_most })
    }

    /// Takes a scenario for so many seconds.
    ///
    /// # Errors
    /// There are too many, they hold too much memory, or the other one is not there.
    pub fn create(
        &self,
        name: &str,
        from: ScenarioBase<'_>,
        seconds: i64,
        now: Timestamp,
    ) -> Result<Arc<Scenario>, Missing> {
        let live = self.live.pin();
        let _turn = self.log.turn();
        let mut kept = self.kept.lock();
        self.expire(&mut kept, now);
        if SCENARIOS_MAX <= kept.by_id.len() {
            return Err(Missing::TooMany);
        }
        kept.last += 1;
        let (id, name) = (format!("S{}-{}", self.start, kept.last), name.to_string());
        let seconds = jiff::SignedDuration::from_secs(seconds.clamp(1, SCENARIO_SECONDS_MAX));
        let expires = now.saturating_add(seconds).unwrap_or(Timestamp::MAX);
        let owner = (self.by)().unwrap_or_default();
        let title = Title { id, name, created: now, expires, owner };
        let one = match from {
            ScenarioBase::Live(world) => Scenario::new(title, world.clone(), &live),
            ScenarioBase::Scenario(other) => kept.find(self.start, other, now)?.copied(title),
        };
        self.check_room(&mut kept, &live, one.bytes())?;
        let one = Arc::new(one);
        kept.insert(&one);
        drop(kept);
        self.log.begin(&one);
        Ok(one)
    }

    fn expire(&self, kept: &mut Holdings, now: Timestamp) {
        kept.expire(now).iter().for_each(|id| self.log.end(id));
    }

    /// The starts of servers whose scenarios are here: their ids begin with them.
    pub fn starts(&self) -> BTreeSet<u64> {
        let mut starts = BTreeSet::from([self.start]);
        starts.extend(self.log.asleep().iter().filter_map(|id| start_of(id)));
        starts.extend(self.kept.lock().by_id.keys().filter_map(|id| start_of(id)));
        starts
    }

    /// Whether one was kept over a restart and nobody has asked for it since.
    pub fn is_asleep(&self, id: &str) -> bool {
        self.log.is_asleep(id)
    }

    /// Those of which that is so.
    pub(super) fn asleep(&self) -> BTreeSet<String> {
        self.log.asleep()
    }

    /// Wakes one that was kept: `again` does its steps on live as it is now. Nothing where it is awake, or was
    /// never there.
    ///
    /// # Errors
    /// Its time is over, there are too many, or they would hold too much memory.
    pub(super) fn wake(
        &self,
        id: &str,
        now: Timestamp,
        again: impl FnOnce(Scenario, Vec<Result<ScenarioStep, String>>) -> Scenario,
    ) -> Result<(), Missing> {
        let _waking = self.log.waking();
        if !self.log.is_asleep(id) {
            return Ok(());
        }
        let Some(Asleep { title, steps }) = self.log.read(id) else {
            self.log.end(id);
            return Err(Missing::Ended);
        };
        if title.expires <= now {
            self.log.end(id);
            return Err(Missing::Ended);
        }
        let live = self.live.pin();
        let one = again(Scenario::new(title, World::clone(&live), &live), steps);
        let _turn = self.log.turn();
        let mut kept = self.kept.lock();
        if SCENARIOS_MAX <= kept.by_id.len() {
            return Err(Missing::TooMany);
        }
        self.check_room(&mut kept, &live, one.bytes())?;
        kept.insert(&Arc::new(one));
        self.log.woke(id);
        Ok(())
    }

    /// A scenario as it is now.
    ///
    /// # Errors
    /// It is not there.
    pub fn get(&self, id: &str, now: Timestamp) -> Result<Arc<Scenario>, Missing> {
        self.kept.lock().find(self.start, id, now).cloned()
    }

    /// A scenario that can be changed.
    ///
    /// # Errors
    /// It is not there, or it was applied.
    pub fn open(&self, id: &str, now: Timestamp) -> Result<Arc<Scenario>, Missing> {
        let found = self.get(id, now)?;
        match found.phase {
            Phase::Open => Ok(found),
            Phase::Applying => Err(Missing::Busy),
            Phase::Applied { position, .. } => Err(Missing::Applied(position)),
        }
    }

    /// Makes the next scenario of the one that is there, again if somebody else was faster.
    ///
    /// # Errors
    /// It is not there, it was applied, or what `change` gave.
    pub fn update<T, E: From<Missing>>(
        &self,
        id: &str,
        now: Timestamp,
        mut change: impl FnMut(&Scenario) -> Result<(Scenario, T), E>,
    ) -> Result<(Arc<Scenario>, T), E> {
        loop {
            let before = self.open(id, now)?;
            let (after, told) = change(&before)?;
            match self.swap(&before, after) {
                Ok(after) => return Ok((after, told)),
                Err(Missing::Busy) => (),
                Err(missing) => return Err(missing.into()),
            }
        }
    }

    /// Puts a scenario in the place of the one that it was made of.
    ///
    /// # Errors
    /// That is not there any more, somebody else was faster, or they hold too much memory.
    pub fn swap(&self, before: &Arc<Scenario>, after: Scenario) -> Result<Arc<Scenario>, Missing> {
        let _turn = self.log.turn();
        let mut kept = self.kept.lock();
        let found = kept.by_id.get(&before.id).ok_or(Missing::Unknown)?;
        if !Arc::ptr_eq(found, before) {
            return Err(Missing::Busy);
        }
        let more = after.bytes().saturating_sub(before.bytes());
        self.check_room(&mut kept, &self.live.pin(), more)?;
        let after = Arc::new(after);
        kept.insert(&after);
        drop(kept);
        match after.phase {
            Phase::Open | Phase::Applying => self.log.go_on(before.n_steps(), &after),
            // It is final: after a restart there is nothing to be asked of it.
            Phase::Applied { .. } => self.log.end(&after.id),
        }
        Ok(after)
    }

    /// Forgets a scenario.
    ///
    /// # Errors
    /// It is not there.
    pub fn discard(&self, id: &str, now: Timestamp) -> Result<(), Missing> {
        let _turn = self.log.turn();
        let mut kept = self.kept.lock();
        if !self.log.is_asleep(id) {
            kept.find(self.start, id, now)?;
        }
        kept.remove(id);
        self.log.end(id);
        Ok(())
    }

    /// All of them, the oldest first.
    pub fn list(&self, now: Timestamp) -> Vec<Arc<Scenario>> {
        let mut kept = self.kept.lock();
        self.expire(&mut kept, now);
        let mut all: Vec<_> = kept.by_id.values().cloned().collect();
        all.sort_by_key(|one| (one.created, one.id.len(), one.id.clone()));
        all
    }
}
