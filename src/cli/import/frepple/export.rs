//! An export of frePPLe: its tables by their names, and those that have no equal here.

use super::super::{
    draft::RowPlace,
    tables::{ForeignTable, Object},
};
use std::collections::BTreeMap;

/// Tables that have no equal, and why.
pub(super) const WITHOUT: [(&str, &str); 6] = [
    ("resourceskill", "skills have no equal"),
    ("skill", "skills have no equal"),
    ("setupmatrix", "set-up matrices have no equal"),
    ("setuprule", "set-up matrices have no equal"),
    ("operationdependency", "dependencies between operations have no equal"),
    ("forecast", "forecasts are demands of type forecast: add them to the table of demands"),
];

/// The rows of all tables, by the table's name.
pub(super) struct Export(pub(super) BTreeMap<String, Vec<(RowPlace, Object)>>);

impl Export {
    pub(super) fn of(tables: &[ForeignTable]) -> Self {
        let mut export: BTreeMap<String, Vec<(RowPlace, Object)>> = BTreeMap::new();
        for table in tables {
            // Sheets and files are named in the plural too.
            let name = singular(&table.name);
            export.entry(name).or_default().extend(table.rows.iter().cloned());
        }
        Self(export)
    }

    /// The rows of a table; none where it is not there.
    pub(super) fn rows(&self, table: &str) -> &[(RowPlace, Object)] {
        self.0.get(table).map_or(&[], Vec::as_slice)
    }
}

pub(super) const TABLES: [&str; 18] = [
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
