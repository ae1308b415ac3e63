//! Invariant A1: the nodes of an account that an allocation rule divides add up to the account.
//!
//! Whoever posts on such an account may name the nodes; what nobody is named for is the root's. So the
//! ledger completes the postings it is given, and a net change, an override or a carried-over promise
//! need not know of shares.

use crate::{
    model::{AccountIx, Day, Posting, Quantity},
    snapshot::{Snapshot, block::Part},
};
use std::collections::BTreeMap;

/// Adds to postings what of them is the root node's.
pub fn complete(snapshot: &Snapshot, postings: &mut Vec<Posting>) {
    if snapshot.allocation.is_empty() {
        return;
    }
    for ((account, day, planned), quantity) in unnamed(snapshot, postings) {
        let account = snapshot.root_node(account).expect("only divided accounts are looked at");
        postings.push(Posting { account, day, quantity, planned });
    }
    let unnamed = unnamed(snapshot, postings);
    assert!(unnamed.is_empty(), "A1: the nodes add up to their account: {unnamed:?}");
}

/// What postings put on divided accounts, and on none of their nodes, by account, day and planned supply.
fn unnamed(snapshot: &Snapshot, postings: &[Posting]) -> BTreeMap<(AccountIx, Day, u32), Quantity> {
    let mut sums: BTreeMap<(AccountIx, Day, u32), Quantity> = BTreeMap::new();
    for &Posting { account, day, quantity, planned } in postings {
        match snapshot.whole(account) {
            Some((whole, Part::Node(_))) if snapshot.root_node(whole).is_some() => {
                *sums.entry((whole, day, planned)).or_default() -= quantity;
            }
            Some(_) => (),
            None if snapshot.root_node(account).is_some() => {
                *sums.entry((account, day, planned)).or_default() += quantity;
            }
            None => (),
        }
    }
    sums.retain(|_, quantity| *quantity != Quantity::ZERO);
    sums
}
