//! The kinds of change, as a table: their words and the columns that each has.

use super::column::ChangeColumn::{
    self, AllocationPercent, AtpRule, Brand, Category, Country, Customer, Date, Days, Demand,
    DemandClass, Description, Destination, EffectiveFrom, EffectiveTo, Item, ListPrice, Location,
    LotMultiple, Name, Priority, Quantity, Rank, ReceivingCalendar, Region, Resource, Revision,
    Rule, Setting, ShipMethod, Source, SourceType, Supplier, Supply, ToClass, ToDate, Type,
    UnitCost, Uom, Value, WorkDefinition, Zone,
};

/// How far a change reaches beyond the rows that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// No further.
    Rows,
    /// It is judged by what promises take anywhere.
    Promises,
    /// It may alter what is left of other stock accounts too.
    Balances,
}

impl ChangeKind {
    /// How far a change of this kind reaches.
    pub fn reach(self) -> Reach {
        match self {
            Self::SupplyAdded
            | Self::SupplyMoved
            | Self::SupplyCut
            | Self::SupplyCancelled
            | Self::SupplyReceived
            | Self::OnHandSet
            | Self::OnHandAdjusted
            | Self::CapacitySet
            | Self::CapacityAdded
            | Self::LeadTimeSet
            | Self::SourceSet
            | Self::SourceRemoved
            | Self::SourcingAssigned
            | Self::DemandCreated
            | Self::DemandChanged
            | Self::DemandShipped
            | Self::DemandCancelled
            | Self::PriceSet => Reach::Rows,
            Self::CustomerSet => Reach::Promises,
            Self::AtpRuleSet
            | Self::AtpRuleAssigned
            | Self::ShareSet
            | Self::ShareRemoved
            | Self::ShareChanged
            | Self::ShareShifted
            | Self::ShareReleased
            | Self::AllocationAssigned
            | Self::PrioritySet
            | Self::ItemSet => Reach::Balances,
        }
    }
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $variant:ident $word:literal [$($required:ident)*] [$($optional:ident)*];)*) => {
        /// What a change changes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum ChangeKind { $($(#[doc = $doc])* $variant),* }

        impl ChangeKind {
            /// All kinds.
            pub const ALL: &[ChangeKind] = &[$(ChangeKind::$variant),*];

            /// The word for it in the column `change`.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// What it says, in a sentence.
            pub fn about(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),*)),* }
            }

            /// The columns that it must have.
            pub fn required(self) -> &'static [ChangeColumn] {
                match self { $(Self::$variant => &[$($required),*]),* }
            }

            /// The columns that it may have.
            pub fn optional(self) -> &'static [ChangeColumn] {
                match self { $(Self::$variant => &[$($optional),*]),* }
            }
        }
    };
}

kinds! {
    /// A supply that was not there.
    SupplyAdded "supply_added" [Supply Type Item Location Date Quantity] [Supplier UnitCost Demand];
    /// A supply comes on another date, or so many calendar days later (earlier where negative).
    SupplyMoved "supply_moved" [Supply] [Date Days];
    /// Only so much of a supply comes.
    SupplyCut "supply_cut" [Supply Quantity] [];
    /// A supply does not come.
    SupplyCancelled "supply_cancelled" [Supply] [];
    /// A supply, or a part of it, is on hand now.
    SupplyReceived "supply_received" [Supply] [Quantity];
    /// So much of an item is on hand at a location, all usable lots together.
    OnHandSet "on_hand_set" [Item Location Quantity] [];
    /// So much more (less where negative) is on hand.
    OnHandAdjusted "on_hand_adjusted" [Item Location Quantity] [];
    /// A resource, a supplier of an item, or a location's house has this capacity on each of some days.
    CapacitySet "capacity_set" [Date Quantity] [ToDate Resource Supplier Item Location];
    /// It has so much more (less where negative) on each of some days.
    CapacityAdded "capacity_added" [Date Quantity] [ToDate Resource Supplier Item Location];
    /// A supplier of an item, a work definition (its fixed days) or a lane takes so many days.
    LeadTimeSet "lead_time_set" [Days] [Supplier Item Location WorkDefinition Destination ShipMethod];
    /// A row of a sourcing rule: put in the place of the one with its source, or added.
    SourceSet "source_set" [Rule SourceType] [Source Rank AllocationPercent ShipMethod EffectiveFrom EffectiveTo];
    /// A row of a sourcing rule goes.
    SourceRemoved "source_removed" [Rule SourceType] [Source];
    /// A sourcing rule is assigned, or where none is named taken away.
    SourcingAssigned "sourcing_assigned" [] [Rule Item Category Location Zone Customer DemandClass];
    /// A column of an ATP rule gets a value; its default where none is given.
    AtpRuleSet "atp_rule_set" [Rule Setting] [Value];
    /// An ATP rule is assigned, or where none is named taken away.
    AtpRuleAssigned "atp_rule_assigned" [] [Rule Item Category Location];
    /// A node's value in an allocation rule from a date on.
    ShareSet "share_set" [Rule DemandClass EffectiveFrom Value] [];
    /// A node's row of that date goes.
    ShareRemoved "share_removed" [Rule DemandClass EffectiveFrom] [];
    /// A node's share from a date on; the other nodes keep theirs.
    ShareChanged "share_changed" [Rule DemandClass EffectiveFrom Value] [];
    /// A quantity goes from one node of an item at a location to another, from a date on.
    ShareShifted "share_shifted" [Item Location DemandClass ToClass Quantity] [Date];
    /// What a node of an item at a location has not given yet, from a date on, goes to another node: its
    /// parent where none is named.
    ShareReleased "share_released" [Item Location DemandClass] [ToClass Date];
    /// An allocation rule is assigned, or where none is named taken away.
    AllocationAssigned "allocation_assigned" [] [Rule Item Category Location];
    /// A customer, a demand class (its rank), a work definition or a supplier of an item gets a priority.
    PrioritySet "priority_set" [Priority] [Customer DemandClass WorkDefinition Supplier Item Location];
    /// A demand that was not there.
    DemandCreated "demand_created" [Demand Item Location Date Quantity] [Type Revision Customer DemandClass Priority Source];
    /// A demand is as the given cells say; what is not given stays.
    DemandChanged "demand_changed" [Demand] [Date Quantity Revision Customer DemandClass Priority];
    /// A demand, or a part of it, left from what is on hand.
    DemandShipped "demand_shipped" [Demand] [Quantity];
    /// A demand is gone.
    DemandCancelled "demand_cancelled" [Demand] [];
    /// An item is as the given cells say, one that is not known is added; what is not given stays.
    ItemSet "item_set" [Item] [Description Category Uom LotMultiple ListPrice UnitCost AtpRule Brand];
    /// A customer is as the given cells say, one that is not known is added; what is not given stays.
    CustomerSet "customer_set" [Customer] [Name Zone DemandClass Priority ReceivingCalendar Country Region];
    /// An item has this price, this cost, or both.
    PriceSet "price_set" [Item] [ListPrice UnitCost];
}

impl ChangeKind {
    /// The kind of this word.
    pub fn of(word: &str) -> Option<ChangeKind> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }

    /// Whether it moves a quantity from one node of a stock account to another.
    pub fn moves_shares(self) -> bool {
        matches!(self, Self::ShareShifted | Self::ShareReleased)
    }

    /// Whether it changes the rows of an allocation rule.
    pub fn changes_shares(self) -> bool {
        matches!(self, Self::ShareSet | Self::ShareRemoved | Self::ShareChanged)
    }

    /// Whether its quantity is a difference and may be negative.
    pub(super) fn may_be_negative(self) -> bool {
        matches!(self, Self::OnHandSet | Self::OnHandAdjusted | Self::CapacityAdded)
    }
}
