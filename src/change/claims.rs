//! Changes of one list that contradict each other.
//!
//! Each change claims what it says something about; what two of them claim is refused, because their
//! order would decide. What only adds to something shares it with others that add.

use super::{Change, ChangeKind as Kind, Fault, column::ChangeColumn as Column};
use std::collections::BTreeMap;

/// What the changes of a list claim, as it grows.
#[derive(Debug, Default)]
pub struct Claims(BTreeMap<String, Hold>);

impl Claims {
    /// Adds what a change claims; false, and nothing is added, where one before it claims the same.
    pub fn take(&mut self, change: &Change) -> bool {
        let new = claims(change);
        let is_free = |(what, hold): &(String, Hold)| match self.0.get(what) {
            None => true,
            Some(known) => *known == Hold::Adds && *hold == Hold::Adds,
        };
        let is_free = new.iter().all(is_free);
        if is_free {
            self.0.extend(new);
        }
        is_free
    }
}

/// Notes a fault for every change that claims what one before it claims.
pub(super) fn check(changes: &[Change], faults: &mut Vec<Fault>) {
    if changes.len() < 2 {
        return;
    }
    let mut seen: BTreeMap<String, (usize, Hold)> = BTreeMap::new();
    for (at, change) in changes.iter().enumerate() {
        for (what, hold) in claims(change) {
            match seen.get(&what) {
                Some((_, Hold::Adds)) if hold == Hold::Adds => (),
                Some((other, _)) => {
                    let expected =
                        format!("nothing: change {} already decides the {what}", other + 1);
                    let value = change.kind().word().to_string();
                    faults.push(Fault { change: at, field: "change", value, expected });
                    break;
                }
                None => drop(seen.insert(what, (at, hold))),
            }
        }
    }
}

/// How a change holds what it claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hold {
    /// It decides it.
    Decides,
    /// It adds to it, as others may.
    Adds,
}

fn claims(change: &Change) -> Vec<(String, Hold)> {
    let cell = |column: Column| change.get(column).map(ToString::to_string).unwrap_or_default();
    let all = |columns: &[Column]| {
        let cells: Vec<_> = columns.iter().map(|column| cell(*column)).collect();
        cells.into_iter().filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let supply = |what: &str| (format!("{what} of supply {}", cell(Column::Supply)), Hold::Decides);
    let demand = |what: &str| (format!("{what} of demand {}", cell(Column::Demand)), Hold::Decides);
    let one = |what: String| vec![(what, Hold::Decides)];
    let place = &[Column::Item, Column::Category, Column::Location][..];
    let limited = &[Column::Resource, Column::Supplier, Column::Item, Column::Location][..];
    match change.kind() {
        Kind::SupplyMoved => vec![supply("date")],
        Kind::SupplyCut => vec![supply("quantity")],
        Kind::SupplyReceived => vec![supply("quantity"), supply("date")],
        Kind::SupplyAdded | Kind::SupplyCancelled => {
            vec![supply("quantity"), supply("date")]
        }
        Kind::OnHandSet => one(format!("on hand of {}", all(place))),
        Kind::OnHandAdjusted => vec![(format!("on hand of {}", all(place)), Hold::Adds)],
        Kind::CapacitySet | Kind::CapacityAdded => dates(change)
            .map(|date| (format!("capacity of {} on {date}", all(limited)), Hold::Decides))
            .collect(),
        Kind::LeadTimeSet => one(format!(
            "lead time of {}",
            all(&[
                Column::WorkDefinition,
                Column::Supplier,
                Column::Item,
                Column::Location,
                Column::Destination,
                Column::ShipMethod,
            ])
        )),
        Kind::SourceSet | Kind::SourceRemoved => one(format!(
            "source of rule {}",
            all(&[Column::Rule, Column::SourceType, Column::Source])
        )),
        Kind::SourcingAssigned => {
            let whose = all(&[Column::Zone, Column::Customer, Column::DemandClass]);
            one(format!("sourcing rule of {} for {whose}", all(place)))
        }
        Kind::AtpRuleSet => one(format!("rule setting {}", all(&[Column::Rule, Column::Setting]))),
        Kind::AtpRuleAssigned => one(format!("ATP rule of {}", all(place))),
        Kind::ShareSet | Kind::ShareRemoved | Kind::ShareChanged => one(format!(
            "share in rule {}",
            all(&[Column::Rule, Column::DemandClass, Column::EffectiveFrom])
        )),
        Kind::ShareShifted => vec![(format!("shares of {}", all(place)), Hold::Adds)],
        Kind::ShareReleased => one(format!(
            "unused share of {}",
            all(&[Column::Item, Column::Location, Column::DemandClass])
        )),
        Kind::AllocationAssigned => one(format!("allocation rule of {}", all(place))),
        Kind::PrioritySet => one(format!(
            "priority of {}",
            all(&[
                Column::Customer,
                Column::DemandClass,
                Column::WorkDefinition,
                Column::Supplier,
                Column::Item,
                Column::Location,
            ])
        )),
        Kind::DemandCreated | Kind::DemandChanged | Kind::DemandShipped | Kind::DemandCancelled => {
            vec![demand("state")]
        }
        Kind::ItemSet | Kind::PriceSet => one(format!("item {}", cell(Column::Item))),
        Kind::CustomerSet => one(format!("customer {}", cell(Column::Customer))),
    }
}

/// The dates from the first to the last that a change of capacity names; a bounded number of them.
fn dates(change: &Change) -> impl Iterator<Item = jiff::civil::Date> {
    let from = change.date(Column::Date);
    let to = change.date(Column::ToDate).or(from);
    let next = |date: &jiff::civil::Date| date.tomorrow().ok();
    let days = std::iter::successors(from, next);
    days.take_while(move |date| to.is_some_and(|to| *date <= to)).take(DATES_MAX)
}

/// No snapshot looks further ahead.
const DATES_MAX: usize = 2_000;
