//! ATP rules, allocation rules, and which of several assignments applies (semantics 2 and 7).

use super::book::Place;
use super::master::{Item, Reader};
use super::model::Model;
use super::text::Day;

/// How demand eats supply (section 2).
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Consumption {
    Both,
    Backward,
    None,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Mode {
    Supply,
    LeadTime,
    Infinite,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Objective {
    SourcingRank,
    Earliest,
    LowestCost,
    HighestProfit,
}

pub fn objective(name: &str) -> Option<Objective> {
    match name {
        "sourcing_rank" => Some(Objective::SourcingRank),
        "earliest" => Some(Objective::Earliest),
        "lowest_cost" => Some(Objective::LowestCost),
        "highest_profit" => Some(Objective::HighestProfit),
        _ => None,
    }
}

#[derive(Clone)]
pub struct AtpRule {
    pub rule: String,
    pub mode: Mode,
    pub supply_types: Vec<String>,
    pub demand_types: Vec<String>,
    pub consumption: Consumption,
    pub past_due_supply_days: Option<i32>,
    pub past_due_supply_delay_days: i32,
    pub past_due_demand_days: Option<i32>,
    pub infinite_fence: Option<Day>,
    pub atp_fence: Option<Day>,
    pub lead_time_days: i32,
    pub search_sources: bool,
    pub replenish_by_commitment: bool,
    pub objective: Objective,
    pub split: bool,
    pub min_split_quantity: Option<i64>,
    pub min_split_percent: Option<i64>,
    pub max_splits: Option<i32>,
    pub substitutes: bool,
}

/// A row of `atp_rules`; an empty row is the rule of whatever has none.
pub fn atp_rule(row: &Reader) -> AtpRule {
    let words = |column: &str| row.text(column).split_whitespace().map(String::from).collect();
    AtpRule {
        rule: row.text("rule"),
        mode: match row.text("mode").as_str() {
            "lead_time" => Mode::LeadTime,
            "infinite" => Mode::Infinite,
            _ => Mode::Supply,
        },
        supply_types: words("supply_types"),
        demand_types: words("demand_types"),
        consumption: match row.text("consumption").as_str() {
            "backward" => Consumption::Backward,
            "none" => Consumption::None,
            _ => Consumption::Both,
        },
        past_due_supply_days: row.whole("past_due_supply_days"),
        past_due_supply_delay_days: row.whole("past_due_supply_delay_days").unwrap_or(0),
        past_due_demand_days: row.whole("past_due_demand_days"),
        infinite_fence: row.whole("infinite_fence_days"),
        atp_fence: row.whole("atp_fence_days"),
        lead_time_days: row.whole("lead_time_days").unwrap_or(0),
        search_sources: row.flag("search_sources").unwrap_or(true),
        replenish_by_commitment: row.text("replenish_by") != "need_day",
        objective: objective(&row.text("objective")).unwrap_or(Objective::SourcingRank),
        split: row.flag("split").unwrap_or(false),
        min_split_quantity: row.micro("min_split_quantity"),
        min_split_percent: row.micro("min_split_percent"),
        max_splits: row.whole("max_splits"),
        substitutes: row.flag("substitutes").unwrap_or(false),
    }
}

impl AtpRule {
    pub fn counts_supply(&self, kind: &str) -> bool {
        self.supply_types.is_empty() || self.supply_types.iter().any(|each| each == kind)
    }
    pub fn counts_demand(&self, kind: &str) -> bool {
        self.demand_types.is_empty() || self.demand_types.iter().any(|each| each == kind)
    }
}

/// A row of any of the three assignment tables.
#[derive(Clone, Default)]
pub struct Assignment {
    pub rule: String,
    pub item: String,
    pub category: String,
    pub location: String,
    pub zone: String,
    pub customer: String,
    pub demand_class: String,
}

pub fn assignment(row: &Reader) -> Assignment {
    Assignment {
        rule: row.text("rule"),
        item: row.text("item"),
        category: row.text("category"),
        location: row.text("location"),
        zone: row.text("zone"),
        customer: row.text("customer"),
        demand_class: row.text("demand_class"),
    }
}

/// "Rules are assigned to item+location, item, category+location, category, location, or
/// everything; the most specific wins" (section 2). An empty location asks for the levels without
/// one.
pub fn assigned(assignments: &[Assignment], item: &Item, location: &str) -> Option<String> {
    let levels = [
        (item.item.as_str(), "", location),
        (item.item.as_str(), "", ""),
        ("", item.category.as_str(), location),
        ("", item.category.as_str(), ""),
        ("", "", location),
        ("", "", ""),
    ];
    levels.iter().find_map(|&(item, category, location)| {
        let fits = |row: &&Assignment| {
            row.item == item && row.category == category && row.location == location
        };
        assignments.iter().find(fits).map(|row| row.rule.clone())
    })
}

impl Model {
    /// The ATP rule of an item at a location; an empty location asks for the levels without one.
    pub fn find_rule(&self, item: &str, location: &str) -> AtpRule {
        let mut assignments = self.atp_assignments.clone();
        for row in self.items.values().filter(|row| !row.atp_rule.is_empty()) {
            // "`items.atp_rule` counts as an item-level assignment" (section 11)
            assignments.push(Assignment {
                rule: row.atp_rule.clone(),
                item: row.item.clone(),
                ..Assignment::default()
            });
        }
        let name = assigned(&assignments, &self.items[item], location);
        let row = name.and_then(|name| self.atp_rules.iter().find(|rule| rule.rule == name));
        row.cloned().unwrap_or_else(|| self.default_rule.clone())
    }

    /// "Objective, splits and substitutes come from the rule of the item, its category or
    /// everything, never of a location" (section 11).
    pub fn line_rule(&self, item: &str) -> AtpRule {
        self.find_rule(item, "")
    }

    /// The ATP rule of an item at a location.
    pub fn rule(&self, item: &str, location: &str) -> &AtpRule {
        &self.at(&Place::new(item, location)).rule
    }
}

/// A row of `allocation_rules` (section 7).
#[derive(Clone)]
pub struct AllocationRow {
    pub rule: String,
    pub demand_class: String,
    pub from: Day,
    pub kind: String,
    pub method: String,
    pub value: i64,
    pub remaining: bool,
    pub steal: bool,
    pub fence: Option<Day>,
}

pub fn allocation_row(row: &Reader) -> AllocationRow {
    let or = |column: &str, default: &str| {
        let value = row.text(column);
        if value.is_empty() { default.to_string() } else { value }
    };
    AllocationRow {
        rule: row.text("rule"),
        demand_class: row.text("demand_class"),
        from: row.day("effective_from").unwrap_or(Day::MIN),
        kind: or("kind", "share"),
        method: or("method", "percent"),
        value: row.micro("value").unwrap_or(0),
        remaining: row.text("basis") == "remaining",
        steal: row.flag("steal").unwrap_or(false),
        fence: row.whole("allocation_fence_days"),
    }
}
