//! Two worlds side by side: how each order line stands in both, and what that comes to.
//!
//! [`compare`] looks at promises as they are kept, so anything that ends in a [`World`] can be compared:
//! live and a scenario, two scenarios, an orders file before and after a change. It plans nothing. Promises
//! are matched by number, else by order and line; a line that one world does not know counts there as not
//! asked for.

mod pairing;
mod standing;
mod kpi;
mod pair;
mod group;
mod why;

pub use group::{Group, Grouping, kpi_by};
pub use kpi::Kpi;
pub use pair::Pair;
pub use standing::{LineStanding, Verdict};

use crate::{
    ledger::{Reservation, World},
    promising::patience::Patience,
};
use std::sync::{Arc, OnceLock};

/// Two worlds compared.
#[derive(Debug)]
pub struct Compared {
    /// Every line that is known in either: by number those with the same one, then the others by order
    /// and line.
    pub pairs: Vec<Pair>,
    /// The first world in sum.
    pub before: Kpi,
    /// The second world in sum.
    pub after: Kpi,
    /// The same by class, customer, item and location.
    pub groups: Vec<Group>,
    worlds: [World; 2],
    context: OnceLock<why::Context>,
}

impl Compared {
    /// What made the difference for a line, in a planner's words; empty where there is none.
    pub fn why(&self, pair: &Pair) -> String {
        let [before, after] = &self.worlds;
        let context = self.context.get_or_init(|| why::Context::new(before, after, &self.pairs));
        context.explain(pair)
    }

    /// The currency of its amounts.
    pub fn currency(&self) -> &str {
        self.worlds[1].snapshot.currency()
    }

    /// The groups of a dimension in which something differs, at most so many, those that lose most first.
    pub fn worst(&self, dimension: Grouping, most: usize) -> impl Iterator<Item = &Group> {
        let differs = |group: &&Group| group.dimension == dimension && group.before != group.after;
        let mut groups: Vec<_> = self.groups.iter().filter(differs).collect();
        groups.sort_by_key(|group| {
            let (before, after) = (&group.before, &group.after);
            let safe = |kpi: &Kpi| kpi.revenue_on_time - kpi.revenue_at_risk;
            (safe(after) - safe(before), group.key.as_str())
        });
        groups.into_iter().take(most)
    }
}

/// Compares two worlds.
///
/// ```
/// use promised::{compare, ledger::World, loader};
/// use std::sync::Arc;
/// # std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap();
/// let loaded = loader::open("snapshots/tiny".as_ref(), &loader::Silent)?;
/// let live = World::new(Arc::new(loaded.snapshot.expect("it is sound")));
/// let compared = compare::compare(&live, &live.clone());
/// assert!(compared.pairs.is_empty(), "nothing was promised yet");
/// assert_eq!(compared.before, compared.after);
/// # Ok::<(), loader::Error>(())
/// ```
pub fn compare(before: &World, after: &World) -> Compared {
    compare_within(before, after, &Patience::endless())
}

/// The same, as long as somebody waits for it, within [`heard_out`](crate::promising::patience::heard_out): it looks
/// at each line.
pub fn compare_within(before: &World, after: &World, patience: &Patience) -> Compared {
    let mut patience = patience.clone();
    let known = pairing::pairs(before, after, &patience);
    patience.expect(known.len(), 1);
    let mut pair = |promises: [Option<Arc<Reservation>>; 2]| {
        patience.open();
        patience.did(1);
        let standing = |world: &World, found: &Option<Arc<Reservation>>| {
            found.as_ref().map(|found| LineStanding::of(&world.snapshot, found))
        };
        let (one, other) = (standing(before, &promises[0]), standing(after, &promises[1]));
        let verdict = verdict(one.as_ref(), other.as_ref());
        Pair { before: one, after: other, verdict, promises }
    };
    let pairs: Vec<_> = known.into_iter().map(&mut pair).collect();
    patience.go_on();
    let groups = group::groups(&pairs);
    patience.go_on();
    Compared {
        before: Kpi::of(pairs.iter().filter_map(|pair| pair.before.as_ref())),
        after: Kpi::of(pairs.iter().filter_map(|pair| pair.after.as_ref())),
        groups,
        pairs,
        worlds: [before.clone(), after.clone()],
        context: OnceLock::new(),
    }
}

/// The figures of one world.
///
/// ```
/// use promised::{compare, ledger::World, loader};
/// use std::sync::Arc;
/// # std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap();
/// let loaded = loader::open("snapshots/tiny".as_ref(), &loader::Silent)?;
/// let live = World::new(Arc::new(loaded.snapshot.expect("it is sound")));
/// assert_eq!(compare::kpi(&live).lines, 0);
/// # Ok::<(), loader::Error>(())
/// ```
pub fn kpi(world: &World) -> Kpi {
    let live = world.reservations_from(0).filter(|found| found.is_live());
    let standings: Vec<_> = live.map(|found| LineStanding::of(&world.snapshot, found)).collect();
    Kpi::of(standings.iter())
}

fn verdict(before: Option<&LineStanding>, after: Option<&LineStanding>) -> Verdict {
    match (before, after) {
        (Some(before), Some(after)) => after.against(before),
        (None, Some(_)) => Verdict::Added,
        (Some(_), None) => Verdict::Gone,
        (None, None) => Verdict::Same,
    }
}
