//! Invariant A1: the nodes of an account that an allocation rule divides add up to the account.
//!
//! Whoever posts on such an account may name the nodes; what nobody is named for is the root's. So the
//! ledger completes the postings it is given, and a net change, an override or a carried-over promise
//! need not know of shares.

use super::account::node_of;
use crate::{
    model::{AccountIx, Day, Posting, Quantity},
    snapshot::{Part, Snapshot},
};
use std::collections::BTreeMap;

/// The node that what nobody is named for belongs to; none where no rule divides the account.
pub(super) fn root_node(snapshot: &Snapshot, account: AccountIx) -> Option<AccountIx> {
    let rule = snapshot.allocation_rule(account)?;
    let root = snapshot.classes.tree.root()?;
    rule.divides().then(|| snapshot.part(account, Part::Node(root)))
}

/// Whether a rule divides an account among nodes.
pub fn is_divided(snapshot: &Snapshot, account: AccountIx) -> bool {
    root_node(snapshot, account).is_some()
}

/// A posting for which nobody is named, and what of it is the root node's.
pub fn with_root(snapshot: &Snapshot, posting: Posting) -> impl Iterator<Item = Posting> + use<> {
    let root = root_node(snapshot, posting.account);
    std::iter::once(posting).chain(root.map(|account| Posting { account, ..posting }))
}

/// Adds to postings what of them is the root node's.
pub fn complete(snapshot: &Snapshot, postings: &mut Vec<Posting>) {
    if snapshot.allocation.is_empty() {
        return;
    }
    for ((account, day, planned), quantity) in unnamed(snapshot, postings) {
        let account = root_node(snapshot, account).expect("only divided accounts are looked at");
        postings.push(Posting { account, day, quantity, planned });
    }
    let unnamed = unnamed(snapshot, postings);
    assert!(unnamed.is_empty(), "A1: the nodes add up to their account: {unnamed:?}");
}

/// What postings put on divided accounts, and on none of their nodes, by account, day and planned supply.
fn unnamed(snapshot: &Snapshot, postings: &[Posting]) -> BTreeMap<(AccountIx, Day, u32), Quantity> {
    let mut sums: BTreeMap<(AccountIx, Day, u32), Quantity> = BTreeMap::new();
    for &Posting { account, day, quantity, planned } in postings {
        let (whole, quantity) = match node_of(snapshot, account) {
            Some((whole, _)) => (whole, -quantity),
            None => (account, quantity),
        };
        if is_divided(snapshot, whole) {
            *sums.entry((whole, day, planned)).or_default() += quantity;
        }
    }
    sums.retain(|_, quantity| *quantity != Quantity::ZERO);
    sums
}
