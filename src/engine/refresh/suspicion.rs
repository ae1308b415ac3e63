//! Jumps between two snapshots that look like broken data rather than business (semantics 9).
//!
//! A snapshot without a fault may still be the wrong one: a table was not written, half of the stock is
//! gone. Such a one is held in quarantine until somebody says that it is meant.

use crate::{
    ledger::{World, refresh::missing},
    snapshot::{Snapshot, kinds::SupplyKind},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// From where on a jump is suspicious.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JumpLimits {
    /// The total on hand may go down by so many percent.
    pub on_hand_down_percent: u32,
    /// The total of scheduled supply may go down by so many percent.
    pub supply_down_percent: u32,
    /// Tables that had rows and have none are suspicious.
    pub tables_vanished: bool,
    /// Items, locations and resources that promises name and the snapshot does not have are suspicious.
    pub names_vanished: bool,
    /// So many percent of the promises that ship from the new date on may be dropped.
    pub promises_dropped_percent: u32,
}

/// A watermark may be so far ahead of our clock.
const AHEAD_MAX: SignedDuration = SignedDuration::from_mins(5);

/// From so many promises on it is judged how many are dropped.
const PROMISES_JUDGED_MIN: usize = 10;

impl Default for JumpLimits {
    fn default() -> Self {
        Self {
            on_hand_down_percent: 50,
            supply_down_percent: 50,
            tables_vanished: true,
            names_vanished: true,
            promises_dropped_percent: 20,
        }
    }
}

/// Rows of each table.
pub type RowCounts = BTreeMap<String, u64>;

/// What is suspicious about a snapshot that is to follow on a world, each in a sentence.
pub(super) fn suspicions(
    limits: JumpLimits,
    world: &World,
    before: &RowCounts,
    (next, rows): (&Snapshot, &RowCounts),
) -> Vec<String> {
    let mut found = Vec::new();
    if limits.tables_vanished {
        let vanished = before.iter().filter(|(_, rows)| 0 < **rows);
        let vanished = vanished.filter(|(table, _)| rows.get(*table).is_none_or(|rows| *rows == 0));
        found.extend(
            vanished.map(|(table, rows)| format!("table {table} had {rows} rows and has none")),
        );
    }
    let (old, new) = (totals(&world.snapshot), totals(next));
    let pairs = [
        ("the total on hand", limits.on_hand_down_percent, old.on_hand, new.on_hand),
        ("the total of scheduled supply", limits.supply_down_percent, old.scheduled, new.scheduled),
    ];
    for (what, percent, old, new) in pairs {
        let allowed = old * i128::from(100u32.saturating_sub(percent));
        if 0 < old && new * 100 < allowed {
            let down = (old - new) * 100 / old;
            found.push(format!("{what} is down by {down} percent; {percent} are allowed"));
        }
    }
    if limits.names_vanished {
        let missing = missing(world, next);
        let kinds = [
            ("item", missing.items.iter().map(|name| &**name).collect::<Vec<_>>()),
            ("location", missing.locations.iter().map(|name| &**name).collect()),
            ("resource", missing.resources.keys().map(|name| &**name).collect()),
        ];
        for (kind, names) in kinds {
            found.extend(vanished(kind, &names));
        }
    }
    found
}

/// What is dated after now.
pub(super) fn in_the_future(next: &Snapshot, now: Timestamp) -> Vec<String> {
    let mut found = Vec::new();
    let today = now.to_zoned(TimeZone::UTC).date();
    let as_of = next.epoch().as_of();
    if today.tomorrow().is_ok_and(|tomorrow| tomorrow < as_of) {
        found.push(format!("as_of is {as_of}, and today is {today} (UTC)"));
    }
    let latest = now.saturating_add(AHEAD_MAX).unwrap_or(Timestamp::MAX);
    for (source, at) in next.watermarks.iter() {
        let at = Timestamp::from_microsecond(at).unwrap_or(Timestamp::MAX);
        if latest < at {
            found.push(format!("the watermark of {source} is {at}, and it is {now}"));
        }
    }
    found
}

/// Whether it is older than the one that serves.
pub(super) fn older(world: &World, next: &Snapshot) -> Option<String> {
    let (live, as_of) = (world.snapshot.epoch().as_of(), next.epoch().as_of());
    (as_of < live).then(|| format!("as_of is {as_of}, before {live}, that of the one that serves"))
}

/// Whether too many of the promises that ship from its date on would be dropped.
pub(super) fn too_many_dropped(
    limits: JumpLimits,
    (dropped, shipping): (usize, usize),
) -> Option<String> {
    let percent = limits.promises_dropped_percent;
    let is_too_many = PROMISES_JUDGED_MIN <= shipping
        && shipping.saturating_mul(percent as usize) < dropped.saturating_mul(100);
    is_too_many.then(|| {
        format!("{dropped} of {shipping} promises still to ship are dropped; {percent} percent are allowed")
    })
}

fn vanished(kind: &str, names: &[&str]) -> Option<String> {
    const SHOWN: usize = 5;
    let shown: Vec<_> = names.iter().take(SHOWN).copied().collect();
    let more = names.len().saturating_sub(SHOWN);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let count = names.len();
    let plural = if count == 1 { "" } else { "s" };
    let names = shown.join(", ");
    (0 < count).then(|| format!("{count} {kind}{plural} with promises vanished: {names}{more}"))
}

/// In fixed-point units, over all accounts.
struct Totals {
    on_hand: i128,
    scheduled: i128,
}

fn totals(snapshot: &Snapshot) -> Totals {
    let mut totals = Totals { on_hand: 0, scheduled: 0 };
    for (account, _) in snapshot.stocks.iter() {
        for supply in snapshot.supplies.of(account).iter() {
            let total = match supply.kind {
                SupplyKind::OnHand => &mut totals.on_hand,
                SupplyKind::PurchaseOrder
                | SupplyKind::Requisition
                | SupplyKind::InReceiving
                | SupplyKind::InTransit
                | SupplyKind::TransferOrder
                | SupplyKind::WorkOrder
                | SupplyKind::PlannedOrder
                | SupplyKind::Return => &mut totals.scheduled,
            };
            *total += i128::from(supply.quantity.raw());
        }
    }
    totals
}
