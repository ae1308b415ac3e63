//! `protect`: quantities protected for a node, which count as demand to all who yield to it (semantics 7).
//!
//! An account counts what a class has been promised in a period, less what is protected for it ([`Part::Protected`]): as
//! long as that is below zero, so much is still protected.

use super::Profiles;
use crate::{
    model::{Day, Quantity, Stock, StockAccount, profile::DayChange},
    snapshot::{
        ClassIx, Part, Snapshot,
        allocation_rule::{AllocationRule, Limit},
    },
};

/// What is protected for a class in a period and has not yet been promised to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protected {
    /// For whom.
    pub class: ClassIx,
    /// The day under which the period is counted.
    pub day: Day,
    /// How much.
    pub quantity: Quantity,
}

/// What of a protected quantity its class has not been promised yet; less than nothing where more has been promised.
pub fn left(
    profiles: &impl Profiles,
    account: StockAccount,
    (class, day): (ClassIx, Day),
) -> Quantity {
    let part = profiles.snapshot().part(account, Part::Protected(class));
    -profiles.stock(part).net_on(day)
}

/// What is still protected from a class, period by period.
pub fn protected(
    profiles: &impl Profiles,
    account: StockAccount,
    rule: &AllocationRule,
    class: Option<ClassIx>,
) -> Vec<Protected> {
    let snapshot = profiles.snapshot();
    let end = snapshot.counted_until(account);
    let still = |limit: &Limit| {
        let day = limit.day().filter(|&day| day < end)?;
        let quantity = left(profiles, account, (limit.class, day));
        quantity.is_positive().then_some(Protected { class: limit.class, day, quantity })
    };
    let limits = rule.protects.iter().filter(|limit| yields(snapshot, class, limit.class));
    limits.filter_map(still).collect()
}

/// Whether a class leaves alone what is protected for a node: it is not under it, and its priority is not higher.
fn yields(snapshot: &Snapshot, class: Option<ClassIx>, node: ClassIx) -> bool {
    let rank = |class: ClassIx| snapshot.classes.rows[class].rank;
    class.is_none_or(|class| {
        rank(node) <= rank(class) && snapshot.classes.up(class).all(|above| above != node)
    })
}

/// What is available on a day if what is protected counts as demand.
pub fn unprotected(
    profiles: &impl Profiles,
    account: StockAccount,
    protected: &[Protected],
    day: Day,
) -> Quantity {
    let stock = profiles.stock(account);
    if protected.is_empty() {
        return stock.available(day);
    }
    let mut less = Stock::of(stock);
    for one in protected {
        let (day, net) = (one.day, -one.quantity);
        less.change(DayChange { day, net, committed: Quantity::ZERO });
    }
    less.as_ref().available(day)
}
