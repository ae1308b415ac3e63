//! What a caller asks, in the caller's own keys; and the same, resolved against a snapshot.
//!
//! A [`Query`](super::query::Query) can only be made by [`Request::resolve`], so everything behind it works on indices that
//! exist. Every unknown key of a request is named at once.

use crate::{
    model::{Money, Quantity},
    snapshot::atp_rule::Objective,
};
use jiff::{Timestamp, civil::Date};

pub use crate::ledger::reservation::DateType;

/// The words for date types.
pub const DATE_TYPES: &[(&str, DateType)] =
    &[("ship", DateType::Ship), ("arrival", DateType::Arrival)];

/// What a request for a line that is promised already means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Repeat {
    /// Nothing is taken: it stays as it is promised.
    #[default]
    Refuse,
    /// The quantity on top, as a promise of its own.
    Add,
    /// The quantity is that of the whole line, and takes the place of what is promised.
    Replace,
}

/// The words for repeats.
pub const REPEATS: &[(&str, Repeat)] =
    &[("refuse", Repeat::Refuse), ("add", Repeat::Add), ("replace", Repeat::Replace)];

/// One order line, as the contract's section 2 names its fields.
///
/// ```
/// use jiff::civil::date;
/// use promised::{model::Quantity, promising::request::OrderLine};
/// let mut line = OrderLine::new("SO-7", "PUMP", Quantity::units(40), date(2027, 3, 12));
/// line.customer = Some("NORDWIND".to_string());
/// line.split = Some(true);
/// assert_eq!(line.line, "1");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the contract's columns, described there")]
pub struct OrderLine {
    pub order: String,
    pub line: String,
    pub item: String,
    pub quantity: Quantity,
    pub uom: Option<String>,
    pub requested: Date,
    pub date_type: Option<DateType>,
    pub customer: Option<String>,
    pub zone: Option<String>,
    pub location: Option<String>,
    pub demand_class: Option<String>,
    pub priority: Option<i32>,
    pub earliest: Option<Date>,
    pub latest: Option<Date>,
    pub ship_set: Option<String>,
    pub arrival_set: Option<String>,
    pub ship_together: Option<String>,
    pub split: Option<bool>,
    pub min_split_quantity: Option<Quantity>,
    pub max_splits: Option<u16>,
    pub substitutes: Option<bool>,
    pub ship_method: Option<String>,
    pub objective: Option<Objective>,
    pub unit_price: Option<Money>,
    /// What price and smallest leg are of, where that is another unit than the quantity's: no column.
    pub price_uom: Option<String>,
    /// The unit that parts of it are whole ones of, where its quantity is in another one than it was asked for in.
    pub parts_uom: Option<String>,
    pub ordered_at: Option<Timestamp>,
    pub source: Option<String>,
    pub repeat: Option<Repeat>,
    pub channel: Option<String>,
    pub seller: Option<String>,
}

impl OrderLine {
    /// A line that says no more than it must.
    pub fn new(order: &str, item: &str, quantity: Quantity, requested: Date) -> Self {
        Self {
            order: order.to_string(),
            line: "1".to_string(),
            item: item.to_string(),
            quantity,
            requested,
            uom: None,
            date_type: None,
            customer: None,
            zone: None,
            location: None,
            demand_class: None,
            priority: None,
            earliest: None,
            latest: None,
            ship_set: None,
            arrival_set: None,
            ship_together: None,
            split: None,
            min_split_quantity: None,
            max_splits: None,
            substitutes: None,
            ship_method: None,
            objective: None,
            unit_price: None,
            price_uom: None,
            parts_uom: None,
            ordered_at: None,
            source: None,
            repeat: None,
            channel: None,
            seller: None,
        }
    }
}

impl OrderLine {
    /// The unit that parts of it are whole ones of: its own, if it is a whole number of these.
    pub fn parts_unit(&self) -> Option<&str> {
        let is_whole = self.quantity.down_to(Quantity::ONE) == self.quantity;
        let own = self.uom.as_deref().filter(|_| is_whole);
        self.parts_uom.as_deref().or(own)
    }
}

/// A question: lines that see each other's consumption, and how much to say about them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The lines, in the order in which they are promised.
    pub lines: Vec<OrderLine>,
    /// The objective of lines that name none.
    pub objective: Option<Objective>,
    /// Further options wanted besides the default.
    pub alternatives: usize,
    /// Whether to look for what would make late lines on time.
    pub remedies: Remedies,
    /// The instant of the request, where today goes by the clock (semantics 12.3, *Today*); else today is `as_of`, or the
    /// day of `ordered_at` if that is later.
    pub now: Option<Timestamp>,
}

impl Request {
    /// The request at an instant, if today goes by one.
    #[must_use]
    pub fn dated(self, today: Option<Timestamp>) -> Self {
        match today {
            None => self,
            Some(now) => self.at(now),
        }
    }

    /// Puts the request at an instant, by which its today goes: lines that do not say when they were ordered are ordered
    /// then, cut-offs included.
    #[must_use]
    pub fn at(mut self, now: Timestamp) -> Self {
        self.now = Some(now);
        for line in &mut self.lines {
            line.ordered_at.get_or_insert(now);
        }
        self
    }
}

/// Whether to look for what would make late lines on time: many plans for each of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Remedies {
    /// No.
    #[default]
    None,
    /// Yes.
    Sought,
}

/// A key or value of a request that the snapshot cannot make sense of.
///
/// ```
/// use jiff::civil::date;
/// use promised::{
///     loader,
///     model::Quantity,
///     promising::request::{OrderLine, Remedies, Request},
/// };
/// # std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap();
/// let loaded = loader::open("snapshots/tiny".as_ref(), &loader::Silent)?;
/// let lines = vec![OrderLine::new("SO-7", "PMUP", Quantity::units(1), date(2026, 11, 26))];
/// let request =
///     Request { lines, objective: None, alternatives: 0, remedies: Remedies::None, now: None };
/// let snapshot = loaded.snapshot.expect("it is sound");
/// let violations = request.resolve(&snapshot).expect_err("nobody sells a PMUP");
/// assert_eq!((violations[0].field, &*violations[0].value), ("item", "PMUP"));
/// # Ok::<(), loader::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The position of the line in the request.
    pub line: usize,
    /// The field, as the contract names it.
    pub field: &'static str,
    /// What was given.
    pub value: String,
    /// What was expected.
    pub expected: String,
}
