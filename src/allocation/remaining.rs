//! `basis: remaining`: a class may use no more than its percent of what is left in all (semantics 7).

use crate::{
    model::{Day, Quantity},
    snapshot::{
        ClassIx, Snapshot,
        allocation_rule::{AllocationRule, Share, ShareBasis},
    },
};

/// The percent of what is left that a class may use; none where it is not limited.
pub fn percent(
    snapshot: &Snapshot,
    rule: &AllocationRule,
    class: Option<ClassIx>,
    day: Day,
) -> Option<Quantity> {
    let class = class.filter(|&class| snapshot.classes.tree.root() != Some(class))?;
    if rule.shares.is_empty() || rule.basis == ShareBasis::Original {
        return None;
    }
    let own = rule.shares_on(day).iter().find(|share| share.class == class);
    Some(own.map_or(Quantity::ZERO, |share| share.value))
}

/// Whether the percentages may be others from a date on: then more time may leave a class less.
pub(super) fn changes(rule: &AllocationRule) -> bool {
    let changes = |shares: &[Share]| shares.iter().any(|share| share.from != shares[0].from);
    rule.basis == ShareBasis::Remaining && changes(&rule.shares)
}
