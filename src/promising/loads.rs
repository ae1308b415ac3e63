//! The hours that a [netted](super::netting) need takes at least, by which days, and whether there are so many.

use super::{
    curve::Curve,
    netting::{Netted, started},
    search::Search,
};
use crate::{
    model::Quantity,
    snapshot::{
        ResourceIx, WorkIx,
        making::{Operation, Way},
    },
};

/// So many sets of resources are looked at.
const SETS_MAX: usize = 64;

impl Search<'_> {
    /// Whether there are not so many hours as a netted need takes by some day.
    pub(super) fn lacks_hours(&self, netted: &Netted<'_>) -> bool {
        self.sets_of_resources(netted).into_iter().any(|resources| {
            let loads = self.loads_of(netted, &resources);
            loads.steps().iter().any(|load| {
                let free = |resource: &ResourceIx| {
                    self.capacity_of(self.hours_of(*resource)).between(netted.today, load.by)
                };
                resources.iter().map(free).sum::<Quantity>() < load.all
            })
        })
    }

    /// Each resource that may be asked for, and all of them that one item may be made on.
    fn sets_of_resources(&self, netted: &Netted<'_>) -> Vec<Vec<ResourceIx>> {
        let mut sets: Vec<Vec<ResourceIx>> = Vec::new();
        for (at, level) in netted.structure.levels.iter().enumerate() {
            if netted.made[at].steps().is_empty() {
                continue;
            }
            let operations = level.works.iter().flat_map(|&work| self.operations_of(work));
            let hours = operations.flat_map(|operation| &operation.ways).flat_map(|way| &way.hours);
            let mut all: Vec<ResourceIx> = hours.map(|each| each.resource).collect();
            all.sort_unstable();
            all.dedup();
            sets.extend(all.iter().map(|&resource| vec![resource]));
            sets.push(all);
        }
        sets.sort_unstable();
        sets.dedup();
        sets.truncate(SETS_MAX);
        sets
    }

    fn operations_of(&self, work: WorkIx) -> &[Operation] {
        self.snapshot().works.operations.of(work)
    }

    /// The hours that all items take at least of some resources together.
    fn loads_of(&self, netted: &Netted<'_>, resources: &[ResourceIx]) -> Curve {
        let mut loads = Curve::default();
        for (at, level) in netted.structure.levels.iter().enumerate() {
            if netted.made[at].steps().is_empty() {
                continue;
            }
            let mut load = Curve::default();
            for made in netted.made[at].steps() {
                let is_way =
                    |work: &&WorkIx| self.begun_until(**work, (netted.today, made.by)).is_some();
                let works = level.works.iter().filter(is_way);
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
            hours.map(|each| work.hours(each, started)).sum()
        };
        let operations = self.operations_of(work_ix).iter();
        operations.filter_map(|operation| operation.ways.iter().map(of_way).min()).sum()
    }
}
