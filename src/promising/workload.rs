//! Hours that a need takes at least, however it is filled, and whether they are there.
//!
//! The [bound](super::bound) looks at each node of a plan as if it were alone: where nine parts of a bicycle want
//! three hours each of one resource, it is content with three. Here the hours of all nodes are added up, as if each
//! had all stock for itself: what stock does not have by the last day on which it may be taken must be made, if
//! nothing else is possible, by the last day on which that is of use. A plan takes no less, so where the hours are
//! not there nothing needs to be tried.

use super::{
    below::{Deadline, Level, Structure},
    borrow::may_borrow,
    bound::{ROUNDING, less, share},
    fill::{Need, Search},
    make,
};
use crate::{
    model::{Consumption, Day, Quantity},
    snapshot::{
        ItemIx, LocationIx, ResourceIx, WorkIx,
        atp_rule::Mode,
        making::{Component, Way, Work},
        sourcing::{Origin, Source},
    },
};

/// So many nodes are added up; with more nothing is said.
const NODES_MAX: u32 = 4_096;

/// Hours of a resource that must be taken by a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Load {
    resource: ResourceIx,
    by: Day,
    hours: Quantity,
}

/// A sum under way.
struct Sum<'a> {
    structure: &'a Structure,
    deadlines: &'a [Deadline],
    loads: Vec<Load>,
    /// Where the item is on its way to, from the place where it is asked for.
    movers: Vec<LocationIx>,
    n_nodes: u32,
}

impl Search<'_> {
    /// Whether the hours are not there that a need takes at least.
    pub(super) fn lacks_hours(&mut self, need: Need) -> bool {
        if self.memo.bounds.is_off || !self.is_short(need) {
            return false;
        }
        let structure = self.structure(need.item, need.location);
        self.is_overloaded(&structure, need)
    }

    /// The first day at or after one by which the hours may be there that a need takes at least; none within
    /// the horizon if there is none.
    pub(super) fn enough_hours_from(&mut self, need: Need, from: Day) -> Option<Day> {
        if self.memo.bounds.is_off || !self.is_short(need.on(from)) {
            return Some(from);
        }
        let structure = self.structure(need.item, need.location);
        let end = self.snapshot().epoch().end();
        // With more time there is more stock, and there are more hours.
        let (mut least, mut day, mut step) = (from, from, 1);
        while self.is_overloaded(&structure, need.on(day)) {
            least = day.plus(1);
            if end <= least {
                return None;
            }
            day = day.plus(step).min(end.plus(-1));
            step *= 2;
        }
        while least < day {
            let middle = least.plus((day.0 - least.0) / 2);
            if self.is_overloaded(&structure, need.on(middle)) {
                least = middle.plus(1);
            } else {
                day = middle;
            }
        }
        Some(day)
    }

    /// Whether stock does not have all of a need.
    fn is_short(&self, need: Need) -> bool {
        let account = self.snapshot().stock(need.item, need.location);
        self.stock_of(account).available(need.day) < need.quantity
    }

    fn is_overloaded(&mut self, structure: &Structure, need: Need) -> bool {
        self.memo.spent.bounds += 1;
        let deadlines = self.deadlines(structure, need.day, need.stand.today);
        let mut sum = Sum {
            structure,
            deadlines: &deadlines,
            loads: Vec::new(),
            movers: Vec::new(),
            n_nodes: 0,
        };
        self.add_need(&mut sum, (need.item, need.location), need.quantity);
        if NODES_MAX <= sum.n_nodes {
            return false;
        }
        let mut loads = sum.loads;
        loads.sort_unstable();
        loads.chunk_by(|a, b| a.resource == b.resource).any(|of_one| {
            let account = self.hours_of(of_one[0].resource);
            let capacity = self.capacity_of(account);
            let mut wanted = Quantity::ZERO;
            of_one.iter().enumerate().any(|(at, load)| {
                wanted += load.hours;
                let is_last = of_one.get(at + 1).is_none_or(|next| next.by != load.by);
                is_last && capacity.between(need.stand.today, load.by) < wanted
            })
        })
    }

    /// Adds what a quantity at a place takes.
    fn add_need(
        &self,
        sum: &mut Sum<'_>,
        (item, location): (ItemIx, LocationIx),
        quantity: Quantity,
    ) {
        sum.n_nodes += 1;
        let snapshot = self.snapshot();
        let rule = snapshot.rule(item, location);
        let is_searched = rule.mode == Mode::Supply
            && rule.infinite_fence_days.is_none()
            && rule.consumption == Consumption::Both
            && rule.search_sources;
        if !is_searched || NODES_MAX <= sum.n_nodes {
            return;
        }
        let at = sum.structure.position(item);
        // What is moved may leave its origin as late as anything comes that is borrowed.
        let deadline = sum.deadlines[at];
        let until = if sum.movers.is_empty() { deadline.taken } else { deadline.made };
        let stock = self.stock_of(snapshot.stock(item, location));
        let short = quantity - stock.available(until);
        if short.raw() <= ROUNDING {
            return;
        }
        let mut scratch = Vec::new();
        let sources = snapshot.local_sources(item, location, &mut scratch);
        if sources.iter().any(|source| matches!(source.kind, Origin::Buy(_))) {
            return;
        }
        let part = share(short, sources.len());
        self.add_least(sum, sources, |search, sum, source: &Source| match source.kind {
            Origin::Buy(_) => (),
            Origin::Make(work) => search.add_work(sum, at, work, part),
            Origin::Transfer(from, _) => search.add_move(sum, (item, location), from, part),
        });
    }

    fn add_move(
        &self,
        sum: &mut Sum<'_>,
        (item, to): (ItemIx, LocationIx),
        from: LocationIx,
        part: Quantity,
    ) {
        // Nobody is asked again who is asking.
        if from == to || sum.movers.contains(&from) {
            return;
        }
        sum.movers.push(to);
        self.add_need(sum, (item, from), part);
        sum.movers.pop();
    }

    /// Adds what work orders for a part of a need take.
    fn add_work(&self, sum: &mut Sum<'_>, at: usize, work_ix: WorkIx, part: Quantity) {
        let snapshot = self.snapshot();
        let work = &snapshot.works.rows[work_ix];
        // What is over of a whole lot may serve another node of the same plan.
        if at != 0 && (work.lot_multiple.is_some() || work.minimum.is_some()) {
            return;
        }
        let least = make::lot_size(work, Quantity::micros(1));
        let started = less(part).over(work.yield_rate).max(least);
        let calendar = snapshot.calendars.of(snapshot.locations.rows[work.location].manufacturing);
        let made = sum.deadlines[at].made;
        let by = |way: &Way| {
            let end = calendar.previous(made);
            end.and_then(|end| make::back(calendar, end, way.offset_days)).unwrap_or(made)
        };
        for operation in snapshot.works.operations.of(work_ix) {
            self.add_least(sum, &operation.ways, |_, sum, way| {
                let loads = way.hours.iter().map(|each| Load {
                    resource: each.resource,
                    by: by(way),
                    hours: work.hours(each, started),
                });
                sum.loads.extend(loads);
            });
        }
        let movers = std::mem::take(&mut sum.movers);
        for component in snapshot.works.components.of(work_ix) {
            self.add_component(sum, work, component, started);
        }
        sum.movers = movers;
    }

    fn add_component(
        &self,
        sum: &mut Sum<'_>,
        work: &Work,
        component: &Component,
        started: Quantity,
    ) {
        let whole = component.amount.of(started);
        let (today, end) = (Day::ZERO, self.snapshot().epoch().end());
        // One that is not used on some day may be done without.
        if !component.validity.covers(today, end) || !whole.is_positive() {
            return;
        }
        let part = share(whole, 1 + component.substitutes.len());
        if component.substitutes.is_empty() {
            return self.add_need(sum, (component.item, work.location), part);
        }
        let others = component
            .substitutes
            .iter()
            .map(|other| (other.item, less(other.amount.of(started).scaled(part, whole))));
        let all: Vec<_> = std::iter::once((component.item, part)).chain(others).collect();
        self.add_least(sum, &all, |search, sum, &(item, quantity)| {
            search.add_need(sum, (item, work.location), quantity);
        });
    }

    /// Adds the least that any of some ways takes of each resource.
    fn add_least<T>(&self, sum: &mut Sum<'_>, ways: &[T], add: impl Fn(&Self, &mut Sum<'_>, &T)) {
        let start = sum.loads.len();
        let mut least: Option<Vec<Load>> = None;
        for (at, way) in ways.iter().enumerate() {
            add(self, sum, way);
            if at == 0 && ways.len() == 1 {
                return;
            }
            let loads = by_resource(sum.loads.drain(start..).collect());
            least = Some(match least {
                None => loads,
                Some(least) => of_both(&least, &loads),
            });
            if least.as_ref().is_some_and(Vec::is_empty) {
                return;
            }
        }
        sum.loads.extend(least.into_iter().flatten());
    }

    /// Until when goods of an item come that is asked for by a day.
    pub(super) fn made_until(&self, level: &Level, taken: Day) -> Day {
        let snapshot = self.snapshot();
        let lends = |place: &&LocationIx| {
            let account = snapshot.stock(level.item, **place);
            may_borrow(snapshot.rule(level.item, **place))
                && snapshot.allocation_rule(account).is_none()
        };
        let lowest = |made: Day| {
            let places = level.places.iter().filter(lends);
            let days = places
                .map(|place| self.stock_of(snapshot.stock(level.item, *place)).lowest_from(made));
            days.fold(made, Day::max)
        };
        let mut made = taken;
        loop {
            let later = lowest(made);
            if later == made {
                return made;
            }
            made = later;
        }
    }

    /// Until when an operation of a work order begins that ends by a day.
    pub(super) fn begun_until(&self, work_ix: WorkIx, operation: u32, made: Day) -> Option<Day> {
        let snapshot = self.snapshot();
        let work = &snapshot.works.rows[work_ix];
        let calendar = snapshot.calendars.of(snapshot.locations.rows[work.location].manufacturing);
        let end = calendar.previous(made)?;
        if operation != 0 {
            return Some(end);
        }
        // The first one begins on the start day at the latest.
        let least = make::lot_size(work, Quantity::micros(1));
        make::back(calendar, end, make::duration(work, least))
    }
}

/// One load a resource: all of its hours, by the last of its days.
fn by_resource(mut loads: Vec<Load>) -> Vec<Load> {
    loads.sort_unstable();
    loads.dedup_by(|later, sum| {
        let is_same = later.resource == sum.resource;
        if is_same {
            sum.hours += later.hours;
            sum.by = sum.by.max(later.by);
        }
        is_same
    });
    loads
}

/// The least of two ways, of what both take.
fn of_both(a: &[Load], b: &[Load]) -> Vec<Load> {
    let both = a.iter().filter_map(|one| {
        let other = b.iter().find(|other| other.resource == one.resource)?;
        Some(Load { by: one.by.max(other.by), hours: one.hours.min(other.hours), ..*one })
    });
    both.collect()
}
