//! What would mend an exception, as it follows from what limits it: nothing is tried for it.

use super::{encode, proto};
use crate::{
    insight::exceptions::{Exception, ExceptionKind, Limiting},
    ledger::World,
    model::{Day, Index, Quantity},
    snapshot::Names,
};
use proto::remedy::Kind as Wire;

/// What would help, if anything does.
pub(super) fn plain(world: &World, one: &Exception) -> Option<proto::Remedy> {
    let limits = limits(world, &one.limiting);
    let date = |day: Option<Day>| {
        day.map(|day| world.snapshot.epoch().date(day).to_string()).unwrap_or_default()
    };
    match one.kind {
        ExceptionKind::SupplyLate if 0 < one.days && one.quantity.is_positive() => {
            Some(expedited(limits, one.days))
        }
        ExceptionKind::SupplyLate | ExceptionKind::Overcommitted if !limits.resource.is_empty() => {
            let hours = proto::remedy::MoreHours {
                date: date(one.day),
                hours: encode::quantity(one.quantity),
            };
            let text =
                format!("{} works {} hours more by {}", limits.resource, one.quantity, hours.date);
            Some(proto::Remedy { hours: vec![hours], ..longer(limits, text) })
        }
        ExceptionKind::SupplyLate | ExceptionKind::Overcommitted => {
            Some(goods((limits.item, limits.location), one.quantity, date(one.day)))
        }
        ExceptionKind::AtRisk if 0 < one.days && !limits.supply.is_empty() => {
            Some(expedited(limits, one.days))
        }
        // What it waits for may have moved since it was promised.
        ExceptionKind::Late if 0 < one.days && !limits.supply.is_empty() => {
            let still =
                one.could_be.zip(one.day).map_or(0, |(then, promised)| then.since(promised));
            Some(expedited(limits, one.days + still.max(0)))
        }
        ExceptionKind::AtRisk | ExceptionKind::Late if !limits.resource.is_empty() => {
            let text = format!("{} works longer before {}", limits.resource, date(one.day));
            Some(longer(limits, text))
        }
        // What is there by now needs no remedy but to be promised again.
        ExceptionKind::Late if one.limiting == Limiting::default() => None,
        ExceptionKind::AtRisk | ExceptionKind::Late => {
            let names = &world.snapshot;
            let item = one.item.map_or("", |item| names.items.names.name(item)).to_string();
            let place = one.location.map_or("", |at| names.locations.names.name(at)).to_string();
            // What is at risk is wanted when it was promised for, what is late when it was asked for.
            let late = if one.kind == ExceptionKind::Late { one.days } else { 0 };
            let wanted = one.day.map(|day| day.plus(-late).max(Day::ZERO));
            Some(goods((item, place), one.quantity, date(wanted)))
        }
        ExceptionKind::OverConsumed
        | ExceptionKind::CouldBeSooner
        | ExceptionKind::HoldExpiring
        | ExceptionKind::SourceStale
        | ExceptionKind::Forced => None,
    }
}

fn expedited(limits: proto::exception::Limiting, days: i32) -> proto::Remedy {
    let unit = if days == 1 { "day" } else { "days" };
    proto::Remedy {
        kind: Wire::Expedite.into(),
        text: format!("{} comes {days} {unit} earlier", limits.supply),
        supply: limits.supply,
        days,
        ..proto::Remedy::default()
    }
}

fn longer(limits: proto::exception::Limiting, text: String) -> proto::Remedy {
    let kind = Wire::Hours.into();
    proto::Remedy { kind, text, resource: limits.resource, ..proto::Remedy::default() }
}

fn goods((item, location): (String, String), quantity: Quantity, date: String) -> proto::Remedy {
    proto::Remedy {
        kind: Wire::Goods.into(),
        text: format!("{quantity} more of {item} at {location} by {date}"),
        quantity: encode::quantity(quantity.max(Quantity::ZERO)),
        item,
        location,
        date,
        ..proto::Remedy::default()
    }
}

/// The name of an index; empty where there is none.
pub(super) fn name<I: Index>(names: &Names<I>, index: Option<I>) -> String {
    index.map_or("", |index| names.name(index)).to_string()
}

/// What limits something, in words.
pub(super) fn limits(world: &World, limiting: &Limiting) -> proto::exception::Limiting {
    let snapshot = &world.snapshot;
    proto::exception::Limiting {
        supply: limiting
            .supply
            .map(|supply| snapshot.supplies.names.name(supply))
            .unwrap_or_default(),
        item: name(&snapshot.items.names, limiting.item),
        location: name(&snapshot.locations.names, limiting.location),
        resource: name(&snapshot.resources.names, limiting.resource),
        supplier: name(&snapshot.suppliers.names, limiting.supplier),
        demand_class: name(&snapshot.classes.names, limiting.class),
    }
}
