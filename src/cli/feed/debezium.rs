//! An event of Debezium, by a map file: `op`, `before` and `after` of a row, and where its source had it.

use super::{
    StreamUnit,
    map::{Map, RowFate},
    ndjson,
};
use jiff::Timestamp;
use serde_json::{Map as Object, Value};

/// Reads a line; nothing where it is a tombstone, or of a table that the map does not have.
///
/// # Errors
/// What is wrong with it.
pub(super) fn read(
    (line, text): (u64, String),
    (map, source): (&Map, &str),
) -> Result<Option<StreamUnit>, (String, Option<String>, String)> {
    let value: Value = match serde_json::from_str(&text) {
        Ok(value) => value,
        Err(error) => return Err((text, None, format!("it is no JSON ({error})"))),
    };
    let event = match &value {
        // What is left of a deleted row in a compacted topic.
        Value::Null => return Ok(None),
        Value::Object(event) => match event.get("payload") {
            Some(Value::Null) => return Ok(None),
            Some(Value::Object(payload)) => payload,
            _ => event,
        },
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            return Err((text, None, "an event of Debezium is expected".to_string()));
        }
    };
    // Rows that were there when the stream began all have the one position of its beginning.
    let is_read = event.get("op").and_then(Value::as_str) == Some("r");
    let position = if is_read { None } else { position(event, source) };
    match unit(event, map) {
        Ok(changes) => {
            let known_at = known_at(event);
            Ok(Some(StreamUnit { line, position, known_at, changes, text }))
        }
        Err(fault) => Err((text, position, fault)),
    }
}

fn unit(event: &Object<String, Value>, map: &Map) -> Result<Vec<crate::change::Change>, String> {
    let row = |name: &str| event.get(name).and_then(Value::as_object);
    let what = match event.get("op").and_then(Value::as_str) {
        Some("c") => RowFate::Created,
        Some("u") => RowFate::Updated,
        Some("d") => RowFate::Deleted,
        Some("r") => RowFate::Read,
        // Truncated tables and messages of the log itself.
        Some("t" | "m") => return Ok(Vec::new()),
        _ => return Err("op: one of c, u, d, r is expected".to_string()),
    };
    let about = row("source").ok_or("source: an object is expected")?;
    let text = |name: &str| about.get(name).and_then(Value::as_str).unwrap_or_default();
    let schema = if text("schema").is_empty() { text("db") } else { text("schema") };
    match map.table(schema, text("table")) {
        Some(table) => table.changes(what, row("before"), row("after")),
        None => Ok(Vec::new()),
    }
}

/// Where the source had it: its log's position, else the time and the row's key.
fn position(event: &Object<String, Value>, source: &str) -> Option<String> {
    let about = event.get("source")?.as_object()?;
    let number = |name: &str| about.get(name).and_then(|value| ndjson::cell(value).ok()?);
    let name = if source.is_empty() { "log" } else { source };
    if let Some(lsn) = number("lsn") {
        return Some(format!("{name}:{lsn}"));
    }
    // The log of MySQL: files have numbers that rise, and so have places in them.
    if let (Some(file), Some(pos)) = (number("file"), number("pos")) {
        let row = number("row").unwrap_or_default();
        let file: String = file.chars().filter(char::is_ascii_digit).collect();
        return Some(format!("{name}:{file}{pos:0>12}{row:0>6}"));
    }
    let at = number("ts_ms")?;
    let row = |name: &str| event.get(name).and_then(Value::as_object);
    let row = row("after").or(row("before"))?;
    let key = row.get("id").and_then(|value| ndjson::cell(value).ok()?).unwrap_or_default();
    Some(format!("{name}/{key}:{at}"))
}

fn known_at(event: &Object<String, Value>) -> Option<Timestamp> {
    let about = event.get("source")?.as_object()?;
    Timestamp::from_millisecond(about.get("ts_ms")?.as_i64()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: &str = r#"
        [public.stock]
        create = "on_hand_set"
        update = "on_hand_set"
        columns = { item = "sku", location = "'HAM'", quantity = "qty" }
    "#;

    #[track_caller]
    fn check(event: &str, want: &str) {
        let map = Map::parse(MAP).unwrap();
        let got = match read((1, event.to_string()), (&map, "erp")) {
            Ok(None) => "nothing".to_string(),
            Ok(Some(unit)) => {
                let changes: Vec<_> = unit.changes.iter().map(ToString::to_string).collect();
                format!("{} {}", unit.position.unwrap_or_default(), changes.join("; "))
            }
            Err((_, position, fault)) => format!("{} fault: {fault}", position.unwrap_or_default()),
        };
        assert_eq!(got, want);
    }

    #[test]
    fn events_are_read_with_their_position() {
        let row = r#""after": {"id": 7, "sku": "PUMP", "qty": 5}"#;
        let source = r#""source": {"schema": "public", "table": "stock", "lsn": 4711, "ts_ms": 1}"#;
        check(
            &format!(r#"{{"op": "c", {row}, {source}}}"#),
            "erp:4711 on_hand_set item PUMP, location HAM, quantity 5",
        );
        check(
            &format!(
                r#"{{"schema": {{}}, "payload": {{"op": "u", "before": null, {row}, {source}}}}}"#
            ),
            "erp:4711 on_hand_set item PUMP, location HAM, quantity 5",
        );
        check("null", "nothing");
        check(r#"{"payload": null}"#, "nothing");
        let other = source.replace("stock", "notes");
        check(&format!(r#"{{"op": "c", {row}, {other}}}"#), "erp:4711 ");
        let mysql = r#""source": {"db": "shop", "table": "stock", "file": "bin.000003", "pos": 154, "row": 0}"#;
        check(&format!(r#"{{"op": "c", {row}, {mysql}}}"#), "erp:000003000000000154000000 ");
        let timed = r#""source": {"schema": "public", "table": "stock", "ts_ms": 99}"#;
        check(
            &format!(r#"{{"op": "c", {row}, {timed}}}"#),
            "erp/7:99 on_hand_set item PUMP, location HAM, quantity 5",
        );
        check(
            &format!(r#"{{"op": "x", {row}, {source}}}"#),
            "erp:4711 fault: op: one of c, u, d, r is expected",
        );
    }
}
