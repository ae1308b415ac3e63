//! The critical path of a promise: from the part of it that has no day to spare down to what that waits for.
//!
//! A promise is made for the smallest day on which it can be, so something in it cannot be a day earlier: a supply that
//! comes on the day on which it is needed, a purchase that is ordered today, work that must begin today, or begins
//! early because its resource has no hours later, or late because it has none earlier. Each part is told with the days
//! that it has to spare; the one that has the fewest is what limits. What another promise has planned is looked through
//! down to what limits that.

use super::limit::Limiting;
use crate::{
    insight::{
        matching::SupplyDocument,
        pegging::{self, PegNode, PegOrigin},
        takes::Takes,
    },
    ledger::{Reservation, Term, World, reservation},
    model::{Day, ProfileRef, Quantity},
    promising::latest_start,
    snapshot::{ResourceIx, Snapshot, WorkIx},
};
use std::sync::Arc;

/// Days to spare of what has been there all along.
const EVER: i32 = i32::MAX;

/// What limits a part, and the days that it has to spare.
struct Found {
    spare: i32,
    limiting: Limiting,
    cause: String,
}

/// What limits a promise that is made of some parts, and why in a few words.
pub(super) fn of_pegs(
    takes: &mut Takes,
    promise: &Reservation,
    pegs: &[PegNode],
) -> (Limiting, String) {
    let today = today(takes.world(), promise);
    match tightest(takes, today, pegs) {
        Some(found) => (found.limiting, found.cause),
        None => (Limiting::default(), "nothing is known of what it is made of".to_string()),
    }
}

/// The first day on which anything could begin for a promise.
fn today(world: &World, promise: &Reservation) -> Day {
    let ordered = promise.facts.terms.moment(Term::OrderedAt);
    let date = ordered.map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date());
    date.map_or(Day::ZERO, |date| world.snapshot.epoch().day(date).max(Day::ZERO))
}

/// The part with the fewest days to spare, of equal ones the first.
fn tightest(takes: &mut Takes, today: Day, pegs: &[PegNode]) -> Option<Found> {
    let all: Vec<Found> = pegs.iter().map(|peg| of_peg(takes, today, peg)).collect();
    all.into_iter().min_by_key(|found| found.spare)
}

fn here(peg: &PegNode) -> Limiting {
    Limiting { item: Some(peg.item), location: Some(peg.location), ..Limiting::default() }
}

fn place(snapshot: &Snapshot, peg: &PegNode) -> String {
    let (item, at) =
        (snapshot.items.names.name(peg.item), snapshot.locations.names.name(peg.location));
    format!("{item} at {at}")
}

fn of_peg(takes: &mut Takes, today: Day, peg: &PegNode) -> Found {
    let snapshot = Arc::clone(&takes.world().snapshot);
    let place = place(&snapshot, peg);
    let own = |spare, cause| Found { spare, limiting: here(peg), cause };
    match &peg.source {
        PegOrigin::Stock { documents, .. } => of_stock(takes, peg, documents),
        PegOrigin::Buy { supplier, order_by, .. } => {
            let name = supplier.map_or("nobody", |of| snapshot.suppliers.names.name(of));
            let limiting = Limiting { supplier: *supplier, ..here(peg) };
            let cause = format!("{place} is bought from {name}");
            Found { spare: order_by.since(today), limiting, cause }
        }
        PegOrigin::Make { work, start, started, hours } => {
            let begins = own(start.since(today), format!("{place} takes its time to be made"));
            let below = tightest(takes, today, &peg.below);
            let tight = below.into_iter().chain([begins]).min_by_key(|found| found.spare);
            let tight = tight.expect("there is one at least");
            let pushed = pushed(&snapshot, (*work, *started, peg.day), hours);
            let full = || full(takes.world(), hours).filter(|_| 0 < tight.spare);
            match pushed.or_else(full) {
                Some(resource) => of_resource(&snapshot, (resource, tight.spare), &place),
                None => tight,
            }
        }
        PegOrigin::Transfer { from, ship } => {
            let name = snapshot.locations.names.name(*from);
            let limiting = Limiting { location: Some(*from), ..here(peg) };
            let cause = format!("{place} is moved from {name}");
            let leaves = Found { spare: ship.since(today), limiting, cause };
            let below = tightest(takes, today, &peg.below);
            let tight = below.into_iter().chain([leaves]).min_by_key(|found| found.spare);
            tight.expect("there is one at least")
        }
        PegOrigin::Infinite | PegOrigin::LeadTime => {
            own(0, format!("{place} comes after its lead time"))
        }
    }
}

fn of_resource(snapshot: &Snapshot, (resource, spare): (ResourceIx, i32), place: &str) -> Found {
    let location = Some(snapshot.resources.rows[resource].location);
    let limiting = Limiting { resource: Some(resource), location, ..Limiting::default() };
    let name = snapshot.resources.names.name(resource);
    Found { spare, limiting, cause: format!("{place} waits for hours of {name}") }
}

/// The resource that makes a work order begin before the day on which it would with all hours of its resources free.
fn pushed(
    snapshot: &Snapshot,
    (work, started, end): (Option<WorkIx>, Quantity, Day),
    hours: &[(ResourceIx, Day, Quantity)],
) -> Option<ResourceIx> {
    let (resource, first, _) = *hours.iter().min_by_key(|(_, day, _)| *day)?;
    let latest = latest_start(snapshot, (work?, started), end)?;
    (first < latest).then_some(resource)
}

/// The resource that keeps a work order, which might begin earlier, from being a day earlier: on the day before its first
/// hours are taken there is no room for those of its last day.
fn full(world: &World, hours: &[(ResourceIx, Day, Quantity)]) -> Option<ResourceIx> {
    let is_full = |resource: &ResourceIx| {
        let own = || hours.iter().filter(|(of, ..)| of == resource);
        let days = || own().map(|(_, day, _)| *day);
        let (Some(first), Some(last)) = (days().min(), days().max()) else { return false };
        let needed: Quantity =
            own().filter(|(_, day, _)| *day == last).map(|(.., hours)| *hours).sum();
        let capacity = world.snapshot.resources.rows[*resource].capacity;
        let profile = world.profile(world.snapshot.capacity(capacity));
        let ProfileRef::Capacity(left) = profile else { return false };
        Day::ZERO < first && left.available(first.plus(-1)) < needed
    };
    hours.iter().map(|(resource, ..)| resource).find(|resource| is_full(resource)).copied()
}

fn of_stock(takes: &mut Takes, peg: &PegNode, documents: &[(SupplyDocument, Quantity)]) -> Found {
    let snapshot = Arc::clone(&takes.world().snapshot);
    let account = snapshot.stock(peg.item, peg.location).ix();
    let place = place(&snapshot, peg);
    let matching = takes.matching(account);
    let comes =
        |(document, _): &(SupplyDocument, Quantity)| Some((*document, matching.day(*document)?));
    let last = documents.iter().filter_map(comes).max_by_key(|(document, day)| {
        // What is on hand has been there longer than what comes on the first day.
        (*day, *document != SupplyDocument::OnHand)
    });
    match last {
        Some((SupplyDocument::Supply(supply), day)) => {
            let mut rows = snapshot.supplies.of(account).iter();
            let row = rows.find(|row| row.supply == Some(supply));
            let supplier = row.and_then(|row| row.supplier);
            let limiting = Limiting { supply: Some(supply), supplier, ..here(peg) };
            let (name, date) = (snapshot.supplies.names.name(supply), snapshot.epoch().date(day));
            let cause = format!("{place} waits for {name} on {date}");
            Found { spare: peg.day.since(day), limiting, cause }
        }
        Some((SupplyDocument::Lot { number, planned }, day)) => {
            let (limiting, why) = of_lot(takes, (number, planned), peg);
            let (id, date) = (reservation::id(number), snapshot.epoch().date(day));
            let cause = format!("{place} waits for what {id} has planned for {date}: {why}");
            Found { spare: peg.day.since(day), limiting, cause }
        }
        Some((SupplyDocument::OnHand, _)) => {
            let cause = format!("{place} is there by now");
            Found { spare: EVER, limiting: Limiting::default(), cause }
        }
        None => {
            let cause = format!("{place} is not there");
            Found { spare: -1, limiting: here(peg), cause }
        }
    }
}

/// What limits what another promise has planned: the last thing said on the way down.
fn of_lot(takes: &mut Takes, (number, planned): (u64, u32), peg: &PegNode) -> (Limiting, Arc<str>) {
    if let Some(known) = takes.limits.get(&(number, planned)) {
        return known.clone();
    }
    // Should it lead back to itself, that is all that is known.
    let unknown = (here(peg), Arc::from("it is planned"));
    takes.limits.insert((number, planned), unknown.clone());
    let promise = takes.world().reservation(number).map(Arc::clone);
    let found = promise.and_then(|promise| {
        let lot = pegging::of_lot(takes, &promise, planned)?;
        let today = today(takes.world(), &promise);
        Some(of_peg(takes, today, &lot))
    });
    let found = found.map_or(unknown, |found| {
        let last = found.cause.rsplit(": ").next().unwrap_or_default();
        (found.limiting, Arc::from(last))
    });
    takes.limits.insert((number, planned), found.clone());
    found
}
