//! Rows of policy: demand classes, ATP rules, allocation rules, and their assignments.

use super::Builder;
use crate::{
    model::{Consumption, Quantity},
    snapshot::{
        CategoryIx, ClassIx, RuleIx,
        atp_rule::{AtpRule, Mode, OBJECTIVES, ReplenishBy},
        cells::OneRow,
        kinds::{DEMAND_KINDS, SUPPLY_KINDS},
        mapping::Mapping,
        policy::{Class, What},
        problem::Problems,
        row::Row,
        schema::{self, Column},
    },
};

const MODES: &[(&str, Mode)] =
    &[("supply", Mode::Supply), ("lead_time", Mode::LeadTime), ("infinite", Mode::Infinite)];

const CONSUMPTIONS: &[(&str, Consumption)] = &[
    ("both", Consumption::Both),
    ("backward", Consumption::Backward),
    ("none", Consumption::None),
];

const REPLENISH_BY: &[(&str, ReplenishBy)] =
    &[("commitment", ReplenishBy::Commitment), ("need_day", ReplenishBy::NeedDay)];

impl Builder {
    pub(super) fn demand_class(&mut self, row: &mut Row<'_>) {
        let class: ClassIx = row.define(Column::DemandClass, &mut self.classes.names);
        let parent = row.text(Column::Parent);
        let class_row = Class {
            parent: None,
            rank: row.rank(Column::Rank, 0),
            lateness_penalty: row.money(Column::LatenessPenaltyPerUnitDay),
        };
        if self.classes.rows.len() < self.classes.names.len() {
            self.classes.rows.push(class_row);
        }
        if !row.is_faulty() && !parent.is_empty() {
            self.master.class_parents.push((class, parent.to_string(), row.number()));
        }
    }

    pub(super) fn atp_rule(&mut self, row: &mut Row<'_>) {
        row.define::<RuleIx>(Column::Rule, &mut self.rules.names);
        let mut rule = AtpRule::default();
        for &column in schema::table("atp_rules").expect("it is a table").may_have {
            set(&mut rule, column, row);
        }
        if self.rules.names.len() != self.rules.len() {
            self.rules.push(rule);
        }
    }

    pub(super) fn atp_rule_assignment(&mut self, row: &mut Row<'_>) {
        let rule: RuleIx = row.reference(Column::Rule, &self.rules.names);
        let what = self.what(row);
        let location = row.reference_or_none(Column::Location, &self.locations.names);
        if !row.is_faulty() && !self.rules.assignments.assign(what, location, rule) {
            let expected =
                "one rule a level; another row (or items.atp_rule) assigns one to the same";
            row.fault_of_key(
                &[Column::Rule, Column::Item, Column::Category, Column::Location],
                expected,
            );
        }
    }

    /// The two cells that say which items an assignment is for.
    pub(super) fn what(&mut self, row: &mut Row<'_>) -> What {
        let item = row.reference_or_none(Column::Item, &self.items.names);
        let category = self.category(row);
        match (item, category) {
            (Some(_), Some(_)) => {
                row.fault(Column::Category, "an item or a category, not both");
                What::All
            }
            (Some(item), None) => What::Item(item),
            (None, Some(category)) => What::Category(category),
            (None, None) => What::All,
        }
    }
}

impl Builder {
    /// The category that an assignment is for. One that no item has assigns nothing, yet: it is told, and
    /// there is no fault in it.
    fn category(&mut self, row: &mut Row<'_>) -> Option<CategoryIx> {
        let name = row.text(Column::Category);
        if name.is_empty() {
            return None;
        }
        let known = self.items.categories.get(name);
        let category = self.items.categories.intern(name);
        if known.is_none() {
            self.master.unused_categories.insert(category);
        }
        if self.master.unused_categories.contains(&category) {
            row.warn(
                Column::Category,
                "a category that some item has; no item has this one, so the row assigns nothing",
            );
        }
        Some(category)
    }
}

/// Puts what a cell of `atp_rules` says into a rule, or the default where it is empty.
#[expect(clippy::wildcard_enum_match_arm, reason = "the others are columns of other tables")]
fn set(rule: &mut AtpRule, column: Column, row: &mut Row<'_>) {
    match column {
        Column::Mode => rule.mode = row.choice_or_none(column, MODES).unwrap_or_default(),
        Column::SupplyTypes => rule.supply_kinds = row.choices_or_none(column, SUPPLY_KINDS),
        Column::DemandTypes => rule.demand_kinds = row.choices_or_none(column, DEMAND_KINDS),
        Column::Consumption => {
            rule.consumption = row.choice_or_none(column, CONSUMPTIONS).unwrap_or_default();
        }
        Column::PastDueSupplyDays => rule.past_due_supply_days = row.days_or_none(column),
        Column::PastDueSupplyDelayDays => {
            rule.past_due_supply_delay_days = row.days_or_none(column).unwrap_or(0);
        }
        Column::PastDueDemandDays => rule.past_due_demand_days = row.days_or_none(column),
        Column::InfiniteFenceDays => rule.infinite_fence_days = row.days_or_none(column),
        Column::AtpFenceDays => rule.atp_fence_days = row.days_or_none(column),
        Column::LeadTimeDays => rule.lead_time_days = row.days_or_none(column).unwrap_or(0),
        Column::SearchSources => rule.search_sources = row.flag(column, true),
        Column::ReplenishBy => {
            rule.replenish_by = row.choice_or_none(column, REPLENISH_BY).unwrap_or_default();
        }
        Column::Objective => {
            rule.objective = row.choice_or_none(column, OBJECTIVES).unwrap_or_default();
        }
        Column::Split => rule.split.allowed = row.flag(column, false),
        Column::MinSplitQuantity => rule.split.min_quantity = row.positive_or_none(column),
        Column::MinSplitPercent => rule.split.min_percent = percent_or_none(row),
        Column::MaxSplits => rule.split.max_legs = row.splits_or_none(column),
        Column::Substitutes => rule.substitutes = row.flag(column, false),
        other => unreachable!("{other:?} is no setting of an ATP rule"),
    }
}

/// A rule with another value in one of its columns; with the default where no value is given.
///
/// # Errors
/// The column is unknown, or cannot have that value.
pub fn atp_setting(
    rule: &AtpRule,
    setting: &str,
    value: Option<&str>,
) -> Result<AtpRule, SettingFault> {
    let schema = schema::table("atp_rules").expect("it is a table");
    let settings = schema.may_have;
    let Some(column) = settings.iter().copied().find(|column| column.name() == setting) else {
        let names: Vec<_> = settings.iter().map(|column| column.name()).collect();
        let expected = format!("one of {}", names.join(", "));
        return Err(SettingFault { field: "setting", expected });
    };
    let cells: Vec<_> = schema.columns().map(|one| value.filter(|_| one == column)).collect();
    let (mapping, cells) = (Mapping::in_order(schema), OneRow(&cells));
    let mut problems = Problems::default();
    let mut after = rule.clone();
    set(&mut after, column, &mut Row::new(&mapping, 1, (&cells, 0), &mut problems));
    if let Some(problem) = problems.listed().first() {
        return Err(SettingFault { field: "value", expected: problem.expected.clone() });
    }
    Ok(after)
}

/// Why a setting cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingFault {
    /// `setting` or `value`.
    pub field: &'static str,
    /// What was expected there.
    pub expected: String,
}

fn percent_or_none(row: &mut Row<'_>) -> Option<Quantity> {
    let percent = row.positive_or_none(Column::MinSplitPercent)?;
    if Quantity::units(100) < percent {
        row.fault(Column::MinSplitPercent, "a percentage of at most 100");
    }
    Some(percent)
}
