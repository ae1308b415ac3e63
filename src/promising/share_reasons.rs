//! Why a class cannot have what is there: its share, a cap, or what is kept for others (semantics 7).

use super::{
    answer::{CapReason, Reason, ShareBound, ShareReason},
    attempt::Attempt,
    search::{Need, Search},
};
use crate::{
    allocation::{history, protect, remaining::percent, shift::of_node, stealing::sequence},
    model::{Day, Quantity, StockAccount},
    snapshot::ClassIx,
};
use std::collections::BTreeMap;

impl Search<'_> {
    /// What keeps stock that is there from whoever asks, beyond what was found for him; none where there
    /// is no more. It is asked before that is taken.
    pub(super) fn share_reason(
        &self,
        need: Need,
        account: StockAccount,
        found: Quantity,
    ) -> Option<Reason> {
        let snapshot = self.snapshot();
        let rule = snapshot.allocation_rule(account)?;
        let whole = self.trial.overlay.profile(account).available(need.day);
        if need.quantity.min(whole) <= found {
            return None;
        }
        let class = need.stand.asker.class_of(need.item);
        let (bound, mut kept) = if rule.divides() {
            self.node_bound(need.day, account, class?)
        } else {
            let kept = protect::protected(&self.trial.overlay, account, rule, class);
            let of = protect::unprotected(&self.trial.overlay, account, &kept, need.day);
            let percent = percent(snapshot, rule, class, need.day);
            let bound =
                percent.map_or(ShareBound::Rest, |percent| ShareBound::Percent { percent, of });
            let mut of_class: BTreeMap<ClassIx, Quantity> = BTreeMap::new();
            for kept in kept {
                *of_class.entry(kept.class).or_default() += kept.quantity;
            }
            (bound, of_class.into_iter().collect())
        };
        kept.sort_by_key(|&(class, part)| (-part, snapshot.classes.names.name(class)));
        let Need { item, location, day, .. } = need;
        Some(Reason::Share(ShareReason { item, location, day, class, bound, kept }))
    }

    /// What the node of a class was given and has left, and what the nodes have that it may not touch.
    fn node_bound(
        &self,
        day: Day,
        account: StockAccount,
        class: ClassIx,
    ) -> (ShareBound, Vec<(ClassIx, Quantity)>) {
        let snapshot = self.snapshot();
        let available = |node| of_node(&self.trial.overlay, account, node).available(day);
        let stealing = snapshot.allocation_rule(account).map(|rule| rule.stealing);
        let reached: Vec<ClassIx> =
            sequence(&snapshot.classes, Some(class), stealing.unwrap_or_default()).collect();
        let others = snapshot.classes.rows.indices().filter(|node| !reached.contains(node));
        let kept =
            others.map(|node| (node, available(node))).filter(|(_, part)| part.is_positive());
        let given = history(snapshot, account).given_by(class, day);
        (ShareBound::Node { given, left: available(class) }, kept.collect())
    }

    /// The cap that a leg on a day does not fit under, if one is in its way.
    pub(super) fn cap_reason(
        &self,
        attempt: &Attempt<'_>,
        covers: Quantity,
        ship: Day,
    ) -> Option<Reason> {
        let need = attempt.need_on(self, covers, ship);
        let too_small =
            |ship: Day| self.tightest_cap(need, ship).filter(|(_, room)| *room < need.quantity);
        let (limit, left) = too_small(ship)?;
        let until = attempt.days.iter().find(|&ship| too_small(ship).is_none());
        let (day, class, most) = (limit.day()?, limit.class, limit.value);
        let Need { item, location, .. } = need;
        Some(Reason::Cap(CapReason { item, location, day, class, most, left, until }))
    }
}
