//! `promised generate`: a synthetic snapshot and order stream of any size, the same for the same seed.
//!
//! Rows are made one by one and written at once; nothing but a cost an item is kept in memory.

mod cell;
mod batches;
mod shape;
mod names;
mod sheet;
mod places;
mod products;
mod sharing;
mod stock;
mod orders;

use super::{failure::Failure, output, progress};
pub(super) use shape::{AS_OF, Shape, Sizes};
use sheet::{FileFormat, Output};
use std::{fs, io::Write, path::PathBuf};

/// What the command needs to know.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  promised generate /tmp/company --items 1000 --orders 10000 --seed 7
      a snapshot of 1,000 items and 10,000 orders
  promised promise /tmp/company /tmp/company/orders.csv
      promises them
  promised generate /tmp/large --items 1000000 --entries 20 --depth 0 --locations 1 --format parquet
      a million stock accounts with twenty entries each")]
pub(super) struct Args {
    /// The directory to write; it must be new or empty
    #[arg(value_name = "DIR")]
    directory: PathBuf,
    #[command(flatten)]
    sizes: Sizes,
    /// In which format the tables are written
    #[arg(long, value_name = "FORMAT", default_value = "csv")]
    format: FileFormat,
}

/// Writes the snapshot and its orders.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let shape = Shape::new(args.sizes)?;
    let name = args.directory.display().to_string();
    fs::create_dir_all(&args.directory).map_err(|error| sheet::unwritable(&name, &error))?;
    let mut entries =
        fs::read_dir(&args.directory).map_err(|error| sheet::unwritable(&name, &error))?;
    if entries.next().is_some() {
        return Err(Failure::new(
            format!("{name} is not empty; tables left over in it would be read with the new ones"),
            "a new directory",
        ));
    }
    let bar =
        progress::rows(shape.accounts() * (shape.sizes.entries + 1) + shape.sizes.orders * 5 / 2);
    let output = Output::new(args.directory.clone(), args.format, bar);
    manifest(&output, &shape)?;
    tables(&output, &shape)?;
    output.finish();
    let mut out = output::stdout();
    writeln!(out, "{} rows in {name}; next: promised validate {name}", output.n_rows())?;
    out.flush()?;
    Ok(())
}

fn manifest(output: &Output, shape: &Shape) -> Result<(), Failure> {
    let Sizes { items, locations, seed, .. } = shape.sizes;
    let text = format!(
        "{{\n  \"snapshot_id\": \"generated-{items}x{locations}-{seed}\",\n  \"as_of\": \"{AS_OF}\",\n  \
         \"horizon_days\": 365,\n  \"currency\": \"EUR\"\n}}\n"
    );
    output.file("manifest.json", &text)
}

fn tables(output: &Output, shape: &Shape) -> Result<(), Failure> {
    places::calendars(output)?;
    places::zones(output)?;
    places::classes(output, shape)?;
    places::customers(output, shape)?;
    places::locations(output, shape)?;
    places::lanes(output, shape)?;
    places::sourcing(output, shape)?;
    products::items(output, shape)?;
    sharing::allocation(output, shape)?;
    products::substitutes(output, shape)?;
    products::making(output, shape)?;
    products::resources(output, shape)?;
    products::buying(output, shape)?;
    stock::on_hand(output, shape)?;
    stock::supplies(output, shape)?;
    stock::demands(output, shape)?;
    orders::orders(output, shape)
}
