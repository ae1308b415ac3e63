//! The closed lists of words that tables use, and what they mean.

/// Kinds of supply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SupplyKind {
    /// Stock that is there.
    OnHand,
    /// Ordered from a supplier.
    PurchaseOrder,
    /// Asked for, not yet ordered.
    Requisition,
    /// At the dock.
    InReceiving,
    /// On its way.
    InTransit,
    /// Ordered from another location.
    TransferOrder,
    /// Being made.
    WorkOrder,
    /// Planned to be made or bought.
    PlannedOrder,
    /// Coming back from a customer.
    Return,
}

impl SupplyKind {
    /// Whether it comes through the dock: then it is there on a day on which that receives.
    pub fn comes_from_outside(self) -> bool {
        match self {
            Self::PurchaseOrder
            | Self::Requisition
            | Self::InReceiving
            | Self::InTransit
            | Self::TransferOrder => true,
            Self::OnHand | Self::WorkOrder | Self::PlannedOrder | Self::Return => false,
        }
    }
}

/// The words for kinds of supply.
pub const SUPPLY_KINDS: &[(&str, SupplyKind)] = &[
    ("on_hand", SupplyKind::OnHand),
    ("purchase_order", SupplyKind::PurchaseOrder),
    ("requisition", SupplyKind::Requisition),
    ("in_receiving", SupplyKind::InReceiving),
    ("in_transit", SupplyKind::InTransit),
    ("transfer_order", SupplyKind::TransferOrder),
    ("work_order", SupplyKind::WorkOrder),
    ("planned_order", SupplyKind::PlannedOrder),
    ("return", SupplyKind::Return),
];

/// Kinds of demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DemandKind {
    /// A customer's order line.
    SalesOrder,
    /// A component of a work order.
    WorkOrderComponent,
    /// Goods that go to another location.
    TransferOrder,
    /// Expected, not ordered.
    Forecast,
    /// A level of stock to keep.
    SafetyStock,
}

impl DemandKind {
    /// Whether somebody waits for it: such a demand may be borrowed from (semantics 11).
    pub fn is_commitment(self) -> bool {
        match self {
            Self::SalesOrder | Self::WorkOrderComponent | Self::TransferOrder => true,
            Self::Forecast | Self::SafetyStock => false,
        }
    }
}

/// The words for kinds of demand.
pub const DEMAND_KINDS: &[(&str, DemandKind)] = &[
    ("sales_order", DemandKind::SalesOrder),
    ("work_order_component", DemandKind::WorkOrderComponent),
    ("transfer_order", DemandKind::TransferOrder),
    ("forecast", DemandKind::Forecast),
    ("safety_stock", DemandKind::SafetyStock),
];

/// Kinds of location.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LocationKind {
    /// Makes things.
    Plant,
    /// Keeps things.
    #[default]
    Warehouse,
    /// Sells things.
    Store,
    /// Somebody else's.
    Supplier,
}

/// The words for kinds of location.
pub const LOCATION_KINDS: &[(&str, LocationKind)] = &[
    ("plant", LocationKind::Plant),
    ("warehouse", LocationKind::Warehouse),
    ("store", LocationKind::Store),
    ("supplier", LocationKind::Supplier),
];

/// Whether a figure of a work definition is for one unit or for the whole work order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// For one unit started.
    #[default]
    Unit,
    /// Once a work order.
    Lot,
}

/// The words for bases.
pub const BASES: &[(&str, Basis)] = &[("unit", Basis::Unit), ("lot", Basis::Lot)];

/// Kinds of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceKind {
    /// From another location.
    Transfer,
    /// Made here.
    Make,
    /// Bought.
    Buy,
}

/// The words for kinds of source.
pub const SOURCE_KINDS: &[(&str, SourceKind)] =
    &[("transfer", SourceKind::Transfer), ("make", SourceKind::Make), ("buy", SourceKind::Buy)];
