//! What a need takes at least, however it is filled, and whether that is there.
//!
//! The [bound](super::bound) looks at each node of a plan as if it were alone: where nine parts of a bicycle want
//! three hours each of one resource, it is content with three, and where two plants make what one needs it lets each
//! of its parts have both. Here a need is netted as planners do it: what is needed of an item, wherever and for whatever, less all that
//! there is of it by the last day on which it is of use, must be made, and asks for its own parts. What comes of it,
//! goods that are neither there nor can be had and hours of all resources that might do it, a plan takes too: where
//! that is not there nothing needs to be tried.

use super::{
    below::{Deadline, Level, Structure},
    bound::{ROUNDING, less},
    make,
    search::{Need, Search, Want},
};
use crate::{
    model::{Day, Quantity},
    snapshot::{
        ItemIx, OfferIx, ResourceIx, WorkIx,
        making::{Operation, Way, WorkDefinition},
    },
};

/// So many sets of resources are looked at.
const SETS_MAX: usize = 64;

/// A need netted down a structure.
struct Netted<'a> {
    structure: &'a Structure,
    deadlines: &'a [Deadline],
    today: Day,
    /// How much of each item is needed at least, and how much of that must be made.
    gross: Vec<Quantity>,
    made: Vec<Quantity>,
}

/// Hours that must be worked by a day.
struct Load {
    by: Day,
    hours: Quantity,
}

impl Search<'_> {
    /// Whether a need takes more than there can be by its day.
    pub(super) fn takes_too_much(&mut self, need: Need) -> bool {
        if self.memo.bounds.is_off || !self.is_short(need) {
            return false;
        }
        let structure = self.structure(need.item, need.location);
        self.lacks(&structure, need)
    }

    /// What is lacking of a need of which a part is of no use, where it takes too much, once so many needs were opened
    /// that it pays to know. No more than so much is certain to be lacking, where anybody wants to know how much.
    pub(super) fn lacking_in_sum(&mut self, need: Need, want: Want) -> Option<Quantity> {
        let pays = self.memo.is_short && self.memo.effort.is_much();
        if want == Want::Most || !pays || self.explains() || !need.quantity.is_positive() {
            return None;
        }
        if !self.takes_too_much(need) {
            return None;
        }
        let (mut low, mut high) = (0, need.quantity.raw());
        if self.memo.lack.is_asked() {
            let structure = self.structure(need.item, need.location);
            let deadlines = self.deadlines(&structure, need.day, need.stand.today);
            while low + 1 < high {
                let middle = low + (high - low) / 2;
                match self.lacks_by(&structure, &deadlines, need.of(Quantity::micros(middle))) {
                    true => high = middle,
                    false => low = middle,
                }
            }
        }
        Some(need.quantity - Quantity::micros(high - 1))
    }

    /// The first day at or after one by which there may be all that a need takes at least; none within the horizon if
    /// there is none.
    pub(super) fn enough_from(&mut self, need: Need, from: Day) -> Option<Day> {
        if self.memo.bounds.is_off || !self.is_short(need.on(from)) {
            return Some(from);
        }
        let structure = self.structure(need.item, need.location);
        let end = self.snapshot().epoch().end();
        let mut lacks = |day| self.lacks(&structure, need.on(day));
        // With more time there is more stock, and there are more hours.
        let (mut least, mut day, mut step) = (from, from, 1);
        while lacks(day) {
            least = day.plus(1);
            if end <= least {
                return None;
            }
            day = day.plus(step).min(end.plus(-1));
            step *= 2;
        }
        while least < day {
            let middle = least.plus((day.0 - least.0) / 2);
            if lacks(middle) {
                least = middle.plus(1);
            } else {
                day = middle;
            }
        }
        Some(day)
    }

    /// Whether stock does not have all of a need, and nobody has what he consumed of a forecast beside it.
    fn is_short(&self, need: Need) -> bool {
        let account = self.snapshot().stock(need.item, need.location);
        need.stand.asker.consumed.is_none()
            && self.stock_of(account).available(need.day) < need.quantity
    }

    fn lacks(&mut self, structure: &Structure, need: Need) -> bool {
        let deadlines = self.deadlines(structure, need.day, need.stand.today);
        self.lacks_by(structure, &deadlines, need)
    }

    fn lacks_by(&mut self, structure: &Structure, deadlines: &[Deadline], need: Need) -> bool {
        self.memo.spent.bounds += 1;
        let today = need.stand.today;
        let none = vec![Quantity::ZERO; structure.levels.len()];
        let (mut gross, made) = (none.clone(), none);
        gross[0] = need.quantity;
        let mut netted = Netted { structure, deadlines, today, gross, made };
        !self.net(&mut netted) || self.lacks_hours(&netted)
    }

    /// Nets what is needed of the first item down the structure; no if something cannot be had.
    fn net(&self, netted: &mut Netted<'_>) -> bool {
        let Netted { structure, deadlines, today, .. } = *netted;
        for (at, level) in structure.levels.iter().enumerate() {
            let gross = netted.gross[at];
            if level.is_open || gross.raw() <= ROUNDING {
                continue;
            }
            let mut short = gross - self.stock_by(level, deadlines[at]);
            for &offer in &level.offers {
                short -= self.offered_by(offer, (today, deadlines[at].made)).unwrap_or(short);
            }
            if short.raw() <= ROUNDING {
                continue;
            }
            let works = level.works.iter().copied();
            let works: Vec<WorkIx> = works.filter(|&work| self.is_way(work, netted, at)).collect();
            if works.is_empty() {
                return false;
            }
            netted.made[at] = less(short);
            let parts = self.parts_of(&works, netted, netted.made[at]);
            parts.into_iter().for_each(|(part, needed)| netted.gross[part] += needed);
        }
        true
    }

    /// All that there is of an item by the last days on which it is of use.
    fn stock_by(&self, level: &Level, deadline: Deadline) -> Quantity {
        // What is moved may leave its origin as late as anything comes that is borrowed.
        let until = if level.places.len() == 1 { deadline.taken } else { deadline.made };
        let account = |place| self.snapshot().stock(level.item, place);
        let there =
            level.places.iter().map(|&place| self.stock_of(account(place)).available(until));
        there.sum()
    }

    /// What may be bought by an offer; none where that has no limit.
    pub(super) fn offered_by(&self, offer: OfferIx, (today, by): (Day, Day)) -> Option<Quantity> {
        let snapshot = self.snapshot();
        let offer = snapshot.suppliers.offers.get(offer);
        let calendar = snapshot.calendars.of(snapshot.suppliers.rows[offer.supplier].calendar);
        let Some(first) = calendar.add(today, offer.lead_time_days).filter(|first| *first <= by)
        else {
            return Some(Quantity::ZERO);
        };
        let capacity = snapshot.capacity(offer.capacity?);
        Some(self.capacity_of(capacity).between(first, by))
    }

    /// Whether an item can be made in a way by the last day on which it is of use.
    fn is_way(&self, work: WorkIx, netted: &Netted<'_>, at: usize) -> bool {
        let made = netted.deadlines[at].made;
        self.begun_until(work, (netted.today, made)).is_some()
    }

    /// What so much of an item takes of others at least, in whichever of some ways it is made.
    fn parts_of(
        &self,
        works: &[WorkIx],
        netted: &Netted<'_>,
        made: Quantity,
    ) -> Vec<(usize, Quantity)> {
        let mut least: Option<Vec<(usize, Quantity)>> = None;
        for &work in works {
            let parts = self.parts_in(work, netted, made);
            least = Some(match least {
                None => parts,
                Some(least) => of_both(&least, &parts),
            });
        }
        least.unwrap_or_default()
    }

    fn parts_in(
        &self,
        work_ix: WorkIx,
        netted: &Netted<'_>,
        made: Quantity,
    ) -> Vec<(usize, Quantity)> {
        let started = started(&self.snapshot().works.rows[work_ix], made);
        let end = self.snapshot().epoch().end();
        let components = self.snapshot().works.components.of(work_ix).iter();
        // One that is not used on some day may be done without, or another one instead.
        let certain = components.filter(|component| {
            component.substitutes.is_empty() && component.validity.covers(netted.today, end)
        });
        let part = |item: ItemIx| netted.structure.position(item);
        let mut parts: Vec<(usize, Quantity)> = Vec::new();
        for component in certain {
            let (part, needed) = (part(component.item), component.amount.of(started));
            match parts.iter_mut().find(|(known, _)| *known == part) {
                Some((_, sum)) => *sum += needed,
                None => parts.push((part, needed)),
            }
        }
        parts
    }

    fn lacks_hours(&self, netted: &Netted<'_>) -> bool {
        self.sets_of_resources(netted).into_iter().any(|resources| {
            let mut loads = self.loads_of(netted, &resources);
            loads.sort_by_key(|load| load.by);
            let mut wanted = Quantity::ZERO;
            loads.into_iter().any(|load| {
                wanted += load.hours;
                let free = |resource: &ResourceIx| {
                    self.capacity_of(self.hours_of(*resource)).between(netted.today, load.by)
                };
                resources.iter().map(free).sum::<Quantity>() < wanted
            })
        })
    }

    /// Each resource that may be asked for, and all of them that one item may be made on.
    fn sets_of_resources(&self, netted: &Netted<'_>) -> Vec<Vec<ResourceIx>> {
        let mut sets: Vec<Vec<ResourceIx>> = Vec::new();
        for (at, level) in netted.structure.levels.iter().enumerate() {
            if !netted.made[at].is_positive() {
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

    /// The hours that each item takes at least of some resources together.
    fn loads_of(&self, netted: &Netted<'_>, resources: &[ResourceIx]) -> Vec<Load> {
        let mut loads = Vec::new();
        for (at, level) in netted.structure.levels.iter().enumerate() {
            let made = netted.made[at];
            if !made.is_positive() {
                continue;
            }
            let works = level.works.iter().filter(|&&work| self.is_way(work, netted, at));
            let hours = works.map(|&work| self.hours_in(work, made, resources)).min();
            if let Some(hours) = hours.filter(|hours| hours.is_positive()) {
                loads.push(Load { by: netted.deadlines[at].made, hours });
            }
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

/// What is started at least for so much.
fn started(work: &WorkDefinition, made: Quantity) -> Quantity {
    made.over(work.yield_rate).max(make::lot_size(work, Quantity::micros(1)))
}

/// The least of two ways, of what both take.
fn of_both(a: &[(usize, Quantity)], b: &[(usize, Quantity)]) -> Vec<(usize, Quantity)> {
    let both = a.iter().filter_map(|&(part, one)| {
        let (_, other) = b.iter().find(|(other, _)| *other == part)?;
        Some((part, one.min(*other)))
    });
    both.collect()
}
