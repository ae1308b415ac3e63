//! Amounts for people: two decimals, marks between thousands. Programs get them as they are.

/// Millionths in a hundredth.
const CENT: u128 = 10_000;

/// An amount of so many millionths: "-1,234.50". Halves are rounded away from zero.
pub fn shown(millionths: i128) -> String {
    let cents = (millionths.unsigned_abs() + CENT / 2) / CENT;
    let sign = if millionths < 0 && 0 < cents { "-" } else { "" };
    format!("{sign}{}.{:02}", thousands(&(cents / 100).to_string()), cents % 100)
}

/// The same with its currency: "1,234.50 EUR".
pub fn with_currency(millionths: i128, currency: &str) -> String {
    let shown = shown(millionths);
    if currency.is_empty() { shown } else { format!("{shown} {currency}") }
}

/// Digits with marks between thousands.
pub fn thousands(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.char_indices() {
        if 0 < at && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_away_from_zero() {
        #[track_caller]
        fn check(millionths: i128, want: &str) {
            assert_eq!(shown(millionths), want);
        }
        check(0, "0.00");
        check(-4_999, "0.00");
        check(5_000, "0.01");
        check(-5_000, "-0.01");
        check(999_995_000, "1,000.00");
        check(1_234_567_500_000, "1,234,567.50");
        assert_eq!(with_currency(12_000_000, "EUR"), "12.00 EUR");
        assert_eq!(with_currency(12_000_000, ""), "12.00");
    }
}
