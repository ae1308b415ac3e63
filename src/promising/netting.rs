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
    netted::{Netted, NettedPart},
    search::{Need, Search, Want},
};
use crate::{
    limits::BALANCE_MAX,
    model::{Day, Quantity},
    snapshot::{WorkIx, making::WorkDefinition},
};

/// So many days are looked at on which there is less of an item than before.
const FALLS_MAX: usize = 12;

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

    /// Whether stock does not have all of a need, and nobody has what he consumed of a forecast beside it.
    pub(super) fn is_short(&self, need: Need) -> bool {
        let account = self.snapshot().stock(need.item, need.location);
        need.stand.asker.consumed.is_none()
            && self.stock_of(account).available(need.day) < need.quantity
    }

    pub(super) fn lacks(&mut self, structure: &Structure, need: Need) -> bool {
        self.memo.spent.bounds += 1;
        let mut netted = std::mem::take(&mut self.memo.netted);
        netted.begin(structure.levels.len(), (need.quantity, need.stand.today, need.day));
        netted.begun.keep_up(self.trial.overlay.state(), need.stand.today);
        let lacks = !self.net(structure, &mut netted) || self.lacks_hours(structure, &mut netted);
        self.memo.netted = netted;
        lacks
    }

    /// Nets what is needed of the first item down the structure; no if something cannot be had.
    fn net(&self, structure: &Structure, netted: &mut Netted) -> bool {
        for (at, level) in structure.levels.iter().enumerate() {
            if level.is_open || self.is_there(level, &netted.gross[at], netted.today) {
                continue;
            }
            self.make_up(level, at, netted);
            netted.wanted.clear();
            for step in 0..netted.made[at].steps().len() {
                let step = netted.made[at].steps()[step];
                if !self.find_parts((structure, level), netted, step) {
                    return false;
                }
                netted.want();
            }
            let Netted { wanted, gross, .. } = netted;
            wanted.iter().for_each(|(part, curve)| gross[*part].add(curve));
        }
        true
    }

    /// How much of an item must be made, by which days: what was taken by a day was there by then, or was made by then.
    fn make_up(&self, level: &Level, at: usize, netted: &mut Netted) {
        let Netted { today, gross, made, days, .. } = netted;
        let (gross, made) = (&gross[at], &mut made[at]);
        let (Some(first), Some(last)) = (gross.steps().first(), gross.steps().last()) else {
            return;
        };
        let end = self.made_until(level, last.by);
        days.clear();
        days.extend(gross.steps().iter().map(|step| step.by));
        for &account in &level.accounts {
            let falls = self.stock_of(account).falls(first.by).map(|fall| fall.day);
            days.extend(falls.take_while(|day| *day < end).take(FALLS_MAX));
        }
        days.retain(|day| *day < end);
        days.sort_unstable();
        days.dedup();
        for &day in &*days {
            let needed = (gross.by(day), self.balance_by(level, day));
            self.raise(made, level, needed, (*today, day));
        }
        let there = self.stock_by(level, last.by, end);
        self.raise(made, level, (last.all, there), (*today, end));
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

    /// Finds what so much of an item, made by a day, takes of others at least, in whichever way it is made; no if it cannot be
    /// made by then.
    fn find_parts(
        &self,
        (structure, level): (&Structure, &Level),
        netted: &mut Netted,
        made: CurveStep,
    ) -> bool {
        let Netted { today, begun, parts, others, .. } = netted;
        let mut is_made = false;
        for &work in &level.works {
            let Some(begun) = self.begun_until(begun, work, (*today, made.by)) else {
                continue;
            };
            let order = (work, begun, made.all);
            if is_made {
                others.clear();
                self.add_parts(structure, order, *today, others);
                keep_least(parts, others);
            } else {
                self.add_parts(structure, order, *today, parts);
                is_made = true;
            }
        }
        is_made
    }

    fn add_parts(
        &self,
        structure: &Structure,
        (work_ix, begun, made): (WorkIx, &[Day], Quantity),
        today: Day,
        parts: &mut Vec<NettedPart>,
    ) {
        let started = started(&self.snapshot().works.rows[work_ix], made);
        let end = self.snapshot().epoch().end();
        let components = self.snapshot().works.components.of(work_ix).iter();
        // One that is not used on some day may be done without, or another one instead.
        let certain = components.filter(|component| {
            component.substitutes.is_empty() && component.validity.covers(today, end)
        });
        for component in certain {
            let at = structure.position(component.item);
            let needed = component.amount.of(started);
            let until = begun.get(component.operation as usize).copied();
            let until = until.unwrap_or(today).max(today);
            match parts.iter_mut().find(|known| known.at == at) {
                Some(known) => {
                    known.needed = (known.needed + needed).min(Quantity::micros(BALANCE_MAX));
                    known.until = known.until.max(until);
                }
                None => parts.push(NettedPart { at, needed, until }),
            }
        }
    }
}

/// What is started at least for so much.
pub(super) fn started(work: &WorkDefinition, made: Quantity) -> Quantity {
    made.over(work.yield_rate).max(make::lot_size(work, Quantity::micros(1)))
}

/// Keeps the least of two ways, of what both take.
fn keep_least(parts: &mut Vec<NettedPart>, others: &[NettedPart]) {
    parts.retain_mut(|one| {
        let other = others.iter().find(|other| other.at == one.at);
        other.is_some_and(|other| {
            one.needed = one.needed.min(other.needed);
            one.until = one.until.max(other.until);
            true
        })
    });
}
