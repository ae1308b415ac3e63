//! A day before which a need cannot be filled, whatever is tried.
//!
//! One pass down the structure and up again, forward in time: when stock is there, when a purchase can
//! arrive, when the hours are there once the components are. Nothing that the plan itself would take
//! counts as taken, so the bound is never later than the truth; where nodes of a plan do not get in each
//! other's way it is the truth. It tells in the time of one `fill` that a request comes too early,
//! however many days lie before it, and where the search for a date starts.
//!
//! Not a promise: whatever it says is tried by `fill`. Start at [`Search::not_before`].

use super::{
    borrow::may_borrow,
    fill::{Need, Search, Stand},
    make,
};
use crate::{
    limits::DEPTH_MAX,
    model::{AccountIx, Calendar, Capacity, Day, ProfileRef, Quantity},
    snapshot::{
        LocationIx, MethodIx, OfferIx, WorkIx,
        atp_rule::Mode,
        item::Validity,
        kinds::Basis,
        making::{Alternate, Component, Operation, Work},
        sourcing::{Origin, Source},
    },
};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

/// A part of a quantity this much smaller may have been rounded away on its way down.
const ROUNDING: i64 = 64;

/// Needs that later commitments miss, of which so many are looked at.
const DIPS_TRIED: usize = 8;

/// What the bound is asked.
#[derive(Clone, Copy, Debug)]
struct Ask {
    /// What is needed; its day is not looked at.
    need: Need,
    /// Days before it are all the same to the asker.
    floor: Day,
    orders: Orders,
}

/// In how many pieces a plan may ask for a quantity. What is certain of one order is not certain of
/// several: each may take its own time, and its own alternate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Orders {
    One,
    Several,
}

/// Bounds that were found since something was last posted, and how often a search for one was cut off
/// because its account was on the path already.
#[derive(Debug, Default)]
pub(super) struct Bounds {
    known: HashMap<(AccountIx, Quantity, Day, Orders), Option<Day>, FxBuildHasher>,
    n_cut_off: u64,
}

impl Bounds {
    /// Forgets what was found; its memory is kept.
    pub(super) fn clear(&mut self) {
        self.known.clear();
    }
}

impl Ask {
    fn of(self, quantity: Quantity) -> Ask {
        Ask { need: self.need.of(quantity), ..self }
    }

    fn at_least(self, floor: Day) -> Ask {
        Ask { floor: self.floor.max(floor), ..self }
    }
}

impl Search<'_> {
    /// No fill of a need by a day before this one succeeds; none if none within the horizon does. The
    /// day of the need is not looked at; days before `floor` are all the same to the caller.
    pub(super) fn not_before(&mut self, need: Need, floor: Day) -> Option<Day> {
        self.memo.bounds.clear();
        self.there_from(Ask { need, floor: floor.max(need.stand.today), orders: Orders::One })
    }

    /// No source gives anything of a need by a day before this one.
    pub(super) fn replaced_from(
        &mut self,
        need: Need,
        sources: &[Source],
        floor: Day,
    ) -> Option<Day> {
        self.memo.bounds.clear();
        let need = need.of(Quantity::micros(1));
        let ask = Ask { need, floor: floor.max(need.stand.today), orders: Orders::Several };
        self.soonest(ask, sources)
    }

    fn there_from(&mut self, ask: Ask) -> Option<Day> {
        let need = ask.need;
        let account = self.snapshot().stock(need.item, need.location);
        if DEPTH_MAX <= self.path_len() || self.is_on_path(account) {
            self.memo.bounds.n_cut_off += 1;
            return None;
        }
        let rule = self.rule(need);
        match rule.mode {
            Mode::Infinite => return Some(ask.floor),
            Mode::LeadTime => {
                let there = self.there_by_lead_time(need, rule);
                return there.map(|there| there.max(ask.floor));
            }
            Mode::Supply => {}
        }
        let day = self.supplied_once(ask, account);
        let fence = rule.infinite_fence_days.map(|days| Day(i32::from(days)).max(ask.floor));
        [day, fence].into_iter().flatten().min()
    }

    /// The same as [`Search::supplied_from`], which is asked once while nothing is posted.
    fn supplied_once(&mut self, ask: Ask, account: AccountIx) -> Option<Day> {
        let key = (account, ask.need.quantity, ask.floor, ask.orders);
        if let Some(&known) = self.memo.bounds.known.get(&key) {
            return known;
        }
        let n_cut_off = self.memo.bounds.n_cut_off;
        let day = self.within(account, |search| search.supplied_from(ask, account));
        // What was cut off may be asked another time from elsewhere.
        if n_cut_off == self.memo.bounds.n_cut_off {
            self.memo.bounds.known.insert(key, day);
        }
        day
    }

    /// From stock, from the sources, or from both.
    fn supplied_from(&mut self, ask: Ask, account: AccountIx) -> Option<Day> {
        let need = ask.need;
        let stock = self.stock_of(account);
        let stocked = stock.earliest(Day::ZERO, need.quantity);
        if stocked.is_some_and(|day| day <= ask.floor) {
            return Some(ask.floor);
        }
        // What stock does not have before that day must come from the sources.
        let most = stock.most_before(stocked);
        let rule = self.rule(need);
        let mut scratch = Vec::new();
        let sources: &[Source] = if rule.search_sources {
            self.snapshot().local_sources(need.item, need.location, &mut scratch)
        } else {
            &[]
        };
        let sourced = self.soonest(ask.of(need.quantity - most), sources);
        let day = [stocked, sourced].into_iter().flatten().min();
        let lends = may_borrow(rule)
            && day.is_none_or(|day| ask.floor < day)
            && most < self.stock_of(account).lent(ask.floor, need.quantity).most;
        if !lends {
            return day;
        }
        let lent = self.borrowed_from(ask, account, sources);
        [day, lent].into_iter().flatten().min()
    }

    /// With the help of stock that later commitments wait for: all of the need until the first of them
    /// that nothing can replace, or some of it from then on.
    fn borrowed_from(&mut self, ask: Ask, account: AccountIx, sources: &[Source]) -> Option<Day> {
        let several = Ask { orders: Orders::Several, ..ask };
        let replaced = self.soonest(several.of(Quantity::micros(1)), sources)?;
        let quantity = ask.need.quantity;
        let lent = self.stock_of(account).lent(replaced, quantity);
        let rest = (quantity - lent.most).max(Quantity::micros(1));
        let partly = self.soonest(several.of(rest), sources);
        let whole = lent.whole.filter(|_| self.can_replace(several, (account, replaced), sources));
        [partly, whole].into_iter().flatten().min().map(|day| day.max(ask.floor))
    }

    /// Whether the sources may have again what later needs miss, each by its own day, if all of what is
    /// asked for is taken from stock.
    fn can_replace(
        &mut self,
        ask: Ask,
        (account, replaced): (AccountIx, Day),
        sources: &[Source],
    ) -> bool {
        let taken = ask.need.quantity;
        let missing: Vec<_> =
            self.stock_of(account).missing(replaced, taken).take(DIPS_TRIED).collect();
        !missing.is_empty()
            && missing.into_iter().all(|(day, missing)| {
                // A balance below zero was so before; no more is missed than was taken.
                let missed = missing.min(taken);
                self.soonest(ask.of(missed), sources).is_some_and(|again| again <= day)
            })
    }

    /// The first day by which some source can have its part: of several that share a quantity one gives
    /// its share at least.
    fn soonest(&mut self, ask: Ask, sources: &[Source]) -> Option<Day> {
        let part = share(ask.need.quantity, sources.len());
        let mut soonest: Option<Day> = None;
        for source in sources {
            let day = self.given_from(ask.of(part), source);
            soonest = [soonest, day].into_iter().flatten().min();
            if soonest.is_some_and(|day| day <= ask.floor) {
                break;
            }
        }
        soonest
    }

    fn given_from(&mut self, ask: Ask, source: &Source) -> Option<Day> {
        let ask = ask.at_least(source.validity.from);
        let day = match source.kind {
            Origin::Buy(offer) => self.bought_from(ask.need, offer)?.max(ask.floor),
            Origin::Make(work) => self.made_from(ask, work)?,
            Origin::Transfer(from, method) => self.moved_from(ask, (from, method))?,
        };
        (day <= source.validity.to).then_some(day)
    }

    fn bought_from(&self, need: Need, offer: OfferIx) -> Option<Day> {
        let snapshot = self.snapshot();
        let offer = snapshot.suppliers.offers.get(offer);
        let calendar = snapshot.calendars.of(snapshot.suppliers.rows[offer.supplier].calendar);
        let first = calendar.add(need.stand.today, offer.lead_time_days)?;
        match offer.capacity {
            Some(capacity) => {
                let account = snapshot.capacity(capacity);
                self.capacity_of(account).reaches(first, need.quantity)
            }
            None => Some(first),
        }
    }

    fn moved_from(
        &mut self,
        ask: Ask,
        (from, method): (LocationIx, Option<MethodIx>),
    ) -> Option<Day> {
        let way = (from, ask.need.location);
        let today = ask.need.stand.today;
        let leave = self.last_departure(way, method, ask.floor).unwrap_or(today);
        let there = Need { location: from, ..ask.need };
        let leave = self.there_from(Ask { need: there, floor: leave.max(today), ..ask })?;
        self.arrival(way, method, leave).map(|arrival| arrival.max(ask.floor))
    }

    fn made_from(&mut self, ask: Ask, work_ix: WorkIx) -> Option<Day> {
        let snapshot = self.snapshot();
        let work = &snapshot.works.rows[work_ix];
        let calendar = snapshot.calendars.of(snapshot.locations.rows[work.location].manufacturing);
        let outline = Outline::new(ask, work, calendar, snapshot.works.components.of(work_ix));
        let operations = snapshot.works.operations.of(work_ix);
        let duration = make::duration(work, outline.one);
        let start = make::back(calendar, outline.floor, duration);
        let mut end = work.validity.from.max(ask.floor);
        let begin = self.begins(&outline, None, start)?;
        end = end.max(calendar.add(calendar.next(begin)?, duration)?);
        for (at, operation) in (0..).zip(operations) {
            let latest = self.latest_begin(&outline, operation);
            // The first operation begins on the start day at the latest.
            let latest = if at == 0 { latest.min(start) } else { latest };
            let begin = self.begins(&outline, Some(at), latest)?;
            if at == 0 {
                end = end.max(calendar.add(calendar.next(begin)?, duration)?);
            }
            let worked = self.worked_from(&outline, operation, begin)?;
            end = end.max(calendar.add(calendar.next(worked)?, operation.offset_days)?);
        }
        (end <= work.validity.to).then_some(end)
    }

    /// The day on which an operation begins if its order ends on the floor; none if it cannot.
    fn latest_begin(&self, order: &Outline<'_>, operation: &Operation) -> Option<Day> {
        let end = make::back(order.calendar, order.floor, operation.offset_days)?;
        let reaches_back = |alternate: &Alternate| {
            let hours = scaled(alternate.hours, alternate.basis, order.one);
            self.hours(alternate).reaches_back(order.stand.today, end, hours)
        };
        let begins = |way: &[Alternate]| {
            let days = way.iter().map(reaches_back);
            days.reduce(|a, b| Some(a?.min(b?))).flatten()
        };
        operation.ways().filter_map(begins).min()
    }

    /// The first day on which all components of an operation can be there, or those of none that is
    /// listed. Days up to the one on which it would begin anyway are all the same.
    fn begins(
        &mut self,
        order: &Outline<'_>,
        operation: Option<u32>,
        latest: Option<Day>,
    ) -> Option<Day> {
        let floor = latest.unwrap_or(order.stand.today).max(order.stand.today);
        let mut begin = order.stand.today;
        for component in order.components {
            if component.operation == operation {
                let day = self.component_from(order, component, floor.max(begin))?;
                begin = if floor < day { begin.max(day) } else { begin };
            }
        }
        Some(begin)
    }

    pub(super) fn capacity_of(&self, account: AccountIx) -> &Capacity {
        match self.trial.overlay.profile(account) {
            ProfileRef::Capacity(capacity) => capacity,
            ProfileRef::Stock(_) => unreachable!("a supplier's or resource's days expire"),
        }
    }

    fn hours(&self, alternate: &Alternate) -> &Capacity {
        let snapshot = self.snapshot();
        let resource = &snapshot.resources.rows[alternate.resource];
        self.capacity_of(snapshot.capacity(resource.capacity))
    }

    /// The first day up to which an operation can have its hours, where no order begins it before a
    /// day and all orders together take theirs at any time.
    fn worked_from(&self, order: &Outline<'_>, operation: &Operation, begin: Day) -> Option<Day> {
        let has_one_way = operation.ways().nth(1).is_none();
        let reaches = |alternate: &Alternate| {
            let hours = |started| scaled(alternate.hours, alternate.basis, started);
            let one = self.hours(alternate).reaches(begin, hours(order.one))?;
            if !has_one_way || order.all == order.one {
                return Some(one);
            }
            let all = self.hours(alternate).reaches(order.stand.today, hours(order.all))?;
            Some(one.max(all))
        };
        let worked = |way: &[Alternate]| {
            let days = way.iter().map(reaches);
            days.reduce(|a, b| Some(a?.max(b?))).flatten()
        };
        operation.ways().filter_map(worked).min()
    }

    fn component_from(
        &mut self,
        order: &Outline<'_>,
        component: &Component,
        floor: Day,
    ) -> Option<Day> {
        let whole = scaled(component.quantity, component.basis, order.all);
        if component.validity != Validity::ALWAYS || !whole.is_positive() {
            return Some(floor);
        }
        let location = order.work.location;
        let ask = |item, quantity| Ask {
            need: Need { stand: order.stand, item, location, quantity, day: floor },
            floor,
            orders: order.orders,
        };
        let part = share(whole, 1 + component.substitutes.len());
        let mut soonest = self.there_from(ask(component.item, part));
        for other in &component.substitutes {
            if soonest.is_some_and(|day| day <= floor) {
                break;
            }
            let all = scaled(other.quantity, other.basis, order.all);
            let quantity = less(all.scaled(part, whole));
            let day = self.there_from(ask(other.item, quantity));
            soonest = [soonest, day].into_iter().flatten().min();
        }
        soonest
    }
}

/// Work orders for a need, as far as the bound knows them.
struct Outline<'a> {
    work: &'a Work,
    components: &'a [Component],
    calendar: &'a Calendar,
    /// What one of them starts at least.
    one: Quantity,
    /// What all of them together start at least.
    all: Quantity,
    orders: Orders,
    stand: Stand,
    /// The last manufacturing day by which the asker would like the goods.
    floor: Day,
}

impl<'a> Outline<'a> {
    fn new(ask: Ask, work: &'a Work, calendar: &'a Calendar, components: &'a [Component]) -> Self {
        let needed = less(ask.need.quantity);
        let least = make::lot_size(work, Quantity::micros(1));
        let one = make::lot_size(work, needed);
        // What is over of a whole lot may serve another node of the same plan, and a maximum asks for
        // several orders.
        let is_one = ask.orders == Orders::One
            && work.lot_multiple.is_none()
            && work.minimum.is_none()
            && work.maximum.is_none();
        let (one, all, orders) = if is_one {
            (one, one, Orders::One)
        } else {
            (least, needed.over(work.yield_rate).max(least), Orders::Several)
        };
        // Where no day is early enough nothing is passed over.
        let floor = calendar.previous(ask.floor).unwrap_or(Day(-1));
        let stand = ask.need.stand;
        Self { work, components, calendar, one, all, orders, stand, floor }
    }
}

fn scaled(quantity: Quantity, basis: Basis, started: Quantity) -> Quantity {
    match basis {
        Basis::Unit => quantity.times(started),
        Basis::Lot => quantity,
    }
}

/// A quantity less what rounding may have added to it.
fn less(quantity: Quantity) -> Quantity {
    Quantity::micros((quantity.raw() - ROUNDING).max(1))
}

/// What one of `n` gives at least of a quantity that they share.
fn share(quantity: Quantity, n: usize) -> Quantity {
    match i64::try_from(n).expect("sources are few") {
        0 | 1 => quantity,
        n => less(Quantity::micros(quantity.raw() / n)),
    }
}
