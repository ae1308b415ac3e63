//! What stands between a file's reader and the sink of its table: names of columns in any case, numbers, dates and empty
//! texts as the format says, and rows that are left out.

use super::{
    format::{Dates, Decimal, Decimals, Format, Holds, Number, holds},
    piece::Shape,
    reading::TableFiles,
    sink::RowSink,
};
use crate::{
    model::Quantity,
    snapshot::{
        Mapping,
        cells::{Cells, RowSpan},
        problem::Problem,
        schema::Schema,
    },
};
use jiff::civil::Date;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Hands on what a file says, in our words.
pub(super) struct Translator<'a> {
    inner: &'a mut dyn RowSink,
    format: &'a Format,
    renames: Option<&'a BTreeMap<String, String>>,
    left_out: Option<&'a BTreeSet<u64>>,
    decimals: Decimals,
    /// Whether numbers are looked at although nothing is said of them.
    guesses: bool,
    /// Whether numbers are such in the file, and no texts: what is written as programs write it is one.
    has_numbers: bool,
    /// The positions of columns whose cells may have to be put differently, and what they hold.
    columns: Vec<(usize, Holds)>,
    /// The positions of all columns that are read, where some texts mean nothing.
    all: Vec<usize>,
    /// Columns that have another name in the file.
    renamed: Vec<String>,
    has_dates: bool,
    /// Whether the row whose fault was told last is one of those left out.
    is_left_out: bool,
}

impl<'a> Translator<'a> {
    /// Before one file of a table.
    pub(super) fn new(inner: &'a mut dyn RowSink, source: &TableFiles<'a>, shape: Shape) -> Self {
        let TableFiles { format, renames, left_out, .. } = *source;
        Self {
            inner,
            format,
            renames,
            left_out,
            decimals: Decimals::new(format.decimal),
            // A Parquet file has numbers as such.
            guesses: shape != Shape::Parquet || format.decimal.is_some(),
            has_numbers: shape == Shape::Workbook,
            columns: Vec::new(),
            all: Vec::new(),
            renamed: Vec::new(),
            has_dates: false,
            is_left_out: false,
        }
    }

    /// What the file was taken for.
    pub(super) fn told(&self) -> Vec<String> {
        let mut told = Vec::new();
        match self.decimals.known() {
            Some(Decimal::Comma) => told.push("decimal commas".to_string()),
            Some(Decimal::Point) if self.format.decimal.is_some() => {
                told.push("decimal points".to_string());
            }
            Some(Decimal::Point) | None => {}
        }
        let dates = self.format.dates.as_ref().filter(|_| self.has_dates);
        told.extend(dates.map(|dates| format!("dates {}", dates.pattern())));
        told.extend(self.renamed.iter().cloned());
        told
    }

    /// What cells are put differently, by row and position.
    fn changed(&mut self, rows: &dyn Cells) -> Changed {
        let mut changed = Changed::default();
        for row in 0..rows.n_rows() {
            for &(position, holds) in &self.columns {
                let Some(text) = cell_as_text(rows, row, (position, holds)) else { continue };
                let put = match holds {
                    Holds::Number if self.has_numbers && Quantity::parse(text).is_ok() => None,
                    Holds::Number => number(&mut self.decimals, text),
                    Holds::Date => {
                        self.format.dates.as_ref().and_then(|dates| Dates::read(dates, text))
                    }
                };
                if let Some(put) = put {
                    changed.insert((row, position), Some(put));
                }
            }
            let null = self.format.null.as_deref().unwrap_or_default();
            for &position in &self.all {
                let is_null = |text: &str| null.iter().any(|null| null == text.trim());
                if rows.cell(row, position).is_some_and(is_null) {
                    changed.insert((row, position), None);
                }
            }
        }
        changed
    }

    /// Hands on the runs of rows between those that are left out.
    fn hand_on(&mut self, first: u64, rows: &dyn Cells) {
        let n_rows = rows.n_rows();
        let end = first + n_rows as u64;
        let Some(left_out) = self.left_out.filter(|rows| rows.range(first..end).next().is_some())
        else {
            return self.inner.rows(first, rows);
        };
        let mut start = 0;
        let holes =
            left_out.range(first..end).map(|row| usize::try_from(row - first).unwrap_or(n_rows));
        for hole in holes.chain([n_rows]) {
            if start < hole {
                self.inner.rows(first + start as u64, &RowSpan::of(rows, start, hole - start));
            }
            start = hole + 1;
        }
    }
}

/// The text of a cell; none of a number or a date that the file has as such.
fn cell_as_text(rows: &dyn Cells, row: usize, (position, holds): (usize, Holds)) -> Option<&str> {
    let is_typed = match holds {
        Holds::Number => rows.number(row, position).is_some(),
        Holds::Date => rows.date(row, position).is_some(),
    };
    rows.cell(row, position).filter(|_| !is_typed)
}

fn number(decimals: &mut Decimals, text: &str) -> Option<String> {
    match decimals.read(text) {
        Number::AsItIs => None,
        Number::Means(number) => Some(number.into_owned()),
        Number::Doubtful(shown) => Some(shown),
    }
}

impl RowSink for Translator<'_> {
    fn schema(&self) -> &'static Schema {
        self.inner.schema()
    }

    /// What the manifest says, else ours in any case, else what stands there.
    fn ours<'n>(&'n self, name: &'n str) -> &'n str {
        let renamed = self.renames.and_then(|renames| {
            let exact = renames.get(name);
            exact.or_else(|| {
                let low = name.to_lowercase();
                let found = renames.iter().find(|(foreign, _)| foreign.to_lowercase() == low);
                found.map(|(_, ours)| ours)
            })
        });
        self.inner.ours(renamed.map_or(name, String::as_str))
    }

    fn open(&mut self, header: &[&str]) -> &Mapping {
        let ours: Vec<String> = header.iter().map(|name| self.ours(name).to_string()).collect();
        let other = header.iter().zip(&ours).filter(|(file, ours)| *file != ours);
        self.renamed = other.map(|(file, ours)| format!("{file} is {ours}")).collect();
        let ours: Vec<&str> = ours.iter().map(String::as_str).collect();
        let (guesses, has_dates) = (self.guesses, self.format.dates.is_some());
        let mapping = self.inner.open(&ours);
        self.columns.clear();
        for column in mapping.schema.columns() {
            let Some(position) = mapping.position(column) else { continue };
            match holds(column) {
                Some(Holds::Number) if guesses => self.columns.push((position, Holds::Number)),
                Some(Holds::Date) if has_dates => {
                    self.has_dates = true;
                    self.columns.push((position, Holds::Date));
                }
                Some(Holds::Number | Holds::Date) | None => {}
            }
        }
        self.all = if self.format.null.is_some() { mapping.wanted() } else { Vec::new() };
        mapping
    }

    fn rows(&mut self, first: u64, rows: &dyn Cells) {
        let changed = self.changed(rows);
        if changed.is_empty() {
            self.hand_on(first, rows);
        } else {
            self.hand_on(first, &Translated { rows, changed: &changed });
        }
    }

    fn problem(&mut self, problem: Problem) {
        let is_out = |row| self.left_out.is_some_and(|rows| rows.contains(&row));
        self.is_left_out = problem.row.is_some_and(is_out);
        if !self.is_left_out {
            self.inner.problem(problem);
        }
    }

    fn lose_rest(&mut self) {
        self.inner.lose_rest();
    }

    fn lose_row(&mut self, texts: &mut dyn Iterator<Item = &str>) {
        if !self.is_left_out {
            self.inner.lose_row(texts);
        }
    }
}

/// Cells that are put differently; nothing in the place of a text that means nothing.
type Changed = FxHashMap<(usize, usize), Option<String>>;

/// Rows some of whose cells are put differently.
struct Translated<'a> {
    rows: &'a dyn Cells,
    changed: &'a Changed,
}

impl Cells for Translated<'_> {
    fn n_rows(&self) -> usize {
        self.rows.n_rows()
    }

    fn cell(&self, row: usize, position: usize) -> Option<&str> {
        match self.changed.get(&(row, position)) {
            Some(text) => text.as_deref(),
            None => self.rows.cell(row, position),
        }
    }

    fn number(&self, row: usize, position: usize) -> Option<i64> {
        self.rows.number(row, position)
    }

    fn date(&self, row: usize, position: usize) -> Option<Date> {
        self.rows.date(row, position)
    }
}
