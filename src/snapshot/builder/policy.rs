//! Rows of policy: demand classes, ATP rules, allocation rules, and their assignments.

use super::Builder;
use crate::{
    model::{Consumption, Quantity},
    snapshot::{
        CategoryIx, ClassIx, RuleIx,
        atp_rule::{AtpRule, Mode, OBJECTIVES, ReplenishBy, SplitRule},
        cells::OneRow,
        kinds::{DEMAND_KINDS, SUPPLY_KINDS},
        mapping::Mapping,
        policy::{Class, What},
        problem::Problems,
        row::Row,
        schema,
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
        let class: ClassIx = row.define(&mut self.classes.names);
        let parent = row.text();
        let class_row = Class { parent: None, rank: row.rank(0), lateness_penalty: row.money() };
        if self.classes.rows.len() < self.classes.names.len() {
            self.classes.rows.push(class_row);
        }
        if !row.is_faulty() && !parent.is_empty() {
            self.master.class_parents.push((class, parent.to_string(), row.number()));
        }
    }

    pub(super) fn atp_rule(&mut self, row: &mut Row<'_>) {
        row.define::<RuleIx>(&mut self.rules.names);
        let rule = rule_of(row);
        if self.rules.names.len() != self.rules.len() {
            self.rules.push(rule);
        }
    }

    pub(super) fn atp_rule_assignment(&mut self, row: &mut Row<'_>) {
        let rule: RuleIx = row.reference(&self.rules.names, "ATP rule");
        let what = self.what(row);
        let location = row.reference_or_none(&self.locations.names, "location");
        if !row.is_faulty() && !self.rules.assignments.assign(what, location, rule) {
            let expected =
                "one rule a level; another row (or items.atp_rule) assigns one to the same";
            row.fault_of_key(&["rule", "item", "category", "location"], expected);
        }
    }

    /// The two cells that say which items an assignment is for.
    pub(super) fn what(&mut self, row: &mut Row<'_>) -> What {
        let item = row.reference_or_none(&self.items.names, "item");
        let category = self.category(row);
        match (item, category) {
            (Some(_), Some(_)) => {
                row.fault("an item or a category, not both");
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
        let name = row.text();
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
                "a category that some item has; no item has this one, so the row assigns nothing",
            );
        }
        Some(category)
    }
}

/// The cells of a row of `atp_rules` after its key.
fn rule_of(row: &mut Row<'_>) -> AtpRule {
    AtpRule {
        mode: row.choice_or_none(MODES).unwrap_or_default(),
        supply_kinds: row.choices_or_none(SUPPLY_KINDS),
        demand_kinds: row.choices_or_none(DEMAND_KINDS),
        consumption: row.choice_or_none(CONSUMPTIONS).unwrap_or_default(),
        past_due_supply_days: row.days_or_none(),
        past_due_supply_delay_days: row.days_or_none().unwrap_or(0),
        past_due_demand_days: row.days_or_none(),
        infinite_fence_days: row.days_or_none(),
        atp_fence_days: row.days_or_none(),
        lead_time_days: row.days_or_none().unwrap_or(0),
        search_sources: row.flag(true),
        replenish_by: row.choice_or_none(REPLENISH_BY).unwrap_or_default(),
        objective: row.choice_or_none(OBJECTIVES).unwrap_or_default(),
        split: SplitRule {
            allowed: row.flag(false),
            min_quantity: row.positive_or_none(),
            min_percent: percent_or_none(row),
            max_legs: row.splits_or_none(),
        },
        substitutes: row.flag(false),
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
    let columns = || schema.columns.iter().map(|column| column.name).filter(|name| *name != "rule");
    if !columns().any(|name| name == setting) {
        let expected = format!("one of {}", columns().collect::<Vec<_>>().join(", "));
        return Err(SettingFault { field: "setting", expected });
    }
    let cell = |name: &str| match name {
        "rule" => Some("rule"),
        name if name == setting => value,
        _ => None,
    };
    let cells: Vec<_> = schema.columns.iter().map(|column| cell(column.name)).collect();
    let (mapping, cells) = (Mapping::in_order(schema), OneRow(&cells));
    let mut problems = Problems::default();
    let mut row = Row::new(&mapping, 1, (&cells, 0), &mut problems);
    row.key();
    let given = rule_of(&mut row);
    if let Some(problem) = problems.listed().first() {
        return Err(SettingFault { field: "value", expected: problem.expected.clone() });
    }
    let mut after = rule.clone();
    match setting {
        "mode" => after.mode = given.mode,
        "supply_types" => after.supply_kinds = given.supply_kinds,
        "demand_types" => after.demand_kinds = given.demand_kinds,
        "consumption" => after.consumption = given.consumption,
        "past_due_supply_days" => after.past_due_supply_days = given.past_due_supply_days,
        "past_due_supply_delay_days" => {
            after.past_due_supply_delay_days = given.past_due_supply_delay_days;
        }
        "past_due_demand_days" => after.past_due_demand_days = given.past_due_demand_days,
        "infinite_fence_days" => after.infinite_fence_days = given.infinite_fence_days,
        "atp_fence_days" => after.atp_fence_days = given.atp_fence_days,
        "lead_time_days" => after.lead_time_days = given.lead_time_days,
        "search_sources" => after.search_sources = given.search_sources,
        "replenish_by" => after.replenish_by = given.replenish_by,
        "objective" => after.objective = given.objective,
        "split" => after.split.allowed = given.split.allowed,
        "min_split_quantity" => after.split.min_quantity = given.split.min_quantity,
        "min_split_percent" => after.split.min_percent = given.split.min_percent,
        "max_splits" => after.split.max_legs = given.split.max_legs,
        "substitutes" => after.substitutes = given.substitutes,
        other => unreachable!("{other} is no column of atp_rules"),
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
    let percent = row.positive_or_none()?;
    if Quantity::units(100) < percent {
        row.fault("a percentage of at most 100");
    }
    Some(percent)
}
