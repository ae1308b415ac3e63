//! Reservations in the order that somebody asks for, page by page: each page begins where the one before ended, whatever
//! was promised meanwhile.

use super::list::ListFilter;
use crate::{
    ledger::{
        Term, World,
        reservation::{Reservation, State},
    },
    snapshot::Snapshot,
};
use serde::{Deserialize, Serialize};
use std::{cmp::Reverse, collections::BinaryHeap, sync::Arc};

/// What can be sorted by: fields of a reservation, as the outside names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Its number.
    Promise,
    /// Where it stands, in the order of a life.
    State,
    /// When its hold ends.
    HeldUntil,
    /// The order's key.
    Order,
    /// The line's key.
    Line,
    /// The item ordered, by name.
    Item,
    /// How much was asked for.
    QuantityRequested,
    /// How much is promised.
    Quantity,
    /// The date asked for.
    RequestedDate,
    /// For whom, by name.
    Customer,
    /// Where to, by name.
    Zone,
    /// The demand class, by name.
    Class,
    /// Its priority.
    Priority,
    /// Sourcing rank of its first leg.
    Rank,
    /// What it costs.
    Cost,
    /// Price less cost.
    Profit,
    /// When it was promised.
    CreatedAt,
    /// Whether it is at risk.
    AtRisk,
    /// Through which channel it came.
    Channel,
    /// Who sold it.
    Seller,
    /// The price of one.
    UnitPrice,
    /// When its last leg ships.
    ShipDate,
    /// How late its latest leg is.
    DaysLate,
}

/// The names of what can be sorted by.
pub const FIELDS: &[(&str, By)] = &[
    ("promise_id", By::Promise),
    ("state", By::State),
    ("held_until", By::HeldUntil),
    ("order", By::Order),
    ("line", By::Line),
    ("item", By::Item),
    ("quantity_requested", By::QuantityRequested),
    ("quantity", By::Quantity),
    ("requested_date", By::RequestedDate),
    ("customer", By::Customer),
    ("zone", By::Zone),
    ("demand_class", By::Class),
    ("priority", By::Priority),
    ("rank", By::Rank),
    ("cost", By::Cost),
    ("profit", By::Profit),
    ("created_at", By::CreatedAt),
    ("at_risk", By::AtRisk),
    ("channel", By::Channel),
    ("seller", By::Seller),
    ("unit_price", By::UnitPrice),
    ("ship_date", By::ShipDate),
    ("days_late", By::DaysLate),
];

/// A value to sort by; what is missing comes first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Key {
    None,
    Number(i64),
    Text(Box<str>),
}

/// The same, upwards or downwards.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Directed {
    Up(Key),
    Down(Reverse<Key>),
}

/// The place of a reservation in an order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SortKey {
    keys: Vec<Directed>,
    number: u64,
}

/// An order: by these fields, one after the other, and then by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sort(Vec<(By, Way)>);

/// Which way a field is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

impl Sort {
    /// Reads names with commas between them, `-` before one that is sorted downwards.
    ///
    /// # Errors
    /// What is no name, and what would be.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        let field = |word: &str| {
            let (name, way) = match word.strip_prefix('-') {
                Some(name) => (name, Way::Down),
                None => (word, Way::Up),
            };
            let found = FIELDS.iter().find(|(known, _)| *known == name);
            found.map(|(_, by)| (*by, way)).ok_or_else(|| {
                let known: Vec<_> = FIELDS.iter().map(|(known, _)| *known).collect();
                format!("{name:?} is not one of {}", known.join(", "))
            })
        };
        words.map(field).collect::<Result<_, _>>().map(Self)
    }

    /// Whether it is the order of numbers.
    pub fn is_plain(&self) -> bool {
        self.0.is_empty()
    }

    fn place(&self, snapshot: &Snapshot, found: &Reservation) -> SortKey {
        let directed = |(by, way): &(By, Way)| {
            let key = by.key(snapshot, found);
            match way {
                Way::Up => Directed::Up(key),
                Way::Down => Directed::Down(Reverse(key)),
            }
        };
        SortKey { keys: self.0.iter().map(directed).collect(), number: found.number }
    }
}

impl By {
    fn key(self, snapshot: &Snapshot, found: &Reservation) -> Key {
        let facts = &*found.facts;
        let text = |text: &str| Key::Text(text.into());
        let number = |number: Option<i64>| number.map_or(Key::None, Key::Number);
        match self {
            Self::Promise => number(i64::try_from(found.number).ok()),
            Self::State => Key::Number(match found.state {
                State::Held { .. } => 1,
                State::Confirmed => 2,
                State::Fulfilled => 3,
                State::Cancelled => 4,
                State::Expired => 5,
            }),
            Self::HeldUntil => match found.state {
                State::Held { until } => Key::Number(until),
                State::Confirmed | State::Fulfilled | State::Cancelled | State::Expired => {
                    Key::None
                }
            },
            Self::Order => text(&facts.order),
            Self::Line => text(&facts.line),
            Self::Item => text(snapshot.items.names.name(facts.item)),
            Self::QuantityRequested => Key::Number(facts.quantity_requested.raw()),
            Self::Quantity => Key::Number(found.quantity.raw()),
            Self::RequestedDate => Key::Number(facts.requested.0.into()),
            Self::Customer => facts
                .customer
                .map_or(Key::None, |customer| text(snapshot.customers.names.name(customer))),
            Self::Zone => {
                facts.zone.map_or(Key::None, |zone| text(snapshot.zones.names.name(zone)))
            }
            Self::Class => {
                facts.class.map_or(Key::None, |class| text(snapshot.classes.names.name(class)))
            }
            Self::Priority => number(facts.priority.map(i64::from)),
            Self::Rank => Key::Number(facts.rank.into()),
            Self::Cost => Key::Number(facts.cost.raw()),
            Self::Profit => Key::Number(facts.profit.raw()),
            Self::CreatedAt => Key::Number(facts.created),
            Self::AtRisk => Key::Number(found.at_risk.into()),
            Self::Channel => facts.terms.text(Term::Channel).map_or(Key::None, text),
            Self::Seller => facts.terms.text(Term::Seller).map_or(Key::None, text),
            Self::UnitPrice => number(facts.unit_price.map(|price| price.raw())),
            Self::ShipDate => number(facts.legs.iter().map(|leg| leg.ship.0.into()).max()),
            Self::DaysLate => number(facts.legs.iter().map(|leg| leg.days_late.into()).max()),
        }
    }
}

/// So many of the reservations that a filter accepts, the first ones after a place; and the place of the last of them where
/// there are more.
pub fn sorted(
    world: &World,
    (filter, sort): (&ListFilter, &Sort),
    (after, limit): (Option<&SortKey>, usize),
) -> (Vec<Arc<Reservation>>, Option<SortKey>) {
    let snapshot = &world.snapshot;
    // The first ones, the last of them on top: no more are kept than are asked for.
    let mut first: BinaryHeap<SortKey> = BinaryHeap::with_capacity(limit + 2);
    for found in filter.of(world) {
        let place = sort.place(snapshot, found);
        if after.is_some_and(|after| place <= *after) {
            continue;
        }
        first.push(place);
        if limit + 1 < first.len() {
            first.pop();
        }
    }
    let mut places = first.into_sorted_vec();
    let has_more = limit < places.len();
    places.truncate(limit);
    let found =
        places.iter().filter_map(|place| world.reservation(place.number).cloned()).collect();
    (found, places.pop().filter(|_| has_more))
}
