//! A change from its cells: every fault of a row is found at once.

use super::{
    Change, ChangeKind, Fault,
    column::{COLUMNS, ChangeColumn, Holds, Value},
    select::SELECTORS,
};
use crate::{
    limits::KEY_LEN_MAX,
    model::{Money, Quantity, time},
};

/// A whole number within these bounds either way.
const WHOLE_MAX: i32 = 1_000_000_000;

impl Change {
    /// Reads a change: the word in the column `change`, and the cells by column; empty ones are missing.
    ///
    /// # Errors
    /// Every fault of the row, as of the change at position `at` of its list.
    pub fn read<'a>(
        at: usize,
        word: &str,
        cell: impl Fn(&'static str) -> Option<&'a str>,
    ) -> Result<Self, Vec<Fault>> {
        let fault = |field: &'static str, value: &str, expected: String| {
            let value = value.chars().take(80).collect();
            Fault { change: at, field, value, expected }
        };
        let Some(kind) = ChangeKind::of(word.trim()) else {
            let words: Vec<_> = ChangeKind::ALL.iter().map(|kind| kind.word()).collect();
            return Err(vec![fault("change", word, format!("one of {}", words.join(", ")))]);
        };
        let has =
            |column: &ChangeColumn| cell(column.name()).is_some_and(|text| !text.trim().is_empty());
        // What names supplies by what they have in common names none by its id.
        let selects = kind.selects() && !has(&ChangeColumn::Supply) && SELECTORS.iter().any(has);
        let (mut cells, mut faults) = (Vec::new(), Vec::new());
        for &column in COLUMNS {
            let text = cell(column.name()).map(str::trim).filter(|text| !text.is_empty());
            let is_required =
                kind.required().contains(&column) && !(selects && column == ChangeColumn::Supply);
            let is_selector = selects && SELECTORS.contains(&column);
            match text {
                None if is_required => {
                    let expected = format!("a value; {} needs one", kind.word());
                    faults.push(fault(column.name(), "", expected));
                }
                None => (),
                Some(text)
                    if !is_required && !is_selector && !kind.optional().contains(&column) =>
                {
                    let expected = format!("nothing; {} has no such column", kind.word());
                    faults.push(fault(column.name(), text, expected));
                }
                Some(text) => match value(kind, column, text) {
                    Ok(value) => cells.push((column, value)),
                    Err(expected) => faults.push(fault(column.name(), text, expected)),
                },
            }
        }
        if faults.is_empty() { Ok(Self { kind, cells }) } else { Err(faults) }
    }
}

fn value(kind: ChangeKind, column: ChangeColumn, text: &str) -> Result<Value, String> {
    match column.holds() {
        Holds::Text if text.len() <= KEY_LEN_MAX => Ok(Value::Text(text.into())),
        Holds::Text => Err(format!("at most {KEY_LEN_MAX} bytes")),
        Holds::Date => {
            let date = time::parse_date(text).map_err(|fault| fault.to_string());
            date.map(Value::Date)
        }
        Holds::Quantity => {
            let quantity = Quantity::parse(text).map_err(|fault| fault.to_string())?;
            if quantity < Quantity::ZERO && !kind.may_be_negative() {
                return Err("a number that is not negative".to_string());
            }
            Ok(Value::Quantity(quantity))
        }
        Holds::Money => match Money::parse(text).map_err(|fault| fault.to_string())? {
            money if money < Money::ZERO => Err("an amount that is not negative".to_string()),
            money => Ok(Value::Money(money)),
        },
        Holds::Whole => {
            let whole = text.strip_prefix('+').unwrap_or(text).parse::<i32>().ok();
            let whole = whole.filter(|whole| (-WHOLE_MAX..=WHOLE_MAX).contains(whole));
            whole.map(Value::Whole).ok_or_else(|| "a whole number".to_string())
        }
    }
}
