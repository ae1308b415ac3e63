//! What supplying takes: the one list of it, for whoever walks the structure of what is made and bought.
//!
//! Whoever walks matches every [`Input`]: a kind more does not compile until all walkers know it. What comes out is the one
//! item that a work definition or an offer is listed under; there is no other output.

use super::{
    CapacityIx, ItemIx, OfferIx, ResourceIx, Snapshot, WorkIx,
    making::{Component, Suppliers, Works},
};

/// Something that a work order or a purchase takes, or may take instead of something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Goods of an item at the place where it is made.
    Goods(ItemIx),
    /// Hours of a resource.
    Hours(ResourceIx),
    /// Units that a supplier has for a day, on the account of these.
    Units(CapacityIx),
}

impl Component {
    /// Its item, and what may be used instead, by rank.
    pub fn items(&self) -> impl Iterator<Item = ItemIx> {
        let substitutes = self.substitutes.iter().map(|substitute| substitute.item);
        std::iter::once(self.item).chain(substitutes)
    }
}

impl Works {
    /// All that work orders by a definition may take: components, their substitutes, the hours of every way.
    pub fn inputs(&self, work: WorkIx) -> impl Iterator<Item = Input> {
        let goods = self.components.of(work).iter().flat_map(Component::items);
        let ways = self.operations.of(work).iter().flat_map(|operation| &operation.ways);
        let hours = ways.flat_map(|way| &way.hours).map(|hours| Input::Hours(hours.resource));
        goods.map(Input::Goods).chain(hours)
    }

    /// The goods among them.
    pub fn goods(&self, work: WorkIx) -> impl Iterator<Item = ItemIx> {
        self.inputs(work).filter_map(|input| match input {
            Input::Goods(item) => Some(item),
            Input::Hours(_) | Input::Units(_) => None,
        })
    }
}

impl Suppliers {
    /// All that purchases of an offer take.
    pub fn inputs(&self, offer: OfferIx) -> impl Iterator<Item = Input> + use<> {
        self.offers.get(offer).capacity.map(Input::Units).into_iter()
    }
}

impl Snapshot {
    /// Whether a work definition has the same components on all days within the horizon.
    pub fn has_steady_components(&self, work: WorkIx) -> bool {
        let end = self.epoch().end();
        self.works.components.of(work).iter().all(|component| {
            let substitutes = component.substitutes.iter().map(|substitute| substitute.validity);
            substitutes.chain([component.validity]).all(|validity| validity.is_same_until(end))
        })
    }

    /// All that is taken to have an item, wherever and however it is supplied; what moves it takes is the item itself.
    pub fn inputs(&self, item: ItemIx) -> impl Iterator<Item = Input> {
        let works = self.works.by_item.of(item).iter().flat_map(|&work| self.works.inputs(work));
        let offers = self.suppliers.by_item.of(item).iter();
        works.chain(offers.flat_map(|&offer| self.suppliers.inputs(offer)))
    }
}
