//! The one swappable [`World`]. Pinning it is the only way to read.

use crate::ledger::World;
use arc_swap::ArcSwap;
use parking_lot::Mutex;
use std::sync::Arc;
use tokio::sync::watch;

/// What everybody reads and the writer alone replaces.
#[derive(Debug)]
pub(super) struct Current {
    world: ArcSwap<World>,
    /// The position of the published world, for those who follow it.
    position: watch::Sender<u64>,
    /// The last one that others compare with theirs, until somebody takes it.
    marked: Mutex<Option<Arc<World>>>,
}

impl Current {
    pub(super) fn new(world: World) -> Self {
        let position = watch::Sender::new(world.position);
        Self { world: ArcSwap::from_pointee(world), position, marked: Mutex::default() }
    }

    /// The world of this instant. It never changes under its holder.
    pub(super) fn pin(&self) -> Arc<World> {
        self.world.load_full()
    }

    pub(super) fn publish(&self, world: Arc<World>) {
        let position = world.position;
        self.world.store(world);
        if 0 < self.position.receiver_count() {
            self.position.send_replace(position);
        }
    }

    pub(super) fn mark(&self, world: Arc<World>) {
        *self.marked.lock() = Some(world);
    }

    pub(super) fn take_marked(&self) -> Option<Arc<World>> {
        self.marked.lock().take()
    }

    /// The position of the published world, and each later one.
    pub(super) fn positions(&self) -> watch::Receiver<u64> {
        let mut receiver = self.position.subscribe();
        // What was published while nobody listened is news.
        self.position.send_replace(self.pin().position);
        receiver.mark_changed();
        receiver
    }
}
