//! Items, their costs and units, and the stock on hand.

use std::collections::BTreeMap;

use crate::{
    Fallible, cells, decimal,
    output::Output,
    plant::PLANT,
    raw::{Raw, Row, find},
};

/// One product of the raw data.
pub(crate) struct Item {
    /// The key of the item: the raw ProductNumber, which people know.
    pub(crate) number: String,
    pub(crate) is_made: bool,
    pub(crate) days_to_manufacture: u32,
    pub(crate) safety_stock: i64,
    description: String,
    category: String,
    unit: String,
    list_price: i64,
    standard_cost: i64,
    /// The vendors' lowest price for one; `None` where nobody sells it.
    bought_for: Option<i64>,
}

impl Item {
    /// What one costs: the standard cost, or for bought parts without one the lowest vendor price.
    fn unit_cost(&self) -> Option<i64> {
        if self.standard_cost > 0 { Some(self.standard_cost) } else { self.bought_for }
    }

    /// What one costs at a price in the vendor's unit of measure.
    ///
    /// Parts without standard cost are priced by the pack (a carton of bearing balls for 39.92; a
    /// bike takes a hundred balls). Where the standard cost is known it shows that the price is for
    /// one, whatever the unit says.
    pub(crate) fn price_of_one(&self, price: i64, vendor_unit: &str) -> i64 {
        let pack = if self.standard_cost > 0 { 1 } else { units_in_pack(vendor_unit) };
        decimal::divide(price, pack)
    }
}

/// How many units of stock a vendor's unit holds; the contents of a carton are assumed.
fn units_in_pack(vendor_unit: &str) -> i64 {
    match vendor_unit {
        "DZ" => 12,
        // Paint is bought by the gallon and used by the fluid ounce.
        "GAL" => 128,
        "CS" | "CTN" | "CAN" | "PAK" => 100,
        _ => 1,
    }
}

/// All items by raw ProductID.
pub(crate) struct Items(BTreeMap<u32, Item>);

impl Items {
    pub(crate) fn read(raw: &Raw) -> Fallible<Self> {
        let subcategories = raw.table("ProductSubcategory")?;
        let subcategories = subcategories.by_key("ProductSubcategoryID")?;
        let units = component_units(raw)?;
        let products = raw.table("Product")?;
        let mut items = Self(BTreeMap::new());
        for (id, row) in products.by_key("ProductID")? {
            let subcategory = match row.optional_id("ProductSubcategoryID")? {
                None => None,
                Some(id) => Some(find(&subcategories, id, "ProductSubcategory")?.text("Name")?),
            };
            let mut item = read_item(&row, subcategory)?;
            if let Some(unit) = units.get(&id) {
                item.unit.clone_from(unit);
            }
            items.0.insert(id, item);
        }
        items.read_vendor_prices(raw)?;
        Ok(items)
    }

    fn read_vendor_prices(&mut self, raw: &Raw) -> Fallible<()> {
        for row in raw.table("ProductVendor")?.rows() {
            let id = row.id("ProductID")?;
            let item = self.0.get_mut(&id).ok_or_else(|| format!("no Product {id}"))?;
            let price =
                item.price_of_one(row.number("StandardPrice")?, row.text("UnitMeasureCode")?);
            item.bought_for = Some(item.bought_for.map_or(price, |known| known.min(price)));
        }
        Ok(())
    }

    pub(crate) fn get(&self, product: u32) -> Fallible<&Item> {
        find(&self.0, product, "Product")
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Item)> {
        self.0.iter().map(|(id, item)| (*id, item))
    }

    pub(crate) fn write(&self, out: &mut Output) -> Fallible<()> {
        let columns =
            ["item", "description", "category", "uom", "lot_multiple", "list_price", "unit_cost"];
        let row = |item: &Item| {
            // Pieces are sold whole; paint and tape are not.
            let lot = if item.unit == EACH { "1" } else { "" };
            let list_price = non_zero(Some(item.list_price));
            let unit_cost = non_zero(item.unit_cost());
            cells![
                item.number,
                item.description,
                item.category,
                item.unit,
                lot,
                list_price,
                unit_cost
            ]
        };
        out.table("items", &columns, self.0.values().map(row).collect())
    }
}

const EACH: &str = "EA";

/// The raw data writes zero where a price or cost is not known.
fn non_zero(amount: Option<i64>) -> String {
    amount.filter(|amount| *amount > 0).map(decimal::format).unwrap_or_default()
}

fn read_item(row: &Row<'_>, subcategory: Option<&str>) -> Fallible<Item> {
    let is_made = row.flag("MakeFlag")?;
    let kind_of_part = if is_made { "Made parts" } else { "Bought parts" };
    Ok(Item {
        number: row.text("ProductNumber")?.to_owned(),
        is_made,
        days_to_manufacture: row.id("DaysToManufacture")?,
        safety_stock: row.number("SafetyStockLevel")?,
        description: row.text("Name")?.to_owned(),
        category: subcategory.unwrap_or(kind_of_part).to_owned(),
        unit: EACH.to_owned(),
        list_price: row.number("ListPrice")?,
        standard_cost: row.number("StandardCost")?,
        bought_for: None,
    })
}

/// The unit that bills of material count a component in: ounces of paint, inches of tape.
fn component_units(raw: &Raw) -> Fallible<BTreeMap<u32, String>> {
    let mut units: BTreeMap<u32, String> = BTreeMap::new();
    for row in raw.table("BillOfMaterials")?.rows() {
        let (component, unit) = (row.id("ComponentID")?, row.text("UnitMeasureCode")?);
        let known = units.entry(component).or_insert_with(|| unit.to_owned());
        if known != unit {
            return Err(format!("component {component} is counted in {known} and {unit}").into());
        }
    }
    Ok(units)
}

/// The stock of all stores and work centres, summed by item: a promise does not care for the shelf.
pub(crate) fn write_on_hand(raw: &Raw, items: &Items, out: &mut Output) -> Fallible<()> {
    let mut quantities: BTreeMap<u32, i64> = BTreeMap::new();
    for row in raw.table("ProductInventory")?.rows() {
        *quantities.entry(row.id("ProductID")?).or_default() += row.number("Quantity")?;
    }
    let mut rows = Vec::new();
    for (product, quantity) in quantities.into_iter().filter(|(_, quantity)| *quantity > 0) {
        rows.push(cells![items.get(product)?.number, PLANT, decimal::format(quantity)]);
    }
    out.table("on_hand", &["item", "location", "quantity"], rows)
}
