//! Indices of what a snapshot has: a row of a table each.

use crate::model::{Index, index::index};

index! {
    /// An item.
    ItemIx;
    /// A category of items.
    CategoryIx;
    /// A location: a plant, a warehouse, a store.
    LocationIx;
    /// A calendar.
    CalendarIx;
    /// A zone of customers.
    ZoneIx;
    /// A customer.
    CustomerIx;
    /// A demand class.
    ClassIx;
    /// A ship method.
    MethodIx;
    /// An ATP rule.
    RuleIx;
    /// A resource.
    ResourceIx;
    /// A work definition.
    WorkIx;
    /// A supplier.
    SupplierIx;
    /// A row of `item_suppliers`.
    OfferIx;
    /// A sourcing rule.
    SourcingIx;
    /// An allocation rule.
    AllocationIx;
    /// A scheduled supply.
    SupplyIx;
    /// A demand of the snapshot.
    DemandIx;
    /// An expiring account.
    CapacityIx;
}

/// An index as the number of an account or a part.
pub(super) fn position<I: Index>(index: I) -> u64 {
    index.to_usize() as u64
}

/// And back.
pub(super) fn at<I: Index>(position: u64) -> I {
    I::from_usize(usize::try_from(position).expect("positions come from usize"))
}
