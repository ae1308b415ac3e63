//! Exact decimal numbers: integers of a millionth, as the contract allows six decimals.

use crate::Fallible;

/// Millionths in one.
pub(crate) const ONE: i64 = 1_000_000;

const DECIMALS: usize = 6;

/// Reads `12`, `12.5` or `12.3400` as millionths. The raw tables carry no negative numbers.
pub(crate) fn parse(text: &str) -> Fallible<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > DECIMALS {
        return Err(format!("{text:?} has more than {DECIMALS} decimals").into());
    }
    let digits = format!("{whole}{fraction:0<DECIMALS$}");
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(format!("{text:?} is not a decimal number").into());
    }
    digits.parse().map_err(|error| format!("{text:?}: {error}").into())
}

/// Writes millionths without trailing zeros: `12.34`.
pub(crate) fn format(millionths: i64) -> String {
    let (whole, fraction) = (millionths / ONE, millionths % ONE);
    let text = format!("{whole}.{fraction:0DECIMALS$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Divides and rounds to the nearest millionth, halves up.
pub(crate) fn divide(dividend: i64, divisor: i64) -> i64 {
    (dividend + divisor / 2) / divisor
}
