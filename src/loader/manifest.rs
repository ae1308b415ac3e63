//! `manifest.json`: what the snapshot as a whole says of itself.
//!
//! Each field is read on its own, so that a manifest with three bad fields gives three faults, each with
//! the field's name. Fields that are not known are left alone: other programs may keep theirs there.

use super::{
    Error,
    format::{Formats, Renames, Wrong},
    manifest_fault::{ManifestFault, ManifestFaults},
    orders,
};
use crate::{
    change,
    limits::{HORIZON_DAYS_DEFAULT, HORIZON_DAYS_MAX, KEY_LEN_MAX, RECORD_BYTES_MAX},
    model::time::read_date,
    snapshot::{
        Manifest,
        problem::{Problem, Severity},
        schema,
    },
};
use jiff::civil::Date;
use serde_json::{Map, Value};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read},
    path::Path,
};

/// The manifest's file in a snapshot.
pub(super) const FILE_NAME: &str = "manifest.json";

/// The mend for a foreign column name that nothing can be done with.
const COLUMNS_EXPECTED: &str =
    r#"foreign names by table, such as {"on_hand": {"ITEM_NAME": "item"}}"#;

/// All that a manifest says.
pub(super) struct Description {
    pub(super) manifest: Manifest,
    /// How the files are written, and which columns have other names there.
    pub(super) formats: Formats,
    /// Whether only supply that names its order line takes the place of planned supply.
    pub(super) pegged_only: bool,
    /// Foreign names that lead nowhere.
    pub(super) warnings: Vec<Problem>,
}

/// Reads the manifest of a directory.
///
/// # Errors
/// It is not there, is no JSON, or a field is missing or wrong.
pub(super) fn read(directory: &Path) -> Result<Description, Error> {
    let path = directory.join(FILE_NAME);
    let text = match slurp(&path) {
        Ok(text) => text,
        Err(source) if source.kind() == io::ErrorKind::NotFound => {
            return Err(Error::NoManifest { path: directory.to_path_buf() });
        }
        Err(source) => return Err(Error::Unreadable { path, source }),
    };
    let fields = match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
        Ok(fields) => fields,
        Err(source) => return Err(Error::NotJson { path, source }),
    };
    describe(fields).map_err(|faults| Error::Manifest { path, faults })
}

/// The id that the manifest of a directory gives its snapshot; empty where none can be read.
pub fn id(directory: &Path) -> String {
    let fields = slurp(&directory.join(FILE_NAME)).ok();
    let fields = fields.and_then(|text| serde_json::from_str::<Value>(&text).ok());
    let id = fields.and_then(|fields| Some(fields.get("snapshot_id")?.as_str()?.to_string()));
    id.unwrap_or_default()
}

fn slurp(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    let n = File::open(path)?.take(RECORD_BYTES_MAX as u64).read_to_string(&mut text)?;
    if n == RECORD_BYTES_MAX {
        return Err(io::Error::other(format!("it is larger than {RECORD_BYTES_MAX} bytes")));
    }
    Ok(text)
}

fn describe(map: Map<String, Value>) -> Result<Description, ManifestFaults> {
    let mut fields = Fields { map, faults: Vec::new() };
    let horizon = format!("a whole number of days from 1 to {HORIZON_DAYS_MAX}");
    let id = format!("a unique name of 1 to {KEY_LEN_MAX} bytes");
    let snapshot_id = fields.required("snapshot_id", &id, key);
    let as_of = fields.required("as_of", "a date such as \"2026-11-23\"", date);
    let horizon_days = fields.optional("horizon_days", &horizon, horizon_days);
    let currency = fields.optional("currency", "a currency such as \"EUR\"", key);
    let watermarks = fields.optional("watermarks", "one timestamp for each source", words);
    let columns = fields.optional("columns", COLUMNS_EXPECTED, renames);
    let planned = "\"taken_over\" or \"pegged\": what takes the place of planned supply";
    let pegged_only = fields.optional("planned_supply", planned, pegged_only);
    // A net change needs a state that it changes; a directory is one.
    fields.optional("mode", "\"full\", the only mode of a directory", full);
    let mut formats = fields.formats();
    let (Some(snapshot_id), Some(as_of), true) = (snapshot_id, as_of, fields.faults.is_empty())
    else {
        return Err(ManifestFaults(fields.faults));
    };
    formats.renames = columns.unwrap_or_default();
    let manifest = Manifest {
        snapshot_id,
        as_of,
        horizon_days: horizon_days.unwrap_or(HORIZON_DAYS_DEFAULT),
        currency: currency.unwrap_or_else(|| "USD".to_string()),
        watermarks: watermarks.unwrap_or_default(),
    };
    let pegged_only = pegged_only.unwrap_or(false);
    let warnings = dead_ends(&formats.renames);
    Ok(Description { manifest, formats, pegged_only, warnings })
}

/// The fields that are still to be read, and what was wrong with those that are.
struct Fields {
    map: Map<String, Value>,
    faults: Vec<ManifestFault>,
}

impl Fields {
    fn optional<T>(
        &mut self,
        field: &'static str,
        expected: &str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Option<T> {
        let found = self.map.get(field).filter(|value| !value.is_null())?;
        let value = read(found);
        if value.is_none() {
            let found = found.to_string().chars().take(80).collect();
            self.faults.push(ManifestFault {
                field,
                found: Some(found),
                expected: expected.to_string(),
            });
        }
        value
    }

    /// How the files are written; what is wrong with it is a fault each.
    fn formats(&mut self) -> Formats {
        let found = self.map.get("format").filter(|value| !value.is_null());
        match found.map_or_else(|| Ok(Formats::default()), Formats::read) {
            Ok(formats) => formats,
            Err(wrong) => {
                let fault = |(field, found, expected): Wrong| {
                    let found = found.chars().take(80).collect();
                    ManifestFault { field, found: Some(found), expected: expected.to_string() }
                };
                self.faults.extend(wrong.into_iter().map(fault));
                Formats::default()
            }
        }
    }

    fn required<T>(
        &mut self,
        field: &'static str,
        expected: &str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Option<T> {
        if self.map.get(field).is_none_or(Value::is_null) {
            self.faults.push(ManifestFault { field, found: None, expected: expected.to_string() });
        }
        self.optional(field, expected, read)
    }
}

fn key(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    (!text.is_empty() && text.len() <= KEY_LEN_MAX).then(|| text.to_string())
}

fn date(value: &Value) -> Option<Date> {
    read_date(value.as_str()?)
}

fn horizon_days(value: &Value) -> Option<u16> {
    let days = u16::try_from(value.as_u64()?).ok()?;
    (1..=HORIZON_DAYS_MAX).contains(&days).then_some(days)
}

fn words(value: &Value) -> Option<BTreeMap<String, String>> {
    serde_json::from_value(value.clone()).ok()
}

fn renames(value: &Value) -> Option<Renames> {
    let renames: Renames = serde_json::from_value(value.clone()).ok()?;
    Some(renames.into_iter().map(|(table, names)| (table.to_ascii_lowercase(), names)).collect())
}

fn pegged_only(value: &Value) -> Option<bool> {
    match value.as_str()? {
        "pegged" => Some(true),
        "taken_over" => Some(false),
        _ => None,
    }
}

fn full(value: &Value) -> Option<()> {
    (value.as_str()? == "full").then_some(())
}

/// Foreign names for tables or columns that do not exist: most likely a slip of the pen.
fn dead_ends(renames: &Renames) -> Vec<Problem> {
    let mut found = Vec::new();
    for (table, columns) in renames {
        let given = [&orders::TABLE, &change::SCHEMA].into_iter();
        let Some(schema) = given.chain(schema::TABLES).find(|schema| schema.name == table) else {
            found.push(dead_end(table, "the name of a table of this snapshot"));
            continue;
        };
        for ours in columns.values() {
            if schema.column(ours).is_none() {
                found.push(dead_end(ours, &format!("the name of a column of {table}")));
            }
        }
    }
    found
}

fn dead_end(value: &str, expected: &str) -> Problem {
    Problem {
        severity: Severity::Warning,
        table: FILE_NAME.to_string(),
        row: None,
        file: None,
        column: Some("columns".to_string()),
        value: value.to_string(),
        expected: expected.to_string(),
    }
}
