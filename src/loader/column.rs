//! One column of a batch of a Parquet file.
//!
//! Each cell has a text, written as a CSV table would have it: a date is 2026-11-23, a number its shortest exact
//! form, a truth value true or false, a timestamp RFC 3339 (with Z if the file says that it is UTC, without an
//! offset if it does not). Most numbers and dates are asked for as what they are; those columns become text
//! only when somebody asks for it: where a key is a number, or to name a fault.

use crate::{
    limits::{AMOUNT_MAX, SCALE},
    model::time,
};
use arrow::{
    array::{
        Array, ArrayRef, AsArray, BooleanArray, Date32Array, Decimal128Array, Float64Array,
        Int32Array, Int64Array, StringArray,
    },
    compute::{CastOptions, cast, cast_with_options},
    datatypes::{DataType, Float64Type, Int32Type, Int64Type},
    error::ArrowError,
    util::display::{ArrayFormatter, FormatOptions},
};
use jiff::civil::Date;
use std::{ops::RangeInclusive, sync::OnceLock};

/// The dates of years 1 to 9999, in days from 1970 on.
const USUAL_DAYS: RangeInclusive<i32> = -719_162..=2_932_896;

/// One column of a batch.
pub(super) struct Column {
    source: ArrayRef,
    values: Values,
    /// The text of what is not text, once somebody has asked for it.
    text: OnceLock<StringArray>,
}

/// What can be had without making text of it.
enum Values {
    Texts(StringArray),
    Flags(BooleanArray),
    Dates(Date32Array),
    Wholes(Int64Array),
    ShortWholes(Int32Array),
    Floats(Float64Array),
    /// Fixed-point numbers, and how many millionths one of their units is.
    Decimals(Decimal128Array, i64),
}

impl Values {
    fn of(source: &ArrayRef) -> Result<Self, ArrowError> {
        let of_type = Self::flags(source)
            .or_else(|| source.as_primitive_opt::<Int64Type>().cloned().map(Self::Wholes))
            .or_else(|| source.as_primitive_opt::<Int32Type>().cloned().map(Self::ShortWholes))
            .or_else(|| source.as_primitive_opt::<Float64Type>().cloned().map(Self::Floats))
            .or_else(|| Self::decimals(source.as_primitive_opt()?))
            .or_else(|| Self::dates(source.as_primitive_opt()?));
        of_type.map_or_else(|| in_text(source).map(Self::Texts), Ok)
    }

    fn flags(source: &ArrayRef) -> Option<Self> {
        source.as_boolean_opt().cloned().map(Self::Flags)
    }

    /// Those with more places than a quantity may have are left to the parser of text.
    fn decimals(all: &Decimal128Array) -> Option<Self> {
        let beyond = 6_u32.checked_sub(u32::try_from(all.scale()).ok()?)?;
        Some(Self::Decimals(all.clone(), 10_i64.pow(beyond)))
    }

    fn dates(all: &Date32Array) -> Option<Self> {
        are_usual(all).then(|| Self::Dates(all.clone()))
    }
}

fn are_usual(days: &Date32Array) -> bool {
    days.iter().flatten().all(|day| USUAL_DAYS.contains(&day))
}

impl Column {
    /// A column as it was decoded.
    ///
    /// # Errors
    /// Values of this type have no text at all.
    pub(super) fn new(source: &ArrayRef) -> Result<Self, ArrowError> {
        let values = Values::of(source)?;
        Ok(Self { source: source.clone(), values, text: OnceLock::new() })
    }

    /// The number of rows.
    pub(super) fn len(&self) -> usize {
        self.source.len()
    }

    /// The cell of a row as text; none where the file has null.
    pub(super) fn cell(&self, row: usize) -> Option<&str> {
        match &self.values {
            Values::Texts(text) => (!text.is_null(row)).then(|| text.value(row)),
            Values::Flags(flags) => given(flags, row).then(|| word(flags.value(row))),
            Values::Dates(_)
            | Values::Wholes(_)
            | Values::ShortWholes(_)
            | Values::Floats(_)
            | Values::Decimals(..) => given(&self.source, row).then(|| self.text().value(row)),
        }
    }

    fn text(&self) -> &StringArray {
        let made = || in_text(&self.source).expect("any number and usual date has a text");
        self.text.get_or_init(made)
    }

    /// The number of a row in millionths, where its text would be read as just that.
    pub(super) fn number(&self, row: usize) -> Option<i64> {
        match &self.values {
            Values::Wholes(all) if given(all, row) => millionths(all.value(row).into(), SCALE),
            Values::ShortWholes(all) if given(all, row) => millionths(all.value(row).into(), SCALE),
            Values::Decimals(all, unit) if given(all, row) => millionths(all.value(row), *unit),
            Values::Floats(all) if given(all, row) => exactly(all.value(row)),
            Values::Texts(_)
            | Values::Flags(_)
            | Values::Dates(_)
            | Values::Wholes(_)
            | Values::ShortWholes(_)
            | Values::Floats(_)
            | Values::Decimals(..) => None,
        }
    }

    /// The date of a row.
    pub(super) fn date(&self, row: usize) -> Option<Date> {
        let Values::Dates(days) = &self.values else { return None };
        given(days, row).then(|| time::since_1970(days.value(row)))
    }

    /// Whether the file has a value there that cannot be written, such as a date in the year 99999, or
    /// bytes that are not UTF-8.
    pub(super) fn is_lost(&self, row: usize) -> bool {
        let Values::Texts(text) = &self.values else { return false };
        text.is_null(row) && given(&self.source, row)
    }
}

fn given(array: &dyn Array, row: usize) -> bool {
    !array.is_null(row)
}

fn word(flag: bool) -> &'static str {
    if flag { "true" } else { "false" }
}

/// So many units of so many millionths; none from the largest amount on, which the parser of text judges.
fn millionths(units: i128, unit: i64) -> Option<i64> {
    let millionths = i64::try_from(units).ok()?.checked_mul(unit)?;
    (millionths.unsigned_abs() < LARGEST.unsigned_abs()).then_some(millionths)
}

const LARGEST: i64 = AMOUNT_MAX * SCALE;

/// A number of the file that is the nearest one to a decimal of at most six places, as that decimal.
///
/// Below the largest amount it has at most 15 digits, no other decimal of so few digits has the same nearest
/// number, and the shortest text that names a number has no more digits: so the text would name this one.
#[expect(clippy::cast_possible_truncation, reason = "a whole number below the largest amount")]
fn exactly(value: f64) -> Option<i64> {
    let (scale, largest) = (SCALE as f64, LARGEST as f64);
    let rounded = (value * scale).round();
    let is_exact = rounded.abs() < largest && rounded / scale == value;
    is_exact.then_some(rounded as i64)
}

/// A column as text; null where a value has none.
fn in_text(source: &ArrayRef) -> Result<StringArray, ArrowError> {
    let mut zoned = None;
    // The names of time zones need a database; the instant is the same in any zone.
    if let DataType::Timestamp(unit, Some(_)) = source.data_type() {
        zoned = Some(cast(source, &DataType::Timestamp(*unit, Some("+00:00".into())))?);
    }
    let column = zoned.as_ref().unwrap_or(source);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Quantity, time::read_date};
    use proptest::prelude::*;
    use std::sync::Arc;

    /// What a cell is read as by its text, where that is a number.
    fn by_text(column: &Column) -> Option<i64> {
        Quantity::parse(column.cell(0)?).ok().map(Quantity::raw)
    }

    fn column(source: impl Array + 'static) -> Column {
        Column::new(&(Arc::new(source) as ArrayRef)).expect("numbers and dates have a text")
    }

    proptest! {
        #[test]
        fn a_number_is_what_its_text_says(
            micros in -1_100_000_000_000_000_i64..1_100_000_000_000_000,
            places in 0_u32..7,
            any in any::<f64>(),
        ) {
            let few = micros / 10_i64.pow(places) * 10_i64.pow(places);
            for value in [micros as f64 / 1e6, few as f64 / 1e6, few as f64 / 1e7, any, any.trunc()] {
                let float = column(Float64Array::from(vec![value]));
                if let Some(number) = float.number(0) {
                    prop_assert_eq!(by_text(&float), Some(number));
                }
            }
            if few.abs() < LARGEST {
                let float = column(Float64Array::from(vec![few as f64 / 1e6]));
                prop_assert_eq!(float.number(0), Some(few));
            }
            let whole = column(Int64Array::from(vec![few]));
            prop_assert!(whole.number(0).is_none_or(|number| by_text(&whole) == Some(number)));
            let decimal = Decimal128Array::from(vec![i128::from(few)]);
            let decimal = column(decimal.with_precision_and_scale(20, 4).expect("it fits"));
            prop_assert!(decimal.number(0).is_none_or(|number| by_text(&decimal) == Some(number)));
        }

        #[test]
        fn a_date_is_what_its_text_says(day in USUAL_DAYS) {
            let dates = column(Date32Array::from(vec![day]));
            prop_assert_eq!(dates.date(0), read_date(dates.cell(0).expect("it has a text")));
        }
    }

    #[test]
    fn what_is_no_amount_is_left_to_its_text() {
        for value in [f64::NAN, f64::INFINITY, 1e9, 1e300, 0.000_000_1, 1e-300] {
            assert_eq!(exactly(value), None, "{value}");
        }
        assert_eq!((exactly(-0.0), exactly(999_999_999.999_999)), (Some(0), Some(LARGEST - 1)));
        let nothing = column(Float64Array::from(vec![None]));
        assert_eq!((nothing.number(0), nothing.cell(0)), (None, None));
    }
}
