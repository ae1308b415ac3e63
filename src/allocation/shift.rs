//! Quantities that go from node to node of one account, and what a node has left to give (semantics 7).

use super::{Profiles, account::node, history::divided};
use crate::{
    model::{Consumption, Day, Posting, Quantity, StockAccount, StockRef},
    snapshot::{ClassIx, Snapshot},
};

/// The postings that move a quantity from one class's node to another's, from a day on.
pub fn shift(
    snapshot: &Snapshot,
    account: StockAccount,
    (from, to): (ClassIx, ClassIx),
    (day, quantity): (Day, Quantity),
) -> [Posting; 2] {
    let moved = |class, quantity| Posting {
        account: node(snapshot, account, class).ix(),
        day,
        quantity,
        planned: 0,
    };
    [moved(from, -quantity), moved(to, quantity)]
}

/// The postings of a scheduled supply that comes, or if it is less than nothing does not come: on its account and, where a
/// rule divides that, on the nodes.
pub fn supply(
    snapshot: &Snapshot,
    account: StockAccount,
    (day, quantity): (Day, Quantity),
) -> Vec<Posting> {
    let sign = if quantity.is_positive() { 1 } else { -1 };
    let size = Quantity::micros(quantity.raw() * sign);
    let of_nodes = divided(snapshot, account, (day, size)).into_iter().map(|(class, part)| {
        let (account, quantity) =
            (node(snapshot, account, class).ix(), Quantity::micros(part.raw() * sign));
        Posting { account, day, quantity, planned: 0 }
    });
    let whole = Posting { account: account.ix(), day, quantity, planned: 0 };
    [whole].into_iter().chain(of_nodes).collect()
}

/// What a class's node has.
pub fn of_node(profiles: &impl Profiles, account: StockAccount, class: ClassIx) -> StockRef<'_> {
    profiles.stock(node(profiles.snapshot(), account, class))
}

/// What a node can give away from a day on, and on which day each part of it is there.
pub fn unused(node: StockRef<'_>, from: Day, end: Day) -> Vec<(Day, Quantity)> {
    let dated =
        node.days().iter().map(|&day| Day(day.into())).filter(|&day| from < day && day < end);
    let mut given = Quantity::ZERO;
    let mut parts = Vec::new();
    for day in [from].into_iter().chain(dated) {
        let part = match node.consumption {
            Consumption::Both | Consumption::Backward => node.available(day) - given,
            Consumption::None => node.available(day),
        };
        if part.is_positive() {
            parts.push((day, part));
            given += part;
        }
    }
    parts
}

/// Whether a node has less than nothing on a day on which it had more.
pub fn is_short(was: StockRef<'_>, is: StockRef<'_>, from: Day) -> bool {
    let dated = was.days().iter().chain(is.days()).map(|&day| Day(day.into()));
    let mut days = [from].into_iter().chain(dated.filter(|&day| from < day));
    days.any(|day| {
        let (was, is) = match is.consumption {
            Consumption::Both | Consumption::Backward => (was.balance(day), is.balance(day)),
            Consumption::None => (was.net_on(day), is.net_on(day)),
        };
        is < Quantity::ZERO && is < was
    })
}
