//! What a work order takes: the one list of it, for whoever walks the structure of what is made.

use super::{ItemIx, ResourceIx, WorkIx, making::Works};

/// Something that a work order takes, or may take instead of something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Goods of an item at the place where it is made.
    Goods(ItemIx),
    /// Hours of a resource.
    Hours(ResourceIx),
}

impl Works {
    /// All that work orders by a definition may take: components, their substitutes, the hours of every way.
    pub fn inputs(&self, work: WorkIx) -> impl Iterator<Item = Input> {
        let goods = self.components.of(work).iter().flat_map(|component| {
            let substitutes = component.substitutes.iter().map(|substitute| substitute.item);
            std::iter::once(component.item).chain(substitutes)
        });
        let ways = self.operations.of(work).iter().flat_map(|operation| &operation.ways);
        let hours = ways.flat_map(|way| &way.hours).map(|hours| Input::Hours(hours.resource));
        goods.map(Input::Goods).chain(hours)
    }
}
