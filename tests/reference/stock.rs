//! The profile of stock (semantics 2): what counts, when, and what is available of it.

use super::book::{Account, Draft, Place};
use super::forecast;
use super::model::Model;
use super::rules::{AtpRule, Consumption};
use super::text::Day;

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Kind {
    Supply,
    /// Any demand that is not forecast: what `replenish_by` may borrow from.
    Commitment,
    Forecast,
    SafetyStock,
}

/// One supply (positive) or demand (negative) on the day it counts.
#[derive(Clone, Debug)]
pub struct Event {
    pub kind: Kind,
    /// The day it counts on, and the date it has.
    pub day: Day,
    pub date: Day,
    pub quantity: i64,
    pub id: String,
    pub unit_cost: Option<i64>,
    pub class: String,
    pub customer: String,
    pub priority: Option<i32>,
    pub sales_order: bool,
}

fn event(kind: Kind, day: Day, quantity: i64, id: &str) -> Event {
    let id = id.to_string();
    let (class, customer, sales_order) = (String::new(), String::new(), false);
    Event {
        kind,
        day,
        date: day,
        quantity,
        id,
        unit_cost: None,
        class,
        customer,
        priority: None,
        sales_order,
    }
}

/// "Dated before `as_of` counts on day 0 if it is at most that many days old, else it is left out";
/// the delay moves it to a later day than 0.
fn counted_day(date: Day, oldest: Option<i32>, delay: i32) -> Option<Day> {
    if date >= 0 {
        Some(date)
    } else if oldest.is_none_or(|oldest| -date <= oldest) {
        Some(delay)
    } else {
        None
    }
}

/// "Scheduled supplies that come from outside are there on the first receiving day of the location at or after their
/// date" (section 12.3, Receiving).
fn received(model: &Model, kind: &str, place: &Place, day: Day) -> Day {
    let outside = ["purchase_order", "requisition", "in_receiving", "in_transit", "transfer_order"];
    if outside.contains(&kind) { model.receiving(&place.location).next(day) } else { day }
}

/// "Firm demand after the horizon takes its stock on the last day; what is dated on or after the infinite fence does not
/// count" (section 12.2, Horizon).
fn taken_day(model: &Model, rule: &AtpRule, firm: bool, day: Day) -> Option<Day> {
    let is_counted = rule.infinite_fence.is_none_or(|fence| day < fence);
    match day < model.horizon {
        true => Some(day),
        false => (firm && is_counted).then_some(model.horizon - 1),
    }
}

/// On hand (day 0), the lots that count added up, which may be less than nothing; then scheduled supply by day and id.
fn supplies(model: &Model, rule: &AtpRule, place: &Place) -> Vec<Event> {
    let mut events = Vec::new();
    let mut lots = model.on_hand.clone();
    lots.retain(|lot| lot.item == place.item && lot.location == place.location);
    lots.retain(|lot| !lot.hold && lot.expires_on.is_none_or(|day| day > 0));
    if !lots.is_empty() && rule.counts_supply("on_hand") {
        let sum = lots.iter().map(|lot| lot.quantity).sum();
        events.push(event(Kind::Supply, 0, sum, ""));
    }
    events.extend(scheduled(model, rule, place));
    events
}

fn scheduled(model: &Model, rule: &AtpRule, place: &Place) -> Vec<Event> {
    let mut events = Vec::new();
    for supply in &model.supplies {
        let here = supply.item == place.item && supply.location == place.location;
        if !here || !rule.counts_supply(&supply.kind) {
            continue;
        }
        let oldest = rule.past_due_supply_days;
        let delay = rule.past_due_supply_delay_days;
        let day = counted_day(supply.date, oldest, delay);
        let day = day.map(|day| received(model, &supply.kind, place, day));
        if let Some(day) = day.filter(|&day| day < model.horizon) {
            let unit_cost = supply.unit_cost;
            let event = event(Kind::Supply, day, supply.quantity, &supply.supply);
            events.push(Event { unit_cost, ..event });
        }
    }
    events.sort_by_key(|event| (event.day, event.id.clone()));
    events
}

/// Every demand that counts, but safety stock; the class is its own or its customer's (section 11).
fn demands(model: &Model, rule: &AtpRule, place: &Place) -> Vec<Event> {
    let mut events = Vec::new();
    for demand in &model.demands {
        let here = demand.item == place.item && demand.location == place.location;
        if !here || demand.kind == "safety_stock" || !rule.counts_demand(&demand.kind) {
            continue;
        }
        let oldest = rule.past_due_demand_days;
        let forecast = demand.kind == "forecast";
        let day = counted_day(demand.date, oldest, 0);
        let day = day.and_then(|day| taken_day(model, rule, !forecast, day));
        let Some(day) = day else { continue };
        let kind = if forecast { Kind::Forecast } else { Kind::Commitment };
        let of_customer = || {
            let customer = model.customers.get(&demand.customer);
            customer.map(|customer| customer.demand_class.clone()).unwrap_or_default()
        };
        let own = demand.demand_class.clone();
        events.push(Event {
            class: if own.is_empty() { of_customer() } else { own },
            customer: demand.customer.clone(),
            priority: demand.priority,
            date: demand.date,
            sales_order: demand.kind == "sales_order",
            ..event(kind, day, -demand.quantity, &demand.demand)
        });
    }
    events
}

/// "`safety_stock` rows are levels: each replaces the one before it from its date on (a rise takes
/// from the balance, a fall gives back)"; the latest level on or before a day holds, whatever its
/// age.
fn safety_stock(model: &Model, rule: &AtpRule, place: &Place) -> Vec<Event> {
    let level = |day: Day| {
        let here = model.demands.iter().filter(|demand| {
            demand.kind == "safety_stock"
                && demand.item == place.item
                && demand.location == place.location
                && demand.date <= day
        });
        here.max_by_key(|demand| demand.date).map_or(0, |demand| demand.quantity)
    };
    if !rule.counts_demand("safety_stock") {
        return Vec::new();
    }
    let before = |day: Day| if day == 0 { 0 } else { level(day - 1) };
    let step = |day: Day| event(Kind::SafetyStock, day, before(day) - level(day), "");
    (0..model.horizon).map(step).filter(|event| event.quantity != 0).collect()
}

/// Every forecast that counts, also one that does so after the horizon: it ends the period before it.
pub fn forecasts(model: &Model, rule: &AtpRule, place: &Place) -> Vec<Event> {
    let mut events = Vec::new();
    for demand in model.demands.iter().filter(|demand| demand.kind == "forecast") {
        let here = demand.item == place.item && demand.location == place.location;
        let day = counted_day(demand.date, rule.past_due_demand_days, 0);
        let Some(day) = day.filter(|_| here && rule.counts_demand("forecast")) else { continue };
        let of_customer = || {
            let customer = model.customers.get(&demand.customer);
            customer.map(|customer| customer.demand_class.clone()).unwrap_or_default()
        };
        let own = demand.demand_class.clone();
        events.push(Event {
            class: if own.is_empty() { of_customer() } else { own },
            customer: demand.customer.clone(),
            date: demand.date,
            ..event(Kind::Forecast, day, -demand.quantity, &demand.demand)
        });
    }
    events
}

/// All events of an item at a location, from the tables.
pub fn read_events(model: &Model, rule: &AtpRule, place: &Place) -> Vec<Event> {
    let mut events = supplies(model, rule, place);
    events.extend(demands(model, rule, place));
    events.extend(safety_stock(model, rule, place));
    events
}

/// `net(d) = supply(d) - demand(d)`, with everything posted so far, and what is left of the forecasts.
pub fn net(model: &Model, draft: &Draft, place: &Place) -> Vec<i64> {
    let mut net = net_without_forecast(model, draft, place);
    let periods = model.at(place).periods.iter();
    for (period, rest) in periods.zip(forecast::rests(model, draft, place)) {
        if period.day < model.horizon {
            net[period.day as usize] -= rest;
        }
    }
    net
}

/// The same without any forecast.
pub fn net_without_forecast(model: &Model, draft: &Draft, place: &Place) -> Vec<i64> {
    let mut net = model.at(place).net.clone();
    for posting in draft.on(&Account::Stock(place.clone())) {
        if posting.day < model.horizon {
            net[posting.day as usize] += posting.quantity;
        }
    }
    net
}

/// `cum(d)`: the sum of net up to d; under `backward` a shortage is written off.
pub fn balance(net: &[i64], consumption: Consumption) -> Vec<i64> {
    let mut balance = Vec::new();
    let mut sum = 0;
    for &each in net {
        sum += each;
        if consumption == Consumption::Backward {
            sum = sum.max(0);
        }
        balance.push(sum);
    }
    balance
}

/// `ATP(d)` for every day. `end` is the day before which the look-ahead minimum stops: the infinite
/// fence or the horizon; for the days behind the fence it runs to the horizon.
pub fn available(net: &[i64], consumption: Consumption, end: Day) -> Vec<i64> {
    if consumption == Consumption::None {
        return net.iter().map(|&net| net.max(0)).collect();
    }
    let balance = balance(net, consumption);
    let ahead = |day: usize| {
        let last = if (day as Day) < end { end as usize } else { balance.len() };
        balance[day..last].iter().copied().min().unwrap_or(0).max(0)
    };
    (0..balance.len()).map(ahead).collect()
}

/// Where the look-ahead of an account ends: "to the day before" the infinite fence (section 11).
pub fn look_ahead_end(model: &Model, rule: &AtpRule) -> Day {
    rule.infinite_fence.unwrap_or(model.horizon).clamp(0, model.horizon)
}

/// What is available of the whole account on every day, demand classes aside.
pub fn atp(model: &Model, draft: &Draft, place: &Place) -> Vec<i64> {
    let rule = &model.at(place).rule;
    let net = net(model, draft, place);
    available(&net, rule.consumption, look_ahead_end(model, rule))
}
