//! What things are called. Keys say what they are: FG finished good, SA sub-assembly, PT part.

use super::shape::{Shape, ShapedItem};

const FINISHED: &[&str] = &[
    "Pump",
    "Valve",
    "Motor",
    "Gearbox",
    "Compressor",
    "Fan",
    "Drive",
    "Sensor",
    "Controller",
    "Filter",
    "Heater",
    "Chiller",
    "Mixer",
    "Conveyor",
    "Actuator",
    "Inverter",
];
const ASSEMBLIES: &[&str] =
    &["Housing", "Rotor", "Stator", "Board", "Harness", "Impeller", "Frame", "Manifold"];
const PARTS: &[&str] = &[
    "Screw",
    "Seal",
    "Bearing",
    "Casting",
    "Sheet",
    "Shaft",
    "Connector",
    "Spring",
    "Label",
    "Cable",
];

impl Shape {
    /// The key of an item.
    pub(in crate::cli) fn item_key(&self, item: ShapedItem) -> String {
        let prefix = if item.level == 0 {
            "FG"
        } else if self.is_made(item) {
            "SA"
        } else {
            "PT"
        };
        format!("{prefix}-{:0width$}", item.at, width = width(self.sizes.items))
    }

    /// What an item is, in words.
    pub(super) fn description(&self, item: ShapedItem) -> String {
        let nouns = if item.level == 0 {
            FINISHED
        } else if self.is_made(item) {
            ASSEMBLIES
        } else {
            PARTS
        };
        let at = usize::try_from(self.category(item)).expect("few") % nouns.len();
        format!("{} {}", nouns[at], item.place)
    }

    /// The key of an item's category.
    pub(super) fn category_key(&self, item: ShapedItem) -> String {
        if item.level == 0 {
            category(self.category(item))
        } else {
            format!("LEVEL-{}", item.level)
        }
    }

    /// The key of a location: plants come first.
    pub(in crate::cli) fn location_key(&self, location: u64) -> String {
        if location < self.plants {
            format!("PLANT-{}", location + 1)
        } else {
            format!("DC-{}", location + 1 - self.plants)
        }
    }

    /// The key of a customer.
    pub(in crate::cli) fn customer_key(&self, customer: u64) -> String {
        format!("C{:0width$}", customer + 1, width = width(self.sizes.customers))
    }

    /// The key of an order.
    pub(super) fn order_key(&self, order: u64) -> String {
        format!("O{:0width$}", order + 1, width = width(self.sizes.orders))
    }
}

/// The key of a category of finished goods.
pub(super) fn category(category: u64) -> String {
    format!("CAT-{}", category + 1)
}

/// The key of a demand class; the first one holds all others.
pub(super) fn class(class: u64) -> String {
    if class == 0 { "ALL".to_string() } else { format!("CLASS-{class}") }
}

/// The key of a resource.
pub(super) fn resource(resource: u64) -> String {
    format!("LINE-{}", resource + 1)
}

/// The key of a supplier.
pub(super) fn supplier(supplier: u64) -> String {
    format!("SUPPLIER-{}", supplier + 1)
}

/// Digits that the largest of `n` numbers has, so that keys sort like numbers.
fn width(n: u64) -> usize {
    n.to_string().len()
}
