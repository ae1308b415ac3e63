//! Requests resolved against a snapshot: keys become indices, dates become days, gaps become defaults.

pub use crate::ledger::told::Together;

use super::request::{DateType, OrderLine, Remedies, Request, Violation};
use crate::{
    ledger::Intent,
    limits,
    model::{Day, Money, Quantity, Ratio},
    snapshot::{
        CalendarIx, ClassIx, CustomerIx, ItemIx, LocationIx, MethodIx, Names, Snapshot, ZoneIx,
        atp_rule::{Objective, SplitRule},
    },
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// A request that can be planned: every key exists, every number is within limits.
#[derive(Clone, Debug)]
pub struct Query {
    /// The lines, in the order in which they are promised.
    pub(super) lines: Vec<Line>,
    /// Further options wanted besides the default.
    pub(super) alternatives: usize,
    /// Whether to look for what would make late lines on time.
    pub(super) remedies: Remedies,
    /// Whether what is promised of the lines would go.
    pub(super) asked: Intent,
}

impl Query {
    /// The same as a question: a line that is promised is answered as if it were promised anew.
    #[must_use]
    pub fn to_know(self) -> Self {
        Self { asked: Intent::ToKnow, ..self }
    }

    /// The lines, in the order in which they are promised.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }
}

/// One line that can be planned.
#[derive(Clone, Debug)]
pub struct Line {
    /// The order's key.
    pub order: Box<str>,
    /// The line's key within the order.
    pub line: Box<str>,
    /// The item ordered.
    pub item: ItemIx,
    /// How much, in the item's own unit.
    pub quantity: Quantity,
    /// The date asked for; may lie before day 0 or beyond the horizon.
    pub requested: Day,
    /// Which date that is.
    pub date_type: DateType,
    /// For whom.
    pub customer: Option<CustomerIx>,
    /// Where to: the zone and those around it, nearest first; empty where no lane is needed.
    pub zones: Vec<ZoneIx>,
    /// When the customer receives.
    pub receiving: Option<CalendarIx>,
    /// The only ship-from allowed.
    pub location: Option<LocationIx>,
    /// The demand class and those above it, nearest first.
    pub classes: Vec<ClassIx>,
    /// 1 is the most important.
    pub priority: Option<i32>,
    /// Nothing is promised before it.
    pub earliest: Option<Day>,
    /// What comes after it is refused.
    pub latest: Option<Day>,
    /// The only ship method allowed.
    pub method: Option<MethodIx>,
    /// How it may be split; none where it may not be.
    pub split: Option<SplitLimits>,
    /// Of so much each leg of the item itself is a multiple: of its lot and of the line's own unit.
    pub step: Quantity,
    /// Whether something else may be promised instead.
    pub substitutes: bool,
    /// The set that it belongs to.
    pub set: Option<Set>,
    /// By what the default option is chosen.
    pub objective: Objective,
    /// Price of one, of the unit below.
    pub unit_price: Money,
    /// How many of the priced unit one of the item's own is.
    pub priced: Ratio,
    /// When the order was taken; the start of `as_of` where not given.
    pub ordered_at: Option<Timestamp>,
    /// The instant of the request, where today goes by the clock: nothing starts on a day before it.
    pub now: Option<Timestamp>,
}

/// How a line may be split (semantics 5 and 11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SplitLimits {
    /// The smallest leg, in the ordered item's unit; at least a lot, at least a micro-unit.
    pub minimum: Quantity,
    /// The most legs; at least 2.
    pub legs: u16,
}

/// A ship set or arrival set, known by its first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Set {
    /// The position of the set's first line in the request.
    pub first: usize,
    /// What its lines have in common.
    pub together: Together,
}

impl Request {
    /// Turns keys into indices.
    ///
    /// # Errors
    /// Every unknown key and every value out of bounds, of all lines.
    pub fn resolve(&self, snapshot: &Snapshot) -> Result<Query, Vec<Violation>> {
        let mut violations = Vec::new();
        if limits::LINES_MAX < self.lines.len() {
            violations.push(Violation {
                line: limits::LINES_MAX,
                field: "lines",
                value: self.lines.len().to_string(),
                expected: format!("at most {} lines a request", limits::LINES_MAX),
            });
            return Err(violations);
        }
        let mut lines = Vec::with_capacity(self.lines.len());
        let (mut seen, mut sets) = (BTreeSet::new(), BTreeMap::new());
        for (at, line) in self.lines.iter().enumerate() {
            let mut resolver = Resolver { snapshot, at, violations: &mut violations };
            if !seen.insert((&line.order, &line.line)) {
                resolver.fault("line", &line.line, "a line once in a request".to_string());
            }
            let set = resolver.set(line).map(|(together, name)| {
                let first = *sets.entry((&line.order, together, name)).or_insert(at);
                Set { first, together }
            });
            let common = Common { objective: self.objective, now: self.now };
            lines.extend(resolver.line(line, set, common));
        }
        if !violations.is_empty() {
            return Err(violations);
        }
        let alternatives = self.alternatives.min(limits::ALTERNATIVES_MAX);
        let (remedies, asked) = (self.remedies, Intent::ToPromise);
        Ok(Query { lines, alternatives, remedies, asked })
    }
}

/// What a request says of all its lines.
#[derive(Clone, Copy, Debug)]
struct Common {
    objective: Option<Objective>,
    now: Option<Timestamp>,
}

/// One line under resolution.
struct Resolver<'a> {
    snapshot: &'a Snapshot,
    at: usize,
    violations: &'a mut Vec<Violation>,
}

impl Resolver<'_> {
    fn fault(&mut self, field: &'static str, value: &str, expected: String) {
        let value = value.chars().take(80).collect();
        self.violations.push(Violation { line: self.at, field, value, expected });
    }

    fn key<I: crate::model::Index>(
        &mut self,
        field: &'static str,
        names: &Names<I>,
        key: Option<&String>,
    ) -> Option<I> {
        let key = key.filter(|key| !key.is_empty())?;
        let found = names.get(key);
        if found.is_none() {
            let what = field.replace('_', " ");
            let article = if what.starts_with("item") { "an" } else { "a" };
            self.fault(field, key, format!("{article} {what} that the snapshot knows"));
        }
        found
    }

    fn line(
        &mut self,
        line: &OrderLine,
        set: Option<Set>,
        Common { objective, now }: Common,
    ) -> Option<Line> {
        let snapshot = self.snapshot;
        let item = self.key("item", &snapshot.items.names, Some(&line.item));
        if line.item.is_empty() {
            self.fault("item", "", "an item; it must not be empty".to_string());
        }
        let customer = self.key("customer", &snapshot.customers.names, line.customer.as_ref());
        let customer_row = customer.map(|customer| &snapshot.customers.rows[customer]);
        let zone = self.key("zone", &snapshot.zones.names, line.zone.as_ref());
        let zone = zone.or(customer_row.and_then(|customer| customer.zone));
        let location = self.key("location", &snapshot.locations.names, line.location.as_ref());
        let class = self.key("demand_class", &snapshot.classes.names, line.demand_class.as_ref());
        let class = class.or(customer_row.and_then(|customer| customer.class));
        let method = self.key("ship_method", &snapshot.methods.names, line.ship_method.as_ref());
        let item = item?;
        let rule = snapshot.rule_of_lines(item);
        let epoch = snapshot.epoch();
        let quantity = self.quantity(item, line);
        let step = self.step(item, line, quantity);
        Some(Line {
            order: line.order.as_str().into(),
            line: line.line.as_str().into(),
            item,
            quantity,
            requested: epoch.day(line.requested),
            date_type: line.date_type.unwrap_or_default(),
            customer,
            zones: zone.map_or(Vec::new(), |zone| snapshot.zones.up(zone).collect()),
            receiving: customer_row.and_then(|customer| customer.receiving),
            location,
            classes: class.map_or(Vec::new(), |class| snapshot.classes.up(class).collect()),
            priority: line.priority.or(customer_row.and_then(|customer| customer.priority)),
            earliest: line.earliest.map(|date| epoch.day(date)),
            latest: line.latest.map(|date| epoch.day(date)),
            method,
            split: self.split((item, line), (quantity, step), &rule.split),
            step,
            substitutes: line.substitutes.unwrap_or(rule.substitutes),
            set,
            objective: line.objective.or(objective).unwrap_or(rule.objective),
            unit_price: line.unit_price.unwrap_or(snapshot.items.list_price(item)),
            priced: self.priced(item, line),
            ordered_at: line.ordered_at,
            now,
        })
    }

    /// The set that a line names.
    fn set<'l>(&mut self, line: &'l OrderLine) -> Option<(Together, &'l str)> {
        let named = |set: &'l Option<String>| set.as_deref().filter(|set| !set.is_empty());
        let ship = named(&line.ship_set).map(|name| (Together::Ship, name));
        let arrival = named(&line.arrival_set).map(|name| (Together::Arrive, name));
        if let (Some(_), Some((_, name))) = (ship, arrival) {
            self.fault("arrival_set", name, "a line in one set: ship_set or arrival_set".into());
        }
        let set = ship.or(arrival);
        let together = named(&line.ship_together).map(|name| (Together::IfPossible, name));
        if let (Some(_), Some((_, name))) = (set, together) {
            let expected = "nothing for a line that is in a ship_set or an arrival_set";
            self.fault("ship_together", name, expected.into());
        }
        set.or(together)
    }

    /// How the line may be split: its own limits, else the rule's.
    fn split(
        &mut self,
        (item, line): (ItemIx, &OrderLine),
        (quantity, step): (Quantity, Quantity),
        rule: &SplitRule,
    ) -> Option<SplitLimits> {
        let items = &self.snapshot.items;
        let own = line.min_split_quantity;
        if let Some(own) = own.filter(|own| !own.is_positive()) {
            self.fault("min_split_quantity", &own.to_string(), "a number above 0".into());
        }
        // It is in the unit of the line, as its quantity; that of the rule in the item's own.
        let own = own.and_then(|own| items.convert(item, own, unit_of(line)));
        let share = rule.min_percent.map(|percent| quantity.scaled(percent, Quantity::units(100)));
        let of_rule = rule.min_quantity.map(|least| items.keep(item, least)).max(share);
        let minimum = own.or(of_rule).unwrap_or(Quantity::ZERO).max(Quantity::micros(1));
        let legs = line.max_splits.or(rule.max_legs).unwrap_or(2);
        let limits = SplitLimits { minimum: minimum.up_to(step), legs };
        (line.split.unwrap_or(rule.allowed) && 2 <= legs).then_some(limits)
    }

    /// What legs of a line are multiples of: the item's lot and, where the line is in whole units of its
    /// own, such a unit. Where there is no such multiple within the line, the line is whole.
    fn step(&self, item: ItemIx, line: &OrderLine, quantity: Quantity) -> Quantity {
        let items = &self.snapshot.items;
        let lot = items.lot_multiple(item).unwrap_or(Quantity::micros(1));
        let uom = line.parts_unit().filter(|uom| *uom != items.uom(item));
        let unit = uom.and_then(|uom| items.convert(item, Quantity::ONE, uom));
        let unit = unit.filter(|unit| unit.is_positive() && quantity.down_to(*unit) == quantity);
        let step = unit.map_or(Some(lot), |unit| lot.common_multiple(unit));
        step.unwrap_or(quantity.max(Quantity::micros(1)))
    }

    /// The price of a line is of its own unit, the list price of the item's.
    fn priced(&self, item: ItemIx, line: &OrderLine) -> Ratio {
        let items = &self.snapshot.items;
        let unit = line.unit_price.and_then(|_| items.unit(item, unit_of(line)));
        unit.map_or(items.own(item), Ratio::inverse)
    }

    fn quantity(&mut self, item: ItemIx, line: &OrderLine) -> Quantity {
        let uom = line.uom.as_deref().unwrap_or("");
        let Some(quantity) = self.snapshot.items.convert(item, line.quantity, uom) else {
            let own = self.snapshot.items.uom(item);
            self.fault("uom", uom, format!("a unit of measure that converts to {own:?}"));
            return line.quantity;
        };
        let most = Quantity::units(limits::AMOUNT_MAX);
        if !quantity.is_positive() || most < quantity || most < line.quantity {
            let text = line.quantity.to_string();
            let kept = self.snapshot.items.stocking_unit(item);
            let unit = kept.map(|kept| format!(" {}, in which the item is kept", kept.uom));
            let expected = "a number above 0 and at most 1000000000";
            self.fault("quantity", &text, format!("{expected}{}", unit.unwrap_or_default()));
        }
        if let Some(lot) = self.snapshot.items.lot_multiple(item)
            && quantity.down_to(lot) != quantity
        {
            let (text, lot) = (line.quantity.to_string(), self.snapshot.items.shown(item, lot));
            self.fault("quantity", &text, format!("a multiple of {lot}, the item's lot_multiple"));
        }
        quantity
    }
}

/// The unit that the price and the smallest leg of a line are of: its own, or the one that a promise was asked in which is
/// promised anew; empty where that is the item's.
fn unit_of(line: &OrderLine) -> &str {
    line.price_uom.as_deref().or(line.uom.as_deref()).unwrap_or("")
}
