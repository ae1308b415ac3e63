//! Rows about accounts: the availability of an item, answers to quick questions, shares of classes.

use super::{Cell, SheetRow};
use crate::rpc::proto::{
    self,
    get_allocation_response::{Node, node},
};

/// The columns of availability.
pub const AVAILABILITY: &[&str] =
    &["item", "location", "date", "supply", "demand", "balance", "available"];

/// A row a location and day.
pub fn availability(answer: &proto::GetAvailabilityResponse) -> Vec<SheetRow> {
    let tables = answer.tables.iter();
    let rows = tables.flat_map(|table| table.days.iter().map(move |day| (table, day)));
    let row = |(table, day): (&proto::get_availability_response::Table, _)| {
        let day: &proto::get_availability_response::Day = day;
        let numbers = [day.supply, day.demand, day.balance, day.available].map(Cell::Number);
        let names =
            [&answer.item, &table.location, &day.date].map(|name| Cell::text(name.as_str()));
        names.into_iter().chain(numbers).collect()
    };
    rows.map(row).collect()
}

/// The columns of quick questions.
pub const QUICK_CHECK: &[&str] =
    &["item", "location", "quantity", "date", "available", "earliest_date"];

/// A row a question.
pub fn quick_check(asked: &[proto::Query], answer: &proto::QuickCheckResponse) -> Vec<SheetRow> {
    let row = |(query, quick): (&proto::Query, &proto::Quick)| {
        vec![
            Cell::text(query.item.as_str()),
            Cell::text(query.location.as_str()),
            Cell::Number(query.quantity),
            Cell::text(query.date.as_str()),
            Cell::Number(quick.available),
            Cell::text(quick.earliest_date.as_str()),
        ]
    };
    asked.iter().zip(&answer.answers).map(row).collect()
}

/// The columns of shares.
pub const ALLOCATION: &[&str] = &[
    "item",
    "location",
    "rule",
    "from",
    "to",
    "demand_class",
    "parent",
    "rank",
    "kind",
    "method",
    "value",
    "brought",
    "allocated",
    "produced",
    "shifted",
    "consumed",
    "left",
];

/// A row a class and period.
pub fn allocation(answer: &proto::GetAllocationResponse) -> Vec<SheetRow> {
    let nodes = answer
        .periods
        .iter()
        .flat_map(|period| period.nodes.iter().map(move |node| (period, node)));
    let row = |(period, node): (&proto::get_allocation_response::Period, &Node)| {
        let is_ruled = node.method() != node::Method::Unspecified;
        let head = [&answer.item, &answer.location, &answer.rule, &period.from, &period.to];
        let head = head.into_iter().chain([&node.demand_class, &node.parent]);
        let mut row: SheetRow = head.map(|name| Cell::text(name.as_str())).collect();
        row.extend([
            Cell::Whole(node.rank.into()),
            Cell::text(kind(node)),
            Cell::text(method(node)),
            Cell::number(is_ruled.then_some(node.value)),
        ]);
        let amounts =
            [node.brought, node.allocated, node.produced, node.shifted, node.consumed, node.left];
        row.extend(amounts.map(Cell::Number));
        row
    };
    nodes.map(row).collect()
}

fn method(node: &Node) -> &'static str {
    match node.method() {
        node::Method::Unspecified => "",
        node::Method::Percent => "percent",
        node::Method::Ratio => "ratio",
        node::Method::Quantity => "quantity",
    }
}

fn kind(node: &Node) -> &'static str {
    match node.kind() {
        node::Kind::Unspecified => "",
        node::Kind::Share => "share",
        node::Kind::Remaining => "remaining",
        node::Kind::Protect => "protect",
        node::Kind::Cap => "cap",
    }
}
