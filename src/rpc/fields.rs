//! Reads single fields of a message: text to keys, doubles to exact numbers, strings to dates.
//!
//! A [`FieldReader`] stands at one message of a request and notes every fault with its path, so that a caller
//! learns all of them at once. A field that is wrong gives a stand-in; whoever reads looks at the faults
//! before using anything. Nothing here knows a snapshot.

use super::status::{Faults, shown};
use crate::{
    limits::{KEY_LEN_MAX, PRIORITY_MAX, SCALE},
    model::{Money, NumberFault, Quantity, time},
};
use jiff::{Timestamp, civil::Date};

/// Reads the fields of one message and notes what is wrong.
#[derive(Debug)]
pub(super) struct FieldReader<'a> {
    faults: &'a mut Faults,
    path: Path<'a>,
}

/// Where a message stands in its request. Written out only for a fault, of which most requests have none.
#[derive(Clone, Copy, Debug)]
enum Path<'a> {
    /// The request itself.
    Root,
    /// The message in a field.
    Field(&'a Path<'a>, &'static str),
    /// One of the messages in a field.
    At(&'a Path<'a>, &'static str, usize),
}

/// Runs a reading and gives what it read, or every fault that it noted.
pub(super) fn collect<T>(read: impl FnOnce(&mut FieldReader<'_>) -> T) -> Result<T, Faults> {
    let mut faults = Faults::default();
    let value = read(&mut FieldReader::root(&mut faults));
    if faults.is_empty() { Ok(value) } else { Err(faults) }
}

impl std::fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Field(above, field) => write!(f, "{above}{field}."),
            Self::At(above, field, position) => write!(f, "{above}{field}[{position}]."),
        }
    }
}

impl<'a> FieldReader<'a> {
    /// Reads the request itself.
    pub(super) fn root(faults: &'a mut Faults) -> Self {
        Self { faults, path: Path::Root }
    }

    /// Reads the message in a field.
    pub(super) fn within(&mut self, field: &'static str) -> FieldReader<'_> {
        FieldReader { faults: self.faults, path: Path::Field(&self.path, field) }
    }

    /// Reads one of the messages in a field, such as `lines[3]`.
    pub(super) fn at(&mut self, field: &'static str, position: usize) -> FieldReader<'_> {
        FieldReader { faults: self.faults, path: Path::At(&self.path, field, position) }
    }

    /// Notes a fault of a field.
    pub(super) fn fault(&mut self, field: &str, description: impl Into<String>) {
        self.faults.note(format!("{}{field}", self.path), description);
    }

    /// A key that may be missing.
    pub(super) fn key_or_none(&mut self, field: &str, key: String) -> Option<String> {
        if key.is_empty() {
            return None;
        }
        // Bytes first: counting the characters of a huge text would be work for nothing.
        if KEY_LEN_MAX < key.len() && KEY_LEN_MAX < key.chars().count() {
            self.fault(field, format!("{} is longer than {KEY_LEN_MAX} characters", shown(&key)));
        } else if key.chars().any(char::is_control) {
            self.fault(field, format!("{} has control characters in it", shown(&key)));
        }
        Some(key)
    }

    /// A priority that may be missing.
    pub(super) fn priority(&mut self, field: &str, priority: Option<i32>) -> Option<i32> {
        let priority = priority?;
        if !(1..=PRIORITY_MAX).contains(&priority) {
            let text = format!(
                "{priority} is not a priority from 1, the most important, to {PRIORITY_MAX}"
            );
            self.fault(field, text);
        }
        Some(priority)
    }

    /// A key that must be there.
    pub(super) fn key(&mut self, field: &str, key: String) -> String {
        self.key_or_none(field, key).unwrap_or_else(|| {
            self.fault(field, "is required");
            String::new()
        })
    }

    /// A quantity that must be more than nothing.
    pub(super) fn quantity(&mut self, field: &str, value: f64) -> Quantity {
        let quantity = match millionths(value) {
            Some(millionths) => Some(Quantity::micros(millionths)),
            None => self.number(field, value, Quantity::parse),
        };
        // Zero is what a missing field reads as.
        if quantity.is_some_and(|quantity| !quantity.is_positive()) {
            self.fault(field, format!("{value} is not a quantity greater than 0"));
        }
        quantity.unwrap_or(Quantity::ONE)
    }

    /// A quantity that may be missing, but is more than nothing.
    pub(super) fn quantity_or_none(&mut self, field: &str, value: Option<f64>) -> Option<Quantity> {
        value.map(|value| self.quantity(field, value))
    }

    /// Money that may be missing, but is not negative.
    pub(super) fn money_or_none(&mut self, field: &str, value: Option<f64>) -> Option<Money> {
        let value = value?;
        let money = self.number(field, value, Money::parse)?;
        if money < Money::ZERO {
            self.fault(field, format!("{value} is negative"));
        }
        Some(money)
    }

    /// The number whose shortest decimal form is that of the double.
    ///
    /// The shortest form is what the caller wrote: 0.1 is one tenth here, not its nearest double.
    fn number<T>(
        &mut self,
        field: &str,
        value: f64,
        parse: fn(&str) -> Result<T, NumberFault>,
    ) -> Option<T> {
        match parse(&format!("{value:e}")) {
            Ok(number) => Some(number),
            Err(fault) => {
                self.fault(field, format!("{value:?} is not {fault}"));
                None
            }
        }
    }

    /// A date that may be missing.
    pub(super) fn date_or_none(&mut self, field: &str, text: &str) -> Option<Date> {
        if text.is_empty() {
            return None;
        }
        match time::parse_date(text) {
            Ok(date) => Some(date),
            Err(fault) => {
                self.fault(field, format!("{} is not {fault}", shown(text)));
                None
            }
        }
    }

    /// A date that must be there.
    pub(super) fn date(&mut self, field: &str, text: &str) -> Date {
        if text.is_empty() {
            self.fault(field, "is required");
        }
        self.date_or_none(field, text).unwrap_or(Date::ZERO)
    }

    /// An instant that may be missing.
    pub(super) fn instant_or_none(
        &mut self,
        field: &str,
        instant: Option<prost_types::Timestamp>,
    ) -> Option<Timestamp> {
        let instant = instant?;
        let read = Timestamp::new(instant.seconds, instant.nanos).ok();
        if read.is_none() {
            self.fault(field, "is not a timestamp between the years 1 and 9999");
        }
        read
    }

    /// The value of an enum; a number that no version of ours knows is a fault.
    pub(super) fn choice<T: TryFrom<i32>>(&mut self, field: &str, number: i32) -> Option<T> {
        let value = T::try_from(number).ok();
        if value.is_none() {
            self.fault(field, format!("{number} is not a value of this enum"));
        }
        value
    }

    /// A whole number of at most `max`.
    pub(super) fn at_most(&mut self, field: &str, value: u32, max: usize) -> usize {
        let value = value as usize;
        if max < value {
            self.fault(field, format!("{value} is more than {max}"));
        }
        value
    }
}

/// The millionths of a double whose shortest decimal form has at most six decimals, and 15 digits in all.
///
/// So many digits have a double of their own: where dividing gives the double back, no other number of as
/// many digits is meant. Anything else is none, and read by its digits.
#[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
fn millionths(value: f64) -> Option<i64> {
    const DIGITS_15: f64 = 1e15;
    let scale = SCALE as f64;
    let millionths = (value * scale).round();
    (millionths.abs() < DIGITS_15 && millionths / scale == value).then_some(millionths as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check<T: std::fmt::Debug>(read: impl Fn(&mut FieldReader<'_>) -> T, want: &str) {
        let mut faults = Faults::default();
        let value = read(&mut FieldReader::root(&mut faults).at("lines", 3));
        let got = match faults.iter().next() {
            Some((path, what)) => format!("{path}: {what}"),
            None => format!("{value:?}"),
        };
        assert_eq!(got, want);
    }

    #[test]
    fn doubles_are_read_by_their_shortest_decimal_form_or_refused() {
        let quantity = |value: f64| {
            move |reader: &mut FieldReader<'_>| reader.quantity("quantity", value).to_string()
        };
        check(quantity(0.1), "\"0.1\"");
        check(quantity(123_456_789.123_456), "\"123456789.123456\"");
        check(quantity(1e9), "\"1000000000\"");
        check(quantity(0.000_001), "\"0.000001\"");
        check(quantity(0.0), "lines[3].quantity: 0 is not a quantity greater than 0");
        check(quantity(-1.0), "lines[3].quantity: -1 is not a quantity greater than 0");
        check(quantity(f64::NAN), "lines[3].quantity: NaN is not a decimal number");
        check(quantity(f64::INFINITY), "lines[3].quantity: inf is not a decimal number");
        check(quantity(1e300), "lines[3].quantity: 1e300 is not a number of at most 1000000000");
        check(quantity(1e-7), "lines[3].quantity: 1e-7 is not a number with at most 6 decimals");
        check(quantity(0.1 + 0.2), "\"0.3\"");
        check(quantity(3.0 * 1.1), "\"3.3\"");
        check(quantity(1.1e9 - 1e8), "\"1000000000\"");
        check(
            quantity(0.333_333_3),
            "lines[3].quantity: 0.3333333 is not a number with at most 6 decimals",
        );
    }

    proptest! {
        #[test]
        fn the_short_way_reads_what_the_digits_say(raw in -1_000_000_000_000_001i64..1_000_000_000_000_001, any in any::<f64>()) {
            let exact = raw as f64 / SCALE as f64;
            for value in [exact, any, exact + f64::EPSILON * exact, (exact * 100.0).round() / 100.0] {
                if let Some(millionths) = millionths(value) {
                    prop_assert_eq!(Quantity::parse(&format!("{value:e}")), Ok(Quantity::micros(millionths)));
                }
            }
            prop_assert!(millionths(exact).is_some() || 999_999_999_999_999 < raw.abs());
        }
    }

    #[test]
    fn dates_have_one_form_and_exist() {
        let date = |text: &'static str| {
            move |reader: &mut FieldReader<'_>| reader.date("requested_date", text).to_string()
        };
        check(date("2026-11-23"), "\"2026-11-23\"");
        check(date("2024-02-29"), "\"2024-02-29\"");
        check(date("2026-11-23T00:00"), "\"2026-11-23\"");
        check(date(""), "lines[3].requested_date: is required");
        check(
            date("2026-11-23T10:00:00Z"),
            "lines[3].requested_date: \"2026-11-23T10:00:00Z\" is not a date such as 2026-11-23, not a point in time",
        );
        for text in ["2026-02-30", "20261123", "23.11.2026", "2026-W48-1", "tomorrow"] {
            let want =
                format!("lines[3].requested_date: {text:?} is not a date such as 2026-11-23");
            check(date(text), &want);
        }
    }

    #[test]
    fn keys_are_there_and_not_endless() {
        let key =
            |text: String| move |reader: &mut FieldReader<'_>| reader.key("item", text.clone());
        check(key("PUMP".to_string()), "\"PUMP\"");
        check(key(String::new()), "lines[3].item: is required");
        check(key("ü".repeat(KEY_LEN_MAX)), &format!("{:?}", "ü".repeat(KEY_LEN_MAX)));
        let want = format!("lines[3].item: {:?}... is longer than 256 characters", "x".repeat(64));
        check(key("x".repeat(KEY_LEN_MAX + 1)), &want);
    }
}
