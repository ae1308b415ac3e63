//! Operations of frePPLe as work definitions: plain ones, routings, and the choices of an alternate.

use super::super::{
    draft::{RowPlace, SnapshotDraft},
    tables::{Object, text},
};
use super::{
    cells::{is_chosen, is_firm, made},
    export::Export,
};
use crate::snapshot::schema::Column as C;
use std::collections::{BTreeMap, BTreeSet};

/// An operation and where it stands.
type Operation<'e> = (&'e RowPlace, &'e Object);

/// Operations by name, and of each the parts that it has, in their order.
struct Works<'e> {
    by_name: BTreeMap<String, Operation<'e>>,
    parts: BTreeMap<String, Vec<(i64, String, Operation<'e>)>>,
}

/// A step of a work definition: the number of the operation, and the operation of theirs.
struct Step {
    number: i64,
    name: String,
}

/// Hours of a day that a resource works, unless its calendar says otherwise.
const HOURS_A_DAY: f64 = 24.0;

pub(super) fn apply(export: &Export, draft: &mut SnapshotDraft) {
    resources(export, draft);
    let mut works = Works { by_name: BTreeMap::new(), parts: BTreeMap::new() };
    for (place, row) in export.rows("operation") {
        works.by_name.insert(text(row, "name"), (place, row));
    }
    for (place, row) in export.rows("suboperation") {
        let priority = text(row, "priority").parse::<f64>().unwrap_or(0.0);
        #[expect(clippy::cast_possible_truncation, reason = "steps are numbered by hand")]
        let part = (priority as i64, text(row, "suboperation"), (place, row));
        works.parts.entry(text(row, "operation")).or_default().push(part);
    }
    works.parts.values_mut().for_each(|parts| parts.sort_by_key(|part| part.0));
    let mut is_part: BTreeSet<String> = BTreeSet::new();
    is_part.extend(works.parts.values().flatten().map(|part| part.1.clone()));
    // Newer releases say it in the part.
    for (place, row) in export.rows("operation") {
        let owner = text(row, "owner");
        if !owner.is_empty() {
            let name = text(row, "name");
            let priority = text(row, "priority").parse::<i64>().unwrap_or(1);
            is_part.insert(name.clone());
            works.parts.entry(owner).or_default().push((priority, name, (place, row)));
        }
    }
    let names: Vec<String> =
        works.by_name.keys().filter(|name| !is_part.contains(*name)).cloned().collect();
    for name in names {
        work(export, &works, (&name, None), draft);
    }
    orders(export, &works, draft);
}

/// Makes work definitions of an operation. The choice of an alternate makes the item of that.
fn work(
    export: &Export,
    works: &Works<'_>,
    (name, of): (&str, Option<Operation<'_>>),
    draft: &mut SnapshotDraft,
) {
    let Some(&(place, row)) = works.by_name.get(name) else { return };
    let kind = text(row, "type").to_ascii_lowercase();
    let none = Vec::new();
    let parts = works.parts.get(name).unwrap_or(&none);
    match &*kind {
        "alternate" | "split" => {
            draft.touch(place);
            if kind == "split" {
                draft.leave_out(
                    place,
                    ("type", &kind),
                    "a split by percentages has no equal: its parts are alternates",
                );
            }
            for (_, part, (of_part, row)) in parts {
                if is_chosen(of_part, row, draft) {
                    draft.touch(of_part);
                    work(export, works, (part, Some((place, works.by_name[name].1))), draft);
                }
            }
        }
        "routing" => {
            parts.iter().for_each(|(_, _, (of_part, _))| draft.touch(of_part));
            let steps = parts.iter().zip(1..);
            let steps: Vec<Step> = steps
                .map(|((_, part, _), nth)| Step { number: 10 * nth, name: part.clone() })
                .collect();
            define(export, works, ((place, row), of), &steps, draft);
        }
        _ => {
            let step = Step { number: 10, name: name.to_string() };
            define(export, works, ((place, row), of), &[step], draft);
        }
    }
}

/// The rows of a work definition.
fn define(
    export: &Export,
    works: &Works<'_>,
    ((place, row), of): (Operation<'_>, Option<Operation<'_>>),
    steps: &[Step],
    draft: &mut SnapshotDraft,
) {
    if of.is_none() && !is_chosen(place, row, draft) {
        return;
    }
    let name = text(row, "name");
    let item = item_of(export, &name, row, of.map(|(_, row)| row));
    let location = [Some(row), of.map(|(_, row)| row)].into_iter().flatten();
    let location = location.map(|row| text(row, "location")).find(|text| !text.is_empty());
    let mut days = 0;
    for step in steps {
        let Some(&found) = works.by_name.get(&step.name) else {
            draft.leave_out(place, ("suboperation", &step.name), "an operation that is there");
            continue;
        };
        days += self::step(export, (&name, step), found, draft);
    }
    let (least, lot, most) =
        (text(row, "sizeminimum"), text(row, "sizemultiple"), text(row, "sizemaximum"));
    let (cost, priority) = (text(row, "cost"), text(row, "priority"));
    let days = days.to_string();
    let cells = [
        (C::WorkDefinition, &*name),
        (C::Item, &*item),
        (C::Location, location.as_deref().unwrap_or("")),
        (C::Priority, &*priority),
        (C::FixedDays, &*days),
        (C::MinimumQuantity, &*least),
        (C::LotMultiple, &*lot),
        (C::MaximumQuantity, &*most),
        (C::UnitCost, &*cost),
    ];
    draft.add("work_definitions", cells, place);
}

/// What an operation makes: its item, that of what it is a choice of, or what its materials say.
fn item_of(export: &Export, name: &str, row: &Object, of: Option<&Object>) -> String {
    let said = [Some(row), of].into_iter().flatten().map(|row| text(row, "item"));
    let said = said.into_iter().find(|item| !item.is_empty());
    said.or_else(|| {
        let mut materials = export.rows("operationmaterial").iter();
        let made = materials.find(|(_, row)| {
            text(row, "operation") == name
                && text(row, "quantity").parse::<f64>().is_ok_and(|number| 0.0 < number)
        });
        made.map(|(_, row)| text(row, "item"))
    })
    .unwrap_or_default()
}

/// The components and hours of a step; gives its fixed days, where it takes no hours.
fn step(
    export: &Export,
    (work, step): (&str, &Step),
    (place, row): Operation<'_>,
    draft: &mut SnapshotDraft,
) -> u64 {
    draft.touch(place);
    let number = step.number.to_string();
    for (place, row) in export.rows("operationmaterial") {
        if text(row, "operation") != step.name {
            continue;
        }
        let quantity = text(row, "quantity");
        draft.touch(place);
        if !quantity.starts_with('-') {
            // What is made.
            continue;
        }
        let (item, kind) = (text(row, "item"), text(row, "type").to_ascii_lowercase());
        let basis = if kind.starts_with("fixed") { "lot" } else { "unit" };
        let cells = [
            (C::WorkDefinition, work),
            (C::Component, &*item),
            (C::Operation, &*number),
            (C::Quantity, &quantity[1..]),
            (C::Basis, basis),
        ];
        draft.add("work_definition_components", cells, place);
    }
    let is_per_unit = text(row, "type").eq_ignore_ascii_case("time_per");
    let term = if is_per_unit { "hours(durationper)" } else { "hours(duration)" };
    let hours = made(term, (place, row), draft).parse::<f64>().unwrap_or(0.0);
    let mut loads = 0;
    for (place, row) in export.rows("operationresource") {
        if text(row, "operation") != step.name {
            continue;
        }
        let quantity = text(row, "quantity").parse::<f64>().unwrap_or(1.0);
        let resource = text(row, "resource");
        let taken = rounded(hours * quantity.abs());
        let basis = if is_per_unit { "unit" } else { "lot" };
        let cells = [
            (C::WorkDefinition, work),
            (C::Operation, &*number),
            (C::Resource, &*resource),
            (C::Hours, &*taken),
            (C::Basis, basis),
        ];
        draft.add("work_definition_operations", cells, place);
        loads += 1;
    }
    let of_itself = if is_per_unit || loads == 0 {
        made("days(duration)", (place, row), draft)
    } else {
        String::new()
    };
    of_itself.parse().unwrap_or(0)
}

/// A number of six decimals at most.
fn rounded(number: f64) -> String {
    let text = format!("{number:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// Resources work as long a day as the buckets of their calendar are open, times how many of them there are.
fn resources(export: &Export, draft: &mut SnapshotDraft) {
    for (place, row) in export.rows("resource") {
        let (name, location) = (text(row, "name"), text(row, "location"));
        let calendar = text(row, "available");
        let many = text(row, "maximum").parse::<f64>().unwrap_or(1.0);
        let hours = rounded(many * open_hours(export, &calendar, draft));
        let cost = text(row, "cost");
        let cells = [
            (C::Resource, &*name),
            (C::Location, &*location),
            (C::Calendar, &*calendar),
            (C::HoursPerDay, &*hours),
            (C::CostPerHour, &*cost),
        ];
        draft.add("resources", cells, place);
    }
}

/// The longest day of a calendar.
fn open_hours(export: &Export, calendar: &str, draft: &mut SnapshotDraft) -> f64 {
    let mut longest: f64 = 0.0;
    for (place, row) in export.rows("calendarbucket") {
        let is_open = text(row, "value").parse::<f64>().is_ok_and(|value| value != 0.0);
        if text(row, "calendar") != calendar || !is_open {
            continue;
        }
        let starts = made("hours(starttime)", (place, row), draft).parse::<f64>().unwrap_or(0.0);
        let ends =
            made("hours(endtime)", (place, row), draft).parse::<f64>().unwrap_or(HOURS_A_DAY);
        // 23:59:59 is the end of the day.
        let ends = if HOURS_A_DAY - 0.01 < ends { HOURS_A_DAY } else { ends };
        longest = longest.max(ends - starts);
    }
    if longest == 0.0 { HOURS_A_DAY } else { longest }
}

/// Work orders: what they make is told by their operation.
fn orders(export: &Export, works: &Works<'_>, draft: &mut SnapshotDraft) {
    for (place, row) in export.rows("manufacturingorder") {
        if !is_firm(place, row, draft) {
            continue;
        }
        let operation = text(row, "operation");
        let of = works.by_name.get(&operation).map(|(_, row)| *row);
        let item = match text(row, "item") {
            item if item.is_empty() => {
                of.map(|row| item_of(export, &operation, row, None)).unwrap_or_default()
            }
            item => item,
        };
        let location = match text(row, "location") {
            location if location.is_empty() => {
                of.map(|row| text(row, "location")).unwrap_or_default()
            }
            location => location,
        };
        let (supply, quantity) = (text(row, "reference"), text(row, "quantity"));
        let date = made("date(enddate)", (place, row), draft);
        let cells = [
            (C::Supply, &*supply),
            (C::Type, "work_order"),
            (C::Item, &*item),
            (C::Location, &*location),
            (C::Date, &*date),
            (C::Quantity, &*quantity),
        ];
        draft.add("supplies", cells, place);
    }
}
