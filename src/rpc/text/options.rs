//! An option in a sentence: how it serves a line, and in what it differs from the default.

use super::Words;
use crate::{
    ledger::reservation::{Supplied, SupplyWay},
    model::Money,
    promising::answer::LineOption,
};

/// How a leg is supplied: stock, make, buy, transfer, infinite, lead_time; joined by `+`.
pub fn supply(supplied: Supplied) -> String {
    let word = |way: SupplyWay| match way {
        SupplyWay::Stock => "stock",
        SupplyWay::Make => "make",
        SupplyWay::Transfer => "transfer",
        SupplyWay::Buy => "buy",
        SupplyWay::Infinite => "infinite",
        SupplyWay::LeadTime => "lead_time",
    };
    supplied.ways().map(word).collect::<Vec<_>>().join("+")
}

/// An option in one line: ship-froms, methods, dates, lateness, cost and profit.
pub fn summary(words: Words<'_>, option: &LineOption) -> String {
    let ships = option.legs.iter().map(|leg| leg.ship).max().expect("an option has a leg");
    let economics = &option.economics;
    format!(
        "{}, ships {}, arrives {}, {}, cost {}, profit {}",
        ways(words, option),
        words.date(ships),
        words.date(option.arrival()),
        lateness(option.days_late),
        words.money(economics.cost()),
        words.money(economics.profit()),
    )
}

fn lateness(days: i32) -> String {
    match days {
        0 => "on time".to_string(),
        1 => "1 day late".to_string(),
        _ => format!("{days} days late"),
    }
}

/// "PUMP from BER by truck + PUMP-B from HAM", each way once.
fn ways(words: Words<'_>, option: &LineOption) -> String {
    let mut ways: Vec<String> = Vec::new();
    for leg in &option.legs {
        let (item, location) = (words.item(leg.item), words.location(leg.location));
        let way = match leg.method {
            Some(method) => format!("{item} from {location} by {}", words.method(Some(method))),
            None => format!("{item} from {location}"),
        };
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    ways.join(" + ")
}

/// An alternative by how it differs from the default, in one line.
pub fn difference(words: Words<'_>, default: &LineOption, option: &LineOption) -> String {
    let mut parts = other_way(words, default, option);
    let days = option.arrival().since(default.arrival());
    parts.push(match days {
        0 => "same arrival".to_string(),
        _ => format!(
            "arrives {} {}",
            calendar_days(days),
            if days < 0 { "earlier" } else { "later" }
        ),
    });
    if option.quantity() != default.quantity() && option.legs[0].item == default.legs[0].item {
        let shown = |option: &LineOption| words.quantity(option.legs[0].item, option.quantity());
        parts.push(format!("promises {} instead of {}", shown(option), shown(default)));
    }
    let (cost, profit) = (option.economics.cost(), option.economics.profit());
    parts.push(amount(words, "cost", cost - default.economics.cost()));
    parts.push(amount(words, "profit", profit - default.economics.profit()));
    parts.join(", ")
}

/// What differs in item, ship-from and method: word by word where both options have one leg.
fn other_way(words: Words<'_>, default: &LineOption, option: &LineOption) -> Vec<String> {
    let ([theirs], [ours]) = (&default.legs[..], &option.legs[..]) else {
        let (ours, theirs) = (ways(words, option), ways(words, default));
        return vec![if ours == theirs { ours } else { format!("{ours} instead of {theirs}") }];
    };
    let pairs = [
        ("", words.item(ours.item), words.item(theirs.item)),
        ("from ", words.location(ours.location), words.location(theirs.location)),
        ("by ", words.method(ours.method), words.method(theirs.method)),
    ];
    let differing = pairs.into_iter().filter(|(_, ours, theirs)| ours != theirs);
    differing.map(|(how, ours, theirs)| format!("{how}{ours} instead of {theirs}")).collect()
}

fn calendar_days(days: i32) -> String {
    if days.abs() == 1 { "1 day".to_string() } else { format!("{} days", days.abs()) }
}

pub(super) fn amount(words: Words<'_>, what: &str, change: Money) -> String {
    if change == Money::ZERO {
        return format!("same {what}");
    }
    let sign = if change.is_positive() { "+" } else { "" };
    format!("{what} {sign}{}", words.money(change))
}
