//! A pegging tree, as a record.

use crate::{
    insight::matching::SupplyDocument,
    ledger::reservation::Leg,
    model::{Day, Quantity},
    snapshot::{ClassIx, ItemIx, LocationIx, ResourceIx, SupplierIx, WorkIx},
};

/// One node of a pegging tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PegNode {
    /// The item that it provides.
    pub item: ItemIx,
    /// Where.
    pub location: LocationIx,
    /// How much of it is used.
    pub quantity: Quantity,
    /// The day on which it is there.
    pub day: Day,
    /// Where it comes from.
    pub source: PegOrigin,
    /// What it is made of in its turn.
    pub below: Vec<PegNode>,
}

/// Where a peg comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PegOrigin {
    /// What the account has.
    Stock {
        /// The documents; what they do not cover is short.
        documents: Vec<(SupplyDocument, Quantity)>,
        /// The shares drawn on.
        shares: Vec<(ClassIx, Quantity)>,
    },
    /// A work order.
    Make {
        /// By which work definition, where one fits.
        work: Option<WorkIx>,
        /// The day on which it begins.
        start: Day,
        /// The quantity started.
        started: Quantity,
        /// What it takes of resources.
        hours: Vec<(ResourceIx, Day, Quantity)>,
    },
    /// A transfer.
    Transfer {
        /// From where.
        from: LocationIx,
        /// The day on which it leaves.
        ship: Day,
    },
    /// A purchase.
    Buy {
        /// From whom, where somebody offers it.
        supplier: Option<SupplierIx>,
        /// How much in all.
        bought: Quantity,
        /// The day on which it is ordered.
        order_by: Day,
    },
    /// Nothing was checked.
    Infinite,
    /// By lead time alone.
    LeadTime,
}

/// A leg of a promise with what it is made of.
pub type Pegged = (Leg, Vec<PegNode>);
