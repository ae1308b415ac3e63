//! Rows of a file, many at a time, as a loader hands them over.

/// Cells of some rows that follow each other; each is text, whatever it was in its file.
pub trait Cells: Sync {
    /// How many rows there are.
    fn n_rows(&self) -> usize;

    /// The cell of a row in a column of the file; none where there is nothing.
    fn cell(&self, row: usize, position: usize) -> Option<&str>;
}
