//! Converts the raw AdventureWorks tables into a snapshot of the contract and its order stream.
//!
//! ```text
//! cargo run --release --example adventureworks -- \
//!     ../shared/data/adventureworks snapshots/adventureworks
//! ```
//!
//! The snapshot is the state of the plant at the start of [`AS_OF`]: what was ordered, started or
//! bought before that day and not finished. The orders taken from that day on are `orders.csv`.
//! The same input gives the same bytes. What is carried over, and what the raw data does not say
//! and had to be assumed, stands in `snapshots/adventureworks/README.md`.

mod buying;
mod decimal;
mod items;
mod making;
mod output;
mod plant;
mod raw;
mod selling;

use std::{env, error::Error, fs, path::Path, process::ExitCode};

use jiff::civil::Date;
use serde_json::json;

use crate::{items::Items, output::Output, raw::Raw};

/// Every error ends the program, so one boxed type is enough.
pub(crate) type Fallible<T> = Result<T, Box<dyn Error>>;

/// The snapshot's day: 1,400 work orders and 300 purchase order lines are open on it.
pub(crate) const AS_OF: Date = jiff::civil::date(2014, 4, 1);

/// Days that can be promised; the order stream ends after 91 of them.
const HORIZON_DAYS: u32 = 365;

const LICENCE: &str = "LICENSE-microsoft-sql-server-samples.txt";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [from, to] = arguments.as_slice() else {
        eprintln!("usage: adventureworks RAW_DIRECTORY SNAPSHOT_DIRECTORY");
        return ExitCode::from(2);
    };
    match convert(Path::new(from), Path::new(to)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Reads the raw directory table by table and writes the snapshot directory.
fn convert(from: &Path, to: &Path) -> Fallible<()> {
    let raw = Raw::new(from);
    fs::create_dir_all(to).map_err(|error| format!("{}: {error}", to.display()))?;
    let mut out = Output::new(to);
    write_manifest(to)?;
    plant::write(&raw, &mut out)?;
    let items = Items::read(&raw)?;
    items.write(&mut out)?;
    items::write_on_hand(&raw, &items, &mut out)?;
    let mut supplies = buying::write(&raw, &items, &mut out)?;
    supplies.extend(making::write(&raw, &items, &mut out)?);
    out.table("supplies", buying::SUPPLY_COLUMNS, supplies)?;
    selling::write(&raw, &items, &mut out)?;
    copy_licence(from, to)?;
    out.report();
    Ok(())
}

fn write_manifest(to: &Path) -> Fallible<()> {
    let manifest = json!({
        "snapshot_id": format!("adventureworks-{AS_OF}"),
        "as_of": AS_OF.to_string(),
        "horizon_days": HORIZON_DAYS,
        "currency": "USD",
        "mode": "full",
        "watermarks": { selling::SOURCE: format!("{AS_OF}T00:00:00Z") },
    });
    let text = serde_json::to_string_pretty(&manifest)? + "\n";
    fs::write(to.join("manifest.json"), text)?;
    Ok(())
}

/// Writes the text anew: a copy would inherit a read-only mode and fail on the next run.
fn copy_licence(from: &Path, to: &Path) -> Fallible<()> {
    let source = from.join(LICENCE);
    let text = fs::read(&source).map_err(|error| format!("{}: {error}", source.display()))?;
    fs::write(to.join(LICENCE), text)?;
    Ok(())
}
