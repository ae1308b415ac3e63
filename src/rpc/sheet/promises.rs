//! What is kept of promises, as rows: one for each leg (contract 7).

use super::{
    Cell, SheetRow,
    results::{leg_cells, state, with_results},
};
use crate::rpc::proto::{self, order_line::DateType};

/// The columns of promises: those of results, then what is kept beside.
pub const PROMISES: &[&str] = &with_results::<28>(&[
    "promise_id",
    "state",
    "customer",
    "demand_class",
    "requested_date",
    "date_type",
    "quantity_requested",
    "unit_price",
    "held_until",
    "at_risk",
    "created_at",
]);

/// The place of the first cell of a leg, of its cost, and of its profit.
const COST: usize = 14;

/// The rows of a promise.
pub fn promise(kept: &proto::Reservation) -> Vec<SheetRow> {
    let days_late = kept.legs.iter().map(|leg| leg.days_late).max().unwrap_or(0);
    let is_partial = kept.quantity < kept.quantity_requested;
    let status = match (is_partial, days_late) {
        (true, _) => "partial",
        (false, ..=0) => "on_time",
        (false, _) => "late",
    };
    let stamp = |at: &Option<prost_types::Timestamp>| {
        Cell::text(at.as_ref().map(ToString::to_string).unwrap_or_default())
    };
    let date_type = match kept.date_type() {
        DateType::Arrival => "arrival",
        DateType::Ship | DateType::Unspecified => "ship",
    };
    let row = |(at, leg): (i64, &proto::Leg)| {
        let mut row = vec![
            Cell::text(kept.order.as_str()),
            Cell::text(kept.line.as_str()),
            Cell::text(status),
            Cell::Whole(0),
        ];
        row.extend(leg_cells(at, leg));
        // What it costs is kept of the whole: it stands in the row of the first leg, so that a column adds up.
        // Where neither is told, nothing is known of them, or they are not for whoever asks.
        let is_told = kept.cost != 0.0 || kept.profit != 0.0;
        if at == 1 && leg.cost.is_none() && is_told {
            row[COST] = Cell::Number(kept.cost);
            row[COST + 1] = Cell::Number(kept.profit);
        }
        row.extend([
            Cell::Empty,
            Cell::text(kept.promise_id.as_str()),
            Cell::text(state(kept.state())),
            Cell::text(kept.customer.as_str()),
            Cell::text(kept.demand_class.as_str()),
            Cell::text(kept.requested_date.as_str()),
            Cell::text(date_type),
            Cell::Number(kept.quantity_requested),
            Cell::number(kept.unit_price),
            stamp(&kept.held_until),
            Cell::Flag(kept.at_risk),
            stamp(&kept.created_at),
        ]);
        row
    };
    let none = proto::Leg { item: kept.item.clone(), ..proto::Leg::default() };
    if kept.legs.is_empty() {
        return vec![row((1, &none))];
    }
    (1..).zip(&kept.legs).map(row).collect()
}
