//! What became of the shares of an item at a location, as a message.

use super::{encode, proto, text::Words};
use crate::{
    ledger::World,
    model::Quantity,
    promising::share_table::{self, Form, NodeRow},
    snapshot::{ClassIx, ItemIx, LocationIx, allocation_rule::Method},
};
use proto::get_allocation_response::{ClassQuantity, Node, Period, node};

/// What became of the shares of an item at a location; without a rule there are no periods.
pub fn answer(world: &World, item: ItemIx, location: LocationIx) -> proto::GetAllocationResponse {
    let snapshot = &world.snapshot;
    let words = Words::new(snapshot);
    let table = share_table::table(world, item, location);
    let rule = table.as_ref().map(|table| snapshot.allocation.names.name(table.rule));
    let period = |period: &share_table::Period| Period {
        from: words.date(period.from),
        to: words.date(period.until.plus(-1)),
        nodes: period.rows.iter().map(|row| node((words, item), row)).collect(),
    };
    proto::GetAllocationResponse {
        item: words.item(item).to_string(),
        location: words.location(location).to_string(),
        uom: snapshot.items.uom(item).to_string(),
        rule: rule.unwrap_or_default().to_string(),
        periods: table.iter().flat_map(|table| &table.periods).map(period).collect(),
        version: Some(encode::version(world, world.position)),
    }
}

fn node((words, item): (Words<'_>, ItemIx), row: &NodeRow) -> Node {
    let shown = |kept: Quantity| encode::quantity(words.quantity(item, kept));
    let class = &words.snapshot().classes.rows[row.class];
    let method = row.share.map(|(method, _)| match method {
        Method::Percent => node::Method::Percent,
        Method::Ratio => node::Method::Ratio,
        Method::Quantity => node::Method::Quantity,
    });
    let kind = match row.form {
        Form::Share => node::Kind::Share,
        Form::Remaining => node::Kind::Remaining,
        Form::Protect => node::Kind::Protect,
        Form::Cap => node::Kind::Cap,
    };
    let of = |class: Option<ClassIx>, quantity: Quantity| ClassQuantity {
        demand_class: class.map_or("", |class| words.class(class)).to_string(),
        quantity: shown(quantity),
    };
    Node {
        demand_class: words.class(row.class).to_string(),
        parent: class.parent.map_or("", |parent| words.class(parent)).to_string(),
        rank: class.rank,
        kind: kind.into(),
        method: method.unwrap_or_default().into(),
        value: row.share.map_or(0.0, |(method, value)| match method {
            Method::Quantity => shown(value),
            Method::Percent | Method::Ratio => encode::quantity(value),
        }),
        brought: shown(row.brought),
        allocated: shown(row.allocated),
        produced: shown(row.produced),
        shifted: shown(row.shifted),
        consumed: shown(row.consumed),
        taken_by: row.taken_by.iter().map(|&(class, part)| of(class, part)).collect(),
        took_from: row.took_from.iter().map(|&(class, part)| of(Some(class), part)).collect(),
        left: shown(row.left),
        depth: u32::try_from(words.snapshot().classes.tree.depth(row.class)).unwrap_or(u32::MAX),
    }
}
