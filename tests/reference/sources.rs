//! The tables of supply and of where supply comes from (contract 1), typed, defaults filled in.

use super::master::{Reader, Window};
use super::text::{Day, UNIT};

#[derive(Clone)]
pub struct OnHand {
    pub item: String,
    pub location: String,
    pub lot: String,
    pub quantity: i64,
    pub expires_on: Option<Day>,
    pub hold: bool,
}

pub fn on_hand(row: &Reader) -> OnHand {
    OnHand {
        item: row.text("item"),
        location: row.text("location"),
        lot: row.text("lot"),
        quantity: row.micro("quantity").unwrap_or(0),
        expires_on: row.day("expires_on"),
        hold: row.text("status") == "hold",
    }
}

#[derive(Clone)]
pub struct Supply {
    pub supply: String,
    pub kind: String,
    pub item: String,
    pub location: String,
    pub date: Day,
    pub quantity: i64,
    pub unit_cost: Option<i64>,
}

pub fn supply(row: &Reader) -> Supply {
    Supply {
        supply: row.text("supply"),
        kind: row.text("type"),
        item: row.text("item"),
        location: row.text("location"),
        date: row.day("date").expect("supplies.date"),
        quantity: row.micro("quantity").unwrap_or(0),
        unit_cost: row.micro("unit_cost"),
    }
}

#[derive(Clone)]
pub struct Demand {
    pub demand: String,
    pub kind: String,
    pub item: String,
    pub location: String,
    pub date: Day,
    pub quantity: i64,
    pub customer: String,
    pub demand_class: String,
    pub priority: Option<i32>,
}

pub fn demand(row: &Reader) -> Demand {
    let kind = row.text("type");
    Demand {
        demand: row.text("demand"),
        kind: if kind.is_empty() { "sales_order".to_string() } else { kind },
        item: row.text("item"),
        location: row.text("location"),
        date: row.day("date").expect("demands.date"),
        quantity: row.micro("quantity").unwrap_or(0),
        customer: row.text("customer"),
        demand_class: row.text("demand_class"),
        priority: row.whole("priority"),
    }
}

#[derive(Clone)]
pub struct SourcingRow {
    pub rule: String,
    pub source_type: String,
    pub source: String,
    pub rank: i32,
    pub allocation_percent: i64,
    pub ship_method: String,
    pub window: Window,
}

pub fn sourcing_row(row: &Reader) -> SourcingRow {
    SourcingRow {
        rule: row.text("rule"),
        source_type: row.text("source_type"),
        source: row.text("source"),
        rank: row.whole("rank").unwrap_or(1),
        allocation_percent: row.micro("allocation_percent").unwrap_or(100 * UNIT),
        ship_method: row.text("ship_method"),
        window: row.window(),
    }
}

#[derive(Clone)]
pub struct WorkDefinition {
    pub work_definition: String,
    pub item: String,
    pub location: String,
    pub priority: i32,
    pub fixed_days: i64,
    pub variable_days_per_unit: i64,
    pub minimum_quantity: Option<i64>,
    pub maximum_quantity: Option<i64>,
    pub lot_multiple: Option<i64>,
    pub yield_: i64,
    pub unit_cost: i64,
    pub window: Window,
}

pub fn work_definition(row: &Reader) -> WorkDefinition {
    WorkDefinition {
        work_definition: row.text("work_definition"),
        item: row.text("item"),
        location: row.text("location"),
        priority: row.whole("priority").unwrap_or(1),
        fixed_days: row.micro("fixed_days").unwrap_or(0),
        variable_days_per_unit: row.micro("variable_days_per_unit").unwrap_or(0),
        minimum_quantity: row.micro("minimum_quantity"),
        maximum_quantity: row.micro("maximum_quantity"),
        lot_multiple: row.micro("lot_multiple"),
        yield_: row.micro("yield").unwrap_or(UNIT),
        unit_cost: row.micro("unit_cost").unwrap_or(0),
        window: row.window(),
    }
}

#[derive(Clone)]
pub struct Component {
    pub work_definition: String,
    pub component: String,
    pub operation: i32,
    pub quantity: i64,
    pub per_lot: bool,
    pub substitute_of: String,
    pub substitute_rank: i32,
    pub window: Window,
}

pub fn component(row: &Reader) -> Component {
    Component {
        work_definition: row.text("work_definition"),
        component: row.text("component"),
        operation: row.whole("operation").unwrap_or(10),
        quantity: row.micro("quantity").unwrap_or(0),
        per_lot: row.text("basis") == "lot",
        substitute_of: row.text("substitute_of"),
        substitute_rank: row.whole("substitute_rank").unwrap_or(1),
        window: row.window(),
    }
}

#[derive(Clone)]
pub struct Operation {
    pub work_definition: String,
    pub operation: i32,
    pub resource: String,
    pub hours: i64,
    pub per_lot: bool,
    pub alternate_rank: i32,
    pub offset_days: i32,
}

pub fn operation(row: &Reader) -> Operation {
    Operation {
        work_definition: row.text("work_definition"),
        operation: row.whole("operation").expect("operation"),
        resource: row.text("resource"),
        hours: row.micro("hours").unwrap_or(0),
        per_lot: row.text("basis") == "lot",
        alternate_rank: row.whole("alternate_rank").unwrap_or(0),
        offset_days: row.whole("offset_days").unwrap_or(0),
    }
}

#[derive(Clone)]
pub struct Resource {
    pub location: String,
    pub calendar: String,
    pub hours_per_day: i64,
    pub cost_per_hour: i64,
}

pub fn resource(row: &Reader) -> Resource {
    Resource {
        location: row.text("location"),
        calendar: row.text("calendar"),
        hours_per_day: row.micro("hours_per_day").unwrap_or(0),
        cost_per_hour: row.micro("cost_per_hour").unwrap_or(0),
    }
}

/// A dated number of a resource or supplier: capacity, or load.
#[derive(Clone)]
pub struct Dated {
    pub item: String,
    pub name: String,
    pub day: Day,
    pub amount: i64,
}

/// `resource_capacity`, `resource_load` (hours) and `supplier_capacity` (quantity).
pub fn dated(row: &Reader, name: &str, amount: &str) -> Dated {
    Dated {
        item: row.text("item"),
        name: row.text(name),
        day: row.day("date").expect("date"),
        amount: row.micro(amount).unwrap_or(0),
    }
}

#[derive(Clone)]
pub struct ItemSupplier {
    pub item: String,
    pub supplier: String,
    pub location: String,
    pub lead_time_days: i32,
    pub minimum_quantity: Option<i64>,
    pub lot_multiple: Option<i64>,
    pub unit_cost: Option<i64>,
    pub capacity_per_day: Option<i64>,
    pub priority: i32,
}

pub fn item_supplier(row: &Reader) -> ItemSupplier {
    ItemSupplier {
        item: row.text("item"),
        supplier: row.text("supplier"),
        location: row.text("location"),
        lead_time_days: row.whole("lead_time_days").unwrap_or(0),
        minimum_quantity: row.micro("minimum_quantity"),
        lot_multiple: row.micro("lot_multiple"),
        unit_cost: row.micro("unit_cost"),
        capacity_per_day: row.micro("capacity_per_day"),
        priority: row.whole("priority").unwrap_or(1),
    }
}
