//! Room on the disk for what is not durable yet.
//!
//! The journal's thread makes room ahead, for as much as the writer may have done by the time it hears that there is
//! no more. So a full disk refuses commands, which may come back, and costs nothing that was done; an error
//! of the disk in spite of that is no full disk, and ends the engine.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Bytes for which room is made: two groups of [`LINES_A_GROUP`] lines, twice over for how the store lays them, and
/// a quarter that may be used up before there is more.
pub(super) const ROOM_BYTES: u64 = 20 << 20;

/// Lines of commands that one group has, but for the last command of it.
pub(super) const LINES_A_GROUP: usize = 8_192;

/// Whether there is room. Clones know of the same one.
#[derive(Clone, Debug, Default)]
pub(super) struct Room(Arc<AtomicBool>);

impl Room {
    /// Whether nothing may be done that has to become durable.
    pub(super) fn is_full(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Notes whether there is room; says whether that is another state than before.
    pub(super) fn note(&self, has_room: bool) -> bool {
        self.0.swap(!has_room, Ordering::Relaxed) == has_room
    }
}
