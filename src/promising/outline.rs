//! Work orders for a need, as far as a bound knows them before anything is tried.

use super::{
    bound::{Ask, Orders, less},
    make,
    search::Stand,
};
use crate::{
    model::{Calendar, Day, Quantity},
    snapshot::making::{Component, WorkDefinition},
};

/// Work orders for a need, as far as the bound knows them.
pub(super) struct Outline<'a> {
    pub(super) work: &'a WorkDefinition,
    pub(super) components: &'a [Component],
    pub(super) calendar: &'a Calendar,
    /// What one of them starts at least.
    pub(super) one: Quantity,
    /// What all of them together start at least.
    pub(super) all: Quantity,
    pub(super) orders: Orders,
    pub(super) stand: Stand,
    /// The last manufacturing day by which the asker would like the goods.
    pub(super) floor: Day,
}

impl<'a> Outline<'a> {
    pub(super) fn new(
        ask: Ask,
        work: &'a WorkDefinition,
        calendar: &'a Calendar,
        components: &'a [Component],
    ) -> Self {
        let needed = less(ask.need.quantity);
        let least = make::lot_size(work, Quantity::micros(1));
        let one = make::lot_size(work, needed);
        // What is over of a whole lot may serve another node of the same plan, and a maximum asks for
        // several orders.
        let is_one = ask.orders == Orders::One
            && work.lot_multiple.is_none()
            && work.minimum.is_none()
            && work.maximum.is_none();
        let (one, all, orders) = if is_one {
            (one, one, Orders::One)
        } else {
            (least, needed.over(work.yield_rate).max(least), Orders::Several)
        };
        // Where no day is early enough nothing is passed over.
        let floor = calendar.previous(ask.floor).unwrap_or(Day(-1));
        let stand = ask.need.stand;
        Self { work, components, calendar, one, all, orders, stand, floor }
    }
}
