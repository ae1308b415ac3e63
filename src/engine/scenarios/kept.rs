//! The scenarios that are kept: which there are, until when, and how much memory they hold.

use super::{bases::Bases, missing::Missing, scenario::Scenario};
use crate::{ledger::World, limits::SCENARIOS_MAX, snapshot::Snapshot};
use jiff::Timestamp;
use std::{collections::BTreeMap, sync::Arc};

/// A snapshot, or changed copies of one, and how many scenarios are taken from it.
#[derive(Debug)]
struct Kin {
    snapshot: Arc<Snapshot>,
    bytes: u64,
    n_scenarios: usize,
}

/// The scenarios that there are, and what they hold.
#[derive(Debug, Default)]
pub(super) struct Holdings {
    pub(super) by_id: BTreeMap<String, Arc<Scenario>>,
    pub(super) last: u64,
    /// Bytes that all of them hold beyond what they were taken from.
    pub(super) bytes: u64,
    /// What they were taken from.
    kins: Vec<Kin>,
    /// The worlds that they were taken from, in order.
    pub(super) bases: Bases,
    /// Before this instant none of them ends; not given where there is none.
    pub(super) none_before: Option<Timestamp>,
    /// Ids of those whose time is over, so that a late caller hears so.
    pub(super) expired: BTreeMap<String, Timestamp>,
}

impl Holdings {
    /// Forgets those whose time is over; gives their ids.
    pub(super) fn expire(&mut self, now: Timestamp) -> Vec<String> {
        if self.none_before.is_none_or(|at| now < at) {
            return Vec::new();
        }
        let over = |scenario: &&Arc<Scenario>| scenario.expires <= now;
        let ids: Vec<_> = self.by_id.values().filter(over).map(|one| one.id.clone()).collect();
        for id in &ids {
            self.remove(id);
            self.expired.insert(id.clone(), now);
        }
        while SCENARIOS_MAX < self.expired.len() {
            self.expired.pop_first();
        }
        self.none_before = self.by_id.values().map(|one| one.expires).min();
        ids
    }

    pub(super) fn insert(&mut self, one: &Arc<Scenario>) {
        self.bytes += one.bytes();
        let snapshot = &one.base.snapshot;
        match self.kins.iter_mut().find(|kin| kin.snapshot.is_kin_of(snapshot)) {
            Some(kin) => kin.n_scenarios += 1,
            None => {
                let (snapshot, bytes) = (Arc::clone(snapshot), snapshot.bytes());
                self.kins.push(Kin { snapshot, bytes, n_scenarios: 1 });
            }
        }
        if one.shares_live() {
            self.bases.insert(&one.base);
        }
        let before = self.none_before.map_or(one.expires, |at| at.min(one.expires));
        self.none_before = Some(before);
        // One of the same id is gone only now, so that what both hold stays counted.
        if let Some(gone) = self.by_id.insert(one.id.clone(), Arc::clone(one)) {
            self.uncount(&gone);
        }
    }

    pub(super) fn remove(&mut self, id: &str) {
        if let Some(gone) = self.by_id.remove(id) {
            self.uncount(&gone);
        }
    }

    pub(super) fn uncount(&mut self, gone: &Scenario) {
        self.bytes -= gone.bytes();
        if gone.shares_live() {
            self.bases.remove(&gone.base);
        }
        let of_it = |kin: &Kin| kin.snapshot.is_kin_of(&gone.base.snapshot);
        self.kins.retain_mut(|kin| {
            kin.n_scenarios -= usize::from(of_it(kin));
            0 < kin.n_scenarios
        });
    }

    /// Bytes that all of them hold beyond live, with the snapshots that live does not have.
    pub(super) fn bytes_beyond(&mut self, live: &World) -> u64 {
        let others = self.kins.iter().filter(|kin| !kin.snapshot.is_kin_of(&live.snapshot));
        self.bytes + others.map(|kin| kin.bytes).sum::<u64>() + self.bases.bytes_beyond(live)
    }

    /// Whether an id was given once, in this start of the server or an earlier one.
    pub(super) fn is_past(&self, start: u64, id: &str) -> bool {
        let numbers = id.strip_prefix('S').and_then(|rest| rest.split_once('-'));
        let numbers = numbers.and_then(|(of, n)| Some((of.parse().ok()?, n.parse().ok()?)));
        numbers.is_some_and(|(of, n): (u64, u64)| {
            0 < n && (of < start || of == start && n <= self.last)
        })
    }

    pub(super) fn find(
        &self,
        start: u64,
        id: &str,
        now: Timestamp,
    ) -> Result<&Arc<Scenario>, Missing> {
        match self.by_id.get(id) {
            Some(found) if now < found.expires => Ok(found),
            Some(_) => Err(Missing::Expired),
            None if self.expired.contains_key(id) => Err(Missing::Expired),
            None if self.is_past(start, id) => Err(Missing::Ended),
            None => Err(Missing::Unknown),
        }
    }
}
