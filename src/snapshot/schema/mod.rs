//! The tables of a snapshot and their columns, as data (contract 1).
//!
//! The order of the tables is the order of loading: a table comes after those it refers to.

mod column;

pub use column::Column;

use super::{
    AllocationIx, CalendarIx, ClassIx, CustomerIx, ItemIx, LocationIx, ResourceIx, RuleIx,
    SourcingIx, SupplierIx, WorkIx, ZoneIx,
};
use crate::model::Index;

/// A table as files have it.
#[derive(Debug, PartialEq, Eq)]
pub struct Schema {
    /// Which table of a snapshot it is; none for order lines and changes.
    pub table: Option<TableName>,
    /// Its name: the file's name without ending.
    pub name: &'static str,
    /// Whether a snapshot is useless without it.
    pub required: bool,
    /// The columns without which it is useless.
    pub must_have: &'static [Column],
    /// The columns that take their default where they are missing.
    pub may_have: &'static [Column],
}

impl Schema {
    /// All its columns: those that it must have first.
    pub fn columns(&self) -> impl Iterator<Item = Column> {
        self.must_have.iter().chain(self.may_have).copied()
    }

    /// Its column of this name.
    pub fn column(&self, name: &str) -> Option<Column> {
        self.columns().find(|column| column.name() == name)
    }
}

/// The table of this name.
pub fn table(name: &str) -> Option<&'static Schema> {
    TABLES.iter().find(|schema| schema.name == name)
}

/// What rows of a table are known by, and others refer to.
pub trait Keyed: Index {
    /// The table.
    const TABLE: TableName;
}

macro_rules! keyed {
    ($($index:ident $table:ident)*) => {
        $(impl Keyed for $index { const TABLE: TableName = TableName::$table; })*
    };
}

keyed! {
    AllocationIx AllocationRules
    CalendarIx Calendars
    ClassIx DemandClasses
    CustomerIx Customers
    ItemIx Items
    LocationIx Locations
    ResourceIx Resources
    RuleIx AtpRules
    SourcingIx SourcingRules
    SupplierIx Suppliers
    WorkIx WorkDefinitions
    ZoneIx Zones
}

macro_rules! tables {
    ($($(#[$flag:ident])? $table:ident $name:literal $($noun:literal)?
        [$($must:ident)*] { $($may:ident)* })*) => {
        /// A table of a snapshot.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "the names are the contract's tables, described there")]
        pub enum TableName { $($table),* }

        impl TableName {
            /// Its name: the file's name without ending.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$table => $name),* }
            }

            /// What one of those is called that its rows name, where others refer to them.
            pub const fn noun(self) -> &'static str {
                match self { $(Self::$table => tables!(@noun $name $($noun)?)),* }
            }
        }

        /// All tables, in loading order.
        pub static TABLES: &[Schema] = &[$(Schema {
            table: Some(TableName::$table),
            name: $name,
            required: tables!(@flag $($flag)?),
            must_have: &[$(Column::$must),*],
            may_have: &[$(Column::$may),*],
        }),*];
    };
    (@noun $name:literal) => { $name };
    (@noun $name:literal $noun:literal) => { $noun };
    (@flag) => { false };
    (@flag required) => { true };
}

// Table "its name in files" "what its rows name" [columns it must have] { columns it may have }
tables! {
    Calendars "calendars" "calendar" [Calendar WorkingDays] {}
    CalendarExceptions "calendar_exceptions" [Calendar Date Working] {}
    Zones "zones" "zone" [Zone] { Parent Name }
    DemandClasses "demand_classes" "demand class" [DemandClass] { Parent Rank LatenessPenaltyPerUnitDay }
    Customers "customers" "customer" [Customer] {
        Name Zone DemandClass Priority ReceivingCalendar Country Region
    }
    AtpRules "atp_rules" "ATP rule" [Rule] {
        Mode SupplyTypes DemandTypes Consumption PastDueSupplyDays PastDueSupplyDelayDays
        PastDueDemandDays InfiniteFenceDays AtpFenceDays LeadTimeDays SearchSources ReplenishBy
        Objective Split MinSplitQuantity MinSplitPercent MaxSplits Substitutes
    }
    #[required] Items "items" "item" [Item] {
        Description Category Uom LotMultiple ListPrice UnitCost AtpRule Brand
    }
    UomConversions "uom_conversions" [FromUom ToUom Factor] { Item }
    #[required] Locations "locations" "location" [Location] {
        Name Kind Zone ShippingCalendar ReceivingCalendar ManufacturingCalendar CutoffTime TimeZone
        PickPackDays HandlingCost OrderLinesPerDay
    }
    AtpRuleAssignments "atp_rule_assignments" [Rule] { Item Category Location }
    ShippingLanes "shipping_lanes" [Origin Destination TransitDays] {
        ShipMethod Calendar CostPerUnit CostPerShipment DepartureCalendar
    }
    LocationCutoffs "location_cutoffs" [Location Time] { ShipMethod Weekday DaysBefore }
    Resources "resources" "resource" [Resource Location HoursPerDay] { Calendar CostPerHour }
    ResourceCapacity "resource_capacity" [Resource Date Hours] {}
    ResourceLoad "resource_load" [Resource Date Hours] {}
    WorkDefinitions "work_definitions" "work definition" [WorkDefinition Item Location] {
        Priority FixedDays VariableDaysPerUnit MinimumQuantity MaximumQuantity LotMultiple Yield
        UnitCost EffectiveFrom EffectiveTo
    }
    WorkDefinitionComponents "work_definition_components" [WorkDefinition Component Quantity] {
        Operation Basis SubstituteOf SubstituteRank EffectiveFrom EffectiveTo
    }
    WorkDefinitionOperations "work_definition_operations" [WorkDefinition Operation Resource Hours] {
        Basis AlternateRank OffsetDays
    }
    Suppliers "suppliers" "supplier" [Supplier] { Name Calendar }
    ItemSuppliers "item_suppliers" [Item Supplier LeadTimeDays] {
        Location MinimumQuantity LotMultiple UnitCost CapacityPerDay Priority
    }
    SupplierCapacity "supplier_capacity" [Item Supplier Date Quantity] {}
    SourcingRules "sourcing_rules" "sourcing rule" [Rule SourceType] {
        Source Rank AllocationPercent ShipMethod EffectiveFrom EffectiveTo
    }
    SourcingAssignments "sourcing_assignments" [Rule] {
        Item Category Location Zone Customer DemandClass
    }
    ItemSubstitutes "item_substitutes" [Item Substitute] {
        Rank Ratio Reciprocal Customer EffectiveFrom EffectiveTo
    }
    AllocationRules "allocation_rules" "allocation rule" [Rule DemandClass Value] {
        EffectiveFrom Kind Method Basis Steal AllocationFenceDays
    }
    AllocationAssignments "allocation_assignments" [Rule] { Item Category Location }
    OnHand "on_hand" [Item Location Quantity] { Lot ExpiresOn Status }
    Supplies "supplies" [Supply Type Item Location Date Quantity] { Supplier UnitCost Firm Demand }
    Demands "demands" [Demand Item Location Date Quantity] {
        Revision Type Customer DemandClass Priority RequestedDate UnitPrice CreatedAt Source
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_says_what_the_contract_says() {
        assert_eq!(TABLES.len(), 29);
        let items = table("items").expect("items is a table");
        assert!(items.required);
        let names: Vec<_> = items.columns().map(Column::name).collect();
        assert_eq!(
            names.join(" "),
            "item description category uom lot_multiple list_price unit_cost atp_rule brand"
        );
        assert_eq!(items.must_have, [Column::Item]);
        assert_eq!(items.column("uom"), Some(Column::Uom));
        assert_eq!(items.column("location"), None);
        assert!(table("orders").is_none());
    }
}
