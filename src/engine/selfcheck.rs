//! The engine checks itself: every balance recomputed from the snapshot and the promises, and compared with
//! the running ones (L1, L2), and a journal replayed with its digests compared (L6).

use super::{
    SnapshotSource,
    error::Error,
    recovery::{self, Snapshots},
    remembered::Retention,
};
use crate::{
    insight::pegging,
    journal::{self, Journal, checkpoint},
    ledger::{Ledger, World, audit, digest, planned},
    model::{AccountIx, Quantity},
    snapshot::Snapshot,
};
use std::{fmt, sync::Arc};

/// A balance that is not what the promises say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongBalance {
    /// The account, in words.
    pub account: String,
    /// The day.
    pub date: jiff::civil::Date,
    /// What the promises give on that day, net.
    pub promised: Quantity,
    /// What the running balance has, net.
    pub running: Quantity,
}

impl fmt::Display for WrongBalance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { account, date, promised, running } = self;
        write!(f, "{account} on {date}: the promises say {promised}, the running balance {running}")
    }
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelfCheck {
    /// The position of the world that was checked.
    pub position: u64,
    /// How many promises there are, those that are over included.
    pub n_promises: u64,
    /// How many accounts they have changed.
    pub n_accounts: u64,
    /// Accounts below zero where the snapshot has them higher: overrides, or promises at risk.
    pub overcommitted: Vec<String>,
    /// Planned supply that nobody counts on (L7). There must be none.
    pub idle: Vec<String>,
    /// Balances that are wrong. There must be none.
    pub divergences: Vec<WrongBalance>,
    /// What else does not hold: L5, A1, F1, P5. There must be nothing.
    pub broken: Vec<String>,
}

/// Checks a pinned world. Costs as much as the world is large, and disturbs nobody.
pub fn check(world: &World) -> SelfCheck {
    let snapshot = &world.snapshot;
    let name = |account: AccountIx| snapshot.account_name(account);
    let divergence = |found: audit::Divergence| WrongBalance {
        account: name(found.account),
        date: snapshot.epoch().date(found.day),
        promised: found.reserved,
        running: found.viewed,
    };
    SelfCheck {
        position: world.position,
        n_promises: world.n_reservations() as u64,
        n_accounts: world.view.n_changed() as u64,
        overcommitted: audit::overdrawn(world)
            .into_iter()
            .map(|(account, _)| name(account))
            .collect(),
        idle: planned::idle(world).into_iter().map(|idle| idle.in_words(world)).collect(),
        divergences: audit::divergences(world).into_iter().map(divergence).collect(),
        broken: broken(world),
    }
}

/// What does not hold of a world but for its balances, in words: L5, A1, F1 and P5.
fn broken(world: &World) -> Vec<String> {
    let over_pegged = pegging::over_pegged(world).into_iter().map(|over| format!("P5: {over}"));
    audit::broken(world).into_iter().chain(over_pegged).collect()
}

/// Replays a journal over its snapshot: from the older checkpoint to the newer, whose digest it must reach,
/// and to its end, which is checked.
///
/// # Errors
/// The journal cannot be read, is of another snapshot, or its replay has another digest.
pub fn replay(
    journal: &mut dyn Journal,
    snapshot: &Arc<Snapshot>,
    kept: &SnapshotSource,
) -> Result<SelfCheck, Error> {
    let snapshots = Snapshots { given: snapshot, kept };
    let reader = journal.reader();
    if let [newer, older] = reader.checkpoints()?[..] {
        let (_, world) = recovery::read(&*reader, older, &snapshots)?;
        let mut ledger = Ledger::new(world);
        let upto = |position| position <= newer;
        recovery::go_on(&*reader, &mut ledger, &snapshots, &mut |entry| upto(entry.position))?;
        if digest::of(ledger.world()) != checkpoint::head(&*reader, newer)?.digest {
            let fault = journal::Malformed::Digest;
            return Err(journal::Error::Checkpoint { position: newer, fault }.into());
        }
    }
    let retention = Retention { age: i64::MAX, count: 0 };
    let recovered = recovery::recover(journal, &snapshots, retention, &"".into())?;
    Ok(check(recovered.ledger.world()))
}
