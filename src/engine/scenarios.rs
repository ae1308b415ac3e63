//! What-if worlds beside the live one: named copies that change on their own (semantics 10).
//!
//! A scenario is a [`World`] value; taking one costs a few pointers, and it shares with live all that it
//! did not change. Scenarios live in memory only: a restart forgets them. Nothing here writes to live;
//! [`Scenario::exchanges`] says what the engine would have to do to make one live (`apply.rs`).
//!
//! A scenario never changes under its holder. Who changes one makes the next one of it and swaps it in,
//! if nobody else was faster: no lock is held while anything is worked out.

use super::backlog::Objective;
use crate::{
    backlog::Spec,
    change::{Change, Fault},
    ledger::{Exchange, Reservation, World},
    limits::{SCENARIO_DIFFERENCES_MAX, SCENARIO_SECONDS_MAX, SCENARIOS_MAX},
};
use jiff::Timestamp;
use parking_lot::Mutex;
use std::{collections::BTreeMap, sync::Arc};

/// A what-if world.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its id, such as `S7`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Live as it was when the scenario, or the first one before it, was taken.
    pub base: World,
    /// The world of the scenario.
    pub world: World,
    /// What was done to it, in order.
    pub steps: Vec<Step>,
    /// When it was taken.
    pub created: Timestamp,
    /// From when on it is forgotten.
    pub expires: Timestamp,
    /// Whether it was made live.
    pub phase: Phase,
    /// In what it differs from its base.
    pub differs: Differences,
}

/// In how much a scenario differs from its base.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// Changes of planning data.
    pub changes: usize,
    /// Promises that are other ones, or new.
    pub promises: usize,
    /// Promises that are at risk in it and are not in its base.
    pub at_risk: usize,
    /// What is kept for it: changes and promises, be they only at risk or not any more.
    kept: usize,
}

/// Something that was done to a scenario.
#[derive(Clone, Debug)]
pub enum Step {
    /// Planning data was changed.
    Changes(Arc<[Change]>),
    /// Orders were promised again.
    Run(Box<Spec>, Objective),
    /// Orders were added, cancelled, amended or given another priority.
    Orders,
}

/// How far a scenario is on its way to live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It can be changed and applied.
    Open,
    /// It is being applied.
    Applying,
    /// It was applied; that is final.
    Applied {
        /// The position of its entry.
        position: u64,
        /// The id of the request that did it; may be empty.
        by: Arc<str>,
    },
}

impl Scenario {
    fn new(id: String, name: &str, base: World, created: Timestamp, expires: Timestamp) -> Self {
        let (world, phase) = (base.clone(), Phase::Open);
        let name = name.to_string();
        Self {
            id,
            name,
            base,
            world,
            steps: Vec::new(),
            created,
            expires,
            phase,
            differs: Differences::default(),
        }
    }

    /// The scenario after something was done to it that made this world of its own.
    #[must_use]
    pub fn after(&self, step: Step, world: World) -> Self {
        let mut next = Self { world, ..self.clone() };
        next.steps.push(step);
        next.differs = next.differences();
        next
    }

    fn differences(&self) -> Differences {
        let changes = self.lists().map(|list| list.len()).sum();
        let changed = self.world.changed_since(&self.base);
        let is_risky = |world: &World, number: u64| {
            world.reservation(number).is_some_and(|found| found.at_risk)
        };
        let is_new_risk =
            |number: &&u64| is_risky(&self.world, **number) && !is_risky(&self.base, **number);
        Differences {
            changes,
            promises: self.exchanges_of(&changed).count(),
            at_risk: changed.iter().filter(is_new_risk).count(),
            kept: changes + changed.len(),
        }
    }

    /// The scenario, so far on its way to live.
    #[must_use]
    pub fn in_phase(&self, phase: Phase) -> Self {
        Self { phase, ..self.clone() }
    }

    /// A scenario of its name and time to which nothing has been done yet.
    #[must_use]
    pub fn taken_from(&self, base: World) -> Self {
        Self::new(self.id.clone(), &self.name, base, self.created, self.expires)
    }

    /// The changes of planning data made in it, list after list.
    pub fn lists(&self) -> impl Iterator<Item = &Arc<[Change]>> {
        self.steps.iter().filter_map(|step| match step {
            Step::Changes(changes) => Some(changes),
            Step::Run(..) | Step::Orders => None,
        })
    }

    /// What makes live as this scenario is: the promises that differ from those of its base, and those
    /// that only it has. Whether a promise is at risk is for live to say.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.exchanges_of(&self.world.changed_since(&self.base)).collect()
    }

    /// Those of promises that are not the same as in the base.
    fn exchanges_of(&self, changed: &[u64]) -> impl Iterator<Item = Exchange> {
        let exchange = |number: u64| {
            let after = Arc::clone(self.world.reservation(number)?);
            let before = self.base.reservation(number).cloned();
            let is_told = match before.as_deref() {
                Some(before) => {
                    Reservation { at_risk: before.at_risk, ..(*after).clone() } != *before
                }
                None => !after.state.is_final(),
            };
            is_told.then_some(Exchange { before, after })
        };
        changed.iter().copied().filter_map(exchange)
    }
}

/// Why there is no such scenario, or why that cannot be done to it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// Nobody made it, or it was discarded.
    #[error("there is no such scenario; List names those there are")]
    Unknown,
    /// Its time is over.
    #[error("it has expired; create it again")]
    Expired,
    /// There are as many as there may be.
    #[error("there are {SCENARIOS_MAX} scenarios, as many as there may be; discard some")]
    TooMany,
    /// Together they would differ from live in more than they may.
    #[error("all scenarios together would differ from live in more than they may; discard some")]
    TooLarge,
    /// It was applied at this position, and is final.
    #[error("it was applied at position {0} and is final; create another one")]
    Applied(u64),
    /// Somebody else changed or applied it meanwhile.
    #[error("it was changed or applied by another call meanwhile; look at it, and try again")]
    Busy,
    /// Its changes cannot be made.
    #[error("{} of its changes cannot be made", .0.len())]
    Unmakable(Vec<Fault>),
    /// The journal does not have this position, or does not keep it any more.
    #[error("the journal keeps positions {first} to {last}; another one cannot be had")]
    NotKept {
        /// The first one that it keeps.
        first: u64,
        /// The last one.
        last: u64,
    },
    /// The snapshot that served at that position is not kept any more.
    #[error("the snapshot {0:?} that served at that position is not kept any more")]
    NoSnapshot(String),
    /// It has orders of its own, so it cannot be done again on another world.
    #[error("orders were added or changed in it, so it cannot be done again; create another one")]
    HasOrders,
}

/// All scenarios.
#[derive(Debug, Default)]
pub struct Scenarios {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    by_id: BTreeMap<String, Arc<Scenario>>,
    last: u64,
    /// The differences of all of them.
    differences: usize,
    /// Before this instant none of them ends; not given where there is none.
    none_before: Option<Timestamp>,
    /// Ids of those whose time is over, so that a late caller hears so.
    expired: BTreeMap<String, Timestamp>,
}

impl Kept {
    /// Forgets those whose time is over.
    fn expire(&mut self, now: Timestamp) {
        if self.none_before.is_none_or(|at| now < at) {
            return;
        }
        let over = |scenario: &&Arc<Scenario>| scenario.expires <= now;
        let ids: Vec<_> = self.by_id.values().filter(over).map(|one| one.id.clone()).collect();
        for id in ids {
            self.remove(&id);
            self.expired.insert(id, now);
        }
        while SCENARIOS_MAX < self.expired.len() {
            self.expired.pop_first();
        }
        self.none_before = self.by_id.values().map(|one| one.expires).min();
    }

    fn insert(&mut self, one: &Arc<Scenario>) {
        self.by_id.insert(one.id.clone(), Arc::clone(one));
        let before = self.none_before.map_or(one.expires, |at| at.min(one.expires));
        self.none_before = Some(before);
    }

    fn remove(&mut self, id: &str) {
        if let Some(gone) = self.by_id.remove(id) {
            self.differences -= gone.differs.kept;
        }
    }

    fn find(&self, id: &str, now: Timestamp) -> Result<&Arc<Scenario>, Missing> {
        match self.by_id.get(id) {
            Some(found) if now < found.expires => Ok(found),
            Some(_) => Err(Missing::Expired),
            None if self.expired.contains_key(id) => Err(Missing::Expired),
            None => Err(Missing::Unknown),
        }
    }
}

/// What a scenario is taken from.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'a> {
    /// Live, now or as it was at an earlier position.
    Live(&'a World),
    /// Another scenario, as it is.
    Scenario(&'a str),
}

impl Scenarios {
    /// Takes a scenario for so many seconds.
    ///
    /// # Errors
    /// There are too many, or the other one is not there.
    pub fn create(
        &self,
        name: &str,
        from: Origin<'_>,
        seconds: i64,
        now: Timestamp,
    ) -> Result<Arc<Scenario>, Missing> {
        let mut kept = self.kept.lock();
        kept.expire(now);
        if SCENARIOS_MAX <= kept.by_id.len() {
            return Err(Missing::TooMany);
        }
        kept.last += 1;
        let id = format!("S{}", kept.last);
        let seconds = jiff::SignedDuration::from_secs(seconds.clamp(1, SCENARIO_SECONDS_MAX));
        let expires = now.saturating_add(seconds).unwrap_or(Timestamp::MAX);
        let one = match from {
            Origin::Live(world) => Scenario::new(id, name, world.clone(), now, expires),
            Origin::Scenario(other) => {
                let (other, name) = (kept.find(other, now)?, name.to_string());
                let phase = Phase::Open;
                Scenario { id, name, created: now, expires, phase, ..(**other).clone() }
            }
        };
        if SCENARIO_DIFFERENCES_MAX < kept.differences + one.differs.kept {
            return Err(Missing::TooLarge);
        }
        kept.differences += one.differs.kept;
        let one = Arc::new(one);
        kept.insert(&one);
        Ok(one)
    }

    /// A scenario as it is now.
    ///
    /// # Errors
    /// It is not there.
    pub fn get(&self, id: &str, now: Timestamp) -> Result<Arc<Scenario>, Missing> {
        self.kept.lock().find(id, now).cloned()
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
    /// That is not there any more, somebody else was faster, or it differs from live in too much.
    pub fn swap(&self, before: &Arc<Scenario>, after: Scenario) -> Result<Arc<Scenario>, Missing> {
        let mut kept = self.kept.lock();
        let found = kept.by_id.get(&before.id).ok_or(Missing::Unknown)?;
        if !Arc::ptr_eq(found, before) {
            return Err(Missing::Busy);
        }
        let differences = kept.differences - before.differs.kept + after.differs.kept;
        if SCENARIO_DIFFERENCES_MAX < differences {
            return Err(Missing::TooLarge);
        }
        kept.differences = differences;
        let after = Arc::new(after);
        kept.insert(&after);
        Ok(after)
    }

    /// Forgets a scenario.
    ///
    /// # Errors
    /// It is not there.
    pub fn discard(&self, id: &str, now: Timestamp) -> Result<(), Missing> {
        let mut kept = self.kept.lock();
        kept.find(id, now)?;
        kept.remove(id);
        Ok(())
    }

    /// All of them, the oldest first.
    pub fn list(&self, now: Timestamp) -> Vec<Arc<Scenario>> {
        let mut kept = self.kept.lock();
        kept.expire(now);
        let mut all: Vec<_> = kept.by_id.values().cloned().collect();
        all.sort_by_key(|one| (one.created, one.id.len(), one.id.clone()));
        all
    }
}
