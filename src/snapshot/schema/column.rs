//! The names of columns.

macro_rules! columns {
    ($($column:ident $name:literal;)*) => {
        /// A column of a snapshot's tables, of order lines or of changes; those of one name mean alike.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "the names are the contract's columns, described there")]
        pub enum Column { $($column),* }

        impl Column {
            /// All of them.
            pub const ALL: &[Column] = &[$(Column::$column),*];

            /// Its name in files.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$column => $name),* }
            }
        }
    };
}

columns! {
    AllocationFenceDays "allocation_fence_days";
    AllocationPercent "allocation_percent";
    AlternateRank "alternate_rank";
    ArrivalSet "arrival_set";
    AtpFenceDays "atp_fence_days";
    AtpRule "atp_rule";
    Basis "basis";
    Brand "brand";
    Calendar "calendar";
    CapacityPerDay "capacity_per_day";
    Category "category";
    Change "change";
    Channel "channel";
    Component "component";
    Consumption "consumption";
    CostPerHour "cost_per_hour";
    CostPerShipment "cost_per_shipment";
    CostPerUnit "cost_per_unit";
    Country "country";
    CreatedAt "created_at";
    Customer "customer";
    CutoffTime "cutoff_time";
    Date "date";
    DateFrom "date_from";
    DateTo "date_to";
    DateType "date_type";
    Days "days";
    DaysBefore "days_before";
    Demand "demand";
    DemandClass "demand_class";
    DemandTypes "demand_types";
    DepartureCalendar "departure_calendar";
    Description "description";
    Destination "destination";
    EarliestDate "earliest_date";
    EffectiveFrom "effective_from";
    EffectiveTo "effective_to";
    ExpiresOn "expires_on";
    Factor "factor";
    Firm "firm";
    FixedDays "fixed_days";
    FromUom "from_uom";
    HandlingCost "handling_cost";
    Hours "hours";
    HoursPerDay "hours_per_day";
    InfiniteFenceDays "infinite_fence_days";
    Item "item";
    Kind "kind";
    LatenessPenaltyPerUnitDay "lateness_penalty_per_unit_day";
    LatestDate "latest_date";
    LeadTimeDays "lead_time_days";
    Line "line";
    ListPrice "list_price";
    Location "location";
    Lot "lot";
    LotMultiple "lot_multiple";
    ManufacturingCalendar "manufacturing_calendar";
    MaxSplits "max_splits";
    MaximumQuantity "maximum_quantity";
    Method "method";
    MinSplitPercent "min_split_percent";
    MinSplitQuantity "min_split_quantity";
    MinimumQuantity "minimum_quantity";
    Mode "mode";
    Name "name";
    Objective "objective";
    OffsetDays "offset_days";
    Operation "operation";
    Order "order";
    OrderLinesPerDay "order_lines_per_day";
    OrderedAt "ordered_at";
    Origin "origin";
    Parent "parent";
    PastDueDemandDays "past_due_demand_days";
    PastDueSupplyDays "past_due_supply_days";
    PastDueSupplyDelayDays "past_due_supply_delay_days";
    PickPackDays "pick_pack_days";
    Priority "priority";
    Quantity "quantity";
    Rank "rank";
    Ratio "ratio";
    ReceivingCalendar "receiving_calendar";
    Reciprocal "reciprocal";
    Region "region";
    Repeat "repeat";
    ReplenishBy "replenish_by";
    RequestedDate "requested_date";
    Resource "resource";
    Revision "revision";
    Rule "rule";
    SearchSources "search_sources";
    Seller "seller";
    Setting "setting";
    ShipMethod "ship_method";
    ShipSet "ship_set";
    ShipTogether "ship_together";
    ShippingCalendar "shipping_calendar";
    Source "source";
    SourceType "source_type";
    Split "split";
    Status "status";
    Steal "steal";
    Substitute "substitute";
    SubstituteOf "substitute_of";
    SubstituteRank "substitute_rank";
    Substitutes "substitutes";
    Supplier "supplier";
    Supply "supply";
    SupplyTypes "supply_types";
    Time "time";
    TimeZone "time_zone";
    ToClass "to_class";
    ToDate "to_date";
    ToUom "to_uom";
    TransitDays "transit_days";
    Type "type";
    UnitCost "unit_cost";
    UnitPrice "unit_price";
    Uom "uom";
    Value "value";
    VariableDaysPerUnit "variable_days_per_unit";
    Weekday "weekday";
    WorkDefinition "work_definition";
    Working "working";
    WorkingDays "working_days";
    Yield "yield";
    Zone "zone";
}

impl Column {
    /// The column of this name.
    pub fn of(name: &str) -> Option<Column> {
        Self::ALL.iter().copied().find(|column| column.name() == name)
    }
}
