//! Stock as it would be if nothing more were forecast: what is only forecast puts nobody at risk, and what a line has
//! consumed of a forecast it may take if it is there without any.

use super::{overlay::Overlay, uses::Use, world::World};
use crate::{
    allocation::{self, node_of},
    model::{Quantity, Stock, StockAccount, profile::DayChange},
};

/// The stock of an account as it would be without what is left of its forecasts; none where it has none.
pub(super) fn without_forecast(world: &World, account: StockAccount) -> Option<Stock> {
    let overlay = Overlay::new(world);
    unforeseen(&overlay, account)
}

/// The same, with what was tried.
pub fn unforeseen(overlay: &Overlay<'_>, account: StockAccount) -> Option<Stock> {
    let buckets = overlay.world().snapshot.forecasts.of(account);
    if buckets.is_empty() {
        return None;
    }
    let mut stock = Stock::of(overlay.stock(account));
    for (at, bucket) in buckets.iter().enumerate() {
        let net = bucket.rest(overlay.used(Use { account, bucket: at }));
        if net.is_positive() {
            stock.change(DayChange { day: bucket.day, net, committed: Quantity::ZERO });
        }
    }
    Some(stock)
}

/// The stock of a node as it would be without what is left of the forecasts of its account; none where that has none.
pub(super) fn node_without_forecast(world: &World, node: StockAccount) -> Option<Stock> {
    let snapshot = &*world.snapshot;
    let (account, _) = node_of(snapshot, node.ix())?;
    let buckets = snapshot.forecasts.of(account);
    if buckets.is_empty() {
        return None;
    }
    let mut stock = Stock::of(world.stock(node));
    for (bucket, row) in buckets.iter().enumerate() {
        let used = world.view.used(Use { account, bucket });
        let up = (used, used + row.rest(used));
        let changes = allocation::consumption(snapshot, (account, bucket), up).into_iter();
        changes.filter(|(of, _)| *of == node).for_each(|(_, change)| stock.change(change));
    }
    Some(stock)
}
