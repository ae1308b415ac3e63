//! Columns of a Parquet file as text, written as a CSV table would have them.
//!
//! A date is 2026-11-23, a number its shortest exact form, a truth value true or false, a timestamp
//! RFC 3339 (with Z if the file says that it is UTC, without an offset if it does not).

use arrow::{
    array::{Array, ArrayRef, AsArray, StringArray},
    compute::{CastOptions, cast, cast_with_options},
    datatypes::DataType,
    error::ArrowError,
    util::display::{ArrayFormatter, FormatOptions},
};

/// One column of a batch.
pub(super) struct TextColumn {
    source: ArrayRef,
    text: StringArray,
}

impl TextColumn {
    /// Turns a column into text.
    ///
    /// # Errors
    /// Values of this type have no text at all.
    pub(super) fn new(source: &ArrayRef) -> Result<Self, ArrowError> {
        let mut zoned = None;
        // The names of time zones need a database; the instant is the same in any zone.
        if let DataType::Timestamp(unit, Some(_)) = source.data_type() {
            zoned = Some(cast(source, &DataType::Timestamp(*unit, Some("+00:00".into())))?);
        }
        let text = text(zoned.as_ref().unwrap_or(source))?;
        Ok(Self { source: source.clone(), text })
    }

    /// The number of rows.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// The cell of a row; none where the file has null.
    pub(super) fn cell(&self, row: usize) -> Option<&str> {
        (!self.text.is_null(row)).then(|| self.text.value(row))
    }

    /// Whether the file has a value there that cannot be written, such as a date in the year 99999, or
    /// bytes that are not UTF-8.
    pub(super) fn is_lost(&self, row: usize) -> bool {
        self.text.is_null(row) && !self.source.is_null(row)
    }
}

fn text(column: &ArrayRef) -> Result<StringArray, ArrowError> {
    let options = CastOptions { safe: true, format_options: FormatOptions::default() };
    match cast_with_options(column, &DataType::Utf8, &options) {
        Ok(text) => Ok(text.as_string::<i32>().clone()),
        Err(_) => one_by_one(column, &options.format_options),
    }
}

/// The slow way, when a value of the column cannot be written: so that only that one is lost.
fn one_by_one(column: &ArrayRef, options: &FormatOptions<'_>) -> Result<StringArray, ArrowError> {
    let formatter = ArrayFormatter::try_new(column, options)?;
    let value = |row: usize| {
        if column.is_null(row) { None } else { formatter.value(row).try_to_string().ok() }
    };
    Ok((0..column.len()).map(value).collect())
}
