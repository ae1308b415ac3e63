//! The tables of a snapshot and their columns, as data (contract 1).
//!
//! The order of the tables is the order of loading: a table comes after those it refers to. The order
//! of the columns is the order in which the builder reads them.

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in files.
    pub name: &'static str,
    /// Whether the table is useless without it.
    pub required: bool,
}

/// A table.
#[derive(Debug, PartialEq, Eq)]
pub struct Schema {
    /// Its name: the file's name without ending.
    pub name: &'static str,
    /// Whether a snapshot is useless without it.
    pub required: bool,
    /// Its columns, in the builder's reading order.
    pub columns: &'static [Column],
}

/// The table of this name.
pub fn table(name: &str) -> Option<&'static Schema> {
    TABLES.iter().find(|schema| schema.name == name)
}

const fn required(name: &'static str) -> Column {
    Column { name, required: true }
}

const fn optional(name: &'static str) -> Column {
    Column { name, required: false }
}

macro_rules! tables {
    ($($(#[$flag:ident])? $name:ident [$($column:tt)*] { $($more:tt)* })*) => {
        /// All tables, in loading order.
        pub static TABLES: &[Schema] = &[$(Schema {
            name: stringify!($name),
            required: tables!(@flag $($flag)?),
            columns: tables!(@columns [] $($column)* ; $($more)*),
        }),*];
    };
    (@flag) => { false };
    (@flag required) => { true };
    (@columns [$($done:expr,)*] ; ) => { &[$($done),*] };
    (@columns [$($done:expr,)*] ; $name:ident $($rest:tt)*) => {
        tables!(@columns [$($done,)* optional(stringify!($name)),] ; $($rest)*)
    };
    (@columns [$($done:expr,)*] $name:ident $($rest:tt)*) => {
        tables!(@columns [$($done,)* required(stringify!($name)),] $($rest)*)
    };
}

// name [required columns] { optional columns }
tables! {
    calendars [calendar working_days] {}
    calendar_exceptions [calendar date working] {}
    zones [zone] { parent name }
    demand_classes [demand_class] { parent rank lateness_penalty_per_unit_day }
    customers [customer] { name zone demand_class priority receiving_calendar country region }
    atp_rules [rule] {
        mode supply_types demand_types consumption past_due_supply_days past_due_supply_delay_days
        past_due_demand_days infinite_fence_days atp_fence_days lead_time_days search_sources replenish_by
        objective split min_split_quantity min_split_percent max_splits substitutes
    }
    #[required] items [item] {
        description category uom lot_multiple list_price unit_cost atp_rule brand
    }
    uom_conversions [from_uom to_uom factor] { item }
    #[required] locations [location] {
        name kind zone shipping_calendar receiving_calendar manufacturing_calendar cutoff_time time_zone
        pick_pack_days handling_cost order_lines_per_day
    }
    atp_rule_assignments [rule] { item category location }
    shipping_lanes [origin destination transit_days] {
        ship_method calendar cost_per_unit cost_per_shipment departure_calendar
    }
    location_cutoffs [location time] { ship_method weekday days_before }
    resources [resource location hours_per_day] { calendar cost_per_hour }
    resource_capacity [resource date hours] {}
    resource_load [resource date hours] {}
    work_definitions [work_definition item location] {
        priority fixed_days variable_days_per_unit minimum_quantity maximum_quantity lot_multiple yield
        unit_cost effective_from effective_to
    }
    work_definition_components [work_definition component quantity] {
        operation basis substitute_of substitute_rank effective_from effective_to
    }
    work_definition_operations [work_definition operation resource hours] {
        basis alternate_rank offset_days
    }
    suppliers [supplier] { name calendar }
    item_suppliers [item supplier lead_time_days] {
        location minimum_quantity lot_multiple unit_cost capacity_per_day priority
    }
    supplier_capacity [item supplier date quantity] {}
    sourcing_rules [rule source_type] {
        source rank allocation_percent ship_method effective_from effective_to
    }
    sourcing_assignments [rule] { item category location zone customer demand_class }
    item_substitutes [item substitute] {
        rank ratio reciprocal customer effective_from effective_to
    }
    allocation_rules [rule demand_class value] {
        effective_from kind method basis steal allocation_fence_days
    }
    allocation_assignments [rule] { item category location }
    on_hand [item location quantity] { lot expires_on status }
    supplies [supply type item location date quantity] { supplier unit_cost firm demand }
    demands [demand item location date quantity] {
        revision type customer demand_class priority requested_date unit_price created_at source
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
        let names: Vec<_> = items.columns.iter().map(|column| column.name).collect();
        assert_eq!(
            names.join(" "),
            "item description category uom lot_multiple list_price unit_cost atp_rule brand"
        );
        assert!(items.columns[0].required && !items.columns[1].required);
        assert!(table("orders").is_none());
    }
}
