//! Live as it was at an earlier position, rebuilt from the journal where that still keeps it.

use super::{
    Engine, Error,
    recovery::{self, Snapshots},
    scenarios::Missing,
    snapshot_source::Rebuilding,
};
use crate::{
    journal::{Reader, checkpoint},
    ledger::{Ledger, World},
    snapshot::Snapshot,
};
use std::sync::Arc;

impl Engine {
    /// What reads its journal, as long as it runs.
    pub(super) fn journal(&self) -> Option<Arc<dyn Reader>> {
        self.earlier.reader.upgrade()
    }

    /// Live as it was after the entry at a position. It reads the journal: as slow as a restart.
    ///
    /// # Errors
    /// The position is not reached yet, or its entries or its snapshot are not kept any more.
    pub fn world_at(&self, position: u64) -> Result<World, Error> {
        let live = self.pin();
        if position == live.position {
            return Ok(World::clone(&live));
        }
        let reader = self.earlier.reader.upgrade().ok_or(Error::Stopped)?;
        let checkpoints = reader.checkpoints()?;
        let from = checkpoints.iter().copied().find(|checkpoint| *checkpoint <= position);
        let first = checkpoints.last().copied().unwrap_or(live.position);
        let Some(from) = from.filter(|_| position < live.position) else {
            return Err(Missing::NotKept { first, last: live.position }.into());
        };
        let given = self.given(&checkpoint::head(&*reader, from)?.snapshot_id)?;
        let snapshots = Snapshots { given: &given, kept: &self.earlier.kept };
        let (_, world) = recovery::read(&*reader, from, &snapshots)?;
        let mut ledger = Ledger::aside(world);
        let is_wanted = |at: u64| at <= position;
        recovery::go_on(&*reader, &mut ledger, &snapshots, &mut |entry| is_wanted(entry.position))?;
        Ok(ledger.into_world().of_ledger(live.ledger()))
    }

    /// The snapshot of an id as it was loaded.
    fn given(&self, id: &str) -> Result<Arc<Snapshot>, Error> {
        let Rebuilding { given, kept, .. } = &*self.earlier;
        let given = given.upgrade().filter(|given| given.id() == id);
        let found = given.or_else(|| kept(id).map(Arc::new));
        found.ok_or_else(|| Missing::NoSnapshot(id.to_string()).into())
    }
}
