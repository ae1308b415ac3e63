//! The source's own supply in the place of what was planned for promises (semantics 12.1).
//!
//! Only what is new takes anything's place: what an account has gained of a kind, for planning runs number their
//! orders anew every night. Supply that is made or bought for an order line takes the place of that line's
//! planned supply; any other that of the oldest of its item, location and kind. Quantity for quantity: the rest
//! of a planned lot stays planned, in proportion.

use super::{known::Known, translate::Translation};
use crate::{
    change::{Change, ChangeKind},
    ledger::{
        planned::{PlannedKind, given},
        reservation::Reservation,
        standing::Standing,
        world::World,
    },
    model::{AccountIx, Quantity},
    snapshot::{Snapshot, kinds::SupplyKind},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// A planned supply whose place the source's own has taken, or a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenOver {
    /// The promise that planned it.
    pub promise: u64,
    /// Of what.
    pub account: AccountIx,
    /// How much of it.
    pub quantity: Quantity,
    /// The source's supplies that are new there.
    pub supplies: Arc<[Box<str>]>,
}

/// What an account has gained, by kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Gain {
    /// Of supplies that are nobody's, by kind.
    free: BTreeMap<PlannedKind, Quantity>,
    /// Of those for an order line.
    pegged: BTreeMap<(Box<str>, PlannedKind), Quantity>,
    /// The ids of what is new.
    supplies: Vec<Box<str>>,
}

impl Gain {
    /// Whether it can take the place of anything.
    pub(super) fn is_any(&self) -> bool {
        self.left().is_positive()
    }

    /// How much of it can, in all.
    fn left(&self) -> Quantity {
        let all = self.free.values().chain(self.pegged.values());
        all.map(|sum| (*sum).max(Quantity::ZERO)).sum()
    }
}

/// The kinds of planned supply whose place a supply may take.
fn kinds(kind: SupplyKind) -> &'static [PlannedKind] {
    match kind {
        SupplyKind::WorkOrder => &[PlannedKind::Made],
        SupplyKind::PlannedOrder => &[PlannedKind::Made, PlannedKind::Bought],
        SupplyKind::PurchaseOrder | SupplyKind::Requisition | SupplyKind::InReceiving => {
            &[PlannedKind::Bought]
        }
        SupplyKind::TransferOrder | SupplyKind::InTransit => &[PlannedKind::Moved],
        SupplyKind::OnHand | SupplyKind::Return => &[],
    }
}

/// One supply of an account, by its id.
struct Row {
    kind: SupplyKind,
    quantity: Quantity,
    line: Option<Box<str>>,
}

fn rows(snapshot: &Snapshot, account: AccountIx) -> BTreeMap<Box<str>, Row> {
    let rows = snapshot.supplies.of(account).iter();
    let named = rows.filter_map(|row| {
        let supply = row.supply?;
        let line = snapshot.supplies.pegged_to(supply).map(Into::into);
        let row = Row { kind: row.kind, quantity: row.quantity, line };
        Some((snapshot.supplies.names.name(supply).into_boxed_str(), row))
    });
    named.collect()
}

/// What an account of a snapshot has gained over the snapshot before.
pub(super) fn gain(translation: &Translation<'_>, account: AccountIx) -> Gain {
    let Translation { from, to } = *translation;
    let back = Translation { from: to, to: from };
    let before = back.account(account).map(|account| rows(from, account)).unwrap_or_default();
    let now = rows(to, account);
    let mut gain = Gain::default();
    let is_new = |id: &str| {
        let known = from.supplies.names.get(id);
        known.and_then(|known| from.supplies.account(known)).is_none()
    };
    for (id, row) in &now {
        if !is_new(id) {
            continue;
        }
        gain.supplies.push(id.clone());
        for kind in kinds(row.kind) {
            let sum = match &row.line {
                Some(line) => gain.pegged.entry((line.clone(), *kind)).or_default(),
                None if to.takes_over => gain.free.entry(*kind).or_default(),
                None => continue,
            };
            *sum += row.quantity;
        }
    }
    for (id, row) in before.iter().filter(|(_, row)| row.line.is_none()) {
        let left = now.get(id).map_or(Quantity::ZERO, |now| now.quantity);
        let lost = (row.quantity - left).max(Quantity::ZERO);
        for kind in kinds(row.kind) {
            *gain.free.entry(*kind).or_default() -= lost;
        }
    }
    gain
}

/// What accounts gain by supplies that a list of changes adds.
pub(super) fn added(snapshot: &Snapshot, changes: &[Change]) -> BTreeMap<AccountIx, Gain> {
    let mut gains: BTreeMap<AccountIx, Gain> = BTreeMap::new();
    let of_kind = changes.iter().filter(|change| change.kind() == ChangeKind::SupplyAdded);
    for change in of_kind {
        let Some(account) = change.account(snapshot) else { continue };
        let known = rows(snapshot, account);
        let id = change.supply().unwrap_or_default();
        let Some(row) = known.get(id) else { continue };
        let gain = gains.entry(account).or_default();
        gain.supplies.push(id.into());
        for kind in kinds(row.kind) {
            let sum = match &row.line {
                Some(line) => gain.pegged.entry((line.clone(), *kind)).or_default(),
                None if snapshot.takes_over => gain.free.entry(*kind).or_default(),
                None => continue,
            };
            *sum += row.quantity;
        }
    }
    gains
}

/// Lets what an account has gained take the place of what some promises planned there, the oldest first.
pub(super) fn take_over(
    world: &mut World,
    account: AccountIx,
    gain: Gain,
    numbers: &BTreeSet<u64>,
) -> Vec<TakenOver> {
    let mut in_all = gain.left();
    let Gain { mut free, mut pegged, supplies } = gain;
    let supplies: Arc<[Box<str>]> = supplies.into();
    let mut taken = Vec::new();
    for number in numbers {
        if !in_all.is_positive() {
            break;
        }
        let Some(before) = world.reservation(*number).cloned() else { continue };
        let key = Known::key(&before.facts);
        let mut plan = before.plan.to_vec();
        let mut quantity = Quantity::ZERO;
        let mark = world.snapshot.watermarks.of(before.facts.source.as_deref());
        for planned in plan.iter_mut().filter(|planned| planned.shipped.is_none()) {
            let is_here = given(&before.postings, planned.number);
            let Some(gives) = is_here.filter(|gives| gives.account == account) else { continue };
            let mut left = gives.quantity;
            let of_line = pegged.get_mut(&(key.as_str().into(), planned.kind));
            for there in of_line.into_iter().chain(free.get_mut(&planned.kind)) {
                let part = left.min((*there).max(Quantity::ZERO));
                *there -= part;
                in_all -= part;
                left -= part;
            }
            let part = gives.quantity - left;
            if part.is_positive() {
                planned.taken_since =
                    if planned.taken.is_positive() { planned.taken_since } else { mark };
                planned.taken += part;
                quantity += part;
            }
        }
        if quantity.is_positive() {
            let after = planned_anew(&before, plan, &world.snapshot);
            world.put(Arc::new(after));
            let supplies = Arc::clone(&supplies);
            taken.push(TakenOver { promise: *number, account, quantity, supplies });
        }
    }
    taken
}

/// A reservation with another plan of the same supplies.
fn planned_anew(
    before: &Reservation,
    plan: Vec<crate::ledger::Planned>,
    snapshot: &Snapshot,
) -> Reservation {
    let standing = before.standing.as_deref().cloned();
    let standing = standing.unwrap_or_else(|| Standing::carried(Arc::clone(before.own())));
    standing.give(Reservation { plan: plan.into(), ..before.clone() }, snapshot)
}
