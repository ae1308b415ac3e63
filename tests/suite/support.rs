//! What several tests need: snapshots of tables in memory, requests of rows, answers in words.

use crate::reference::{ResultRow, Row, World};
use promised::{
    engine::draft,
    ledger::{Admission, Ledger, Proposal, ProposedLine, Stamp, Start, World as Live},
    model::Quantity,
    promising::{
        answer::{LineResult, LineStatus, OptionLeg, Promise},
        request::{DateType, OrderLine, Remedies, Request},
    },
    snapshot::{Builder, Manifest, Snapshot, atp_rule::OBJECTIVES, row::choice, schema::TABLES},
};
use std::collections::{BTreeMap, BTreeSet};

/// The snapshot of tables in memory; they must be without fault.
pub fn snapshot(world: &World) -> Snapshot {
    try_snapshot(world).unwrap_or_else(|problems| panic!("{}", problems.join("\n")))
}

/// The snapshot of tables in memory, or their faults.
pub fn try_snapshot(world: &World) -> Result<Snapshot, Vec<String>> {
    let (snapshot, problems) = built(world);
    snapshot.ok_or(problems)
}

/// The snapshot of tables in memory, if they can be used, and all that is to be said of them.
pub fn built(world: &World) -> (Option<Snapshot>, Vec<String>) {
    let mut builder = Builder::new(Manifest {
        snapshot_id: "test".into(),
        as_of: world.as_of,
        horizon_days: u16::try_from(world.horizon_days).unwrap(),
        currency: "USD".into(),
        watermarks: BTreeMap::new(),
    });
    for schema in TABLES {
        let Some(rows) = world.tables.get(schema.name) else { continue };
        let header: BTreeSet<&str> =
            rows.iter().flat_map(|row| row.keys().map(String::as_str)).collect();
        let header: Vec<&str> = header.into_iter().collect();
        let mapping = builder.open(schema, &header);
        for (number, row) in rows.iter().enumerate() {
            let cells: Vec<_> =
                header.iter().map(|name| row.get(*name).map(String::as_str)).collect();
            builder.row(&mapping, number as u64 + 1, &cells);
        }
    }
    let loaded = builder.finish();
    let problems = loaded.problems.listed().iter().map(ToString::to_string).collect();
    (loaded.snapshot, problems)
}

fn order_line(row: &Row) -> OrderLine {
    let text = |name: &str| row.get(name).cloned();
    let date = |name: &str| row.get(name).map(|text| text.parse().unwrap());
    let flag = |name: &str| row.get(name).map(|text| text == "true");
    OrderLine {
        order: text("order").unwrap(),
        line: text("line").unwrap_or_else(|| "1".into()),
        item: text("item").unwrap(),
        quantity: Quantity::parse(&row["quantity"]).unwrap(),
        uom: text("uom"),
        requested: date("requested_date").unwrap(),
        date_type: row.get("date_type").map(|text| match text.as_str() {
            "arrival" => DateType::Arrival,
            _ => DateType::Ship,
        }),
        customer: text("customer"),
        zone: text("zone"),
        location: text("location"),
        demand_class: text("demand_class"),
        priority: row.get("priority").map(|text| text.parse().unwrap()),
        earliest: date("earliest_date"),
        latest: date("latest_date"),
        ship_set: text("ship_set"),
        arrival_set: text("arrival_set"),
        ship_together: text("ship_together"),
        split: flag("split"),
        min_split_quantity: row
            .get("min_split_quantity")
            .map(|text| Quantity::parse(text).unwrap()),
        max_splits: row.get("max_splits").map(|text| text.parse().unwrap()),
        substitutes: flag("substitutes"),
        ship_method: text("ship_method"),
        objective: row.get("objective").map(|text| choice(OBJECTIVES, text).unwrap()),
        price_uom: None,
        parts_uom: None,
        unit_price: row.get("unit_price").map(|text| promised::model::Money::parse(text).unwrap()),
        ordered_at: row.get("ordered_at").map(|text| text.parse().unwrap()),
        source: None,
        repeat: None,
        channel: text("channel"),
        seller: text("seller"),
    }
}

/// One request for each run of rows of one order.
pub fn requests(orders: &[Row]) -> Vec<Request> {
    let mut requests: Vec<Request> = Vec::new();
    for row in orders {
        let line = order_line(row);
        match requests.last_mut() {
            Some(last) if last.lines[0].order == line.order => last.lines.push(line),
            _ => requests.push(Request {
                lines: vec![line],
                objective: None,
                alternatives: 0,
                remedies: Remedies::None,
                now: None,
            }),
        }
    }
    requests
}

/// A status in the contract's word.
pub fn status(status: LineStatus) -> &'static str {
    match status {
        LineStatus::OnTime => "on_time",
        LineStatus::Late => "late",
        LineStatus::Partial => "partial",
        LineStatus::Unavailable => "unavailable",
        LineStatus::Refused => "refused",
        LineStatus::AlreadyPromised => "already_promised",
    }
}

/// A line's answer in the words that the reference's are put in.
pub fn words(snapshot: &Snapshot, line: &OrderLine, result: &LineResult) -> Vec<String> {
    let status = status(result.status);
    let Some(option) = &result.option else {
        return vec![format!("{}/{} {status}", line.order, line.line)];
    };
    let of_leg = |leg: &OptionLeg| {
        let method = leg.method.map_or("", |method| snapshot.methods.names.name(method));
        let (cost, profit) = (leg.economics.cost(), leg.economics.profit());
        format!(
            "{}/{} {status} {} {} {method:?} {} ship {} arrive {} late {} rank {} cost {} profit {}",
            line.order,
            line.line,
            snapshot.items.names.name(leg.item),
            snapshot.locations.names.name(leg.location),
            leg.quantity.raw(),
            snapshot.epoch().date(leg.ship),
            snapshot.epoch().date(leg.arrival),
            leg.days_late,
            leg.rank,
            cost.raw(),
            profit.raw()
        )
    };
    option.legs.iter().map(of_leg).collect()
}

/// The world after what was promised is admitted and committed; it must be admitted (P2).
pub fn commit(live: Live, request: &Request, promise: &Promise) -> Live {
    let query = request.resolve(&live.snapshot).expect("it was planned");
    // Newer than what a snapshot of these tables contains.
    let created = live.snapshot.watermarks.of(None) + 1;
    let lines = draft::lines(request, &query, promise, created);
    if !lines.iter().any(|line| matches!(line, ProposedLine::Reserve(_))) {
        return live;
    }
    let mut ledger = Ledger::new(live);
    let proposal = Proposal { lines, start: Start::Confirmed, admission: Admission::Fits };
    let stamp = Stamp::default();
    let admitted = ledger.admit(proposal);
    admitted.unwrap_or_else(|refusal| panic!("P2: {refusal:?}\n{promise:#?}")).commit(stamp);
    ledger.world().clone()
}

/// What both engines say of one leg, in words that can be compared and read.
pub fn words_of_reference(row: &ResultRow) -> String {
    if row.leg == 0 {
        return format!("{}/{} {}", row.order, row.line, row.status);
    }
    let date = |date: Option<jiff::civil::Date>| date.map_or("-".into(), |date| date.to_string());
    format!(
        "{}/{} {} {} {} {:?} {} ship {} arrive {} late {} rank {} cost {} profit {}",
        row.order,
        row.line,
        row.status,
        row.item,
        row.location,
        row.ship_method,
        row.quantity,
        date(row.ship_date),
        date(row.arrival_date),
        row.days_late,
        row.rank,
        row.cost,
        row.profit
    )
}
