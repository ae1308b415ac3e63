//! What an applied scenario or run changed goes back to how it was.

use super::{
    Engine, Error, RearrangeCommand, apply::ApplyAs, command::PlannedOn, scenarios::Missing,
};
use crate::{
    journal,
    ledger::{Entry, Exchange, Fact, Reservation, State, Undone, Unfit, World},
};
use std::{collections::BTreeMap, sync::Arc};

impl Engine {
    /// Takes back what the entry at a position changed; the position of the entry that does, or what does not
    /// fit any more. It reads the journal, as slow as a restart, and waits until it is durable: not to be
    /// called on a runtime's thread.
    ///
    /// # Errors
    /// The entry is none by which a scenario or a run was applied, or the journal does not keep it any more.
    pub fn revert(&self, position: u64, asked: &ApplyAs<'_>) -> Result<Result<u64, Unfit>, Error> {
        if let Some(entry) = self.find(asked.request_id, asked.digest).wait()?
            && matches!(entry.fact, Fact::Reverted { .. })
        {
            return Ok(Ok(entry.position));
        }
        let serves = PlannedOn::of(&self.pin());
        let before =
            self.world_at(position.checked_sub(1).ok_or(Missing::NotApplied(position))?)?;
        let planned = PlannedOn::of(&before);
        let entry = self.applied(position, &before)?;
        if planned != serves {
            let (planned, serves) = (planned.snapshot_id, serves.snapshot_id);
            return Ok(Err(Unfit::Refreshed { planned, serves }));
        }
        let Fact::Rearranged { changes, .. } = &entry.fact else {
            return Err(Missing::NotApplied(position).into());
        };
        // Each promise once, as the entry left it, those included whose planned supply it withdrew.
        let made: BTreeMap<u64, &Arc<Reservation>> =
            entry.steps().map(|(_, after)| (after.number, after)).collect();
        let back = |made: &Arc<Reservation>| Exchange {
            after: was(&before, made),
            before: Some(Arc::clone(made)),
        };
        let command = RearrangeCommand {
            request_id: asked.request_id.to_string(),
            changes: Vec::new(),
            exchanges: made.into_values().map(back).collect(),
            planned_on: Some(serves),
            asked: Some(asked.digest),
            told: asked.told.clone(),
            undoes: Some(Undone { of: position, changes: Arc::clone(changes) }),
            deadline: None,
        };
        match self.rearrange(command).wait() {
            Ok(position) => Ok(Ok(position)),
            Err(Error::Unfit(unfit)) => Ok(Err(unfit)),
            Err(error) => Err(error),
        }
    }

    /// The entry at a position, by which something was applied.
    fn applied(&self, position: u64, before: &World) -> Result<Arc<Entry>, Error> {
        let reader = self.earlier.reader.upgrade().ok_or(Error::Stopped)?;
        let mut found = None;
        reader.read_from(position, &mut |record| {
            if record.head()?.kind == "rearranged" {
                found = Some(record.entry(&before.snapshot)?);
            }
            Err(journal::Error::Enough)
        })?;
        found.ok_or_else(|| Missing::NotApplied(position).into())
    }
}

/// A promise as it was; one that was made ends.
fn was(before: &World, made: &Arc<Reservation>) -> Arc<Reservation> {
    match before.reservation(made.number) {
        Some(was) => Arc::clone(was),
        None => {
            Arc::new(Reservation { state: State::Cancelled, shipped: None, ..made.left_behind() })
        }
    }
}
