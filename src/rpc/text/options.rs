//! An option in a sentence: how it serves a line, and in what it differs from the default.

use super::Words;
use crate::{
    ledger::reservation::{Supplied, SupplyWay},
    model::Money,
    promising::answer::{LineOption, OptionLeg},
};

/// Bytes that are enough for most options in a sentence.
const ROOM: usize = 160;

/// How a leg is supplied: stock, make, buy, transfer, infinite, lead_time; joined by `+`.
pub fn supply(supplied: Supplied) -> String {
    let mut text = String::new();
    for way in supplied.ways() {
        if !text.is_empty() {
            text.push('+');
        }
        text.push_str(match way {
            SupplyWay::Stock => "stock",
            SupplyWay::Make => "make",
            SupplyWay::Transfer => "transfer",
            SupplyWay::Buy => "buy",
            SupplyWay::Infinite => "infinite",
            SupplyWay::LeadTime => "lead_time",
        });
    }
    text
}

/// An option in one line: ship-froms, methods, dates, lateness, cost and profit.
pub fn summary(words: Words<'_>, option: &LineOption) -> String {
    let ships = option.legs.iter().map(|leg| leg.ship).max().expect("an option has a leg");
    let economics = &option.economics;
    // Every option has one, so it is written in one piece and without a formatter.
    let mut text = String::with_capacity(ROOM);
    push_ways(words, option, &mut text);
    text.push_str(", ships ");
    words.push_date(&mut text, ships);
    text.push_str(", arrives ");
    words.push_date(&mut text, option.arrival());
    text.push_str(", ");
    match option.days_late {
        0 => text.push_str("on time"),
        1 => text.push_str("1 day late"),
        days => text.push_str(&format!("{days} days late")),
    }
    text.push_str(", cost ");
    words.push_money(&mut text, economics.cost());
    text.push_str(", profit ");
    words.push_money(&mut text, economics.profit());
    text
}

fn ways(words: Words<'_>, option: &LineOption) -> String {
    let mut text = String::new();
    push_ways(words, option, &mut text);
    text
}

/// "PUMP from BER by truck + PUMP-B from HAM", each way once.
fn push_ways(words: Words<'_>, option: &LineOption, text: &mut String) {
    let way = |leg: &OptionLeg| {
        (
            words.item(leg.item),
            words.location(leg.location),
            leg.method.map(|it| words.method(Some(it))),
        )
    };
    for (at, leg) in option.legs.iter().enumerate() {
        if option.legs[..at].iter().any(|before| way(before) == way(leg)) {
            continue;
        }
        let (item, location, method) = way(leg);
        let parts = [if 0 < at { " + " } else { "" }, item, " from ", location];
        parts.into_iter().for_each(|part| text.push_str(part));
        if let Some(method) = method {
            text.push_str(" by ");
            text.push_str(method);
        }
    }
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
    differing.map(|(how, ours, theirs)| [how, ours, " instead of ", theirs].concat()).collect()
}

fn calendar_days(days: i32) -> String {
    if days.abs() == 1 { "1 day".to_string() } else { format!("{} days", days.abs()) }
}

pub(super) fn amount(words: Words<'_>, what: &str, change: Money) -> String {
    if change == Money::ZERO {
        return format!("same {what}");
    }
    let mut text = String::with_capacity(ROOM / 4);
    text.push_str(what);
    text.push_str(if change.is_positive() { " +" } else { " " });
    words.push_money(&mut text, change);
    text
}
