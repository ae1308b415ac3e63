//! From text to numbers (semantics 1): quantities, money and hours are whole micro-units, dates are
//! whole days counted from `as_of`.

use super::Row;
use jiff::civil::Date;

/// Days since `as_of`; `as_of` itself is day 0.
pub type Day = i32;

/// One unit of quantity, money or time: 6 decimals.
pub const UNIT: i64 = 1_000_000;

/// The text of a column; a missing column is an empty one.
pub fn text(row: &Row, column: &str) -> String {
    row.get(column).map(|value| value.trim().to_string()).unwrap_or_default()
}

/// A decimal number in micro-units; none where the column is empty.
pub fn micro(row: &Row, column: &str) -> Option<i64> {
    let value = text(row, column);
    if value.is_empty() { None } else { Some(parse_micro(&value)) }
}

/// `"12.5"` is 12,500,000 micro-units.
pub fn parse_micro(value: &str) -> i64 {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    assert!(fraction.len() <= 6, "more than 6 decimals: {value}");
    let digits = format!("{whole}{fraction:0<6}");
    digits.parse().unwrap_or_else(|_| panic!("not a number: {value}"))
}

/// A whole number; none where the column is empty.
pub fn whole(row: &Row, column: &str) -> Option<i32> {
    let value = text(row, column);
    if value.is_empty() {
        return None;
    }
    Some(value.parse().unwrap_or_else(|_| panic!("{column}: not a whole number: {value}")))
}

/// `true` or `false`; none where the column is empty.
pub fn flag(row: &Row, column: &str) -> Option<bool> {
    match text(row, column).to_lowercase().as_str() {
        "" => None,
        "true" | "1" | "yes" => Some(true),
        _ => Some(false),
    }
}

/// A date as a day; none where the column is empty.
pub fn day(row: &Row, column: &str, as_of: Date) -> Option<Day> {
    let value = text(row, column);
    if value.is_empty() {
        return None;
    }
    let date: Date = value.parse().unwrap_or_else(|_| panic!("{column}: not a date: {value}"));
    Some(day_of(date, as_of))
}

/// The day of a date.
pub fn day_of(date: Date, as_of: Date) -> Day {
    as_of.until(date).expect("dates in range").get_days()
}

/// The date of a day.
pub fn date_of(day: Day, as_of: Date) -> Date {
    as_of.checked_add(jiff::Span::new().days(day)).expect("days in range")
}

/// `a x b`, rounded to the nearest micro-unit, halves up: for money.
pub fn times(a: i64, b: i64) -> i64 {
    let unit = i128::from(UNIT);
    (i128::from(a) * i128::from(b) + unit / 2).div_euclid(unit) as i64
}

/// `a x b`, rounded up: for needs.
pub fn times_up(a: i64, b: i64) -> i64 {
    fraction_up(a, i128::from(b), i128::from(UNIT))
}

/// `a x b`, rounded down: for yields.
pub fn times_down(a: i64, b: i64) -> i64 {
    (i128::from(a) * i128::from(b)).div_euclid(i128::from(UNIT)) as i64
}

/// `a / b`, rounded up: for needs.
pub fn over_up(a: i64, b: i64) -> i64 {
    fraction_up(a, i128::from(UNIT), i128::from(b))
}

/// `a x numerator / denominator`, rounded up ("needs derived by division round up").
pub fn fraction_up(a: i64, numerator: i128, denominator: i128) -> i64 {
    let product = i128::from(a) * numerator;
    -((-product).div_euclid(denominator)) as i64
}

/// The smallest multiple at or above the quantity.
pub fn round_up(quantity: i64, multiple: Option<i64>) -> i64 {
    match multiple {
        Some(multiple) if multiple > 0 => (quantity + multiple - 1).div_euclid(multiple) * multiple,
        _ => quantity,
    }
}

/// The largest multiple at or below the quantity.
pub fn round_down(quantity: i64, multiple: Option<i64>) -> i64 {
    match multiple {
        Some(multiple) if multiple > 0 => quantity.div_euclid(multiple) * multiple,
        _ => quantity,
    }
}
