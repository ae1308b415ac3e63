//! Dates as a manifest says that they are written: letters Y, M and D, and what stands between them; `MMM` is a month's
//! name in English.

/// How dates are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Dates {
    pattern: String,
    parts: Vec<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// So many digits of the year.
    Year(usize),
    /// One letter: one or two digits; two letters: two; three: the first three letters of its name.
    Month(usize),
    Day(usize),
    Text(char),
}

impl Dates {
    /// A pattern such as `DD.MM.YYYY`; none where it says not once each of year, month and day.
    pub(super) fn of(pattern: &str) -> Option<Self> {
        let mut parts: Vec<Part> = Vec::new();
        for letter in pattern.chars() {
            let last = parts.last_mut();
            match (letter, last) {
                ('Y', Some(Part::Year(n)))
                | ('M', Some(Part::Month(n)))
                | ('D', Some(Part::Day(n))) => {
                    *n += 1;
                }
                ('Y', _) => parts.push(Part::Year(1)),
                ('M', _) => parts.push(Part::Month(1)),
                ('D', _) => parts.push(Part::Day(1)),
                (other, _) if other.is_ascii_alphanumeric() => return None,
                (other, _) => parts.push(Part::Text(other)),
            }
        }
        let years = parts.iter().filter(|part| matches!(part, Part::Year(2 | 4))).count();
        let months = parts.iter().filter(|part| matches!(part, Part::Month(1..=3))).count();
        let days = parts.iter().filter(|part| matches!(part, Part::Day(1 | 2))).count();
        let texts = parts.iter().filter(|part| matches!(part, Part::Text(_))).count();
        let is_whole = (years, months, days) == (1, 1, 1) && parts.len() == 3 + texts;
        is_whole.then(|| Self { pattern: pattern.to_string(), parts })
    }

    /// The pattern, as it was given.
    pub(in super::super) fn pattern(&self) -> &str {
        &self.pattern
    }

    /// The date as `YYYY-MM-DD`, with what follows it; none where the text is not written so, or so already.
    pub(in super::super) fn read(&self, text: &str) -> Option<String> {
        let text = text.trim();
        let (mut year, mut month, mut day) = (0, 0, 0);
        let mut rest = text;
        for (at, part) in self.parts.iter().enumerate() {
            let is_last_digit_part = self.parts.get(at + 1).is_none();
            match *part {
                Part::Text(sign) => rest = rest.strip_prefix(sign)?,
                Part::Year(n) => (year, rest) = digits(rest, (n, n))?,
                Part::Month(3) => (month, rest) = named(rest)?,
                Part::Month(n) => (month, rest) = digits(rest, (n, 2))?,
                Part::Day(n) => (day, rest) = digits(rest, (n, 2))?,
            }
            if is_last_digit_part && rest.starts_with(|c: char| c.is_ascii_digit()) {
                return None;
            }
        }
        // Two digits are of this century: nobody plans for the last one.
        if self.parts.contains(&Part::Year(2)) {
            year += 2000;
        }
        if !rest.is_empty() && !rest.starts_with([' ', 'T', 't']) {
            return None;
        }
        let date = format!("{year:04}-{month:02}-{day:02}{rest}");
        (date != text).then_some(date)
    }
}

/// A month by the first three letters of its name, in any case, and what follows it.
fn named(text: &str) -> Option<(u32, &str)> {
    const NAMES: &str = "janfebmaraprmayjunjulaugsepoctnovdec";
    let (name, rest) = text.split_at_checked(3)?;
    let at = NAMES.find(&name.to_ascii_lowercase()).filter(|at| at % 3 == 0)?;
    Some((u32::try_from(at / 3).ok()? + 1, rest))
}

/// A number of some digits at the beginning, and what follows it. Where one digit is enough, a second one is taken too.
fn digits(text: &str, (least, most): (usize, usize)) -> Option<(u32, &str)> {
    let n = text.bytes().take(most.max(least)).take_while(u8::is_ascii_digit).count();
    if n == 0 || n < least {
        return None;
    }
    Some((text[..n].parse().ok()?, &text[n..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, want: &str) {
        let got = match Dates::of(pattern) {
            None => "no pattern".to_string(),
            Some(dates) => dates.read(text).unwrap_or_else(|| "as it is".to_string()),
        };
        assert_eq!(got, want, "{pattern} {text}");
    }

    #[test]
    fn dates_are_read_by_their_pattern() {
        check("DD.MM.YYYY", "24.11.2026", "2026-11-24");
        check("DD.MM.YYYY", "24.11.2026 00:00:00", "2026-11-24 00:00:00");
        check("MM/DD/YYYY", "11/24/2026", "2026-11-24");
        check("M/D/YY", "1/4/27", "2027-01-04");
        check("D.M.YYYY", "24.11.2026", "2026-11-24");
        check("YYYYMMDD", "20261124", "2026-11-24");
        check("YYYY-MM-DD", "2026-11-24", "as it is");
        check("DD-MMM-YY", "24-NOV-26", "2026-11-24");
        check("DD-MMM-YYYY", "04-Jan-2027 00:00:00", "2027-01-04 00:00:00");
        check("DD-MMM-YY", "24-ANF-26", "as it is");
        check("DD-MMM-YY", "24-11-26", "as it is");
        check("DD.MM.YYYY", "2026-11-24", "as it is");
        check("DD.MM.YYYY", "4.1.2027", "as it is");
        check("DD.MM.YYYY", "24.11.20267", "as it is");
        check("DD.MM.YYYY", "24.11.2026x", "as it is");
        check("DD.MM.YYYY", "", "as it is");
    }

    #[test]
    fn what_is_no_pattern() {
        for pattern in [
            "",
            "DD.MM",
            "DD.MM.YYY",
            "DD.MMMM.YYYY",
            "DD.MM.YYYY DD",
            "YYYY-MM-DDTHH",
            "dd.mm.yyyy",
            "DDD.MM.YYYY",
        ] {
            check(pattern, "24.11.2026", "no pattern");
        }
    }
}
