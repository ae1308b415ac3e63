//! What-if worlds beside the live one: named copies that change on their own (semantics 10).
//!
//! A scenario is a [`World`] value; taking one costs a few pointers, and it shares with live all that it
//! did not change. Scenarios live in memory only: a restart forgets them. Nothing here writes to live;
//! [`Scenario::exchanges`] says what the engine would have to do to make one live.

use crate::{
    change::{Change, Fault},
    ledger::{Exchange, World},
    limits::{SCENARIO_SECONDS_MAX, SCENARIOS_MAX},
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
    /// The changes of planning data that lie between the two.
    pub changes: Vec<Change>,
    /// When it was taken.
    pub created: Timestamp,
    /// From when on it is forgotten.
    pub expires: Timestamp,
}

impl Scenario {
    /// What makes live as this scenario is: the promises that differ from those of its base.
    pub fn exchanges(&self) -> Vec<Exchange> {
        let differ = self.world.changed_since(&self.base).into_iter();
        let both = differ.filter_map(|number| {
            Some(Exchange {
                before: Arc::clone(self.base.reservation(number)?),
                after: Arc::clone(self.world.reservation(number)?),
            })
        });
        both.collect()
    }
}

/// Why there is no such scenario, or no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Nobody made it, or it was discarded.
    Unknown,
    /// Its time is over.
    Expired,
    /// There are as many as there may be.
    TooMany,
    /// Its changes cannot be made.
    Unmakable(Vec<Fault>),
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
    /// Ids of those whose time is over, so that a late caller hears so.
    expired: BTreeMap<String, Timestamp>,
}

impl Kept {
    /// Forgets those whose time is over.
    fn expire(&mut self, now: Timestamp) {
        let over = |scenario: &Arc<Scenario>| scenario.expires <= now;
        let ids: Vec<_> =
            self.by_id.values().filter(|one| over(one)).map(|one| one.id.clone()).collect();
        for id in ids {
            self.by_id.remove(&id);
            self.expired.insert(id, now);
        }
        while SCENARIOS_MAX < self.expired.len() {
            self.expired.pop_first();
        }
    }

    fn find(&self, id: &str) -> Result<&Arc<Scenario>, Missing> {
        self.by_id.get(id).ok_or_else(|| match self.expired.contains_key(id) {
            true => Missing::Expired,
            false => Missing::Unknown,
        })
    }
}

impl Scenarios {
    /// Takes a scenario from live, or from another one, for so many seconds.
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
        let (base, world, changes) = match from {
            Origin::Live(world) => (world.clone(), world.clone(), Vec::new()),
            Origin::Scenario(id) => {
                let other = kept.find(id)?;
                (other.base.clone(), other.world.clone(), other.changes.clone())
            }
        };
        kept.last += 1;
        let id = format!("S{}", kept.last);
        let seconds = seconds.clamp(1, SCENARIO_SECONDS_MAX);
        let expires = now.saturating_add(jiff::SignedDuration::from_secs(seconds));
        let expires = expires.unwrap_or(Timestamp::MAX);
        let name = name.to_string();
        let one = Scenario { id: id.clone(), name, base, world, changes, created: now, expires };
        let one = Arc::new(one);
        kept.by_id.insert(id, Arc::clone(&one));
        Ok(one)
    }

    /// A scenario as it is now.
    ///
    /// # Errors
    /// It is not there.
    pub fn get(&self, id: &str, now: Timestamp) -> Result<Arc<Scenario>, Missing> {
        let mut kept = self.kept.lock();
        kept.expire(now);
        kept.find(id).cloned()
    }

    /// Changes planning data in a scenario, all changes or none.
    ///
    /// # Errors
    /// It is not there, or a change cannot be made.
    pub fn change(
        &self,
        id: &str,
        changes: &[Change],
        now: Timestamp,
    ) -> Result<Arc<Scenario>, Missing> {
        let before = self.get(id, now)?;
        let world = before.world.with_changes(changes).map_err(Missing::Unmakable)?;
        let mut all = before.changes.clone();
        all.extend_from_slice(changes);
        self.put(Scenario { world, changes: all, ..(*before).clone() })
    }

    /// Puts a scenario in the place of the one with its id.
    ///
    /// # Errors
    /// It is not there any more.
    pub fn put(&self, scenario: Scenario) -> Result<Arc<Scenario>, Missing> {
        let mut kept = self.kept.lock();
        kept.find(&scenario.id)?;
        let after = Arc::new(scenario);
        kept.by_id.insert(after.id.clone(), Arc::clone(&after));
        Ok(after)
    }

    /// Forgets a scenario.
    ///
    /// # Errors
    /// It is not there.
    pub fn discard(&self, id: &str, now: Timestamp) -> Result<(), Missing> {
        let mut kept = self.kept.lock();
        kept.expire(now);
        kept.find(id)?;
        kept.by_id.remove(id);
        Ok(())
    }

    /// All of them, by id.
    pub fn list(&self, now: Timestamp) -> Vec<Arc<Scenario>> {
        let mut kept = self.kept.lock();
        kept.expire(now);
        kept.by_id.values().cloned().collect()
    }
}

/// What a scenario is taken from.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'a> {
    /// The live world of an instant.
    Live(&'a World),
    /// Another scenario, as it is.
    Scenario(&'a str),
}
