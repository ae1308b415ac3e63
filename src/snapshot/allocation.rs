//! Allocation of scarce supply to demand classes: the rules as data (semantics 7).

use super::{AllocationIx, ClassIx, Names, policy::Assignments};
use crate::model::{Day, Quantity, Table};

/// What a rule does.
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

/// The share of one node from a date on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The node.
    pub class: ClassIx,
    /// From this day on, until the rule's next date.
    pub from: Day,
    /// Percent, ratio, or units, as the rule's method says.
    pub value: Quantity,
}

/// One allocation rule.
#[derive(Clone, Debug, Default)]
pub struct AllocationRule {
    /// What it does.
    pub kind: AllocationKind,
    /// How shares are counted.
    pub method: Method,
    /// What shares are shares of.
    pub basis: ShareBasis,
    /// Whether a class may take from nodes of lower priority.
    pub steal: bool,
    /// Supply up to this day is the root's.
    pub fence_days: Option<u16>,
    /// By date, then by node.
    pub shares: Vec<Share>,
}

/// All allocation rules and where they hold.
#[derive(Clone, Debug, Default)]
pub struct Allocation {
    /// Their keys.
    pub names: Names<AllocationIx>,
    /// Their rows.
    pub rows: Table<AllocationIx, AllocationRule>,
    /// Where they hold.
    pub assignments: Assignments<AllocationIx>,
}
