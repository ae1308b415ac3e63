//! ATP rules: which supply and demand count, how far, and how a line may be promised (semantics 2, 11).

use super::kinds::{DemandKind, SupplyKind};
use crate::model::{Consumption, Day, Epoch, Quantity};
use std::ops::Range;

/// What a request is answered from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Supply is searched: stock, then the sources.
    #[default]
    Supply,
    /// The date is today plus the lead time; nothing is consumed.
    LeadTime,
    /// The requested date, calendars only; nothing is consumed.
    Infinite,
}

/// Whether stock that a later commitment waits for may be taken (semantics 6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReplenishBy {
    /// Yes, if the sources can replace it by the commitment's day.
    #[default]
    Commitment,
    /// No: what is short is short on the need day.
    NeedDay,
}

/// By what the default option is chosen (semantics 5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Objective {
    /// The best rank among the options on time.
    #[default]
    SourcingRank,
    /// The earliest arrival.
    Earliest,
    /// The lowest cost.
    LowestCost,
    /// The highest profit: profitable to promise.
    HighestProfit,
}

/// The words for objectives in files.
pub const OBJECTIVES: &[(&str, Objective)] = &[
    ("sourcing_rank", Objective::SourcingRank),
    ("earliest", Objective::Earliest),
    ("lowest_cost", Objective::LowestCost),
    ("highest_profit", Objective::HighestProfit),
];

/// Limits on splitting a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SplitRule {
    /// Whether the line may be split at all.
    pub allowed: bool,
    /// The smallest leg.
    pub min_quantity: Option<Quantity>,
    /// The smallest leg as a percentage of the line.
    pub min_percent: Option<Quantity>,
    /// The most legs; 2 where not given.
    pub max_legs: Option<u16>,
}

/// One ATP rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtpRule {
    /// What a request is answered from.
    pub mode: Mode,
    /// The kinds of supply that count; all where none is listed.
    pub supply_kinds: Option<Vec<SupplyKind>>,
    /// The kinds of demand that count; all where none is listed.
    pub demand_kinds: Option<Vec<DemandKind>>,
    /// How shortages treat the supply around them.
    pub consumption: Consumption,
    /// How old a supply may be and still count; any age where not given.
    pub past_due_supply_days: Option<u16>,
    /// The day on which past due supply counts.
    pub past_due_supply_delay_days: u16,
    /// How old a demand may be and still count; any age where not given.
    pub past_due_demand_days: Option<u16>,
    /// From this day on everything is promised on its date.
    pub infinite_fence_days: Option<u16>,
    /// Up to this day stock comes before make and buy; after it make and buy come first.
    pub atp_fence_days: Option<u16>,
    /// The lead time of [`Mode::LeadTime`].
    pub lead_time_days: u16,
    /// Whether the sources are searched at all.
    pub search_sources: bool,
    /// Whether stock that a later commitment waits for may be taken.
    pub replenish_by: ReplenishBy,
    /// By what the default option is chosen.
    pub objective: Objective,
    /// How lines may be split.
    pub split: SplitRule,
    /// Whether substitutes may be promised.
    pub substitutes: bool,
}

impl Default for AtpRule {
    /// The rule of an item that has none: every default of the contract.
    fn default() -> Self {
        Self {
            mode: Mode::default(),
            supply_kinds: None,
            demand_kinds: None,
            consumption: Consumption::default(),
            past_due_supply_days: None,
            past_due_supply_delay_days: 0,
            past_due_demand_days: None,
            infinite_fence_days: None,
            atp_fence_days: None,
            lead_time_days: 0,
            search_sources: true,
            replenish_by: ReplenishBy::default(),
            objective: Objective::default(),
            split: SplitRule::default(),
            substitutes: false,
        }
    }
}

impl AtpRule {
    /// Whether accounts have other balances under another rule.
    pub fn reckons_unlike(&self, other: &AtpRule) -> bool {
        let supply =
            (&self.supply_kinds, self.past_due_supply_days, self.past_due_supply_delay_days);
        let theirs =
            (&other.supply_kinds, other.past_due_supply_days, other.past_due_supply_delay_days);
        let demand = (&self.demand_kinds, self.past_due_demand_days);
        supply != theirs
            || demand != (&other.demand_kinds, other.past_due_demand_days)
            || self.consumption != other.consumption
            || self.infinite_fence_days != other.infinite_fence_days
    }

    /// From this day on everything is promised on its date, whatever there is (the infinite fence); none: never.
    pub fn infinite_from(&self) -> Option<Day> {
        self.infinite_fence_days.map(|days| Day(i32::from(days)))
    }

    /// Whether a day is on or behind the infinite fence.
    pub fn is_infinite_on(&self, day: Day) -> bool {
        self.infinite_from().is_some_and(|fence| fence <= day)
    }

    /// The days whose supply and demand count: those of the horizon that lie before the infinite fence.
    pub fn window(&self, epoch: Epoch) -> Range<Day> {
        let end = epoch.end();
        Day::ZERO..end.min(self.infinite_from().unwrap_or(end))
    }

    /// Whether a kind of supply counts. On-hand counts if none is listed or it is.
    pub fn counts_supply(&self, kind: SupplyKind) -> bool {
        self.supply_kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind))
    }

    /// Whether a kind of demand counts.
    pub fn counts_demand(&self, kind: DemandKind) -> bool {
        self.demand_kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind))
    }
}
