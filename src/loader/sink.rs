//! Where rows go: into a table of the builder, or into a list of order lines.

use crate::snapshot::{
    Builder, Mapping,
    cells::Cells,
    problem::{Problem, Severity},
    schema::Schema,
};
use std::collections::BTreeMap;

/// Takes the rows of one table, file after file.
pub(super) trait Sink: Send {
    /// The table's name.
    fn table(&self) -> &'static str;

    /// Takes the header of a file, and returns the positions of the columns that will be read, in
    /// rising order; `None` if the header is so bad that no row is of any use.
    fn open(&mut self, header: &[&str]) -> Option<Vec<usize>>;

    /// Takes one row, in the column order of the header; rows count from 1, through all files.
    fn row(&mut self, number: u64, cells: &[Option<&str>]);

    /// Takes rows that follow each other, the first of this number; each has so many columns.
    fn rows(&mut self, first: u64, rows: &dyn Cells, n_columns: usize) {
        let mut cells = Vec::with_capacity(n_columns);
        for (at, number) in (0..rows.n_rows()).zip(first..) {
            cells.clear();
            cells.extend((0..n_columns).map(|column| rows.cell(at, column)));
            self.row(number, &cells);
        }
    }

    /// Notes a fault of the file.
    fn problem(&mut self, problem: Problem);

    /// Notes an error of the file that no single cell is to blame for.
    fn fault(&mut self, row: Option<u64>, expected: String) {
        self.problem(Problem {
            severity: Severity::Error,
            table: self.table().to_string(),
            row,
            column: None,
            value: String::new(),
            expected,
        });
    }

    /// Notes an error of one cell that is not even text.
    fn cell_fault(&mut self, row: u64, column: &str, value: String, expected: &str) {
        self.problem(Problem {
            severity: Severity::Error,
            table: self.table().to_string(),
            row: Some(row),
            column: Some(column.to_string()),
            value,
            expected: expected.to_string(),
        });
    }
}
/// The sink of a snapshot's table.
pub(super) struct TableSink<'a> {
    builder: &'a mut Builder,
    schema: &'static Schema,
    renames: Option<&'a BTreeMap<String, String>>,
    mapping: Option<Mapping>,
}

impl<'a> TableSink<'a> {
    /// A sink for a table some of whose columns may have foreign names.
    pub(super) fn new(
        builder: &'a mut Builder,
        schema: &'static Schema,
        renames: Option<&'a BTreeMap<String, String>>,
    ) -> Self {
        Self { builder, schema, renames, mapping: None }
    }
}

impl Sink for TableSink<'_> {
    fn table(&self) -> &'static str {
        self.schema.name
    }

    fn open(&mut self, header: &[&str]) -> Option<Vec<usize>> {
        let ours = |foreign: &&str| self.renames?.get(*foreign).map(String::as_str);
        let names: Vec<_> = header.iter().map(|name| ours(name).unwrap_or(name)).collect();
        self.mapping = Some(self.builder.open(self.schema, &names));
        wanted(self.schema, &names)
    }

    fn row(&mut self, number: u64, cells: &[Option<&str>]) {
        let mapping = self.mapping.as_ref().expect("a file's header comes before its rows");
        self.builder.row(mapping, number, cells);
    }

    fn rows(&mut self, first: u64, rows: &dyn Cells, _n_columns: usize) {
        let mapping = self.mapping.as_ref().expect("a file's header comes before its rows");
        self.builder.rows(mapping, first, rows);
    }

    fn problem(&mut self, problem: Problem) {
        self.builder.problem(problem);
    }
}

/// The positions in a file of the columns that the table has, rising; `None` if a required one is
/// missing, or one is there twice, so that no row is of any use.
pub(super) fn wanted(schema: &Schema, header: &[&str]) -> Option<Vec<usize>> {
    let mut wanted = Vec::new();
    for column in schema.columns {
        let mut found = (0..header.len()).filter(|&position| header[position] == column.name);
        match (found.next(), found.next()) {
            (Some(position), None) => wanted.push(position),
            (None, _) if !column.required => {}
            _ => return None,
        }
    }
    wanted.sort_unstable();
    Some(wanted)
}
