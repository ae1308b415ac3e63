//! Rows of texts that follow each other, each with the same number of fields.

use crate::snapshot::cells::Cells;

/// Some rows, as one text.
pub(super) struct RowText {
    text: String,
    /// Where each field ends, row by row.
    ends: Vec<usize>,
    n_columns: usize,
}

impl Cells for RowText {
    fn n_rows(&self) -> usize {
        self.ends.len() / self.n_columns
    }

    fn cell(&self, row: usize, position: usize) -> Option<&str> {
        let at = row * self.n_columns + position;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.text[start..self.ends[at]])
    }
}

impl RowText {
    /// None yet, with room for some.
    pub(super) fn with_room(n_rows: usize, n_columns: usize) -> Self {
        Self { text: String::new(), ends: Vec::with_capacity(n_rows * n_columns), n_columns }
    }

    /// The fields of a row.
    pub(super) fn n_columns(&self) -> usize {
        self.n_columns
    }

    /// Appends a row by its text and the end of each field in it.
    pub(super) fn push(&mut self, text: &str, ends: impl Iterator<Item = usize>) {
        let start = self.text.len();
        self.ends.extend(ends.map(|end| start + end));
        self.text.push_str(text);
    }

    /// Appends a row by its fields.
    pub(super) fn push_fields<'a>(&mut self, fields: impl Iterator<Item = &'a str>) {
        for field in fields {
            self.text.push_str(field);
            self.ends.push(self.text.len());
        }
    }

    /// Appends a row of empty fields.
    pub(super) fn push_blank(&mut self) {
        let end = self.text.len();
        self.ends.extend(std::iter::repeat_n(end, self.n_columns));
    }

    /// Drops all rows.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }
}
