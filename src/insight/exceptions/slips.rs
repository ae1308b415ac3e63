//! Scheduled supplies that are not what the snapshot said when it was loaded: moved, cut, cancelled.

use crate::{
    ledger::World,
    model::{Quantity, StockAccount},
    snapshot::{Snapshot, SupplierIx, SupplyIx, stock::Supply},
};
use std::collections::BTreeMap;

/// What became of a supply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slip {
    /// Where it was to come.
    pub account: StockAccount,
    /// From whom.
    pub supplier: Option<SupplierIx>,
    /// Calendar days later.
    pub days: i32,
    /// How much less comes; all of it where it was cancelled.
    pub less: Quantity,
    /// Whether it does not come at all.
    pub is_cancelled: bool,
    /// When the source said so, in microseconds since 1970 UTC.
    pub known_at: i64,
}

impl Slip {
    /// "14 days later", "cancelled", "6 less".
    pub fn words(&self, snapshot: &Snapshot) -> String {
        match (self.is_cancelled, self.days, self.less) {
            (true, ..) => "cancelled".to_string(),
            (_, 1, _) => "1 day later".to_string(),
            (_, days, _) if 0 < days => format!("{days} days later"),
            (.., less) => format!("{} less", snapshot.shown_of(self.account, less)),
        }
    }
}

/// The supplies that changes made later, smaller or nothing, by index.
pub fn slips(world: &World) -> BTreeMap<SupplyIx, Slip> {
    let mut all = BTreeMap::new();
    for batch in world.change_batches() {
        for name in batch.changes.iter().filter_map(|change| change.supply()) {
            let Some(supply) = world.snapshot.supplies.names.get(name) else { continue };
            if let Some(slip) = slip(world, supply, batch.origin.known_at) {
                all.insert(supply, slip);
            } else {
                all.remove(&supply);
            }
        }
    }
    all
}

fn slip(world: &World, supply: SupplyIx, known_at: i64) -> Option<Slip> {
    let loaded = world.loaded();
    let account = loaded.supplies.account(supply)?;
    let row_of =
        |supplies: &crate::snapshot::stock::Supplies, account: StockAccount| -> Option<Supply> {
            supplies.of(account).iter().find(|row| row.supply == Some(supply))
        };
    let before = row_of(&loaded.supplies, account)?;
    let after = world
        .snapshot
        .supplies
        .account(supply)
        .and_then(|account| row_of(&world.snapshot.supplies, account));
    let supplier = before.supplier;
    let slip =
        Slip { account, supplier, days: 0, less: Quantity::ZERO, is_cancelled: false, known_at };
    let slip = match after {
        // What was received is on hand.
        None if was_received(world, supply) => return None,
        None => Slip { less: before.quantity, is_cancelled: true, ..slip },
        Some(after) => Slip {
            days: after.due.since(before.due),
            less: match was_received(world, supply) {
                true => Quantity::ZERO,
                false => (before.quantity - after.quantity).max(Quantity::ZERO),
            },
            ..slip
        },
    };
    (0 < slip.days || slip.less.is_positive()).then_some(slip)
}

fn was_received(world: &World, supply: SupplyIx) -> bool {
    let name = world.snapshot.supplies.names.name(supply);
    let received = |change: &crate::change::Change| {
        change.kind() == crate::change::ChangeKind::SupplyReceived
            && change.supply() == Some(&*name)
    };
    world.change_batches().iter().any(|batch| batch.changes.iter().any(received))
}
