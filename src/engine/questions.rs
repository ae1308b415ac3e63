//! What an engine keeps for those who ask it, and who listens to it.

use super::{Engine, reading::Reading};
use crate::{
    insight::{
        exceptions::{Exception, ExceptionSettings},
        find::Book,
        takes::Takes,
    },
    ledger::World,
};
use std::sync::Arc;

impl Engine {
    /// Asks who takes from what in a world. Others who ask wait meanwhile, and the first answer after many changes takes
    /// as long as these: not for threads that serve connections.
    pub fn ask_takes<T>(&self, world: &World, ask: impl FnOnce(&mut Takes) -> T) -> T {
        self.lookups.ask_takes(world, ask)
    }

    /// When exceptions are told.
    pub fn exception_settings(&self) -> ExceptionSettings {
        self.lookups.settings()
    }

    /// The names of a world's snapshot.
    pub fn book(&self, world: &World) -> Arc<Book> {
        self.lookups.book(world)
    }

    /// What needs a planner in a world at an instant, in microseconds since 1970 UTC. Not for threads that serve
    /// connections.
    pub fn exceptions(&self, world: &World, now: i64) -> Arc<Vec<Exception>> {
        self.lookups.exceptions(world, now)
    }

    /// Lets go of what was kept of data that serve no more.
    pub(super) fn forget_lookups(&self) {
        self.lookups.forget();
    }

    /// Notes a reader of events that has been told of all up to a position.
    pub fn reads(&self, position: u64) -> Reading {
        self.readers.begin(position)
    }

    /// How many positions the slowest reader of events is behind what is published; 0 where nobody reads.
    pub fn readers_behind(&self) -> u64 {
        self.readers.slowest().map_or(0, |told| self.pin().position.saturating_sub(told))
    }
}
