//! A line of NDJSON: a change as an object, or a list of them.

use super::StreamUnit;
use crate::change::Change;
use serde_json::{Map, Value};

/// Reads a line.
///
/// # Errors
/// What is wrong with it.
pub(super) fn read(
    line: u64,
    text: String,
) -> Result<StreamUnit, (String, Option<String>, String)> {
    let fault = |text: String, fault: String| (text, None, fault);
    let value: Value = match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
        Ok(value) => value,
        Err(error) => {
            let what = format!("it is no JSON ({error}); an object a line is expected");
            return Err(fault(text, what));
        }
    };
    let objects = match value {
        Value::Object(object) => vec![object],
        Value::Array(list) => match list.into_iter().map(object).collect::<Option<Vec<_>>>() {
            Some(objects) if !objects.is_empty() => objects,
            _ => return Err(fault(text, "a list of objects is expected".to_string())),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            return Err(fault(text, "an object is expected, or a list of them".to_string()));
        }
    };
    let position = objects.iter().rev().find_map(|object| cell(object.get("position")?).ok()?);
    let changes: Result<Vec<Change>, String> = objects.iter().map(change).collect();
    match changes {
        Ok(changes) => Ok(StreamUnit { line, position, known_at: None, changes, text }),
        Err(what) => Err((text, position, what)),
    }
}

fn object(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(object) => Some(object),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            None
        }
    }
}

/// The text of a cell; none where it holds nothing.
pub(super) fn cell(value: &Value) -> Result<Option<String>, String> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.clone())),
        Value::Bool(flag) => Ok(Some(flag.to_string())),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::Array(_) | Value::Object(_) => {
            Err("a text, a number, true or false is expected in each cell".to_string())
        }
    }
}

fn change(object: &Map<String, Value>) -> Result<Change, String> {
    let mut cells = Vec::with_capacity(object.len());
    for (name, value) in object.iter().filter(|(name, _)| *name != "position") {
        if let Some(text) = cell(value).map_err(|fault| format!("{name}: {fault}"))? {
            cells.push((name.as_str(), text));
        }
    }
    of_cells(&cells)
}

/// A change of its cells, `change` among them; all faults in one sentence.
pub(super) fn of_cells(cells: &[(&str, String)]) -> Result<Change, String> {
    let schema = &crate::change::SCHEMA;
    if let Some((name, _)) = cells.iter().find(|(name, _)| schema.column(name).is_none()) {
        return Err(format!("{name} is no column of a change"));
    }
    let cell = |name: &'static str| {
        let found = cells.iter().find(|(other, _)| *other == name);
        found.map(|(_, text)| text.as_str())
    };
    Change::read(0, cell("change").unwrap_or_default(), cell).map_err(|faults| {
        let told = faults.iter().map(|fault| {
            let (field, value, expected) = (fault.field, &fault.value, &fault.expected);
            match value.is_empty() {
                true => format!("{field}: {expected} is expected"),
                false => format!("{field} {value:?} is not {expected}"),
            }
        });
        told.collect::<Vec<_>>().join("; ")
    })
}
