//! What a source says has shipped, where the order line has promises (semantics 12.1, *What has shipped was made*).
//!
//! A `demand_shipped` of a line with live promises ships those: what left stock is theirs to post until the
//! next count. Of its row only what it still wants is left; what was shipped beyond the promises left from what is
//! on hand, as without promises.

use super::known::demand_of;
use crate::{
    change::{Change, ChangeColumn, ChangeKind},
    ledger::{
        entry::Also,
        reservation::{Reservation, State, Step},
        standing::Fate,
        world::World,
    },
    model::{Quantity, StockAccount},
    snapshot::{ItemIx, Snapshot},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Promises of a line, and how much of them ships.
pub(super) struct Leaving {
    promises: Vec<Arc<Reservation>>,
    quantity: Quantity,
}

/// The changes that a list makes of planning data, and the promises that it ships.
pub(super) fn shipments(world: &World, changes: Arc<[Change]>) -> (Arc<[Change]>, Vec<Leaving>) {
    let is_shipped = |change: &Change| change.kind() == ChangeKind::DemandShipped;
    if !changes.iter().any(is_shipped) {
        return (changes, Vec::new());
    }
    let (mut made, mut leaving) = (Vec::new(), Vec::new());
    for change in changes.iter() {
        match is_shipped(change).then(|| shipment(world, change)).flatten() {
            None => made.push(change.clone()),
            Some((instead, ships)) => {
                made.extend(instead);
                leaving.extend(ships);
            }
        }
    }
    (made.into(), leaving)
}

/// What stands for a shipment of a line with promises; none where it has none, or more is said to have shipped
/// than the source wanted.
fn shipment(world: &World, change: &Change) -> Option<(Vec<Change>, Option<Leaving>)> {
    let key = change.order_line()?;
    let live: Vec<_> = world.of_line(key).filter(|one| one.is_live()).map(Arc::clone).collect();
    let has_left = |one: &&Arc<Reservation>| {
        let fate = one.standing.as_deref().map(|standing| standing.fate);
        one.shipped.is_some() && fate == Some(Fate::Superseding)
    };
    let was_told = world.of_line(key).any(|one| has_left(&one));
    if live.is_empty() && !was_told {
        return None;
    }
    let promised: Quantity = live.iter().map(|one| one.quantity).sum();
    let snapshot = &world.snapshot;
    let item = live.first().map(|one| one.facts.item);
    let item = item.or_else(|| item_of_row(snapshot, key));
    let asked = change.quantity(ChangeColumn::Quantity);
    let asked = asked.map(|own| item.map_or(own, |item| snapshot.items.keep(item, own)));
    let row = demand_of(&world.snapshot, key, &mut BTreeMap::new()).map(|theirs| theirs.row);
    let ships = asked.map_or(promised, |asked| asked.min(promised));
    let shown = |kept| item.map_or(kept, |item| snapshot.items.shown(item, kept));
    let mut instead = Vec::new();
    if let Some(row) = row {
        let shipped = asked.unwrap_or(row.quantity);
        let left = row.quantity - shipped;
        if left < Quantity::ZERO {
            return None;
        }
        instead.push(match left.is_positive() {
            true => {
                made("demand_changed", &[("demand", key), ("quantity", &shown(left).to_string())])
            }
            false => made("demand_cancelled", &[("demand", key)]),
        });
        let beyond = shipped - ships;
        if beyond.is_positive() && !live.is_empty() {
            instead.push(left_stock(world, row.account, beyond));
        }
    } else if asked.is_some_and(|asked| promised < asked) {
        return None;
    }
    let leaving = ships.is_positive().then_some(Leaving { promises: live, quantity: ships });
    Some((instead, leaving))
}

/// The item of a source's own demand.
fn item_of_row(snapshot: &Snapshot, key: &str) -> Option<ItemIx> {
    let demand = snapshot.demands.names.get(key)?;
    snapshot.item_of(snapshot.demands.account(demand)?)
}

fn left_stock(world: &World, account: StockAccount, quantity: Quantity) -> Change {
    let snapshot = &world.snapshot;
    let (item, location) = snapshot.pair(account);
    let quantity = (-snapshot.items.shown(item, quantity)).to_string();
    let (item, location) =
        (snapshot.items.names.name(item), snapshot.locations.names.name(location));
    let cells = [("item", item), ("location", location), ("quantity", &*quantity)];
    made("on_hand_adjusted", &cells)
}

fn made(kind: &str, cells: &[(&str, &str)]) -> Change {
    let cell = |column: &str| cells.iter().find(|(name, _)| *name == column).map(|(_, text)| *text);
    Change::read(0, kind, cell).expect("its cells are those of its kind")
}

/// The promises that left, by number, with the step that each took; others that changed took none.
pub(super) type Left = BTreeMap<u64, Option<Step>>;

/// Ships promises in a world, the first ones first.
pub(super) fn ship(next: &mut World, leaving: &[Leaving], at: i64) -> (Left, Vec<Also>) {
    let (mut left, mut confirmed) = (Left::new(), Vec::new());
    for Leaving { promises, quantity } in leaving {
        let mut rest = *quantity;
        for promise in promises {
            let part = rest.min(promise.quantity);
            if !part.is_positive() {
                continue;
            }
            rest -= part;
            let now = next.reservation(promise.number).expect("it is live");
            let before = Reservation { state: State::Confirmed, ..(**now).clone() };
            if before.state != now.state {
                let after = Arc::new(before.clone());
                confirmed.push(Also { step: Some(Step::Confirm), after });
            }
            let number = next.next_number();
            let shipped = next.shipped(&before, (part, number), at);
            for gone in [Some(shipped.gone), shipped.rest].into_iter().flatten() {
                left.insert(gone.number, Some(Step::Fulfil));
                next.put(gone);
            }
            for other in shipped.others {
                left.entry(other.number).or_insert(None);
                next.put(other);
            }
        }
    }
    (left, confirmed)
}

/// The entries' word for promises that left, as they are in the end.
pub(super) fn told(next: &World, left: &Left, mut also: Vec<Also>) -> Vec<Also> {
    let steps = left.iter().map(|(number, step)| Also {
        step: *step,
        after: Arc::clone(next.reservation(*number).expect("it was put")),
    });
    also.extend(steps);
    also
}

/// Takes out of promises what counts of stock in a list have; gives the numbers of those that this changed.
pub(super) fn count(next: &mut World, changes: &[Change], known_at: i64) -> BTreeSet<u64> {
    let counts = changes.iter().filter(|change| change.kind() == ChangeKind::OnHandSet);
    let snapshot = Arc::clone(&next.snapshot);
    let accounts: BTreeSet<_> = counts
        .filter_map(|change| change.account(&snapshot))
        .filter_map(|account| snapshot.as_stock(account))
        .collect();
    accounts.into_iter().flat_map(|account| next.count(account, known_at)).collect()
}
