//! The one swappable [`World`]. Pinning it is the only way to read.

use crate::ledger::World;
use arc_swap::ArcSwap;
use std::sync::Arc;

/// What everybody reads and the writer alone replaces.
#[derive(Debug)]
pub(super) struct Current(ArcSwap<World>);

impl Current {
    pub(super) fn new(world: World) -> Self {
        Self(ArcSwap::from_pointee(world))
    }

    /// The world of this instant. It never changes under its holder.
    pub(super) fn pin(&self) -> Arc<World> {
        self.0.load_full()
    }

    pub(super) fn publish(&self, world: Arc<World>) {
        self.0.store(world);
    }
}
