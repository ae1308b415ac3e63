//! Answers to messages: indices become names, days become dates, exact numbers become doubles.
//!
//! Nothing is decided or computed here. The command line prints its JSON through the same messages, so
//! there is one form of an answer. Start at [`check`].

mod option;

use super::{cluster::Cluster, proto, reason, remedy, text, text::Words};
use crate::{
    change::Change,
    ledger::{World, reservation::DateType},
    model::{DayPart, Money, Quantity},
    promising::{
        answer::{LineOption, LineResult, LineStatus, OptionLeg, Promise, Remedy, SetResult},
        most,
        query::{Query, Together},
        request::{OrderLine, Repeat, Request},
    },
    snapshot::atp_rule::Objective,
};
use prost_types::Timestamp;
use std::sync::{Arc, LazyLock, OnceLock};

/// Whether legs come with their pegging trees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pegging {
    /// They do.
    Shown,
    /// They do not.
    Hidden,
}

impl Pegging {
    /// What a request's flag asks for.
    pub fn asked(flag: bool) -> Self {
        if flag { Self::Shown } else { Self::Hidden }
    }
}

/// How much an answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// All there is to say.
    Full,
    /// Status, dates and quantities.
    Brief,
}

/// The answer to a question without consequences; `lines` are those of the request.
pub fn check(
    world: &World,
    request: &Request,
    promise: &Promise,
    pegging: Pegging,
) -> proto::CheckAvailabilityResponse {
    let words = Words::new(&world.snapshot);
    let encoder = AnswerEncoder { words, lines: &request.lines, pegging };
    proto::CheckAvailabilityResponse {
        results: encoder.results(promise),
        sets: encoder.sets(promise),
        version: Some(version(world, world.position)),
        now: request.now.map(|at| instant(at.as_microsecond())),
    }
}

/// Adds how many there could be at most by the date of a line, and what was not looked at.
pub fn most(
    world: &World,
    (line, query): (&OrderLine, &Query),
    found: &LineResult,
    told: &mut proto::LineResult,
) {
    told.most_by_requested_date = Some(quantity(most::found(found)));
    told.left_out = most::left_out(&world.snapshot, (line, query), found);
}

/// What an answer was computed from.
pub fn version(world: &World, position: u64) -> proto::DataVersion {
    proto::DataVersion {
        snapshot_id: world.snapshot.id().to_string(),
        as_of: text::iso(world.snapshot.epoch().as_of()),
        sequence: position,
        ledger: world.ledger().to_string(),
        ..of_cluster(position)
    }
}

/// The cluster that this process is a node of: all its answers say so.
static CLUSTER: OnceLock<Arc<Cluster>> = OnceLock::new();

/// Has answers say of which cluster they are.
pub(super) fn tell_of(cluster: Option<Arc<Cluster>>) {
    if let Some(cluster) = cluster {
        // A process is one node.
        drop(CLUSTER.set(cluster));
    }
}

/// What an answer says of the cluster; nothing where there is one process.
pub(super) fn of_cluster(position: u64) -> proto::DataVersion {
    let Some(cluster) = CLUSTER.get() else {
        return proto::DataVersion::default();
    };
    proto::DataVersion {
        token: format!("p0:{position}"),
        epoch: cluster.epoch(),
        stale: cluster.is_stale(),
        ..proto::DataVersion::default()
    }
}

/// A quantity as the double whose shortest decimal form is the quantity.
pub fn quantity(quantity: Quantity) -> f64 {
    millionths(quantity.raw())
}

/// A part of a day, 0 to 1.
fn day_part(part: DayPart) -> f64 {
    // No more than 10^12, which a double carries.
    part.raw() as f64 / DayPart::END.raw() as f64
}

pub(super) fn money(money: Money) -> f64 {
    millionths(money.raw())
}

/// A number of things.
pub(super) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The nearest double. Its shortest form is exact up to 15 digits, which is more than a caller may ask for; sums
/// may have more, and then no double has them all.
fn millionths(raw: i64) -> f64 {
    const WHOLE_IN_A_DOUBLE: u64 = 1 << f64::MANTISSA_DIGITS;
    if raw.unsigned_abs() <= WHOLE_IN_A_DOUBLE {
        return raw as f64 / crate::limits::SCALE as f64;
    }
    // Rounded once, not before and after dividing.
    Quantity::micros(raw).to_string().parse().expect("a decimal number")
}

/// A change of planning data as a message.
pub fn change(change: &Change) -> proto::Change {
    let cells = change.cells().map(|(name, value)| (name.to_string(), value));
    proto::Change { change: change.kind().word().to_string(), cells: cells.collect() }
}

/// An order line as a message that asks for it.
pub fn order_line(line: &OrderLine) -> proto::OrderLine {
    let text = |key: &Option<String>| key.clone().unwrap_or_default();
    let date = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
    proto::OrderLine {
        order: line.order.clone(),
        line: line.line.clone(),
        item: line.item.clone(),
        quantity: quantity(line.quantity),
        uom: text(&line.uom),
        requested_date: line.requested.to_string(),
        date_type: line.date_type.map(date_type).unwrap_or_default().into(),
        customer: text(&line.customer),
        zone: text(&line.zone),
        location: text(&line.location),
        demand_class: text(&line.demand_class),
        priority: line.priority,
        earliest_date: date(line.earliest).unwrap_or_default(),
        latest_date: date(line.latest).unwrap_or_default(),
        ship_set: text(&line.ship_set),
        ship_together: text(&line.ship_together),
        arrival_set: text(&line.arrival_set),
        split: line.split,
        min_split_quantity: line.min_split_quantity.map(quantity),
        max_splits: line.max_splits.map(u32::from),
        substitutes: line.substitutes,
        ship_method: text(&line.ship_method),
        objective: objective(line.objective).into(),
        unit_price: line.unit_price.map(money),
        ordered_at: line.ordered_at.map(|at| instant(at.as_microsecond())),
        source: text(&line.source),
        channel: text(&line.channel),
        seller: text(&line.seller),
        repeat: match line.repeat {
            None => proto::order_line::Repeat::Unspecified,
            Some(Repeat::Refuse) => proto::order_line::Repeat::Refuse,
            Some(Repeat::Add) => proto::order_line::Repeat::Add,
            Some(Repeat::Replace) => proto::order_line::Repeat::Replace,
        }
        .into(),
    }
}

/// An objective as a message has it.
pub fn objective(objective: Option<Objective>) -> proto::Objective {
    match objective {
        None => proto::Objective::Unspecified,
        Some(Objective::SourcingRank) => proto::Objective::SourcingRank,
        Some(Objective::Earliest) => proto::Objective::Earliest,
        Some(Objective::LowestCost) => proto::Objective::LowestCost,
        Some(Objective::HighestProfit) => proto::Objective::HighestProfit,
    }
}

/// Turns the answer to one request into messages.
#[derive(Clone, Copy, Debug)]
pub(super) struct AnswerEncoder<'a> {
    /// Names and dates.
    pub(super) words: Words<'a>,
    /// The lines of the request.
    pub(super) lines: &'a [OrderLine],
    /// Whether legs come with their pegging trees.
    pub(super) pegging: Pegging,
}

impl AnswerEncoder<'_> {
    /// One result a line.
    pub(super) fn results(&self, promise: &Promise) -> Vec<proto::LineResult> {
        assert_eq!(self.lines.len(), promise.lines.len());
        counted(promise);
        self.lines
            .iter()
            .zip(&promise.lines)
            .map(|(line, result)| self.result(line, result))
            .collect()
    }

    /// One result a line: status, dates and quantities.
    pub(super) fn brief(&self, promise: &Promise) -> Vec<proto::LineResult> {
        counted(promise);
        let leg = |leg: &OptionLeg| proto::Leg {
            item: self.words.item(leg.item).to_string(),
            location: self.words.location(leg.location).to_string(),
            quantity: quantity(self.words.quantity(leg.item, leg.quantity)),
            ship_date: self.words.date(leg.ship),
            arrival_date: self.words.date(leg.arrival),
            ..proto::Leg::default()
        };
        let option = |option: &LineOption| proto::Option {
            legs: option.legs.iter().map(leg).collect(),
            days_late: option.days_late,
            ..proto::Option::default()
        };
        let line = |(line, result): (&OrderLine, &LineResult)| proto::LineResult {
            order: line.order.clone(),
            line: line.line.clone(),
            status: status(result.status).into(),
            default_option: result.option.as_ref().map(option),
            ..proto::LineResult::default()
        };
        self.lines.iter().zip(&promise.lines).map(line).collect()
    }

    /// One result a set.
    pub(super) fn sets(&self, promise: &Promise) -> Vec<proto::SetResult> {
        promise.sets.iter().map(|set| self.set(set)).collect()
    }

    fn set(&self, set: &SetResult) -> proto::SetResult {
        use proto::set_result::Kind;
        let first = &self.lines[set.lines[0]];
        let (kind, name) = match set.together {
            Together::Ship => (Kind::ShipSet, &first.ship_set),
            Together::Arrive => (Kind::ArrivalSet, &first.arrival_set),
            Together::IfPossible => (Kind::ShipTogether, &first.ship_together),
        };
        proto::SetResult {
            order: first.order.clone(),
            set: name.clone().unwrap_or_default(),
            kind: kind.into(),
            lines: set.lines.iter().map(|&at| self.lines[at].line.clone()).collect(),
            date: self.words.date_or_empty(set.day),
            given_up: set.is_given_up(),
        }
    }

    /// The result of one line.
    pub(super) fn result(&self, line: &OrderLine, result: &LineResult) -> proto::LineResult {
        // A refused line has no default to differ from: the options that came too late stand in full.
        let summary = |option: &LineOption| match &result.option {
            Some(default) => text::difference(self.words, default, option),
            None => text::summary(self.words, option),
        };
        let alternatives = result.alternatives.iter();
        let default = result.option.as_ref();
        proto::LineResult {
            order: line.order.clone(),
            line: line.line.clone(),
            status: status(result.status).into(),
            default_option: default
                .map(|option| self.option(line, option, text::summary(self.words, option))),
            alternatives: alternatives
                .map(|option| self.option(line, option, summary(option)))
                .collect(),
            available_on_requested_date: self.of_line(line, result.available_on_requested),
            reasons: result
                .reasons
                .iter()
                .map(|found| reason::encode(self.words, self.lines, found))
                .collect(),
            remedies: result.remedies.iter().map(|remedy| self.remedy(line, remedy)).collect(),
            most_by_requested_date: None,
            left_out: Vec::new(),
        }
    }

    /// A quantity of the item that a line orders, in its own unit.
    fn of_line(&self, line: &OrderLine, kept: Quantity) -> f64 {
        let item = self.words.snapshot().items.names.get(&line.item);
        quantity(item.map_or(kept, |item| self.words.quantity(item, kept)))
    }

    fn remedy(&self, line: &OrderLine, remedy: &Remedy) -> proto::Remedy {
        let option = self.option(line, &remedy.option, text::summary(self.words, &remedy.option));
        remedy::encode(self.words, &remedy.relaxation, option)
    }
}

fn status(status: LineStatus) -> proto::line_result::Status {
    use proto::line_result::Status as Wire;
    match status {
        LineStatus::OnTime => Wire::OnTime,
        LineStatus::Late => Wire::Late,
        LineStatus::Partial => Wire::Partial,
        LineStatus::Unavailable => Wire::Unavailable,
        LineStatus::Refused => Wire::Refused,
        LineStatus::AlreadyPromised => Wire::AlreadyPromised,
    }
}

/// Counts lines by how they fare.
fn counted(promise: &Promise) {
    static COUNTERS: LazyLock<[metrics::Counter; 6]> = LazyLock::new(|| {
        let words = ["on_time", "late", "partial", "unavailable", "refused", "already_promised"];
        words.map(|word| metrics::counter!("promised_lines_total", "status" => word))
    });
    for line in &promise.lines {
        let at = match line.status {
            LineStatus::OnTime => 0,
            LineStatus::Late => 1,
            LineStatus::Partial => 2,
            LineStatus::Unavailable => 3,
            LineStatus::Refused => 4,
            LineStatus::AlreadyPromised => 5,
        };
        COUNTERS[at].increment(1);
    }
}

/// An instant in microseconds since 1970 UTC.
pub(super) fn instant(micros: i64) -> Timestamp {
    let nanos = micros.rem_euclid(1_000_000) * 1_000;
    Timestamp {
        seconds: micros.div_euclid(1_000_000),
        nanos: i32::try_from(nanos).expect("a second has fewer than i32::MAX nanoseconds"),
    }
}

pub(super) fn date_type(of: DateType) -> proto::order_line::DateType {
    match of {
        DateType::Ship => proto::order_line::DateType::Ship,
        DateType::Arrival => proto::order_line::DateType::Arrival,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::BALANCE_MAX;
    use proptest::prelude::*;

    proptest! {
        /// Issue 17 item 4: up to the largest balance, which no double has to the last place.
        #[test]
        fn an_amount_is_the_double_nearest_to_it(raw in -BALANCE_MAX..=BALANCE_MAX, digits in 0u32..19) {
            for raw in [raw, raw % 10_i64.pow(digits), BALANCE_MAX, BALANCE_MAX - 1, -BALANCE_MAX] {
                let exact: f64 = Quantity::micros(raw).to_string().parse().expect("a number");
                prop_assert_eq!(millionths(raw), exact);
            }
        }
    }
}
