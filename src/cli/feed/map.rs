//! A map file: what rows of a table elsewhere mean as changes here.
//!
//! ```toml
//! [public.purchase_order_line]
//! create = "supply_added"
//! update = { date_planned = "supply_moved", product_qty = "supply_cut" }
//! delete = "supply_cancelled"
//! columns = { supply = "PO-{order_id}-{id}", item = "product.default_code", date = "date(date_planned)" }
//! where = "state in draft,sent,purchase"
//! ```

use super::{
    ndjson,
    term::{CellTerm, Where, field_of},
};
use crate::change::{Change, ChangeKind, SCHEMA};
use serde_json::{Map as Object, Value};
use std::{collections::BTreeMap, path::Path};

/// What rows of some tables mean.
#[derive(Debug, Default)]
pub(super) struct Map(BTreeMap<String, TableMap>);

/// What rows of a table mean.
#[derive(Debug)]
pub(super) struct TableMap {
    create: Option<ChangeKind>,
    update: Update,
    delete: Option<ChangeKind>,
    columns: Vec<(&'static str, CellTerm)>,
    wheres: Vec<Where>,
    /// Whether rows that were there when the stream began are changes.
    reads: bool,
}

/// What an update means.
#[derive(Debug)]
enum Update {
    Nothing,
    /// Whatever has changed.
    Any(ChangeKind),
    /// By the field that has changed.
    Fields(Vec<(String, ChangeKind)>),
}

/// What has happened to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowFate {
    Read,
    Created,
    Updated,
    Deleted,
}

impl Map {
    /// Reads a map file.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        Self::parse(&text)
    }

    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let tables: toml::Table = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut map = Self::default();
        map.take("", &tables)?;
        Ok(map)
    }

    /// Takes tables under a name: `[public.orders]` is a table in a table.
    fn take(&mut self, above: &str, tables: &toml::Table) -> Result<(), String> {
        for (name, value) in tables {
            let name = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
            let Some(table) = value.as_table() else {
                return Err(format!("{name} is no table; [schema.table] is expected"));
            };
            if table.contains_key("columns") {
                let read = TableMap::read(table).map_err(|fault| format!("[{name}] {fault}"))?;
                self.0.insert(name, read);
            } else {
                self.take(&name, table)?;
            }
        }
        Ok(())
    }

    /// The table of this name, with its schema or without.
    pub(super) fn table(&self, schema: &str, name: &str) -> Option<&TableMap> {
        self.0.get(&format!("{schema}.{name}")).or_else(|| self.0.get(name))
    }
}

impl TableMap {
    fn read(table: &toml::Table) -> Result<Self, String> {
        const KNOWN: [&str; 7] = ["key", "create", "update", "delete", "columns", "where", "read"];
        if let Some(unknown) = table.keys().find(|key| !KNOWN.contains(&key.as_str())) {
            return Err(format!("{unknown}: one of {} is expected", KNOWN.join(", ")));
        }
        let text = |key: &str| table.get(key).and_then(toml::Value::as_str);
        let kind = |key: &str| text(key).map(|word| self::kind(key, word)).transpose();
        let columns = table
            .get("columns")
            .and_then(toml::Value::as_table)
            .ok_or("columns: a table is expected")?;
        Ok(Self {
            create: kind("create")?,
            update: update(table.get("update"))?,
            delete: kind("delete")?,
            columns: columns.iter().map(column).collect::<Result<_, _>>()?,
            wheres: text("where").map(Where::all).transpose()?.unwrap_or_default(),
            reads: table.get("read").and_then(toml::Value::as_bool).unwrap_or(true),
        })
    }

    /// What it means that something has happened to a row.
    ///
    /// # Errors
    /// A field is missing, or holds what no cell can.
    pub(super) fn changes(
        &self,
        what: RowFate,
        before: Option<&Object<String, Value>>,
        after: Option<&Object<String, Value>>,
    ) -> Result<Vec<Change>, String> {
        let counts = |row: &Object<String, Value>| self.wheres.iter().all(|one| one.holds(row));
        let (was, is) = (before.is_none_or(counts), after.is_some_and(counts));
        match (what, after, before) {
            (RowFate::Read, ..) if !self.reads => Ok(Vec::new()),
            (RowFate::Read | RowFate::Created, Some(after), _) if is => {
                self.one(self.create, after)
            }
            (RowFate::Read | RowFate::Created, ..) => Ok(Vec::new()),
            (RowFate::Deleted, _, Some(before)) if was => self.one(self.delete, before),
            (RowFate::Deleted, ..) => Ok(Vec::new()),
            // A row that comes to count is a new one, and one that counts no more is gone.
            (RowFate::Updated, Some(after), Some(_)) if is && !was => self.one(self.create, after),
            (RowFate::Updated, Some(after), _) if was && !is => {
                self.one(self.delete, before.unwrap_or(after))
            }
            (RowFate::Updated, Some(after), _) if is => self.updated(before, after),
            (RowFate::Updated, ..) => Ok(Vec::new()),
        }
    }

    fn updated(
        &self,
        before: Option<&Object<String, Value>>,
        after: &Object<String, Value>,
    ) -> Result<Vec<Change>, String> {
        let fields = match &self.update {
            Update::Nothing => return Ok(Vec::new()),
            Update::Any(kind) => return self.one(Some(*kind), after),
            Update::Fields(fields) => fields,
        };
        let mut changes = Vec::new();
        for (field, kind) in fields {
            // Without the row as it was nobody knows what has changed: all of it counts.
            let is_other =
                before.is_none_or(|before| field_of(before, field) != field_of(after, field));
            if is_other {
                changes.extend(self.one(Some(*kind), after)?);
            }
        }
        changes.dedup();
        Ok(changes)
    }

    /// A change of a kind with the cells that this kind has.
    fn one(
        &self,
        kind: Option<ChangeKind>,
        row: &Object<String, Value>,
    ) -> Result<Vec<Change>, String> {
        let Some(kind) = kind else { return Ok(Vec::new()) };
        let mut cells = vec![("change", kind.word().to_string())];
        for (name, term) in &self.columns {
            let all = || kind.required().iter().chain(kind.optional());
            if all().any(|column| column.name() == *name)
                && let Some(text) = term.of(row).map_err(|fault| format!("{name}: {fault}"))?
            {
                cells.push((*name, text));
            }
        }
        Ok(vec![ndjson::of_cells(&cells)?])
    }
}

fn kind(key: &str, word: &str) -> Result<ChangeKind, String> {
    ChangeKind::of(word).ok_or_else(|| {
        format!("{key}: {word:?} is no kind of change; `promised simulate --help` lists them")
    })
}

fn update(value: Option<&toml::Value>) -> Result<Update, String> {
    match value {
        None => Ok(Update::Nothing),
        Some(toml::Value::String(word)) => Ok(Update::Any(kind("update", word)?)),
        Some(toml::Value::Table(fields)) => {
            let field = |(field, word): (&String, &toml::Value)| {
                let word =
                    word.as_str().ok_or("update: a kind of change is expected for each field")?;
                Ok((field.clone(), kind("update", word)?))
            };
            Ok(Update::Fields(fields.iter().map(field).collect::<Result<_, String>>()?))
        }
        Some(_) => Err("update: a kind of change is expected, or one for each field".to_string()),
    }
}

fn column((name, value): (&String, &toml::Value)) -> Result<(&'static str, CellTerm), String> {
    let column = SCHEMA.column(name).filter(|column| column.name() != "change");
    let column = column.ok_or_else(|| format!("columns: {name:?} is no column of a change"))?;
    let text = value.as_str().ok_or_else(|| format!("columns: {name}: a text is expected"))?;
    Ok((
        column.name(),
        CellTerm::of_text(text).map_err(|fault| format!("columns: {name}: {fault}"))?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: &str = r#"
        [public.purchase_order_line]
        key = "id"
        create = "supply_added"
        update = { date_planned = "supply_moved", product_qty = "supply_cut" }
        delete = "supply_cancelled"
        columns = { supply = "PO-{order_id}-{id}", type = "'purchase_order'", item = "product.default_code", location = "'HAM'", date = "date(date_planned)", quantity = "product_qty" }
        where = "state in draft,purchase"
    "#;

    fn row(text: &str) -> Option<Object<String, Value>> {
        (!text.is_empty()).then(|| serde_json::from_str(text).unwrap())
    }

    #[track_caller]
    fn check(what: RowFate, before: &str, after: &str, want: &str) {
        let map = Map::parse(MAP).unwrap();
        let table = map.table("public", "purchase_order_line").unwrap();
        let got = match table.changes(what, row(before).as_ref(), row(after).as_ref()) {
            Ok(changes) => changes.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
            Err(fault) => format!("fault: {fault}"),
        };
        assert_eq!(got, want);
    }

    const ONE: &str = r#"{"id": 7, "order_id": 3, "product": {"default_code": "PUMP"}, "date_planned": 20790, "product_qty": 5, "state": "draft"}"#;

    fn with(change: &str, to: &str) -> String {
        assert!(ONE.contains(change), "{change}");
        ONE.replace(change, to)
    }

    #[test]
    fn what_happens_to_a_row_is_a_change() {
        let added = "supply_added supply PO-3-7, type purchase_order, item PUMP, location HAM, date 2026-12-03, quantity 5";
        check(RowFate::Created, "", ONE, added);
        check(RowFate::Read, "", ONE, added);
        check(RowFate::Deleted, ONE, "", "supply_cancelled supply PO-3-7");
        check(RowFate::Updated, ONE, ONE, "");
        check(
            RowFate::Updated,
            ONE,
            &with("20790", "1796342400000"),
            "supply_moved supply PO-3-7, date 2026-12-04",
        );
        check(
            RowFate::Updated,
            ONE,
            &with(": 5", ": 4.5"),
            "supply_cut supply PO-3-7, quantity 4.5",
        );
        // Without the row as it was all that may have changed has.
        check(
            RowFate::Updated,
            "",
            ONE,
            "supply_moved supply PO-3-7, date 2026-12-03; supply_cut supply PO-3-7, quantity 5",
        );
    }

    #[test]
    fn rows_that_do_not_count_are_none() {
        let done = with("draft", "done");
        check(RowFate::Created, "", &done, "");
        check(RowFate::Deleted, &done, "", "");
        check(RowFate::Updated, &done, &done, "");
        check(RowFate::Updated, ONE, &done, "supply_cancelled supply PO-3-7");
        check(
            RowFate::Updated,
            &done,
            ONE,
            "supply_added supply PO-3-7, type purchase_order, item PUMP, location HAM, date 2026-12-03, quantity 5",
        );
    }

    #[test]
    fn what_a_row_lacks_is_a_fault() {
        check(
            RowFate::Created,
            "",
            &with("\"order_id\": 3, ", ""),
            "fault: supply: the row has no field order_id",
        );
        check(RowFate::Created, "", &with("20790", "\"soon\""), "fault: date: \"soon\" is no date");
        check(
            RowFate::Created,
            "",
            &with(": 5", ": null"),
            "fault: quantity: a value; supply_added needs one is expected",
        );
    }

    #[test]
    fn a_map_that_is_none_is_named() {
        let fault = |text: &str| Map::parse(text).unwrap_err();
        assert!(
            fault("[a]\ncolumns = {item = \"x\"}\ncreate = \"supply\"")
                .contains("[a] create: \"supply\" is no kind of change")
        );
        assert!(fault("[a]\ncolumns = {sku = \"x\"}").contains("\"sku\" is no column of a change"));
        assert!(fault("[a]\ncolumns = {item = \"{x\"}").contains("a brace is not closed"));
        assert!(fault("[a]\ncolumns = {}\nwhen = \"x\"").contains("when: one of key, create"));
        assert!(fault("[a]\ncolumns = {}\nwhere = \"state\"").contains("FIELD = VALUE"));
    }
}
