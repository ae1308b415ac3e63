//! Promises as people see them: a row a leg.

use super::{
    money,
    output::count,
    render::{self, Align, cell},
};
use crate::rpc::proto;
use comfy_table::Cell;

/// The columns of promises, as people see them.
fn columns(value: &str) -> [render::Heading<'_>; 14] {
    [
        ("promise", Align::Left),
        ("order", Align::Left),
        ("line", Align::Left),
        ("state", Align::Left),
        ("customer", Align::Left),
        ("item", Align::Left),
        ("from", Align::Left),
        ("by", Align::Left),
        ("quantity", Align::Right),
        (value, Align::Right),
        ("asked for", Align::Left),
        ("ships", Align::Left),
        ("arrives", Align::Left),
        ("late", Align::Right),
    ]
}

/// Promises, a row a leg; of several of them what they come to stands below.
pub(super) fn table(promises: &[proto::Reservation]) -> String {
    let currency = promises.first().map_or("", |promise| &promise.currency);
    let heading = money::heading("value", currency);
    let rows = promises.iter().flat_map(rows);
    match promises {
        [] | [_] => render::table(&columns(&heading), rows),
        many => render::table_with_sums(&columns(&heading), rows, sums(many)),
    }
}

/// What they come to that have not ended: their quantity where they are of one item, and what they are worth.
fn sums(promises: &[proto::Reservation]) -> Vec<Cell> {
    use proto::reservation::State;
    let is_over = |promise: &&proto::Reservation| {
        matches!(promise.state(), State::Cancelled | State::Expired)
    };
    let counts = || promises.iter().filter(|promise| !is_over(promise));
    let legs = || counts().flat_map(|promise| &promise.legs);
    let is_of_one = legs().all(|leg| legs().next().is_some_and(|first| first.item == leg.item));
    let quantity = || exact(legs().map(|leg| leg.quantity)).to_string();
    let value = exact(counts().map(|promise| promise.value));
    let mut cells = vec![String::new(); columns("").len()];
    cells[0] = "all".to_string();
    cells[8] = if is_of_one { quantity() } else { String::new() };
    cells[9] = money::shown(value);
    cells.into_iter().map(|text| cell(text, None)).collect()
}

/// A sum of figures that have six places.
fn exact(figures: impl Iterator<Item = f64>) -> f64 {
    const PLACES: f64 = 1e6;
    figures.map(|figure| (figure * PLACES).round()).sum::<f64>() / PLACES
}

/// "5 promises of 12; 2 late, 4.5 days on average": late means of late ones.
pub(super) fn told_in_all(promises: &[proto::Reservation], total: u64) -> String {
    let n = promises.len() as u64;
    let of_all = if n < total { format!(" of {total}") } else { String::new() };
    let days = |promise: &proto::Reservation| {
        promise.legs.iter().map(|leg| i64::from(leg.days_late)).max().unwrap_or(0)
    };
    let late: Vec<i64> = promises.iter().map(days).filter(|days| 0 < *days).collect();
    let of_late = if late.is_empty() {
        String::new()
    } else {
        let (sum, n) = (late.iter().sum::<i64>(), late.len() as i64);
        let tenths = (20 * sum + n) / (2 * n);
        format!("; {n} late, {}.{} days on average", tenths / 10, tenths % 10)
    };
    format!("{}{of_all}{of_late}", count(n, "promise"))
}

/// A row a leg; one row where nothing of it is promised any more. What it is worth stands in the first one.
fn rows(promise: &proto::Reservation) -> Vec<Vec<Cell>> {
    let state = promise.state().as_str_name().to_lowercase();
    let state = if promise.at_risk { format!("{state}, at risk") } else { state };
    let row = |(at, leg): (usize, Option<&proto::Leg>)| -> Vec<Cell> {
        let leg = leg.cloned().unwrap_or_default();
        let late = if leg.item.is_empty() { String::new() } else { leg.days_late.to_string() };
        let item = if leg.item.is_empty() { promise.item.clone() } else { leg.item };
        let value = if at == 0 { money::shown(promise.value) } else { String::new() };
        let cells = [
            promise.promise_id.clone(),
            promise.order.clone(),
            promise.line.clone(),
            state.clone(),
            promise.customer.clone(),
            item,
            leg.location,
            leg.ship_method,
            leg.quantity.to_string(),
            value,
            promise.requested_date.clone(),
            leg.ship_date,
            leg.arrival_date,
            late,
        ];
        cells.into_iter().map(|text| cell(text, None)).collect()
    };
    match promise.legs.as_slice() {
        [] => vec![row((0, None))],
        legs => legs.iter().map(Some).enumerate().map(row).collect(),
    }
}
