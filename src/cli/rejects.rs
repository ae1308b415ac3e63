//! `--rejects FILE`: rows that are refused go there, with reasons, and the rest goes on.

use super::{failure::Failure, output};
use crate::loader::{self, Reject};
use std::{
    fs::File,
    io::{BufWriter, Write},
    path::PathBuf,
};

/// Where refused rows go, if anywhere.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Rejects {
    /// Rows that are refused go to this file (CSV), with reasons, and the rest goes on
    #[arg(long = "rejects", value_name = "FILE")]
    file: Option<PathBuf>,
}

impl Rejects {
    /// Whether the rest goes on without them.
    pub(super) fn are_taken(&self) -> bool {
        self.file.is_some()
    }

    /// The same, into a file if none is named.
    pub(super) fn or(&self, file: PathBuf) -> Self {
        Self { file: Some(self.file.clone().unwrap_or(file)) }
    }

    /// Writes the rows that were refused, and tells how many; nothing where nobody asked for them.
    pub(super) fn write(&self, rejects: &[Reject]) -> Result<(), Failure> {
        let Some(path) = &self.file else { return Ok(()) };
        let unwritten = |error: std::io::Error| {
            let cause = format!("cannot write {}: {error}", path.display());
            Failure::new(cause, "name a file that can be written, and make room on the disk")
        };
        let file = File::create(path).map_err(unwritten)?;
        loader::write_rejects(rejects, BufWriter::new(file)).map_err(unwritten)?;
        let n_rows = rows(rejects);
        if 0 < n_rows {
            let rows = output::count(n_rows, "row");
            let path = path.display();
            writeln!(std::io::stderr(), "{rows} left out; {path} has them with reasons")?;
        }
        Ok(())
    }
}

/// Rows that some faults are of.
fn rows(rejects: &[Reject]) -> u64 {
    let places = rejects.iter().map(|reject| (&reject.table, &reject.file, reject.row));
    places.collect::<std::collections::BTreeSet<_>>().len() as u64
}
