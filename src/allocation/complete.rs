//! Invariant A1: the nodes of an account that an allocation rule divides add up to the account.
//!
//! Whoever posts on such an account may name the nodes; what nobody is named for is the root's. So the
//! ledger completes the postings it is given, and a net change, an override or a carried-over promise
//! need not know of shares.

use super::account::node_of;
use crate::{
    model::{Day, Posting, Quantity, StockAccount},
    snapshot::{Part, Snapshot},
};
use std::collections::BTreeMap;

/// The node that what nobody is named for belongs to; none where no rule divides the account.
pub(super) fn root_node(snapshot: &Snapshot, account: StockAccount) -> Option<StockAccount> {
    let rule = snapshot.allocation_rule(account)?;
    let root = snapshot.classes.tree.root()?;
    rule.divides().then(|| snapshot.part(account, Part::Node(root)))
}

/// Whether a rule divides an account among nodes.
pub fn is_divided(snapshot: &Snapshot, account: StockAccount) -> bool {
    root_node(snapshot, account).is_some()
}

/// A posting for which nobody is named, and what of it is the root node's.
pub fn with_root(snapshot: &Snapshot, posting: Posting) -> impl Iterator<Item = Posting> + use<> {
    let root = snapshot.as_stock(posting.account).and_then(|account| root_node(snapshot, account));
    std::iter::once(posting).chain(root.map(|root| Posting { account: root.ix(), ..posting }))
}

/// Adds to postings what of them is the root node's.
pub fn complete(snapshot: &Snapshot, postings: &mut Vec<Posting>) {
    if snapshot.allocation.is_empty() {
        return;
    }
    for ((account, day, planned), quantity) in unnamed(snapshot, postings) {
        let root = root_node(snapshot, account).expect("only divided accounts are looked at");
        let account = root.ix();
        postings.push(Posting { account, day, quantity, planned });
    }
    let unnamed = unnamed(snapshot, postings);
    assert!(unnamed.is_empty(), "A1: the nodes add up to their account: {unnamed:?}");
}

/// What postings put on divided accounts, and on none of their nodes, by account, day and planned supply.
fn unnamed(
    snapshot: &Snapshot,
    postings: &[Posting],
) -> BTreeMap<(StockAccount, Day, u32), Quantity> {
    let mut sums: BTreeMap<(StockAccount, Day, u32), Quantity> = BTreeMap::new();
    for &Posting { account, day, quantity, planned } in postings {
        let (whole, quantity) = match node_of(snapshot, account) {
            Some((whole, _)) => (whole, -quantity),
            None => match snapshot.as_stock(account) {
                Some(whole) => (whole, quantity),
                None => continue,
            },
        };
        if is_divided(snapshot, whole) {
            *sums.entry((whole, day, planned)).or_default() += quantity;
        }
    }
    sums.retain(|_, quantity| *quantity != Quantity::ZERO);
    sums
}
