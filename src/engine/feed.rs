//! Following the entries: each with the world before it and after it, from any position that is kept.
//!
//! Whoever listens has a ledger of his own beside the live one and applies to it what the journal has, up to what is
//! published. Nobody who listens is in the way of the writer, and nothing is done where nobody listens.

pub use super::recovery::VisitWorlds;

use super::{
    Engine, Error,
    recovery::{self, Snapshots},
    scenarios::Missing,
};
use crate::{
    journal::Reader,
    ledger::{Ledger, World},
};
use std::sync::Arc;
use tokio::sync::watch;

/// A ledger that follows the live one.
pub struct Follower {
    engine: Engine,
    ledger: Ledger,
}

impl std::fmt::Debug for Follower {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Follower").field("position", &self.position()).finish_non_exhaustive()
    }
}

impl Engine {
    /// The position of the published world, and each later one.
    pub fn positions(&self) -> watch::Receiver<u64> {
        self.current.positions()
    }

    /// Follows the entries from a position on, 0 being the oldest that is kept; from now on where none is given. It
    /// reads the journal: as slow as a restart.
    ///
    /// # Errors
    /// The position is not kept any more, or lies ahead.
    pub fn follow(&self, from: Option<u64>) -> Result<Follower, Error> {
        let world = match from {
            None => World::clone(&self.pin()),
            Some(0) => self.world_at(self.oldest()?)?,
            Some(from) => self.world_at(from - 1).map_err(told_from)?,
        };
        Ok(Follower { engine: self.clone(), ledger: Ledger::aside(world) })
    }

    /// The oldest position of which the world is kept.
    fn oldest(&self) -> Result<u64, Error> {
        let reader = self.reader()?;
        let oldest = reader.checkpoints()?.last().copied();
        Ok(oldest.unwrap_or(self.pin().position))
    }

    fn reader(&self) -> Result<Arc<dyn Reader>, Error> {
        self.earlier.reader.upgrade().ok_or(Error::Stopped)
    }
}

/// Events begin after the world before them.
fn told_from(error: Error) -> Error {
    let Error::Scenario { id, missing: Missing::NotKept { first, last } } = error else {
        return error;
    };
    Error::Scenario { id, missing: Missing::NotKept { first: first + 1, last: last + 1 } }
}

impl Follower {
    /// One whose ledger stands somewhere.
    pub(super) fn at(engine: &Engine, ledger: Ledger) -> Self {
        Self { engine: engine.clone(), ledger }
    }

    /// Whom it follows.
    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The position that it has come to.
    pub fn position(&self) -> u64 {
        self.ledger.world().position
    }

    /// The world there.
    pub fn world(&self) -> &World {
        self.ledger.world()
    }

    /// Goes on to a published position, or to where whoever visits has had enough.
    ///
    /// # Errors
    /// The journal cannot be read, or has gone on without us.
    pub fn go_on(&mut self, until: u64, visit: VisitWorlds<'_>) -> Result<(), Error> {
        if until <= self.position() {
            return Ok(());
        }
        let reader = self.engine.reader()?;
        let given = Arc::clone(self.engine.pin().loaded());
        let kept = Arc::clone(&self.engine.earlier.kept);
        let snapshots = Snapshots { given: &given, kept: &kept };
        recovery::step_on(&*reader, &mut self.ledger, &snapshots, (until, visit))
    }
}
