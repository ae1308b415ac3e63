//! What a class sees of a whole stock account where an allocation rule bounds it (semantics 7).
//!
//! Under `protect` what is kept for others counts as demand; under `remaining` a class may use no more
//! than its percent of what is left. Both are read off accounts, so the same question is asked when a
//! line is planned and, of the live world, when it is admitted: each take is announced by a posting on
//! [`Part::Seen`] before it, and `announced` judges these in their order.

use super::{overlay::Overlay, refusal::Refusal, world::World};
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
    let stock = stock_of(overlay, account);
    let Some(rule) = snapshot.allocation_rule(account).filter(|rule| rule.bounds()) else {
        return stock.available(day);
    };
    let kept = kept(overlay, account, rule, class);
    let whole = if kept.is_empty() { stock.available(day) } else { without(stock, &kept, day) };
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

/// What is still kept from a class: for each period the day under which it is counted, and how much.
pub fn kept(
    overlay: &Overlay<'_>,
    account: AccountIx,
    rule: &AllocationRule,
    class: Option<ClassIx>,
) -> Vec<(Day, Quantity)> {
    let snapshot = &*overlay.world().snapshot;
    let end = snapshot.stock_end(account);
    let limits = rule.protects.iter().filter(|limit| yields(snapshot, class, limit.class));
    let still = limits.filter_map(|limit| {
        let day = limit.day().filter(|&day| day < end)?;
        let part = snapshot.part(account, Part::Kept(limit.class));
        let kept = -stock_of(overlay, part).net_on(day);
        kept.is_positive().then_some((day, kept))
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
fn without(stock: StockRef<'_>, kept: &[(Day, Quantity)], day: Day) -> Quantity {
    let mut less = Stock::default();
    less.copy_from(stock);
    for &(day, quantity) in kept {
        less.change(Change { day, net: -quantity, committed: Quantity::ZERO });
    }
    less.as_ref().available(day)
}

/// The percent of what is left that a class may use; none where it is not limited.
fn percent(
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
    let announces = |posting: &Posting| match snapshot.whole(posting.account) {
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
