//! Suppliers, what they sell, and open purchase orders.

use std::{cmp::Reverse, collections::BTreeMap};

use crate::{
    AS_OF, Fallible, cells, decimal,
    items::Items,
    output::{Cells, Output},
    plant::PLANT,
    raw::{Raw, Row, Table, find},
};

/// Columns of the rows that [`write`] and `making::write` return.
pub(crate) const SUPPLY_COLUMNS: &[&str] =
    &["supply", "type", "item", "location", "date", "quantity", "supplier", "unit_cost", "firm"];

/// Status of a purchase order that will not come.
const REJECTED: u32 = 3;
/// Status of a purchase order that has not been approved.
const PENDING: u32 = 1;

/// Writes the supplier tables; returns the open purchase orders as rows of `supplies`.
pub(crate) fn write(raw: &Raw, items: &Items, out: &mut Output) -> Fallible<Vec<Cells>> {
    let vendors = raw.table("Vendor")?;
    let vendors = vendors.by_key("BusinessEntityID")?;
    let prices = raw.table("ProductVendor")?;
    write_suppliers(&vendors, out)?;
    write_item_suppliers(&vendors, &prices, items, out)?;
    open_purchases(raw, &vendors, &prices, items)
}

/// All vendors: the inactive ones still owe purchase orders.
fn write_suppliers(vendors: &BTreeMap<u32, Row<'_>>, out: &mut Output) -> Fallible<()> {
    let mut rows = Vec::new();
    for vendor in vendors.values() {
        rows.push(cells![vendor.text("AccountNumber")?, vendor.text("Name")?]);
    }
    out.table("suppliers", &["supplier", "name"], rows)
}

/// One offer of an active vendor. The order of the fields is the order of preference.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Offer {
    preferred: Reverse<bool>,
    credit_rating: u32,
    price: i64,
    supplier: String,
    lead_time_days: u32,
    minimum: i64,
}

fn write_item_suppliers(
    vendors: &BTreeMap<u32, Row<'_>>,
    prices: &Table,
    items: &Items,
    out: &mut Output,
) -> Fallible<()> {
    let mut offers: BTreeMap<u32, Vec<Offer>> = BTreeMap::new();
    for row in prices.rows() {
        let vendor = find(vendors, row.id("BusinessEntityID")?, "Vendor")?;
        let product = row.id("ProductID")?;
        if vendor.flag("ActiveFlag")? {
            offers.entry(product).or_default().push(read_offer(&row, vendor, items)?);
        }
    }
    let mut rows = Vec::new();
    for (product, mut offers) in offers {
        offers.sort();
        for (offer, priority) in offers.iter().zip(1..) {
            rows.push(offer_cells(&items.get(product)?.number, offer, priority));
        }
    }
    let columns = [
        "item",
        "supplier",
        "location",
        "lead_time_days",
        "minimum_quantity",
        "unit_cost",
        "priority",
    ];
    out.table("item_suppliers", &columns, rows)
}

fn read_offer(row: &Row<'_>, vendor: &Row<'_>, items: &Items) -> Fallible<Offer> {
    let item = items.get(row.id("ProductID")?)?;
    Ok(Offer {
        preferred: Reverse(vendor.flag("PreferredVendorStatus")?),
        credit_rating: vendor.id("CreditRating")?,
        price: item.price_of_one(row.number("StandardPrice")?, row.text("UnitMeasureCode")?),
        supplier: vendor.text("AccountNumber")?.to_owned(),
        lead_time_days: row.id("AverageLeadTime")?,
        minimum: row.number("MinOrderQty")?,
    })
}

fn offer_cells(item: &str, offer: &Offer, priority: u32) -> Cells {
    let (minimum, price) = (decimal::format(offer.minimum), decimal::format(offer.price));
    cells![item, offer.supplier, PLANT, offer.lead_time_days, minimum, price, priority]
}

/// Lines ordered before the day of the snapshot and due on it or later.
fn open_purchases(
    raw: &Raw,
    vendors: &BTreeMap<u32, Row<'_>>,
    prices: &Table,
    items: &Items,
) -> Fallible<Vec<Cells>> {
    let mut units: BTreeMap<(u32, u32), &str> = BTreeMap::new();
    for row in prices.rows() {
        let key = (row.id("ProductID")?, row.id("BusinessEntityID")?);
        units.insert(key, row.text("UnitMeasureCode")?);
    }
    let headers = raw.table("PurchaseOrderHeader")?;
    let headers = headers.by_key("PurchaseOrderID")?;
    let mut supplies = Vec::new();
    for line in raw.table("PurchaseOrderDetail")?.rows() {
        let header = find(&headers, line.id("PurchaseOrderID")?, "PurchaseOrder")?;
        let due = line.date("DueDate")?;
        let status = header.id("Status")?;
        if header.date("OrderDate")? >= AS_OF || due < AS_OF || status == REJECTED {
            continue;
        }
        let order = header.id("PurchaseOrderID")?;
        let id = format!("PO-{order}-{}", line.id("PurchaseOrderDetailID")?);
        let (product, vendor) = (line.id("ProductID")?, header.id("VendorID")?);
        let item = items.get(product)?;
        let unit = units.get(&(product, vendor)).copied().unwrap_or_default();
        let price = decimal::format(item.price_of_one(line.number("UnitPrice")?, unit));
        let supplier = find(vendors, vendor, "Vendor")?.text("AccountNumber")?;
        let quantity = decimal::format(line.number("OrderQty")?);
        let (kind, firm) = ("purchase_order", status != PENDING);
        supplies.push(cells![id, kind, item.number, PLANT, due, quantity, supplier, price, firm]);
    }
    Ok(supplies)
}
