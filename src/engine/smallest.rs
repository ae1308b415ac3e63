//! The smallest snapshot that there can be, for unit tests that need one and look at nothing in it.

use crate::snapshot::{Builder, Manifest, Snapshot, schema};
use std::collections::BTreeMap;

pub(super) fn snapshot() -> Snapshot {
    let mut builder = Builder::new(Manifest {
        snapshot_id: "s".to_string(),
        as_of: "2026-11-23".parse().expect("a date"),
        horizon_days: 10,
        currency: "USD".to_string(),
        watermarks: BTreeMap::new(),
    });
    for table in ["items", "locations"] {
        builder.open(schema::table(table).expect("a table"), &[&table[..table.len() - 1]]);
    }
    builder.finish().snapshot.expect("nothing is wrong with it")
}
