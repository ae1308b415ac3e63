//! What is worked out once for every item at a location, when the tables are loaded: its rules, its
//! events, and how its supply is divided (semantics 7: "every supply is divided among the nodes
//! when it is loaded").

use super::allocation;
use super::book::Place;
use super::forecast::{self, Period, Shipped};
use super::model::Model;
use super::replenish::{self, Source};
use super::rules::{AllocationRow, AtpRule};
use super::shares::{self, Nets};
use super::stock::{self, Event};

pub struct Loaded {
    pub rule: AtpRule,
    /// Supplies in order, then demands, then steps of safety stock.
    pub events: Vec<Event>,
    /// `net(d)` of the events.
    pub net: Vec<i64>,
    /// Where it is replenished from, in their order.
    pub sources: Vec<Source>,
    /// The rows of the allocation rule.
    pub allocation: Vec<AllocationRow>,
    /// The same by node, where the rule has shares of supply.
    pub nets: Nets,
    pub periods: Vec<Period>,
    /// What the rest of each forecast takes from which node, where the rule has shares: period, node, quantity.
    pub forecast_takes: Vec<(usize, String, i64)>,
}

pub fn load(model: &Model, place: &Place) -> Loaded {
    let rule = model.find_rule(&place.item, &place.location);
    let events = stock::read_events(model, &rule, place);
    let mut net = vec![0; model.horizon as usize];
    for event in events.iter().filter(|event| event.kind != stock::Kind::Forecast) {
        net[event.day as usize] += event.quantity;
    }
    let allocation = allocation::find_rows(model, place);
    let sources = replenish::sources(model, place, &rule);
    let mut periods = forecast::periods(model, &rule, place);
    for order in events.iter().filter(|event| event.sales_order) {
        let shipped = Shipped {
            place: place.clone(),
            customer: order.customer.clone(),
            class: order.class.clone(),
            ship: order.date.max(0),
            quantity: -order.quantity,
        };
        if let Some(index) = forecast::fitting(model, &periods, &shipped) {
            periods[index].ordered += shipped.quantity;
        }
    }
    let (nets, forecast_takes) = (Nets::new(), Vec::new());
    let mut loaded =
        Loaded { rule, events, net, sources, allocation, nets, periods, forecast_takes };
    (loaded.nets, loaded.forecast_takes) =
        shares::divide(model, &loaded, model.items[&place.item].lot_multiple);
    loaded
}

impl Model {
    /// An item at a location, as it was loaded.
    pub fn at(&self, place: &Place) -> &Loaded {
        &self.loaded[place]
    }
}
