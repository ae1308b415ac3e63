//! What a backlog run is to do: which lines, in which order, by which strategy (semantics 10).

use super::model::Model;
use super::promises::Promise;
use super::text::{UNIT, day_of, parse_micro};
use std::cmp::Ordering;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Strategy {
    Win,
    Gain,
    Redistribute,
    Fill,
    Lose,
}

/// Filters are words such as `item=A|B priority<=2`; all of them must hold. A sequence is words such as
/// `priority -quantity`.
#[derive(Clone, Debug)]
pub struct Spec {
    pub filter: String,
    pub sequence: String,
    /// Order and line (empty: all lines) of those that come before all others.
    pub first: Vec<(String, String)>,
    /// The strategy of lines by the first filter that fits.
    pub segments: Vec<(String, Strategy)>,
    pub otherwise: Strategy,
    pub locked: Vec<String>,
    pub kept: Vec<String>,
    /// What cannot win stays as it is, though something better can be had.
    pub keep_losers: bool,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Value {
    Text(String),
    Number(i64),
}

fn text(value: &str) -> Option<Value> {
    (!value.is_empty()).then(|| Value::Text(value.to_string()))
}

/// A promise's value of an attribute; quantities and money in micro-units, dates as days.
fn value(model: &Model, promise: &Promise, attribute: &str) -> Option<Value> {
    let line = &promise.line;
    match attribute {
        "order" => text(&line.order),
        "line" => text(&line.line),
        "customer" => text(&line.customer),
        "demand_class" => text(&line.class),
        "zone" => text(&line.zone),
        "item" => text(&line.item),
        "category" => text(&model.items[&line.item].category),
        "location" => promise.legs.first().and_then(|leg| text(&leg.candidate.location)),
        "priority" => line.priority.map(|rank| Value::Number(i64::from(rank))),
        "requested_date" => Some(Value::Number(i64::from(line.requested))),
        "quantity" => Some(Value::Number(line.quantity)),
        "promised" => Some(Value::Number(promise.quantity())),
        "value" => Some(Value::Number(promise.cost() + promise.profit())),
        "profit" => Some(Value::Number(promise.profit())),
        "days_late" => promise.legs.iter().map(|leg| Value::Number(leg.days_late)).max(),
        "age" => Some(Value::Number(promise.number as i64)),
        other => panic!("no such attribute: {other}"),
    }
}

/// All values for which "it is" holds: a class and those above it, a zone and those around it.
fn values(model: &Model, promise: &Promise, attribute: &str) -> Vec<Value> {
    let all = match attribute {
        "demand_class" => model.class_and_ancestors(&promise.line.class),
        "zone" => model.zone_and_ancestors(&promise.line.zone),
        _ => return value(model, promise, attribute).into_iter().collect(),
    };
    all.into_iter().map(Value::Text).collect()
}

/// A value as it stands in a filter.
fn given(model: &Model, attribute: &str, word: &str) -> Value {
    match attribute {
        "requested_date" => {
            Value::Number(i64::from(day_of(word.parse().expect("a date"), model.as_of)))
        }
        "priority" | "days_late" | "age" => Value::Number(parse_micro(word) / UNIT),
        "quantity" | "promised" | "value" | "profit" => Value::Number(parse_micro(word)),
        _ => Value::Text(word.to_string()),
    }
}

/// Whether all conditions of a filter hold.
pub fn fits(model: &Model, promise: &Promise, filter: &str) -> bool {
    filter.split_whitespace().all(|condition| holds(model, promise, condition))
}

fn holds(model: &Model, promise: &Promise, condition: &str) -> bool {
    let signs = ["!=", "<=", ">=", "=", "<", ">"];
    let sign = signs.into_iter().find(|sign| condition.contains(sign)).expect("a condition");
    let (attribute, words) = condition.split_once(sign).expect("it is in it");
    let wanted: Vec<Value> = words.split('|').map(|word| given(model, attribute, word)).collect();
    let is = values(model, promise, attribute).iter().any(|value| wanted.contains(value));
    let compared = |holds: fn(Ordering) -> bool| {
        let value = value(model, promise, attribute);
        value.is_some_and(|value| wanted.iter().all(|wanted| holds(value.cmp(wanted))))
    };
    match sign {
        "=" => is,
        "!=" => !is,
        "<" => compared(Ordering::is_lt),
        "<=" => compared(Ordering::is_le),
        ">" => compared(Ordering::is_gt),
        _ => compared(Ordering::is_ge),
    }
}

/// Which of two comes first: those named first of all, then attribute by attribute, then by age. A line
/// without a value comes last, whichever way.
pub fn compare(model: &Model, spec: &Spec, one: &Promise, other: &Promise) -> Ordering {
    let place = |promise: &Promise| {
        let is_named = |(order, line): &(String, String)| {
            *order == promise.line.order && (line.is_empty() || *line == promise.line.line)
        };
        spec.first.iter().position(is_named).unwrap_or(usize::MAX)
    };
    let mut order = place(one).cmp(&place(other));
    for word in spec.sequence.split_whitespace() {
        let attribute = word.trim_start_matches('-');
        let both = (value(model, one, attribute), value(model, other, attribute));
        order = order.then(match both {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(one), Some(other)) if word.starts_with('-') => other.cmp(&one),
            (Some(one), Some(other)) => one.cmp(&other),
        });
    }
    order.then(one.number.cmp(&other.number))
}

/// The strategy of a line.
pub fn strategy(model: &Model, spec: &Spec, promise: &Promise) -> Strategy {
    let segment = spec.segments.iter().find(|(filter, _)| fits(model, promise, filter));
    segment.map_or(spec.otherwise, |(_, strategy)| *strategy)
}

/// Whether one of some filters fits.
pub fn any_fits(model: &Model, promise: &Promise, filters: &[String]) -> bool {
    filters.iter().any(|filter| fits(model, promise, filter))
}
