//! What a class sees of a whole stock account where an allocation rule bounds it (semantics 7).
//!
//! Under `protect` what is kept for others counts as demand; under `remaining` a class may use no more
//! than its percent of what is left. Both are read off accounts, so the same question is asked when a
//! line is planned and, of the live world, when it is admitted: each take is announced by a posting on
//! [`Part::Seen`] before it, and `announced` judges these in their order.

use super::{consumption::Use, overlay::Overlay, refusal::Refusal, world::World};
use crate::{
    model::{AccountIx, Day, Posting, ProfileRef, Quantity, Stock, StockRef, profile::Change},
    snapshot::{
        ClassIx, Snapshot,
        allocation::{AllocationRule, ShareBasis},
        block::Part,
    },
};

/// The most that a class, or a line without class, may take of an account on a day, its nodes aside.
pub fn seen(
    overlay: &Overlay<'_>,
    account: AccountIx,
    class: Option<ClassIx>,
    day: Day,
) -> Quantity {
    let snapshot = &*overlay.world().snapshot;
    let Some(rule) = snapshot.allocation_rule(account).filter(|rule| rule.bounds()) else {
        return stock_of(overlay, account).available(day);
    };
    let kept = kept(overlay, account, rule, class);
    let whole = unkept(overlay, account, &kept, day);
    match percent(snapshot, rule, class, day) {
        Some(percent) => whole.scaled_down(percent, Quantity::units(100)),
        None => whole,
    }
}

fn stock_of<'a>(overlay: &'a Overlay<'_>, account: AccountIx) -> StockRef<'a> {
    match overlay.profile(account) {
        ProfileRef::Stock(stock) => stock,
        ProfileRef::Capacity(_) => unreachable!("only stock accounts have parts"),
    }
}

/// What is kept for a class in a period and has not yet been promised to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// For whom.
    pub class: ClassIx,
    /// The day under which the period is counted.
    pub day: Day,
    /// How much.
    pub quantity: Quantity,
}

/// What is still kept from a class, period by period.
pub fn kept(
    overlay: &Overlay<'_>,
    account: AccountIx,
    rule: &AllocationRule,
    class: Option<ClassIx>,
) -> Vec<Kept> {
    let snapshot = &*overlay.world().snapshot;
    let end = snapshot.counted_until(account);
    let limits = rule.protects.iter().filter(|limit| yields(snapshot, class, limit.class));
    let still = limits.filter_map(|limit| {
        let day = limit.day().filter(|&day| day < end)?;
        let part = snapshot.part(account, Part::Kept(limit.class));
        let quantity = -stock_of(overlay, part).net_on(day);
        quantity.is_positive().then_some(Kept { class: limit.class, day, quantity })
    });
    still.collect()
}

/// Whether a class leaves alone what is kept for a node: it is not under it, and its priority is not higher.
fn yields(snapshot: &Snapshot, class: Option<ClassIx>, node: ClassIx) -> bool {
    let rank = |class: ClassIx| snapshot.classes.rows[class].rank;
    class.is_none_or(|class| {
        rank(node) <= rank(class) && snapshot.classes.up(class).all(|above| above != node)
    })
}

/// What is available on a day if what is kept counts as demand.
pub fn unkept(overlay: &Overlay<'_>, account: AccountIx, kept: &[Kept], day: Day) -> Quantity {
    let stock = stock_of(overlay, account);
    if kept.is_empty() {
        return stock.available(day);
    }
    let mut less = Stock::default();
    less.copy_from(stock);
    for kept in kept {
        let (day, net) = (kept.day, -kept.quantity);
        less.change(Change { day, net, committed: Quantity::ZERO });
    }
    less.as_ref().available(day)
}

/// The stock of an account as it would be without what is left of its forecasts; none where it has none.
pub(super) fn without_forecast(world: &World, account: AccountIx) -> Option<Stock> {
    let overlay = Overlay::new(world);
    unforeseen(&overlay, account)
}

/// The same, with what was tried.
pub fn unforeseen(overlay: &Overlay<'_>, account: AccountIx) -> Option<Stock> {
    let buckets = overlay.world().snapshot.forecasts.of(account);
    if buckets.is_empty() {
        return None;
    }
    let mut stock = Stock::default();
    stock.copy_from(stock_of(overlay, account));
    for (at, bucket) in buckets.iter().enumerate() {
        let net = bucket.rest(overlay.used(Use { account, bucket: at }));
        if net.is_positive() {
            stock.change(Change { day: bucket.day, net, committed: Quantity::ZERO });
        }
    }
    Some(stock)
}

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

/// Judges the takes that postings announce, each against the world with the postings before it.
pub(super) fn announced(world: &World, postings: &[Posting]) -> Result<(), Refusal> {
    let snapshot = &*world.snapshot;
    let part = |posting: &Posting| match Use::of(posting.account) {
        Some(_) => None,
        None => snapshot.whole(posting.account),
    };
    let announces = |posting: &Posting| match part(posting) {
        Some((account, Part::Seen(class))) if posting.quantity < Quantity::ZERO => {
            Some((account, class))
        }
        Some(_) | None => None,
    };
    if snapshot.allocation.is_empty()
        || !postings.iter().any(|posting| announces(posting).is_some())
    {
        return Ok(());
    }
    let mut overlay = Overlay::new(world);
    for posting in postings {
        let Posting { day, quantity, .. } = *posting;
        if let Some((account, class)) = announces(posting) {
            let balance = seen(&overlay, account, class, day);
            if balance < -quantity {
                let account = posting.account;
                return Err(Refusal::ExceedsAvailable { account, day, balance, taken: -quantity });
            }
        }
        overlay.post(*posting);
    }
    Ok(())
}
