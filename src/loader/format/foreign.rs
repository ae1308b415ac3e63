//! Cells of tables that are not ours, in the columns of ours that they go to: numbers and dates as the format says, and a
//! fault with its mend where they could mean two things.

use super::{Dates, Decimals, Format, Holds, Number, holds, serials};
use crate::{model::Quantity, snapshot::schema::Column};

/// Reads the cells of one file.
#[derive(Debug)]
pub struct Foreign {
    decimals: Decimals,
    dates: Option<Dates>,
    /// Whether numbers are such in the file, and no texts.
    has_numbers: bool,
}

impl Foreign {
    /// Of a file that is written so.
    pub fn new(format: &Format, has_numbers: bool) -> Self {
        let (decimals, dates) = (Decimals::new(format.decimal), format.dates.clone());
        Self { decimals, dates, has_numbers }
    }

    /// A cell that goes to a column of ours, put as we write it; nothing where it is so already.
    ///
    /// # Errors
    /// It could mean two things, or something else than it seems to; with the mend.
    pub fn read(&mut self, column: Column, text: &str) -> Result<Option<String>, String> {
        match holds(column) {
            Some(Holds::Number) if self.has_numbers && Quantity::parse(text).is_ok() => Ok(None),
            Some(Holds::Number) => match self.decimals.read(text) {
                Number::AsItIs => Ok(None),
                Number::Means(number) => Ok(Some(number.into_owned())),
                Number::Doubtful(shown) => Err(format!(
                    "{shown}: say which sign is the decimal one, --decimal , or --decimal ."
                )),
            },
            Some(Holds::Date) => self.date(text.trim()),
            None => Ok(None),
        }
    }

    fn date(&self, text: &str) -> Result<Option<String>, String> {
        let is_digits = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        // 00000000 and 00.00.0000: how SAP writes that there is none.
        if !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'0' | b'.' | b'-')) {
            return Ok(Some(String::new()));
        }
        if let Some(put) = self.dates.as_ref().and_then(|dates| dates.read(text)) {
            return Ok(Some(put));
        }
        if let Some(date) = serials::date(text) {
            return Err(format!(
                "{text}: a spreadsheet calls {date} so: format the column as a date there"
            ));
        }
        let (first, _) = text.split_once(['.', '/']).unwrap_or(("", ""));
        if is_digits && text.contains('.') && first.len() < 4
            || text.contains('/') && !first.is_empty() && first.len() < 4
        {
            return Err(format!("{text}: say how dates are written, such as --dates DD.MM.YYYY"));
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(words: &[(&str, &str)], column: Column, text: &str, want: &str) {
        let format = Format::said(words).unwrap();
        let got = match Foreign::new(&format, false).read(column, text) {
            Ok(put) => put.unwrap_or_else(|| "as it is".to_string()),
            Err(fault) => format!("fault: {fault}"),
        };
        assert_eq!(got, want, "{text}");
    }

    #[test]
    fn cells_are_read_for_the_column_that_they_go_to() {
        use Column::{Date, Item, Quantity};
        check(&[], Quantity, "1.234,5", "1234.5");
        check(&[], Quantity, "12,5-", "-12.5");
        check(&[], Item, "1.234,5", "as it is");
        let doubt = "fault: 1,234: say which sign is the decimal one, --decimal , or --decimal .";
        check(&[], Quantity, "1,234", doubt);
        check(&[("decimal", ",")], Quantity, "1,234", "1.234");
        check(&[], Date, "2026-12-01", "as it is");
        check(&[], Date, "20261201", "as it is");
        check(&[], Date, "2026/12/01", "as it is");
        check(&[], Date, "/Date(1796083200000)/", "as it is");
        check(&[], Date, "00000000", "");
        check(&[], Date, "00.00.0000", "");
        check(&[], Date, "", "as it is");
        let dates = "say how dates are written, such as --dates DD.MM.YYYY";
        check(&[], Date, "01.12.2026", &format!("fault: 01.12.2026: {dates}"));
        check(&[], Date, "12/01/2026", &format!("fault: 12/01/2026: {dates}"));
        check(&[("dates", "DD.MM.YYYY")], Date, "01.12.2026", "2026-12-01");
        let serial =
            "fault: 46387: a spreadsheet calls 2026-12-31 so: format the column as a date there";
        check(&[], Date, "46387", serial);
        let wrong = Format::said(&[("decimal", ";")]).unwrap_err();
        assert!(wrong.contains("expected"), "{wrong}");
    }
}
