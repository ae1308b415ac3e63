//! One what-if world, and what was done to it.

use crate::{
    backlog::Spec,
    change::Change,
    engine::backlog::Objective,
    ledger::{Exchange, Reservation, World},
};
use jiff::Timestamp;
use std::sync::Arc;

/// What a scenario is called, and how long it is kept.
pub(super) struct Title {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) created: Timestamp,
    pub(super) expires: Timestamp,
}

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
    /// Bytes that the base held beyond live when it was taken: none where that was live itself.
    base_bytes: u64,
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
    /// Bytes of memory that it holds beyond its base, about.
    pub bytes: u64,
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
    pub(super) fn new(title: Title, base: World, live: &World) -> Self {
        let Title { id, name, created, expires } = title;
        Self {
            id,
            name,
            base_bytes: base.bytes_beyond(live),
            world: base.clone(),
            base,
            steps: Vec::new(),
            created,
            expires,
            phase: Phase::Open,
            differs: Differences::default(),
        }
    }

    /// A scenario as this one is, under a title of its own.
    pub(super) fn copied(&self, title: Title) -> Self {
        let Title { id, name, created, expires } = title;
        Self { id, name, created, expires, phase: Phase::Open, ..self.clone() }
    }

    /// Bytes of memory that it holds beyond live as that was when it was taken, about. The snapshot of its
    /// base, which others hold too, is counted by [`Scenarios`](super::Scenarios).
    pub fn bytes(&self) -> u64 {
        size_of::<Self>() as u64 + self.base_bytes + self.differs.bytes
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
            bytes: self.bytes_of_steps() + self.world.bytes_beyond(&self.base),
        }
    }

    /// Bytes of what was done; the changes are counted with the world that they made.
    fn bytes_of_steps(&self) -> u64 {
        let of_step = |step: &Step| match step {
            Step::Changes(_) | Step::Orders => size_of::<Step>(),
            Step::Run(spec, _) => size_of::<Step>() + spec.bytes(),
        };
        self.steps.iter().map(|step| of_step(step) as u64).sum()
    }

    /// The scenario, so far on its way to live.
    #[must_use]
    pub fn in_phase(&self, phase: Phase) -> Self {
        Self { phase, ..self.clone() }
    }

    /// A scenario of its name and time to which nothing has been done yet.
    #[must_use]
    pub fn taken_from(&self, base: World) -> Self {
        let world = base.clone();
        let (steps, differs) = (Vec::new(), Differences::default());
        Self { base, world, steps, differs, base_bytes: 0, phase: Phase::Open, ..self.clone() }
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
