//! The texts of values that are not text in their file, as a CSV table would have them.

use jiff::{Timestamp, tz::Offset};
use num_bigint::BigInt;
use std::fmt::{self, Write as _};

/// Texts one after the other.
#[derive(Debug, Default)]
pub(super) struct JoinedTexts {
    all: String,
    ends: Vec<usize>,
}

impl JoinedTexts {
    /// One for each of so many rows, written by a function.
    pub(super) fn of(n_rows: usize, mut write: impl FnMut(usize, &mut String)) -> Self {
        let mut texts = Self { all: String::new(), ends: Vec::with_capacity(n_rows) };
        for row in 0..n_rows {
            write(row, &mut texts.all);
            texts.ends.push(texts.all.len());
        }
        texts
    }

    /// That of a row.
    pub(super) fn get(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.all[start..self.ends[row]]
    }
}

/// Writes something after a text.
pub(super) fn append(text: &mut String, what: &dyn fmt::Display) {
    write!(text, "{what}").expect("text takes every text");
}

/// The shortest number that is read as this one and no other.
pub(super) fn float(value: impl fmt::Debug, text: &mut String) {
    write!(text, "{value:?}").expect("text takes every text");
}

/// A whole number of units of so many decimal places.
pub(super) fn decimal(digits: &str, places: u32, text: &mut String) {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    text.push_str(sign);
    let places = places as usize;
    if places == 0 {
        text.push_str(digits);
        return;
    }
    let (whole, part) = digits.split_at(digits.len().saturating_sub(places));
    text.push_str(if whole.is_empty() { "0" } else { whole });
    append(text, &format_args!(".{part:0>places$}"));
}

/// A whole number of any length, its highest byte first.
pub(super) fn long_decimal(bytes: &[u8], places: u32, text: &mut String) {
    decimal(&BigInt::from_signed_bytes_be(bytes).to_string(), places, text);
}

/// A point in time, RFC 3339: seconds since 1970 and what is beyond the second; false if no date is that far.
pub(super) fn instant(seconds: i64, nanos: u32, is_utc: bool, text: &mut String) -> bool {
    let Ok(instant) = Timestamp::from_second(seconds) else { return false };
    let instant = Offset::UTC.to_datetime(instant);
    if instant.year() < 0 {
        return false;
    }
    append(text, &instant);
    part_of_second(nanos, text);
    if is_utc {
        text.push('Z');
    }
    true
}

/// A time of day; false if a day is shorter.
pub(super) fn time_of_day(seconds: i64, nanos: u32, text: &mut String) -> bool {
    let is_time = (0..24 * 3_600).contains(&seconds);
    if is_time {
        let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        append(text, &format_args!("{hour:02}:{minute:02}:{second:02}"));
        part_of_second(nanos, text);
    }
    is_time
}

/// In thousandths, millionths or billionths, whichever is exact.
fn part_of_second(nanos: u32, text: &mut String) {
    match nanos {
        0 => {}
        _ if nanos.is_multiple_of(1_000_000) => {
            append(text, &format_args!(".{:03}", nanos / 1_000_000))
        }
        _ if nanos.is_multiple_of(1_000) => append(text, &format_args!(".{:06}", nanos / 1_000)),
        _ => append(text, &format_args!(".{nanos:09}")),
    }
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8], text: &mut String) {
    for byte in bytes {
        append(text, &format_args!("{byte:02x}"));
    }
}

/// An identity in its usual form: five groups of digits.
pub(super) fn uuid(bytes: &[u8], text: &mut String) {
    let groups = [0..4, 4..6, 6..8, 8..10, 10..16];
    for (n, group) in groups.into_iter().enumerate() {
        if n > 0 {
            text.push('-');
        }
        hex(&bytes[group], text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a function has written.
    fn written(write: impl FnOnce(&mut String)) -> String {
        let mut text = String::new();
        write(&mut text);
        text
    }

    #[test]
    fn numbers() {
        for (digits, places, want) in [
            ("12500", 3, "12.500"),
            ("5", 3, "0.005"),
            ("-5", 3, "-0.005"),
            ("-12500", 0, "-12500"),
            ("123", 3, "0.123"),
            ("0", 2, "0.00"),
        ] {
            assert_eq!(written(|text| decimal(digits, places, text)), want);
        }
        let mut long = [0; 20];
        long[0] = 1;
        let want = "5708990770823839524233143877797980545530986496";
        assert_eq!(written(|text| long_decimal(&long, 0, text)), want);
        assert_eq!(written(|text| long_decimal(&[0xff, 0x38], 1, text)), "-20.0");
        for (value, want) in [(3.0, "3.0"), (0.1, "0.1"), (f64::NAN, "NaN"), (1e300, "1e300")] {
            assert_eq!(written(|text| float(value, text)), want);
        }
        assert_eq!(written(|text| float(0.1_f32, text)), "0.1");
    }

    #[test]
    fn times() {
        let utc = |seconds, nanos| {
            let mut text = String::new();
            instant(seconds, nanos, true, &mut text).then_some(text)
        };
        assert_eq!(utc(1_764_000_000, 0).as_deref(), Some("2025-11-24T16:00:00Z"));
        assert_eq!(utc(-1, 500_000_000).as_deref(), Some("1969-12-31T23:59:59.500Z"));
        assert_eq!(utc(0, 1_000).as_deref(), Some("1970-01-01T00:00:00.000001Z"));
        assert_eq!((utc(i64::MAX, 0), utc(-63_000_000_000_000, 0)), (None, None));
        assert_eq!(
            written(|text| assert!(instant(0, 1, false, text))),
            "1970-01-01T00:00:00.000000001"
        );
        assert_eq!(written(|text| assert!(time_of_day(86_399, 0, text))), "23:59:59");
        assert_eq!(written(|text| assert!(!time_of_day(86_400, 0, text))), "");
    }

    #[test]
    fn identities() {
        let bytes: Vec<u8> = (0..16).collect();
        let want = "00010203-0405-0607-0809-0a0b0c0d0e0f";
        assert_eq!(written(|text| uuid(&bytes, text)), want);
    }
}
