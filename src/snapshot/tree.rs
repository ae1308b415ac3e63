//! The tree of demand classes by depth and by rank. In which order a class draws on its nodes, the layer
//! [`crate::allocation`] says.

use super::index::ClassIx;
use crate::model::{Index, Money, Table};
use std::cmp::Reverse;

/// One demand class.
#[derive(Clone, Copy, Debug)]
pub struct Class {
    /// The class that it belongs to; none for the root.
    pub parent: Option<ClassIx>,
    /// A larger number is a lower priority.
    pub rank: i32,
    /// Penalty for one unit late by one day.
    pub lateness_penalty: Money,
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
    pub fn weaker(&self, rows: &Table<ClassIx, Class>, class: ClassIx) -> &[ClassIx] {
        let tier = &self.tiers[self.depths[class]];
        &tier[..tier.partition_point(|&other| rows[class].rank < rows[other].rank)]
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
