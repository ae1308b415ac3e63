//! How files are written: delimiter, decimal sign, dates, encoding, texts that mean nothing.
//!
//! A manifest may say it (`"format"`), for all tables or for one; what it does not say is taken from the file where the
//! file says it without doubt, and is a fault that names the setting where it could mean two things.

mod dates;
mod numbers;
pub(super) mod serials;
mod foreign;

pub(super) use dates::Dates;
pub use foreign::Foreign;
pub(super) use numbers::{Decimal, Decimals, Number};

use crate::snapshot::schema::{self, Column};
use encoding_rs::Encoding;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How the files of a table are written; what is not said is looked for in each file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Format {
    pub(super) delimiter: Option<u8>,
    pub(super) decimal: Option<Decimal>,
    pub(super) dates: Option<Dates>,
    pub(super) encoding: Option<&'static Encoding>,
    /// Texts that are as good as an empty cell.
    pub(super) null: Option<Vec<String>>,
}

impl Format {
    /// What is said in words, such as `("decimal", ",")`; an empty word says nothing.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn said(words: &[(&str, &str)]) -> Result<Self, String> {
        let words = words.iter().filter(|(_, word)| !word.is_empty());
        let settings =
            words.map(|(setting, word)| (setting.to_string(), Value::from(*word))).collect();
        let mut wrong = Vec::new();
        let said = format(&settings, false, &mut wrong);
        match wrong.into_iter().next() {
            None => Ok(said),
            Some((field, found, expected)) => {
                Err(format!("{field} is {found}, expected {expected}"))
            }
        }
    }
}

/// How the files of a snapshot are written, and those of orders and changes given with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Formats {
    all: Format,
    tables: BTreeMap<String, Format>,
    /// Other names of columns, by table: of files of orders and changes too.
    pub(super) renames: Renames,
}

/// For each table, the columns that its files name otherwise: foreign name to ours.
pub(super) type Renames = BTreeMap<String, BTreeMap<String, String>>;

/// A setting that is wrong: which, what was found, what belongs there.
pub(super) type Wrong = (&'static str, String, &'static str);

impl Formats {
    /// How the files of a table are written: what is said of it, else what is said of all.
    pub(super) fn of(&self, table: &str) -> Format {
        let all = &self.all;
        let own = self.tables.get(table).cloned().unwrap_or_default();
        Format {
            delimiter: own.delimiter.or(all.delimiter),
            decimal: own.decimal.or(all.decimal),
            dates: own.dates.or_else(|| all.dates.clone()),
            encoding: own.encoding.or(all.encoding),
            null: own.null.or_else(|| all.null.clone()),
        }
    }

    /// What a manifest says.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub(super) fn read(value: &Value) -> Result<Self, Vec<Wrong>> {
        let expected = r#"settings, such as {"delimiter": ";", "decimal": ","}"#;
        let Some(settings) = value.as_object() else {
            return Err(vec![("format", value.to_string(), expected)]);
        };
        let mut wrong = Vec::new();
        let all = format(settings, true, &mut wrong);
        let mut tables = BTreeMap::new();
        let of_tables = settings.get("tables").map(|found| (found, found.as_object()));
        if let Some((found, None)) = of_tables {
            wrong.push(("format.tables", found.to_string(), "settings by table"));
        }
        for (table, found) in of_tables.and_then(|(_, found)| found).into_iter().flatten() {
            let name = table.to_ascii_lowercase();
            let is_known = schema::table(&name).is_some() || matches!(&*name, "orders" | "changes");
            match found.as_object() {
                Some(settings) if is_known => {
                    tables.insert(name, format(settings, false, &mut wrong));
                }
                Some(_) => wrong.push(("format.tables", table.clone(), "the name of a table")),
                None => wrong.push(("format.tables", found.to_string(), expected)),
            }
        }
        if wrong.is_empty() {
            Ok(Self { all, tables, renames: Renames::new() })
        } else {
            Err(wrong)
        }
    }
}

fn format(settings: &Map<String, Value>, may_have_tables: bool, wrong: &mut Vec<Wrong>) -> Format {
    let mut format = Format::default();
    for (setting, value) in settings {
        let text = value.as_str();
        match setting.as_str() {
            "delimiter" => {
                format.delimiter = text.and_then(delimiter);
                note(format.delimiter.is_none(), value, DELIMITER, wrong);
            }
            "decimal" => {
                format.decimal = text.and_then(Decimal::of);
                note(format.decimal.is_none(), value, DECIMAL, wrong);
            }
            "dates" => {
                format.dates = text.and_then(Dates::of);
                note(format.dates.is_none(), value, DATES, wrong);
            }
            "encoding" => {
                format.encoding = text.and_then(|label| Encoding::for_label(label.as_bytes()));
                note(format.encoding.is_none(), value, ENCODING, wrong);
            }
            "null" => {
                format.null = serde_json::from_value(value.clone()).ok();
                note(format.null.is_none(), value, NULL, wrong);
            }
            "tables" if may_have_tables => {}
            _ => wrong.push((
                "format",
                format!("{setting:?}"),
                "one of delimiter, decimal, dates, encoding, null, tables",
            )),
        }
    }
    format
}

const DELIMITER: (&str, &str) = ("format.delimiter", r#"one character, such as ";" or "\t""#);
const DECIMAL: (&str, &str) = ("format.decimal", r#""." or ",""#);
const DATES: (&str, &str) = (
    "format.dates",
    r#"how dates are written, in letters Y, M and D, such as "DD.MM.YYYY", "MM/DD/YYYY" or "DD-MMM-YY" (24-NOV-26)"#,
);
const ENCODING: (&str, &str) =
    ("format.encoding", r#"an encoding, such as "utf-8", "utf-16le" or "windows-1252""#);
const NULL: (&str, &str) = ("format.null", r#"a list of texts, such as ["NULL", "-"]"#);

fn note(
    is_wrong: bool,
    value: &Value,
    (field, expected): (&'static str, &'static str),
    wrong: &mut Vec<Wrong>,
) {
    if is_wrong {
        wrong.push((field, value.to_string(), expected));
    }
}

fn delimiter(text: &str) -> Option<u8> {
    match text.as_bytes() {
        b"tab" | b"\\t" => Some(b'\t'),
        [one] if *one != b'"' && *one != b'\n' && *one != b'\r' && !one.is_ascii_alphanumeric() => {
            Some(*one)
        }
        _ => None,
    }
}

/// What cells of a column are, where that decides how they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// A number.
    Number,
    /// A date, or a point in time.
    Date,
}

/// What cells of a column are; nothing where their text is taken as it is.
pub(super) fn holds(column: Column) -> Option<Holds> {
    use Column as C;
    if matches!(
        column,
        C::AllocationFenceDays
            | C::AllocationPercent
            | C::AlternateRank
            | C::AtpFenceDays
            | C::CapacityPerDay
            | C::CostPerHour
            | C::CostPerShipment
            | C::CostPerUnit
            | C::Days
            | C::DaysBefore
            | C::Factor
            | C::FixedDays
            | C::HandlingCost
            | C::Hours
            | C::HoursPerDay
            | C::InfiniteFenceDays
            | C::LatenessPenaltyPerUnitDay
            | C::LeadTimeDays
            | C::ListPrice
            | C::LotMultiple
            | C::MaxSplits
            | C::MaximumQuantity
            | C::MinSplitPercent
            | C::MinSplitQuantity
            | C::MinimumQuantity
            | C::OffsetDays
            | C::OrderLinesPerDay
            | C::PastDueDemandDays
            | C::PastDueSupplyDays
            | C::PastDueSupplyDelayDays
            | C::PickPackDays
            | C::Priority
            | C::Quantity
            | C::Rank
            | C::Ratio
            | C::Revision
            | C::SubstituteRank
            | C::TransitDays
            | C::UnitCost
            | C::UnitPrice
            | C::Value
            | C::VariableDaysPerUnit
            | C::Yield
    ) {
        return Some(Holds::Number);
    }
    matches!(
        column,
        C::CreatedAt
            | C::Date
            | C::DateFrom
            | C::DateTo
            | C::EarliestDate
            | C::EffectiveFrom
            | C::EffectiveTo
            | C::ExpiresOn
            | C::LatestDate
            | C::OrderedAt
            | C::RequestedDate
            | C::ToDate
    )
    .then_some(Holds::Date)
}
