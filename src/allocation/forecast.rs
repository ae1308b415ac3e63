//! What becomes of nodes when orders consume a forecast that took of them (semantics 7 and 12.2).

use super::{account::node, complete::root_node, history::history, opening::nodes};
use crate::{
    model::{Quantity, StockAccount, profile::DayChange},
    snapshot::{Snapshot, forecast::Bucket, kinds::DemandKind, stock::Demand},
};

/// What changes on an account and its nodes when what is promised of a bucket becomes another quantity: its rest takes
/// less, or more.
pub fn consumption(
    snapshot: &Snapshot,
    (account, bucket): (StockAccount, usize),
    (before, after): (Quantity, Quantity),
) -> Vec<(StockAccount, DayChange)> {
    let bucket = &snapshot.forecasts.of(account)[bucket];
    let (before, after) = (bucket.rest(before), bucket.rest(after));
    let change = |net| DayChange { day: bucket.day, net, committed: Quantity::ZERO };
    if before == after {
        return Vec::new();
    }
    let mut changes = vec![(account, change(before - after))];
    if nodes(snapshot, account).is_some() {
        let of_nodes = nodes_of_rest(snapshot, account, bucket, (before, after)).into_iter();
        changes.extend(of_nodes.map(|(node, net)| (node, change(net))));
    }
    changes
}

/// What comes back to the nodes that a bucket took from, last first, when its rest becomes another one.
fn nodes_of_rest(
    snapshot: &Snapshot,
    account: StockAccount,
    bucket: &Bucket,
    (before, after): (Quantity, Quantity),
) -> Vec<(StockAccount, Quantity)> {
    let demands = snapshot.demands.of(account);
    let is_of_it = |demand: &Demand| {
        demand.kind == DemandKind::Forecast
            && (demand.customer, demand.class, demand.due)
                == (bucket.customer, bucket.class, bucket.from)
    };
    let own: Vec<_> = demands.iter().filter(is_of_it).map(|demand| demand.demand).collect();
    let (low, high) = (before.min(after), before.max(after));
    let (mut start, mut nodes, mut last) = (Quantity::ZERO, Vec::new(), None);
    let history = history(snapshot, account);
    for take in history.taken.iter().filter(|take| own.contains(&take.demand)) {
        let end = start + take.quantity;
        let part = end.min(high) - start.max(low);
        if part.is_positive() {
            let net = if after < before { part } else { -part };
            nodes.push((node(snapshot, account, take.node), net));
        }
        (start, last) = (end, Some(node(snapshot, account, take.node)));
    }
    // Where an order that the snapshot counts is smaller by now, the rest is more than the snapshot took of anybody: who
    // gave last gives that too.
    let beyond = high - start.max(low);
    if let Some(giver) =
        last.or_else(|| root_node(snapshot, account)).filter(|_| beyond.is_positive())
    {
        nodes.push((giver, if after < before { beyond } else { -beyond }));
    }
    nodes
}
