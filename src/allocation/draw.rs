//! What is drawn of stock that an allocation rule governs, and of which nodes (semantics 7).
//!
//! A take posts on the account, and on the nodes it draws on. Where a rule bounds what a class sees of the whole it is
//! announced first. A stock account without a rule is one look at an empty list away from being taken from as it is.

use super::{
    Profiles,
    account::node,
    opening::nodes,
    remaining,
    seen::seen,
    stealing::{sequence, walk},
};
use crate::{
    model::{Consumption, Day, Posting, Quantity, StockAccount},
    snapshot::{ClassIx, Part, Snapshot, allocation_rule::AllocationRule},
};

/// What was taken of stock, and of which nodes.
#[derive(Debug, Default)]
pub struct Drawn {
    /// How much, in all.
    pub taken: Quantity,
    /// Empty where no rule divides the account.
    pub nodes: Vec<(ClassIx, Quantity)>,
}

/// What a class takes of an account on a day, up to a quantity, and of which nodes; nothing is posted.
pub fn draw(
    profiles: &impl Profiles,
    account: StockAccount,
    who: (Option<ClassIx>, Quantity),
    asked: (Day, Quantity),
) -> Drawn {
    let mut nodes = Vec::new();
    let taken = taken(profiles, account, who, asked, |node, part| nodes.push((node, part)));
    Drawn { taken, nodes }
}

/// Whether a class, which may have so much whatever is forecast, can have all of a quantity of an account on a day.
pub fn has_all(
    profiles: &impl Profiles,
    account: StockAccount,
    who: (Option<ClassIx>, Quantity),
    (day, quantity): (Day, Quantity),
) -> bool {
    quantity <= taken(profiles, account, who, (day, quantity), |_, _| ())
}

/// What a class can have of an account on a day, from stock and scheduled supply.
pub fn available(
    profiles: &impl Profiles,
    account: StockAccount,
    class: Option<ClassIx>,
    day: Day,
) -> Quantity {
    let everything = Quantity::micros(i64::MAX);
    taken(profiles, account, (class, Quantity::ZERO), (day, everything), |_, _| ())
}

/// How much a class takes of an account on a day, up to a quantity; nothing is posted. It may have `own` whatever is
/// forecast. Each node that it draws on is told, if a rule divides the account.
fn taken(
    profiles: &impl Profiles,
    account: StockAccount,
    (class, own): (Option<ClassIx>, Quantity),
    (day, wanted): (Day, Quantity),
    take: impl FnMut(ClassIx, Quantity),
) -> Quantity {
    let snapshot = profiles.snapshot();
    let Some(rule) = snapshot.allocation_rule(account) else {
        return wanted.min(profiles.stock(account).available(day).max(own));
    };
    // Where a class sees but a part of the whole, what is protected for others stays so.
    let own = if rule.bounds() { Quantity::ZERO } else { own };
    let wanted = wanted.min(seen(profiles, account, class, day).max(own));
    let Some(nodes) = nodes(snapshot, account) else {
        return wanted;
    };
    let changed = profiles.changed_among(nodes.numbers());
    let available = |node| match changed(nodes.account(node)) {
        Some(node) => node.available(day),
        None => nodes.profile(node).available(day),
    };
    walk(sequence(&snapshot.classes, class, rule.stealing), wanted, available, take)
}

/// The postings that draw on an account what was found to be there for a class.
pub fn postings(
    snapshot: &Snapshot,
    account: StockAccount,
    (class, day, planned): (Option<ClassIx>, Day, u32),
    drawn: &Drawn,
) -> impl Iterator<Item = Posting> {
    let bounds = snapshot.allocation_rule(account).is_some_and(AllocationRule::bounds);
    let announced = bounds.then(|| (snapshot.part(account, Part::Seen(class)).ix(), drawn.taken));
    let of_nodes =
        drawn.nodes.iter().map(move |&(of, part)| (node(snapshot, account, of).ix(), part));
    let all = announced.into_iter().chain([(account.ix(), drawn.taken)]).chain(of_nodes);
    all.map(move |(account, quantity)| Posting { account, day, quantity: -quantity, planned })
}

/// Whether a class can have on each day what it could have on the day before.
pub fn more_time_never_hurts(profiles: &impl Profiles, account: StockAccount) -> bool {
    let Some(rule) = profiles.snapshot().allocation_rule(account) else {
        return true;
    };
    profiles.stock(account).consumption != Consumption::None && !remaining::changes(rule)
}
