//! Where a cell of ours comes from in a row elsewhere, and which rows count.
//!
//! A term is a field of the row (`qty`, `product.code`), a text with fields in braces (`PO-{order_id}-{id}`), a constant in
//! single quotes (`'HAM'`), or a function of a term: `date(F)`; `days(F)` and `hours(F)` of a duration; `minus(F)`; of two
//! fields `less(A,B)`, the first less the second, and `over(A,B)`, the first by the second. `A|B` is the first of two that is
//! not empty.

use super::ndjson;
use jiff::{Timestamp, civil::Date};
use serde_json::{Map as Object, Value};

/// Where a cell comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum CellTerm {
    Field(String),
    Function(Function, Box<CellTerm>),
    Both(Both, String, String),
    /// Texts and fields, one after the other.
    Joined(Vec<Result<String, String>>),
    /// The first that is not empty.
    First(Vec<CellTerm>),
}

/// What is made of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Function {
    Date,
    /// Whole days of a duration, rounded up.
    Days,
    /// Hours of a duration.
    Hours,
    /// The number with the other sign.
    Minus,
}

/// What is made of two fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Both {
    Less,
    Over,
}

/// What a row must have to count.
#[derive(Clone, Debug)]
pub(in super::super) struct Where {
    field: String,
    is_one_of: bool,
    values: Vec<String>,
}

impl Where {
    /// Conditions that a row must fulfil, all of them: `state in draft,sent and qty != 0`.
    pub(in super::super) fn all(text: &str) -> Result<Vec<Self>, String> {
        let one = |text: &str| {
            let text = text.trim();
            let parts = [(" in ", true), (" not in ", false), ("!=", false), ("=", true)];
            // The longer sign comes first where one is in the other.
            let order = [1, 0, 2, 3].map(|at: usize| parts[at]);
            for (sign, is_one_of) in order {
                if let Some((field, values)) = text.split_once(sign) {
                    let values =
                        values.split(',').map(|value| value.trim().trim_matches('\'').to_string());
                    let field = field.trim().to_string();
                    return Ok(Where { field, is_one_of, values: values.collect() });
                }
            }
            Err(format!(
                "where: {text:?}: FIELD = VALUE, FIELD != VALUE or FIELD in VALUE,VALUE is expected"
            ))
        };
        text.split(" and ").map(one).collect()
    }

    /// The same with the names of fields put otherwise.
    pub(in super::super) fn renamed(mut self, name: impl Fn(&str) -> String) -> Self {
        self.field = name(&self.field);
        self
    }

    /// What it asks for, for people.
    pub(in super::super) fn told(&self) -> String {
        let sign = if self.is_one_of { "is none of" } else { "is one of" };
        format!("{} {sign} {}", self.field, self.values.join(", "))
    }

    pub(in super::super) fn holds(&self, row: &Object<String, Value>) -> bool {
        let text = field_of(row, &self.field).and_then(|value| ndjson::cell(value).ok()?);
        let text = text.unwrap_or_default();
        let number = text.trim().parse::<f64>().ok();
        let is_it = |value: &String| {
            *value == text.trim() || number.is_some_and(|number| value.parse() == Ok(number))
        };
        self.values.iter().any(is_it) == self.is_one_of
    }
}

/// A field of a row; `product.code` is a field of an object in it, or one of that very name.
pub(in super::super) fn field_of<'a>(
    row: &'a Object<String, Value>,
    path: &str,
) -> Option<&'a Value> {
    if let Some(found) = row.get(path) {
        return Some(found);
    }
    let (first, rest) = path.split_once('.')?;
    field_of(row.get(first)?.as_object()?, rest)
}

impl CellTerm {
    /// Reads a term.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(in super::super) fn of_text(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if let Some(constant) = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
            return Ok(Self::Joined(vec![Ok(constant.to_string())]));
        }
        let choices = outside(text, '|');
        if 1 < choices.len() {
            let terms: Result<Vec<_>, _> = choices.into_iter().map(Self::of_text).collect();
            return Ok(Self::First(terms?));
        }
        for (word, both) in [("less(", Both::Less), ("over(", Both::Over)] {
            let inside = text.strip_prefix(word).and_then(|rest| rest.strip_suffix(')'));
            if let Some(inside) = inside {
                let (one, other) = inside.split_once(',').ok_or("two fields are expected")?;
                return Ok(Self::Both(both, one.trim().to_string(), other.trim().to_string()));
            }
        }
        let functions = [
            ("date(", Function::Date),
            ("days(", Function::Days),
            ("hours(", Function::Hours),
            ("minus(", Function::Minus),
        ];
        for (word, function) in functions {
            let inside = text.strip_prefix(word).and_then(|rest| rest.strip_suffix(')'));
            if let Some(inside) = inside {
                return Ok(Self::Function(function, Box::new(Self::of_text(inside)?)));
            }
        }
        if !text.contains('{') {
            return Ok(Self::Field(text.to_string()));
        }
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some((before, after)) = rest.split_once('{') {
            let (field, after) = after.split_once('}').ok_or("a brace is not closed")?;
            parts.extend((!before.is_empty()).then(|| Ok(before.to_string())));
            parts.push(Err(field.trim().to_string()));
            rest = after;
        }
        parts.extend((!rest.is_empty()).then(|| Ok(rest.to_string())));
        Ok(Self::Joined(parts))
    }

    /// The fields that it reads.
    pub(in super::super) fn fields(&self) -> Vec<&str> {
        match self {
            Self::Field(field) => vec![field],
            Self::Function(_, term) => term.fields(),
            Self::Both(_, one, other) => vec![one, other],
            Self::Joined(parts) => {
                parts.iter().filter_map(|part| part.as_ref().err()).map(String::as_str).collect()
            }
            Self::First(terms) => terms.iter().flat_map(Self::fields).collect(),
        }
    }

    /// The same with the names of fields put otherwise.
    pub(in super::super) fn renamed(self, name: &dyn Fn(&str) -> String) -> Self {
        match self {
            Self::Field(field) => Self::Field(name(&field)),
            Self::Function(function, term) => {
                Self::Function(function, Box::new(term.renamed(name)))
            }
            Self::Both(both, one, other) => Self::Both(both, name(&one), name(&other)),
            Self::Joined(parts) => Self::Joined(
                parts.into_iter().map(|part| part.map_err(|field| name(&field))).collect(),
            ),
            Self::First(terms) => {
                Self::First(terms.into_iter().map(|term| term.renamed(name)).collect())
            }
        }
    }

    /// The text of the cell in a row; none where the field is empty.
    ///
    /// # Errors
    /// The row has no such field, or it holds what the function cannot be of.
    pub(in super::super) fn of(
        &self,
        row: &Object<String, Value>,
    ) -> Result<Option<String>, String> {
        let field = |name: &str| match field_of(row, name) {
            Some(value) => ndjson::cell(value).map(|text| text.filter(|text| !text.is_empty())),
            None => Err(format!("the row has no field {name}")),
        };
        match self {
            Self::Field(name) => field(name),
            Self::Function(function, term) => {
                term.of(row)?.map(|text| applied(*function, text.trim())).transpose()
            }
            Self::Both(both, one, other) => match (field(one)?, field(other)?) {
                (None, _) => Ok(None),
                (one, None) => Ok(one),
                (Some(one), Some(other)) => worked_out(*both, one.trim(), other.trim()).map(Some),
            },
            Self::First(terms) => {
                for term in terms {
                    if let Some(text) = term.of(row)? {
                        return Ok(Some(text));
                    }
                }
                Ok(None)
            }
            Self::Joined(parts) => {
                let mut joined = String::new();
                for part in parts {
                    match part {
                        Ok(text) => joined.push_str(text),
                        Err(name) => match field(name)? {
                            Some(text) => joined.push_str(&text),
                            None => return Ok(None),
                        },
                    }
                }
                Ok(Some(joined))
            }
        }
    }
}

fn applied(function: Function, text: &str) -> Result<String, String> {
    match function {
        Function::Date => date(text),
        Function::Days => {
            let seconds = seconds(text)?;
            Ok(seconds.div_ceil(86_400_000_000).to_string())
        }
        // Millionths of a second, rounded up to a millionth of an hour.
        Function::Hours => Ok(millionths(seconds(text)?.div_ceil(3_600))),
        Function::Minus => Ok(match text.strip_prefix('-') {
            Some(rest) => rest.to_string(),
            None => format!("-{}", text.trim_start_matches('+')),
        }),
    }
}

/// The parts of a text between signs that stand in no brackets.
fn outside(text: &str, sign: char) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0usize);
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            other if other == sign && depth == 0 => {
                parts.push(&text[start..at]);
                start = at + other.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn worked_out(both: Both, one: &str, other: &str) -> Result<String, String> {
    let number = |text: &str| {
        let number = crate::model::Quantity::parse(text);
        number
            .map(|number| i128::from(number.raw()))
            .map_err(|fault| format!("{text:?} is not {fault}"))
    };
    let (one, other) = (number(one)?, number(other)?);
    let made = match both {
        Both::Less => one - other,
        Both::Over if other == 0 => {
            return Err("a number that is not 0 is expected to divide by".to_string());
        }
        // To the nearest millionth.
        Both::Over => (2_000_000 * one + other) / (2 * other),
    };
    let raw = i64::try_from(made).map_err(|_| "a smaller number is expected".to_string())?;
    Ok(crate::model::Quantity::micros(raw).to_string())
}

/// A number of millionths as a decimal.
fn millionths(number: u64) -> String {
    let text = format!("{}.{:06}", number / 1_000_000, number % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// The millionths of a second of a duration: seconds, `D HH:MM:SS`, `HH:MM:SS`, or ISO 8601 (`P1DT2H`).
fn seconds(text: &str) -> Result<u64, String> {
    let none = || format!("{text:?} is no duration; seconds, D HH:MM:SS or ISO 8601 are expected");
    if text.starts_with('P') {
        let span: jiff::Span = text.parse().map_err(|_| none())?;
        let days = jiff::SpanRelativeTo::days_are_24_hours();
        let total = span.total((jiff::Unit::Microsecond, days)).map_err(|_| none())?;
        return decimal(&(total / 1e6).to_string()).ok_or_else(none);
    }
    let (days, clock) = match text.split_once(' ') {
        Some((days, clock)) => (days.parse::<u64>().map_err(|_| none())?, clock),
        None => (0, text),
    };
    let parts: Vec<&str> = clock.split(':').collect();
    let clock = match parts[..] {
        [seconds] => decimal(seconds),
        [hours, minutes, seconds] => {
            let whole = |text: &str| text.parse::<u64>().ok();
            let minutes =
                whole(hours).zip(whole(minutes)).map(|(hours, minutes)| hours * 60 + minutes);
            minutes.zip(decimal(seconds)).map(|(minutes, seconds)| minutes * 60_000_000 + seconds)
        }
        _ => None,
    };
    Ok(days * 86_400_000_000 + clock.ok_or_else(none)?)
}

/// A decimal number that is not negative, in millionths.
fn decimal(text: &str) -> Option<u64> {
    let number = crate::model::Quantity::parse(text).ok()?;
    u64::try_from(number.raw()).ok()
}

/// The date of a text, of days since 1970, or of thousandths, millionths or billionths of a second since then.
fn date(text: &str) -> Result<String, String> {
    const DAYS_MAX: i64 = 100_000;
    let of_odata = text.strip_prefix("/Date(").and_then(|rest| rest.split([')', '+']).next());
    let text = of_odata.unwrap_or(text);
    // 20261201: above all days that are numbered since 1970, and far below all milliseconds of our time.
    if let (8, Some(date)) = (text.len(), compact(text)) {
        return Ok(date.to_string());
    }
    if let Ok(number) = text.parse::<i64>() {
        let at = match number.abs() {
            0..DAYS_MAX => {
                return Ok(crate::model::time::since_1970(
                    i32::try_from(number).expect("few days"),
                )
                .to_string());
            }
            DAYS_MAX..100_000_000_000_000 => Timestamp::from_millisecond(number),
            100_000_000_000_000..100_000_000_000_000_000 => Timestamp::from_microsecond(number),
            _ => Timestamp::from_nanosecond(number.into()),
        };
        let at = at.map_err(|_| format!("{text:?} is no date"))?;
        return Ok(at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string());
    }
    let text = text.trim();
    // 2026/12/01 is written in one way only: the year comes first.
    let plain = text.get(..10).map(|date| date.replace(['/', '.'], "-"));
    let date = plain.and_then(|date| date.parse::<Date>().ok());
    date.map(|date| date.to_string()).ok_or_else(|| format!("{text:?} is no date"))
}

/// The date of eight digits.
fn compact(text: &str) -> Option<Date> {
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
    let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(term: &str, want: &str) {
        let row = r#"{"a": "1", "b": "", "s": 90, "d": "1 02:30:00", "iso": "PT90M", "q": "-2", "on": "2026/12/01", "sap": "20261201", "odata": "/Date(1796083200000)/", "o": {"code": "X"}}"#;
        let row: Object<String, Value> = serde_json::from_str(row).unwrap();
        let got = match CellTerm::of_text(term).and_then(|term| term.of(&row)) {
            Ok(text) => text.unwrap_or_else(|| "nothing".to_string()),
            Err(fault) => format!("fault: {fault}"),
        };
        assert_eq!(got, want, "{term}");
    }

    #[test]
    fn terms_say_where_a_cell_comes_from() {
        check("a", "1");
        check("b", "nothing");
        check("b|a", "1");
        check("o.code", "X");
        check("'HAM'", "HAM");
        check("PO-{a}-{o.code}", "PO-1-X");
        check("PO-{b}", "nothing");
        check("date(b|on)", "2026-12-01");
        check("date(b)|a", "1");
        check("less(s,a)", "89");
        check("less(s,b)", "90");
        check("over(a,s)", "0.011111");
        check("over(a,b)", "1");
        check("minus(q)", "2");
        check("minus(a)", "-1");
        check("date(on)", "2026-12-01");
        check("date(sap)", "2026-12-01");
        check("date(odata)", "2026-12-01");
        check("hours(s)", "0.025");
        check("hours(d)", "26.5");
        check("hours(iso)", "1.5");
        check("days(d)", "2");
        check("days(s)", "1");
        check(
            "hours(o.code)",
            "fault: \"X\" is no duration; seconds, D HH:MM:SS or ISO 8601 are expected",
        );
        check("none", "fault: the row has no field none");
    }
}
