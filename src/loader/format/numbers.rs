//! Numbers as people write them: which sign is the decimal one, and which only groups thousands.

use std::borrow::Cow;

/// The decimal sign of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Decimal {
    /// 1234.5
    Point,
    /// 1234,5
    Comma,
}

impl Decimal {
    pub(super) fn of(text: &str) -> Option<Self> {
        match text {
            "." => Some(Self::Point),
            "," => Some(Self::Comma),
            _ => None,
        }
    }

    fn sign(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }
}

/// What a cell says.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) enum Number<'a> {
    /// What stands there is taken as it is, be it a number or not.
    AsItIs,
    /// The same number as programs write it.
    Means(Cow<'a, str>),
    /// It could mean two things, or not what the file says elsewhere; the text to show.
    Doubtful(String),
}

/// What is known of the decimal sign of a file: said, or seen so far.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Decimals {
    said: Option<Decimal>,
    seen: Option<Decimal>,
}

impl Decimals {
    pub(in super::super) fn new(said: Option<Decimal>) -> Self {
        Self { said, seen: None }
    }

    /// The sign that a file has, by a manifest's word or by its numbers; nothing while no number had one.
    pub(in super::super) fn known(self) -> Option<Decimal> {
        self.said.or(self.seen)
    }

    /// What a cell means.
    pub(in super::super) fn read<'a>(&mut self, text: &'a str) -> Number<'a> {
        if let Some(put) = sign_in_front(text) {
            return match self.read(&put) {
                Number::AsItIs => Number::Means(put.into()),
                Number::Means(number) => Number::Means(number.into_owned().into()),
                Number::Doubtful(_) => Number::Doubtful(text.to_string()),
            };
        }
        if !text.bytes().any(|byte| matches!(byte, b',' | b'.' | b' ' | b'\'') || !byte.is_ascii())
        {
            return Number::AsItIs;
        }
        match self.said {
            Some(decimal) => said(text.trim(), decimal),
            None => self.guess(text.trim()),
        }
    }

    /// What it means without a word on it. `1,234` is never guessed.
    fn guess<'a>(&mut self, text: &'a str) -> Number<'a> {
        let count = |sign| text.matches(sign).count();
        let (decimal, means) = match (count(','), count('.')) {
            (0, 1) => (Decimal::Point, None),
            (1, 0) if may_mean_thousands(text) => return Number::Doubtful(text.to_string()),
            (1, 0) => (Decimal::Comma, plain(text, Decimal::Comma)),
            (1.., 0) | (0, 2..) | (1.., 1..) => {
                let comma_is_last = text.rfind(',') > text.rfind('.');
                let only_one_kind = count(',') == 0 || count('.') == 0;
                // Where thousands are grouped alone, the other sign is the decimal one.
                let decimal = match comma_is_last != only_one_kind {
                    true => Decimal::Comma,
                    false => Decimal::Point,
                };
                match plain(text, decimal) {
                    Some(means) => (decimal, Some(means)),
                    None => return Number::AsItIs,
                }
            }
            _ => return Number::AsItIs,
        };
        match self.seen {
            Some(seen) if seen != decimal => return doubtful(text, decimal),
            Some(_) => {}
            None => self.seen = Some(decimal),
        }
        means.map_or(Number::AsItIs, |means| Number::Means(means.into()))
    }
}

/// `12,5-` with its sign in front, as SAP does not write it.
fn sign_in_front(text: &str) -> Option<String> {
    let digits = text.trim().strip_suffix('-')?.trim_end();
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit());
    is_number.then(|| format!("-{digits}"))
}

/// A number whose sign is another one than that of the numbers before: it must not pass.
fn doubtful<'a>(text: &str, decimal: Decimal) -> Number<'a> {
    match decimal {
        Decimal::Point => Number::Doubtful(format!("{text} (or {})", text.replace('.', ""))),
        Decimal::Comma => Number::Doubtful(text.to_string()),
    }
}

fn said(text: &str, decimal: Decimal) -> Number<'_> {
    match plain(text, decimal) {
        Some(means) if means == text => Number::AsItIs,
        Some(means) => Number::Means(means.into()),
        // 1.5 where the comma is the decimal sign: a number by the letter, and not by the file.
        None if decimal == Decimal::Comma && text.contains('.') => {
            Number::Doubtful(format!("{text} (decimal is \",\")"))
        }
        None => Number::AsItIs,
    }
}

/// Whether `1,234` is one thousand and something, for all that anybody knows.
fn may_mean_thousands(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-']);
    let (whole, rest) = digits.split_once(',').unwrap_or((digits, ""));
    rest.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0')
}

/// The number as programs write it; none where it is not one that has this decimal sign, with thousands in threes or
/// without.
fn plain(text: &str, decimal: Decimal) -> Option<String> {
    let (sign, digits) = match text.strip_prefix(['+', '-']) {
        Some(rest) => (&text[..1], rest),
        None => ("", text),
    };
    let (whole, fraction) = digits.split_once(decimal.sign()).unwrap_or((digits, ""));
    let (fraction, exponent) = match fraction.find(['e', 'E']) {
        Some(at) => fraction.split_at(at),
        None => (fraction, ""),
    };
    if !fraction.bytes().all(|byte| byte.is_ascii_digit())
        || (whole.is_empty() && fraction.is_empty())
    {
        return None;
    }
    let is_group =
        |c: char| matches!(c, ',' | '.' | ' ' | '\'' | '\u{a0}' | '\u{202f}' | '\u{2019}');
    let groups: Vec<&str> = whole.split(is_group).collect();
    let separators: Vec<char> = whole.chars().filter(|c| is_group(*c)).collect();
    let are_one = separators.windows(2).all(|pair| pair[0] == pair[1]);
    let are_threes = groups.iter().skip(1).all(|group| group.len() == 3);
    let is_grouped = 1 < groups.len();
    let first_fits = !is_grouped || (1..=3).contains(&groups[0].len());
    let all_digits = groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()));
    // The exponent of 1,5e3 stays with it; a whole number with one has no decimal sign to be changed.
    if !(are_one && are_threes && first_fits && all_digits) {
        return None;
    }
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{sign}{}{point}{fraction}{exponent}", groups.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads cells of one file, and shows each: its number, `=` as it is, `?` doubtful.
    #[track_caller]
    fn check(said: Option<Decimal>, cells: &str, want: &str) {
        let mut decimals = Decimals::new(said);
        let got: Vec<_> = cells
            .split("; ")
            .map(|cell| match decimals.read(cell) {
                Number::AsItIs => "=".to_string(),
                Number::Means(number) => number.into_owned(),
                Number::Doubtful(shown) => format!("?{shown}"),
            })
            .collect();
        assert_eq!(got.join("; "), want, "{cells}");
    }

    #[test]
    fn a_comma_is_guessed_only_where_it_can_mean_nothing_else() {
        check(None, "1,5", "1.5");
        check(None, "-0,125; 12,50; 1234,567", "-0.125; 12.50; 1234.567");
        check(None, "1,234", "?1,234");
        check(None, "2,5; -12,345", "2.5; ?-12,345");
        check(None, "1.234,56", "1234.56");
        check(None, "1,234.56", "1234.56");
        check(None, "1.234.567; 2,5", "1234567; 2.5");
        check(None, "1,234,567; 2.5", "1234567; =");
        check(None, "1.5; 12; abc; 1.5.2", "=; =; =; =");
    }

    #[test]
    fn a_file_has_one_decimal_sign() {
        check(None, "2.5; 2,5", "=; ?2,5");
        check(None, "2,5; 1.234", "2.5; ?1.234 (or 1234)");
        check(None, "2,5; 1.234,5", "2.5; 1234.5");
    }

    #[test]
    fn what_is_said_holds() {
        use Decimal::{Comma, Point};
        check(
            Some(Comma),
            "1,5; 1.234; 1.234,5; 1,234; 12; 1 234,5",
            "1.5; 1234; 1234.5; 1.234; =; 1234.5",
        );
        check(Some(Comma), "1.5", "?1.5 (decimal is \",\")");
        check(
            Some(Comma),
            "1'234,5; 1\u{a0}234,5; 1.23,4",
            "1234.5; 1234.5; ?1.23,4 (decimal is \",\")",
        );
        check(Some(Point), "1,234; 1,234.5; 1.5; 1,5", "1234; 1234.5; =; =");
        check(Some(Comma), "1,5e3", "1.5e3");
        check(Some(Comma), "1.234,000-; 5-; 2026-11-23; -", "-1234.000; -5; =; =");
        check(None, "1,5-; 1,234-; 12-", "-1.5; ?1,234-; -12");
    }
}
