//! frePPLe: its data model as CSV files, a workbook or JSON.
//!
//! Most tables are rows of ours under other names. Operations are not: a plain one is a work definition; a routing is one too,
//! its steps the operations of it; the choices of an alternate are work definitions of the same item.

mod making;
mod plain;

use super::super::feed::term::Term;
use super::{
    draft::{Draft, RowPlace},
    tables::{ForeignTable, Object, text},
};
use std::collections::BTreeMap;

/// Tables that have no equal, and why.
const WITHOUT: [(&str, &str); 6] = [
    ("resourceskill", "skills have no equal"),
    ("skill", "skills have no equal"),
    ("setupmatrix", "set-up matrices have no equal"),
    ("setuprule", "set-up matrices have no equal"),
    ("operationdependency", "dependencies between operations have no equal"),
    ("forecast", "forecasts are demands of type forecast: add them to the table of demands"),
];

/// The rows of all tables, by the table's name.
pub(super) struct Export(BTreeMap<String, Vec<(RowPlace, Object)>>);

impl Export {
    fn of(tables: &[ForeignTable]) -> Self {
        let mut export: BTreeMap<String, Vec<(RowPlace, Object)>> = BTreeMap::new();
        for table in tables {
            // Sheets and files are named in the plural too.
            let name = singular(&table.name);
            export.entry(name).or_default().extend(table.rows.iter().cloned());
        }
        Self(export)
    }

    /// The rows of a table; none where it is not there.
    fn rows(&self, table: &str) -> &[(RowPlace, Object)] {
        self.0.get(table).map_or(&[], Vec::as_slice)
    }
}

const TABLES: [&str; 18] = [
    "item",
    "location",
    "customer",
    "supplier",
    "calendar",
    "calendarbucket",
    "buffer",
    "demand",
    "itemsupplier",
    "itemdistribution",
    "operation",
    "suboperation",
    "operationmaterial",
    "operationresource",
    "resource",
    "purchaseorder",
    "manufacturingorder",
    "distributionorder",
];

fn singular(name: &str) -> String {
    let is_known =
        |name: &str| TABLES.contains(&name) || WITHOUT.iter().any(|(table, _)| *table == name);
    let single = match name.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => name.strip_suffix('s').unwrap_or(name).to_string(),
    };
    match name {
        "salesorder" | "salesorders" => "demand".to_string(),
        "deliveryorder" | "deliveryorders" => "distributionorder".to_string(),
        _ if is_known(&single) => single,
        name => name.to_string(),
    }
}

/// Puts an export into a draft.
pub(super) fn apply(tables: &[ForeignTable], draft: &mut Draft) {
    let export = Export::of(tables);
    for (name, rows) in &export.0 {
        let Some((first, _)) = rows.first() else { continue };
        draft.read(&first.table, rows.len() as u64);
        let without = WITHOUT.iter().find(|(table, _)| table == name).map(|(_, why)| *why);
        let unknown = (!TABLES.contains(&name.as_str())).then_some("no table of this import");
        if let Some(why) = without.or(unknown) {
            rows.iter().for_each(|(place, _)| draft.leave_out(place, ("", ""), why));
        }
    }
    plain::apply(&export, draft);
    making::apply(&export, draft);
}

/// A function of a field, `days(leadtime)`; empty where the field is. What it cannot be of is told, and empty too.
fn made(term: &str, (place, row): (&RowPlace, &Object), draft: &mut Draft) -> String {
    let term = Term::of_text(term).expect("a term of ours");
    let field = term.fields().first().map(ToString::to_string).unwrap_or_default();
    let mut full = row.clone();
    full.entry(field.clone()).or_insert(serde_json::Value::Null);
    match term.of(&full) {
        Ok(text) => text.unwrap_or_default(),
        Err(fault) => {
            draft.leave_out(place, (&field, &text(row, &field)), fault);
            String::new()
        }
    }
}

/// Whether a source may be chosen by itself: one of priority 0 may not.
fn is_chosen(place: &RowPlace, row: &Object, draft: &mut Draft) -> bool {
    let priority = text(row, "priority");
    let is_zero = priority.parse::<f64>().is_ok_and(|number| number == 0.0);
    if is_zero {
        draft.leave_out(place, ("priority", &priority), "priority 0: never chosen by itself");
    }
    !is_zero
}
