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

use super::{
    borrow::may_borrow,
    fill::{Need, Search},
    make,
    outline::Outline,
};
use crate::{
    limits::{BOUNDS_MAX, DEPTH_MAX},
    model::{AccountIx, Calendar, Capacity, Day, DayPart, Moment, Quantity},
    snapshot::{
        LocationIx, MethodIx, OfferIx, WorkIx,
        atp_rule::Mode,
        making::{Component, Hours, Operation, Way},
        sourcing::{Origin, Source},
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
        self.memo.bounds.keep_up(self.trial.overlay.state());
        let ask = Ask { need, floor: floor.max(need.stand.today), orders: Orders::One };
        self.there_from(ask).map(|there| there.day)
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
        self.memo.bounds.n_asked += 1;
        self.memo.spent.bounds += 1;
        let rule = self.rule(need);
        match rule.mode {
            Mode::Infinite => return Some(ask.least()),
            Mode::LeadTime => {
                let there = self.there_by_lead_time(need, rule);
                return there.map(|there| Moment::begin(there.max(ask.floor)));
            }
            Mode::Supply => {}
        }
        let there = self.supplied_once(ask, account);
        let fence = rule.infinite_from().map(|fence| fence.max(ask.floor));
        [there, fence.map(Moment::begin)].into_iter().flatten().min()
    }

    /// The same as [`Search::supplied_from`], which is asked once while nothing is posted.
    fn supplied_once(&mut self, ask: Ask, account: AccountIx) -> Option<Moment> {
        let key = self.key(account, ask);
        if let Some(&known) = self.memo.bounds.seen().get(&key) {
            return known;
        }
        let n_cut_off = self.memo.bounds.n_cut_off;
        let there = self.within(account, |search| search.supplied_from(ask, account));
        // What was cut off for its depth may be asked another time from higher up.
        if n_cut_off == self.memo.bounds.n_cut_off {
            self.memo.bounds.seen().insert(key, there);
        }
        there
    }

    /// From stock, from the sources, or from both.
    fn supplied_from(&mut self, ask: Ask, account: AccountIx) -> Option<Moment> {
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
            && most < self.stock_seen(account).lent(ask.floor, need.quantity).most;
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
            Origin::Buy(offer) => Moment::begin(self.bought_from(ask.need, offer)?),
            Origin::Make(work) => self.made_from(early, work)?,
            Origin::Transfer(from, method) => self.moved_from(early, (from, method))?,
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

    fn made_from(&mut self, ask: Ask, work_ix: WorkIx) -> Option<Moment> {
        let snapshot = self.snapshot();
        let work = &snapshot.works.rows[work_ix];
        let (from, to) = (work.validity.from, work.validity.to);
        let ask = ask.since(ask.floor.min(to));
        let calendar = snapshot.calendars.of(snapshot.locations.rows[work.location].manufacturing);
        let outline = Outline::new(ask, work, calendar, snapshot.works.components.of(work_ix));
        let operations = snapshot.works.operations.of(work_ix);
        let latest = self.latest_begins(&outline, operations);
        let duration = make::duration(work, outline.one);
        let start = make::back(calendar, outline.floor, duration);
        let mut end = Moment::begin(from.max(ask.floor));
        let mut done = Moment::begin(outline.stand.today);
        end = end.max(later(calendar, done, duration)?);
        for (at, operation) in (0..).zip(operations) {
            // The first operation begins on the start day at the latest.
            let latest = latest[at as usize]
                .map(|day| if at == 0 { start.map_or(day, |start| day.min(start)) } else { day });
            let begin = self.begins(&outline, (at, done), latest)?;
            if at == 0 {
                end = end.max(later(calendar, begin, duration)?);
            }
            let worked = self.worked_from(&outline, operation, begin)?;
            end = end.max(worked.end);
            done = worked.done;
        }
        (end.day <= to).then_some(end)
    }

    /// The days on which operations begin if their order ends on the floor; none for one that cannot.
    fn latest_begins(&self, order: &Outline<'_>, operations: &[Operation]) -> Vec<Option<Day>> {
        let today = order.stand.today;
        let mut next = Some(order.floor);
        let mut latest: Vec<Option<Day>> = Vec::with_capacity(operations.len());
        for operation in operations.iter().rev() {
            let begins = |way: &Way| {
                let until = make::back(order.calendar, order.floor, way.offset_days)?.min(next?);
                let hours = |each: &Hours| order.work.hours(each, order.one);
                let back = |each: &Hours| self.hours(each).reaches_back(today, until, hours(each));
                way.hours.iter().map(back).try_fold(until, |first, day| Some(first.min(day?)))
            };
            if !operation.ways.is_empty() {
                next = operation.ways.iter().filter_map(begins).min();
            }
            latest.push(next);
        }
        latest.reverse();
        latest
    }

    /// The first moment at which all components of an operation can be there, and not before the operation
    /// before it is done. Days up to the one on which it would begin anyway are all the same.
    fn begins(
        &mut self,
        order: &Outline<'_>,
        (at, done): (u32, Moment),
        latest: Option<Day>,
    ) -> Option<Moment> {
        let today = order.stand.today;
        let floor = latest.unwrap_or(today).max(today);
        let mut begin = done;
        for component in order.components.iter().filter(|component| component.operation == at) {
            let floor = floor.max(begin.day);
            let there = self.component_from(order, component, floor)?;
            if Moment::begin(floor) < there {
                begin = begin.max(there);
            }
        }
        Some(begin)
    }

    fn hours(&self, of: &Hours) -> &Capacity {
        self.capacity_seen(self.hours_of(of.resource))
    }

    /// When an operation can be done, and its order with it, where no order begins it before a moment
    /// and all orders together take their hours at any time.
    fn worked_from(
        &self,
        order: &Outline<'_>,
        operation: &Operation,
        begin: Moment,
    ) -> Option<WorkedFrom> {
        if operation.ways.is_empty() {
            return Some(WorkedFrom { done: begin, end: later(order.calendar, begin, 0)? });
        }
        let has_one_way = operation.ways.len() == 1;
        let reaches = |each: &Hours| {
            let hours = |started| order.work.hours(each, started);
            let one = self.hours_from(each, begin, hours(order.one))?;
            if !has_one_way || order.all == order.one {
                return Some(one);
            }
            let all = self.hours(each).reaches(order.stand.today, hours(order.all))?;
            Some(one.max(Moment::begin(all)))
        };
        let done = |way: &Way| {
            way.hours.iter().map(reaches).try_fold(begin, |last, done| Some(last.max(done?)))
        };
        let mut worked: Option<WorkedFrom> = None;
        for way in &operation.ways {
            let Some(done) = done(way) else {
                continue;
            };
            let Some(end) = later(order.calendar, done, way.offset_days) else {
                continue;
            };
            let before = worked.unwrap_or(WorkedFrom { done, end });
            worked = Some(WorkedFrom { done: before.done.min(done), end: before.end.min(end) });
        }
        worked
    }

    /// When so many hours of a resource can be worked that do not begin before a moment. Roundings of what a
    /// plan takes may bring it forward by a little: so much is left off.
    fn hours_from(&self, of: &Hours, begin: Moment, hours: Quantity) -> Option<Moment> {
        const SLACK: Quantity = Quantity::micros(2);
        let hours = hours - SLACK;
        if !hours.is_positive() {
            return Some(begin);
        }
        let row = self.snapshot().resources.rows[of.resource].capacity;
        let capacity = self.hours(of);
        let of_day = |day| self.of_day(row, day).max(capacity.available(day));
        let gone = (begin.part.hours(of_day(begin.day)) - SLACK).max(Quantity::ZERO);
        let on_first = (capacity.available(begin.day) - gone).max(Quantity::ZERO);
        if hours <= on_first {
            let worked = DayPart::of(hours, of_day(begin.day));
            let part = begin.part.and(worked).unwrap_or(DayPart::END).a_little_less();
            return Some(Moment { part: part.max(begin.part), ..begin });
        }
        let second = begin.day.plus(1);
        let day = capacity.reaches(second, hours - on_first)?;
        let on_last = hours - on_first - capacity.between(second, day.plus(-1));
        Some(Moment { day, part: DayPart::of(on_last, of_day(day)).a_little_less() })
    }

    fn component_from(
        &mut self,
        order: &Outline<'_>,
        component: &Component,
        floor: Day,
    ) -> Option<Moment> {
        let least = Moment::begin(floor);
        let whole = component.amount.of(order.all);
        // One that is not used on some day may be done without.
        let end = self.snapshot().epoch().end();
        if !component.validity.covers(order.stand.today, end) || !whole.is_positive() {
            return Some(least);
        }
        let location = order.work.location;
        let ask = |item, quantity| Ask {
            need: Need {
                stand: order.stand,
                item,
                location,
                quantity,
                day: floor,
                part: DayPart::END,
            },
            floor,
            orders: order.orders,
        };
        let part = share(whole, 1 + component.substitutes.len());
        let mut soonest = self.there_from(ask(component.item, part));
        for other in &component.substitutes {
            if soonest.is_some_and(|there| there <= least) {
                break;
            }
            let all = other.amount.of(order.all);
            let quantity = less(all.scaled(part, whole));
            let there = self.there_from(ask(other.item, quantity));
            soonest = [soonest, there].into_iter().flatten().min();
        }
        soonest
    }
}

/// When an operation can be done, and an order that it belongs to.
#[derive(Clone, Copy)]
struct WorkedFrom {
    done: Moment,
    end: Moment,
}

/// The same part of the day so many working days after a moment; of the next working day its beginning.
fn later(calendar: &Calendar, moment: Moment, n: u16) -> Option<Moment> {
    let from = calendar.next(moment.day)?;
    let part = if from == moment.day { moment.part } else { DayPart::BEGIN };
    Some(Moment { day: calendar.add(from, n)?, part })
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
