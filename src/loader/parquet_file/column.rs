//! One column of a batch of a Parquet file.
//!
//! Each cell has a text, written as a CSV table would have it: a date is 2026-11-23, a number its shortest exact
//! form, a truth value true or false, a timestamp RFC 3339 (with Z if the file says that it is UTC, without an
//! offset if it does not). Most numbers and dates are asked for as what they are; those columns become text
//! only when somebody asks for it: where a key is a number, or to name a fault.

use super::text::{self, JoinedTexts};
use crate::{
    limits::{AMOUNT_MAX, SCALE},
    model::time,
};
use jiff::civil::Date;
use parquet::data_type::ByteArray;
use std::{ops::RangeInclusive, str, sync::OnceLock};

/// The dates of years 1 to 9999, in days from 1970 on.
const USUAL_DAYS: RangeInclusive<i32> = -719_162..=2_932_896;

/// One column of a batch.
pub(super) struct ColumnBatch {
    values: Values,
    /// Whether a row has a value; empty if all have.
    given: Vec<bool>,
    /// The rows whose value has no text, rising.
    lost: Vec<usize>,
    /// The text of what is not text, once somebody has asked for it.
    text: OnceLock<JoinedTexts>,
}

/// The values of a column; that of a row without one means nothing.
pub(super) enum Values {
    /// As the file has them; most are text in UTF-8.
    Texts(Vec<ByteArray>),
    /// Made of what no number or date can be had of.
    Written(JoinedTexts, usize),
    Flags(Vec<bool>),
    /// Days since 1970.
    Dates(Vec<i32>),
    Wholes(Vec<i64>),
    Floats(Vec<f64>),
    /// Numbers of units, and the decimal places of a unit.
    Decimals(Vec<i128>, u32),
    /// So many rows without a value.
    Nulls(usize),
}

impl Values {
    fn len(&self) -> usize {
        match self {
            Self::Texts(all) => all.len(),
            Self::Flags(all) => all.len(),
            Self::Dates(all) => all.len(),
            Self::Wholes(all) => all.len(),
            Self::Floats(all) => all.len(),
            Self::Decimals(all, _) => all.len(),
            Self::Written(_, n_rows) | Self::Nulls(n_rows) => *n_rows,
        }
    }

    /// Whether the value of a row can be written.
    fn has_text(&self, row: usize) -> bool {
        match self {
            Self::Texts(all) => str::from_utf8(all[row].data()).is_ok(),
            Self::Dates(days) => USUAL_DAYS.contains(&days[row]),
            Self::Written(..)
            | Self::Flags(_)
            | Self::Wholes(_)
            | Self::Floats(_)
            | Self::Decimals(..)
            | Self::Nulls(_) => true,
        }
    }

    /// Writes the value of a row that is neither text nor a word.
    fn write(&self, row: usize, text: &mut String) {
        match self {
            Self::Dates(days) => text::append(text, &time::since_1970(days[row])),
            Self::Wholes(all) => text::append(text, &all[row]),
            Self::Floats(all) => text::float(all[row], text),
            Self::Decimals(all, places) => text::decimal(&all[row].to_string(), *places, text),
            Self::Texts(_) | Self::Written(..) | Self::Flags(_) | Self::Nulls(_) => {}
        }
    }
}

impl ColumnBatch {
    /// A column of values, and which rows have one: if none is named, all.
    pub(super) fn new(values: Values, given: Vec<bool>) -> Self {
        let mut column = Self { values, given, lost: Vec::new(), text: OnceLock::new() };
        if matches!(column.values, Values::Texts(_) | Values::Dates(_)) {
            let is_lost = |row: &usize| column.is_given(*row) && !column.values.has_text(*row);
            column.lost = (0..column.len()).filter(is_lost).collect();
        }
        column
    }

    /// A column of texts, which rows have one, and for which none could be written.
    pub(super) fn of_texts(
        texts: JoinedTexts,
        n_rows: usize,
        given: Vec<bool>,
        lost: Vec<usize>,
    ) -> Self {
        Self { values: Values::Written(texts, n_rows), given, lost, text: OnceLock::new() }
    }

    /// A column without any value.
    pub(super) fn of_nulls(n_rows: usize) -> Self {
        Self::new(Values::Nulls(n_rows), Vec::new())
    }

    /// The number of rows.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    fn is_given(&self, row: usize) -> bool {
        self.given.is_empty() || self.given[row]
    }

    /// The cell of a row as text; none where the file has null.
    pub(super) fn cell(&self, row: usize) -> Option<&str> {
        if !self.is_given(row) {
            return None;
        }
        match &self.values {
            Values::Texts(all) => str::from_utf8(all[row].data()).ok(),
            Values::Written(texts, _) => Some(texts.get(row)),
            Values::Flags(flags) => Some(word(flags[row])),
            Values::Dates(_) | Values::Wholes(_) | Values::Floats(_) | Values::Decimals(..) => {
                Some(self.text().get(row))
            }
            Values::Nulls(_) => None,
        }
    }

    fn text(&self) -> &JoinedTexts {
        let write = |row: usize, text: &mut String| {
            if self.is_given(row) {
                self.values.write(row, text);
            }
        };
        self.text.get_or_init(|| JoinedTexts::of(self.len(), write))
    }

    /// The number of a row in millionths, where its text would be read as just that.
    pub(super) fn number(&self, row: usize) -> Option<i64> {
        if !self.is_given(row) {
            return None;
        }
        match &self.values {
            Values::Wholes(all) => millionths(all[row].into(), SCALE),
            // Those with more places than a quantity may have are left to the parser of text.
            Values::Decimals(all, places) => {
                millionths(all[row], 10_i64.pow(6_u32.checked_sub(*places)?))
            }
            Values::Floats(all) => exactly(all[row]),
            Values::Texts(_)
            | Values::Written(..)
            | Values::Flags(_)
            | Values::Dates(_)
            | Values::Nulls(_) => None,
        }
    }

    /// The date of a row.
    pub(super) fn date(&self, row: usize) -> Option<Date> {
        let Values::Dates(days) = &self.values else { return None };
        self.is_given(row).then(|| time::since_1970(days[row]))
    }

    /// Whether the file has a value there that cannot be written, such as a date in the year 99999, or
    /// bytes that are not UTF-8.
    pub(super) fn is_lost(&self, row: usize) -> bool {
        !self.lost.is_empty() && self.lost.binary_search(&row).is_ok()
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Quantity, time::read_date};
    use proptest::prelude::*;

    /// What a cell is read as by its text, where that is a number.
    fn by_text(column: &ColumnBatch) -> Option<i64> {
        Quantity::parse(column.cell(0)?).ok().map(Quantity::raw)
    }

    /// A column of one row.
    fn column(values: Values) -> ColumnBatch {
        ColumnBatch::new(values, Vec::new())
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
                let float = column(Values::Floats(vec![value]));
                if let Some(number) = float.number(0) {
                    prop_assert_eq!(by_text(&float), Some(number));
                }
            }
            if few.abs() < LARGEST {
                let float = column(Values::Floats(vec![few as f64 / 1e6]));
                prop_assert_eq!(float.number(0), Some(few));
            }
            let whole = column(Values::Wholes(vec![few]));
            prop_assert!(whole.number(0).is_none_or(|number| by_text(&whole) == Some(number)));
            let decimal = column(Values::Decimals(vec![i128::from(few)], places));
            prop_assert!(decimal.number(0).is_none_or(|number| by_text(&decimal) == Some(number)));
        }

        #[test]
        fn a_date_is_what_its_text_says(day in USUAL_DAYS) {
            let dates = column(Values::Dates(vec![day]));
            prop_assert_eq!(dates.date(0), read_date(dates.cell(0).expect("it has a text")));
        }
    }

    #[test]
    fn what_is_no_amount_is_left_to_its_text() {
        for value in [f64::NAN, f64::INFINITY, 1e9, 1e300, 0.000_000_1, 1e-300] {
            assert_eq!(exactly(value), None, "{value}");
        }
        assert_eq!((exactly(-0.0), exactly(999_999_999.999_999)), (Some(0), Some(LARGEST - 1)));
        let nothing = ColumnBatch::new(Values::Floats(vec![1.0]), vec![false]);
        assert_eq!((nothing.number(0), nothing.cell(0)), (None, None));
    }
}
