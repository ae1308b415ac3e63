//! The backlog runs of a server: those under way, which can be stopped, and those that have ended.

use super::{encode, proto, reservation};
use crate::{
    engine::{Engine, scenarios::Phase, scenarios::Scenario, scenarios::ScenarioStep},
    promising::patience::{GivenUp, Patience, Waiting},
};
use jiff::Timestamp;
use parking_lot::Mutex;
use proto::backlog_run::State;
use std::{collections::BTreeMap, sync::Arc};

/// Runs that are known; the oldest that has ended goes first.
const KEPT: usize = 100;

/// The runs of one server.
#[derive(Clone, Debug, Default)]
pub(super) struct Runs(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    last: u64,
    by_key: BTreeMap<u64, Entry>,
}

/// A run, and how to reach it.
#[derive(Debug)]
struct Entry {
    told: proto::BacklogRun,
    patience: Patience,
    /// What comes now cannot be stopped any more.
    is_fixed: bool,
}

impl Entry {
    fn told(&self) -> proto::BacklogRun {
        let far = self.patience.far();
        proto::BacklogRun {
            lines: far.lines,
            done: far.lines_done,
            parts: far.parts,
            parts_done: far.parts_done,
            ..self.told.clone()
        }
    }

    fn end(&mut self, state: State, now: Timestamp) {
        if self.told.state() == State::Running {
            self.told.set_state(state);
            self.told.ended = Some(reservation::instant(now.as_microsecond()));
        }
    }
}

/// Where a run is noted.
#[derive(Clone, Debug)]
pub(super) struct RunMark {
    runs: Runs,
    key: u64,
    engine: Engine,
}

/// A run under way; one that is dropped before its end has nobody any more who waits for it.
#[derive(Debug)]
pub(super) struct Under {
    mark: RunMark,
    pub(super) run_id: String,
    pub(super) patience: Patience,
    _waiting: Waiting,
}

impl Drop for Under {
    fn drop(&mut self) {
        let now = self.mark.engine.now();
        self.mark.with(|entry| entry.end(State::Gone, now));
    }
}

impl Runs {
    /// Notes a run that begins.
    pub(super) fn begin(&self, engine: &Engine, run_id: &str, saved: &str) -> Under {
        let (patience, waiting) = Patience::until_dropped();
        let patience = patience.telling();
        let told = proto::BacklogRun {
            run_id: run_id.to_string(),
            saved: saved.to_string(),
            by: super::principal().map(|by| by.to_string()).unwrap_or_default(),
            started: Some(reservation::instant(engine.now().as_microsecond())),
            state: State::Running.into(),
            ..proto::BacklogRun::default()
        };
        let mut known = self.0.lock();
        known.last += 1;
        let key = known.last;
        known.by_key.insert(key, Entry { told, patience: patience.clone(), is_fixed: false });
        if KEPT < known.by_key.len() {
            let is_over = |entry: &Entry| entry.told.state() != State::Running;
            let oldest = known.by_key.iter().find(|(_, entry)| is_over(entry)).map(|(key, _)| *key);
            oldest.map(|key| known.by_key.remove(&key));
        }
        drop(known);
        let mark = RunMark { runs: self.clone(), key, engine: engine.clone() };
        Under { mark, run_id: run_id.to_string(), patience, _waiting: waiting }
    }

    /// All that are known, the newest first; then those of earlier starts whose scenarios are still there.
    pub(super) fn list(&self, scenarios: &[Arc<Scenario>]) -> Vec<proto::BacklogRun> {
        let known = self.0.lock();
        let mut all: Vec<_> = known.by_key.values().rev().map(Entry::told).collect();
        drop(known);
        for run in &mut all {
            let its = scenarios.iter().find(|one| one.id == run.run_id);
            if let Some(Phase::Applied { position, .. }) = its.map(|one| &one.phase) {
                run.set_state(State::Applied);
                run.applied_at = *position;
            }
        }
        let is_run = |one: &Scenario| one.steps().any(|step| matches!(step, ScenarioStep::Run(..)));
        for scenario in scenarios.iter().rev().filter(|one| is_run(one)) {
            if all.iter().all(|run| run.run_id != scenario.id) {
                all.push(of_scenario(scenario));
            }
        }
        all
    }

    /// Stops a run, if it can still be stopped; how it stands then. None where there is no such run.
    pub(super) fn cancel(&self, engine: &Engine, run_id: &str) -> Option<proto::BacklogRun> {
        let mut known = self.0.lock();
        let of_it = known.by_key.values_mut().rev().filter(|entry| entry.told.run_id == run_id);
        let mut newest = None;
        for entry in of_it {
            if !entry.is_fixed && entry.told.state() == State::Running {
                entry.patience.end();
                entry.end(State::Cancelled, engine.now());
            }
            newest = newest.or_else(|| Some(entry.told()));
        }
        newest
    }
}

fn of_scenario(scenario: &Scenario) -> proto::BacklogRun {
    let (state, applied_at) = match &scenario.phase {
        Phase::Open | Phase::Applying => (State::Done, 0),
        Phase::Applied { position, .. } => (State::Applied, *position),
    };
    proto::BacklogRun {
        run_id: scenario.id.clone(),
        by: scenario.owner.to_string(),
        started: Some(reservation::instant(scenario.created.as_microsecond())),
        state: state.into(),
        applied_at,
        lines: encode::count(scenario.differs.promises),
        done: encode::count(scenario.differs.promises),
        ..proto::BacklogRun::default()
    }
}

impl RunMark {
    fn with<T>(&self, act: impl FnOnce(&mut Entry) -> T) -> Option<T> {
        self.runs.0.lock().by_key.get_mut(&self.key).map(act)
    }

    /// From here on it cannot be stopped.
    ///
    /// # Errors
    /// It was.
    pub(super) fn fix(&self) -> Result<(), GivenUp> {
        let is_cancelled = self.with(|entry| {
            entry.is_fixed = entry.told.state() == State::Running;
            !entry.is_fixed
        });
        if is_cancelled == Some(true) { Err(GivenUp) } else { Ok(()) }
    }

    /// It was made live.
    pub(super) fn applied(&self, position: u64) {
        self.with(|entry| {
            entry.told.set_state(State::Applied);
            entry.told.applied_at = position;
        });
    }

    /// Why it was not made live.
    pub(super) fn stays(&self, why: &str) {
        self.with(|entry| entry.told.why = why.to_string());
    }
}

impl Under {
    /// Where it is noted.
    pub(super) fn mark(&self) -> RunMark {
        self.mark.clone()
    }

    /// Whether somebody has stopped it.
    pub(super) fn is_cancelled(&self) -> bool {
        self.mark.with(|entry| entry.told.state() == State::Cancelled) == Some(true)
    }

    /// It is done.
    pub(super) fn done(&self, ran: &proto::RunBacklogResponse) {
        let now = self.mark.engine.now();
        self.mark.with(|entry| {
            entry.end(State::Done, now);
            if let Some(compared) = &ran.compared {
                entry.told.before.clone_from(&compared.before);
                entry.told.after.clone_from(&compared.after);
            }
        });
    }

    /// It could not be done.
    pub(super) fn failed(&self, why: &str) {
        let now = self.mark.engine.now();
        self.mark.with(|entry| {
            entry.end(State::Failed, now);
            entry.told.why = why.to_string();
        });
    }
}

/// How far a run is.
pub(super) fn progress(run_id: &str, patience: &Patience) -> proto::RunProgress {
    let far = patience.far();
    proto::RunProgress {
        lines_done: far.lines_done,
        lines: far.lines,
        parts_done: far.parts_done,
        parts: far.parts,
        result: None,
        run_id: run_id.to_string(),
    }
}
