//! Column maps: which rows of which table of another system are rows of which of ours.
//!
//! ```toml
//! [[take]]
//! from = "MARD"
//! to = "on_hand"
//! columns = { item = "MATNR", location = "WERKS", quantity = "LABST" }
//! where = "LABST != 0"
//! sum = "quantity"
//! ```
//!
//! `once = ["item"]` takes the first of several rows; `words` says what codes mean; `deleted = "DELETED_FLAG"` names a field
//! that says that a row is gone. With `quiet` rows that do not fulfil `where` are not told: others take them.

use super::super::feed::term::{CellTerm, Where};
use super::{
    draft::{RowPlace, SnapshotDraft},
    tables::{ForeignTable, Object, plain, text},
};
use crate::{
    loader::{Foreign, Format},
    snapshot::schema::{self, Column, Schema},
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What rows of a table mean.
#[derive(Clone, Debug)]
struct Take {
    from: Vec<String>,
    to: &'static Schema,
    columns: Vec<(Column, CellTerm)>,
    wheres: Vec<Where>,
    sum: Option<Column>,
    once: Vec<Column>,
    words: BTreeMap<Column, BTreeMap<String, String>>,
    deleted: Option<String>,
    quiet: bool,
}

/// A column map.
#[derive(Clone, Debug)]
pub(super) struct ColumnMap(Vec<Take>);

impl ColumnMap {
    /// Reads a map.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let table: toml::Table = toml::from_str(text).map_err(|error| error.to_string())?;
        let takes = table.get("take").and_then(toml::Value::as_array);
        let takes = takes.ok_or("[[take]] is expected")?.iter().zip(1..);
        let take = |(value, n): (&toml::Value, usize)| {
            let take = value.as_table().ok_or("a table is expected").map_err(ToString::to_string);
            take.and_then(Take::read).map_err(|fault| format!("[[take]] number {n}: {fault}"))
        };
        Ok(Self(takes.map(take).collect::<Result<_, _>>()?))
    }

    /// The plain names of all fields that it reads: by these a row of names is found.
    pub(super) fn fields(&self) -> BTreeSet<String> {
        let of_take = |take: &Take| -> Vec<String> {
            let terms = take.columns.iter().flat_map(|(_, term)| term.fields());
            terms.map(ToString::to_string).chain(take.deleted.clone()).collect()
        };
        self.0.iter().flat_map(of_take).collect()
    }

    /// Puts the rows of tables into a draft; tables that it does not have are told.
    pub(super) fn apply(
        &self,
        tables: &[ForeignTable],
        format: &Format,
        draft: &mut SnapshotDraft,
    ) {
        for table in tables {
            let mut foreign = Foreign::new(format, table.has_numbers);
            let takes: Vec<&Take> =
                self.0.iter().filter(|take| take.from.contains(&table.name)).collect();
            let Some((first, _)) = table.rows.first() else { continue };
            draft.read(&first.table, table.rows.len() as u64);
            if takes.is_empty() {
                let whole = RowPlace { row: 0, ..first.clone() };
                draft.leave_out(&whole, ("", ""), "no table of this import");
                continue;
            }
            for (place, row) in &table.rows {
                for take in &takes {
                    take.row(place, (row, &mut foreign), draft);
                }
            }
        }
    }
}

impl Take {
    fn read(table: &toml::Table) -> Result<Self, String> {
        const KNOWN: [&str; 9] =
            ["from", "to", "columns", "where", "sum", "once", "words", "deleted", "quiet"];
        if let Some(unknown) = table.keys().find(|key| !KNOWN.contains(&key.as_str())) {
            return Err(format!("{unknown}: one of {} is expected", KNOWN.join(", ")));
        }
        let text = |key: &str| table.get(key).and_then(toml::Value::as_str);
        let to = text("to").and_then(schema::table).ok_or("to: one of our tables is expected")?;
        let column = |name: &str| {
            let found = to.column(name);
            found.ok_or_else(|| format!("{name:?} is no column of {}", to.name))
        };
        let terms = table
            .get("columns")
            .and_then(toml::Value::as_table)
            .ok_or("columns: a table is expected")?;
        let mut columns = Vec::new();
        for (name, term) in terms {
            let term =
                term.as_str().ok_or_else(|| format!("columns: {name}: a text is expected"))?;
            let term =
                CellTerm::of_text(term).map_err(|fault| format!("columns: {name}: {fault}"))?;
            columns.push((column(name)?, term.renamed(&plain)));
        }
        let mut words = BTreeMap::new();
        for (name, codes) in
            table.get("words").and_then(toml::Value::as_table).into_iter().flatten()
        {
            let codes =
                codes.as_table().ok_or_else(|| format!("words: {name}: a table is expected"))?;
            let word = |(code, word): (&String, &toml::Value)| {
                Some((code.clone(), word.as_str()?.to_string()))
            };
            let codes: Option<BTreeMap<_, _>> = codes.iter().map(word).collect();
            words.insert(
                column(name)?,
                codes.ok_or_else(|| format!("words: {name}: texts are expected"))?,
            );
        }
        let once =
            list(table.get("once")).iter().map(|name| column(name)).collect::<Result<_, _>>()?;
        let wheres = text("where").map(Where::all).transpose()?.unwrap_or_default();
        Ok(Self {
            from: list(table.get("from")).iter().map(|name| plain(name)).collect(),
            to,
            columns,
            wheres: wheres.into_iter().map(|one| one.renamed(plain)).collect(),
            sum: text("sum").map(column).transpose()?,
            once,
            words,
            deleted: text("deleted").map(plain),
            quiet: table.get("quiet").and_then(toml::Value::as_bool).unwrap_or(false),
        })
    }

    /// Makes a row of ours of one of theirs, or says why not.
    fn row(
        &self,
        place: &RowPlace,
        (row, foreign): (&Object, &mut Foreign),
        draft: &mut SnapshotDraft,
    ) {
        if let Some(field) = &self.deleted {
            let flag = text(row, field);
            if matches!(flag.to_ascii_lowercase().as_str(), "y" | "yes" | "x" | "true" | "1") {
                return draft.leave_out(place, (field, &flag), "deleted");
            }
        }
        let mut full = row.clone();
        let faults = self.put_as_ours(&mut full, foreign);
        if let Some(unmet) = self.wheres.iter().find(|one| !one.holds(&full)) {
            if self.quiet {
                return;
            }
            let reason = format!("{}: {}", self.to.name, unmet.told());
            return draft.leave_out(place, ("", ""), reason);
        }
        if let Some((field, fault)) = faults.into_iter().next() {
            let reason = format!("{}: {fault}", self.to.name);
            return draft.leave_out(place, (&field, &text(row, &field)), reason);
        }
        full.entry("asof").or_insert_with(|| Value::String(draft.as_of.to_string()));
        for field in self.columns.iter().flat_map(|(_, term)| term.fields()) {
            if !field.contains('.') {
                full.entry(field).or_insert(Value::Null);
            }
        }
        let mut cells = Vec::with_capacity(self.columns.len());
        for (column, term) in &self.columns {
            let text = match term.of(&full) {
                Ok(text) => text.unwrap_or_default(),
                Err(fault) => {
                    let reason = format!("{}: {fault}", self.to.name);
                    return draft.leave_out(place, (column.name(), ""), reason);
                }
            };
            let text = match self.words.get(column) {
                None => text,
                Some(codes) => match codes.get(text.as_str()).or(codes.get("*")) {
                    Some(word) => word.clone(),
                    None => {
                        let known: Vec<_> = codes.keys().map(String::as_str).collect();
                        let reason = format!("{}: one of {}", self.to.name, known.join(", "));
                        return draft.leave_out(place, (column.name(), &text), reason);
                    }
                },
            };
            cells.push((*column, text));
        }
        let cells = cells.iter().map(|(column, text)| (*column, text.as_str()));
        match self.sum {
            Some(sum) => draft.add_up(self.to.name, cells, (sum, place)),
            None if self.once.is_empty() => draft.add(self.to.name, cells, place),
            None => draft.add_once(self.to.name, cells, (&self.once, place)),
        }
    }

    /// Puts numbers and dates of a row as we write them; gives the fields that could mean two things, with why.
    fn put_as_ours(&self, row: &mut Object, foreign: &mut Foreign) -> Vec<(String, String)> {
        let (mut faults, mut done) = (Vec::new(), BTreeSet::new());
        for (column, term) in &self.columns {
            for field in term.fields() {
                // What a second column takes of it is put already.
                if !done.insert(field) {
                    continue;
                }
                let Some(Value::String(found)) = row.get(field) else { continue };
                match foreign.read(*column, found) {
                    Ok(None) => {}
                    Ok(Some(put)) => {
                        row.insert(field.to_string(), Value::String(put));
                    }
                    Err(fault) => faults.push((field.to_string(), fault)),
                }
            }
        }
        faults
    }
}

/// One text, or a list of them.
fn list(value: Option<&toml::Value>) -> Vec<String> {
    match value {
        Some(toml::Value::String(text)) => vec![text.clone()],
        Some(toml::Value::Array(list)) => {
            list.iter().filter_map(toml::Value::as_str).map(ToString::to_string).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_maps_that_come_along_can_be_read() {
        for (name, text) in super::super::MAPS {
            ColumnMap::parse(text).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        }
    }

    #[test]
    fn a_map_that_is_none_is_named() {
        let fault = |text: &str| ColumnMap::parse(text).unwrap_err();
        assert_eq!(fault(""), "[[take]] is expected");
        assert!(fault("[[take]]\nfrom = \"A\"\nto = \"stock\"").contains("to: one of our tables"));
        let unknown = fault("[[take]]\nfrom = \"A\"\nto = \"on_hand\"\ncolumns = { sku = \"X\" }");
        assert_eq!(unknown, "[[take]] number 1: \"sku\" is no column of on_hand");
    }
}
