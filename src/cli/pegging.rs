//! The pegging tree of a leg, drawn for a person: what it is made of, down to purchased parts and hours.

use super::money::{self, Currency};
use crate::rpc::proto::{self, peg};
use peg::Source;

/// The lines of the tree; a peg is one line, the hours of a make are one more a resource.
pub(super) fn tree(pegs: &[proto::Peg], currency: Currency<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for (at, peg) in pegs.iter().enumerate() {
        let is_last = at + 1 == pegs.len();
        let (fork, below) = if is_last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        lines.push(format!("{fork}{}", sentence(peg, currency)));
        let inner = if peg.pegs.is_empty() { "   " } else { "│  " };
        lines.extend(hours(peg).iter().map(|line| format!("{below}{inner}{line}")));
        lines.extend(tree(&peg.pegs, currency).iter().map(|line| format!("{below}{line}")));
    }
    lines
}

fn sentence(peg: &proto::Peg, currency: Currency<'_>) -> String {
    let what = format!("{} {}", peg.quantity, peg.item);
    let (place, day) = (&peg.location, &peg.date);
    let total = peg.cost.map_or(0.0, |cost| cost.total);
    let cost = match total {
        0.0 => String::new(),
        total => format!(", cost {}", money::with_currency(total, currency)),
    };
    match &peg.source {
        Some(Source::Stock(stock)) => {
            let (from, shares) = (from_stock(peg, stock), shares(stock));
            format!("{what} in {place} on {day}: {from}{shares}{cost}")
        }
        Some(Source::Make(peg::Make { work_definition, start_date, started, .. })) => {
            let lot = lot(peg, *started, "started");
            format!(
                "make {what} in {place} by {work_definition}: start {start_date}, there {day}{lot}{cost}"
            )
        }
        Some(Source::Transfer(peg::Transfer { from, ship_method, ship_date })) => {
            let method = match ship_method.as_str() {
                "" => String::new(),
                method => format!(" by {method}"),
            };
            format!(
                "move {what} from {from} to {place}{method}: departs {ship_date}, there {day}{cost}"
            )
        }
        Some(Source::Buy(peg::Buy { supplier, bought, order_by })) => {
            let lot = lot(peg, *bought, "bought");
            format!(
                "buy {what} for {place} from {supplier}: order by {order_by}, there {day}{lot}{cost}"
            )
        }
        Some(Source::Infinite(peg::Infinite {})) => {
            format!("{what} in {place} on {day}: not checked, by its ATP rule{cost}")
        }
        Some(Source::LeadTime(peg::LeadTime {})) => {
            format!("{what} in {place} on {day}: by lead time alone{cost}")
        }
        None => format!("{what} in {place} on {day}{cost}"),
    }
}

/// The whole lot, where more is made or bought than is used.
fn lot(peg: &proto::Peg, lot: f64, what: &str) -> String {
    if lot.total_cmp(&peg.quantity).is_eq() { String::new() } else { format!(", {lot} {what}") }
}

/// "; shares: 40 Northeast, 10 HighVolume" where an allocation rule divides the stock.
fn shares(stock: &peg::Stock) -> String {
    if stock.shares.is_empty() {
        return String::new();
    }
    let share = |one: &peg::stock::Share| format!("{} {}", one.quantity, one.demand_class);
    let shares: Vec<_> = stock.shares.iter().map(share).collect();
    format!("; shares: {}", shares.join(", "))
}

/// Millionths of a quantity, in which sums are exact.
fn millionths(quantity: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "a quantity of the wire has its place")]
    let raw = (quantity * crate::limits::SCALE as f64).round() as i64;
    raw
}

/// "2 from stock, 4 of PO-1 (due 2026-12-01)", and what of it is borrowed. What no supply is named for
/// is on hand, or left over from what earlier promises make and buy.
fn from_stock(peg: &proto::Peg, stock: &peg::Stock) -> String {
    let scheduled: i64 = stock.supplies.iter().map(|one| millionths(one.quantity)).sum();
    let unnamed = crate::model::Quantity::micros(millionths(peg.quantity) - scheduled);
    let mut parts = Vec::new();
    if unnamed.is_positive() {
        parts.push(format!("{unnamed} from stock"));
    }
    for one in &stock.supplies {
        let of = match one.planned_by.as_str() {
            "" => one.supply.clone(),
            promise => format!("what {promise} plans"),
        };
        let due = match one.date.as_str() {
            "" => String::new(),
            date => format!(" (due {date})"),
        };
        parts.push(format!("{} of {of}{due}", one.quantity));
    }
    if 0.0 < stock.borrowed {
        let borrowed = stock.borrowed;
        parts.push(format!("{borrowed} of it kept for a later commitment, replaced below"));
    }
    parts.join(", ")
}

/// What a make takes of its resources: one line a resource.
fn hours(peg: &proto::Peg) -> Vec<String> {
    let Some(Source::Make(make)) = &peg.source else { return Vec::new() };
    let mut resources: Vec<&str> = Vec::new();
    for worked in &make.hours {
        if !resources.contains(&worked.resource.as_str()) {
            resources.push(&worked.resource);
        }
    }
    resources.into_iter().map(|resource| resource_days(&make.hours, resource)).collect()
}

fn resource_days(hours: &[peg::make::Hours], resource: &str) -> String {
    let of_it = hours.iter().filter(|worked| worked.resource == resource);
    let days = of_it.map(|worked| {
        let percent = |part: f64| (part * 100.0).round();
        let part = match (worked.from, worked.to) {
            (from, to) if from <= 0.0 && 1.0 <= to => String::new(),
            // Of a promise that lives nobody keeps which hours of the day they were.
            (from, to) if to <= from => String::new(),
            (from, to) => format!(" ({} to {} % of the day)", percent(from), percent(to)),
        };
        format!("{} h on {}{part}", worked.hours, worked.date)
    });
    format!("{resource}: {}", days.collect::<Vec<_>>().join(", "))
}
