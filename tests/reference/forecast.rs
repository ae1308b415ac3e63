//! Forecast is consumed by orders (semantics 12.2 "Forecast").

use super::book::{Draft, Place};
use super::loaded::Loaded;
use super::model::Model;
use super::rules::{AtpRule, Consumption};
use super::stock::{self, Kind};
use super::text::Day;
use std::collections::BTreeSet;

/// "The forecast in whose period (its date to the next one's; the last lasts as long as the one before it, a single one to
/// the end of the horizon) they ship."
#[derive(Clone, Debug)]
pub struct Period {
    pub customer: String,
    pub class: String,
    pub from: Day,
    pub to: Day,
    /// The day its demand counts on.
    pub day: Day,
    pub quantity: i64,
    /// What the snapshot's sales orders want of it.
    pub ordered: i64,
}

/// What ships of an item at a location, when and for whom.
#[derive(Clone, Debug)]
pub struct Shipped {
    pub place: Place,
    pub customer: String,
    pub class: String,
    pub ship: Day,
    pub quantity: i64,
}

fn behind_fence(rule: &AtpRule, day: Day) -> bool {
    rule.infinite_fence.is_some_and(|fence| day >= fence)
}

/// The periods of an item at a location. "Rows of one item, location, class and customer are one forecast."
pub fn periods(model: &Model, rule: &AtpRule, place: &Place) -> Vec<Period> {
    let rows: Vec<_> = stock::forecasts(model, rule, place);
    let keys: BTreeSet<(String, String)> =
        rows.iter().map(|row| (row.customer.clone(), row.class.clone())).collect();
    let mut periods = Vec::new();
    for (customer, class) in keys {
        let own: Vec<_> =
            rows.iter().filter(|row| row.customer == customer && row.class == class).collect();
        let dates: BTreeSet<Day> = own.iter().map(|row| row.date).collect();
        let dates: Vec<Day> = dates.into_iter().collect();
        for (index, &from) in dates.iter().enumerate() {
            let to = match (dates.get(index + 1), index) {
                (Some(&next), _) => next,
                (None, 0) => model.horizon.max(from + 1),
                (None, _) => from + (from - dates[index - 1]),
            };
            let of_date = own.iter().filter(|row| row.date == from);
            let day = of_date.clone().next().expect("a row").day;
            let counts = day < model.horizon && !behind_fence(rule, day);
            let quantity = if counts { of_date.map(|row| -row.quantity).sum() } else { 0 };
            let (customer, class) = (customer.clone(), class.clone());
            periods.push(Period { customer, class, from, to, day, quantity, ordered: 0 });
        }
    }
    periods
}

/// "It consumes the most specific one that fits it: its customer's, then that of the class nearest to its own (ancestors
/// fit), then the one with neither. The period is part of fitting."
pub fn fitting(model: &Model, periods: &[Period], shipped: &Shipped) -> Option<usize> {
    let chain = model.class_and_ancestors(&shipped.class);
    let distance = |class: &String| match class.is_empty() {
        true => Some(usize::MAX),
        false => chain.iter().position(|own| own == class),
    };
    let holds = |period: &Period| period.from <= shipped.ship && shipped.ship < period.to;
    let all = || periods.iter().enumerate().filter(|(_, period)| holds(period));
    let own = |period: &Period| !period.customer.is_empty() && period.customer == shipped.customer;
    let of_customer = all().filter(|(_, period)| own(period));
    let of_customer =
        of_customer.min_by_key(|(_, period)| distance(&period.class).unwrap_or(usize::MAX));
    let of_class = all().filter(|(_, period)| period.customer.is_empty());
    let of_class = of_class.filter_map(|(index, period)| Some((distance(&period.class)?, index)));
    of_customer.map(|(index, _)| index).or_else(|| of_class.min().map(|(_, index)| index))
}

/// What is left of each period: "never below zero".
pub fn rests(model: &Model, draft: &Draft, place: &Place) -> Vec<i64> {
    let periods = &model.at(place).periods;
    let mut wanted: Vec<i64> = periods.iter().map(|period| period.ordered).collect();
    for shipped in draft.shipped.iter().filter(|shipped| shipped.place == *place) {
        if let Some(index) = fitting(model, periods, shipped) {
            wanted[index] += shipped.quantity;
        }
    }
    periods.iter().zip(wanted).map(|(period, wanted)| (period.quantity - wanted).max(0)).collect()
}

/// What is left before any promise.
pub fn rests_at_first(loaded: &Loaded) -> Vec<i64> {
    loaded.periods.iter().map(|period| (period.quantity - period.ordered).max(0)).collect()
}

/// "A line may take what it has consumed as far as the balance without forecast allows, looking ahead, if no balance becomes
/// worse": from the day of the forecast on.
pub fn own(
    model: &Model,
    draft: &Draft,
    place: &Place,
    (from, quantity): (Day, i64),
    day: Day,
) -> i64 {
    let rule = &model.at(place).rule;
    let in_time = match rule.consumption {
        Consumption::None => day == from,
        Consumption::Both | Consumption::Backward => day >= from,
    };
    let net = stock::net_without_forecast(model, draft, place);
    let end = stock::look_ahead_end(model, rule);
    let there = stock::available(&net, rule.consumption, end)[day as usize];
    if in_time { quantity.min(there) } else { 0 }
}
