//! Changes of one list that contradict each other.
//!
//! Each change claims what it says something about; what two of them claim is refused, because their
//! order would decide. What only adds to something shares it with others that add.

use super::{Change, ChangeKind, Fault, column::ChangeColumn};
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
    let cell =
        |column: ChangeColumn| change.get(column).map(ToString::to_string).unwrap_or_default();
    let all = |columns: &[ChangeColumn]| {
        let cells: Vec<_> = columns.iter().map(|column| cell(*column)).collect();
        cells.into_iter().filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let supply =
        |what: &str| (format!("{what} of supply {}", cell(ChangeColumn::Supply)), Hold::Decides);
    let demand =
        |what: &str| (format!("{what} of demand {}", cell(ChangeColumn::Demand)), Hold::Decides);
    let one = |what: String| vec![(what, Hold::Decides)];
    let place = &[ChangeColumn::Item, ChangeColumn::Category, ChangeColumn::Location][..];
    let limited = &[
        ChangeColumn::Resource,
        ChangeColumn::Supplier,
        ChangeColumn::Item,
        ChangeColumn::Location,
    ][..];
    match change.kind() {
        ChangeKind::SupplyMoved => vec![supply("date")],
        ChangeKind::SupplyCut => vec![supply("quantity")],
        ChangeKind::SupplyReceived => vec![supply("quantity"), supply("date")],
        ChangeKind::SupplyAdded | ChangeKind::SupplyCancelled => {
            vec![supply("quantity"), supply("date")]
        }
        ChangeKind::OnHandSet => one(format!("on hand of {}", all(place))),
        ChangeKind::OnHandAdjusted => vec![(format!("on hand of {}", all(place)), Hold::Adds)],
        ChangeKind::CapacitySet | ChangeKind::CapacityAdded => dates(change)
            .map(|date| (format!("capacity of {} on {date}", all(limited)), Hold::Decides))
            .collect(),
        ChangeKind::LeadTimeSet => one(format!(
            "lead time of {}",
            all(&[
                ChangeColumn::WorkDefinition,
                ChangeColumn::Supplier,
                ChangeColumn::Item,
                ChangeColumn::Location,
                ChangeColumn::Destination,
                ChangeColumn::ShipMethod,
            ])
        )),
        ChangeKind::SourceSet | ChangeKind::SourceRemoved => one(format!(
            "source of rule {}",
            all(&[ChangeColumn::Rule, ChangeColumn::SourceType, ChangeColumn::Source])
        )),
        ChangeKind::SourcingAssigned => {
            let whose =
                all(&[ChangeColumn::Zone, ChangeColumn::Customer, ChangeColumn::DemandClass]);
            one(format!("sourcing rule of {} for {whose}", all(place)))
        }
        ChangeKind::AtpRuleSet => {
            one(format!("rule setting {}", all(&[ChangeColumn::Rule, ChangeColumn::Setting])))
        }
        ChangeKind::AtpRuleAssigned => one(format!("ATP rule of {}", all(place))),
        ChangeKind::ShareSet | ChangeKind::ShareRemoved | ChangeKind::ShareChanged => one(format!(
            "share in rule {}",
            all(&[ChangeColumn::Rule, ChangeColumn::DemandClass, ChangeColumn::EffectiveFrom])
        )),
        ChangeKind::ShareShifted => vec![(format!("shares of {}", all(place)), Hold::Adds)],
        ChangeKind::ShareReleased => one(format!(
            "unused share of {}",
            all(&[ChangeColumn::Item, ChangeColumn::Location, ChangeColumn::DemandClass])
        )),
        ChangeKind::AllocationAssigned => one(format!("allocation rule of {}", all(place))),
        ChangeKind::PrioritySet => one(format!(
            "priority of {}",
            all(&[
                ChangeColumn::Customer,
                ChangeColumn::DemandClass,
                ChangeColumn::WorkDefinition,
                ChangeColumn::Supplier,
                ChangeColumn::Item,
                ChangeColumn::Location,
            ])
        )),
        ChangeKind::DemandCreated
        | ChangeKind::DemandChanged
        | ChangeKind::DemandShipped
        | ChangeKind::DemandCancelled => {
            vec![demand("state")]
        }
        ChangeKind::ItemSet | ChangeKind::PriceSet => {
            one(format!("item {}", cell(ChangeColumn::Item)))
        }
        ChangeKind::CustomerSet => one(format!("customer {}", cell(ChangeColumn::Customer))),
    }
}

/// The dates from the first to the last that a change of capacity names; a bounded number of them.
fn dates(change: &Change) -> impl Iterator<Item = jiff::civil::Date> {
    let from = change.date(ChangeColumn::Date);
    let to = change.date(ChangeColumn::ToDate).or(from);
    let next = |date: &jiff::civil::Date| date.tomorrow().ok();
    let days = std::iter::successors(from, next);
    days.take_while(move |date| to.is_some_and(|to| *date <= to)).take(DATES_MAX)
}

/// No snapshot looks further ahead.
const DATES_MAX: usize = 2_000;
