//! The next rows of a column, out of its pages.

use super::{
    column::{Column, Values},
    kind::Kind,
    text,
};
use half::f16;
use parquet::{
    column::reader::{ColumnReader, ColumnReaderImpl},
    data_type::{ByteArray, DataType, FixedLenByteArray, Int96},
    errors::{ParquetError, Result},
};

/// The day of 1970-01-01, as days are counted in timestamps of twelve bytes.
const JULIAN_DAY_OF_1970: i64 = 2_440_588;

/// Decodes so many rows of a column.
///
/// # Errors
/// The file is damaged, or has fewer.
pub(super) fn column(reader: &mut ColumnReader, kind: Kind, n_rows: usize) -> Result<Column> {
    if kind == Kind::Null {
        return Ok(Column::of_nulls(n_rows));
    }
    Ok(match reader {
        ColumnReader::BoolColumnReader(reader) => rows(reader, n_rows)?.column(Values::Flags),
        ColumnReader::Int32ColumnReader(reader) => short_wholes(rows(reader, n_rows)?, kind),
        ColumnReader::Int64ColumnReader(reader) => long_wholes(rows(reader, n_rows)?, kind),
        ColumnReader::Int96ColumnReader(reader) => rows(reader, n_rows)?.written(old_instant),
        ColumnReader::FloatColumnReader(reader) => rows(reader, n_rows)?.written(|value, text| {
            text::float(value, text);
            true
        }),
        ColumnReader::DoubleColumnReader(reader) => rows(reader, n_rows)?.column(Values::Floats),
        ColumnReader::ByteArrayColumnReader(reader) => bytes(rows(reader, n_rows)?, kind),
        ColumnReader::FixedLenByteArrayColumnReader(reader) => fixed(rows(reader, n_rows)?, kind),
    })
}

/// Values of some rows; those of rows that have none mean nothing.
pub(super) struct Rows<T> {
    values: Vec<T>,
    /// Whether a row has a value; empty if all have.
    given: Vec<bool>,
}

/// Decodes so many rows; the column has one value a row or none.
fn rows<T: DataType>(reader: &mut ColumnReaderImpl<T>, n_rows: usize) -> Result<Rows<T::T>> {
    let mut values = Vec::with_capacity(n_rows);
    let mut levels = Vec::new();
    let (n_read, n_given, _) = reader.read_records(n_rows, Some(&mut levels), None, &mut values)?;
    if n_read != n_rows {
        return Err(ParquetError::EOF("a column ends before its rows do".to_string()));
    }
    if n_given == n_rows {
        return Ok(Rows { values, given: Vec::new() });
    }
    let given: Vec<_> = levels.iter().map(|level| *level > 0).collect();
    // From the last on, each value moves to its row; until then it lies before it, or there already.
    values.resize(n_rows, T::T::default());
    let mut from = n_given;
    for (row, _) in given.iter().enumerate().rev().filter(|(_, given)| **given) {
        from -= 1;
        values.swap(from, row);
    }
    Ok(Rows { values, given })
}

impl<T> Rows<T> {
    fn map<U>(self, change: impl FnMut(T) -> U) -> Rows<U> {
        Rows { values: self.values.into_iter().map(change).collect(), given: self.given }
    }

    /// A column of these values.
    fn column(self, values: impl FnOnce(Vec<T>) -> Values) -> Column {
        Column::new(values(self.values), self.given)
    }

    /// A column of texts, by a function that says whether a value has one.
    fn written(self, write: impl Fn(&T, &mut String) -> bool) -> Column {
        let mut lost = Vec::new();
        let texts = text::Texts::of(self.values.len(), |row, text| {
            let is_given = self.given.is_empty() || self.given[row];
            if is_given && !write(&self.values[row], text) {
                lost.push(row);
            }
        });
        Column::of_texts(texts, self.values.len(), self.given, lost)
    }
}

fn short_wholes(rows: Rows<i32>, kind: Kind) -> Column {
    match kind {
        Kind::Date => rows.column(Values::Dates),
        Kind::Unsigned => rows.map(|value| i64::from(value.cast_unsigned())).column(Values::Wholes),
        Kind::Plain
        | Kind::Decimal(_)
        | Kind::TimeOfDay(_)
        | Kind::Instant(..)
        | Kind::Half
        | Kind::Uuid
        | Kind::Null => long_wholes(rows.map(i64::from), kind),
    }
}

fn long_wholes(rows: Rows<i64>, kind: Kind) -> Column {
    match kind {
        Kind::Unsigned => {
            let values = rows.map(|value| i128::from(value.cast_unsigned()));
            values.column(|values| Values::Decimals(values, 0))
        }
        Kind::Decimal(places) => {
            rows.map(i128::from).column(|values| Values::Decimals(values, places))
        }
        Kind::TimeOfDay(units) => rows.written(move |value, text| {
            let (seconds, nanos) = seconds(*value, units);
            text::time_of_day(seconds, nanos, text)
        }),
        Kind::Instant(units, is_utc) => rows.written(move |value, text| {
            let (seconds, nanos) = seconds(*value, units);
            text::instant(seconds, nanos, is_utc, text)
        }),
        Kind::Plain | Kind::Date | Kind::Half | Kind::Uuid | Kind::Null => {
            rows.column(Values::Wholes)
        }
    }
}

/// Whole seconds, rounded down, and the rest in billionths.
fn seconds(value: i64, units_a_second: i64) -> (i64, u32) {
    let rest = value.rem_euclid(units_a_second) * (1_000_000_000 / units_a_second);
    let rest = u32::try_from(rest).expect("less than a second");
    (value.div_euclid(units_a_second), rest)
}

/// The timestamps of files before there was a type for them: the day, and billionths of a second since its start.
fn old_instant(value: &Int96, text: &mut String) -> bool {
    let [low, high, day] = *value.data() else { return false };
    let (in_day, nanos) = seconds((i64::from(high) << 32) | i64::from(low), 1_000_000_000);
    let day = i64::from(day.cast_signed()) - JULIAN_DAY_OF_1970;
    let whole = (day * 86_400).checked_add(in_day);
    whole.is_some_and(|whole| text::instant(whole, nanos, false, text))
}

fn bytes(rows: Rows<ByteArray>, kind: Kind) -> Column {
    if let Kind::Decimal(places) = kind {
        return decimals(rows, places);
    }
    rows.column(Values::Texts)
}

/// Values that are all of the same number of bytes.
fn fixed(rows: Rows<FixedLenByteArray>, kind: Kind) -> Column {
    match kind {
        Kind::Decimal(places) => decimals(rows.map(ByteArray::from), places),
        Kind::Half => rows.written(|value, text| {
            let bytes = value.data().try_into().ok();
            bytes.is_some_and(|bytes| {
                text::float(f16::from_le_bytes(bytes).to_f32(), text);
                true
            })
        }),
        Kind::Uuid => rows.written(|value, text| {
            text::uuid(value.data(), text);
            true
        }),
        Kind::Plain
        | Kind::Unsigned
        | Kind::Date
        | Kind::TimeOfDay(_)
        | Kind::Instant(..)
        | Kind::Null => rows.written(|value, text| {
            text::hex(value.data(), text);
            true
        }),
    }
}

/// Numbers of any length, highest byte first; most fit sixteen bytes.
fn decimals(rows: Rows<ByteArray>, places: u32) -> Column {
    let is_given = |row: usize| rows.given.is_empty() || rows.given[row];
    let value = |(row, bytes): (usize, &ByteArray)| {
        if is_given(row) { narrow(bytes.data()) } else { Some(0) }
    };
    match rows.values.iter().enumerate().map(value).collect() {
        Some(values) => Column::new(Values::Decimals(values, places), rows.given),
        None => rows.written(|bytes, text| {
            text::long_decimal(bytes.data(), places, text);
            true
        }),
    }
}

/// A number of at most sixteen bytes.
fn narrow(bytes: &[u8]) -> Option<i128> {
    let room = 16_usize.checked_sub(bytes.len())?;
    let is_negative = bytes.first().is_some_and(|byte| 0x80 <= *byte);
    let mut whole = [if is_negative { 0xff } else { 0 }; 16];
    whole[room..].copy_from_slice(bytes);
    Some(i128::from_be_bytes(whole))
}
