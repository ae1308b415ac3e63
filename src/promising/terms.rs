//! What an order line asked for beyond the facts that a promise keeps, as text; and the line again.
//!
//! The ledger keeps the text, and reads of it only in which unit the line was. With it a promise can be made again, in a backlog run
//! or a scenario, as its customer asked for it.

use super::request::{DateType, OrderLine};
use crate::{
    ledger::{
        Reservation,
        reservation::{Facts, TERMS_BETWEEN as BETWEEN, Target},
    },
    model::{Index, Quantity},
    snapshot::{Names, Snapshot, atp_rule::OBJECTIVES, row::choice},
};
use std::{
    fmt::{Display, Write},
    sync::Arc,
};

/// The terms of a line: `column=value`, as far as given.
pub fn of(line: &OrderLine) -> Arc<str> {
    let mut terms = Terms::default();
    terms.text("zone", &line.zone);
    terms.text("location", &line.location);
    terms.say("earliest_date", line.earliest);
    terms.say("latest_date", line.latest);
    terms.text("ship_set", &line.ship_set);
    terms.text("arrival_set", &line.arrival_set);
    terms.text("ship_together", &line.ship_together);
    terms.say("split", line.split);
    terms.say("min_split_quantity", line.min_split_quantity);
    terms.say("max_splits", line.max_splits);
    terms.say("substitutes", line.substitutes);
    terms.text("ship_method", &line.ship_method);
    let word = |(word, objective)| (Some(objective) == line.objective).then_some(word);
    terms.say("objective", OBJECTIVES.iter().copied().find_map(word));
    terms.say("ordered_at", line.ordered_at);
    terms.text("channel", &line.channel);
    terms.text("seller", &line.seller);
    // The quantity is kept in the item's own unit, the price as it was given.
    let price_uom = line.price_uom.as_ref().or(line.uom.as_ref()).cloned();
    terms.text("price_uom", &price_uom.filter(|_| line.unit_price.is_some()));
    // Parts of it are whole units, unless it was none itself.
    let is_whole = line.quantity.down_to(Quantity::ONE) == line.quantity;
    terms.text(Facts::UNIT, &line.uom.clone().filter(|_| is_whole));
    terms.0.into()
}

/// Terms on the way.
#[derive(Default)]
struct Terms(String);

impl Terms {
    fn say(&mut self, column: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            if !self.0.is_empty() {
                self.0.push(BETWEEN);
            }
            write!(self.0, "{column}={value}").expect("memory takes it");
        }
    }

    /// A text that is empty says nothing.
    fn text(&mut self, column: &str, value: &Option<String>) {
        self.say(column, value.as_deref().filter(|value| !value.is_empty()));
    }
}

/// Which set of its order a promise belongs to, as its term.
pub fn set(found: &Reservation) -> Option<&str> {
    let mut terms = found.facts.terms.split(BETWEEN);
    terms.find(|term| term.starts_with("ship_set=") || term.starts_with("arrival_set="))
}

/// The value of a term by its column: the dimensions `channel` and `seller` are only here.
pub fn term<'a>(found: &'a Reservation, column: &str) -> Option<&'a str> {
    let mut terms = found.facts.terms.split(BETWEEN).filter_map(|term| term.split_once('='));
    terms.find(|(name, _)| *name == column).map(|(_, value)| value)
}

/// The line that a promise was made for, in the item's own unit.
pub fn order_line(snapshot: &Snapshot, found: &Reservation) -> OrderLine {
    let facts = &*found.facts;
    let term = |column: &str| term(found, column);
    let text = |column| term(column).map(ToString::to_string);
    fn name<I: Index>(names: &Names<I>, index: Option<I>) -> Option<String> {
        index.map(|index| names.name(index).to_string())
    }
    let requested = snapshot.epoch().date(facts.requested);
    let item = snapshot.items.names.name(facts.item);
    OrderLine {
        line: facts.line.to_string(),
        date_type: Some(match facts.target {
            Target::Ship => DateType::Ship,
            Target::Arrival => DateType::Arrival,
        }),
        customer: name(&snapshot.customers.names, facts.customer),
        zone: text("zone"),
        location: text("location"),
        demand_class: name(&snapshot.classes.names, facts.class),
        priority: facts.priority,
        earliest: term("earliest_date").and_then(|date| date.parse().ok()),
        latest: term("latest_date").and_then(|date| date.parse().ok()),
        ship_set: text("ship_set"),
        arrival_set: text("arrival_set"),
        ship_together: text("ship_together"),
        split: term("split").and_then(|flag| flag.parse().ok()),
        min_split_quantity: term("min_split_quantity").and_then(|text| Quantity::parse(text).ok()),
        max_splits: term("max_splits").and_then(|n| n.parse().ok()),
        substitutes: term("substitutes").and_then(|flag| flag.parse().ok()),
        ship_method: text("ship_method"),
        objective: term("objective").and_then(|word| choice(OBJECTIVES, word).ok()),
        unit_price: facts.unit_price,
        price_uom: text("price_uom"),
        ordered_at: term("ordered_at").and_then(|at| at.parse().ok()),
        source: facts.source.as_deref().map(ToString::to_string),
        channel: text("channel"),
        seller: text("seller"),
        ..OrderLine::new(&facts.order, item, facts.quantity_requested, requested)
    }
}
