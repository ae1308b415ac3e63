//! Buying from a supplier (semantics 6.2 and 11 "Buy").

use super::book::{Account, Draft};
use super::fill::Filling;
use super::model::Model;
use super::replenish::Source;
use super::sources::ItemSupplier;
use super::text::{Day, round_up, times};

/// A purchase that has `quantity` there by the day: "minimum first, then up to the multiple"; it is received on the last
/// receiving day up to it, the surplus too; "deliveries of a day on which the dock is shut count for the next
/// receiving day" (section 12.3, Receiving).
pub fn buy(
    filling: &Filling,
    source: &Source,
    row: &ItemSupplier,
    draft: &Draft,
    quantity: i64,
    day: Day,
) -> Option<Draft> {
    let model = filling.search.model;
    let there = model.receiving(&filling.place.location).previous(source.last_day(day));
    let calendar = supplier_calendar(model, &row.supplier);
    let first = calendar.add(filling.search.today, row.lead_time_days);
    if first > there || !source.is_valid(there) || !filling.is_in_time(there, day) {
        return None;
    }
    let bought = round_up(quantity.max(row.minimum_quantity.unwrap_or(0)), row.lot_multiple);
    let mark = draft.mark();
    let mut draft = claim(model, row, draft, bought, first, there)?;
    let unit_cost = row.unit_cost.unwrap_or(model.items[&row.item].unit_cost);
    draft.spent += model.worth(&row.item, quantity, unit_cost);
    draft.post_stock(&filling.place, there, bought);
    draft.plan(mark);
    Some(draft)
}

fn supplier_calendar(model: &Model, supplier: &str) -> super::calendar::Calendar {
    model.calendar(model.suppliers.get(supplier).map_or("", |calendar| calendar))
}

/// "On the days from today + lead time to the need day, latest first, working days of the supplier
/// only", at most the supplier's capacity a day.
fn claim(
    model: &Model,
    row: &ItemSupplier,
    draft: &Draft,
    bought: i64,
    first: Day,
    last: Day,
) -> Option<Draft> {
    let account = Account::Supplier(row.item.clone(), row.supplier.clone());
    let mut after = draft.clone();
    let mut rest = bought;
    for day in (first..=last).rev() {
        match capacity(model, row, day) {
            None => return Some(after),
            Some(capacity) => {
                let left = (capacity - draft.claimed(&account, day)).max(0);
                let taken = rest.min(left);
                after.post(account.clone(), day, -taken, "");
                rest -= taken;
            }
        }
        if rest == 0 {
            return Some(after);
        }
    }
    None
}

/// What the supplier has on a day; none: without limit. "A dated capacity row counts even on a day
/// off."
fn capacity(model: &Model, row: &ItemSupplier, day: Day) -> Option<i64> {
    let dated = model
        .supplier_capacity
        .iter()
        .find(|dated| dated.item == row.item && dated.name == row.supplier && dated.day == day);
    if let Some(dated) = dated {
        return Some(dated.amount);
    }
    let open = supplier_calendar(model, &row.supplier).is_open(day);
    if open { row.capacity_per_day } else { Some(0) }
}
