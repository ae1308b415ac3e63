//! One what-if world, and what was done to it.

use crate::{
    backlog::Spec,
    change::Change,
    engine::backlog::RunGoal,
    ledger::{Exchange, Reservation, State, World, trie::Trie},
};
use jiff::Timestamp;
use std::sync::Arc;

/// So many bytes may be counted too many before they are counted anew.
const BYTES_UNCOUNTED_MAX: u64 = 1 << 20;

/// What a scenario is called, and how long it is kept.
pub(super) struct Title {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) created: Timestamp,
    pub(super) expires: Timestamp,
    pub(super) owner: Arc<str>,
}

/// Another priority for an order, or for a line of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reprioritised {
    /// The order.
    pub order: String,
    /// The line; all of them where none is named.
    pub line: Option<String>,
    /// 1 is the most important; none takes the customer's.
    pub priority: Option<i32>,
}

/// A what-if world.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its id, such as `S7-3`: the start of the server, and a number.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Who made it; empty where nobody is asked who he is.
    pub owner: Arc<str>,
    /// Live as it was when the scenario, or the first one before it, was taken.
    pub base: World,
    /// The world of the scenario.
    pub world: World,
    /// What was done to it, by its place in the order.
    steps: Trie<ScenarioStep>,
    /// When it was taken.
    pub created: Timestamp,
    /// From when on it is forgotten.
    pub expires: Timestamp,
    /// Whether it was made live.
    pub phase: Phase,
    /// In what it differs from its base.
    pub differs: Differences,
    /// Of what was done to it: another one as soon as something else was.
    pub etag: Arc<str>,
    /// What did not fit any more when its steps were done again after a restart.
    pub left_out: Arc<[String]>,
    /// Bytes that the base held beyond live when it was taken, where it was read from the journal: it shares nothing.
    base_bytes: u64,
    /// The bytes that were last counted exactly; in between what each step adds is added.
    bytes_counted: u64,
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
pub enum ScenarioStep {
    /// Planning data was changed.
    Changes(Arc<[Change]>),
    /// Orders were promised again.
    Run(Box<Spec>, RunGoal),
    /// Orders were added, cancelled or amended.
    Orders,
    /// Orders were given another priority.
    Priorities(Arc<[Reprioritised]>),
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
        let Title { id, name, created, expires, owner } = title;
        Self {
            id,
            name,
            owner,
            base_bytes: if base.position == live.position { 0 } else { base.bytes_beyond(live) },
            world: base.clone(),
            base,
            steps: Trie::default(),
            created,
            expires,
            phase: Phase::Open,
            differs: Differences::default(),
            etag: "0".into(),
            left_out: [].into(),
            bytes_counted: 0,
        }
    }

    /// A scenario as this one is, under a title of its own.
    pub(super) fn copied(&self, title: Title) -> Self {
        let Title { id, name, created, expires, owner } = title;
        Self { id, name, created, expires, owner, phase: Phase::Open, ..self.clone() }
    }

    /// Whether its base was live when it was taken, and shares what it has with it.
    pub(super) fn shares_live(&self) -> bool {
        self.base_bytes == 0
    }

    /// Bytes of memory that it holds beyond live as that was when it was taken, about. The snapshot of its
    /// base, which others hold too, is counted by [`Scenarios`](super::Scenarios).
    pub fn bytes(&self) -> u64 {
        size_of::<Self>() as u64 + self.base_bytes + self.differs.bytes
    }

    /// The scenario after something was done to it that made this world of its own. Its cost is that of the step,
    /// however many there were before.
    #[must_use]
    pub fn after(&self, step: ScenarioStep, world: World) -> Self {
        let changed = world.changed_since(&self.world);
        let etag = next_etag(&self.etag, &step, &world, &changed);
        let mut differs = self.differs;
        for number in changed {
            let (was, is) = (self.differs_in(&self.world, number), self.differs_in(&world, number));
            differs.promises = differs.promises + usize::from(is.told) - usize::from(was.told);
            differs.at_risk = differs.at_risk + usize::from(is.risky) - usize::from(was.risky);
        }
        differs.changes += match &step {
            ScenarioStep::Changes(changes) => changes.len(),
            ScenarioStep::Run(..) | ScenarioStep::Orders | ScenarioStep::Priorities(_) => 0,
        };
        differs.bytes += step.bytes() + world.bytes_beyond(&self.world);
        let mut next = Self { world, differs, etag, ..self.clone() };
        next.steps.insert(self.steps.len() as u64, step);
        // What a step replaced of the one before is gone: counted anew now and then, so that all steps together cost
        // no more than a few walks over the whole.
        if 2 * next.bytes_counted + BYTES_UNCOUNTED_MAX < next.differs.bytes {
            let steps: u64 = next.steps().map(ScenarioStep::bytes).sum();
            next.bytes_counted = steps + next.world.bytes_beyond(&next.base);
            next.differs.bytes = next.bytes_counted;
        }
        next
    }

    /// In what a promise of a world differs from that of the base.
    fn differs_in(&self, world: &World, number: u64) -> Differs {
        let is_risky = |world: &World| world.reservation(number).is_some_and(|found| found.at_risk);
        Differs {
            told: exchange(&self.base, world, number).is_some(),
            risky: is_risky(world) && !is_risky(&self.base),
        }
    }

    /// How many steps were done to it.
    pub(super) fn n_steps(&self) -> usize {
        self.steps.len()
    }

    /// What was done to it, in order.
    pub fn steps(&self) -> impl Iterator<Item = &ScenarioStep> {
        self.steps.iter().map(|(_, step)| step)
    }

    /// The scenario, with what did not fit any more when its steps were done again.
    #[must_use]
    pub(in crate::engine) fn without(self, left_out: Vec<String>) -> Self {
        Self { left_out: left_out.into(), ..self }
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
        let (steps, differs) = (Trie::default(), Differences::default());
        let (etag, left_out) = ("0".into(), [].into());
        let (base_bytes, bytes_counted, phase) = (0, 0, Phase::Open);
        Self {
            base,
            world,
            steps,
            differs,
            etag,
            left_out,
            base_bytes,
            bytes_counted,
            phase,
            ..self.clone()
        }
    }

    /// The changes of planning data made in it, list after list.
    pub fn lists(&self) -> impl Iterator<Item = &Arc<[Change]>> {
        self.steps().filter_map(|step| match step {
            ScenarioStep::Changes(changes) => Some(changes),
            ScenarioStep::Run(..) | ScenarioStep::Orders | ScenarioStep::Priorities(_) => None,
        })
    }

    /// What makes live as this scenario is: the promises that differ from those of its base, and those
    /// that only it has. Whether a promise is at risk is for live to say.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.exchanges_of(&self.world.changed_since(&self.base)).collect()
    }

    /// Those of promises that are not the same as in the base.
    fn exchanges_of(&self, changed: &[u64]) -> impl Iterator<Item = Exchange> {
        changed.iter().filter_map(|number| exchange(&self.base, &self.world, *number))
    }
}

/// In what one promise differs from that of the base.
struct Differs {
    told: bool,
    risky: bool,
}

/// What makes a promise of the base as a world has it, where it is another one.
fn exchange(base: &World, world: &World, number: u64) -> Option<Exchange> {
    let after = Arc::clone(world.reservation(number)?);
    let before = base.reservation(number).cloned();
    let is_told = match before.as_deref() {
        // What has ended takes no step: what it planned and nobody counts on any more live withdraws by itself.
        Some(before) if before.state.is_final() && before.state == after.state => false,
        Some(before) => Reservation { at_risk: before.at_risk, ..(*after).clone() } != *before,
        // What it made and ended again is nobody's; what has shipped of a promise is one of its own.
        None => !matches!(after.state, State::Cancelled | State::Expired),
    };
    is_told.then_some(Exchange { before, after })
}

impl ScenarioStep {
    /// Bytes of it; the changes are counted with the world that they made.
    fn bytes(&self) -> u64 {
        let bytes = match self {
            Self::Changes(_) | Self::Orders => size_of::<Self>(),
            Self::Run(spec, _) => size_of::<Self>() + spec.bytes(),
            Self::Priorities(orders) => size_of::<Self>() + size_of_val(&**orders),
        };
        bytes as u64
    }
}

/// The next etag: of the one before, of the step, and of the promises that it changed.
fn next_etag(before: &str, step: &ScenarioStep, world: &World, changed: &[u64]) -> Arc<str> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(before.as_bytes());
    hasher.update(format!("{step:?}").as_bytes());
    if let ScenarioStep::Orders = step {
        // What the orders were is not in the step.
        for number in changed {
            hasher.update(format!("{:?}", world.reservation(*number)).as_bytes());
        }
    }
    hasher.finalize().to_hex()[..16].into()
}
