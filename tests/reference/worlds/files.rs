//! A world as files: the snapshot's tables as CSV with a manifest, and the orders beside them.

use super::super::{Row, World};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Writes `DIR/snapshot/manifest.json`, `DIR/snapshot/TABLE.csv` and `DIR/orders.csv`.
pub fn write(world: &World, orders: &[Row], dir: &Path) -> std::io::Result<()> {
    let snapshot = dir.join("snapshot");
    fs::create_dir_all(&snapshot)?;
    let manifest = format!(
        "{{\"snapshot_id\": \"reference\", \"as_of\": \"{}\", \"horizon_days\": {}}}\n",
        world.as_of, world.horizon_days
    );
    fs::write(snapshot.join("manifest.json"), manifest)?;
    for (table, rows) in world.tables.iter().filter(|(_, rows)| !rows.is_empty()) {
        fs::write(snapshot.join(format!("{table}.csv")), csv(rows))?;
    }
    fs::write(dir.join("orders.csv"), csv(orders))
}

/// RFC 4180: a header line of all columns that are used, then the rows.
pub fn csv(rows: &[Row]) -> String {
    let columns: BTreeSet<&String> = rows.iter().flat_map(|row| row.keys()).collect();
    let mut lines = vec![joined(columns.iter().map(|column| column.as_str()))];
    for row in rows {
        let value = |column: &&String| row.get(*column).map_or("", |value| value.as_str());
        lines.push(joined(columns.iter().map(value)));
    }
    lines.concat()
}

fn joined<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let values: Vec<String> = values.map(quoted).collect();
    format!("{}\r\n", values.join(","))
}

fn quoted(value: &str) -> String {
    if value.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", value.replace('"', "\"\""));
    }
    value.to_string()
}
