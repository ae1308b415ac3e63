//! Rows of a table that could not be read: whose name may be theirs.
//!
//! A row elsewhere that refers to such a name has no fault of its own: the fault is in the table that
//! cannot be read, and is told there. So one broken file gives one fault, not one a row of all others.

use super::schema::TableName;
use std::collections::{BTreeMap, BTreeSet};

/// Names kept of lost rows of one table; past it any name may be one of them.
const NAMES_MAX: usize = 100_000;

/// What is not known of each table.
#[derive(Clone, Debug, Default)]
pub struct Gaps(BTreeMap<TableName, Gap>);

/// What is not known of a table.
#[derive(Clone, Debug)]
enum Gap {
    /// Any number of its rows.
    Rest,
    /// Single rows, which have a name out of these.
    Rows(BTreeSet<Box<str>>),
}

impl Gaps {
    /// Notes that nobody knows which rows a table has.
    pub fn lose_rest(&mut self, table: TableName) {
        self.0.insert(table, Gap::Rest);
    }

    /// Notes that a row of a table was lost, whose name is one of these texts.
    pub fn lose_row<'a>(&mut self, table: TableName, texts: impl Iterator<Item = &'a str>) {
        let gap = self.0.entry(table).or_insert_with(|| Gap::Rows(BTreeSet::new()));
        if let Gap::Rows(names) = gap {
            let texts = texts.map(str::trim).filter(|text| !text.is_empty());
            names.extend(texts.map(Box::<str>::from));
            if NAMES_MAX < names.len() {
                *gap = Gap::Rest;
            }
        }
    }

    /// Whether all rows of a table were read.
    pub fn is_whole(&self, table: TableName) -> bool {
        !self.0.contains_key(&table)
    }

    /// Whether a row that was lost may have this name.
    pub fn may_name(&self, table: TableName, name: &str) -> bool {
        match self.0.get(&table) {
            None => false,
            Some(Gap::Rest) => true,
            Some(Gap::Rows(names)) => names.contains(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(gaps: &Gaps, name: &str, want: bool) {
        assert_eq!(gaps.may_name(TableName::Items, name), want, "{name}");
    }

    #[test]
    fn a_lost_row_may_have_any_of_its_texts_as_its_name() {
        let mut gaps = Gaps::default();
        check(&gaps, "PUMP", false);
        gaps.lose_row(TableName::Items, ["PUMP ", "", "large"].into_iter());
        check(&gaps, "PUMP", true);
        check(&gaps, "VALVE", false);
        check(&gaps, "", false);
        assert!(!gaps.is_whole(TableName::Items) && gaps.is_whole(TableName::Locations));
        gaps.lose_rest(TableName::Items);
        gaps.lose_row(TableName::Items, ["NUT"].into_iter());
        check(&gaps, "VALVE", true);
    }

    #[test]
    fn lost_rows_without_number_may_have_any_name() {
        let mut gaps = Gaps::default();
        for row in 0..=NAMES_MAX {
            gaps.lose_row(TableName::Items, [row.to_string().as_str()].into_iter());
        }
        check(&gaps, "PUMP", true);
    }
}
