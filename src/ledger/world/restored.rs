//! A world given back what it had, piece by piece: what a checkpoint says is true again without being judged.

use super::{
    super::{history::Past, note::Acknowledgement, reservation::Reservation, rules::RULES_FIRST},
    World,
};
use crate::snapshot::Snapshot;
use std::sync::Arc;

impl World {
    /// A world at a position without reservations yet: each that it had is to be given back to it by
    /// [`World::restore`]. Unless it is told otherwise, the first rules hold in it.
    pub fn restored(snapshot: Arc<Snapshot>, position: u64, next_number: u64) -> Self {
        Self { position, next_number, rules: RULES_FIRST, ..Self::new(snapshot) }
    }

    /// Gives back a reservation as it was, its postings included.
    pub fn restore(&mut self, reservation: Arc<Reservation>) {
        self.put(reservation);
    }

    /// Gives back how many snapshots have served.
    pub fn restore_generation(&mut self, generation: u64) {
        self.generation = generation;
    }

    /// Gives back which rules hold.
    pub fn restore_rules(&mut self, rules: u32) {
        self.rules = rules;
    }

    /// Gives back who has seen an exception, and when.
    pub fn restore_seen(&mut self, seen: Acknowledgement, at: i64) {
        Arc::make_mut(&mut self.seen).insert(Arc::clone(&seen.exception), (seen, at));
    }

    /// Gives back how far what the server does by itself has come; notes that it has.
    pub fn reach(&mut self, of: &Arc<str>, at: &Arc<str>) {
        Arc::make_mut(&mut self.cursors).insert(Arc::clone(of), Arc::clone(at));
    }

    /// Gives back a snapshot that served before this one; notes that it did.
    pub fn restore_served(&mut self, id: Arc<str>) {
        Arc::make_mut(&mut self.served).insert(id);
    }

    /// Gives back what a promise has been through.
    pub fn restore_history(&mut self, number: u64, steps: Arc<[Past]>) {
        self.histories.put(number, steps);
    }
}
