//! The terms of an order line as the ledger keeps them, and the line again: with them a promise can be made
//! again, in a backlog run or a scenario, as its customer asked for it.

use super::request::OrderLine;
use crate::{
    ledger::{Reservation, Term, Terms, terms::Given},
    model::Index,
    snapshot::{Names, Snapshot, atp_rule::OBJECTIVES},
};

/// The terms of a line, as far as given.
pub fn of(line: &OrderLine) -> Terms {
    let mut terms = Given::default();
    terms.text(Term::Zone, line.zone.as_deref());
    terms.text(Term::Location, line.location.as_deref());
    terms.say(Term::Earliest, line.earliest);
    terms.say(Term::Latest, line.latest);
    terms.text(Term::ShipSet, line.ship_set.as_deref());
    terms.text(Term::ArrivalSet, line.arrival_set.as_deref());
    terms.text(Term::ShipTogether, line.ship_together.as_deref());
    terms.say(Term::Split, line.split);
    terms.say(Term::MinSplitQuantity, line.min_split_quantity);
    terms.say(Term::MaxSplits, line.max_splits);
    terms.say(Term::Substitutes, line.substitutes);
    terms.text(Term::ShipMethod, line.ship_method.as_deref());
    let word = |(word, objective)| (Some(objective) == line.objective).then_some(word);
    terms.say(Term::Objective, OBJECTIVES.iter().copied().find_map(word));
    terms.say(Term::OrderedAt, line.ordered_at);
    terms.text(Term::Channel, line.channel.as_deref());
    terms.text(Term::Seller, line.seller.as_deref());
    // The quantity is kept in the item's unit, price and smallest leg as they were given.
    let price_uom = line.price_uom.as_deref().or(line.uom.as_deref());
    let is_given = line.unit_price.is_some() || line.min_split_quantity.is_some();
    terms.text(Term::PriceUom, price_uom.filter(|_| is_given));
    // Parts of it are whole units, unless it was none itself.
    terms.text(Term::Uom, line.parts_unit());
    terms.into()
}

/// The line that a promise was made for, in the unit that its item is kept in.
pub fn order_line(snapshot: &Snapshot, found: &Reservation) -> OrderLine {
    let facts = &*found.facts;
    let terms = &facts.terms;
    let text = |term| terms.text(term).map(ToString::to_string);
    fn name<I: Index>(names: &Names<I>, index: Option<I>) -> Option<String> {
        index.map(|index| names.name(index).to_string())
    }
    let requested = snapshot.epoch().date(facts.requested);
    let item = snapshot.items.names.name(facts.item);
    let kept = snapshot.items.stocking_unit(facts.item);
    // What was not said otherwise is of the item's own unit.
    let own = kept.map(|_| snapshot.items.uom(facts.item).to_string());
    OrderLine {
        uom: kept.map(|kept| kept.uom.to_string()),
        line: facts.line.to_string(),
        date_type: Some(facts.date_type),
        customer: name(&snapshot.customers.names, facts.customer),
        zone: text(Term::Zone),
        location: text(Term::Location),
        demand_class: name(&snapshot.classes.names, facts.class),
        priority: facts.priority,
        earliest: terms.date(Term::Earliest),
        latest: terms.date(Term::Latest),
        ship_set: text(Term::ShipSet),
        arrival_set: text(Term::ArrivalSet),
        ship_together: text(Term::ShipTogether),
        split: terms.flag(Term::Split),
        min_split_quantity: terms.quantity(Term::MinSplitQuantity),
        max_splits: terms.count(Term::MaxSplits),
        substitutes: terms.flag(Term::Substitutes),
        ship_method: text(Term::ShipMethod),
        objective: terms.objective(),
        unit_price: facts.unit_price,
        price_uom: text(Term::PriceUom).or(own),
        parts_uom: text(Term::Uom),
        ordered_at: terms.moment(Term::OrderedAt),
        source: facts.source.as_deref().map(ToString::to_string),
        channel: text(Term::Channel),
        seller: text(Term::Seller),
        ..OrderLine::new(&facts.order, item, facts.quantity_requested, requested)
    }
}
