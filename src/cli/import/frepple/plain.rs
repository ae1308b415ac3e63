//! Tables of frePPLe whose rows are rows of ours.

use super::super::{
    draft::{RowPlace, SnapshotDraft},
    tables::{Object, text},
};
use super::{
    cells::{is_chosen, is_firm, made},
    export::Export,
};
use crate::snapshot::schema::Column as C;
use jiff::{ToSpan, civil::Date};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn apply(export: &Export, draft: &mut SnapshotDraft) {
    names(export, draft);
    calendars(export, draft);
    buffers(export, draft);
    demands(export, draft);
    buying(export, draft);
    moving(export, draft);
    purchases(export, draft);
    transfers(export, draft);
}

fn names(export: &Export, draft: &mut SnapshotDraft) {
    for (place, row) in export.rows("item") {
        let (item, description) = (text(row, "name"), text(row, "description"));
        let (category, cost, uom) = (text(row, "category"), text(row, "cost"), text(row, "uom"));
        let cells = [
            (C::Item, &*item),
            (C::Description, &*description),
            (C::Category, &*category),
            (C::UnitCost, &*cost),
            (C::Uom, &*uom),
        ];
        draft.add("items", cells, place);
    }
    for (place, row) in export.rows("location") {
        let (name, description) = (text(row, "name"), text(row, "description"));
        let calendar = text(row, "available");
        let cells = [
            (C::Location, &*name),
            (C::Name, &*description),
            (C::ShippingCalendar, &*calendar),
            (C::ReceivingCalendar, &*calendar),
            (C::ManufacturingCalendar, &*calendar),
        ];
        draft.add("locations", cells, place);
    }
    for (place, row) in export.rows("customer") {
        let (name, description) = (text(row, "name"), text(row, "description"));
        draft.add("customers", [(C::Customer, &*name), (C::Name, &*description)], place);
    }
    for (place, row) in export.rows("supplier") {
        let (name, description) = (text(row, "name"), text(row, "description"));
        let calendar = text(row, "available");
        let cells = [(C::Supplier, &*name), (C::Name, &*description), (C::Calendar, &*calendar)];
        draft.add("suppliers", cells, place);
    }
}

const WEEK: [(&str, &str); 7] = [
    ("monday", "Mon"),
    ("tuesday", "Tue"),
    ("wednesday", "Wed"),
    ("thursday", "Thu"),
    ("friday", "Fri"),
    ("saturday", "Sat"),
    ("sunday", "Sun"),
];

/// The days of the week on which a bucket holds.
fn days(row: &Object) -> Vec<&'static str> {
    let is_off = |day: &str| matches!(&*text(row, day).to_ascii_lowercase(), "false" | "0" | "no");
    WEEK.iter().filter(|(day, _)| !is_off(day)).map(|(_, word)| *word).collect()
}

/// Calendars of working days: buckets with a value and without dates are the week, those without a value and with dates are
/// days off. Calendars that nobody works by (of costs, of sizes) do no harm.
fn calendars(export: &Export, draft: &mut SnapshotDraft) {
    let mut weeks: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    let is_on = |row: &Object| text(row, "value").parse::<f64>().is_ok_and(|value| value != 0.0);
    for (place, row) in export.rows("calendarbucket") {
        let calendar = text(row, "calendar");
        let start = made("date(startdate)", (place, row), draft).parse::<Date>().ok();
        let end = made("date(enddate)", (place, row), draft).parse::<Date>().ok();
        match (is_on(row), start, end) {
            (true, _, end) if end.is_none_or(|end| draft.as_of < end) => {
                let on = days(row);
                let all = WEEK.iter().enumerate().filter(|(_, (_, word))| on.contains(word));
                weeks.entry(calendar).or_default().extend(all.map(|(at, _)| at));
            }
            (false, Some(start), Some(end)) => {
                days_off(&calendar, (start, end), place, draft);
                continue;
            }
            // A value of nothing all the time is what a calendar has by itself.
            _ => {}
        }
        draft.touch(place);
    }
    for (place, row) in export.rows("calendar") {
        let name = text(row, "name");
        let of_itself = text(row, "defaultvalue").parse::<f64>().is_ok_and(|value| value != 0.0);
        let all: BTreeSet<usize> = (0..WEEK.len()).collect();
        let week = match weeks.get(&name) {
            _ if of_itself => all,
            Some(week) => week.clone(),
            None => all,
        };
        let words: Vec<&str> = week.iter().map(|at| WEEK[*at].1).collect();
        draft.add("calendars", [(C::Calendar, &*name), (C::WorkingDays, &*words.join(" "))], place);
    }
}

/// Each day of a bucket that is off; a bucket ends before its end.
fn days_off(
    calendar: &str,
    (start, end): (Date, Date),
    place: &RowPlace,
    draft: &mut SnapshotDraft,
) {
    const DAYS_MAX: usize = 400;
    let days = std::iter::successors(Some(start), |day| day.checked_add(1.day()).ok());
    let days = days.take_while(|day| *day < end).take(DAYS_MAX);
    let days: Vec<Date> = days.filter(|day| draft.as_of <= *day).collect();
    for day in days {
        let day = day.to_string();
        let cells = [(C::Calendar, calendar), (C::Date, &*day), (C::Working, "false")];
        draft.add_once("calendar_exceptions", cells, (&[C::Calendar, C::Date], place));
    }
    draft.touch(place);
}

/// The item and the location of a buffer; in older releases its name says both.
fn buffer(row: &Object) -> (String, String) {
    let (item, location) = (text(row, "item"), text(row, "location"));
    if !item.is_empty() && !location.is_empty() {
        return (item, location);
    }
    let name = text(row, "name");
    let (item, location) = name.split_once(" @ ").unwrap_or((&name, ""));
    (item.trim().to_string(), location.trim().to_string())
}

fn buffers(export: &Export, draft: &mut SnapshotDraft) {
    let is_some = |number: &str| number.parse::<f64>().is_ok_and(|number| number != 0.0);
    for (place, row) in export.rows("buffer") {
        let (item, location) = buffer(row);
        let (on_hand, minimum) = (text(row, "onhand"), text(row, "minimum"));
        draft.touch(place);
        if is_some(&on_hand) {
            let cells = [(C::Item, &*item), (C::Location, &*location), (C::Quantity, &*on_hand)];
            draft.add("on_hand", cells, place);
        }
        if is_some(&minimum) {
            let (demand, date) = (format!("SAFETY/{item}@{location}"), draft.as_of.to_string());
            let cells = [
                (C::Demand, &*demand),
                (C::Type, "safety_stock"),
                (C::Item, &*item),
                (C::Location, &*location),
                (C::Date, &*date),
                (C::Quantity, &*minimum),
            ];
            draft.add("demands", cells, place);
        }
    }
}

fn demands(export: &Export, draft: &mut SnapshotDraft) {
    for (place, row) in export.rows("demand") {
        let status = text(row, "status").to_ascii_lowercase();
        if !matches!(&*status, "" | "open") {
            draft.leave_out(place, ("status", &status), "only open demands are taken");
            continue;
        }
        let name = text(row, "name");
        let demand = if name.contains('/') { name } else { format!("{name}/1") };
        let (item, location, customer) =
            (text(row, "item"), text(row, "location"), text(row, "customer"));
        let (quantity, priority) = (text(row, "quantity"), text(row, "priority"));
        let due = made("date(due)", (place, row), draft);
        let cells = [
            (C::Demand, &*demand),
            (C::Type, "sales_order"),
            (C::Item, &*item),
            (C::Location, &*location),
            (C::Date, &*due),
            (C::RequestedDate, &*due),
            (C::Quantity, &*quantity),
            (C::Customer, &*customer),
            (C::Priority, &*priority),
        ];
        draft.add("demands", cells, place);
    }
}

fn buying(export: &Export, draft: &mut SnapshotDraft) {
    for (place, row) in export.rows("itemsupplier") {
        if !is_chosen(place, row, draft) {
            continue;
        }
        let (item, supplier, location) =
            (text(row, "item"), text(row, "supplier"), text(row, "location"));
        let days = made("days(leadtime)", (place, row), draft);
        let days = if days.is_empty() { "0".to_string() } else { days };
        let (least, lot) = (text(row, "sizeminimum"), text(row, "sizemultiple"));
        let (cost, priority) = (text(row, "cost"), text(row, "priority"));
        let cells = [
            (C::Item, &*item),
            (C::Supplier, &*supplier),
            (C::Location, &*location),
            (C::LeadTimeDays, &*days),
            (C::MinimumQuantity, &*least),
            (C::LotMultiple, &*lot),
            (C::UnitCost, &*cost),
            (C::Priority, &*priority),
        ];
        draft.add("item_suppliers", cells, place);
    }
}

/// A transfer is a lane, and a row of the rule by which the item is replenished where it goes; all other ways to replenish it
/// there are rows of that rule too.
fn moving(export: &Export, draft: &mut SnapshotDraft) {
    let mut pairs: BTreeMap<(String, String), RowPlace> = BTreeMap::new();
    for (place, row) in export.rows("itemdistribution") {
        if !is_chosen(place, row, draft) {
            continue;
        }
        let (item, location, origin) =
            (text(row, "item"), text(row, "location"), text(row, "origin"));
        let days = made("days(leadtime)", (place, row), draft);
        let days = if days.is_empty() { "0".to_string() } else { days };
        let cells = [(C::Origin, &*origin), (C::Destination, &*location), (C::TransitDays, &*days)];
        draft.add_once("shipping_lanes", cells, (&[C::Origin, C::Destination], place));
        let (rule, priority) = (format!("{item}@{location}"), text(row, "priority"));
        let cells = [
            (C::Rule, &*rule),
            (C::SourceType, "transfer"),
            (C::Source, &*origin),
            (C::Rank, &*priority),
        ];
        draft.add("sourcing_rules", cells, place);
        pairs.entry((item, location)).or_insert_with(|| place.clone());
    }
    for ((item, location), place) in pairs {
        let rule = format!("{item}@{location}");
        let here = |row: &Object| {
            let at = text(row, "location");
            let is_chosen = text(row, "priority").parse::<f64>() != Ok(0.0);
            is_chosen && text(row, "item") == item && (at.is_empty() || at == location)
        };
        let ways = [("itemsupplier", "buy"), ("operation", "make")];
        for (table, way) in ways {
            let found = export.rows(table).iter().find(|(_, row)| here(row));
            if let Some((of_way, row)) = found {
                let priority = text(row, "priority");
                let cells = [(C::Rule, &*rule), (C::SourceType, way), (C::Rank, &*priority)];
                draft.add("sourcing_rules", cells, of_way);
            }
        }
        let cells = [(C::Rule, &*rule), (C::Item, &*item), (C::Location, &*location)];
        draft.add("sourcing_assignments", cells, &place);
    }
}

fn purchases(export: &Export, draft: &mut SnapshotDraft) {
    for (place, row) in export.rows("purchaseorder") {
        if !is_firm(place, row, draft) {
            continue;
        }
        let (supply, item, location) =
            (text(row, "reference"), text(row, "item"), text(row, "location"));
        let (supplier, quantity) = (text(row, "supplier"), text(row, "quantity"));
        let date = made("date(enddate)", (place, row), draft);
        let cells = [
            (C::Supply, &*supply),
            (C::Type, "purchase_order"),
            (C::Item, &*item),
            (C::Location, &*location),
            (C::Date, &*date),
            (C::Quantity, &*quantity),
            (C::Supplier, &*supplier),
        ];
        draft.add("supplies", cells, place);
    }
}

/// A transfer under way comes to its destination; one that has not left yet is wanted where it leaves.
fn transfers(export: &Export, draft: &mut SnapshotDraft) {
    for (place, row) in export.rows("distributionorder") {
        if !is_firm(place, row, draft) {
            continue;
        }
        let (supply, item, quantity) =
            (text(row, "reference"), text(row, "item"), text(row, "quantity"));
        let (origin, destination) = (text(row, "origin"), text(row, "destination"));
        let (leaves, comes) = (
            made("date(startdate)", (place, row), draft),
            made("date(enddate)", (place, row), draft),
        );
        let cells = [
            (C::Supply, &*supply),
            (C::Type, "transfer_order"),
            (C::Item, &*item),
            (C::Location, &*destination),
            (C::Date, &*comes),
            (C::Quantity, &*quantity),
        ];
        draft.add("supplies", cells, place);
        let is_to_leave = leaves.parse::<Date>().is_ok_and(|date| draft.as_of <= date);
        if is_to_leave && !origin.is_empty() {
            let demand = format!("{supply}/1");
            let cells = [
                (C::Demand, &*demand),
                (C::Type, "transfer_order"),
                (C::Item, &*item),
                (C::Location, &*origin),
                (C::Date, &*leaves),
                (C::Quantity, &*quantity),
            ];
            draft.add("demands", cells, place);
        }
    }
}
