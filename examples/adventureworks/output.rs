//! The snapshot directory: writes each table sorted, and counts its rows.

use std::path::{Path, PathBuf};

use crate::Fallible;

/// One row of a table to be written, as long as its list of columns.
pub(crate) type Cells = Vec<String>;

/// Writes tables and remembers how many rows each has.
pub(crate) struct Output {
    directory: PathBuf,
    counts: Vec<(&'static str, usize)>,
}

impl Output {
    pub(crate) fn new(directory: &Path) -> Self {
        Self { directory: directory.to_owned(), counts: Vec::new() }
    }

    /// Writes a table sorted by its cells, so that the same input gives the same bytes.
    pub(crate) fn table(
        &mut self,
        name: &'static str,
        columns: &[&str],
        mut rows: Vec<Cells>,
    ) -> Fallible<()> {
        rows.sort();
        self.stream(name, columns, &rows)
    }

    /// Writes rows in the order given: the order stream is a sequence in time.
    pub(crate) fn stream(
        &mut self,
        name: &'static str,
        columns: &[&str],
        rows: &[Cells],
    ) -> Fallible<()> {
        let path = self.directory.join(format!("{name}.csv"));
        let fail = |error: csv::Error| format!("{}: {error}", path.display());
        let mut writer = csv::Writer::from_path(&path).map_err(fail)?;
        writer.write_record(columns).map_err(fail)?;
        for row in rows {
            writer.write_record(row).map_err(fail)?;
        }
        writer.flush()?;
        self.counts.push((name, rows.len()));
        Ok(())
    }

    /// Prints the row counts.
    pub(crate) fn report(&self) {
        for (name, rows) in &self.counts {
            println!("{rows:>7} {name}");
        }
    }
}

/// Builds a row from anything that can be a cell.
#[macro_export]
macro_rules! cells {
    ($($cell:expr),+ $(,)?) => { vec![$($cell.to_string()),+] };
}
