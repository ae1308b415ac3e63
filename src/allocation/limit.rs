//! What caps and protected quantities have in common: each is a limit of one period, and counts what the classes under
//! its node are promised to ship in it (semantics 7).

use crate::{
    model::{AccountIx, Day, Quantity},
    snapshot::{ClassIx, Snapshot, allocation_rule::Limit, kinds::DemandKind, stock::Demand},
};

/// Those limits under which a leg of a class counts that ships on a day; none for a line without class.
pub(super) fn in_force<'a>(
    snapshot: &'a Snapshot,
    limits: &'a [Limit],
    class: Option<ClassIx>,
    ship: Day,
) -> impl Iterator<Item = &'a Limit> {
    // After the horizon caps and what is kept go on as on its last day.
    let ship = ship.min(snapshot.epoch().end().plus(-1));
    let is_above = move |limit: &Limit| {
        class.is_some_and(|class| snapshot.classes.up(class).any(|above| above == limit.class))
    };
    limits.iter().filter(move |limit| limit.holds(ship) && is_above(limit))
}

/// The day within the horizon under which the period of a limit is counted; none where it is over before or begins after.
pub(super) fn day_within(snapshot: &Snapshot, limit: &Limit) -> Option<Day> {
    limit.day().filter(|&day| day < snapshot.epoch().end())
}

/// What the classes under a node were promised by the snapshot's sales orders, dated in the period.
pub(super) fn promised(snapshot: &Snapshot, account: AccountIx, limit: &Limit) -> Quantity {
    let demands = snapshot.demands.of(account).iter();
    let counted = demands.filter(|demand| counts_under(snapshot, demand, limit));
    counted.map(|demand| demand.quantity).sum()
}

/// Whether a demand of the snapshot counts under a limit.
pub(super) fn counts_under(snapshot: &Snapshot, demand: &Demand, limit: &Limit) -> bool {
    // What is dated after the horizon takes its stock on the last day, but counts by its own date.
    let own = |day: Day| if snapshot.epoch().end() <= demand.due { demand.due } else { day };
    demand.kind == DemandKind::SalesOrder
        && demand.day.is_some_and(|day| limit.holds(own(day)))
        && demand.class.is_some_and(|class| snapshot.classes.up(class).any(|c| c == limit.class))
}
