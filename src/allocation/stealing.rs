//! In which order a class draws on nodes, and whether it may steal (semantics 7).
//!
//! Every class is a node. A class takes from its own node, then from those above it; if it may steal,
//! then from nodes of its tier with a larger rank number, then of the tier above, and so on. This file
//! knows orders only: how much a node has, and of what, is asked elsewhere.

use crate::{
    model::Quantity,
    snapshot::{ClassIx, allocation_rule::Stealing, policy::Classes},
};

/// The nodes that a class draws on, in order. No class, and the root, draw on all of them.
pub fn sequence(
    classes: &Classes,
    class: Option<ClassIx>,
    stealing: Stealing,
) -> impl Iterator<Item = ClassIx> {
    let own = class.filter(|&class| Some(class) != classes.tree.root());
    let everyone = if own.is_none() { classes.tree.everyone() } else { &[] };
    let chain = own.into_iter().flat_map(|class| classes.up(class));
    let thief = own.filter(|_| stealing == Stealing::FromLower);
    let climb = thief.into_iter().flat_map(|class| classes.up(class));
    let stolen = climb.flat_map(|above| classes.tree.weaker(&classes.rows, above).iter().copied());
    everyone.iter().copied().chain(chain).chain(stolen)
}

/// The nodes in turn, each giving what it has, up to what is wanted: for promises and for the demands of a snapshot
/// alike. Gives what was taken in all.
pub(super) fn walk(
    sequence: impl Iterator<Item = ClassIx>,
    wanted: Quantity,
    mut available: impl FnMut(ClassIx) -> Quantity,
    mut taken: impl FnMut(ClassIx, Quantity),
) -> Quantity {
    let mut left = wanted;
    for class in sequence {
        if !left.is_positive() {
            break;
        }
        let part = left.min(available(class));
        if part.is_positive() {
            taken(class, part);
            left -= part;
        }
    }
    wanted - left
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{Index, Money, Table},
        snapshot::{policy::Class, tree::Tree},
    };

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
        let classes = Classes { rows, tree, ..Classes::default() };
        let got: Vec<_> = sequence(&classes, at(class), stealing).map(name).collect();
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
