//! What a class sees of a whole stock account, its nodes aside (semantics 7).
//!
//! Under `protect` what is protected for others counts as demand; under `remaining` a class may use no more
//! than its percent of what is left. Both are read off accounts, so the same question is asked when a
//! line is planned and, of the live world, when it is admitted: each take is announced by a posting on a part of its
//! own before it (`draw.rs`), and the ledger judges these in their order.

use super::{Profiles, protect, remaining::percent};
use crate::{
    model::{Day, Quantity, StockAccount},
    snapshot::ClassIx,
};

/// The most that a class, or a line without class, may take of an account on a day, its nodes aside.
pub fn seen(
    profiles: &impl Profiles,
    account: StockAccount,
    class: Option<ClassIx>,
    day: Day,
) -> Quantity {
    let snapshot = profiles.snapshot();
    let Some(rule) = snapshot.allocation_rule(account).filter(|rule| rule.bounds()) else {
        return profiles.stock(account).available(day);
    };
    let protected = protect::protected(profiles, account, rule, class);
    let whole = protect::unprotected(profiles, account, &protected, day);
    match percent(snapshot, rule, class, day) {
        Some(percent) => whole.scaled_down(percent, Quantity::units(100)),
        None => whole,
    }
}
