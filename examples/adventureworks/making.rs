//! Work definitions from bills of material and routings, work centres, and open work orders.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{ToSpan, civil::Date};

use crate::{
    AS_OF, Fallible, cells, decimal,
    items::Items,
    output::{Cells, Output},
    plant::{PLANT, SHOP},
    raw::{Raw, Row, Table, find},
};

/// Components of an assembly, valid on the day of the snapshot or later.
type Assemblies<'a> = BTreeMap<u32, Vec<Row<'a>>>;

/// Hours by product, then by operation sequence and work centre.
type Routings = BTreeMap<u32, BTreeMap<(u32, u32), i64>>;

/// Operations are numbered in tens, as planners do; this is also the contract's default.
const OPERATION_STEP: u32 = 10;

/// A hundredth of an hour in millionths: load is shared out in whole ones.
const HUNDREDTH: i64 = decimal::ONE / 100;

/// Writes the tables of making; returns the open work orders as rows of `supplies`.
pub(crate) fn write(raw: &Raw, items: &Items, out: &mut Output) -> Fallible<Vec<Cells>> {
    let materials = raw.table("BillOfMaterials")?;
    let assemblies = read_assemblies(&materials, items)?;
    check_acyclic(&assemblies, items)?;
    let steps = raw.table("WorkOrderRouting")?;
    let routings = read_routings(&steps)?;
    write_work_definitions(&assemblies, items, out)?;
    write_components(&assemblies, &routings, items, out)?;
    let centres = raw.table("Location")?;
    let centres = centres.by_key("LocationID")?;
    write_operations(&assemblies, &routings, (items, &centres), out)?;
    write_resources(&centres, out)?;
    let orders = raw.table("WorkOrder")?;
    let (open, supplies) = open_work_orders(&orders, items)?;
    write_load(&steps, &open, &centres, out)?;
    Ok(supplies)
}

/// The raw table also lists products that belong to no assembly, and lines that have ended.
fn read_assemblies<'a>(materials: &'a Table, items: &Items) -> Fallible<Assemblies<'a>> {
    let mut assemblies = Assemblies::new();
    for row in materials.rows() {
        let has_ended = row.optional_date("EndDate")?.is_some_and(|end| end < AS_OF);
        let Some(assembly) = row.optional_id("ProductAssemblyID")? else { continue };
        if !has_ended && items.get(assembly)?.is_made {
            assemblies.entry(assembly).or_default().push(row);
        }
    }
    Ok(assemblies)
}

/// An item that needs itself could never be made, so such data is refused.
fn check_acyclic(assemblies: &Assemblies<'_>, items: &Items) -> Fallible<()> {
    let mut done = BTreeSet::new();
    for assembly in assemblies.keys() {
        visit(*assembly, assemblies, &mut Vec::new(), &mut done).map_err(|path| {
            let names = path.iter().map(|id| items.get(*id).map(|item| item.number.as_str()));
            let names: Vec<&str> = names.map(|name| name.unwrap_or("?")).collect();
            format!("BillOfMaterials goes round in a circle: {}", names.join(" -> "))
        })?;
    }
    Ok(())
}

/// Goes down the bill of material; fails with the path to an assembly met again.
fn visit(
    assembly: u32,
    assemblies: &Assemblies<'_>,
    path: &mut Vec<u32>,
    done: &mut BTreeSet<u32>,
) -> Result<(), Vec<u32>> {
    let is_circle = path.contains(&assembly);
    path.push(assembly);
    if is_circle {
        return Err(path.clone());
    }
    if done.insert(assembly) {
        for row in assemblies.get(&assembly).into_iter().flatten() {
            // A component that cannot be read is reported where it is written.
            let component = row.id("ComponentID").unwrap_or_default();
            visit(component, assemblies, path, done)?;
        }
    }
    path.pop();
    Ok(())
}

/// The hours of an operation are the same on every work order, whatever its quantity.
fn read_routings(steps: &Table) -> Fallible<Routings> {
    let mut routings = Routings::new();
    for row in steps.rows() {
        let (product, hours) = (row.id("ProductID")?, row.number("ActualResourceHrs")?);
        let step = (row.id("OperationSequence")?, row.id("LocationID")?);
        let known = routings.entry(product).or_default().insert(step, hours);
        if known.is_some_and(|known| known != hours) {
            return Err(format!("product {product}, operation {step:?}: hours differ").into());
        }
    }
    Ok(routings)
}

fn work_definition(items: &Items, assembly: u32) -> Fallible<String> {
    Ok(format!("WD-{}", items.get(assembly)?.number))
}

fn write_work_definitions(
    assemblies: &Assemblies<'_>,
    items: &Items,
    out: &mut Output,
) -> Fallible<()> {
    let mut rows = Vec::new();
    for assembly in assemblies.keys() {
        let item = items.get(*assembly)?;
        let name = work_definition(items, *assembly)?;
        rows.push(cells![name, item.number, PLANT, 1, item.days_to_manufacture]);
    }
    let columns = ["work_definition", "item", "location", "priority", "fixed_days"];
    out.table("work_definitions", &columns, rows)
}

/// The raw data does not say at which operation a component goes in: it is the first.
fn write_components(
    assemblies: &Assemblies<'_>,
    routings: &Routings,
    items: &Items,
    out: &mut Output,
) -> Fallible<()> {
    let mut rows = Vec::new();
    for (assembly, components) in assemblies {
        let name = work_definition(items, *assembly)?;
        let first = routings.get(assembly).and_then(|steps| steps.keys().next());
        let operation = OPERATION_STEP * first.map_or(1, |(sequence, _)| *sequence);
        for row in components {
            let component = &items.get(row.id("ComponentID")?)?.number;
            let quantity = decimal::format(row.number("PerAssemblyQty")?);
            let (from, to) = (row.text("StartDate")?, row.text("EndDate")?);
            rows.push(cells![name, component, operation, quantity, "unit", from, to]);
        }
    }
    let columns = [
        "work_definition",
        "component",
        "operation",
        "quantity",
        "basis",
        "effective_from",
        "effective_to",
    ];
    out.table("work_definition_components", &columns, rows)
}

fn write_operations(
    assemblies: &Assemblies<'_>,
    routings: &Routings,
    (items, centres): (&Items, &BTreeMap<u32, Row<'_>>),
    out: &mut Output,
) -> Fallible<()> {
    let mut rows = Vec::new();
    for (product, steps) in routings.iter().filter(|(id, _)| assemblies.contains_key(id)) {
        let name = work_definition(items, *product)?;
        for ((sequence, centre), hours) in steps {
            let resource = find(centres, *centre, "Location")?.text("Name")?;
            let operation = OPERATION_STEP * sequence;
            rows.push(cells![name, operation, resource, decimal::format(*hours), "lot"]);
        }
    }
    let columns = ["work_definition", "operation", "resource", "hours", "basis"];
    out.table("work_definition_operations", &columns, rows)
}

/// Work centres are the raw locations that have hours; the others are stores.
fn write_resources(centres: &BTreeMap<u32, Row<'_>>, out: &mut Output) -> Fallible<()> {
    let mut rows = Vec::new();
    for centre in centres.values() {
        let hours = centre.number("Availability")?;
        if hours > 0 {
            let (hours, cost) = (decimal::format(hours), centre.number("CostRate")?);
            rows.push(cells![centre.text("Name")?, PLANT, SHOP, hours, decimal::format(cost)]);
        }
    }
    let columns = ["resource", "location", "calendar", "hours_per_day", "cost_per_hour"];
    out.table("resources", &columns, rows)
}

/// Work orders started before the day of the snapshot that end on it or later.
///
/// Their supply is dated by the due date, which is what was known then; the end date is hindsight.
fn open_work_orders(orders: &Table, items: &Items) -> Fallible<(BTreeSet<u32>, Vec<Cells>)> {
    let (mut open, mut supplies) = (BTreeSet::new(), Vec::new());
    for row in orders.rows() {
        let has_ended = row.optional_date("EndDate")?.is_some_and(|end| end < AS_OF);
        if row.date("StartDate")? >= AS_OF || has_ended {
            continue;
        }
        let id = row.id("WorkOrderID")?;
        let (item, due) = (&items.get(row.id("ProductID")?)?.number, row.date("DueDate")?);
        let quantity = decimal::format(row.number("OrderQty")?);
        let supply = format!("WO-{id}");
        supplies.push(cells![supply, "work_order", item, PLANT, due, quantity, "", "", true]);
        open.insert(id);
    }
    Ok((open, supplies))
}

/// Hours that open work orders still take: evenly over the scheduled days, from the snapshot's on.
fn write_load(
    steps: &Table,
    open: &BTreeSet<u32>,
    centres: &BTreeMap<u32, Row<'_>>,
    out: &mut Output,
) -> Fallible<()> {
    let mut load: BTreeMap<(u32, Date), i64> = BTreeMap::new();
    for row in steps.rows() {
        if !open.contains(&row.id("WorkOrderID")?) {
            continue;
        }
        let (start, end) = (row.date("ScheduledStartDate")?, row.date("ScheduledEndDate")?);
        let hundredths = row.number("ActualResourceHrs")? / HUNDREDTH;
        for (day, share) in share_out(hundredths, start, end)? {
            if day >= AS_OF && share > 0 {
                *load.entry((row.id("LocationID")?, day)).or_default() += share;
            }
        }
    }
    let mut rows = Vec::new();
    for ((centre, day), hundredths) in load {
        let resource = find(centres, centre, "Location")?.text("Name")?;
        rows.push(cells![resource, day, decimal::format(hundredths * HUNDREDTH)]);
    }
    out.table("resource_load", &["resource", "date", "hours"], rows)
}

/// Divides a whole number over the days from `start` to `end`; the first days take the remainder.
fn share_out(whole: i64, start: Date, end: Date) -> Fallible<Vec<(Date, i64)>> {
    let days: Vec<Date> = start.series(1.day()).take_while(|day| *day <= end).collect();
    let count = i64::try_from(days.len())?;
    if count == 0 {
        return Err(format!("an operation is scheduled from {start} to {end}").into());
    }
    let share = |(at, day)| (day, whole / count + i64::from(at < whole % count));
    Ok((0..).zip(days).map(share).collect())
}
