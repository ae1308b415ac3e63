//! Which lines: conditions on attributes, all of which must hold.

use super::attribute::{ATTRIBUTES, Attribute, Is};
use crate::{
    ledger::Reservation,
    model::{Epoch, Quantity},
    snapshot::{ClassIx, Snapshot, ZoneIx, row::choice},
};
use jiff::{Timestamp, civil::Date};
use std::{fmt, ops::Range};

/// Conditions that must all hold; none holds for every line.
///
/// ```
/// use promised::backlog::Filter;
/// let filter = Filter::parse("demand_class=gold|silver days_late>0")?;
/// assert_eq!(filter.to_string(), "demand_class=gold|silver days_late>0");
/// assert!(Filter::parse("colour=red").is_err());
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter(pub Vec<Condition>);

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// On what.
    pub attribute: Attribute,
    /// How it is compared.
    pub test: Test,
    /// With what; any of several where it is compared for equality.
    pub values: Vec<FilterValue>,
}

/// How an attribute is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// It is one of the values; of a key, one that ends in `*` is any that begins so.
    Equal,
    /// It is none of them.
    Unequal,
    /// It is less; a missing value is not.
    Below,
    /// It is not more.
    AtMost,
    /// It is more.
    Above,
    /// It is not less.
    AtLeast,
}

/// The signs, the longer ones first.
const TESTS: &[(&str, Test)] = &[
    ("!=", Test::Unequal),
    ("<=", Test::AtMost),
    (">=", Test::AtLeast),
    ("=", Test::Equal),
    ("<", Test::Below),
    (">", Test::Above),
];

/// What the values of an attribute are.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Key,
    /// One of a few words.
    Word(&'static [&'static str]),
    Number,
    Date,
    Instant,
}

/// Where a promise may stand in its life.
const STATES: &[&str] = &["held", "confirmed", "fulfilled", "cancelled", "expired"];

impl Kind {
    fn expected(self) -> String {
        match self {
            Self::Key => "a key".to_string(),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Number => "a number".to_string(),
            Self::Date => "a date such as 2026-11-23".to_string(),
            Self::Instant => {
                "a date such as 2026-11-23, or an instant such as 2026-11-23T08:00:00Z".to_string()
            }
        }
    }
}

/// What some lines have in common.
#[derive(Clone, Copy, Debug)]
pub enum Common<'a> {
    /// A word; empty where they have none.
    Word(&'a str),
    /// A date.
    Date(Date),
}

/// A value as given; what it is compared with decides how it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterValue {
    text: Box<str>,
    date: Option<Date>,
    number: Option<Quantity>,
    instants: Option<Range<i64>>,
}

impl FilterValue {
    fn read(text: &str) -> Self {
        let (date, number) = (text.parse().ok(), Quantity::parse(text).ok());
        Self { text: text.into(), date, number, instants: instants(text) }
    }

    /// Whether a key is this one, or begins with what stands before the `*`.
    fn is_key(&self, key: &str) -> bool {
        let prefix = self.text.strip_suffix('*');
        prefix.map_or(key == &*self.text, |prefix| key.starts_with(prefix))
    }
}

/// The microseconds since 1970 UTC of an instant, or of a whole day of UTC.
fn instants(text: &str) -> Option<Range<i64>> {
    let micros = |text: &str| text.parse::<Timestamp>().ok().map(Timestamp::as_microsecond);
    if let Some(at) = micros(text) {
        return Some(at..at.saturating_add(1));
    }
    let day: Date = text.parse().ok()?;
    let begins = |day: Date| micros(&format!("{day}T00:00:00Z"));
    Some(begins(day)?..day.tomorrow().ok().and_then(begins)?)
}

impl fmt::Display for Filter {
    /// As [`Filter::parse`] reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, condition) in self.0.iter().enumerate() {
            let Condition { attribute, test, values } = condition;
            let word =
                ATTRIBUTES.iter().find(|(_, other)| other == attribute).map(|(word, _)| *word);
            let sign = TESTS.iter().find(|(_, other)| other == test).map(|(sign, _)| *sign);
            let values: Vec<_> = values.iter().map(|given| &*given.text).collect();
            let space = if at == 0 { "" } else { " " };
            let (word, sign) = (word.unwrap_or_default(), sign.unwrap_or_default());
            write!(f, "{space}{word}{sign}{}", values.join("|"))?;
        }
        Ok(())
    }
}

impl Filter {
    /// Reads conditions such as `demand_class=gold|silver priority<=2 requested_date<2026-12-01`,
    /// separated by spaces.
    ///
    /// # Errors
    /// What would have been right in the place of the first wrong one.
    pub fn parse(text: &str) -> Result<Self, String> {
        Ok(Self(text.split_whitespace().map(condition).collect::<Result<_, _>>()?))
    }

    /// Whether something is asked of an attribute.
    pub fn names(&self, attribute: Attribute) -> bool {
        self.0.iter().any(|condition| condition.attribute == attribute)
    }

    /// Whether lines are some of them that have much in common: `common` says what of an attribute, or that it is not;
    /// a condition on such a one holds for none.
    pub fn fits_common<'a>(
        &self,
        snapshot: &Snapshot,
        common: impl Fn(Attribute) -> Option<Common<'a>>,
    ) -> bool {
        self.0.iter().all(|condition| {
            let up = |word: &str| -> Vec<Is> {
                let class = snapshot.classes.names.get(word);
                let zone = snapshot.zones.names.get(word);
                let all = match (condition.attribute, class, zone) {
                    (Attribute::Class, Some(class), _) => above(snapshot, Some(class), None),
                    (Attribute::Zone, _, Some(zone)) => above(snapshot, None, Some(zone)),
                    (..) => Vec::new(),
                };
                if all.is_empty() && !word.is_empty() { vec![Is::Text(word.into())] } else { all }
            };
            let epoch = snapshot.epoch();
            match common(condition.attribute) {
                Some(Common::Date(date)) => {
                    condition.accepts(epoch, &[Is::Number(epoch.day(date).0.into())])
                }
                Some(Common::Word(word)) => condition.accepts(epoch, &up(word)),
                None => false,
            }
        })
    }

    /// The first key that a snapshot does not know, in words: a filter on it would fit nothing, or everything.
    pub fn unknown(&self, snapshot: &Snapshot) -> Option<String> {
        let conditions = self.0.iter();
        let of_keys = conditions
            .filter(|condition| matches!(condition.test, Test::Equal | Test::Unequal))
            .flat_map(|condition| {
                condition.values.iter().map(|given| (condition.attribute, given))
            });
        // What only begins a key may begin none for now.
        let whole = of_keys.filter(|(_, given)| !given.text.ends_with('*'));
        let unknown = whole.map(|(attribute, given)| (attribute, &*given.text));
        let mut unknown = unknown.filter(|(attribute, key)| !attribute.is_known(snapshot, key));
        unknown.next().map(|(attribute, key)| {
            let word = ATTRIBUTES.iter().find(|(_, other)| *other == attribute);
            format!("{key:?} is no {} of the snapshot", word.map_or("key", |(word, _)| *word))
        })
    }

    /// Whether a line is one of them.
    pub fn fits(&self, snapshot: &Snapshot, found: &Reservation) -> bool {
        self.0.iter().all(|condition| condition.holds(snapshot, found))
    }
}

fn condition(text: &str) -> Result<Condition, String> {
    let sign = TESTS
        .iter()
        .filter_map(|(sign, test)| text.find(sign).map(|at| (at, sign, *test)))
        .min_by_key(|(at, sign, _)| (*at, std::cmp::Reverse(sign.len())));
    let Some((at, sign, test)) = sign else {
        return Err(format!("{text:?}: a condition such as priority<=2 is expected"));
    };
    let attribute = choice(ATTRIBUTES, &text[..at])
        .map_err(|expected| format!("{:?}: {expected} is expected", &text[..at]))?;
    let values: Vec<FilterValue> =
        text[at + sign.len()..].split('|').map(FilterValue::read).collect();
    if let Some(wrong) = values.iter().find(|given| !attribute.can_read(given)) {
        let expected = attribute.kind().expected();
        return Err(format!("{text:?}: {:?} is not {expected}", wrong.text));
    }
    Ok(Condition { attribute, test, values })
}

impl Attribute {
    fn can_read(self, given: &FilterValue) -> bool {
        match self.kind() {
            Kind::Key => true,
            Kind::Word(words) => words.contains(&&*given.text),
            Kind::Number => given.number.is_some(),
            Kind::Date => given.date.is_some(),
            Kind::Instant => given.instants.is_some(),
        }
    }

    fn kind(self) -> Kind {
        match self {
            Self::Order | Self::Line | Self::Customer | Self::Class | Self::Zone | Self::Item => {
                Kind::Key
            }
            Self::Category | Self::Location | Self::Channel | Self::Seller => Kind::Key,
            Self::State => Kind::Word(STATES),
            Self::AtRisk => Kind::Word(&["true", "false"]),
            Self::Priority | Self::Quantity | Self::Promised | Self::Value | Self::Profit => {
                Kind::Number
            }
            Self::DaysLate | Self::Age => Kind::Number,
            Self::RequestedDate | Self::ShipDate => Kind::Date,
            Self::CreatedAt => Kind::Instant,
        }
    }

    /// Whether a snapshot knows a key; of what has no keys, and of lines without one, any.
    fn is_known(self, snapshot: &Snapshot, key: &str) -> bool {
        match self {
            Self::Customer => snapshot.customers.names.get(key).is_some(),
            Self::Class => snapshot.classes.names.get(key).is_some(),
            Self::Zone => snapshot.zones.names.get(key).is_some(),
            Self::Item => snapshot.items.names.get(key).is_some(),
            Self::Category => snapshot.items.categories.get(key).is_some(),
            Self::Location => snapshot.locations.names.get(key).is_some(),
            // Orders are not of the snapshot.
            Self::Order | Self::Line | Self::Priority | Self::RequestedDate | Self::Quantity => {
                true
            }
            Self::Promised | Self::Value | Self::Profit | Self::DaysLate | Self::Age => true,
            Self::CreatedAt | Self::State | Self::AtRisk | Self::ShipDate => true,
            // Whatever orders say.
            Self::Channel | Self::Seller => true,
        }
    }

    /// A given value as this attribute has its values.
    fn read(self, given: &FilterValue, epoch: Epoch) -> Option<Is> {
        match self {
            Self::RequestedDate | Self::ShipDate => {
                given.date.map(|date| Is::Number(epoch.day(date).0.into()))
            }
            Self::Priority | Self::DaysLate | Self::Age => {
                given.number.map(|number| Is::Number(number.raw() / crate::limits::SCALE))
            }
            Self::Quantity | Self::Promised | Self::Value | Self::Profit => {
                given.number.map(|number| Is::Number(number.raw()))
            }
            Self::Order | Self::Line | Self::Customer | Self::Class | Self::Zone => {
                Some(Is::Text(given.text.clone()))
            }
            Self::Item | Self::Category | Self::Location => Some(Is::Text(given.text.clone())),
            Self::State | Self::AtRisk | Self::Channel | Self::Seller => {
                Some(Is::Text(given.text.clone()))
            }
            Self::CreatedAt => given.instants.as_ref().map(|at| Is::Number(at.start)),
        }
    }
}

/// A class or a zone and those around it, in words.
fn above(snapshot: &Snapshot, class: Option<ClassIx>, zone: Option<ZoneIx>) -> Vec<Is> {
    let text = |name: &str| Is::Text(name.into());
    let classes = class.into_iter().flat_map(|class| snapshot.classes.up(class));
    let classes = classes.map(|class| text(snapshot.classes.names.name(class)));
    let zones = zone.into_iter().flat_map(|zone| snapshot.zones.up(zone));
    classes.chain(zones.map(|zone| text(snapshot.zones.names.name(zone)))).collect()
}

impl Condition {
    fn holds(&self, snapshot: &Snapshot, found: &Reservation) -> bool {
        if self.attribute == Attribute::CreatedAt {
            return self.holds_at(found.facts.created);
        }
        self.accepts(snapshot.epoch(), &self.all(snapshot, found))
    }

    /// Whether it holds of a value, and those around it.
    fn accepts(&self, epoch: Epoch, all: &[Is]) -> bool {
        let read = |given: &FilterValue| self.attribute.read(given, epoch);
        let is_any = || {
            let is = |given: &FilterValue, is: &Is| match is {
                Is::Text(key) => given.is_key(key),
                Is::Number(_) => read(given).as_ref() == Some(is),
            };
            self.values.iter().any(|given| all.iter().any(|one| is(given, one)))
        };
        let compare = |holds: fn(&Is, &Is) -> bool| {
            let mut given = self.values.iter().filter_map(read);
            all.first().is_some_and(|is| given.all(|given| holds(is, &given)))
        };
        match self.test {
            Test::Equal => is_any(),
            Test::Unequal => !is_any(),
            Test::Below => compare(|is, given| is < given),
            Test::AtMost => compare(|is, given| is <= given),
            Test::Above => compare(|is, given| given < is),
            Test::AtLeast => compare(|is, given| given <= is),
        }
    }

    /// The same of an instant: a date is the whole of its day.
    fn holds_at(&self, at: i64) -> bool {
        let mut given = self.values.iter().filter_map(|given| given.instants.as_ref());
        match self.test {
            Test::Equal => given.any(|given| given.contains(&at)),
            Test::Unequal => !given.any(|given| given.contains(&at)),
            Test::Below => given.all(|given| at < given.start),
            Test::AtMost => given.all(|given| at < given.end),
            Test::Above => given.all(|given| given.end <= at),
            Test::AtLeast => given.all(|given| given.start <= at),
        }
    }

    /// The value, and for a class or zone those around it.
    fn all(&self, snapshot: &Snapshot, found: &Reservation) -> Vec<Is> {
        match (self.attribute, found.facts.class, found.facts.zone) {
            (Attribute::Class, Some(class), _) => above(snapshot, Some(class), None),
            (Attribute::Zone, _, Some(zone)) => above(snapshot, None, Some(zone)),
            (attribute, ..) => attribute.of(snapshot, found).into_iter().collect(),
        }
    }
}
