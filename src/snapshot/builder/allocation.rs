//! Rows of allocation: rules by demand class, and where they hold.

use super::Builder;
use crate::{
    limits::CLASSES_MAX,
    model::{Day, Quantity},
    snapshot::{
        AllocationIx, ClassIx,
        allocation_rule::{AllocationKind, AllocationRule, Method, Share, ShareBasis, Stealing},
        row::Row,
        schema::{Column, TableName},
        stock::Stocks,
        tree::Tree,
    },
};
use std::collections::BTreeSet;

const KINDS: &[(&str, AllocationKind)] = &[
    ("share", AllocationKind::Share),
    ("protect", AllocationKind::Protect),
    ("cap", AllocationKind::Cap),
];

const METHODS: &[(&str, Method)] =
    &[("percent", Method::Percent), ("ratio", Method::Ratio), ("quantity", Method::Quantity)];

const BASES: &[(&str, ShareBasis)] =
    &[("original", ShareBasis::Original), ("remaining", ShareBasis::Remaining)];

/// Before any date: from when a row without date holds.
const ALWAYS: Day = Day(i32::MIN);

/// One row of a rule.
#[derive(Clone, Copy, Debug)]
struct RuleRow {
    rule: AllocationIx,
    share: Share,
    kind: AllocationKind,
    number: u64,
}

/// Rows until all are there.
#[derive(Debug, Default)]
pub(super) struct Pending {
    rows: Vec<RuleRow>,
    keys: BTreeSet<(AllocationIx, ClassIx, Day)>,
}

/// The column in which the settings of two rows of a rule differ.
fn differing(one: &AllocationRule, other: &AllocationRule) -> Option<Column> {
    let differs = [
        (Column::Basis, one.basis != other.basis),
        (Column::Steal, one.stealing != other.stealing),
        (Column::AllocationFenceDays, one.fence_days != other.fence_days),
    ];
    differs.into_iter().find(|(_, differs)| *differs).map(|(column, _)| column)
}

impl Builder {
    pub(super) fn allocation_rule(&mut self, row: &mut Row<'_>) {
        let key = row.key(Column::Rule);
        let class_key = row.text(Column::DemandClass);
        let class = self.classes.names.get(class_key);
        let who = format!("rule {key}, class {class_key}");
        if class.is_none() {
            row.unknown(
                Column::DemandClass,
                TableName::DemandClasses,
                format!("a demand class of the tree ({who})"),
            );
        }
        let value = match row.quantity_or_none(Column::Value) {
            Some(value) if Quantity::ZERO <= value => value,
            Some(_) | None => {
                row.fault(Column::Value, format!("a number that is not negative ({who})"));
                Quantity::ZERO
            }
        };
        let from = row.date_or_none(Column::EffectiveFrom).map_or(ALWAYS, |date| self.day(date));
        let kind = row.choice_or_none(Column::Kind, KINDS).unwrap_or_default();
        let method = row.choice_or_none(Column::Method, METHODS).unwrap_or_default();
        let settings = AllocationRule {
            basis: row.choice_or_none(Column::Basis, BASES).unwrap_or_default(),
            stealing: if row.flag(Column::Steal, false) {
                Stealing::FromLower
            } else {
                Stealing::Never
            },
            fence_days: row.days_or_none(Column::AllocationFenceDays),
            ..AllocationRule::default()
        };
        let Some(class) = class.filter(|_| !row.is_faulty()) else {
            return;
        };
        let rule: AllocationIx = self.allocation.names.intern(key);
        if self.allocation.rows.len() < self.allocation.names.len() {
            self.allocation.rows.push(settings.clone());
        }
        if let Some(column) = differing(&settings, &self.allocation.rows[rule]) {
            let expected = format!("the basis, steal and fence of the rule's other rows ({who})");
            row.fault(column, expected);
            return;
        }
        if !self.shares.keys.insert((rule, class, from)) {
            let expected = format!("one row a rule, class and date ({who} has one from that date)");
            row.fault_of_key(&[Column::Rule, Column::DemandClass, Column::EffectiveFrom], expected);
            return;
        }
        let share = Share { class, from, method, value };
        self.shares.rows.push(RuleRow { rule, share, kind, number: row.number() });
    }

    pub(super) fn allocation_assignment(&mut self, row: &mut Row<'_>) {
        let rule: AllocationIx = row.reference(Column::Rule, &self.allocation.names);
        let what = self.what(row);
        let location = row.reference_or_none(Column::Location, &self.locations.names);
        if !row.is_faulty() && !self.allocation.assignments.assign(what, location, rule) {
            let key = [Column::Rule, Column::Item, Column::Category, Column::Location];
            row.fault_of_key(&key, "one rule a level; another row assigns one to the same");
        }
    }

    /// Puts the classes in order; their parents are known and have no cycle.
    pub(super) fn finish_tree(&mut self) {
        let names = &self.classes.names;
        let tree = Tree::new(&self.classes.rows, |class| names.name(class));
        let n_classes = names.len();
        self.classes.tree = tree;
        if CLASSES_MAX < n_classes {
            let expected = format!("at most {CLASSES_MAX} demand classes");
            self.fault_at((TableName::DemandClasses, 0), None, &n_classes.to_string(), &expected);
        }
    }

    /// Sorts the rows into their rules, checks what only shows when all are there, and notes the rule of
    /// every account.
    pub(super) fn finish_allocation(&mut self, stocks: &Stocks) {
        let mut rows = std::mem::take(&mut self.shares.rows);
        self.check_roots();
        let name = |class: ClassIx| self.classes.names.name(class);
        rows.sort_by_key(|row| (row.rule, row.share.from, name(row.share.class)));
        for rows in rows.chunk_by(|one, next| one.rule == next.rule) {
            self.check_shares(rows);
            let mut rule = self.allocation.rows[rows[0].rule].clone();
            let all: Vec<_> = rows.iter().map(|row| (row.kind, row.share)).collect();
            rule.set_rows(&all);
            self.allocation.rows.replace(rows[0].rule, rule);
        }
        self.allocation.restate(&self.items);
        let assignments = self.allocation.assignments.clone();
        let rule = |row: &crate::snapshot::stock::StockRow| {
            assignments.of_pair(row.item, self.items.category(row.item), row.location)
        };
        self.allocation.assign(stocks.iter().map(|(_, row)| rule(row)));
    }

    /// What is left over belongs to the root: there must be one, and one only.
    fn check_roots(&mut self) {
        let Some(rule) = self.allocation.names.indices().next() else {
            return;
        };
        // Where a row of a class is faulty its parent is not known. Without any root there is a cycle, which
        // is named elsewhere.
        if self.problems.is_clean(TableName::DemandClasses.name())
            && self.classes.tree.root().is_none()
            && !self.classes.tree.roots().is_empty()
        {
            let roots = self.classes.tree.roots().iter();
            let roots: Vec<_> = roots.map(|&class| self.classes.names.name(class)).collect();
            let roots = roots.join(", ");
            let rule = self.allocation.names.name(rule);
            let expected = format!(
                "one class without parent, for allocation rules such as {rule}; give the others a parent"
            );
            self.fault_at((TableName::DemandClasses, 0), Column::Parent, &roots, &expected);
        }
    }

    /// Shares of one date are counted by one method, and percentages are at most 100 together.
    fn check_shares(&mut self, rows: &[RuleRow]) {
        let share = |row: &&RuleRow| row.kind == AllocationKind::Share;
        let shares: Vec<RuleRow> = rows.iter().filter(share).copied().collect();
        let same_date = |one: &RuleRow, next: &RuleRow| one.share.from == next.share.from;
        for period in shares.chunk_by(same_date) {
            let first = period[0].share;
            if let Some(other) = period.iter().find(|row| row.share.method != first.method) {
                self.share_fault(
                    other,
                    Column::Method,
                    String::new(),
                    "one method for all shares of a date",
                );
                continue;
            }
            if first.method != Method::Percent {
                continue;
            }
            let largest = period.iter().max_by_key(|row| row.share.value);
            let largest = largest.expect("a period has a row");
            let of_rule = &self.allocation.rows[largest.rule];
            let counted = match of_rule.basis {
                ShareBasis::Original => period.iter().map(|row| row.share.value).sum(),
                ShareBasis::Remaining => largest.share.value,
            };
            if Quantity::units(100) < counted {
                let expected =
                    "at most 100 percent in all from one date on; this share is the largest";
                self.share_fault(largest, Column::Value, format!("{counted} percent"), expected);
            }
        }
    }

    fn share_fault(&mut self, row: &RuleRow, column: Column, value: String, expected: &str) {
        let class = self.classes.names.name(row.share.class);
        let rule = self.allocation.names.name(row.rule);
        let expected = format!("{expected} (rule {rule}, class {class})");
        self.fault_at((TableName::AllocationRules, row.number), column, &value, &expected);
    }
}
