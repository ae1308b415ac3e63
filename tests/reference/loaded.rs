//! What is worked out once for every item at a location, when the tables are loaded: its rules, its
//! events, and how its supply is divided (semantics 7: "every supply is divided among the nodes
//! when it is loaded").

use super::allocation;
use super::book::Place;
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
}

pub fn load(model: &Model, place: &Place) -> Loaded {
    let rule = model.find_rule(&place.item, &place.location);
    let events = stock::read_events(model, &rule, place);
    let mut net = vec![0; model.horizon as usize];
    for event in &events {
        net[event.day as usize] += event.quantity;
    }
    let allocation = allocation::find_rows(model, place);
    let sources = replenish::sources(model, place, &rule);
    let mut loaded = Loaded { rule, events, net, sources, allocation, nets: Nets::new() };
    loaded.nets = shares::divide(model, &loaded, model.items[&place.item].lot_multiple);
    loaded
}

impl Model {
    /// An item at a location, as it was loaded.
    pub fn at(&self, place: &Place) -> &Loaded {
        &self.loaded[place]
    }
}
