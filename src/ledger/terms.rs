//! What an order line asked for beyond the facts that a promise keeps: `name=value`, as far as given.
//!
//! Kept as one text, since there is one a promise and most lines say little. It is read where it comes in, from
//! a line or out of the journal, so whoever asks for a term later finds it as it was given or not at all: a
//! damaged one is a fault of the journal, and never a term that nobody gave.

use crate::{
    model::Quantity,
    snapshot::{
        atp_rule::{OBJECTIVES, Objective},
        row::choice,
    },
};
use jiff::{Timestamp, civil::Date};
use std::{
    fmt::{Display, Write},
    sync::Arc,
};

/// Between two terms; no key has a control character of this kind in it.
const BETWEEN: char = '\u{1e}';

/// What a term may be.
#[derive(Clone, Copy)]
enum Holds {
    Text,
    Date,
    Flag,
    Count,
    Quantity,
    Objective,
    Moment,
}

macro_rules! terms {
    ($($(#[$doc:meta])* $term:ident $name:literal $holds:ident;)*) => {
        /// Something that a line may ask for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Term { $($(#[$doc])* $term),* }

        impl Term {
            const ALL: &[Term] = &[$(Term::$term),*];

            /// Its name: that of the column of orders, where there is one.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$term => $name),* }
            }

            const fn holds(self) -> Holds {
                match self { $(Self::$term => Holds::$holds),* }
            }
        }
    };
}

terms! {
    /// Where to.
    Zone "zone" Text;
    /// Where from.
    Location "location" Text;
    /// Not before this date.
    Earliest "earliest_date" Date;
    /// Not after this date.
    Latest "latest_date" Date;
    /// Ships on one day with others.
    ShipSet "ship_set" Text;
    /// Arrives on one day with others.
    ArrivalSet "arrival_set" Text;
    /// Ships with others if that costs no lateness.
    ShipTogether "ship_together" Text;
    /// Whether it may come in parts.
    Split "split" Flag;
    /// The least that a part has.
    MinSplitQuantity "min_split_quantity" Quantity;
    /// How many parts at most.
    MaxSplits "max_splits" Count;
    /// Whether another item may come instead.
    Substitutes "substitutes" Flag;
    /// By what it ships.
    ShipMethod "ship_method" Text;
    /// What is best.
    Objective "objective" Objective;
    /// When it was ordered.
    OrderedAt "ordered_at" Moment;
    /// By which channel it came.
    Channel "channel" Text;
    /// Who sold it.
    Seller "seller" Text;
    /// The unit of its price.
    PriceUom "price_uom" Text;
    /// The unit of its own that the line was in whole ones of.
    Uom "uom" Text;
}

/// The terms of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms(Arc<str>);

impl Default for Terms {
    /// Those of a line that says nothing of the kind.
    fn default() -> Self {
        Self("".into())
    }
}

impl Terms {
    /// The terms that a text says; none if one of them is unknown, or is not what it may be.
    pub fn read(text: &str) -> Option<Self> {
        pairs(text)
            .all(|pair| pair.is_some_and(|(term, value)| is_sound(term, value)))
            .then(|| Self(text.into()))
    }

    /// All of them as one text, which [`Terms::read`] reads.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What was given, as text.
    pub fn text(&self, term: Term) -> Option<&str> {
        let mut given = pairs(&self.0).flatten();
        given.find(|(other, _)| *other == term).map(|(_, value)| value)
    }

    fn parsed<T>(&self, term: Term, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        self.text(term).map(|value| parse(value).expect("terms are read before they are kept"))
    }

    /// A date.
    pub fn date(&self, term: Term) -> Option<Date> {
        self.parsed(term, |value| value.parse().ok())
    }

    /// Yes or no.
    pub fn flag(&self, term: Term) -> Option<bool> {
        self.parsed(term, |value| value.parse().ok())
    }

    /// A small number.
    pub fn count(&self, term: Term) -> Option<u16> {
        self.parsed(term, |value| value.parse().ok())
    }

    /// A quantity in the item's own unit.
    pub fn quantity(&self, term: Term) -> Option<Quantity> {
        self.parsed(term, |value| Quantity::parse(value).ok())
    }

    /// What is best.
    pub fn objective(&self) -> Option<Objective> {
        self.parsed(Term::Objective, |value| choice(OBJECTIVES, value).ok())
    }

    /// A moment.
    pub fn moment(&self, term: Term) -> Option<Timestamp> {
        self.parsed(term, |value| value.parse().ok())
    }

    /// The set that it belongs to, as its term and name.
    pub fn set(&self) -> Option<(Term, &str)> {
        let mut given = pairs(&self.0).flatten();
        given.find(|(term, _)| matches!(term, Term::ShipSet | Term::ArrivalSet))
    }
}

/// The terms that a text names; nothing for what is none.
fn pairs(text: &str) -> impl Iterator<Item = Option<(Term, &str)>> {
    text.split(BETWEEN).filter(|said| !said.is_empty()).map(|said| {
        let (name, value) = said.split_once('=')?;
        let term = Term::ALL.iter().copied().find(|term| term.name() == name)?;
        Some((term, value))
    })
}

fn is_sound(term: Term, value: &str) -> bool {
    match term.holds() {
        Holds::Text => true,
        Holds::Date => value.parse::<Date>().is_ok(),
        Holds::Flag => value.parse::<bool>().is_ok(),
        Holds::Count => value.parse::<u16>().is_ok(),
        Holds::Quantity => Quantity::parse(value).is_ok(),
        Holds::Objective => choice(OBJECTIVES, value).is_ok(),
        Holds::Moment => value.parse::<Timestamp>().is_ok(),
    }
}

/// Terms on the way.
#[derive(Debug, Default)]
pub struct Given(String);

impl Given {
    /// Adds a term, where it is given.
    pub fn say(&mut self, term: Term, value: Option<impl Display>) {
        if let Some(value) = value {
            if !self.0.is_empty() {
                self.0.push(BETWEEN);
            }
            write!(self.0, "{}={value}", term.name()).expect("memory takes it");
        }
    }

    /// Adds a text; an empty one says nothing.
    pub fn text(&mut self, term: Term, value: Option<&str>) {
        self.say(term, value.filter(|value| !value.is_empty()));
    }
}

impl From<Given> for Terms {
    fn from(given: Given) -> Self {
        debug_assert!(Self::read(&given.0).is_some(), "{}", given.0);
        Self(given.0.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: bool) {
        assert_eq!(Terms::read(text).is_some(), want, "{text:?}");
    }

    #[test]
    fn a_damaged_term_is_a_fault_and_not_a_term_that_nobody_gave() {
        check("", true);
        check("latest_date=2026-12-24\u{1e}split=true\u{1e}max_splits=3", true);
        check("ship_method=a=b", true);
        check("latest_date=2026-13-24", false);
        check("split=perhaps", false);
        check("max_splits=-1", false);
        check("objective=cheapest", false);
        check("colour=blue", false);
        check("zone", false);
    }

    #[test]
    fn what_was_given_is_read_again() {
        let mut given = Given::default();
        given.text(Term::Zone, Some("NORTH"));
        given.text(Term::Location, Some(""));
        given.say(Term::MaxSplits, Some(3));
        given.say(Term::Split, None::<bool>);
        let terms = Terms::from(given);
        assert_eq!(terms.as_str(), "zone=NORTH\u{1e}max_splits=3");
        assert_eq!(
            (terms.text(Term::Zone), terms.count(Term::MaxSplits)),
            (Some("NORTH"), Some(3))
        );
        assert_eq!((terms.text(Term::Location), terms.flag(Term::Split)), (None, None));
    }
}
