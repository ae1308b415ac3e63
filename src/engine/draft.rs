//! Whether a plan is complete enough to be promised, and what the ledger then keeps of it.

pub use crate::promising::draft::{draft, lines, lines_after};

use super::command::Completeness;
use crate::promising::answer::{LineResult, LineStatus, Promise};

/// Whether a promise is complete enough to be kept.
pub(super) fn is_enough(promise: &Promise, completeness: Completeness) -> bool {
    let in_full = |line: &LineResult| match line.status {
        LineStatus::OnTime | LineStatus::Late => true,
        LineStatus::Partial | LineStatus::Unavailable | LineStatus::Refused => false,
        // It is there already, so it does not stand in the way of the others (semantics 12.1).
        LineStatus::AlreadyPromised => true,
    };
    match completeness {
        Completeness::BestEffort => true,
        Completeness::AllOrNothing => promise.lines.iter().all(in_full),
    }
}
