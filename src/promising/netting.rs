//! What a need takes at least, however it is filled, and whether that is there.
//!
//! The [bound](super::bound) looks at each node of a plan as if it were alone: where nine parts of a bicycle want
//! three hours each of one resource, it is content with three, and where two plants make what one needs it lets each
//! of its parts have both. Here a need is netted as planners do it: what is needed of an item by a day, wherever and for whatever, less all that
//! there is of it by then, must be made by then, and asks for its own parts by the last day on which that may begin. What comes of it,
//! goods that are neither there nor can be had and hours of all resources that might do it, a plan takes too: where
//! that is not there nothing needs to be tried.

use super::{
    below::{Level, Structure},
    bound::{ROUNDING, less},
    curve::{Curve, CurveStep},
    make,
    search::{Need, Search, Want},
};
use crate::{
    model::{Day, Quantity},
    snapshot::{OfferIx, WorkIx, making::WorkDefinition},
};

/// So many days are looked at on which there is less of an item than before.
const FALLS_MAX: usize = 12;

/// A need netted down a structure.
pub(super) struct Netted<'a> {
    pub(super) structure: &'a Structure,
    pub(super) today: Day,
    /// How much of each item is needed at least, and how much of that must be made, by which days.
    gross: Vec<Curve>,
    pub(super) made: Vec<Curve>,
}

/// What an item takes of another one, by the position of that one, until a day.
struct Part {
    at: usize,
    needed: Quantity,
    until: Day,
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
            while low + 1 < high {
                let middle = low + (high - low) / 2;
                match self.lacks(&structure, need.of(Quantity::micros(middle))) {
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
        self.memo.spent.bounds += 1;
        let none = vec![Curve::default(); structure.levels.len()];
        let (mut gross, made) = (none.clone(), none);
        gross[0] = Curve::of(need.day, need.quantity);
        let mut netted = Netted { structure, today: need.stand.today, gross, made };
        !self.net(&mut netted) || self.lacks_hours(&netted)
    }

    /// Nets what is needed of the first item down the structure; no if something cannot be had.
    fn net(&self, netted: &mut Netted<'_>) -> bool {
        let Netted { structure, today, .. } = *netted;
        for (at, level) in structure.levels.iter().enumerate() {
            if level.is_open || netted.gross[at].all().raw() <= ROUNDING {
                continue;
            }
            let made = self.made_by(level, &netted.gross[at], today);
            let mut wanted: Vec<(usize, Curve)> = Vec::new();
            for step in made.steps() {
                let Some(parts) = self.parts_of(level, netted, *step) else {
                    return false;
                };
                for Part { at, needed, until } in parts {
                    match wanted.iter_mut().find(|(known, _)| *known == at) {
                        Some((_, curve)) => curve.raise(until, needed),
                        None => wanted.push((at, Curve::of(until, needed))),
                    }
                }
            }
            wanted.iter().for_each(|(part, curve)| netted.gross[*part].add(curve));
            netted.made[at] = made;
        }
        true
    }

    /// How much of an item must be made, by which days: what was taken by a day was there by then, or was made by then.
    fn made_by(&self, level: &Level, gross: &Curve, today: Day) -> Curve {
        let (Some(first), Some(last)) = (gross.steps().first(), gross.steps().last()) else {
            return Curve::default();
        };
        let end = self.made_until(level, last.by);
        let mut days: Vec<Day> = gross.steps().iter().map(|step| step.by).collect();
        for &place in &level.places {
            let stock = self.stock_of(self.snapshot().stock(level.item, place));
            let falls = stock.falls(first.by).map(|fall| fall.day);
            days.extend(falls.take_while(|day| *day < end).take(FALLS_MAX));
        }
        days.retain(|day| *day < end);
        days.sort_unstable();
        days.dedup();
        let mut made = Curve::default();
        for day in days {
            self.raise(
                &mut made,
                level,
                (gross.by(day), self.balance_by(level, day)),
                (today, day),
            );
        }
        let there = self.stock_by(level, last.by, end);
        self.raise(&mut made, level, (last.all, there), (today, end));
        made
    }

    /// What neither stock nor suppliers have by a day must be made by then.
    fn raise(
        &self,
        made: &mut Curve,
        level: &Level,
        (needed, there): (Quantity, Quantity),
        (today, by): (Day, Day),
    ) {
        let mut short = needed - there;
        for &offer in &level.offers {
            if short.raw() <= ROUNDING {
                return;
            }
            short -= self.offered_by(offer, (today, by)).unwrap_or(short);
        }
        if ROUNDING < short.raw() {
            made.raise(by, less(short));
        }
    }

    /// All that there is of an item on a day, whoever waits for it.
    fn balance_by(&self, level: &Level, day: Day) -> Quantity {
        let account = |place| self.snapshot().stock(level.item, place);
        let there = level.places.iter().map(|&place| self.stock_of(account(place)).balance(day));
        there.map(|balance| balance.max(Quantity::ZERO)).sum()
    }

    /// All that there is of an item by the last days on which it is of use: taken, and made.
    fn stock_by(&self, level: &Level, taken: Day, made: Day) -> Quantity {
        // What is moved may leave its origin as late as anything comes that is borrowed.
        let until = if level.places.len() == 1 { taken } else { made };
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

    /// What so much of an item, made by a day, takes of others at least, in whichever way it is made; none if it cannot be made by
    /// then.
    fn parts_of(&self, level: &Level, netted: &Netted<'_>, made: CurveStep) -> Option<Vec<Part>> {
        let mut least: Option<Vec<Part>> = None;
        for &work in &level.works {
            let Some(begun) = self.begun_until(work, (netted.today, made.by)) else {
                continue;
            };
            let parts = self.parts_in((work, &begun), netted, made.all);
            least = Some(match least {
                None => parts,
                Some(least) => of_both(least, &parts),
            });
        }
        least
    }

    fn parts_in(
        &self,
        (work_ix, begun): (WorkIx, &[Day]),
        netted: &Netted<'_>,
        made: Quantity,
    ) -> Vec<Part> {
        let started = started(&self.snapshot().works.rows[work_ix], made);
        let end = self.snapshot().epoch().end();
        let components = self.snapshot().works.components.of(work_ix).iter();
        // One that is not used on some day may be done without, or another one instead.
        let certain = components.filter(|component| {
            component.substitutes.is_empty() && component.validity.covers(netted.today, end)
        });
        let mut parts: Vec<Part> = Vec::new();
        for component in certain {
            let at = netted.structure.position(component.item);
            let needed = component.amount.of(started);
            let until = begun.get(component.operation as usize).copied();
            let until = until.unwrap_or(netted.today).max(netted.today);
            match parts.iter_mut().find(|known| known.at == at) {
                Some(known) => {
                    known.needed += needed;
                    known.until = known.until.max(until);
                }
                None => parts.push(Part { at, needed, until }),
            }
        }
        parts
    }
}

/// What is started at least for so much.
pub(super) fn started(work: &WorkDefinition, made: Quantity) -> Quantity {
    made.over(work.yield_rate).max(make::lot_size(work, Quantity::micros(1)))
}

/// The least of two ways, of what both take.
fn of_both(mut a: Vec<Part>, b: &[Part]) -> Vec<Part> {
    a.retain_mut(|one| {
        let other = b.iter().find(|other| other.at == one.at);
        other.is_some_and(|other| {
            one.needed = one.needed.min(other.needed);
            one.until = one.until.max(other.until);
            true
        })
    });
    a
}
