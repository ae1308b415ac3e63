//! One leg: can a quantity leave a ship-from on a day, and what does it cost (semantics 4 and 11)?

use super::admission;
use super::allocation;
use super::book::{Account, Draft, Place, PromisedLeg};
use super::candidates::Candidate;
use super::fill::{self, Search};
use super::forecast::{self, Shipped};
use super::line::{Line, converted};
use super::model::Model;
use super::rules::Mode;
use super::text::{Day, UNIT, fraction_up, times};
use super::when;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A leg of an option.
#[derive(Clone)]
pub struct Leg {
    pub candidate: Candidate,
    /// In the unit of the item that ships.
    pub quantity: i64,
    /// The same in the unit of the ordered item.
    pub covers: i64,
    pub ship: Day,
    pub arrival: Day,
    pub days_late: i64,
    pub acceptable: bool,
    pub cost: i64,
    pub profit: i64,
}

/// What `fill` has answered for each day so far, for one quantity and one draft.
pub type Fills = BTreeMap<Day, Option<Draft>>;

/// A line and one of its candidates, against the state of a draft.
pub struct Attempt<'a> {
    pub model: &'a Model,
    pub draft: &'a Draft,
    pub line: &'a Line,
    pub candidate: &'a Candidate,
}

impl Attempt<'_> {
    fn place(&self) -> Place {
        Place::new(&self.candidate.item, &self.candidate.location)
    }

    /// The first ship day that is tried.
    pub fn first_day(&self) -> Day {
        let free = |ship: Day| {
            let rule = self.model.rule(&self.candidate.item, &self.candidate.location);
            let need = when::need_day(self.model, &self.candidate.location, ship);
            rule.mode != Mode::Supply || rule.infinite_fence.is_some_and(|fence| need >= fence)
        };
        let has_room = |ship: Day| free(ship) || self.lines_left(ship) >= UNIT;
        when::first_ship_day(self.model, self.line, self.candidate, has_room)
    }

    /// The smallest ship day, from the first one on, on which all of `covers` can leave.
    pub fn earliest(&self, covers: i64) -> Option<(Leg, Draft)> {
        let mut fills = Fills::new();
        let days = self.first_day()..self.last_day();
        days.into_iter().find_map(|ship| self.leg_on(covers, ship, &mut fills))
    }

    /// From this day on nothing can be found any more: the horizon, or long after the infinite
    /// fence.
    pub fn last_day(&self) -> Day {
        let rule = self.model.rule(&self.candidate.item, &self.candidate.location);
        if rule.mode == Mode::Supply && rule.infinite_fence.is_none() {
            let need = |ship| when::need_day(self.model, &self.candidate.location, ship);
            // "It is the need day of a line that must lie within the horizon."
            return (self.model.horizon..)
                .find(|&ship| need(ship) >= self.model.horizon)
                .expect("a day");
        }
        let fence = rule.infinite_fence.unwrap_or(0);
        let long = 400;
        self.model.horizon.max(fence).max(self.first_day()) + long
    }

    /// The leg that ships `covers` (in units of the ordered item) on the day `ship`, if it can.
    pub fn leg_on(&self, covers: i64, ship: Day, fills: &mut Fills) -> Option<(Leg, Draft)> {
        let (model, line, candidate) = (self.model, self.line, self.candidate);
        let arrival = when::arrival(model, line, candidate, ship);
        let rule = model.rule(&candidate.item, &candidate.location);
        let open = match rule.mode {
            // Its lead time is all that there is before the ship day.
            Mode::LeadTime => {
                when::leaves(model, &candidate.location, candidate.lane.as_ref(), ship)
            }
            Mode::Supply | Mode::Infinite => when::can_ship(model, line, candidate, ship),
        };
        let valid = candidate.windows.iter().all(|window| window.holds(ship));
        if !open || !valid || !when::not_too_early(line, ship, arrival) {
            return None;
        }
        let lot = model.items[&candidate.item].lot_multiple;
        let quantity = converted(covers, candidate.ratio, lot);
        let draft = self.supplied(quantity, ship, fills)?;
        let mut leg = Leg {
            candidate: candidate.clone(),
            quantity,
            covers,
            ship,
            arrival,
            days_late: when::days_late(model, line, candidate, ship, arrival),
            acceptable: when::acceptable(line, ship, arrival),
            cost: 0,
            profit: 0,
        };
        self.price(&mut leg, draft.spent - self.draft.spent);
        Some((leg, draft))
    }

    /// By the mode of the ATP rule (section 2): from supply, by lead time, or without limit.
    fn supplied(&self, quantity: i64, ship: Day, fills: &mut Fills) -> Option<Draft> {
        let (model, line, location) = (self.model, self.line, &self.candidate.location);
        let rule = model.rule(&self.candidate.item, location);
        let method = self.candidate.ship_method();
        let start = when::start(model, line, (location, &method));
        let need = when::need_day(model, location, ship);
        let infinite = rule.mode == Mode::Infinite
            || (rule.mode == Mode::Supply && rule.infinite_fence.is_some_and(|day| need >= day));
        if rule.mode == Mode::LeadTime {
            // "the whole time to the ship day, counted on the shipping calendar" (section 11)
            let ready = model.shipping(location).add(start, rule.lead_time_days);
            return (ship >= ready).then(|| self.free(quantity, ship));
        }
        if infinite {
            return Some(self.free(quantity, ship));
        }
        let today = when::today(model, line, location);
        self.out_of_supply(quantity, ship, need, today, fills)
    }

    /// Infinite and lead-time promises consume no supply; the goods have their cost all the same, and what was forecast is
    /// ordered by them, too.
    fn free(&self, quantity: i64, ship: Day) -> Draft {
        let (mut draft, _) = self.consume(quantity, ship);
        let item = &self.candidate.item;
        draft.spent += self.model.worth(item, quantity, self.model.items[item].unit_cost);
        draft
    }

    fn out_of_supply(
        &self,
        quantity: i64,
        ship: Day,
        need: Day,
        today: Day,
        fills: &mut Fills,
    ) -> Option<Draft> {
        if need >= self.model.horizon || self.lines_left(ship) < UNIT {
            return None;
        }
        let class = &self.line.class;
        let room = allocation::room_under_caps(self.model, self.draft, &self.place(), class, ship);
        if room.is_some_and(|room| quantity > room) {
            return None;
        }
        let (before, consumed) = self.consume(quantity, ship);
        let mut fresh = Fills::new();
        let fills =
            if self.model.at(&self.place()).periods.iter().len() > 0 { &mut fresh } else { fills };
        let mut draft = self.latest_fill((&before, consumed), quantity, (today, need), fills)?;
        if !admission::admitted(self.model, self.draft, &draft) {
            return None;
        }
        let lines = Account::OrderLines(self.candidate.location.clone());
        draft.post(lines, ship, -UNIT, "");
        let (place, class) = (self.place(), self.line.class.clone());
        draft.legs.push(Rc::new(PromisedLeg { place, class, ship, quantity }));
        Some(draft)
    }

    /// "A new line consumes before it takes": what it has consumed of which forecast.
    fn consume(&self, quantity: i64, ship: Day) -> (Draft, Option<(Place, Day, i64)>) {
        let (model, place) = (self.model, self.place());
        let (customer, class) = (self.line.customer.clone(), self.line.class.clone());
        let shipped = Shipped { place: place.clone(), customer, class, ship, quantity };
        let before = forecast::rests(model, self.draft, &place);
        let fitting = forecast::fitting(model, &model.at(&place).periods, &shipped);
        let mut draft = self.draft.clone();
        draft.shipped.push(Rc::new(shipped));
        let after = forecast::rests(model, &draft, &place);
        let consumed = fitting.map(|index| {
            let day = model.at(&place).periods[index].day;
            (place.clone(), day, before[index] - after[index])
        });
        (draft, consumed)
    }

    /// `fill` by the need day. "No later request of a line fails where an earlier one would
    /// succeed: goods can be kept, in stock, from the day they are there (not under `consumption`
    /// none)": else by the latest day before it on which `fill` succeeds, and kept.
    fn latest_fill(
        &self,
        (before, consumed): (&Draft, Option<(Place, Day, i64)>),
        quantity: i64,
        (today, need): (Day, Day),
        fills: &mut Fills,
    ) -> Option<Draft> {
        let place = self.place();
        let target = when::need_day(self.model, &place.location, self.first_day());
        let search = Search {
            model: self.model,
            today: when::today(self.model, self.line, &place.location),
            target,
            item: place.item.clone(),
            class: self.line.class.clone(),
            consumed,
        };
        let first = if fill::can_keep(&search, &place) { today } else { need };
        (first..=need).rev().find_map(|day| {
            let fill = || fill::whole(&search, before, &place, quantity, day);
            let filled = fills.entry(day).or_insert_with(fill).clone();
            filled.map(|draft| kept(before, draft, &place, day, need))
        })
    }

    /// "`order_lines_per_day` is an expiring account that every leg takes one from on its ship
    /// day"; the snapshot's sales orders take from it on their date, past due ones on day 0
    /// (section 11).
    fn lines_left(&self, ship: Day) -> i64 {
        let location = &self.candidate.location;
        // "For a ship day after the horizon houses are free."
        let capacity = self.model.locations[location].order_lines_per_day;
        let Some(capacity) = capacity.filter(|_| ship < self.model.horizon) else {
            return i64::MAX;
        };
        let orders = self.model.demands.iter().filter(|demand| {
            demand.kind == "sales_order"
                && demand.location == *location
                && demand.date.max(0) == ship
        });
        let claimed = self.draft.claimed(&Account::OrderLines(location.clone()), ship);
        i64::from(capacity) * UNIT - orders.count() as i64 * UNIT - claimed
    }

    /// "Costs of an option" (section 11): the supply terms are in `spent`; freight, handling and
    /// lateness are added once a leg. Price and lateness are in units of the ordered item.
    fn price(&self, leg: &mut Leg, spent: i64) {
        let mut cost = spent;
        if let Some(lane) = &leg.candidate.lane {
            let item = &leg.candidate.item;
            cost += self.model.worth(item, leg.quantity, lane.cost_per_unit);
            cost += lane.cost_per_shipment;
        }
        cost += self.model.locations[&leg.candidate.location].handling_cost;
        let class = self.model.classes.get(&self.line.class);
        let penalty = class.map_or(0, |class| class.lateness_penalty);
        // One product, rounded once.
        cost += self.model.worth(&self.line.item, leg.days_late * leg.covers, penalty);
        leg.cost = cost;
        // "The price of a line is in the line's unit."
        let (own, unit) = self.line.priced;
        let price = match own == unit {
            true => times(leg.covers, self.line.unit_price),
            false => {
                let (numerator, divisor) = (unit, own * i128::from(UNIT));
                fraction_up(leg.covers, i128::from(self.line.unit_price) * numerator, divisor)
            }
        };
        leg.profit = price - cost;
    }
}

/// The goods are there on the day `filled`, but leave stock on the day `need`.
fn kept(before: &Draft, mut after: Draft, place: &Place, filled: Day, need: Day) -> Draft {
    let account = Account::Stock(place.clone());
    for posting in after.postings.iter_mut().skip(before.postings.len()) {
        if posting.account == account && posting.day == filled && posting.quantity < 0 {
            Rc::make_mut(posting).day = need;
        }
    }
    after
}
