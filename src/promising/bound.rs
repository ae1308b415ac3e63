//! A moment before which a need cannot be filled, whatever is tried.
//!
//! One pass down the structure and up again, forward in time: when stock is there, when a purchase can
//! arrive, when the hours are there once the components are and the operation before is done. Nothing that the plan itself would take
//! counts as taken, so the bound is never later than the truth; where nodes of a plan do not get in each
//! other's way it is the truth. It tells in the time of one `fill` that a request comes too early,
//! however many days lie before it, and where the search for a date starts.
//!
//! Not a promise: whatever it says is tried by `fill`. Start at [`Search::not_before`].
//!
//! It looks at the world with what is tried, or at the world below (`in_time`).

mod made;

use super::{
    borrow::may_borrow,
    search::{Need, Search},
};
use crate::{
    limits::{BOUNDS_MAX, DEPTH_MAX},
    model::{Day, Moment, Quantity, StockAccount},
    snapshot::{
        LocationIx, MethodIx, OfferIx,
        sourcing::{Replenishment, Source},
    },
};

/// A part of a quantity this much smaller may have been rounded away on its way down.
pub(super) const ROUNDING: i64 = 64;

/// What the bound is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ask {
    /// What is needed; its day is not looked at.
    pub(super) need: Need,
    /// Days before it are all the same to the asker.
    pub(super) floor: Day,
    pub(super) orders: Orders,
}

/// In how many pieces a plan may ask for a quantity. What is certain of one order is not certain of
/// several: each may take its own time, and its own alternate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Orders {
    One,
    Several,
}

impl Ask {
    pub(super) fn of(self, quantity: Quantity) -> Ask {
        Ask { need: self.need.of(quantity), ..self }
    }

    fn since(self, floor: Day) -> Ask {
        Ask { floor, ..self }
    }

    /// Moments before it are all the same to the asker.
    pub(super) fn least(self) -> Moment {
        Moment::begin(self.floor)
    }
}

impl Search<'_> {
    /// No fill of a need by a day before this one succeeds; none if none within the horizon does. The
    /// day of the need is not looked at; days before `floor` are all the same to the caller.
    pub(super) fn not_before(&mut self, need: Need, floor: Day) -> Option<Day> {
        let ask = Ask { need, floor: floor.max(need.stand.today), orders: Orders::One };
        self.there_now(ask).map(|there| there.day)
    }

    /// The first moment that a bound allows, as the search stands.
    pub(super) fn there_now(&mut self, ask: Ask) -> Option<Moment> {
        self.memo.bounds.keep_up(self.trial.overlay.state());
        self.there_from(ask)
    }

    /// No source gives anything of a need by a day before this one.
    pub(super) fn replaced_from(
        &mut self,
        need: Need,
        sources: &[Source],
        floor: Day,
    ) -> Option<Day> {
        self.memo.bounds.keep_up(self.trial.overlay.state());
        let need = need.of(Quantity::micros(1));
        let ask = Ask { need, floor: floor.max(need.stand.today), orders: Orders::Several };
        self.soonest(ask, sources).map(|there| there.day)
    }

    pub(super) fn there_from(&mut self, ask: Ask) -> Option<Moment> {
        let need = ask.need;
        let account = self.snapshot().stock(need.item, need.location);
        if self.is_on_path(account) {
            return None;
        }
        if DEPTH_MAX <= self.path_len() {
            self.memo.bounds.n_cut_off += 1;
            return None;
        }
        if BOUNDS_MAX <= self.memo.bounds.n_asked {
            return Some(ask.least());
        }
        self.memo.spent.bounds += 1;
        let free = self.free_for(need, self.rule(need));
        let there = if free.is_searched() { self.supplied_once(ask, account) } else { None };
        let free = free.from().map(|from| Moment::begin(from.max(ask.floor)));
        [there, free].into_iter().flatten().min()
    }

    /// The same as [`Search::supplied_from`], which is asked once while nothing is posted.
    fn supplied_once(&mut self, ask: Ask, account: StockAccount) -> Option<Moment> {
        let key = self.key(account, ask);
        if let Some(&known) = self.memo.bounds.seen().get(&key) {
            return known;
        }
        self.memo.bounds.n_asked += 1;
        let n_cut_off = self.memo.bounds.n_cut_off;
        let there = self.within(account, |search| search.supplied_from(ask, account));
        // What was cut off for its depth may be asked another time from higher up.
        if n_cut_off == self.memo.bounds.n_cut_off {
            self.memo.bounds.seen().insert(key, there);
        }
        there
    }

    /// From stock, from the sources, or from both.
    fn supplied_from(&mut self, ask: Ask, account: StockAccount) -> Option<Moment> {
        let need = ask.need;
        let (stocked, most) = self.stocked(need, account);
        if stocked.is_some_and(|day| day <= ask.floor) {
            return Some(ask.least());
        }
        // What stock does not have before that day must come from the sources.
        let rule = self.rule(need);
        let mut scratch = Vec::new();
        let sources: &[Source] = if rule.search_sources {
            self.snapshot().local_sources(need.item, need.location, &mut scratch)
        } else {
            &[]
        };
        let sourced = self.soonest(ask.of(need.quantity - most), sources);
        let there = [stocked.map(Moment::begin), sourced].into_iter().flatten().min();
        let lends = may_borrow(rule)
            && there.is_none_or(|there| ask.least() < there)
            && most < self.stock_seen(account).lent_from(ask.floor);
        if !lends {
            return there;
        }
        let lent = self.borrowed_from(ask, account, sources);
        [there, lent].into_iter().flatten().min()
    }

    /// The first day by which some source can have its part: of several that share a quantity one gives
    /// its share at least.
    pub(super) fn soonest(&mut self, ask: Ask, sources: &[Source]) -> Option<Moment> {
        let part = share(ask.need.quantity, sources.len());
        let mut soonest: Option<Moment> = None;
        for source in sources {
            let there = self.given_from(ask.of(part), source);
            soonest = [soonest, there].into_iter().flatten().min();
            if soonest.is_some_and(|there| there <= ask.least()) {
                break;
            }
        }
        soonest
    }

    /// When a source can have its part there: by its last valid day, if that lies before the floor, to be kept.
    fn given_from(&mut self, ask: Ask, source: &Source) -> Option<Moment> {
        let valid = source.validity;
        let early = ask.since(ask.floor.min(valid.to).max(valid.from));
        let there = match source.kind {
            Replenishment::Buy(offer) => Moment::begin(self.bought_from(ask.need, offer)?),
            Replenishment::Make(work) => self.made_from(early, work)?,
            Replenishment::Transfer(from, method) => self.moved_from(early, (from, method))?,
        };
        (there.day <= valid.to).then(|| there.max(early.least()).max(ask.least()))
    }

    fn bought_from(&self, need: Need, offer: OfferIx) -> Option<Day> {
        let snapshot = self.snapshot();
        let offer = snapshot.suppliers.offers.get(offer);
        let calendar = snapshot.calendars.of(snapshot.suppliers.rows[offer.supplier].calendar);
        let first = calendar.add(need.stand.today, offer.lead_time_days)?;
        let delivered = match offer.capacity {
            Some(capacity) => {
                let account = snapshot.capacity(capacity);
                self.capacity_seen(account).reaches(first, need.quantity)?
            }
            None => first,
        };
        snapshot.calendars.of(snapshot.locations.rows[need.location].receiving).next(delivered)
    }

    fn moved_from(
        &mut self,
        ask: Ask,
        (from, method): (LocationIx, Option<MethodIx>),
    ) -> Option<Moment> {
        let way = (from, ask.need.location);
        let today = ask.need.stand.today;
        let leave = self.last_departure(way, method, ask.floor).unwrap_or(today);
        let there = Need { location: from, ..ask.need };
        let leave = self.there_from(Ask { need: there, floor: leave.max(today), ..ask })?;
        let arrival = self.arrival(way, method, leave.day)?;
        // What leaves and arrives on one day passes the part of the day on.
        Some(if arrival == leave.day { leave } else { Moment::begin(arrival) }.max(ask.least()))
    }
}

/// A quantity less what rounding may have added to it.
pub(super) fn less(quantity: Quantity) -> Quantity {
    Quantity::micros((quantity.raw() - ROUNDING).max(1))
}

/// What one of `n` gives at least of a quantity that they share.
pub(super) fn share(quantity: Quantity, n: usize) -> Quantity {
    match i64::try_from(n).expect("sources are few") {
        0 | 1 => quantity,
        n => less(Quantity::micros(quantity.raw() / n)),
    }
}
