//! Stock as it would be if nothing more were forecast: what is only forecast puts nobody at risk, and what a line has
//! consumed of a forecast it may take if it is there without any.

use super::{overlay::Overlay, uses::Use, world::World};
use crate::model::{Quantity, Stock, StockAccount, profile::DayChange};

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
