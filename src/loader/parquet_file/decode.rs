//! The next rows of a column, out of its pages.

use super::{
    column::{ColumnBatch, Values},
    kind::ValueMeaning,
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
pub(super) fn column(
    reader: &mut ColumnReader,
    kind: ValueMeaning,
    n_rows: usize,
) -> Result<ColumnBatch> {
    if kind == ValueMeaning::Null {
        return Ok(ColumnBatch::of_nulls(n_rows));
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
pub(super) struct DecodedRows<T> {
    values: Vec<T>,
    /// Whether a row has a value; empty if all have.
    given: Vec<bool>,
}

/// Decodes so many rows; the column has one value a row or none.
fn rows<T: DataType>(reader: &mut ColumnReaderImpl<T>, n_rows: usize) -> Result<DecodedRows<T::T>> {
    let mut values = Vec::with_capacity(n_rows);
    let mut levels = Vec::new();
    let (n_read, n_given, _) = reader.read_records(n_rows, Some(&mut levels), None, &mut values)?;
    if n_read != n_rows {
        return Err(ParquetError::EOF("a column ends before its rows do".to_string()));
    }
    if n_given == n_rows {
        return Ok(DecodedRows { values, given: Vec::new() });
    }
    let given: Vec<_> = levels.iter().map(|level| *level > 0).collect();
    // From the last on, each value moves to its row; until then it lies before it, or there already.
    values.resize(n_rows, T::T::default());
    let mut from = n_given;
    for (row, _) in given.iter().enumerate().rev().filter(|(_, given)| **given) {
        from -= 1;
        values.swap(from, row);
    }
    Ok(DecodedRows { values, given })
}

impl<T> DecodedRows<T> {
    fn map<U>(self, change: impl FnMut(T) -> U) -> DecodedRows<U> {
        DecodedRows { values: self.values.into_iter().map(change).collect(), given: self.given }
    }

    /// A column of these values.
    fn column(self, values: impl FnOnce(Vec<T>) -> Values) -> ColumnBatch {
        ColumnBatch::new(values(self.values), self.given)
    }

    /// A column of texts, by a function that says whether a value has one.
    fn written(self, write: impl Fn(&T, &mut String) -> bool) -> ColumnBatch {
        let mut lost = Vec::new();
        let texts = text::JoinedTexts::of(self.values.len(), |row, text| {
            let is_given = self.given.is_empty() || self.given[row];
            if is_given && !write(&self.values[row], text) {
                lost.push(row);
            }
        });
        ColumnBatch::of_texts(texts, self.values.len(), self.given, lost)
    }
}

fn short_wholes(rows: DecodedRows<i32>, kind: ValueMeaning) -> ColumnBatch {
    match kind {
        ValueMeaning::Date => rows.column(Values::Dates),
        ValueMeaning::Unsigned => {
            rows.map(|value| i64::from(value.cast_unsigned())).column(Values::Wholes)
        }
        ValueMeaning::Plain
        | ValueMeaning::Decimal(_)
        | ValueMeaning::TimeOfDay(_)
        | ValueMeaning::Instant(..)
        | ValueMeaning::Half
        | ValueMeaning::Uuid
        | ValueMeaning::Null => long_wholes(rows.map(i64::from), kind),
    }
}

fn long_wholes(rows: DecodedRows<i64>, kind: ValueMeaning) -> ColumnBatch {
    match kind {
        ValueMeaning::Unsigned => {
            let values = rows.map(|value| i128::from(value.cast_unsigned()));
            values.column(|values| Values::Decimals(values, 0))
        }
        ValueMeaning::Decimal(places) => {
            rows.map(i128::from).column(|values| Values::Decimals(values, places))
        }
        ValueMeaning::TimeOfDay(units) => rows.written(move |value, text| {
            let (seconds, nanos) = seconds(*value, units);
            text::time_of_day(seconds, nanos, text)
        }),
        ValueMeaning::Instant(units, is_utc) => rows.written(move |value, text| {
            let (seconds, nanos) = seconds(*value, units);
            text::instant(seconds, nanos, is_utc, text)
        }),
        ValueMeaning::Plain
        | ValueMeaning::Date
        | ValueMeaning::Half
        | ValueMeaning::Uuid
        | ValueMeaning::Null => rows.column(Values::Wholes),
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

fn bytes(rows: DecodedRows<ByteArray>, kind: ValueMeaning) -> ColumnBatch {
    if let ValueMeaning::Decimal(places) = kind {
        return decimals(rows, places);
    }
    rows.column(Values::Texts)
}

/// Values that are all of the same number of bytes.
fn fixed(rows: DecodedRows<FixedLenByteArray>, kind: ValueMeaning) -> ColumnBatch {
    match kind {
        ValueMeaning::Decimal(places) => decimals(rows.map(ByteArray::from), places),
        ValueMeaning::Half => rows.written(|value, text| {
            let bytes = value.data().try_into().ok();
            bytes.is_some_and(|bytes| {
                text::float(f16::from_le_bytes(bytes).to_f32(), text);
                true
            })
        }),
        ValueMeaning::Uuid => rows.written(|value, text| {
            text::uuid(value.data(), text);
            true
        }),
        ValueMeaning::Plain
        | ValueMeaning::Unsigned
        | ValueMeaning::Date
        | ValueMeaning::TimeOfDay(_)
        | ValueMeaning::Instant(..)
        | ValueMeaning::Null => rows.written(|value, text| {
            text::hex(value.data(), text);
            true
        }),
    }
}

/// Numbers of any length, highest byte first; most fit sixteen bytes.
fn decimals(rows: DecodedRows<ByteArray>, places: u32) -> ColumnBatch {
    let is_given = |row: usize| rows.given.is_empty() || rows.given[row];
    let value = |(row, bytes): (usize, &ByteArray)| {
        if is_given(row) { narrow(bytes.data()) } else { Some(0) }
    };
    match rows.values.iter().enumerate().map(value).collect() {
        Some(values) => ColumnBatch::new(Values::Decimals(values, places), rows.given),
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
