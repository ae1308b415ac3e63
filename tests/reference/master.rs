//! The tables that say what there is and where things go (contract 1), typed, defaults filled in.

use super::Row;
use super::text::{self, Day};
use jiff::civil::{Date, Time};

/// One row and the date its days are counted from.
pub struct Reader<'a> {
    pub row: &'a Row,
    pub as_of: Date,
}

impl Reader<'_> {
    pub fn text(&self, column: &str) -> String {
        text::text(self.row, column)
    }
    pub fn micro(&self, column: &str) -> Option<i64> {
        text::micro(self.row, column)
    }
    pub fn whole(&self, column: &str) -> Option<i32> {
        text::whole(self.row, column)
    }
    pub fn flag(&self, column: &str) -> Option<bool> {
        text::flag(self.row, column)
    }
    pub fn day(&self, column: &str) -> Option<Day> {
        text::day(self.row, column, self.as_of)
    }
    pub fn window(&self) -> Window {
        Window { from: self.day("effective_from"), to: self.day("effective_to") }
    }
}

/// "Effective dates are inclusive at both ends" (section 11).
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Window {
    pub from: Option<Day>,
    pub to: Option<Day>,
}

impl Window {
    pub fn holds(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

#[derive(Clone)]
pub struct Item {
    pub item: String,
    pub category: String,
    pub uom: String,
    pub lot_multiple: Option<i64>,
    pub list_price: i64,
    pub unit_cost: i64,
    pub given_unit_cost: Option<i64>,
    pub atp_rule: String,
}

pub fn item(row: &Reader) -> Item {
    Item {
        item: row.text("item"),
        category: row.text("category"),
        uom: row.text("uom"),
        lot_multiple: row.micro("lot_multiple"),
        list_price: row.micro("list_price").unwrap_or(0),
        unit_cost: row.micro("unit_cost").unwrap_or(0),
        given_unit_cost: row.micro("unit_cost"),
        atp_rule: row.text("atp_rule"),
    }
}

#[derive(Clone)]
pub struct Location {
    pub location: String,
    pub shipping_calendar: String,
    pub receiving_calendar: String,
    pub manufacturing_calendar: String,
    pub time_zone: String,
    pub pick_pack_days: i32,
    pub handling_cost: i64,
    pub order_lines_per_day: Option<i32>,
}

pub fn location(row: &Reader) -> Location {
    Location {
        location: row.text("location"),
        shipping_calendar: row.text("shipping_calendar"),
        receiving_calendar: row.text("receiving_calendar"),
        manufacturing_calendar: row.text("manufacturing_calendar"),
        time_zone: row.text("time_zone"),
        pick_pack_days: row.whole("pick_pack_days").unwrap_or(0),
        handling_cost: row.micro("handling_cost").unwrap_or(0),
        order_lines_per_day: row.whole("order_lines_per_day"),
    }
}

/// Until when an order still makes some shipping days of a location.
#[derive(Clone)]
pub struct Cutoff {
    pub location: String,
    /// Empty: by any ship method.
    pub ship_method: String,
    /// Empty: on any day of the week.
    pub weekday: String,
    pub days_before: i32,
    pub time: Time,
}

pub fn cutoff(row: &Reader) -> Cutoff {
    Cutoff {
        location: row.text("location"),
        ship_method: row.text("ship_method"),
        weekday: row.text("weekday"),
        days_before: row.whole("days_before").unwrap_or(0),
        time: row.text("time").parse().expect("HH:MM"),
    }
}

/// "`locations.cutoff_time` is the row for all" (section 12.3).
pub fn cutoff_of_all(row: &Reader) -> Option<Cutoff> {
    let time = row.text("cutoff_time");
    let cutoff = |time: &str| Cutoff {
        location: row.text("location"),
        ship_method: String::new(),
        weekday: String::new(),
        days_before: 0,
        time: time.parse().expect("HH:MM"),
    };
    (!time.is_empty()).then(|| cutoff(&time))
}

#[derive(Clone)]
pub struct Customer {
    pub zone: String,
    pub demand_class: String,
    pub receiving_calendar: String,
    pub priority: Option<i32>,
}

pub fn customer(row: &Reader) -> Customer {
    Customer {
        priority: row.whole("priority"),
        zone: row.text("zone"),
        demand_class: row.text("demand_class"),
        receiving_calendar: row.text("receiving_calendar"),
    }
}

#[derive(Clone)]
pub struct Lane {
    pub origin: String,
    pub destination: String,
    pub ship_method: String,
    pub transit_days: i32,
    pub calendar: String,
    /// The days on which it leaves; empty: every shipping day.
    pub departure_calendar: String,
    pub cost_per_unit: i64,
    pub cost_per_shipment: i64,
}

pub fn lane(row: &Reader) -> Lane {
    let method = row.text("ship_method");
    Lane {
        origin: row.text("origin"),
        destination: row.text("destination"),
        ship_method: if method.is_empty() { "standard".to_string() } else { method },
        transit_days: row.whole("transit_days").unwrap_or(0),
        calendar: row.text("calendar"),
        departure_calendar: row.text("departure_calendar"),
        cost_per_unit: row.micro("cost_per_unit").unwrap_or(0),
        cost_per_shipment: row.micro("cost_per_shipment").unwrap_or(0),
    }
}

/// A node of the tree of demand classes.
#[derive(Clone)]
pub struct Class {
    pub parent: String,
    pub rank: i32,
    pub lateness_penalty: i64,
}

pub fn class(row: &Reader) -> Class {
    Class {
        parent: row.text("parent"),
        rank: row.whole("rank").unwrap_or(0),
        lateness_penalty: row.micro("lateness_penalty_per_unit_day").unwrap_or(0),
    }
}

#[derive(Clone)]
pub struct Substitute {
    pub item: String,
    pub substitute: String,
    pub rank: i32,
    pub ratio: i64,
    pub reciprocal: bool,
    pub customer: String,
    pub window: Window,
}

pub fn substitute(row: &Reader) -> Substitute {
    Substitute {
        item: row.text("item"),
        substitute: row.text("substitute"),
        rank: row.whole("rank").unwrap_or(1),
        ratio: row.micro("ratio").unwrap_or(text::UNIT),
        reciprocal: row.flag("reciprocal").unwrap_or(false),
        customer: row.text("customer"),
        window: row.window(),
    }
}

#[derive(Clone)]
pub struct UnitConversion {
    pub item: String,
    pub from: String,
    pub to: String,
    pub factor: i64,
}

pub fn unit_conversion(row: &Reader) -> UnitConversion {
    UnitConversion {
        item: row.text("item"),
        from: row.text("from_uom"),
        to: row.text("to_uom"),
        factor: row.micro("factor").unwrap_or(text::UNIT),
    }
}
