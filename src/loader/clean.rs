//! A copy of a snapshot in the plainest form: CSV with our names of columns, without the rows that are left out.

use super::{
    Error, Silent,
    directory::Directory,
    manifest::{self, Description},
    reading::TableFiles,
    rejects::LeftOut,
    sink::RowSink,
    source,
};
use crate::snapshot::{
    Mapping, Problems,
    cells::Cells,
    problem::Problem,
    schema::{Schema, TABLES},
};
use serde_json::Value;
use std::{
    fs::{self, File},
    io::{self, BufWriter},
    path::Path,
};

/// Writes the tables of a directory into another one, which is there.
///
/// # Errors
/// They cannot be read or written.
pub fn copy(from: &Path, left_out: &LeftOut, to: &Path) -> Result<(), Error> {
    let directory = Directory::list(from)?;
    let Description { formats, .. } = manifest::read(from)?;
    let unwritten = |source| Error::Unreadable { path: to.to_path_buf(), source };
    for schema in TABLES {
        let pieces = directory.pieces(schema);
        if pieces.is_empty() {
            continue;
        }
        let file = File::create(to.join(format!("{}.csv", schema.name))).map_err(unwritten)?;
        let csv = csv::Writer::from_writer(BufWriter::new(file));
        let mut sink = CopySink {
            schema,
            csv,
            mapping: None,
            has_header: false,
            problems: Problems::default(),
            failed: None,
        };
        let source = TableFiles {
            pieces,
            format: &formats.of(schema.name),
            renames: formats.renames.get(schema.name),
            left_out: left_out.0.get(schema.name),
            progress: &Silent,
        };
        source::read_all(&source, &mut sink);
        sink.end().map_err(unwritten)?;
    }
    write_manifest(from, to).map_err(unwritten)
}

/// The manifest, without what it says of the files as they were.
fn write_manifest(from: &Path, to: &Path) -> io::Result<()> {
    let text = fs::read_to_string(from.join(manifest::FILE_NAME))?;
    let mut fields: serde_json::Map<String, Value> =
        serde_json::from_str(text.trim_start_matches('\u{feff}'))?;
    fields.remove("columns");
    fields.remove("format");
    fs::write(to.join(manifest::FILE_NAME), Value::Object(fields).to_string())
}

/// Writes what it is given.
struct CopySink {
    schema: &'static Schema,
    csv: csv::Writer<BufWriter<File>>,
    mapping: Option<Mapping>,
    has_header: bool,
    /// Nobody asks for them: the tables were judged before.
    problems: Problems,
    failed: Option<csv::Error>,
}

impl CopySink {
    fn end(mut self) -> io::Result<()> {
        self.csv.flush()?;
        self.failed.map_or(Ok(()), |error| Err(error.into()))
    }
}

impl RowSink for CopySink {
    fn schema(&self) -> &'static Schema {
        self.schema
    }

    fn open(&mut self, header: &[&str]) -> &Mapping {
        if !std::mem::replace(&mut self.has_header, true) {
            let names = self.schema.columns().map(|column| column.name());
            self.failed = self.csv.write_record(names).err();
        }
        self.mapping.insert(Mapping::new(self.schema, header, &mut self.problems))
    }

    fn rows(&mut self, _first: u64, rows: &dyn Cells) {
        let mapping = self.mapping.as_ref().expect("a file's header comes before its rows");
        for row in (0..rows.n_rows()).filter(|row| !rows.is_blank(*row, mapping.all())) {
            let cells = self.schema.columns().map(|column| {
                mapping.position(column).and_then(|at| rows.cell(row, at)).unwrap_or_default()
            });
            let written = self.csv.write_record(cells);
            self.failed = self.failed.take().or(written.err());
        }
    }

    fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }
}
