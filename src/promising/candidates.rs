//! Where a line can ship from, and how (semantics 4).

use super::{answer::Reason, query::Line, route::Route, substitutes::Instead};
use crate::{
    model::Ratio,
    snapshot::{
        ItemIx, LocationIx, MethodIx, Snapshot,
        item::Validity,
        location::Lane,
        sourcing::{RuleSource, WhoIsAsking},
    },
};

/// A way to serve a line that is still to be tried.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate<'a> {
    pub(super) route: Route<'a>,
    /// The item itself or a substitute.
    pub(super) item: ItemIx,
    /// 0 for the item itself, else which of its substitutes, in their order.
    pub(super) turn: u16,
    /// So many of it for one of the item itself.
    pub(super) ratio: Ratio,
    /// Ship days on which the sourcing rule and the substitution hold.
    pub(super) validity: Validity,
}

/// A ship-from that a rule allows.
struct ShipFrom {
    location: LocationIx,
    rank: i32,
    method: Option<MethodIx>,
    validity: Validity,
}

/// All candidates of a line for the item itself, and why other ship-froms are none.
pub(super) fn candidates<'a>(
    snapshot: &'a Snapshot,
    line: &Line,
) -> (Vec<Candidate<'a>>, Vec<Reason>) {
    instead_candidates(snapshot, line, Instead::itself(line.item))
}

/// The same for something that may be promised instead.
pub(super) fn instead_candidates<'a>(
    snapshot: &'a Snapshot,
    line: &Line,
    instead: Instead,
) -> (Vec<Candidate<'a>>, Vec<Reason>) {
    let mut found = Vec::new();
    let (mut reasons, mut out_of_reach) = (Vec::new(), Vec::new());
    let Instead { item, turn, ratio, validity } = instead;
    let ship_froms = ship_froms(snapshot, line, item);
    if ship_froms.is_empty() {
        reasons.push(Reason::NoShipFrom);
    }
    for ship_from in ship_froms {
        let location = ship_from.location;
        let mut push = |lane| {
            let validity = ship_from.validity.and(validity);
            match Route::new(snapshot, line, location, lane, ship_from.rank) {
                Ok(route) => found.push(Candidate { route, item, turn, ratio, validity }),
                Err(day) => out_of_reach.push(Reason::AfterHorizon { day }),
            }
        };
        let Some(&zone) = line.zones.first().filter(|_| !snapshot.lanes.is_empty()) else {
            push(None);
            continue;
        };
        let lanes = snapshot.lanes.to_zone(location, zone, &snapshot.zones);
        if lanes.is_empty() {
            reasons.push(Reason::NoLane(location));
            continue;
        }
        let allows =
            |wanted: Option<MethodIx>, method| wanted.is_none_or(|wanted| wanted == method);
        let mut usable = lanes
            .iter()
            .filter(|lane| {
                allows(line.method, lane.method) && allows(ship_from.method, lane.method)
            })
            .peekable();
        if usable.peek().is_none() {
            reasons.push(Reason::NoMethod(location));
        }
        usable.for_each(|lane| push(Some(*lane)));
    }
    out_of_reach.dedup();
    reasons.extend(out_of_reach);
    let method =
        |lane: Option<Lane>| lane.map_or("", |lane| snapshot.methods.names.name(lane.method));
    let place = |route: &Route<'_>| snapshot.locations.names.name(route.location);
    let key = |route: &Route<'a>| (route.rank, place(route), method(route.lane));
    found.sort_by(|a, b| key(&a.route).cmp(&key(&b.route)));
    (found, reasons)
}

fn ship_froms(snapshot: &Snapshot, line: &Line, item: ItemIx) -> Vec<ShipFrom> {
    let anywhere =
        |location| ShipFrom { location, rank: 1, method: None, validity: Validity::ALWAYS };
    if let Some(location) = line.location {
        return vec![anywhere(location)];
    }
    let who = WhoIsAsking { customer: line.customer, zones: &line.zones, classes: &line.classes };
    let category = snapshot.items.category(item);
    let Some(rule) = snapshot.sourcing.global_rule(item, category, &who) else {
        return snapshot.stocks.keepers(item).map(anywhere).collect();
    };
    let rows = snapshot.sourcing.rules.of(rule).iter();
    let ship_from = rows.filter_map(|row| match row.from {
        RuleSource::Transfer(Some(location)) => {
            Some(ShipFrom { location, rank: row.rank, method: row.method, validity: row.validity })
        }
        RuleSource::Transfer(None) | RuleSource::Make(_) | RuleSource::Buy(_) => None,
    });
    ship_from.collect()
}
