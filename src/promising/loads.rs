//! The hours that a [netted](super::netting) need takes at least, by which days, and whether there are so many.

use super::{
    below::{Level, Structure},
    curve::Curve,
    netted::Netted,
    netting::started,
    search::Search,
};
use crate::{
    limits::BALANCE_MAX,
    model::{Day, Quantity},
    snapshot::{
        ResourceIx, WorkIx,
        making::{Operation, Way},
    },
};

/// So many sets of resources are looked at.
const SETS_MAX: usize = 64;

/// What is taken of a resource at most, and from when on.
#[derive(Debug)]
struct Load {
    resource: ResourceIx,
    /// In micros; ways are many, and each may take as much as a balance can be.
    most: i128,
    first: Day,
}

impl Load {
    fn add(&mut self, other: &Load) {
        self.most += other.most;
        self.first = self.first.min(other.first);
    }
}

impl Search<'_> {
    /// Whether there are not so many hours as a netted need takes by some day.
    pub(super) fn lacks_hours(&self, structure: &Structure, netted: &mut Netted) -> bool {
        let most = self.most_loads(structure, netted);
        // Of each resource that may be asked for, and of all of them that one item may be made on.
        let one = most.iter().map(|load| std::slice::from_ref(&load.resource));
        let is_made = |(at, level): (usize, &'_ Level)| {
            !netted.made[at].steps().is_empty() && 1 < level.resources.len()
        };
        let levels = structure.levels.iter().enumerate();
        let levels = levels.filter(|(at, level)| is_made((*at, level)));
        let all = levels.map(|(_, level)| &*level.resources);
        let mut sets: Vec<&[ResourceIx]> =
            one.chain(all).filter(|set| self.may_lack(&most, set, netted.today)).collect();
        sets.sort_unstable();
        sets.dedup();
        sets.truncate(SETS_MAX);
        sets.into_iter().any(|resources| {
            let loads = self.loads_of(structure, netted, resources);
            let today = netted.today;
            loads.steps().iter().any(|load| self.free_until(resources, (today, load.by)) < load.all)
        })
    }

    fn free_until(&self, resources: &[ResourceIx], (today, by): (Day, Day)) -> Quantity {
        let free = |of: &ResourceIx| self.capacity_of(self.hours_of(*of)).between(today, by);
        resources.iter().map(free).sum()
    }

    /// Whether resources have not by the first day on which any is taken all that is taken of them.
    fn may_lack(&self, most: &[Load], resources: &[ResourceIx], today: Day) -> bool {
        let loads = || most.iter().filter(|load| resources.contains(&load.resource));
        let taken: i128 = loads().map(|load| load.most).sum();
        let first = loads().map(|load| load.first).min();
        first.is_some_and(|first| {
            i128::from(self.free_until(resources, (today, first)).raw()) < taken
        })
    }

    /// What all items take at most of each resource, however they are made.
    fn most_loads(&self, structure: &Structure, netted: &Netted) -> Vec<Load> {
        let mut loads: Vec<Load> = Vec::new();
        for (at, level) in structure.levels.iter().enumerate() {
            let made = &netted.made[at];
            let Some(first) = made.steps().first() else {
                continue;
            };
            for &work_ix in &level.works {
                let work = &self.snapshot().works.rows[work_ix];
                let started = started(work, made.all());
                let ways = self.operations_of(work_ix).iter().flat_map(|operation| &operation.ways);
                for each in ways.flat_map(|way| &way.hours) {
                    let (resource, most) = (each.resource, work.hours(each, started).raw().into());
                    let load = Load { resource, most, first: first.by };
                    match loads.iter_mut().find(|known| known.resource == resource) {
                        Some(known) => known.add(&load),
                        None => loads.push(load),
                    }
                }
            }
        }
        loads
    }

    fn operations_of(&self, work: WorkIx) -> &[Operation] {
        self.snapshot().works.operations.of(work)
    }

    /// The hours that all items take at least of some resources together.
    fn loads_of(
        &self,
        structure: &Structure,
        netted: &mut Netted,
        resources: &[ResourceIx],
    ) -> Curve {
        let Netted { today, made, begun, .. } = netted;
        let mut loads = Curve::default();
        for (at, level) in structure.levels.iter().enumerate() {
            let is_asked = |of: &ResourceIx| resources.contains(of);
            if made[at].steps().is_empty() || !level.resources.iter().any(is_asked) {
                continue;
            }
            let mut load = Curve::default();
            for made in made[at].steps() {
                let mut is_way =
                    |work: &&WorkIx| self.begun_until(begun, **work, (*today, made.by)).is_some();
                let works = level.works.iter().filter(|work| is_way(work));
                let hours = works.map(|&work| self.hours_in(work, made.all, resources)).min();
                load.raise(made.by, hours.unwrap_or_default());
            }
            loads.add(&load);
        }
        loads
    }

    fn hours_in(&self, work_ix: WorkIx, made: Quantity, resources: &[ResourceIx]) -> Quantity {
        let work = &self.snapshot().works.rows[work_ix];
        let started = started(work, made);
        let of_way = |way: &Way| -> Quantity {
            let hours = way.hours.iter().filter(|each| resources.contains(&each.resource));
            at_most(hours.map(|each| work.hours(each, started)))
        };
        let operations = self.operations_of(work_ix).iter();
        at_most(operations.filter_map(|operation| operation.ways.iter().map(of_way).min()))
    }
}

/// A sum, or as much as a balance can be: less than is taken, which asks for less.
fn at_most(hours: impl Iterator<Item = Quantity>) -> Quantity {
    let most = Quantity::micros(BALANCE_MAX);
    hours.fold(Quantity::ZERO, |sum, hours| (sum + hours).min(most))
}
