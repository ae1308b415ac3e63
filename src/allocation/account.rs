//! Which account is which part of a stock account: asked by those who follow postings.

use crate::{
    model::{AccountIx, StockAccount},
    snapshot::{ClassIx, Part, Snapshot},
};

/// The node of a class of a stock account.
pub fn node(snapshot: &Snapshot, account: StockAccount, class: ClassIx) -> StockAccount {
    snapshot.part(account, Part::Node(class))
}

/// The stock account and the class that a node is of; none where an account is no node.
pub fn node_of(snapshot: &Snapshot, account: AccountIx) -> Option<(StockAccount, ClassIx)> {
    match snapshot.whole(account)? {
        (whole, Part::Node(class)) => Some((whole, class)),
        (_, Part::Cap(_) | Part::Protected(_) | Part::Seen(_)) => None,
    }
}

/// Whether an account has goods of a stock account: it is that account, or a node of it.
pub fn is_of_goods(snapshot: &Snapshot, account: AccountIx, stock: StockAccount) -> bool {
    account == stock || node_of(snapshot, account).is_some_and(|(whole, _)| whole == stock)
}

/// The stock account of which takes are announced on an account, and for which class: a rule bounds what that sees.
pub fn announced(
    snapshot: &Snapshot,
    account: AccountIx,
) -> Option<(StockAccount, Option<ClassIx>)> {
    match snapshot.whole(account)? {
        (whole, Part::Seen(class)) => Some((whole, class)),
        (_, Part::Node(_) | Part::Cap(_) | Part::Protected(_)) => None,
    }
}
