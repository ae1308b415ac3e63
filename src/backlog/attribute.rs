//! What lines can be told apart and sorted by.

use crate::{
    ledger::{Reservation, Term},
    model::{Index, Quantity},
    snapshot::{Names, Snapshot},
};
use std::{cmp::Reverse, fmt};

/// An attribute of a promised line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attribute {
    /// The order's key.
    Order,
    /// The line's key.
    Line,
    /// For whom.
    Customer,
    /// The demand class; a filter takes those under it too.
    Class,
    /// Where to; a filter takes the zones in it too.
    Zone,
    /// The item ordered.
    Item,
    /// The category of the item.
    Category,
    /// The ship-from of the first leg.
    Location,
    /// 1 is the most important.
    Priority,
    /// The requested date.
    RequestedDate,
    /// How much was asked for.
    Quantity,
    /// How much is promised.
    Promised,
    /// What the promise sells at.
    Value,
    /// Price less cost of the promise.
    Profit,
    /// How late the promise is.
    DaysLate,
    /// Its number: the order in which lines were promised.
    Age,
    /// When it was promised.
    CreatedAt,
    /// Where it stands in its life.
    State,
    /// Whether the supply that it counts on is gone.
    AtRisk,
    /// The day on which the last of it ships.
    ShipDate,
    /// Through which channel the order came.
    Channel,
    /// Who sold it.
    Seller,
}

/// The words for attributes.
pub const ATTRIBUTES: &[(&str, Attribute)] = &[
    ("order", Attribute::Order),
    ("line", Attribute::Line),
    ("customer", Attribute::Customer),
    ("demand_class", Attribute::Class),
    ("zone", Attribute::Zone),
    ("item", Attribute::Item),
    ("category", Attribute::Category),
    ("location", Attribute::Location),
    ("priority", Attribute::Priority),
    ("requested_date", Attribute::RequestedDate),
    ("quantity", Attribute::Quantity),
    ("promised", Attribute::Promised),
    ("value", Attribute::Value),
    ("profit", Attribute::Profit),
    ("days_late", Attribute::DaysLate),
    ("age", Attribute::Age),
    ("created_at", Attribute::CreatedAt),
    ("state", Attribute::State),
    ("at_risk", Attribute::AtRisk),
    ("ship_date", Attribute::ShipDate),
    ("channel", Attribute::Channel),
    ("seller", Attribute::Seller),
];

/// The words for attributes, in a sentence.
pub fn words() -> String {
    ATTRIBUTES.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ")
}

/// The value of an attribute; a missing one is none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Is {
    /// A key.
    Text(Box<str>),
    /// A number: units are millionths, dates days, instants microseconds since 1970 UTC.
    Number(i64),
}

impl Attribute {
    /// Its value.
    pub fn of(self, snapshot: &Snapshot, found: &Reservation) -> Option<Is> {
        fn key<I: Index>(names: &Names<I>, index: Option<I>) -> Option<Is> {
            index.map(|index| Is::Text(names.name(index).into()))
        }
        let facts = &*found.facts;
        let amount = |quantity: Quantity| Some(Is::Number(quantity.raw()));
        let term = |term: Term| facts.terms.text(term).map(|text| Is::Text(text.into()));
        match self {
            Self::Order => Some(Is::Text((&*facts.order).into())),
            Self::Line => Some(Is::Text((&*facts.line).into())),
            Self::Customer => key(&snapshot.customers.names, facts.customer),
            Self::Class => key(&snapshot.classes.names, facts.class),
            Self::Zone => key(&snapshot.zones.names, facts.zone),
            Self::Item => key(&snapshot.items.names, Some(facts.item)),
            Self::Category => key(&snapshot.items.categories, snapshot.items.category(facts.item)),
            Self::Location => {
                key(&snapshot.locations.names, facts.legs.first().map(|leg| leg.location))
            }
            Self::Priority => {
                let of_customer = || snapshot.customers.rows[facts.customer?].priority;
                facts.priority.or_else(of_customer).map(|rank| Is::Number(rank.into()))
            }
            Self::RequestedDate => Some(Is::Number(facts.requested.0.into())),
            Self::Quantity => amount(facts.quantity_requested),
            Self::Promised => amount(found.quantity),
            Self::Value => Some(Is::Number((facts.profit + facts.cost).raw())),
            Self::Profit => Some(Is::Number(facts.profit.raw())),
            Self::DaysLate => {
                let latest = facts.legs.iter().map(|leg| leg.days_late).max();
                latest.map(|days| Is::Number(days.into()))
            }
            Self::Age => Some(Is::Number(i64::try_from(found.number).unwrap_or(i64::MAX))),
            Self::CreatedAt => Some(Is::Number(facts.created)),
            Self::State => Some(Is::Text(found.state.to_string().into())),
            Self::AtRisk => Some(Is::Text(found.at_risk.to_string().into())),
            Self::ShipDate => {
                let last = facts.legs.iter().map(|leg| leg.ship).max();
                last.map(|day| Is::Number(day.0.into()))
            }
            Self::Channel => term(Term::Channel),
            Self::Seller => term(Term::Seller),
        }
    }
}

/// Which way a sequence goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The smallest first.
    Ascending,
    /// The largest first.
    Descending,
}

/// By what lines are sorted; a line without a value comes last either way.
///
/// ```
/// use promised::backlog::Sequence;
/// let sequence = Sequence::parse("priority,-value")?;
/// assert_eq!(sequence.to_string(), "priority,-value");
/// assert_eq!(Sequence::default().to_string(), "priority,requested_date");
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence(pub Vec<(Attribute, Direction)>);

impl Default for Sequence {
    /// By priority, then requested date.
    fn default() -> Self {
        let up = Direction::Ascending;
        Self(vec![(Attribute::Priority, up), (Attribute::RequestedDate, up)])
    }
}

/// A line's place by one attribute.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Up(Is),
    Down(Reverse<Is>),
    Last,
}

impl fmt::Display for Sequence {
    /// As [`Sequence::parse`] reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (attribute, direction)) in self.0.iter().enumerate() {
            let word =
                ATTRIBUTES.iter().find(|(_, other)| other == attribute).map(|(word, _)| *word);
            let comma = if at == 0 { "" } else { "," };
            let sign = match direction {
                Direction::Ascending => "",
                Direction::Descending => "-",
            };
            write!(f, "{comma}{sign}{}", word.unwrap_or_default())?;
        }
        Ok(())
    }
}

impl Sequence {
    /// Reads attributes separated by commas or spaces; one after `-` goes down.
    ///
    /// # Errors
    /// What would have been right in the place of the first wrong word.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words = text.split([',', ' ']).map(str::trim).filter(|word| !word.is_empty());
        let parsed = words.map(|word| {
            let (name, direction) = match word.strip_prefix('-') {
                Some(name) => (name, Direction::Descending),
                None => (word, Direction::Ascending),
            };
            let attribute = crate::snapshot::row::choice(ATTRIBUTES, name)
                .map_err(|expected| format!("{name:?}: {expected} is expected"))?;
            Ok((attribute, direction))
        });
        Ok(Self(parsed.collect::<Result<_, String>>()?))
    }

    pub(super) fn key(&self, snapshot: &Snapshot, found: &Reservation) -> Vec<Place> {
        let place = |(attribute, direction): &(Attribute, Direction)| match (
            attribute.of(snapshot, found),
            direction,
        ) {
            (None, _) => Place::Last,
            (Some(is), Direction::Ascending) => Place::Up(is),
            (Some(is), Direction::Descending) => Place::Down(Reverse(is)),
        };
        self.0.iter().map(place).collect()
    }
}
