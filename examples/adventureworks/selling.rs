//! Customers, the open sales orders of the snapshot, and the stream of orders after it.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::{
    AS_OF, Fallible, cells, decimal,
    items::Items,
    output::{Cells, Output},
    plant::{self, PLANT},
    raw::{Raw, Row, find},
};

/// The system that sales orders come from, as the snapshot's watermarks name it.
pub(crate) const SOURCE: &str = "orders";

/// Writes customers, demands and the order stream.
pub(crate) fn write(raw: &Raw, items: &Items, out: &mut Output) -> Fallible<()> {
    let customers = raw.table("Customer")?;
    let customers = customers.by_key("CustomerID")?;
    write_customers(raw, &customers, out)?;
    let (mut demands, orders) = sales(raw, &customers, items)?;
    demands.extend(safety_stock(items));
    let columns = [
        "demand",
        "type",
        "item",
        "location",
        "date",
        "quantity",
        "customer",
        "demand_class",
        "requested_date",
        "unit_price",
        "created_at",
        "source",
    ];
    out.table("demands", &columns, demands)?;
    let columns = [
        "order",
        "line",
        "item",
        "quantity",
        "requested_date",
        "date_type",
        "customer",
        "unit_price",
        "ordered_at",
    ];
    out.stream("orders", &columns, &orders)
}

/// A customer with a store is a reseller; consumers' names are not in the raw data.
fn write_customers(
    raw: &Raw,
    customers: &BTreeMap<u32, Row<'_>>,
    out: &mut Output,
) -> Fallible<()> {
    let stores = raw.table("Store")?;
    let stores = stores.by_key("BusinessEntityID")?;
    let territories = raw.table("SalesTerritory")?;
    let territories = territories.by_key("TerritoryID")?;
    let mut rows = Vec::new();
    for customer in customers.values() {
        let key = customer.text("AccountNumber")?;
        let territory = find(&territories, customer.id("TerritoryID")?, "SalesTerritory")?;
        let zone = territory.text("Name")?;
        let (name, receiving) = match customer.optional_id("StoreID")? {
            Some(store) => (find(&stores, store, "Store")?.text("Name")?, plant::WEEKDAYS),
            None => ("", ""),
        };
        rows.push(cells![key, name, zone, demand_class(customer)?, receiving]);
    }
    let columns = ["customer", "name", "zone", "demand_class", "receiving_calendar"];
    out.table("customers", &columns, rows)
}

fn demand_class(customer: &Row<'_>) -> Fallible<&'static str> {
    let store = customer.optional_id("StoreID")?;
    Ok(if store.is_some() { plant::RESELLER } else { plant::WEB })
}

/// Order lines before the snapshot that were not shipped then, and the lines that came after.
fn sales(
    raw: &Raw,
    customers: &BTreeMap<u32, Row<'_>>,
    items: &Items,
) -> Fallible<(Vec<Cells>, Vec<Cells>)> {
    let headers = raw.table("SalesOrderHeader")?;
    let headers = headers.by_key("SalesOrderID")?;
    let details = raw.table("SalesOrderDetail")?;
    let (mut demands, mut stream) = (Vec::new(), BTreeMap::new());
    // Lines are numbered within their order; the raw line ids run through all orders.
    let mut lines: BTreeMap<u32, u32> = BTreeMap::new();
    for (id, detail) in details.by_key("SalesOrderDetailID")? {
        let order = detail.id("SalesOrderID")?;
        let header = find(&headers, order, "SalesOrder")?;
        let number = lines.entry(order).or_insert(0);
        *number += 1;
        let customer = find(customers, header.id("CustomerID")?, "Customer")?;
        let line = read_line(header, &detail, customer, items)?;
        if line.ordered >= AS_OF {
            stream.insert((line.ordered, id), order_cells(order, *number, &line));
        } else if line.shipped >= AS_OF {
            demands.push(demand_cells(order, *number, &line));
        }
    }
    Ok((demands, stream.into_values().collect()))
}

/// One sales order line.
struct Line<'a> {
    item: &'a str,
    quantity: String,
    customer: &'a str,
    demand_class: &'static str,
    unit_price: String,
    ordered: Date,
    shipped: Date,
    due: Date,
}

fn read_line<'a>(
    header: &Row<'a>,
    detail: &Row<'a>,
    customer: &Row<'a>,
    items: &'a Items,
) -> Fallible<Line<'a>> {
    let (price, discount) = (detail.number("UnitPrice")?, detail.number("UnitPriceDiscount")?);
    Ok(Line {
        item: &items.get(detail.id("ProductID")?)?.number,
        quantity: decimal::format(detail.number("OrderQty")?),
        customer: customer.text("AccountNumber")?,
        demand_class: demand_class(customer)?,
        unit_price: decimal::format(decimal::divide(
            price * (decimal::ONE - discount),
            decimal::ONE,
        )),
        ordered: header.date("OrderDate")?,
        shipped: header.date("ShipDate")?,
        due: header.date("DueDate")?,
    })
}

/// The raw data has no time of day: midday in Greenwich is morning at the plant.
fn midday(day: Date) -> String {
    format!("{day}T12:00:00Z")
}

fn demand_cells(order: u32, number: u32, line: &Line<'_>) -> Cells {
    cells![
        format!("SO{order}/{number}"),
        "sales_order",
        line.item,
        PLANT,
        line.shipped,
        line.quantity,
        line.customer,
        line.demand_class,
        line.due,
        line.unit_price,
        midday(line.ordered),
        SOURCE,
    ]
}

fn order_cells(order: u32, number: u32, line: &Line<'_>) -> Cells {
    cells![
        format!("SO{order}"),
        number,
        line.item,
        line.quantity,
        line.due,
        "arrival",
        line.customer,
        line.unit_price,
        midday(line.ordered),
    ]
}

/// The level each item is to be kept at, from the day of the snapshot on.
fn safety_stock(items: &Items) -> Vec<Cells> {
    let levels = items.iter().filter(|(_, item)| item.safety_stock > 0);
    let row = |(_, item): (u32, &crate::items::Item)| {
        let (id, level) = (format!("SS/{}", item.number), decimal::format(item.safety_stock));
        let unused = String::new;
        cells![
            id,
            "safety_stock",
            item.number,
            PLANT,
            AS_OF,
            level,
            unused(),
            unused(),
            unused(),
            unused(),
            unused(),
            "planning",
        ]
    };
    levels.map(row).collect()
}
