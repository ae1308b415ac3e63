//! Allocation of scarce supply to demand classes: one rule as data (semantics 7).
//!
//! What a rule means, who may take how much, is told by the layer [`crate::allocation`]; where rules hold, by
//! [`super::allocations`].

use super::ClassIx;
use crate::model::{Day, Quantity, Ratio};

/// What a row of a rule does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AllocationKind {
    /// Divides supply among the nodes.
    #[default]
    Share,
    /// Keeps units for a node.
    Protect,
    /// Gives the classes under a node at most so many units.
    Cap,
}

/// How a share is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// Per hundred of supply.
    #[default]
    Percent,
    /// In proportion to the other nodes.
    Ratio,
    /// Units of a period.
    Quantity,
}

/// What shares are shares of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ShareBasis {
    /// Of every supply as it is loaded.
    #[default]
    Original,
    /// Of what is left in all.
    Remaining,
}

/// Whether a class may take from nodes of lower priority.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stealing {
    /// It may not.
    #[default]
    Never,
    /// It may, lowest priority first, tier by tier.
    FromLower,
}

/// The share of one node from a date on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The node.
    pub class: ClassIx,
    /// From this day on, until the rule's next date of shares.
    pub from: Day,
    /// How it is counted; one method a date.
    pub method: Method,
    /// Percent, ratio, or units, as the method says.
    pub value: Quantity,
}

/// What is kept for a node, or the most that it may get, in one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The node.
    pub class: ClassIx,
    /// The first ship day of the period; may lie before day 0.
    pub from: Day,
    /// The day after its last one: the rule's next date.
    pub until: Day,
    /// Units.
    pub value: Quantity,
}

impl Limit {
    /// Whether a ship day is in the period.
    pub fn holds(&self, ship: Day) -> bool {
        self.from <= ship && ship < self.until
    }

    /// The day under which the period is counted: its first one, at the earliest day 0; none where the
    /// period is over before day 0.
    pub fn day(&self) -> Option<Day> {
        let day = self.from.max(Day::ZERO);
        (day < self.until).then_some(day)
    }
}

/// One allocation rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllocationRule {
    /// What shares are shares of.
    pub basis: ShareBasis,
    /// Whether a class may take from nodes of lower priority.
    pub stealing: Stealing,
    /// Supply up to this day is the root's.
    pub fence_days: Option<u16>,
    /// Shares, by date, then by the node's name.
    pub shares: Vec<Share>,
    /// What is kept for nodes, by date, then by the node's name.
    pub protects: Vec<Limit>,
    /// What nodes may get at most, by date, then by the node's name.
    pub caps: Vec<Limit>,
}

impl AllocationRule {
    /// Whether every supply is divided, so that each node has a profile of its own.
    pub fn divides(&self) -> bool {
        !self.shares.is_empty() && self.basis == ShareBasis::Original
    }

    /// Whether what a class sees of the whole account is less than all of it.
    pub fn bounds(&self) -> bool {
        !self.protects.is_empty()
            || (!self.shares.is_empty() && self.basis == ShareBasis::Remaining)
    }

    /// Whether it counts what classes are promised in a period.
    pub fn counts(&self) -> bool {
        !self.protects.is_empty() || !self.caps.is_empty()
    }

    /// The dates of all its rows, in no order; some lie before day 0.
    pub fn dates(&self) -> impl Iterator<Item = Day> {
        let limits = self.protects.iter().chain(&self.caps).map(|limit| limit.from);
        self.shares.iter().map(|share| share.from).chain(limits)
    }

    /// The sum of the percentages in force on a day, if it is more than 100; under `remaining` the
    /// largest of them.
    pub fn percent_beyond(&self, day: Day) -> Option<Quantity> {
        let shares = self.shares_on(day).iter();
        let values =
            shares.filter(|share| share.method == Method::Percent).map(|share| share.value);
        let counted = match self.basis {
            ShareBasis::Original => values.sum(),
            ShareBasis::Remaining => values.max().unwrap_or_default(),
        };
        (Quantity::units(100) < counted).then_some(counted)
    }

    /// The rule with its quantities in a unit of which so many are one; none if it has no quantities.
    pub(super) fn in_unit(&self, each: Ratio) -> Option<AllocationRule> {
        let mut rule = self.clone();
        let shares = rule.shares.iter_mut();
        let shares = shares.filter(|share| share.method == Method::Quantity);
        let limits = rule.protects.iter_mut().chain(&mut rule.caps).map(|limit| &mut limit.value);
        let mut has_any = false;
        for value in shares.map(|share| &mut share.value).chain(limits) {
            *value = each.in_finest(*value);
            has_any = true;
        }
        has_any.then_some(rule)
    }

    /// Whether supply that counts on a day is nobody's but the root's.
    pub fn is_fenced(&self, day: Day) -> bool {
        self.fence_days.is_some_and(|days| day <= Day(i32::from(days)))
    }

    /// All its rows.
    pub fn rows(&self) -> Vec<(AllocationKind, Share)> {
        let of = |kind, limits: &[Limit]| -> Vec<(AllocationKind, Share)> {
            let share = |limit: &Limit| Share {
                class: limit.class,
                from: limit.from,
                method: Method::Quantity,
                value: limit.value,
            };
            limits.iter().map(|limit| (kind, share(limit))).collect()
        };
        let mut rows: Vec<_> =
            self.shares.iter().map(|share| (AllocationKind::Share, *share)).collect();
        rows.extend(of(AllocationKind::Protect, &self.protects));
        rows.extend(of(AllocationKind::Cap, &self.caps));
        rows
    }

    /// Puts rows in the place of its rows; they come by date, then by the node's name. Each date ends
    /// the periods before it.
    pub fn set_rows(&mut self, rows: &[(AllocationKind, Share)]) {
        self.shares.clear();
        self.protects.clear();
        self.caps.clear();
        for &(kind, share) in rows {
            let Share { class, from, value, .. } = share;
            let later = rows.iter().map(|(_, share)| share.from).filter(|&other| from < other);
            let limit = Limit { class, from, until: later.min().unwrap_or(Day::MAX), value };
            match kind {
                AllocationKind::Share => self.shares.push(share),
                AllocationKind::Protect => self.protects.push(limit),
                AllocationKind::Cap => self.caps.push(limit),
            }
        }
    }

    /// The shares in force on a day: those of the latest date up to it.
    pub fn shares_on(&self, day: Day) -> &[Share] {
        let end = self.shares.partition_point(|share| share.from <= day);
        let Some(last) = self.shares[..end].last() else {
            return &[];
        };
        let start = self.shares.partition_point(|share| share.from < last.from);
        &self.shares[start..end]
    }
}
