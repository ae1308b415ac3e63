//! Amounts for people: two decimals, marks between thousands, the currency. Files and programs get them as they are.

use crate::rpc::money;

/// The currency of an amount, such as "EUR".
pub(super) type Currency<'a> = &'a str;

/// An amount: "-1,234.50". Halves are rounded away from zero.
pub(super) fn shown(amount: f64) -> String {
    if !amount.is_finite() {
        return amount.to_string();
    }
    // Millionths are what it was told in; a double of our size is off by less.
    #[expect(clippy::cast_possible_truncation, reason = "amounts are bounded")]
    let millionths = (amount * 1e6).round() as i128;
    money::shown(millionths)
}

/// The same with its currency: "1,234.50 EUR".
pub(super) fn with_currency(amount: f64, currency: Currency<'_>) -> String {
    let shown = shown(amount);
    if currency.is_empty() { shown } else { format!("{shown} {currency}") }
}

/// An amount as files have it, for people; what is no amount stays as it is.
pub(super) fn of_text(text: &str) -> String {
    text.parse().map_or_else(|_| text.to_string(), shown)
}

/// A heading with the currency of what stands below it: "cost, EUR".
pub(super) fn heading(name: &str, currency: Currency<'_>) -> String {
    if currency.is_empty() { name.to_string() } else { format!("{name}, {currency}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_two_decimals_and_marks() {
        #[track_caller]
        fn check(amount: f64, want: &str) {
            assert_eq!(shown(amount), want);
        }
        check(0.0, "0.00");
        check(-0.001, "0.00");
        check(0.005, "0.01");
        check(999.994, "999.99");
        check(999.995, "1,000.00");
        check(1_234_567.5, "1,234,567.50");
        check(-1_000.0, "-1,000.00");
        check(123.0, "123.00");
        assert_eq!(with_currency(12.0, "EUR"), "12.00 EUR");
        assert_eq!(heading("cost", "EUR"), "cost, EUR");
        assert_eq!((of_text("1500"), of_text("")), ("1,500.00".to_string(), String::new()));
    }
}
