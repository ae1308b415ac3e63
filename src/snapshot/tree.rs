//! The tree of demand classes, and the orders in which a class draws on its nodes (semantics 7).
//!
//! Every class is a node. A class takes from its own node, then from those above it; if it may steal,
//! then from nodes of its tier with a larger rank number, then of the tier above, and so on. This file
//! knows orders only: how much a node has, and of what, is asked elsewhere.

use super::{ClassIx, policy::Class};
use crate::model::{Index, Table};
use std::cmp::Reverse;

/// Whether a class may take from nodes of lower priority.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stealing {
    /// It may not.
    #[default]
    Never,
    /// It may, lowest priority first, tier by tier.
    FromLower,
}

/// The classes by depth and by rank.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// The one class without parent; none where there are several, or none at all.
    root: Option<ClassIx>,
    /// How far below the root each class stands.
    depths: Table<ClassIx, usize>,
    /// The classes of each depth: largest rank number first, then by name.
    tiers: Vec<Vec<ClassIx>>,
    /// The root, then all others: largest rank number first, then by name.
    everyone: Vec<ClassIx>,
    /// Every class before those under it; those of one parent by rank, then by name.
    down: Vec<ClassIx>,
}

impl Tree {
    /// The tree of classes whose parents are known and have no cycle; `name` gives their keys.
    pub fn new<'n>(rows: &Table<ClassIx, Class>, name: impl Fn(ClassIx) -> &'n str) -> Self {
        let depth = |class| up(rows, class).count() - 1;
        let depths: Vec<usize> = rows.indices().map(depth).collect();
        let mut everyone: Vec<ClassIx> = rows.indices().collect();
        everyone.sort_by_key(|&class| (Reverse(rows[class].rank), name(class)));
        let n_tiers = depths.iter().max().map_or(0, |deepest| deepest + 1);
        let mut tiers = vec![Vec::new(); n_tiers];
        for &class in &everyone {
            tiers[depths[class.to_usize()]].push(class);
        }
        let mut last_first = everyone.clone();
        last_first.sort_by_key(|&class| Reverse((rows[class].rank, name(class))));
        let down = down(rows, &last_first);
        let root = match tiers.first().map(Vec::as_slice) {
            Some(&[only]) => Some(only),
            Some(_) | None => None,
        };
        everyone.sort_by_key(|&class| Some(class) != root);
        Self { root, depths: Table::new(depths), tiers, everyone, down }
    }

    /// The one class without parent; none where there are several, or none at all.
    pub fn root(&self) -> Option<ClassIx> {
        self.root
    }

    /// The classes without parent.
    pub fn roots(&self) -> &[ClassIx] {
        self.tiers.first().map_or(&[], Vec::as_slice)
    }

    /// The root, then all others: largest rank number first, then by name.
    pub fn everyone(&self) -> &[ClassIx] {
        &self.everyone
    }

    /// Every class before those under it; those of one parent by rank, then by name.
    pub fn down(&self) -> &[ClassIx] {
        &self.down
    }

    /// How far below the root a class stands.
    pub fn depth(&self, class: ClassIx) -> usize {
        self.depths[class]
    }

    /// The classes of a class's own tier with a lower priority, lowest first.
    fn weaker(&self, rows: &Table<ClassIx, Class>, class: ClassIx) -> &[ClassIx] {
        let tier = &self.tiers[self.depths[class]];
        &tier[..tier.partition_point(|&other| rows[class].rank < rows[other].rank)]
    }

    /// The nodes that a class draws on, in order. No class, and the root, draw on all of them.
    pub fn sequence<'t>(
        &'t self,
        rows: &'t Table<ClassIx, Class>,
        class: Option<ClassIx>,
        stealing: Stealing,
    ) -> impl Iterator<Item = ClassIx> + 't {
        let own = class.filter(|&class| Some(class) != self.root);
        let everyone = if own.is_none() { self.everyone.as_slice() } else { &[] };
        let chain = own.into_iter().flat_map(|class| up(rows, class));
        let thief = own.filter(|_| stealing == Stealing::FromLower);
        let climb = thief.into_iter().flat_map(|class| up(rows, class));
        let stolen = climb.flat_map(|ancestor| self.weaker(rows, ancestor).iter().copied());
        everyone.iter().copied().chain(chain).chain(stolen)
    }
}

/// Every class before those under it; `last_first` has them by rank and name, backwards.
fn down(rows: &Table<ClassIx, Class>, last_first: &[ClassIx]) -> Vec<ClassIx> {
    let mut below = vec![Vec::new(); rows.len()];
    let mut open = Vec::new();
    for &class in last_first {
        match rows[class].parent {
            Some(parent) => below[parent.to_usize()].push(class),
            None => open.push(class),
        }
    }
    let mut down = Vec::with_capacity(rows.len());
    while let Some(class) = open.pop() {
        down.push(class);
        open.extend_from_slice(&below[class.to_usize()]);
    }
    down
}

/// A class, its parent, and so on to the root.
pub fn up(rows: &Table<ClassIx, Class>, class: ClassIx) -> impl Iterator<Item = ClassIx> {
    std::iter::successors(Some(class), |&class| rows[class].parent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Money;

    /// The vendor's tree of semantics 7: name, parent, rank.
    const VISION: &[(&str, &str, i32)] = &[
        ("VisionOps", "", 1),
        ("HighVolume", "VisionOps", 2),
        ("LowVolume", "VisionOps", 3),
        ("Northeast", "HighVolume", 9),
        ("Northwest", "HighVolume", 7),
        ("Southwest", "HighVolume", 10),
        ("Southeast", "HighVolume", 15),
    ];

    #[track_caller]
    fn check(class: &str, stealing: Stealing, want: &str) {
        let at = |name: &str| VISION.iter().position(|row| row.0 == name).map(ClassIx::from_usize);
        let row = |&(_, parent, rank): &(&str, &str, i32)| Class {
            parent: at(parent),
            rank,
            lateness_penalty: Money::ZERO,
        };
        let rows = Table::new(VISION.iter().map(row).collect());
        let name = |class: ClassIx| VISION[class.to_usize()].0;
        let tree = Tree::new(&rows, name);
        let got: Vec<_> = tree.sequence(&rows, at(class), stealing).map(name).collect();
        assert_eq!(got.join(" "), want);
    }

    #[test]
    fn own_then_up_then_the_weaker_tier_by_tier() {
        check("Northeast", Stealing::Never, "Northeast HighVolume VisionOps");
        let stolen = "Northeast HighVolume VisionOps Southeast Southwest LowVolume";
        check("Northeast", Stealing::FromLower, stolen);
        check("LowVolume", Stealing::FromLower, "LowVolume VisionOps");
    }

    #[test]
    fn the_root_and_nobody_draw_on_all() {
        let all = "VisionOps Southeast Southwest Northeast Northwest LowVolume HighVolume";
        check("VisionOps", Stealing::Never, all);
        check("", Stealing::Never, all);
    }
}
