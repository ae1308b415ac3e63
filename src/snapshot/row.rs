//! One row of a table, read cell by cell in the order of the schema.
//!
//! Every reader returns a value, also for a bad cell, and notes the fault; when the row is read, ask
//! [`Row::is_faulty`] once. So a row with three bad cells gives three faults, and the reading code has
//! no branch a cell.

use super::{
    cells::Cells,
    gaps::{self, Gaps},
    mapping::Mapping,
    names::Names,
    problem::{Problem, Problems, Severity},
    schema::TABLES,
};
use crate::{
    limits::{KEY_LEN_MAX, SCALE},
    model::{Index, Money, Quantity, time::parse_date},
};
use jiff::civil::Date;

/// A row under the reader's hands.
pub struct Row<'a> {
    mapping: &'a Mapping,
    rows: &'a dyn Cells,
    /// Its position among those rows.
    at: usize,
    number: u64,
    /// The column that is read next.
    next: usize,
    faulty: bool,
    seen: Option<&'a mut Seen>,
    /// What could not be read of the tables before; nothing where rows refer to none.
    gaps: Option<&'a Gaps>,
    problems: &'a mut Problems,
}

/// Which name was found last in each column, and in which row: names that follow each other are mostly the same.
///
/// For tables whose columns name things of one other table each.
#[derive(Debug, Default)]
pub struct Seen([Option<(usize, usize)>; COLUMNS_MAX]);

/// The most columns of a table whose rows remember names.
const COLUMNS_MAX: usize = 24;

const _: () = {
    let mut at = 0;
    while at < TABLES.len() {
        assert!(TABLES[at].columns.len() <= COLUMNS_MAX);
        at += 1;
    }
};

impl<'a> Row<'a> {
    /// The row at a position among others; `number` counts all of the table from 1.
    pub fn new(
        mapping: &'a Mapping,
        number: u64,
        (rows, at): (&'a dyn Cells, usize),
        problems: &'a mut Problems,
    ) -> Self {
        Self { mapping, rows, at, number, next: 0, faulty: false, seen: None, gaps: None, problems }
    }

    /// The same row, which may refer to rows that could not be read.
    #[must_use]
    pub fn knowing(self, gaps: &'a Gaps) -> Self {
        Self { gaps: Some(gaps), ..self }
    }

    /// The same row, which looks first at what other rows of the same file have found.
    #[must_use]
    pub fn remembering(self, seen: &'a mut Seen) -> Self {
        Self { seen: Some(seen), ..self }
    }

    /// The number of the row, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Whether all rows of a table were read.
    pub fn is_whole(&self, table: &str) -> bool {
        self.gaps.is_none_or(|gaps| gaps.is_whole(table))
    }

    /// Whether a table lost a row that may have this name.
    pub fn may_be_lost(&self, table: &str, key: &str) -> bool {
        self.gaps.is_some_and(|gaps| gaps.may_name(table, key))
    }

    /// Whether a table had no error so far.
    pub fn is_clean(&self, table: &str) -> bool {
        self.is_whole(table) && self.problems.is_clean(table)
    }

    /// Whether any cell read so far was bad.
    pub fn is_faulty(&self) -> bool {
        self.faulty
    }

    /// The next cell; empty text counts as missing.
    fn take(&mut self) -> Option<&'a str> {
        let text = self.text_at(self.next);
        self.next += 1;
        Some(text).filter(|text| !text.is_empty())
    }

    /// Notes a fault of the cell read last.
    pub fn fault(&mut self, expected: impl Into<String>) {
        self.note(Severity::Error, expected.into());
        self.faulty = true;
    }

    /// Notes that the cell read last names what a table does not have; a fault, unless that table has lost
    /// a row that may be the one.
    pub fn unknown(&mut self, table: &'static str, expected: impl Into<String>) {
        let key = self.text_at(self.next - 1);
        if self.may_be_lost(table, key) {
            self.faulty = true;
            self.problems.unchecked(table);
        } else {
            self.fault(expected);
        }
    }

    /// Notes a fault of the cell in a column, which was read before.
    pub fn fault_in(&mut self, column: &str, expected: impl Into<String>) {
        let next = self.next;
        let at = self.mapping.schema.columns.iter().position(|other| other.name == column);
        self.next = at.expect("a column of the table") + 1;
        self.fault(expected);
        self.next = next;
    }

    /// Notes that a row before has the same key: the fault of the last column of the key that is given, since
    /// nothing else of the row is to blame. `expected` names them all.
    pub fn fault_of_key(&mut self, key: &[&str], expected: impl Into<String>) {
        let columns = self.mapping.schema.columns;
        let at = |column: &&str| columns.iter().position(|other| other.name == *column);
        let is_given = |column: &&str| at(column).is_some_and(|at| !self.text_at(at).is_empty());
        let last = key.iter().rev().copied().find(|column| is_given(column));
        self.fault_in(last.unwrap_or(key[0]), expected);
    }

    /// Notes something odd about the cell read last that does not spoil the row.
    pub fn warn(&mut self, expected: impl Into<String>) {
        self.note(Severity::Warning, expected.into());
    }

    fn note(&mut self, severity: Severity, expected: String) {
        let at = self.next.saturating_sub(1);
        let value = self.cell(at).unwrap_or("").chars().take(80).collect();
        self.problems.push(Problem {
            severity,
            table: self.mapping.schema.name.to_string(),
            row: Some(self.number),
            column: Some(self.mapping.schema.columns[at].name.to_string()),
            value,
            expected,
        });
    }

    /// Free text; empty where missing.
    pub fn text(&mut self) -> &'a str {
        self.take().unwrap_or("")
    }

    /// The cell of a column as it stands in the file.
    fn cell(&self, column: usize) -> Option<&'a str> {
        self.rows.cell(self.at, self.mapping.position(column)?)
    }

    /// The text of a column, whether or not it was read yet; empty where missing.
    fn text_at(&self, column: usize) -> &'a str {
        self.cell(column).map_or("", trimmed)
    }

    /// The text of the first column, whether or not it was read yet; empty where missing.
    pub fn first(&self) -> &'a str {
        self.text_at(0)
    }

    /// The text of the last column, whether or not it was read yet; empty where missing.
    pub fn last(&self) -> &'a str {
        self.text_at(self.mapping.schema.columns.len() - 1)
    }

    /// A key of this table or of another: present and not too long.
    pub fn key(&mut self) -> &'a str {
        let key = self.take().unwrap_or("");
        if key.is_empty() {
            self.fault("a key; it must not be empty");
        } else if KEY_LEN_MAX < key.len() {
            self.fault(format!("a key of at most {KEY_LEN_MAX} bytes"));
        } else if key.chars().any(char::is_control) {
            self.fault("a key without control characters");
        }
        key
    }

    /// The key of this row, which no row before it may have.
    pub fn define<I: Index>(&mut self, names: &mut Names<I>) -> I {
        let key = self.key();
        if self.faulty {
            return I::from_usize(0);
        }
        names.define(key).unwrap_or_else(|index| {
            self.fault("a key that no other row has");
            index
        })
    }

    /// Finds the name in the cell read last.
    fn find<I: Index>(&mut self, names: &Names<I>, key: &str) -> Option<I> {
        let column = self.next - 1;
        let Some(seen) = &mut self.seen else {
            return names.get(key);
        };
        if let (Some((at, index)), Some(position)) = (seen.0[column], self.mapping.position(column))
            && self.rows.cell(at, position).is_some_and(|before| trimmed(before) == key)
        {
            return Some(I::from_usize(index));
        }
        let found = names.get(key)?;
        seen.0[column] = Some((self.at, found.to_usize()));
        Some(found)
    }

    /// A reference that must be there.
    pub fn reference<I: Index>(&mut self, names: &Names<I>, what: &str) -> I {
        let key = self.take();
        key.and_then(|key| self.find(names, key)).unwrap_or_else(|| {
            let expected = format!("a known {what}; add it to its table or correct the key");
            match key {
                Some(_) => self.unknown(gaps::table_of(what), expected),
                None => self.fault(expected),
            }
            I::from_usize(0)
        })
    }

    /// A reference that may be missing, but not wrong.
    pub fn reference_or_none<I: Index>(&mut self, names: &Names<I>, what: &str) -> Option<I> {
        let key = self.take()?;
        let found = self.find(names, key);
        if found.is_none() {
            self.unknown(gaps::table_of(what), format!("a known {what}, or nothing"));
        }
        found
    }

    fn parsed<T>(&mut self, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        match parse(self.take()?) {
            Ok(value) => Some(value),
            Err(expected) => {
                self.fault(expected);
                None
            }
        }
    }

    /// A number in millionths: the file's own, or what its text says.
    fn number_or_none(&mut self) -> Option<i64> {
        let own = |position| self.rows.number(self.at, position);
        if let Some(number) = self.mapping.position(self.next).and_then(own) {
            self.next += 1;
            return Some(number);
        }
        let micros = |text: &str| Quantity::parse(text).map(Quantity::raw);
        self.parsed(|text| micros(text).map_err(|fault| fault.to_string()))
    }

    /// A quantity; nothing where missing.
    pub fn quantity_or_none(&mut self) -> Option<Quantity> {
        self.number_or_none().map(Quantity::micros)
    }

    /// A quantity that must be there and not negative.
    pub fn quantity(&mut self) -> Quantity {
        let quantity = self.signed();
        if quantity < Quantity::ZERO {
            self.fault("a number that is not negative");
        }
        quantity
    }

    /// A quantity of any sign that must be there.
    pub fn signed(&mut self) -> Quantity {
        let quantity = self.quantity_or_none();
        self.present(quantity).unwrap_or(Quantity::ZERO)
    }

    /// A quantity above zero that must be there.
    pub fn positive(&mut self) -> Quantity {
        let quantity = self.quantity_or_none();
        self.present(quantity).map_or(Quantity::ONE, |quantity| self.above_zero(quantity))
    }

    /// A quantity above zero, or nothing.
    pub fn positive_or_none(&mut self) -> Option<Quantity> {
        self.quantity_or_none().map(|quantity| self.above_zero(quantity))
    }

    /// A quantity that is not negative, or nothing.
    pub fn not_negative_or_none(&mut self) -> Option<Quantity> {
        let quantity = self.quantity_or_none()?;
        if quantity < Quantity::ZERO {
            self.fault("a number that is not negative");
        }
        Some(quantity)
    }

    fn above_zero(&mut self, quantity: Quantity) -> Quantity {
        if !quantity.is_positive() {
            self.fault("a number above 0");
            return Quantity::ONE;
        }
        quantity
    }

    fn present<T>(&mut self, value: Option<T>) -> Option<T> {
        if value.is_none() && !self.cell_is_given() {
            self.fault("a value; it must not be empty");
        }
        value
    }

    fn cell_is_given(&self) -> bool {
        !self.text_at(self.next - 1).is_empty()
    }

    /// Money that is not negative; nothing where missing.
    pub fn money_or_none(&mut self) -> Option<Money> {
        let money = Money::micros(self.number_or_none()?);
        if money < Money::ZERO {
            self.fault("an amount that is not negative");
        }
        Some(money)
    }

    /// Money that is not negative; zero where missing.
    pub fn money(&mut self) -> Money {
        self.money_or_none().unwrap_or_default()
    }

    /// A whole number between bounds; nothing where missing.
    pub fn whole_or_none(&mut self, min: i32, max: i32) -> Option<i32> {
        let number = self.number_or_none()?;
        let whole = i32::try_from(number / SCALE).ok();
        let whole = whole.filter(|whole| i64::from(*whole) * SCALE == number);
        let within = whole.filter(|whole| (min..=max).contains(whole));
        if within.is_none() {
            self.fault(format!("a whole number from {min} to {max}"));
        }
        within
    }

    /// A number of days up to the longest lead time; nothing where missing.
    pub fn days_or_none(&mut self) -> Option<u16> {
        let days = self.whole_or_none(0, i32::from(crate::limits::LEAD_DAYS_MAX))?;
        u16::try_from(days).ok()
    }

    /// A number of days that must be there.
    pub fn days(&mut self) -> u16 {
        let days = self.days_or_none();
        self.present(days).unwrap_or(0)
    }

    /// A rank or priority; `default` where missing.
    pub fn rank(&mut self, default: i32) -> i32 {
        self.whole_or_none(-1_000_000_000, 1_000_000_000).unwrap_or(default)
    }

    /// A date; nothing where missing.
    pub fn date_or_none(&mut self) -> Option<Date> {
        let own = |position| self.rows.date(self.at, position);
        if let Some(date) = self.mapping.position(self.next).and_then(own) {
            self.next += 1;
            return Some(date);
        }
        self.parsed(|text| parse_date(text).map_err(|fault| fault.to_string()))
    }

    /// A date that must be there.
    pub fn date(&mut self) -> Date {
        let date = self.date_or_none();
        self.present(date).unwrap_or(Date::ZERO)
    }

    /// A yes or no; `default` where missing.
    pub fn flag(&mut self, default: bool) -> bool {
        self.flag_or_none("true or false").unwrap_or(default)
    }

    /// A yes or no; nothing where missing. `expected` is said where it is neither.
    pub fn flag_or_none(&mut self, expected: &str) -> Option<bool> {
        let is_one_of =
            |words: [&str; 4], text: &str| words.iter().any(|word| word.eq_ignore_ascii_case(text));
        self.parsed(|text| {
            if is_one_of(["true", "yes", "y", "1"], text) {
                Ok(true)
            } else if is_one_of(["false", "no", "n", "0"], text) {
                Ok(false)
            } else {
                Err(expected.to_string())
            }
        })
    }

    /// The most legs of a split; nothing where missing.
    pub fn splits_or_none(&mut self) -> Option<u16> {
        let most = i32::try_from(crate::limits::SPLITS_MAX).expect("a small limit");
        u16::try_from(self.whole_or_none(1, most)?).ok()
    }

    /// One of some words; nothing where missing.
    pub fn choice_or_none<T: Copy>(&mut self, choices: &[(&str, T)]) -> Option<T> {
        self.parsed(|text| choice(choices, text))
    }

    /// Some of some words, separated by spaces; nothing where missing.
    pub fn choices_or_none<T: Copy>(&mut self, choices: &[(&str, T)]) -> Option<Vec<T>> {
        self.parsed(|text| text.split_whitespace().map(|word| choice(choices, word)).collect())
    }

    /// Anything that has a parser of its own; nothing where missing.
    pub fn other_or_none<T>(&mut self, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        self.parsed(parse)
    }
}

/// A text without blanks at its ends; most have none.
fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// The meaning of a word out of a closed list.
///
/// # Errors
/// The words that would have been right.
pub fn choice<T: Copy>(choices: &[(&str, T)], word: &str) -> Result<T, String> {
    let found = choices.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
    found.ok_or_else(|| {
        let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
        format!("one of {}", names.join(", "))
    })
}
