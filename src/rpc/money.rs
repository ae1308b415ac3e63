//! Amounts for people: two decimals, marks between thousands. Programs get them as they are.

/// Millionths in a hundredth.
const CENT: u128 = 10_000;

/// Bytes that are enough for the cents of a `u64`, with their point and marks, and for a currency behind most amounts.
const ROOM: usize = 32;

/// An amount of so many millionths: "-1,234.50". Halves are rounded away from zero.
pub fn shown(millionths: i128) -> String {
    let mut text = String::with_capacity(ROOM);
    push(&mut text, millionths);
    text
}

/// The same with its currency: "1,234.50 EUR".
pub fn with_currency(millionths: i128, currency: &str) -> String {
    let mut text = String::with_capacity(ROOM);
    push_with_currency(&mut text, millionths, currency);
    text
}

/// The same at the end of a text.
pub(super) fn push_with_currency(text: &mut String, millionths: i128, currency: &str) {
    push(text, millionths);
    if !currency.is_empty() {
        text.push(' ');
        text.push_str(currency);
    }
}

/// Every option tells four amounts, so they are written without a formatter: from the last digit on, all but the largest.
fn push(text: &mut String, millionths: i128) {
    let cents = (millionths.unsigned_abs() + CENT / 2) / CENT;
    if millionths < 0 && 0 < cents {
        text.push('-');
    }
    let Ok(mut rest) = u64::try_from(cents) else {
        text.push_str(&thousands(&(cents / 100).to_string()));
        text.push_str(&format!(".{:02}", cents % 100));
        return;
    };
    let (mut digits, mut at) = ([0; ROOM], ROOM);
    let mut before = |byte: u8| {
        at -= 1;
        digits[at] = byte;
    };
    for n in 0.. {
        // Two places behind the point, one before it at least.
        match n {
            2 => before(b'.'),
            3.. if rest == 0 => break,
            5.. if (n - 2) % 3 == 0 => before(b','),
            _ => (),
        }
        before(b'0' + u8::try_from(rest % 10).expect("a digit"));
        rest /= 10;
    }
    text.push_str(std::str::from_utf8(&digits[at..]).expect("digits and marks"));
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
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_amount_is_written_as_a_formatter_would(raw in any::<i128>(), digits in 0u32..38) {
            for raw in [raw / 2, raw % 10_i128.pow(digits), i128::from(u64::MAX) * 10_000] {
                let cents = (raw.unsigned_abs() + CENT / 2) / CENT;
                let sign = if raw < 0 && 0 < cents { "-" } else { "" };
                let whole = thousands(&(cents / 100).to_string());
                prop_assert_eq!(shown(raw), format!("{sign}{whole}.{:02}", cents % 100));
            }
        }
    }

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
