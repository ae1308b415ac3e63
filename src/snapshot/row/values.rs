//! What the cells of a row say that name nothing: numbers, money, dates, words out of closed lists.

use super::Row;
use crate::{
    limits::SCALE,
    model::{Money, Quantity, time::parse_date},
    snapshot::schema::Column,
};
use jiff::civil::Date;

impl Row<'_> {
    fn parsed<T>(
        &mut self,
        column: Column,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        match parse(self.given(column)?) {
            Ok(value) => Some(value),
            Err(expected) => {
                self.fault(column, expected);
                None
            }
        }
    }

    /// A number in millionths: the file's own, or what its text says.
    fn number_or_none(&mut self, column: Column) -> Option<i64> {
        let own = |position| self.rows.number(self.at, position);
        if let Some(number) = self.mapping.position(column).and_then(own) {
            return Some(number);
        }
        let micros = |text: &str| Quantity::parse(text).map(Quantity::raw);
        self.parsed(column, |text| micros(text).map_err(|fault| fault.to_string()))
    }

    /// A quantity; nothing where missing.
    pub fn quantity_or_none(&mut self, column: Column) -> Option<Quantity> {
        self.number_or_none(column).map(Quantity::micros)
    }

    /// A quantity that must be there and not negative.
    pub fn quantity(&mut self, column: Column) -> Quantity {
        let quantity = self.signed(column);
        if quantity < Quantity::ZERO {
            self.fault(column, "a number that is not negative");
        }
        quantity
    }

    /// A quantity of any sign that must be there.
    pub fn signed(&mut self, column: Column) -> Quantity {
        let quantity = self.quantity_or_none(column);
        self.present(column, quantity).unwrap_or(Quantity::ZERO)
    }

    /// A quantity above zero that must be there.
    pub fn positive(&mut self, column: Column) -> Quantity {
        let quantity = self.quantity_or_none(column);
        self.present(column, quantity)
            .map_or(Quantity::ONE, |quantity| self.above_zero(column, quantity))
    }

    /// A quantity above zero, or nothing.
    pub fn positive_or_none(&mut self, column: Column) -> Option<Quantity> {
        self.quantity_or_none(column).map(|quantity| self.above_zero(column, quantity))
    }

    /// A quantity that is not negative, or nothing.
    pub fn not_negative_or_none(&mut self, column: Column) -> Option<Quantity> {
        let quantity = self.quantity_or_none(column)?;
        if quantity < Quantity::ZERO {
            self.fault(column, "a number that is not negative");
        }
        Some(quantity)
    }

    fn above_zero(&mut self, column: Column, quantity: Quantity) -> Quantity {
        if !quantity.is_positive() {
            self.fault(column, "a number above 0");
            return Quantity::ONE;
        }
        quantity
    }

    fn present<T>(&mut self, column: Column, value: Option<T>) -> Option<T> {
        if value.is_none() && self.given(column).is_none() {
            self.fault(column, "a value; it must not be empty");
        }
        value
    }

    /// Money that is not negative; nothing where missing.
    pub fn money_or_none(&mut self, column: Column) -> Option<Money> {
        let money = Money::micros(self.number_or_none(column)?);
        if money < Money::ZERO {
            self.fault(column, "an amount that is not negative");
        }
        Some(money)
    }

    /// Money that is not negative; zero where missing.
    pub fn money(&mut self, column: Column) -> Money {
        self.money_or_none(column).unwrap_or_default()
    }

    /// A whole number between bounds; nothing where missing.
    pub fn whole_or_none(&mut self, column: Column, min: i32, max: i32) -> Option<i32> {
        let number = self.number_or_none(column)?;
        let whole = i32::try_from(number / SCALE).ok();
        let whole = whole.filter(|whole| i64::from(*whole) * SCALE == number);
        let within = whole.filter(|whole| (min..=max).contains(whole));
        if within.is_none() {
            self.fault(column, format!("a whole number from {min} to {max}"));
        }
        within
    }

    /// A number of days up to the longest lead time; nothing where missing.
    pub fn days_or_none(&mut self, column: Column) -> Option<u16> {
        let days = self.whole_or_none(column, 0, i32::from(crate::limits::LEAD_DAYS_MAX))?;
        u16::try_from(days).ok()
    }

    /// A number of days that must be there.
    pub fn days(&mut self, column: Column) -> u16 {
        let days = self.days_or_none(column);
        self.present(column, days).unwrap_or(0)
    }

    /// A rank or priority; `default` where missing.
    pub fn rank(&mut self, column: Column, default: i32) -> i32 {
        self.whole_or_none(column, -1_000_000_000, 1_000_000_000).unwrap_or(default)
    }

    /// A date; nothing where missing.
    pub fn date_or_none(&mut self, column: Column) -> Option<Date> {
        let own = |position| self.rows.date(self.at, position);
        if let Some(date) = self.mapping.position(column).and_then(own) {
            return Some(date);
        }
        self.parsed(column, |text| parse_date(text).map_err(|fault| fault.to_string()))
    }

    /// A date that must be there.
    pub fn date(&mut self, column: Column) -> Date {
        let date = self.date_or_none(column);
        self.present(column, date).unwrap_or(Date::ZERO)
    }

    /// A yes or no; `default` where missing.
    pub fn flag(&mut self, column: Column, default: bool) -> bool {
        self.flag_or_none(column, "true or false").unwrap_or(default)
    }

    /// A yes or no; nothing where missing. `expected` is said where it is neither.
    pub fn flag_or_none(&mut self, column: Column, expected: &str) -> Option<bool> {
        let is_one_of =
            |words: [&str; 4], text: &str| words.iter().any(|word| word.eq_ignore_ascii_case(text));
        self.parsed(column, |text| {
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
    pub fn splits_or_none(&mut self, column: Column) -> Option<u16> {
        let most = i32::try_from(crate::limits::SPLITS_MAX).expect("a small limit");
        u16::try_from(self.whole_or_none(column, 1, most)?).ok()
    }

    /// One of some words; nothing where missing.
    pub fn choice_or_none<T: Copy>(&mut self, column: Column, choices: &[(&str, T)]) -> Option<T> {
        self.parsed(column, |text| choice(choices, text))
    }

    /// Some of some words, separated by spaces; nothing where missing.
    pub fn choices_or_none<T: Copy>(
        &mut self,
        column: Column,
        choices: &[(&str, T)],
    ) -> Option<Vec<T>> {
        self.parsed(column, |text| {
            text.split_whitespace().map(|word| choice(choices, word)).collect()
        })
    }

    /// Anything that has a parser of its own; nothing where missing.
    pub fn other_or_none<T>(
        &mut self,
        column: Column,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        self.parsed(column, parse)
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
