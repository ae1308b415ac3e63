//! What may be promised instead of the ordered item (semantics 5 and 11 "Substitutes").

use super::query::Line;
use crate::{
    model::Ratio,
    snapshot::{ItemIx, Snapshot, item::Validity},
};

/// An item that may be promised for a line: the item itself, or a substitute.
#[derive(Clone, Copy, Debug)]
pub(super) struct Instead {
    pub(super) item: ItemIx,
    /// 0 for the item itself, else which of its substitutes, in their order.
    pub(super) turn: u16,
    /// So many of it for one of the ordered item.
    pub(super) ratio: Ratio,
    /// Ship days on which it may be used.
    pub(super) validity: Validity,
}

impl Instead {
    pub(super) fn itself(item: ItemIx) -> Self {
        Self { item, turn: 0, ratio: Ratio::ONE, validity: Validity::ALWAYS }
    }
}

/// The substitutes of a line in the order in which they are tried: the direct ones by rank and name,
/// then theirs. Along a chain ratios multiply and the dates of every row hold.
pub(super) fn in_order(snapshot: &Snapshot, line: &Line) -> Vec<Instead> {
    let mut found = vec![Instead::itself(line.item)];
    let mut next = 0;
    while let Some(&of) = found.get(next) {
        for row in snapshot.items.substitutes.of(of.item) {
            let is_for_all = row.customer.is_none();
            let is_new = found.iter().all(|known| known.item != row.item);
            // A ratio that no quantity can hold is not followed.
            let ratio = of.ratio.then(row.ratio);
            if let (true, true, Some(ratio)) =
                (is_for_all || row.customer == line.customer, is_new, ratio)
            {
                let turn = u16::try_from(found.len()).unwrap_or(u16::MAX);
                let validity = of.validity.and(row.validity);
                found.push(Instead { item: row.item, turn, ratio, validity });
            }
        }
        next += 1;
    }
    found.split_off(1)
}
