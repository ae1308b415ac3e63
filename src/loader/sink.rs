//! Where rows go: into a table of the builder, or into a list of order lines.

use crate::snapshot::{
    Builder, Mapping,
    cells::Cells,
    problem::{Problem, Severity},
    schema::{Column, Schema},
};

/// Takes the rows of one table, file after file.
pub(super) trait RowSink: Send {
    /// The table.
    fn schema(&self) -> &'static Schema;

    /// The table's name.
    fn table(&self) -> &'static str {
        self.schema().name
    }

    /// Our name of a column of a file, in any case and with blanks for underscores; what stands there where it is none of
    /// ours.
    fn ours<'n>(&'n self, name: &'n str) -> &'n str {
        let low: String = name
            .chars()
            .map(|c| if matches!(c, ' ' | '-' | '\u{a0}') { '_' } else { c.to_ascii_lowercase() })
            .collect();
        self.schema().column(&low).map_or(name, |column| column.name())
    }

    /// Whether these are names of columns, and all that the table must have are among them.
    fn is_header(&self, names: &[&str]) -> bool {
        let must_have = self.schema().must_have;
        let has = |column: &Column| names.iter().any(|name| self.ours(name) == column.name());
        !must_have.is_empty() && must_have.iter().all(has)
    }

    /// Takes the header of a file, and says where its columns are.
    fn open(&mut self, header: &[&str]) -> &Mapping;

    /// Takes rows that follow each other, in the column order of the header; they count from 1, through all
    /// files, and the first is of this number.
    fn rows(&mut self, first: u64, rows: &dyn Cells);

    /// Notes a fault of the file.
    fn problem(&mut self, problem: Problem);

    /// Notes that nobody knows which rows the table has; why is a problem of its own. Nothing to do where no
    /// other table refers to this one.
    fn lose_rest(&mut self) {}

    /// Notes that a row could not be read; its name is one of these texts.
    fn lose_row(&mut self, _texts: &mut dyn Iterator<Item = &str>) {}

    /// Notes an error of the file for which it is not read on.
    fn give_up(&mut self, row: Option<u64>, expected: String) {
        self.fault(row, expected);
        self.lose_rest();
    }

    /// Notes an error that no single cell is to blame for.
    fn fault(&mut self, row: Option<u64>, expected: String) {
        self.problem(Problem {
            severity: Severity::Error,
            table: self.table().to_string(),
            row,
            file: None,
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
            file: None,
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
    mapping: Option<Mapping>,
}

impl<'a> TableSink<'a> {
    /// A sink for a table.
    pub(super) fn new(builder: &'a mut Builder, schema: &'static Schema) -> Self {
        Self { builder, schema, mapping: None }
    }
}

impl RowSink for TableSink<'_> {
    fn schema(&self) -> &'static Schema {
        self.schema
    }

    fn open(&mut self, header: &[&str]) -> &Mapping {
        self.mapping.insert(self.builder.open(self.schema, header))
    }

    fn rows(&mut self, first: u64, rows: &dyn Cells) {
        let mapping = self.mapping.as_ref().expect("a file's header comes before its rows");
        self.builder.rows(mapping, first, rows);
    }

    fn problem(&mut self, problem: Problem) {
        self.builder.problem(problem);
    }

    fn lose_rest(&mut self) {
        self.builder.lose_rest(self.schema);
    }

    fn lose_row(&mut self, texts: &mut dyn Iterator<Item = &str>) {
        self.builder.lose_row(self.schema, texts);
    }
}
